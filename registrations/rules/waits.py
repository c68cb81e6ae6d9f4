"""Which registrations waited for the NSSO, and what that comes to. Pure: no database, no clock."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

# Usually a registration leaves within seconds; the page about traffic calls it late from here on.
WAITED = timedelta(minutes=5)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a registration waited for the NSSO's word on it; `answered_at` is None while it waits.

    `since` is when it was received, or released by the office that had held it.
    """

    since: datetime
    answered_at: datetime | None
    # False for one the NSSO answered by refusing it.
    got_through: bool = False

    def length(self, *, now: datetime) -> timedelta:
        """How long it waited, or has waited so far."""
        return (self.answered_at or now) - self.since

    def counts(self, start: datetime, end: datetime, *, now: datetime) -> bool:
        """Whether it waited long, and at least in part between `start` (included) and `end` (not)."""
        if self.since >= end or self.length(now=now) <= WAITED:
            return False
        return self.answered_at is None or self.answered_at > start


@dataclass(slots=True)
class Tally:
    """Some waits in figures."""

    count: int = 0
    got_through: int = 0
    refused: int = 0
    still_waiting: int = 0
    longest: timedelta = timedelta()
    last_through_at: datetime | None = None

    def take(self, wait: Wait, *, now: datetime) -> None:
        """Count one wait."""
        self.count += 1
        self.longest = max(self.longest, wait.length(now=now))
        if wait.answered_at is None:
            self.still_waiting += 1
        elif wait.got_through:
            self.got_through += 1
            self.last_through_at = max(self.last_through_at or wait.answered_at, wait.answered_at)
        else:
            self.refused += 1


@dataclass(slots=True)
class HourOfWaits:
    """What began to wait within one hour (its start in UTC)."""

    start: datetime
    tally: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class HourOfAttempts:
    """The attempts begun within one hour (its start in UTC), by how they ended."""

    start: datetime
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return self.outcomes.total()


def hour_of(moment: datetime) -> datetime:
    """The start of the hour; Brussels differs from UTC by whole hours, so its hours are the same."""
    return moment.replace(minute=0, second=0, microsecond=0)


def waits_by_hour(waits: Iterable[Wait], *, now: datetime) -> list[HourOfWaits]:
    """One line per hour in which something began to wait, in order."""
    hours: dict[datetime, HourOfWaits] = {}
    for wait in waits:
        start = hour_of(wait.since)
        hours.setdefault(start, HourOfWaits(start)).tally.take(wait, now=now)
    return [hours[start] for start in sorted(hours)]


def tally_of(waits: Iterable[Wait], *, now: datetime) -> Tally:
    """All of them in figures."""
    tally = Tally()
    for wait in waits:
        tally.take(wait, now=now)
    return tally
