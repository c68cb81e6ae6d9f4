"""The files of a dossier: every attempt of the period, and every registration that waited."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from ciao_portal.days import BRUSSELS, brussels_day, day_label, is_ambiguous
from ciao_portal.models import Company
from ciao_portal.web.csv import Row
from registrations.dossiers.journeys import Journey, Try, journeys_of
from registrations.dossiers.naming import Naming
from registrations.dossiers.waiting import Waited
from registrations.journey import attempt_words
from registrations.models.nsso import SubmissionState
from registrations.rules.windows import Window
from registrations.wording import STATE_BADGES, kind_badge

MINUTE = timedelta(minutes=1)


def exact(moment: datetime | None) -> str:
    """`21/11/2026 06:02:13` in Brussels, with the offset where the hour comes twice; empty for none."""
    if moment is None:
        return ""
    local = moment.astimezone(BRUSSELS)
    offset = f" {local.isoformat()[-6:]}" if is_ambiguous(moment) else ""
    return f"{day_label(local.date())} {local:%H:%M:%S}{offset}"


def dossier_rows(company: Company, period: Window, *, now: datetime) -> Iterator[Row]:
    """Header and one row per attempt of the period, read as it goes; needs the language of the file."""
    naming = Naming(company, brussels_day(now))
    yield _attempts_header()
    for journeys in journeys_of(company, period):
        yield from _attempts(journeys, naming)


def attempt_rows(journeys: Iterable[Journey], naming: Naming) -> Iterator[Row]:
    """The same for journeys that are at hand."""
    yield _attempts_header()
    yield from _attempts(journeys, naming)


def wait_rows(waits: Iterable[Waited], naming: Naming, *, now: datetime) -> Iterator[Row]:
    """Header and one row per registration that waited; `naming` has learnt them."""
    yield [
        *_journey_header(),
        _("Waiting since"),
        _("First attempt"),
        _("Attempts in the period"),
        _("Answered"),
        _("Delay in minutes"),
    ]
    for one in waits:
        tries = one.journey.tries
        yield [
            *_journey_cells(one.journey, naming),
            exact(one.wait.since),
            exact(tries[0].started_at if tries else None),
            len(tries),
            exact(one.wait.answered_at),
            one.wait.length(now=now) // MINUTE,
        ]


def _attempts(journeys: Iterable[Journey], naming: Naming) -> Iterator[Row]:
    tried = [one for one in journeys if one.tries]
    naming.learn(tried)
    for one in tried:
        cells = _journey_cells(one, naming)
        for attempt in one.tries:
            yield [*_try_cells(attempt), *cells]


def _attempts_header() -> Row:
    return [
        _("Attempt"),
        _("What was tried, and the answer"),
        _("Code of the answer"),
        _("Detail"),
        _("HTTP status"),
        _("Trace id"),
        _("Trace id of the NSSO"),
        _("Milliseconds"),
        _("Contract version"),
        *_journey_header(),
    ]


def _try_cells(attempt: Try) -> Row:
    return [
        exact(attempt.started_at),
        attempt_words(attempt.operation, attempt.outcome),
        attempt.outcome,
        attempt.detail,
        attempt.http_status,
        attempt.trace_id,
        attempt.related_trace_id,
        attempt.duration_ms,
        attempt.contract_version,
    ]


def _journey_header() -> Row:
    return [
        _("Registration id"),
        _("Received"),
        _("Time"),
        _("Registration"),
        _("Worker"),
        _("Payroll number"),
        _("Employer"),
        _("Workplace"),
        _("State at the NSSO"),
        _("Taken in by the NSSO"),
        _("NSSO number"),
    ]


def _journey_cells(journey: Journey, naming: Naming) -> Row:
    worker = naming.worker(journey)
    return [
        str(journey.registration),
        exact(journey.received_at),
        exact(journey.happened_at),
        kind_badge(journey.kind).words,
        worker.name,
        worker.payroll_number,
        naming.firms.get(journey.employer, ""),
        naming.places.get(journey.workplace, ""),
        STATE_BADGES[SubmissionState(journey.state)].words,
        exact(journey.accepted_at),
        journey.nsso_id,
    ]
