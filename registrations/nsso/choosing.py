"""Which rows go next: fresh ones first with a share for the backlog, in order for each worker, by access.

One worker's registrations travel in order: a later one is taken only together with every earlier one that is
not finished yet.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from ciao_portal.models import NssoCredentials
from ciao_portal.outbox import lock_free
from registrations.models import Submission
from registrations.nsso.states import MISCONFIGURED, UNFINISHED, WAITING

# Of the rows of one access: up to this share fresh ones, then up to this share oldest ones, then those that
# waited for somebody to put something right. What one kind leaves free the next may use.
FRESH_SHARE = 0.7
BACKLOG_SHARE = 0.9
# So many full portions are looked over at once; the next look leaves out the accesses that are full by then.
PORTIONS_AT_ONCE = 4
# So many rows without an access get one at once, from either end of the queue.
ASSIGNED_AT_ONCE = 1000
# How many workers' chains are looked up at first; then twice as many, and so on.
FIRST_WORKERS = 8


@dataclass(frozen=True)
class Limits:
    """How much may be taken at once: accesses, and rows of each; `closed` must not be used now."""

    accesses: int
    rows_of: Callable[[UUID], int]
    closed: AbstractSet[UUID]


@dataclass(frozen=True)
class _Unfinished:
    """What the choice of rows needs to know of one."""

    pk: UUID
    person: UUID
    state: str
    due_at: datetime | None
    access: UUID | None
    place: tuple[UUID, UUID]


def anything_due(now: datetime, closed: AbstractSet[UUID]) -> bool:
    """Asked without a lock: most of the time there is nothing to do, which one short question tells."""
    if not _due(now, WAITING, MISCONFIGURED).exists():
        return False
    return bool(accesses_due(now, closed)) or _without_access(now).exists()


def accesses_due(now: datetime, closed: AbstractSet[UUID]) -> list[UUID]:
    """Accesses under which something may leave now.

    Each is asked by itself: among all rows that are due, those of the others would be looked for behind the
    whole backlog of one that is closed, which most of the time is the one in hand.
    """
    waiting = due_waiting(now, closed).filter(credentials=OuterRef("pk"))
    broken = _due(now, MISCONFIGURED).filter(credentials=OuterRef("pk"))
    accesses = NssoCredentials.objects.exclude(pk__in=closed).filter(Exists(waiting) | Exists(broken))
    return list(accesses.values_list("pk", flat=True))


def due_waiting(now: datetime, closed: AbstractSet[UUID]) -> QuerySet[Submission]:
    """Those that may leave now because nothing earlier of the same worker is stuck."""
    earlier = Submission.objects.filter(
        Q(happened_at__lt=OuterRef("happened_at")) | Q(registration__lt=OuterRef("registration")),
        happened_at__lte=OuterRef("happened_at"),
        person=OuterRef("person"),
        state__in=UNFINISHED,
    )
    stuck = earlier.filter(~Q(state=WAITING) | Q(due_at__gt=now) | Q(credentials__in=closed))
    # There is no row without a person. The OR keeps PostgreSQL from making a join of the question: before it
    # counts the rows of a sudden backlog anew, it takes them for one, and a join of all with all takes hours.
    return _due(now, WAITING).filter(Q(person__isnull=True) | ~Exists(stuck))


def _due(now: datetime, *states: str) -> QuerySet[Submission]:
    return Submission.objects.filter(state__in=states, due_at__lte=now, in_flight_since__isnull=True)


def _without_access(now: datetime) -> QuerySet[Submission]:
    return _due(now, WAITING, MISCONFIGURED).filter(credentials__isnull=True)


def unassigned(now: datetime) -> QuerySet[Submission]:
    """Of the rows of which nobody noted an access yet, those that became due last and first."""
    rows = _without_access(now)
    keys = set(rows.order_by("-due_at").values_list("pk", flat=True)[:ASSIGNED_AT_ONCE])
    if len(keys) == ASSIGNED_AT_ONCE:
        keys.update(rows.order_by("due_at").values_list("pk", flat=True)[:ASSIGNED_AT_ONCE])
    return rows.filter(pk__in=keys)


def choose(now: datetime, limits: Limits) -> list[UUID]:
    """Ids of the rows to take, locked, the most urgent worker first and each worker's in order of time."""
    choice = _Choice(now, limits)
    while choice.look_over():
        pass
    return _locked(choice.rows())


class _Choice:
    """Fills the portions of one access after the other."""

    def __init__(self, now: datetime, limits: Limits) -> None:
        self._now = now
        self._limits = limits
        self._accesses = accesses_due(now, limits.closed)
        self._window: int = PORTIONS_AT_ONCE * settings.NSSO_BATCH_SIZE
        self._chosen: dict[UUID, dict[UUID, _Unfinished]] = {}
        self._chains: dict[UUID, list[_Unfinished]] = {}

    def rows(self) -> list[_Unfinished]:
        return [row for rows in self._chosen.values() for row in rows.values()]

    def look_over(self) -> bool:
        """Choose from the most urgent rows; answers whether those behind them are worth a look."""
        before = len(self.rows())
        full = {access for access in self._chosen if not self._room(access, 1.0)}
        with_room = [access for access in self._accesses if access not in full]
        waiting = due_waiting(self._now, self._limits.closed | full).filter(credentials__in=with_room)
        fresh = self._window_of(waiting.order_by("-due_at"))
        old = self._window_of(waiting.order_by("due_at")) if len(fresh) == self._window else fresh[::-1]
        broken = self._window_of(
            _due(self._now, MISCONFIGURED).filter(credentials__in=with_room).order_by("due_at")
        )
        for window, share in ((fresh, FRESH_SHARE), (old, BACKLOG_SHARE), (broken, 1.0), (fresh, 1.0)):
            for person in self._with_chains(window, share):
                self._take(self._chains[person], share)
        is_full = len(self.rows()) >= self._window or len(self._chosen) >= self._limits.accesses
        return not is_full and len(self.rows()) > before and len(fresh) == self._window

    def _window_of(self, rows: QuerySet[Submission]) -> list[tuple[UUID, UUID | None]]:
        """Worker and access of the first rows."""
        return list(rows.values_list("person", "credentials")[: self._window])

    def _take(self, chain: Sequence[_Unfinished], share: float) -> None:
        access = next((row.access for row in chain if row.access is not None), None)
        if access is None or not self._has_room(access, share):
            return
        chosen = self._chosen.get(access, {})
        more = [row for row in chain if row.pk not in chosen][: self._room(access, share)]
        if more:
            self._chosen[access] = chosen | {row.pk: row for row in more}

    def _room(self, access: UUID, share: float) -> int:
        most = max(1, int(self._limits.rows_of(access) * share))
        return max(0, most - len(self._chosen.get(access, {})))

    def _with_chains(self, window: Sequence[tuple[UUID, UUID | None]], share: float) -> Iterator[UUID]:
        """The workers of rows there is room for, each once and once its chain is known.

        Looked up for a few workers first, then for more and more: of a long backlog few fill a portion.
        """
        listed = iter(dict.fromkeys(window))
        seen: set[UUID] = set()
        count = FIRST_WORKERS
        while some := self._next(listed, seen, count, share):
            self._chains.update(self._looked_up(some - self._chains.keys()))
            yield from some
            count *= 2

    def _next(
        self, listed: Iterator[tuple[UUID, UUID | None]], seen: set[UUID], count: int, share: float
    ) -> AbstractSet[UUID]:
        """The next workers, in order, whose row is of an access with room."""
        some: dict[UUID, None] = {}
        for person, access in listed:
            if person not in seen and access is not None and self._has_room(access, share):
                seen.add(person)
                some[person] = None
                if len(some) == count:
                    break
        return some.keys()

    def _has_room(self, access: UUID, share: float) -> bool:
        if access not in self._chosen:
            return len(self._chosen) < self._limits.accesses
        return self._room(access, share) > 0

    def _looked_up(self, people: AbstractSet[UUID]) -> dict[UUID, list[_Unfinished]]:
        """For each worker, the rows that may be taken together: from the earliest on, until one is stuck."""
        found: dict[UUID, list[_Unfinished]] = defaultdict(list)
        for row in _unfinished(people):
            found[row.person].append(row)
        return {person: _takeable(found[person], self._now, self._limits.closed) for person in people}


def _unfinished(people: AbstractSet[UUID]) -> Iterable[_Unfinished]:
    if not people:
        return ()
    rows = Submission.objects.filter(person__in=people, state__in=(*UNFINISHED, MISCONFIGURED))
    columns = ("pk", "person", "state", "due_at", "credentials", "declaration", "employer")
    ordered = rows.order_by("happened_at", "registration")
    return (
        _Unfinished(pk, person, state, due_at, access, (declaration, employer))
        for pk, person, state, due_at, access, declaration, employer in ordered.values_list(*columns)
    )


def _takeable(rows: Sequence[_Unfinished], now: datetime, closed: AbstractSet[UUID]) -> list[_Unfinished]:
    # Where something waits, credentials are there by now: what lacked them earlier goes along and first.
    open_places = {row.place for row in rows if row.state == WAITING}
    free = []
    for row in rows:
        is_due = row.due_at is not None and row.due_at <= now
        if row.state == MISCONFIGURED:
            if row.access not in closed and (is_due or row.place in open_places):
                free.append(row)
        elif row.state == WAITING and is_due and row.access is not None and row.access not in closed:
            free.append(row)
        else:
            break
    first = next((row.access for row in free if row.access is not None), None)
    return list(takewhile(lambda row: row.access in (None, first), free))


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
