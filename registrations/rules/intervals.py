"""Events paired into intervals, for one person with one employer on one declaration.

Intervals are half-open [start, end) and never overlap. A night shift belongs to the Brussels day it
started. What has no partner is kept beside the intervals: nothing is invented, nothing is dropped.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from ciao_portal.days import brussels_day
from registrations.rules.presence import (
    Event,
    Flag,
    Kind,
    Presence,
    after,
    in_order,
    is_stale,
)

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Break:
    """A rest; ``end`` is None while it lasts, or when the end was never registered."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Interval:
    """A presence. Without ``end`` it still runs, or ``checkOutMissing`` stands among its flags."""

    start: datetime
    end: datetime | None
    last_at: datetime
    breaks: tuple[Break, ...] = ()
    flags: frozenset[Flag] = frozenset()

    @property
    def day(self) -> date:
        """The Brussels day it belongs to: the one it started on."""
        return brussels_day(self.start)

    @property
    def is_check_out_missing(self) -> bool:
        """True when the end was never registered and nobody waits for it any more."""
        return Flag.CHECK_OUT_MISSING in self.flags

    @property
    def is_running(self) -> bool:
        """True while the person is there."""
        return self.end is None and not self.is_check_out_missing

    @property
    def worked(self) -> timedelta | None:
        """Its length without the breaks; None while the end is not known."""
        if self.end is None:
            return None
        rest = sum(((pause.end or self.end) - pause.start for pause in self.breaks), timedelta())
        return self.end - self.start - rest


@dataclass(frozen=True, slots=True)
class Pairing:
    """Intervals in order, and the events that belong to none (an OUT or a break without IN)."""

    intervals: tuple[Interval, ...]
    loose: tuple[Event, ...]


@dataclass(slots=True)
class _Open:
    """An interval under construction."""

    start: datetime
    last_at: datetime
    breaks: list[Break] = field(default_factory=list)
    flags: set[Flag] = field(default_factory=set)

    def take_break(self, at: datetime) -> None:
        if not self.on_break:
            self.breaks.append(Break(at, None))

    def end_break(self, at: datetime) -> None:
        if self.on_break:
            self.breaks[-1] = Break(self.breaks[-1].start, at)

    @property
    def on_break(self) -> bool:
        return bool(self.breaks) and self.breaks[-1].end is None

    def closed(self, end: datetime | None) -> Interval:
        return Interval(self.start, end, self.last_at, tuple(self.breaks), frozenset(self.flags))


def pair(events: Iterable[Event], at: datetime) -> Pairing:
    """Pair events given in any order; ``at`` tells whether the last presence still runs."""
    intervals: list[Interval] = []
    loose: list[Event] = []
    current: _Open | None = None
    presence = Presence()
    for event in in_order(events):
        presence, flags = after(presence, event.kind, event.at)
        if current and Flag.CHECK_OUT_MISSING in flags:
            intervals.append(_abandoned(current))
            current = None
        if current is None:
            current = _opened(event, flags)
            if current is None:
                loose.append(event)
        else:
            current.flags |= flags
            current = _continued(current, event, intervals)
    if current:
        intervals.append(_abandoned(current) if is_stale(presence, at) else current.closed(None))
    return Pairing(tuple(intervals), tuple(loose))


def pair_by_group(events: Iterable[tuple[Group, Event]], at: datetime) -> dict[Group, Pairing]:
    """Pair many histories at once; the group is (person, employer, declaration)."""
    groups: dict[Group, list[Event]] = defaultdict(list)
    for group, event in events:
        groups[group].append(event)
    return {group: pair(members, at) for group, members in groups.items()}


def _opened(event: Event, flags: frozenset[Flag]) -> _Open | None:
    """IN opens, and so does the end of a break: both say "I am working now"."""
    if event.kind in (Kind.IN, Kind.BREAK_END):
        return _Open(event.at, event.at, flags=set(flags - {Flag.CHECK_OUT_MISSING}))
    return None


def _continued(current: _Open, event: Event, intervals: list[Interval]) -> _Open | None:
    current.last_at = event.at
    if event.kind is Kind.OUT:
        current.end_break(event.at)
        intervals.append(current.closed(event.at))
        return None
    if event.kind is Kind.BREAK_START:
        current.take_break(event.at)
    else:
        current.end_break(event.at)
    return current


def _abandoned(current: _Open) -> Interval:
    current.flags.add(Flag.CHECK_OUT_MISSING)
    return current.closed(None)
