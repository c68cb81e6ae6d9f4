"""The plan of the workplaces with people on site, as the first page draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext

from registrations.rules.plan import HEIGHT, WIDTH, Label, Spot, plan_of

# So many are drawn, those with the most people; the list beside the plan has all of them.
MOST_DOTS = 40
MOST_NAMES = 5


class Manned(Protocol):
    """A workplace with people: what the plan needs of it."""

    @property
    def name(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def since(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def coordinates(self) -> tuple[float, float] | None: ...


@dataclass(frozen=True, slots=True)
class DrawnDot:
    """A circle in units, what it says to those who point at it, and the people's page."""

    x: float
    y: float
    radius: float
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class SitePlan:
    """`unplaced` are the names of workplaces without coordinates; `left_out` counts those beyond the most."""

    width: int
    height: int
    dots: Sequence[DrawnDot]
    labels: Sequence[Label]
    # The scale: its words and its length in units.
    scale: str
    length: float
    unplaced: Sequence[str]
    left_out: int

    @property
    def scale_at(self) -> float:
        """Where the words of the scale begin."""
        return self.length + 14

    @property
    def unplaced_words(self) -> str:
        """The first of them; the list has all."""
        names = ", ".join(self.unplaced[:MOST_NAMES])
        return f"{names}, …" if len(self.unplaced) > MOST_NAMES else names


def site_plan(placed: Sequence[Manned], *, unplaced: Sequence[str], left_out: int) -> SitePlan | None:
    """From workplaces with coordinates, at most `MOST_DOTS`; None without any.

    `unplaced` are the names of those without, `left_out` says how many more there would be to draw.
    """
    drawn = {_spot(place): place for place in placed}
    plan = plan_of(drawn)
    if plan is None:
        return None
    return SitePlan(
        WIDTH,
        HEIGHT,
        [_dot(dot.x, dot.y, dot.radius, drawn[dot.spot]) for dot in plan.dots],
        plan.labels,
        _length(plan.metres),
        plan.length,
        unplaced,
        left_out,
    )


def _spot(place: Manned) -> Spot:
    latitude, longitude = place.coordinates or (0.0, 0.0)
    return Spot(place.name, place.count, latitude, longitude)


def _dot(x: float, y: float, radius: float, place: Manned) -> DrawnDot:
    words = gettext("%(place)s: %(people)d on site since %(moment)s")
    shown = words % {"place": place.name, "people": place.count, "moment": place.since}
    return DrawnDot(x, y, radius, shown, place.url)


def _length(metres: int) -> str:
    return f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
