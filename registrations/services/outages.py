"""Outages the portal finds by itself: registrations do not reach the NSSO, and the company's people are told.

Looked for by the worker each minute, not by the sender: the sender may be what died. A letter goes out at
most once: that it does is committed before it is sent. Only when the mail server took none is it tried again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse

from ciao_portal.ids import moment_of
from ciao_portal.languages import language_of
from ciao_portal.letters import LetterError, send_letter
from ciao_portal.models import Company, Membership, Role
from ciao_portal.outbox import Watch
from ciao_portal.tenancy import unscoped
from registrations.failures import failure_of
from registrations.models import NssoLine, Outage, OutageOrigin, Submission
from registrations.nsso.states import MISCONFIGURED, UNFINISHED
from registrations.rules.outages import CALM, Step, step

# Whom to tell: those who can do something about it.
TOLD_ROLES = (Role.OWNER, Role.OFFICE)
# Letters take their time with a slow mail server; what is left is told a minute later.
TELLING_S = 30.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of one company waits for longer than a moment: how many, since when, the last reason known."""

    count: int
    oldest: datetime
    reason: str


def watch(*, now: datetime) -> None:
    """Begin and end outages, and tell about those that nobody was told of. May run twice at once."""
    with unscoped(
        reason="registrations of every company are looked at, and each company's people told of their own"
    ):
        waiting = _waiting(now)
        _keep(waiting, now=now)
        _tell(waiting, now=now)


def open_outage(company: Company) -> Outage | None:
    """The one that was found and lasts. Call inside the company's scope."""
    return _open().filter(company=company).first()


def _open() -> QuerySet[Outage]:
    return Outage.objects.filter(origin=OutageOrigin.FOUND, ended_at__isnull=True)


def _waiting(now: datetime) -> dict[UUID, Waiting]:
    """By company, as employer or declarer, what has waited for longer than `CALM`."""
    lines = NssoLine.objects.filter(failing_since__isnull=False)
    failing = {line.credentials_id: line.last_failure for line in lines}
    found: dict[UUID, Waiting] = {}
    for employer, declarer, access, last_error, count, oldest in _counted(_late(now)):
        one = Waiting(count, oldest, _reason(failing, access, last_error))
        for company in {employer, declarer}:
            found[company] = _together(found[company], one) if company in found else one
    return found


def _late(now: datetime) -> QuerySet[Submission]:
    """Without an access at all nothing is expected to arrive; with one that is refused it is."""
    waits = Submission.objects.filter(
        state__in=(*UNFINISHED, MISCONFIGURED), registration__received_at__lt=now - CALM
    )
    return waits.exclude(state=MISCONFIGURED, credentials__isnull=True).order_by()


def _counted(late: QuerySet[Submission]) -> list[tuple[Any, ...]]:
    """Rows of employer, declarer, access, last error, how many, and when the oldest was received."""
    demo = list(Company.objects.filter(is_demo=True).values_list("pk", flat=True))
    in_the_demo = Q(registration__employer__in=demo) | Q(registration__declarer__in=demo)
    columns = ("registration__employer", "registration__declarer", "credentials", "last_error")
    rows = late.exclude(in_the_demo).values_list(*columns)
    counted = list(rows.annotate(Count("pk"), Min("registration__received_at")))
    if demo:
        told = late.filter(in_the_demo)
        counted += _not_told(told.values_list(*columns, "pk", "registration__received_at"))
    return counted


def _not_told(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Of the demo only what was tapped: it tells of times that had passed when its rows were made."""
    for *columns, pk, received in rows:
        if moment_of(pk) - received < CALM:
            yield *columns, 1, received


def _reason(failing: Mapping[UUID | None, str], access: UUID | None, last_error: str) -> str:
    """As the line of the access tells, else that of the service, else the submission's own last try."""
    if access in failing or None in failing:
        return failing.get(access) or failing.get(None, "")
    return last_error if failure_of(last_error) else ""


def _together(one: Waiting, other: Waiting) -> Waiting:
    first = min(one, other, key=lambda waiting: waiting.oldest)
    return Waiting(one.count + other.count, first.oldest, first.reason or one.reason or other.reason)


@transaction.atomic
def _keep(waiting: Mapping[UUID, Waiting], *, now: datetime) -> None:
    is_open = set(_open().values_list("company", flat=True))
    steps = {
        company: step(
            waiting[company].oldest if company in waiting else None, is_open=company in is_open, now=now
        )
        for company in is_open | set(waiting)
    }
    begun = [
        Outage(
            company_id=company,
            origin=OutageOrigin.FOUND,
            started_at=waiting[company].oldest,
            reason=waiting[company].reason,
            recorded_at=now,
        )
        for company, todo in steps.items()
        if todo is Step.BEGIN
    ]
    # Who looks at the same moment finds the same: the database keeps one open outage a company.
    Outage.objects.bulk_create(begun, ignore_conflicts=True)
    ended = [company for company, todo in steps.items() if todo is Step.END]
    _open().filter(company__in=ended).update(ended_at=now)


def _tell(waiting: Mapping[UUID, Waiting], *, now: datetime) -> None:
    has_people = Exists(_people(now).filter(company=OuterRef("company")))
    untold = _open().filter(has_people, told_at__isnull=True).select_related("company")
    stopwatch = Watch(now)
    for outage in untold.order_by("started_at", "id"):
        if stopwatch.elapsed_s() > TELLING_S:
            return
        # Committed at once, so that nobody else sends it, whatever becomes of this process.
        if not _open().filter(pk=outage.pk, told_at__isnull=True).update(told_at=now):
            continue
        if not _write(outage, waiting.get(outage.company_id), now=now):
            # The mail server took none of them: the next look tries again.
            Outage.objects.filter(pk=outage.pk, told_at=now).update(told_at=None)


def _people(now: datetime) -> QuerySet[Membership]:
    return Membership.objects.current(now).filter(role__in=TOLD_ROLES, user__is_active=True)


def _write(outage: Outage, waiting: Waiting | None, *, now: datetime) -> bool:
    """A letter to each of the company's people; whether the mail server took any."""
    company = outage.company
    context = {
        "outage": outage,
        "count": waiting.count if waiting else 0,
        "failure": failure_of(outage.reason),
        "url": f"{settings.PUBLIC_URL}{reverse('registrations:nsso-traffic')}",
    }
    people = _people(now).filter(company=company).select_related("user").order_by("since", "id")
    return sum(_sent(person, company, context) for person in people) > 0


def _sent(person: Membership, company: Company, context: Mapping[str, object]) -> bool:
    language = language_of(person.user.language, company.language)
    try:
        send_letter("outage", to=person.user.email, company=company, language=language, context=context)
    except LetterError:
        return False
    return True
