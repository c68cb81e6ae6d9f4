"""The lines of a presence report, made from events. Pure: no database, no clock, no language.

One line per worker and Brussels day; a night shift belongs to the day it started. Times count to the minute
as they are printed, and every total is the sum of what is printed: whoever recalculates finds the same.
Nothing is invented: a presence without an end has no length beyond the parts that ended.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from ciao_portal.days import brussels_day
from registrations.rules.intervals import Interval, pair
from registrations.rules.presence import Event, Flag, Kind, in_order

Worker = TypeVar("Worker")
# A presence may begin before the period or end after it: so many days around it are read for pairing.
MARGIN = timedelta(days=2)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Fact:
    """One registration, ours or made elsewhere, with what the NSSO says of it."""

    event: Event
    workplace: str = ""
    has_nsso_number: bool = False
    is_elsewhere: bool = False
    flags: frozenset[str] = frozenset()
    remarks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """Work without a break. No start: a stop alone; no end: no stop was registered."""

    start: datetime | None
    end: datetime | None

    @property
    def minutes(self) -> int:
        """Between the two printed clock times, in real time; 0 when one is missing."""
        return minutes_between(self.start, self.end)


@dataclass(slots=True)
class Line:
    """A worker's Brussels day."""

    day: date
    spans: list[Span] = field(default_factory=list)
    break_minutes: int = 0
    workplaces: list[str] = field(default_factory=list)
    # Their ids; each stands on one line.
    events: list[UUID] = field(default_factory=list)
    at_nsso: int = 0
    is_elsewhere: bool = False
    flags: set[str] = field(default_factory=set)
    remarks: set[str] = field(default_factory=set)

    @property
    def minutes(self) -> int:
        return sum(span.minutes for span in self.spans)

    @property
    def registrations(self) -> int:
        return len(self.events)

    @property
    def is_open(self) -> bool:
        """Something on this line has no end, or no start."""
        return any(span.start is None or span.end is None for span in self.spans)

    def take(self, fact: Fact) -> None:
        """Count one registration."""
        self.events.append(fact.event.id)
        self.at_nsso += fact.has_nsso_number
        self.is_elsewhere |= fact.is_elsewhere
        # Stored with the registration after the gap; the line of the gap itself shows it.
        self.flags |= fact.flags - {Flag.CHECK_OUT_MISSING.value}
        self.remarks |= fact.remarks
        if fact.workplace and fact.workplace not in self.workplaces:
            self.workplaces.append(fact.workplace)


@dataclass(frozen=True, slots=True)
class WorkerLines(Generic[Worker]):
    """All lines of one worker with one employer, by day."""

    worker: Worker
    lines: list[Line]

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)

    @property
    def open_lines(self) -> int:
        return sum(line.is_open for line in self.lines)


def lines_of(
    facts: Iterable[tuple[Worker, Fact]], *, first_day: date, last_day: date, at: datetime
) -> list[WorkerLines[Worker]]:
    """The lines of each worker with something in the period; `at` tells whether the last presence still runs.

    The facts should reach `MARGIN` beyond the period on both sides. Workers come as they are first met.
    """
    histories: dict[Worker, list[Fact]] = defaultdict(list)
    for worker, fact in facts:
        histories[worker].append(fact)
    found = [
        WorkerLines(worker, [line for line in _lines(history, at) if first_day <= line.day <= last_day])
        for worker, history in histories.items()
    ]
    return [one for one in found if one.lines]


def minutes_between(start: datetime | None, end: datetime | None) -> int:
    """Whole minutes between two moments as they are printed, seconds cut off."""
    if start is None or end is None:
        return 0
    return (_to_minute(end) - _to_minute(start)) // MINUTE


def _to_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _lines(history: list[Fact], at: datetime) -> list[Line]:
    by_day: dict[date, Line] = {}

    def line_on(day: date) -> Line:
        return by_day.setdefault(day, Line(day))

    facts = {fact.event.id: fact for fact in history}
    pairing = pair((fact.event for fact in history), at)
    loose = {event.id for event in pairing.loose}
    paired = [event for event in in_order(fact.event for fact in history) if event.id not in loose]
    for interval, events in _members(pairing.intervals, paired):
        line = line_on(interval.day)
        line.spans += _spans(interval)
        line.break_minutes += sum(minutes_between(rest.start, rest.end) for rest in interval.breaks)
        line.flags |= {Flag.CHECK_OUT_MISSING.value} & interval.flags
        for event in events:
            line.take(facts[event.id])
    for event in pairing.loose:
        line = line_on(brussels_day(event.at))
        line.spans.append(Span(None, event.at))
        line.take(facts[event.id])
    for line in by_day.values():
        line.spans.sort(key=_position)
    return [by_day[day] for day in sorted(by_day)]


def _members(intervals: Iterable[Interval], events: list[Event]) -> Iterator[tuple[Interval, list[Event]]]:
    """Each interval with its events; a stop closes it even when the next one starts at the same moment."""
    place = 0
    for interval in intervals:
        start = place
        while place < len(events) and events[place].at <= interval.last_at:
            place += 1
            if events[place - 1].kind is Kind.OUT:
                break
        yield interval, events[start:place]


def _spans(interval: Interval) -> Iterator[Span]:
    """The work between the breaks: what the NSSO has as IN and OUT."""
    start: datetime | None = interval.start
    for rest in interval.breaks:
        yield Span(start, rest.start)
        start = rest.end
        if start is None:
            return
    if start != interval.end:  # a stop during a break ends both at once
        yield Span(start, interval.end)


def _position(span: Span) -> datetime:
    return min(moment for moment in (span.start, span.end) if moment is not None)
