"""A plan of places drawn from their coordinates: where they lie to one another, without a map.

North is up and one scale holds in both directions (equirectangular around the middle of the places): over
the width of a country that is off by less than a dot. Sizes are units of the picture, y downwards.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360, 230
# What stays free around the dots, below more than elsewhere: there stands the scale.
MARGIN, FOOT = 30, 44
SMALLEST_DOT, LARGEST_DOT = 4.0, 14.0
# Places closer together than this are not torn apart until they fill the picture.
SMALLEST_METRES = 500.0
METRES_PER_DEGREE = 111_320.0
# A letter at the size of the labels, and the height of their line; a little too much rather than too little.
LETTER, LINE = 6.6, 15.0
LONGEST_LABEL = 28


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with people; WGS 84, decimal degrees."""

    name: str
    people: int
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Dot:
    """Its area tells how many people there are."""

    spot: Spot
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Label:
    """A name that touches no other name and no dot; `anchor` as SVG's `text-anchor`, y its base line."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Dots, the largest first, so that none hides another; the scale is `metres` long, or `length` units."""

    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]
    metres: int
    length: float


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "_Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    @property
    def is_inside(self) -> bool:
        return self.left >= 0 and self.top >= 0 and self.right <= WIDTH and self.bottom <= HEIGHT - LINE


def plan_of(spots: Iterable[Spot]) -> Plan | None:
    """The plan of these places; None without any."""
    ordered = sorted(spots, key=lambda spot: (-spot.people, spot.name))
    if not ordered:
        return None
    metres = _flat(ordered)
    per_metre = _units_per_metre(metres)
    most = ordered[0].people
    dots = tuple(
        Dot(spot, round(x, 1), round(y, 1), _radius(spot.people, most))
        for spot, (x, y) in zip(ordered, _placed(metres, per_metre), strict=True)
    )
    length = _round_length(WIDTH / 4 / per_metre)
    return Plan(dots, tuple(_labels(dots)), length, round(length * per_metre, 1))


def _flat(spots: Sequence[Spot]) -> list[tuple[float, float]]:
    """Metres to the east and to the south of the first place."""
    first = spots[0]
    middle = math.radians(sum(spot.latitude for spot in spots) / len(spots))
    return [
        (
            (spot.longitude - first.longitude) * METRES_PER_DEGREE * math.cos(middle),
            (first.latitude - spot.latitude) * METRES_PER_DEGREE,
        )
        for spot in spots
    ]


def _units_per_metre(metres: Sequence[tuple[float, float]]) -> float:
    across, down = (float(max(values) - min(values)) for values in zip(*metres, strict=True))
    return min(
        (WIDTH - 2 * MARGIN) / max(across, SMALLEST_METRES),
        (HEIGHT - MARGIN - FOOT) / max(down, SMALLEST_METRES),
    )


def _placed(metres: Sequence[tuple[float, float]], per_metre: float) -> list[tuple[float, float]]:
    """In units, in the middle of the picture."""
    middle_x, middle_y = ((max(values) + min(values)) / 2 for values in zip(*metres, strict=True))
    return [
        (
            WIDTH / 2 + (x - middle_x) * per_metre,
            MARGIN + (HEIGHT - MARGIN - FOOT) / 2 + (y - middle_y) * per_metre,
        )
        for x, y in metres
    ]


def _radius(people: int, most: int) -> float:
    return round(max(SMALLEST_DOT, LARGEST_DOT * math.sqrt(people / max(most, 1))), 1)


def _round_length(metres: float) -> int:
    """The greatest of 1, 2, 5, 10, 20, 50, … metres that is not longer than this."""
    power = 10 ** math.floor(math.log10(metres))
    return int(max(step * power for step in (1, 2, 5) if step * power <= metres))


def _labels(dots: Sequence[Dot]) -> Iterable[Label]:
    """Names of the largest dots first, each where there is room for it, else not at all."""
    taken = [_Box(*_around(dot, dot.radius)) for dot in dots]
    for dot in dots:
        for label, box in _places_for(dot):
            if box.is_inside and not any(box.touches(other) for other in taken):
                taken.append(box)
                yield label
                break


def _places_for(dot: Dot) -> Iterable[tuple[Label, _Box]]:
    """Beside the dot, then above and below it."""
    name = dot.spot.name
    text = name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1].rstrip()}…"
    width, gap = len(text) * LETTER, dot.radius + 3
    beside = dot.y + LINE / 3
    for x, y, anchor, left in (
        (dot.x + gap, beside, "start", dot.x + gap),
        (dot.x - gap, beside, "end", dot.x - gap - width),
        (dot.x, dot.y - gap - 2, "middle", dot.x - width / 2),
        (dot.x, dot.y + gap + LINE - 4, "middle", dot.x - width / 2),
        (dot.x, dot.y - gap - 2, "start", dot.x),
        (dot.x, dot.y + gap + LINE - 4, "start", dot.x),
        (dot.x, dot.y - gap - 2, "end", dot.x - width),
        (dot.x, dot.y + gap + LINE - 4, "end", dot.x - width),
    ):
        top = y - LINE + 4
        yield Label(text, round(x, 1), round(y, 1), anchor), _Box(left, top, left + width, top + LINE)


def _around(dot: Dot, reach: float) -> tuple[float, float, float, float]:
    return dot.x - reach, dot.y - reach, dot.x + reach, dot.y + reach
