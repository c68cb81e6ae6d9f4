"""The channel that brings registrations to the NSSO: in batches, in order, each once as far as can be known.

One thread takes portions: it claims what is due and hands it out by access. A few others do the calls, so
that a company whose calls are slow holds up nobody else. No access is ever with two threads at once.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings

from ciao_portal.crew import Crew
from ciao_portal.outbox import IDLE_SECONDS, Watch
from ciao_portal.tenancy import unscoped
from registrations.nsso import choosing, claims, lines, searching
from registrations.nsso.batches import Desk, Sending
from registrations.nsso.choosing import Limits
from registrations.nsso.claims import Batch
from registrations.nsso.clients import Clients
from registrations.nsso.lines import Lines, Traffic
from registrations.nsso.looks import Looking
from registrations.nsso.searching import Lookup
from registrations.rules.breaker import PROBE_ROWS, Passage

# What was not begun by then goes back: fresher ones may have come, and other senders may be free.
PORTION_S = 5.0
# At most so many accesses in one portion.
MOST_ACCESSES = 32
REASON = "the sender brings the registrations of every company to the NSSO"


@dataclass
class _Job:
    """What is to be done under one access, looks first."""

    lookups: list[Lookup] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)

    @property
    def rows(self) -> int:
        looked_up = sum(len(lookup.submissions) for lookup in self.lookups)
        return looked_up + sum(len(batch.submissions) for batch in self.batches)


class SubmissionChannel:
    """Looks up what is uncertain and sends what waits, under several accesses at once."""

    rest_factor = 0.0

    def __init__(self, threads: int | None = None) -> None:
        self._crew = Crew(threads or settings.NSSO_SENDER_THREADS, name="nsso")
        self._clients = Clients()
        self._lines = Lines()
        self._lock = threading.Lock()
        self._in_hand: set[UUID] = set()
        self._closing = threading.Event()

    def drain(self, *, sender: str, now: datetime) -> int:
        """One portion; answers how many submissions were taken, 0 when nothing is due or under way any more.

        With several threads it does not wait for the calls, unless there is nothing else to do.
        """
        watch = Watch(now)
        while True:
            mark = self._crew.changes
            taken = 0 if self._crew.has_waiting else self._take(sender, watch.now())
            if taken or (self._crew.changes == mark and not self._crew.is_busy):
                return taken
            self._crew.wait(mark, IDLE_SECONDS)

    def close(self) -> None:
        """Let the calls in hand end; what was not begun goes back."""
        self._closing.set()
        self._crew.close()
        self._clients.close()

    def _take(self, sender: str, now: datetime) -> int:
        with unscoped(reason=REASON):
            claims.give_up_claims_of_the_dead(now=now)
            traffic = self._lines.look(now)
            if traffic.passage is Passage.RESTING:
                return 0
            with self._lock:
                closed = traffic.resting | self._in_hand
            desk = Desk(self._clients, self._lines, sender, Watch(now))
            if traffic.passage is Passage.PROBE:
                return self._probe(desk, closed)
            return self._portion(desk, closed, traffic)

    def _portion(self, desk: Desk, closed: frozenset[UUID], traffic: Traffic) -> int:
        now = traffic.now
        limits = Limits(
            accesses=MOST_ACCESSES,
            rows_of=lambda access: traffic.rows_allowed(access, settings.NSSO_BATCH_SIZE),
            closed=closed,
        )
        lookups = searching.claim_lookups(sender=desk.sender, now=now, closed=closed)
        batches = claims.claim(sender=desk.sender, now=now, limits=limits)
        jobs = _by_access(lookups, batches)
        for place, (access, job) in enumerate(jobs.items()):
            self._give(access, job, desk, must_go=place == 0)
        return sum(job.rows for job in jobs.values())

    def _probe(self, desk: Desk, closed: frozenset[UUID]) -> int:
        """A few rows of one access find out whether the service works again; nobody else does meanwhile."""
        now = desk.watch.now()
        if not choosing.anything_due(now, closed) and not searching.any_due(now, closed):
            return 0
        until = lines.take_probe(now)
        if until is None:
            return 0
        limits = Limits(accesses=1, rows_of=lambda _access: PROBE_ROWS, closed=closed)
        batches = claims.claim(sender=desk.sender, now=now, limits=limits)
        lookups: list[Lookup] = []
        if not batches:
            lookups = searching.claim_lookups(sender=desk.sender, now=now, closed=closed, most=1)
        jobs = _by_access(lookups, batches)
        if not jobs:
            lines.give_probe_back(until, now=now)
        probing = Desk(desk.clients, desk.lines, desk.sender, desk.watch, is_probe=True)
        for access, job in jobs.items():
            self._give(access, job, probing, must_go=True, probe_until=until)
        return sum(job.rows for job in jobs.values())

    def _give(
        self, access: UUID, job: _Job, desk: Desk, *, must_go: bool, probe_until: datetime | None = None
    ) -> None:
        with self._lock:
            self._in_hand.add(access)

        def work() -> None:
            try:
                with unscoped(reason=REASON):
                    self._work(access, job, desk, must_go=must_go)
                    if probe_until is not None:
                        lines.give_probe_back(probe_until, now=desk.watch.now())
            finally:
                with self._lock:
                    self._in_hand.discard(access)

        self._crew.give(work)

    def _work(self, access: UUID, job: _Job, desk: Desk, *, must_go: bool) -> None:
        for lookup in job.lookups:
            looking = Looking(desk, lookup)
            if self._may_go(access, desk, must_go=must_go):
                looking.run()
            else:
                looking.postpone()
        for batch in job.batches:
            if self._may_go(access, desk, must_go=must_go):
                Sending(desk, batch).run()
            else:
                claims.release(batch.submissions, sender=desk.sender, now=desk.watch.now())

    def _may_go(self, access: UUID, desk: Desk, *, must_go: bool) -> bool:
        """Whether a call may still begin: what else failed meanwhile counts too."""
        if self._closing.is_set() or (desk.watch.elapsed_s() > PORTION_S and not must_go):
            return False
        traffic = lines.look(desk.watch.now())
        is_open = desk.is_probe or traffic.passage is Passage.FREE
        return is_open and traffic.rest_of(access) is None


def _by_access(lookups: Iterable[Lookup], batches: Sequence[Batch]) -> dict[UUID, _Job]:
    """Jobs by access, in the order in which their rows were chosen."""
    jobs: dict[UUID, _Job] = defaultdict(_Job)
    for lookup in lookups:
        jobs[lookup.credentials.pk].lookups.append(lookup)
    for batch in batches:
        jobs[batch.credentials.pk].batches.append(batch)
    return dict(jobs)
