"""Which submissions are sent next, and by whom.

Fresh ones go first, with a share for the backlog. One worker's registrations travel in order: a later one is
taken only together with every earlier one that is not finished yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from ciao_portal.models import NssoCredentials
from ciao_portal.nsso.transport import MAX_CONNECT_S
from ciao_portal.outbox import lock_free, mark_in_flight
from registrations.models import Submission
from registrations.nsso.clients import is_practice
from registrations.nsso.columns import save_columns
from registrations.nsso.credentials import credentials_for
from registrations.nsso.pauses import MISCONFIGURED_PAUSE, Pauses
from registrations.nsso.states import (
    CLAIMED_FIELDS,
    MISCONFIGURED,
    MOVED_FIELDS,
    SENDING,
    UNCERTAIN,
    UNFINISHED,
    WAITING,
    move,
)

# Of the rows in one claim: up to this share fresh ones, then up to this share oldest ones, then those whose
# credentials were missing. What one kind leaves free the next may use.
FRESH_SHARE = 0.7
BACKLOG_SHARE = 0.9
# How many workers' chains are looked up at first; then twice as many, and so on.
FIRST_WORKERS = 8
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


@dataclass(frozen=True)
class _Unfinished:
    """What the choice of rows needs to know of one."""

    pk: UUID
    person: UUID
    state: str
    due_at: datetime | None
    access: UUID | None
    place: tuple[UUID, UUID]


def claim(*, sender: str, now: datetime, pauses: Pauses) -> list[Batch]:
    """Take what is due, at most NSSO_BATCH_SIZE rows; the claim is committed when this returns.

    Rows without credentials become MISCONFIGURED and are looked at again in some minutes.
    """
    resting = pauses.resting(now)
    # Asked without a lock first: most of the time there is nothing to do.
    if not _due_waiting(now, resting).exists() and not _due_misconfigured(now, resting).exists():
        return []
    with transaction.atomic():
        chosen = _choose(now, resting)
        batches = _by_access(_loaded(chosen), now=now, resting=resting, pauses=pauses)
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


def _due_waiting(now: datetime, resting: AbstractSet[UUID]) -> QuerySet[Submission]:
    """Those that may leave now because nothing earlier of the same worker is stuck."""
    earlier = Submission.objects.filter(
        Q(happened_at__lt=OuterRef("happened_at"))
        | Q(happened_at=OuterRef("happened_at"), registration__lt=OuterRef("registration")),
        person=OuterRef("person"),
        state__in=UNFINISHED,
    )
    stuck = earlier.filter(~Q(state=WAITING) | Q(due_at__gt=now) | Q(credentials__in=resting))
    return _due(WAITING, now, resting).filter(~Exists(stuck))


def _due_misconfigured(now: datetime, resting: AbstractSet[UUID]) -> QuerySet[Submission]:
    return _due(MISCONFIGURED, now, resting)


def _due(state: str, now: datetime, resting: AbstractSet[UUID]) -> QuerySet[Submission]:
    due = Submission.objects.filter(state=state, due_at__lte=now, in_flight_since__isnull=True)
    return due.exclude(credentials__in=resting)


def _choose(now: datetime, resting: AbstractSet[UUID]) -> list[UUID]:
    """Ids of the rows to take, locked, the most urgent worker first and each worker's in order of time."""
    size: int = settings.NSSO_BATCH_SIZE
    waiting = _due_waiting(now, resting)
    fresh = _people(waiting.order_by("-due_at"), size)
    queues = (
        (fresh, max(1, int(size * FRESH_SHARE))),
        (_people(waiting.order_by("due_at"), size), max(1, int(size * BACKLOG_SHARE))),
        (_people(_due_misconfigured(now, resting).order_by("due_at"), size), size),
        (fresh, size),
    )
    chains: dict[UUID, list[_Unfinished]] = {}
    chosen: dict[UUID, _Unfinished] = {}
    for people, most in queues:
        for person in _with_chains(people, chains, now, resting):
            if len(chosen) >= most:
                break
            more = (row for row in chains[person] if row.pk not in chosen)
            chosen.update((row.pk, row) for row in islice(more, most - len(chosen)))
    return _locked(list(chosen.values()))


def _with_chains(
    people: Sequence[UUID], chains: dict[UUID, list[_Unfinished]], now: datetime, resting: AbstractSet[UUID]
) -> Iterator[UUID]:
    """The same workers, each once its chain is in `chains`.

    Looked up for a few workers first, then for more and more: of a long backlog few fill a portion.
    """
    start, count = 0, FIRST_WORKERS
    while some := people[start : start + count]:
        chains.update(_chains(set(some) - chains.keys(), now, resting))
        yield from some
        start, count = start + count, 2 * count


def _people(rows: QuerySet[Submission], most: int) -> list[UUID]:
    """The workers of the first rows, each once."""
    return list(dict.fromkeys(rows.values_list("person", flat=True)[:most]))


def _chains(
    people: AbstractSet[UUID], now: datetime, resting: AbstractSet[UUID]
) -> dict[UUID, list[_Unfinished]]:
    """For each worker, the rows that may be taken together: from the earliest on, until one is stuck."""
    found: dict[UUID, list[_Unfinished]] = defaultdict(list)
    for row in _unfinished(people):
        found[row.person].append(row)
    return {person: _takeable(found[person], now, resting) for person in people}


def _unfinished(people: AbstractSet[UUID]) -> Iterable[_Unfinished]:
    rows = Submission.objects.filter(person__in=people, state__in=(*UNFINISHED, MISCONFIGURED))
    columns = ("pk", "person", "state", "due_at", "credentials")
    places = ("registration__declaration", "registration__employer")
    ordered = rows.order_by("happened_at", "registration")
    return (
        _Unfinished(pk, person, state, due_at, access, (declaration, employer))
        for pk, person, state, due_at, access, declaration, employer in ordered.values_list(*columns, *places)
    )


def _takeable(rows: Sequence[_Unfinished], now: datetime, resting: AbstractSet[UUID]) -> list[_Unfinished]:
    # Where something waits, credentials are there by now: what lacked them earlier goes along and first.
    open_places = {row.place for row in rows if row.state == WAITING}
    taken = []
    for row in rows:
        is_due = row.due_at is not None and row.due_at <= now
        if row.state == MISCONFIGURED:
            if row.access not in resting and (is_due or row.place in open_places):
                taken.append(row)
        elif row.state == WAITING and is_due and row.access not in resting:
            taken.append(row)
        else:
            break
    return taken


def _locked(chosen: Sequence[_Unfinished]) -> list[UUID]:
    """Those nobody else took meanwhile; nothing behind a row that somebody else has."""
    rows = Submission.objects.filter(pk__in=[row.pk for row in chosen], state__in=(WAITING, MISCONFIGURED))
    free = set(lock_free(rows).values_list("pk", flat=True))
    cut: set[UUID] = set()
    kept = []
    for row in chosen:
        if row.pk not in free:
            cut.add(row.person)
        elif row.person not in cut:
            kept.append(row.pk)
    return kept


def _loaded(chosen: Sequence[UUID]) -> list[Submission]:
    """The rows with everything an item is made of, in the order given."""
    rows = Submission.objects.select_related(
        "person",
        "registration__employer",
        "registration__declaration__company",
        "registration__workplace",
        "registration__place",
    ).in_bulk(chosen)
    return [rows[pk] for pk in chosen]


def _by_access(
    rows: Sequence[Submission], *, now: datetime, resting: AbstractSet[UUID], pauses: Pauses
) -> list[Batch]:
    """Batches by access. Of one worker only the rows of one batch are taken, so that order is kept."""
    accesses = credentials_for(row.registration for row in rows)
    batches: dict[tuple[UUID, bool], Batch] = {}
    batch_of: dict[UUID, tuple[UUID, bool]] = {}
    left: set[UUID] = set()
    without, labelled = [], []
    for row in rows:
        access = accesses[row.registration_id]
        if access is None:
            move(row, MISCONFIGURED, due_at=now + MISCONFIGURED_PAUSE, reason=NO_CREDENTIALS)
            without.append(row)
            continue
        row.credentials = access
        key = (access.pk, is_practice(row.registration))
        batch = batches.get(key) or Batch(access, key[1], [])
        is_full = len(batch.submissions) >= pauses.rows_allowed(access.pk, settings.NSSO_BATCH_SIZE)
        must_stay = access.pk in resting or is_full or batch_of.get(row.person_id, key) != key
        if must_stay or row.person_id in left:
            left.add(row.person_id)
            labelled.append(row)
            continue
        batch_of[row.person_id] = key
        batches[key] = batch
        batch.submissions.append(row)
    save_columns(without, MOVED_FIELDS)
    save_columns(labelled, ["credentials"])
    for batch in batches.values():
        batch.submissions.sort(key=lambda row: (row.happened_at, row.registration_id))
    return list(batches.values())
