"""Taking and giving back: which submissions a sender holds, and for how long.

A claim is committed before a byte is sent.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from ciao_portal.models import NssoCredentials
from ciao_portal.nsso.transport import MAX_CONNECT_S
from ciao_portal.outbox import lock_free, mark_in_flight
from registrations.models import Submission
from registrations.nsso.choosing import Limits, anything_due, choose, unassigned
from registrations.nsso.clients import is_practice
from registrations.nsso.columns import save_columns
from registrations.nsso.credentials import Place, credentials_at, credentials_for
from registrations.nsso.states import (
    CLAIMED_FIELDS,
    MISCONFIGURED,
    MOVED_FIELDS,
    SENDING,
    UNCERTAIN,
    WAITING,
    move,
)
from registrations.rules.breaker import MISCONFIGURED_PAUSE

NO_CREDENTIALS = "credentialsMissing"


def search_after() -> timedelta:
    """How long after its last byte a request may be looked up: the NSSO may be storing it until then."""
    seconds: float = settings.NSSO_TIMEOUT_S + settings.NSSO_SEARCH_MARGIN_S
    return timedelta(seconds=seconds)


@dataclass(frozen=True)
class Batch:
    """Claimed submissions of one access, in order of time; practice data travel apart."""

    credentials: NssoCredentials
    is_practice: bool
    submissions: list[Submission]


def claim(*, sender: str, now: datetime, limits: Limits) -> list[Batch]:
    """Take what is due within the limits; the claim is committed when this returns.

    Rows without credentials become MISCONFIGURED and are looked at again in some minutes.
    """
    if not anything_due(now, limits.closed):
        return []
    with transaction.atomic():
        _assign(now)
        batches = _by_access(_loaded(choose(now, limits)), limits.closed, now=now)
        taken = [submission for batch in batches for submission in batch.submissions]
        for submission in taken:
            move(submission, SENDING, due_at=submission.due_at, reason=submission.last_error)
        mark_in_flight(taken, sender=sender, now=now)
        save_columns(taken, CLAIMED_FIELDS)
    return batches


def renew(submissions: Sequence[Submission], *, sender: str, now: datetime) -> list[Submission]:
    """Note that they leave now; answers those still ours: a sender taken for dead loses its claim."""
    ours = Submission.objects.filter(
        pk__in=[submission.pk for submission in submissions], claimed_by=sender, state=SENDING
    )
    ours.update(in_flight_since=now)
    kept = set(ours.values_list("pk", flat=True))
    return [submission for submission in submissions if submission.pk in kept]


@transaction.atomic
def release(submissions: Iterable[Submission], *, sender: str, now: datetime) -> None:
    """Give back what was claimed and never left the house."""
    ours = Submission.objects.select_for_update().filter(
        pk__in=[submission.pk for submission in submissions], claimed_by=sender, state=SENDING
    )
    rows = list(ours.order_by("pk"))
    for row in rows:
        row.attempt_count -= 1
        move(row, WAITING, due_at=row.due_at or now, reason=row.last_error)
    save_columns(rows, MOVED_FIELDS)


def give_up_claims_of_the_dead(*, now: datetime) -> int:
    """Claims older than any living sender holds: what was being sent is uncertain from now on."""
    dead = Q(in_flight_since__lt=now - search_after())
    if not Submission.objects.filter(dead, state__in=(SENDING, UNCERTAIN)).exists():
        return 0
    with transaction.atomic():
        return _give_up(dead, now=now)


def _give_up(dead: Q, *, now: datetime) -> int:
    Submission.objects.filter(dead, state=UNCERTAIN).update(in_flight_since=None)
    rows = list(Submission.objects.select_for_update().filter(dead, state=SENDING).order_by("pk"))
    # The claim is renewed just before a request leaves; connecting may have taken this much longer.
    connecting = timedelta(seconds=min(MAX_CONNECT_S, settings.NSSO_TIMEOUT_S))
    for row in rows:
        last_byte = (row.in_flight_since or now) + connecting
        move(row, UNCERTAIN, due_at=max(now, last_byte + search_after()), reason="senderDied")
    save_columns(rows, MOVED_FIELDS)
    return len(rows)


def _assign(now: datetime) -> None:
    """Note on rows that are due under which access they travel."""
    at: dict[Place, list[UUID]] = defaultdict(list)
    places = ("declaration", "declarer", "employer", "happened_day")
    for pk, *place in lock_free(unassigned(now).order_by("pk")).values_list("pk", *places):
        at[Place(*place)].append(pk)
    having: dict[NssoCredentials, list[UUID]] = defaultdict(list)
    without: list[UUID] = []
    for where, access in credentials_at(at.keys()).items():
        (without if access is None else having[access]).extend(at[where])
    for access, pks in having.items():
        Submission.objects.filter(pk__in=pks).update(credentials=access)
    rows = list(Submission.objects.filter(pk__in=without))
    for row in rows:
        _without_access(row, now)
    save_columns(rows, MOVED_FIELDS)


def _without_access(row: Submission, now: datetime) -> None:
    row.credentials = None
    move(row, MISCONFIGURED, due_at=now + MISCONFIGURED_PAUSE, reason=NO_CREDENTIALS)


def _loaded(chosen: Sequence[UUID]) -> list[Submission]:
    """The rows with everything an item is made of, in the order given."""
    # What many rows have in common is fetched, and made into objects, once.
    rows = (
        Submission.objects.select_related("person", "registration__place")
        .prefetch_related(
            "registration__employer", "registration__declaration__company", "registration__workplace"
        )
        .in_bulk(chosen)
    )
    return [rows[pk] for pk in chosen]


def _by_access(rows: Sequence[Submission], closed: AbstractSet[UUID], *, now: datetime) -> list[Batch]:
    """Batches by access. Of one worker only the rows of one batch are taken, so that order is kept.

    Accesses may have come or gone since a row's was noted: what belongs to another one by now is noted anew
    and waits for the next claim.
    """
    accesses = credentials_for(row.registration for row in rows)
    batches: dict[tuple[UUID, bool], Batch] = {}
    batch_of: dict[UUID, tuple[UUID, bool]] = {}
    left: set[UUID] = set()
    without, noted = [], []
    for row in rows:
        access = accesses[row.registration_id]
        if access is None:
            _without_access(row, now)
            without.append(row)
            continue
        key = (access.pk, is_practice(row.registration))
        must_wait = row.credentials_id not in (None, access.pk) or access.pk in closed
        row.credentials = access
        if must_wait or row.person_id in left or batch_of.setdefault(row.person_id, key) != key:
            left.add(row.person_id)
            noted.append(row)
            continue
        batches.setdefault(key, Batch(access, key[1], [])).submissions.append(row)
    save_columns(without, MOVED_FIELDS)
    save_columns(noted, ["credentials"])
    for batch in batches.values():
        batch.submissions.sort(key=lambda row: (row.happened_at, row.registration_id))
    return list(batches.values())
