"""What a dossier is made of: the registrations a company may see, with their attempts of a period.

Read day by day along the indexes of the registrations, so that memory does not grow with the period and no
cursor stays open while a slow reader fetches the file.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from ciao_portal.days import day_bounds, each_day
from ciao_portal.models import Company
from registrations.exports.rows import Selection, sources_of
from registrations.models import Attempt, Registration
from registrations.models.nsso import SubmissionState
from registrations.rules.windows import Window

# How far before the period registrations are looked at. One that waited longer than this when the period
# began is still found as long as it waits.
REACH = timedelta(days=31)
# Ids in one question about attempts.
PORTION = 500
STILL_ON_THE_WAY = (
    SubmissionState.WAITING,
    SubmissionState.SENDING,
    SubmissionState.UNCERTAIN,
    SubmissionState.MISCONFIGURED,
)

Rows = QuerySet[Registration]


class Try(NamedTuple):
    """One attempt, as it was kept."""

    started_at: datetime
    duration_ms: int
    operation: str
    outcome: str
    detail: str
    http_status: int | None
    trace_id: str
    related_trace_id: str
    contract_version: str

    @property
    def ended_at(self) -> datetime:
        return self.started_at + timedelta(milliseconds=self.duration_ms)


class Journey(NamedTuple):
    """One registration on its way to the NSSO; `tries` are those begun within the period, in order."""

    received_at: datetime
    registration: UUID
    happened_at: datetime
    kind: str
    person: UUID
    employer: UUID
    workplace: UUID
    flags: list[str]
    submission: UUID
    state: str
    accepted_at: datetime | None
    nsso_id: int | None
    tries: Sequence[Try] = ()


COLUMNS = (
    "received_at",
    "pk",
    "happened_at",
    "kind",
    "person",
    "employer",
    "workplace",
    "flags",
    "submission__pk",
    "submission__state",
    "submission__accepted_at",
    "submission__nsso_id",
)


def bounds_of(period: Window) -> tuple[datetime, datetime]:
    """Start (included) and end (not) of a period of Brussels days, in UTC."""
    return day_bounds(period.first)[0], day_bounds(period.last)[1]


def journeys_of(company: Company, period: Window) -> Iterator[list[Journey]]:
    """All that was on its way within the period, by day, in blocks; some without a try."""
    start, _end = bounds_of(period)
    parts = _parts(company, on_the_way_at=start)
    earliest = period.first - REACH
    before = Q(happened_at__lt=day_bounds(earliest)[0], submission__state__in=STILL_ON_THE_WAY)
    yield from _blocks(parts, before, period)
    for day in each_day(earliest, period.last):
        first, end = day_bounds(day)
        yield from _blocks(parts, Q(happened_at__gte=first, happened_at__lt=end), period)


def expected_registrations(company: Company, period: Window) -> int:
    """How many registrations of the period the company may see."""
    start, end = bounds_of(period)
    parts = _parts(company, on_the_way_at=start)
    return sum(part.filter(happened_at__gte=start, happened_at__lt=end).count() for part in parts)


def _parts(company: Company, *, on_the_way_at: datetime) -> list[Rows]:
    """Parts that share no row, without what the NSSO had before that moment or never gets."""
    on_the_way = Q(submission__accepted_at__isnull=True) | Q(submission__accepted_at__gte=on_the_way_at)
    due = Q(submission__isnull=False) & ~Q(submission__state=SubmissionState.NOT_DUE)
    everything = sources_of(company, Selection(on_the_way_at.date(), on_the_way_at.date()))
    return [part.filter(on_the_way, due) for part in everything if part is not None]


def _blocks(parts: list[Rows], which: Q, period: Window) -> Iterator[list[Journey]]:
    rows = [row for part in parts for row in part.filter(which).order_by().values_list(*COLUMNS)]
    rows.sort()
    for place in range(0, len(rows), PORTION):
        yield _with_tries([Journey(*row) for row in rows[place : place + PORTION]], period)


def _with_tries(journeys: list[Journey], period: Window) -> list[Journey]:
    start, end = bounds_of(period)
    found = Attempt.objects.filter(
        submission__in=[one.submission for one in journeys], started_at__gte=start, started_at__lt=end
    )
    tries: dict[UUID, list[Try]] = defaultdict(list)
    for submission, *facts in found.order_by("started_at", "id").values_list("submission", *Try._fields):
        tries[submission].append(Try(*facts))
    return [one._replace(tries=tries[one.submission]) if one.submission in tries else one for one in journeys]
