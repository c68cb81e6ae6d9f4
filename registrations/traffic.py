"""What the page about traffic with the NSSO tells: how it stands, what waits, what failed.

Every read is bounded: unfinished journeys, lines and failures have an index of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from ciao_portal.days import brussels_day, clock_time
from ciao_portal.ids import first_id_of
from ciao_portal.models import Company
from registrations import cells
from registrations.dashboard import Queue
from registrations.failures import Failure, failure_of
from registrations.models import Attempt, Outage, ReadBack
from registrations.models.nsso import GOOD_OUTCOMES, SubmissionState
from registrations.nsso.own_line import Access, Lines, access_of, as_line, last_success_of, lines_of
from registrations.nsso.states import UNFINISHED
from registrations.querysets import UNFINISHED_STATES, unfinished_journeys
from registrations.rules.traffic import Traffic, judge
from registrations.services.outages import open_outage
from registrations.traffic_wording import Finding, Known, worded
from registrations.wording import STATE_ADVICE, STATE_BADGES, Words

FAILURES_FOR = timedelta(days=1)
# Of all companies together no more failed tries than these are looked through; the page tells since when.
MOST_FAILURES = 20_000


@dataclass(frozen=True, slots=True)
class FailureCount:
    """One kind of failure: how many calls failed so, and when the last of them did, in words."""

    title: Words
    failure: Failure | None
    calls: int
    last: str


@dataclass(frozen=True, slots=True)
class TrafficPage:
    """Everything the page shows, as of one moment; moments are in words."""

    findings: Sequence[Finding]
    queues: Sequence[Queue]
    failures: Sequence[FailureCount]
    # A day ago, or later when more failed than is looked through.
    failures_since: str
    outage: Outage | None
    outage_since: str
    as_of: str

    @property
    def waiting(self) -> int:
        return sum(queue.count for queue in self.queues)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Submissions in one state: how many, and when the first was received, the first due that no sender holds
    fell due, and the last that one holds was taken."""

    count: int
    received: datetime
    untaken: datetime | None
    taken: datetime | None


@dataclass(frozen=True, slots=True)
class _Readings:
    """Days to be read back under the own access: how many are due, since when, and the last reading."""

    days: int = 0
    since: datetime | None = None
    last: datetime | None = None


def traffic_of(company: Company, *, now: datetime) -> TrafficPage:
    """The page of this company; `now` is aware. Call inside the company's scope."""
    today = brussels_day(now)
    access = access_of(company)
    lines = lines_of(access)
    journeys = _journeys(company)
    readings = _readings(access, now=now)
    known = Known(
        traffic=_facts(access, lines, journeys, readings),
        lender=access.lender,
        failing=lines.failing,
        success=last_success_of(company, lines, now=now),
        waiting=sum(one.count for state, one in journeys.items() if state in UNFINISHED),
        days_to_read=readings.days,
    )
    failures, since = _failures(company, now=now)
    outage = open_outage(company)
    return TrafficPage(
        findings=[worded(state, signal, known, now=now) for state, signal in judge(known.traffic, now=now)],
        queues=_queues(journeys, today=today),
        failures=failures,
        failures_since=cells.near_moment(since, today=today),
        outage=outage,
        outage_since=cells.near_moment(outage.started_at, today=today) if outage else "",
        as_of=clock_time(now),
    )


def _facts(
    access: Access, lines: Lines, journeys: Mapping[SubmissionState, _Waiting], readings: _Readings
) -> Traffic:
    on_the_way = [one for state, one in journeys.items() if state in UNFINISHED]
    untaken = [one.untaken for one in journeys.values() if one.untaken is not None]
    taken = [one.taken for one in journeys.values() if one.taken is not None]
    return Traffic(
        access=as_line(lines.access) if access.row is not None else None,
        is_own=access.is_own,
        service=as_line(lines.service) if lines.service is not None else None,
        missing_access=access.row is None and SubmissionState.MISCONFIGURED in journeys,
        waiting_since=min((one.received for one in on_the_way), default=None),
        untaken_since=min(untaken, default=None),
        taken_at=max(taken, default=None),
        reading_due_since=readings.since,
        read_at=readings.last,
    )


def _journeys(company: Company) -> dict[SubmissionState, _Waiting]:
    """By state, what is not at the NSSO."""
    rows = (
        unfinished_journeys(company)
        .order_by()
        .values_list("state")
        .annotate(
            count=Count("pk"),
            received=Min("registration__received_at"),
            untaken=Min("due_at", filter=Q(in_flight_since__isnull=True)),
            taken=Max("in_flight_since"),
        )
    )
    return {SubmissionState(state): _Waiting(*figures) for state, *figures in rows}


def _readings(access: Access, *, now: datetime) -> _Readings:
    if access.row is None or not access.is_own:
        return _Readings()
    due = Q(due_at__lte=now)
    found = ReadBack.objects.filter(credentials=access.row).aggregate(
        days=Count("pk", filter=due), since=Min("due_at", filter=due), last=Max("read_at")
    )
    return _Readings(**found)


def _queues(journeys: Mapping[SubmissionState, _Waiting], *, today: date) -> list[Queue]:
    return [
        Queue(
            state,
            STATE_BADGES[state],
            journeys[state].count,
            journeys[state].received,
            STATE_ADVICE[state],
            cells.near_moment(journeys[state].received, today=today),
        )
        for state in UNFINISHED_STATES
        if state in journeys
    ]


def _failures(company: Company, *, now: datetime) -> tuple[list[FailureCount], datetime]:
    """Which calls with the company's registrations failed, the last kind first, and since when is counted."""
    since = now - FAILURES_FOR
    newest_first = _failed_since(since).order_by("-started_at").values_list("started_at", flat=True)
    since = next(iter(newest_first[MOST_FAILURES : MOST_FAILURES + 1]), since)
    rows = (
        _failed_since(since)
        .filter(Q(submission__registration__employer=company) | Q(submission__registration__declarer=company))
        .order_by()
        .values_list("outcome")
        .annotate(calls=Count("trace_id", distinct=True), last=Max("started_at"))
    )
    found = []
    for code, calls, last in sorted(rows, key=lambda row: row[2], reverse=True):
        failure = failure_of(code)
        title = failure.title if failure else code
        found.append(FailureCount(title, failure, calls, cells.ago(last, now=now)))
    return found, since


def _failed_since(moment: datetime) -> QuerySet[Attempt]:
    """Of every company. Ids are ordered by time too: a bound for databases that cannot use the index here."""
    failed = Attempt.objects.filter(~Q(outcome__in=GOOD_OUTCOMES), started_at__gte=moment)
    return failed.filter(pk__gte=first_id_of(moment))
