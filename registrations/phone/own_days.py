"""What one person registered, day by day and with every employer: for that person alone.

The lines, their minutes and totals are those of the presence reports, so that both always agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _

from ciao_portal.days import brussels_day, check_window, day_bounds
from ciao_portal.models import Company, Person
from ciao_portal.tenancy import unscoped
from declarations.rules.thresholds import CIAO_IN_FORCE
from registrations.models import Registration
from registrations.models.nsso import SubmissionState
from registrations.phone.confirmations import journey_words
from registrations.reports.presence import MARGIN, Fact, Line, Span, lines_of
from registrations.reports.wording import hours, times
from registrations.rules.presence import Event, Flag, Kind

# The most pressing of several journeys is the one that is told.
_PRESSING = ("trouble", "waiting", "done")


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One day with one employer on one declaration. `signal` is `done`, `waiting` or `trouble`."""

    line: Line
    employer: Company
    registrations: list[Registration]
    signal: str
    journey: str

    @property
    def times(self) -> str:
        return times(self.line)

    @property
    def places(self) -> str:
        return ", ".join(self.line.workplaces)

    @property
    def breaks(self) -> str:
        return hours(self.line.break_minutes) if self.line.break_minutes else ""

    @property
    def hours(self) -> str:
        """Empty when nothing on the line has both ends."""
        return hours(self.line.minutes) if self.line.minutes else ""

    @property
    def is_stop_missing(self) -> bool:
        return Flag.CHECK_OUT_MISSING.value in self.line.flags

    @property
    def spans(self) -> list[Span]:
        return self.line.spans


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A Brussels day; a night belongs to the day it started."""

    day: date
    lines: list[OwnLine]

    @property
    def hours(self) -> str:
        return hours(sum(one.line.minutes for one in self.lines))


@dataclass(frozen=True, slots=True)
class OwnPeriod:
    """Days in order of time, both ends inclusive."""

    first: date
    last: date
    days: list[OwnDay]

    @property
    def hours(self) -> str:
        return hours(sum(one.line.minutes for day in self.days for one in day.lines))

    @property
    def registrations(self) -> list[Registration]:
        """All of the period, in order of time."""
        rows = [row for day in self.days for one in day.lines for row in one.registrations]
        return sorted(rows, key=lambda row: (row.happened_at, row.pk))

    @property
    def employers(self) -> list[Company]:
        """Each once, in order of their first registration."""
        return list(dict.fromkeys(row.employer for row in self.registrations))


def own_period(person: Person, first: date, last: date, *, now: datetime) -> OwnPeriod:
    """The person's days; one query. Raises DomainError `window.…` beyond 100 days."""
    check_window(first, last)
    rows = _read(person, first, last)
    by_id = {row.pk: row for row in rows}
    facts = (((row.employer_id, row.declaration_id), _fact(row)) for row in rows)
    found = [
        _own_line(line, by_id)
        for group in lines_of(facts, first_day=first, last_day=last, at=now)
        for line in group.lines
    ]
    found.sort(key=lambda one: (one.line.day, one.registrations[0].happened_at))
    days = [OwnDay(day, list(lines)) for day, lines in groupby(found, key=lambda one: one.line.day)]
    return OwnPeriod(first, last, days)


def registrations_of_day(person: Person, day: date) -> list[Registration]:
    """All that happened on this Brussels day, in order of time."""
    with unscoped(reason="a person's own registrations, shown on their own paired phone"):
        rows = Registration.objects.filter(person=person, happened_day=day)
        return list(rows.select_related("submission", "workplace", "employer").order_by("happened_at", "id"))


def _read(person: Person, first: date, last: date) -> list[Registration]:
    with unscoped(reason="a person's own registrations, shown on their own paired phone"):
        rows = Registration.objects.filter(
            person=person,
            happened_at__gte=day_bounds(first)[0] - MARGIN,
            happened_at__lt=day_bounds(last)[1] + MARGIN,
        )
        shown = rows.select_related("submission", "workplace", "employer", "declaration")
        return list(shown.order_by("happened_at", "id"))


def _fact(row: Registration) -> Fact:
    return Fact(
        Event(row.pk, Kind(row.kind), row.happened_at), row.workplace.name, flags=frozenset(row.flags)
    )


def _own_line(line: Line, by_id: dict[UUID, Registration]) -> OwnLine:
    rows = [by_id[event] for event in line.events]
    signal, journey = _journey(rows)
    return OwnLine(line, rows[0].employer, rows, signal, journey)


def _journey(rows: Sequence[Registration]) -> tuple[str, str]:
    told = [journey_words(row)[:2] for row in rows]
    signal, words = min(told, key=lambda one: _PRESSING.index(one[0]))
    if signal == "done" and rows[0].submission.state == SubmissionState.ACCEPTED:
        return signal, _("The NSSO has it")
    return signal, words


@dataclass(frozen=True, slots=True)
class Month:
    """What /me/ shows: a month, or the last 14 days; `before` and `after` name months for the address."""

    first: date
    last: date
    before: str
    after: str
    is_month: bool


RECENT_DAYS = 14


def month_of(text: str, *, now: datetime) -> Month:
    """The month in `text` (`2026-11`); the last 14 days when that names none that is past or present."""
    today = brussels_day(now)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = date.min
    # Nobody registered before the duty began; addresses that ask for more are not followed.
    if not CIAO_IN_FORCE <= first <= today:
        recent = date.fromordinal(today.toordinal() - RECENT_DAYS + 1)
        return Month(recent, today, f"{today:%Y-%m}", "", is_month=False)
    following = _following(first)
    last = min(today, date.fromordinal(following.toordinal() - 1))
    before = date.fromordinal(first.toordinal() - 1)
    return Month(
        first,
        last,
        f"{before:%Y-%m}" if before >= CIAO_IN_FORCE else "",
        f"{following:%Y-%m}" if following <= today else "",
        is_month=True,
    )


def _following(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
