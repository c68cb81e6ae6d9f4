"""The picture of somebody's days: one row per Brussels day, hours across, bars for presences.

Geometry only, on dataclasses. Across stands the clock of the wall, so that equal hours stand under each
other in every row. In the spring night the hour that does not exist is a gap; in the autumn night the hour
that comes twice shares one place, its first passing on the left half. A night shift stands in the row of the
day it started and runs past 24 hours. Sizes are per cent of the width of a row.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ciao_portal.days import brussels_day, brussels_time, is_ambiguous
from registrations.rules.intervals import Interval
from registrations.rules.presence import Event

# The hours shown even when nobody worked; the axis grows to whatever happened, and no further than this.
EARLIEST, LATEST, LONGEST = 6, 20, 48
# What follows a presence without check-out: nothing is known, drawn as an hour.
UNKNOWN_HOURS = 1.0
# A presence of seconds is still seen, and can be pointed at.
SMALLEST_HOURS = 0.2
FEW_HOURS = 16
# Down, in pixels: one lane, and the air above a bar in it.
LANE, AIR = 22, 4


@dataclass(frozen=True, slots=True)
class Shift:
    """A presence, where it was, what its bar says, and the registration that opened it."""

    interval: Interval
    place: str
    label: str
    registration: UUID

    def drawn_until(self, now: datetime) -> datetime:
        """The check-out, or now while it lasts, or the last sign of life."""
        if self.interval.end is not None:
            return self.interval.end
        return max(now, self.interval.last_at) if self.interval.is_running else self.interval.last_at


@dataclass(frozen=True, slots=True)
class Lone:
    """A registration that belongs to no presence, such as a stop without a start."""

    event: Event
    label: str


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a row in per cent of its width; attributes come as text, never in a language's figures."""

    start: float
    end: float

    @property
    def x(self) -> str:
        return percent(self.start)

    @property
    def width(self) -> str:
        return percent(self.end - self.start)


@dataclass(frozen=True, slots=True)
class Bar:
    """One presence in a row; bars of one lane never overlap. `unknown` follows a missing check-out."""

    shift: Shift
    lane: int
    work: Box
    breaks: tuple[Box, ...]
    unknown: Box | None

    @property
    def y(self) -> int:
        return self.lane * LANE + AIR

    @property
    def extent(self) -> Box:
        return Box(self.work.start, self.unknown.end if self.unknown else self.work.end)


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment in a row."""

    lone: Lone
    at: float

    @property
    def x(self) -> str:
        return percent(self.at)


@dataclass(frozen=True, slots=True)
class Row:
    """One Brussels day; `now` is where the present moment stands, empty on other days."""

    day: date
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    now: str = ""

    @property
    def lanes(self) -> int:
        return max((bar.lane + 1 for bar in self.bars), default=1)

    @property
    def height(self) -> int:
        return self.lanes * LANE + AIR


@dataclass(frozen=True, slots=True)
class Hour:
    """A line of the axis with its word; `is_midnight` where a day ends."""

    x: str
    word: str
    is_midnight: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """The hours from `first` to `last`, counted from the midnight that opens the row."""

    first: int
    last: int
    step: int

    def at(self, hours: float) -> float:
        """Per cent of the width, at the edge for what lies outside."""
        return min(max((hours - self.first) / (self.last - self.first), 0.0), 1.0) * 100

    def box(self, start: float, end: float) -> Box:
        return Box(self.at(start), self.at(end))

    @property
    def hours(self) -> list[Hour]:
        return [
            Hour(percent(self.at(hour)), f"{hour % 24:02d}", hour % 24 == 0)
            for hour in range(self.first, self.last + 1, self.step)
        ]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole picture, the latest day on top."""

    axis: Axis
    rows: tuple[Row, ...]


def timeline_of(
    days: Sequence[date], shifts: Iterable[Shift], lone: Iterable[Lone], *, now: datetime
) -> Timeline:
    """The picture of these days in the order given; other days are left out. `now` is aware."""
    wanted = set(days)
    placed = [_Placed.of(shift, now) for shift in shifts if shift.interval.day in wanted]
    moments = [(single, _day_of(single)) for single in lone if _day_of(single) in wanted]
    ends = [hours_on(day, single.event.at) for single, day in moments]
    today = brussels_day(now)
    axis = _axis(
        [*ends, *(part.start for part in placed)],
        [*ends, *(part.end for part in placed)],
    )
    return Timeline(
        axis,
        tuple(
            Row(
                day,
                _bars(axis, [part for part in placed if part.shift.interval.day == day]),
                tuple(
                    Tick(single, axis.at(hours_on(day, single.event.at)))
                    for single, of_day in moments
                    if of_day == day
                ),
                percent(axis.at(hours_on(day, now))) if day == today else "",
            )
            for day in days
        ),
    )


def hours_on(day: date, moment: datetime) -> float:
    """Hours on the wall's clock since the midnight that opens `day`: 6.5 at 06:30, 30.0 at 06:00 a day later.

    Later moments never get a smaller figure.
    """
    local = brussels_time(moment)
    part = (local.minute * 60 + local.second + local.microsecond / 1_000_000) / 3600
    if is_ambiguous(moment):
        part = (part + local.fold) / 2
    return (local.date() - day).days * 24 + local.hour + part


def percent(value: float) -> str:
    """`12.500%`, for an attribute."""
    return f"{value:.3f}%"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A shift in hours of its row: where work starts and ends, and where its bar ends."""

    shift: Shift
    start: float
    work_end: float
    end: float
    breaks: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, shift: Shift, now: datetime) -> "_Placed":
        day = shift.interval.day
        until = shift.drawn_until(now)
        start = hours_on(day, shift.interval.start)
        work_end = max(hours_on(day, until), start + SMALLEST_HOURS)
        end = work_end + UNKNOWN_HOURS if shift.interval.is_check_out_missing else work_end
        breaks = tuple(
            (hours_on(day, pause.start), hours_on(day, pause.end or until)) for pause in shift.interval.breaks
        )
        return cls(shift, start, work_end, end, breaks)


def _day_of(lone: Lone) -> date:
    return brussels_day(lone.event.at)


def _axis(starts: Sequence[float], ends: Sequence[float]) -> Axis:
    first = math.floor(min([EARLIEST, *starts]))
    last = min(math.ceil(max([LATEST, *ends])), LONGEST)
    step = 2 if last - first <= FEW_HOURS else 4
    return Axis(first // step * step, -(-last // step) * step, step)


def _bars(axis: Axis, placed: list[_Placed]) -> tuple[Bar, ...]:
    """Each bar in the first lane that is free where it starts."""
    free: list[float] = []
    bars = []
    for part in sorted(placed, key=lambda part: (part.start, part.end)):
        lane = next((number for number, end in enumerate(free) if end <= part.start), len(free))
        free[lane : lane + 1] = [part.end]
        bars.append(
            Bar(
                part.shift,
                lane,
                axis.box(part.start, part.work_end),
                tuple(axis.box(start, end) for start, end in part.breaks),
                axis.box(part.work_end, part.end) if part.end > part.work_end else None,
            )
        )
    return tuple(bars)
