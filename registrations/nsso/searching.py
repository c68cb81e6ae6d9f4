"""Answers that were lost: look the registrations up before anything is sent again."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from ciao_portal.days import brussels_day
from ciao_portal.models import NssoCredentials
from ciao_portal.nsso.client import SearchAnswer
from ciao_portal.nsso.contract import Item, PresenceRegistration
from ciao_portal.nsso.errors import NssoError
from ciao_portal.outbox import lock_due, mark_in_flight
from registrations.models import Attempt, Submission
from registrations.nsso import attempts
from registrations.nsso.clients import is_practice
from registrations.nsso.columns import save_columns
from registrations.nsso.read_backs import look_soon
from registrations.nsso.results import Claim, change
from registrations.nsso.states import CLAIMED_FIELDS, UNCERTAIN, WAITING, accept, move

MOST_ROWS = 100


@dataclass(frozen=True)
class Lookup:
    """Uncertain submissions of one access on one Brussels day, in order of time."""

    credentials: NssoCredentials
    is_practice: bool
    day: date
    submissions: list[Submission]


def any_due(now: datetime, closed: AbstractSet[UUID]) -> bool:
    return _uncertain(closed).filter(due_at__lte=now, in_flight_since__isnull=True).exists()


def claim_lookups(
    *, sender: str, now: datetime, closed: AbstractSet[UUID], most: int = MOST_ROWS
) -> list[Lookup]:
    """Take the uncertain submissions that may be looked up now; none of the accesses in `closed`."""
    if not any_due(now, closed):
        return []
    with transaction.atomic():
        taken = lock_due(_uncertain(closed).order_by("due_at"), now=now, limit=most)
        mark_in_flight(taken, sender=sender, now=now)
        for row in taken:
            row.attempt_count -= 1  # A look is no try to send.
        save_columns(taken, CLAIMED_FIELDS)
    return _lookups([row.pk for row in taken])


def _uncertain(closed: AbstractSet[UUID]) -> QuerySet[Submission]:
    rows = Submission.objects.filter(state=UNCERTAIN, credentials__isnull=False)
    return rows.exclude(credentials__in=closed)


def _lookups(pks: Sequence[UUID]) -> list[Lookup]:
    rows = Submission.objects.filter(pk__in=pks).select_related(
        "person",
        "credentials__company",
        "registration__employer",
        "registration__declaration__company",
        "registration__workplace",
        "registration__place",
    )
    groups: dict[tuple[NssoCredentials, bool, date], list[Submission]] = defaultdict(list)
    for row in rows.order_by("happened_at", "registration"):
        if row.credentials is not None:
            key = (row.credentials, is_practice(row.registration), brussels_day(row.happened_at))
            groups[key].append(row)
    return [Lookup(*key, submissions) for key, submissions in groups.items()]


@transaction.atomic
def keep_found(
    claim: Claim, answer: SearchAnswer, items: Mapping[UUID, Item], *, now: datetime
) -> list[PresenceRegistration]:
    """Those the NSSO has are accepted, the others wait to be sent again. Returns what was recognised."""
    found = _recognised(claim.submissions, answer.registrations, items)
    Attempt.objects.bulk_create(
        attempts.attempt(
            one.pk,
            answer.exchanges[-1],
            operation=attempts.SEARCH,
            outcome="found" if found[one.pk] else "notFound",
        )
        for one in claim.submissions
    )
    change({one.pk: _found(claim, found[one.pk], now) for one in claim.submissions})
    look_soon((one for one in claim.submissions if found[one.pk]), now=now)
    return [registration for registrations in found.values() for registration in registrations]


@transaction.atomic
def keep_not_searched(claim: Claim, error: NssoError, *, due_at: datetime) -> None:
    """The look itself failed: they stay uncertain."""
    attempts.keep_failure([one.pk for one in claim.submissions], error, operation=attempts.SEARCH)
    postpone(claim, due_at=due_at, reason=error.code.value)


@transaction.atomic
def keep_stumbled(claim: Claim, error: Exception, *, due_at: datetime, now: datetime) -> None:
    """The portal itself failed to look: they stay uncertain."""
    pks = [one.pk for one in claim.submissions]
    attempts.keep_stumble(pks, error, operation=attempts.SEARCH, now=now)
    postpone(claim, due_at=due_at, reason=attempts.STUMBLED)


@transaction.atomic
def postpone(claim: Claim, *, due_at: datetime, reason: str) -> None:
    """Look again later."""

    def apply(row: Submission) -> None:
        if claim.holds(row):
            row.due_at, row.in_flight_since, row.last_error = due_at, None, reason

    change({one.pk: apply for one in claim.submissions})


def _recognised(
    submissions: Sequence[Submission],
    registrations: Sequence[PresenceRegistration],
    items: Mapping[UUID, Item],
) -> dict[UUID, list[PresenceRegistration]]:
    """What the NSSO has of each submission; the first is its number, any further ones are twins.

    A number that already belongs to a submission is nobody else's. Two submissions that look alike share what
    is there, one each before anybody gets a twin.
    """
    numbers = [registration.id for registration in registrations]
    used = set(Submission.objects.filter(nsso_id__in=numbers).values_list("nsso_id", flat=True))
    pool: dict[object, list[PresenceRegistration]] = defaultdict(list)
    for registration in sorted(registrations, key=lambda one: one.id):
        if registration.id not in used:
            pool[registration.match_key].append(registration)
    found: dict[UUID, list[PresenceRegistration]] = {one.pk: [] for one in submissions}
    for one in submissions:
        if candidates := _candidates(pool, items[one.pk]):
            found[one.pk].append(candidates.pop(0))
    for one in submissions:
        if found[one.pk]:
            candidates = pool[found[one.pk][0].match_key]
            found[one.pk] += candidates
            candidates.clear()
    return found


def _candidates(
    pool: Mapping[object, list[PresenceRegistration]], item: Item
) -> list[PresenceRegistration] | None:
    """Those that match; also without a reference, which may have become known after the item was sent."""
    key = item.match_key
    return pool.get(key) or pool.get((*key[:-1], None))


def _found(
    claim: Claim, registrations: Sequence[PresenceRegistration], now: datetime
) -> Callable[[Submission], None]:
    def apply(row: Submission) -> None:
        if not registrations and claim.holds(row):
            move(row, WAITING, due_at=now, reason=row.last_error)
        elif claim.holds(row):
            for registration in registrations:
                accept(row, nsso_id=registration.id, validity=registration.validity[:40], now=now)

    return apply
