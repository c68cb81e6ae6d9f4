"""Random histories: whatever breaks in whatever order, in the end everything arrived once and in order.

A history is a list of steps: people register, senders drain, die before any statement or around any call, the
NSSO plays its faults, calls arrive late, clocks differ, time passes. Then everything is healed and drained.

`HISTORIES` says how many are tried (see `make test-long`); without it the same few hundred are, every time.
"""

import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, example, given, note, settings
from hypothesis import strategies as st
from pytest_django import Settings

from ciao_portal.days import brussels_day
from ciao_portal.models import Company, Person
from ciao_portal.nsso.contract import format_moment
from ciao_portal.nsso.simulator import operations
from ciao_portal.nsso.simulator.server import Server
from registrations.models import Attempt, NssoLine, ReadBack, Submission
from registrations.models.nsso import SubmissionState
from registrations.nsso.reading import ReadBackChannel
from registrations.rules.deadlines import CORRECTION_DAYS
from registrations.rules.presence import Kind
from tests.registrations.nsso.seams import BreakableChannel, Crash, Wire, crash_before_statement
from tests.registrations.nsso.world import T0, World, built_world, person_number
from tests.simulator import SimulatorProcess

# Fewer where each costs more: what the sender does is the same on every database, how it locks is not.
FEW = {"sqlite": 200, "postgresql": 100}
HISTORIES = int(os.environ.get("HISTORIES", "0"))
WORKERS = 4
# Further apart than what counts as the same tap.
BETWEEN_TAPS_S = 61
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "serviceUnavailable", "times": 2},
    {"kind": "serviceUnavailable", "times": 1, "retryAfter": 90},
    {"kind": "tooManyRequests", "times": 2, "retryAfter": 7},
    {"kind": "tokenExpired", "times": 1},
    {"kind": "tokenRefused", "times": 1},
    {"kind": "malformedItem", "times": 1},
    {"kind": "connectionReset", "times": 2},
    {"kind": "truncatedJson", "times": 1},
    {"kind": "htmlAnswer", "times": 3},
    {"kind": "unknownValidity", "times": 1},
)
ACCEPTED, REFUSED = SubmissionState.ACCEPTED.value, SubmissionState.REFUSED.value


class InProcess(SimulatorProcess):
    """The simulator's real server in a thread of this process: quick to begin anew, with a clock to move."""

    def __init__(self, folder: Path) -> None:
        self._server = Server(0, data=folder / "simulator.sqlite3", delay_s=0.0)
        super().__init__(folder)

    def _start(self, _port: int) -> None:
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def stop(self) -> int:
        self._server.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server.simulator.close()
        self._session.close()
        return 0


class Clock:
    """The simulator's clock for what it takes in: real time, and so many seconds."""

    def __init__(self) -> None:
        self.skew_s = 0.0

    def time(self) -> float:
        return time.time() + self.skew_s


@pytest.fixture(scope="module")
def in_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    simulator = InProcess(tmp_path_factory.mktemp("in-process"))
    yield simulator
    simulator.stop()


@pytest.fixture
def stage(
    db: None, in_process: InProcess, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator["Stage"]:
    """A chain of three: the declarer and its subcontractor have accesses of their own."""
    settings.NSSO_BASE_URL, settings.NSSO_TOKEN_URL = in_process.base_url, in_process.token_url
    settings.NSSO_TIMEOUT_S, settings.NSSO_BATCH_SIZE = 10.0, 3
    clock = Clock()
    monkeypatch.setattr(operations, "time", clock)
    with built_world(in_process) as world:
        first_day = brussels_day(T0) - timedelta(days=CORRECTION_DAYS)
        for firm in (world.cast.main, world.cast.sub):
            # The month before was read already: its days would be most of the time of a history.
            ReadBack.objects.create(credentials=world.store_credentials(firm), day=first_day)
        people = [person_number(index) for index in range(WORKERS)]
        yield Stage(world, in_process, clock, people)


@dataclass
class Stage:
    """What every history begins with."""

    world: World
    simulator: InProcess
    clock: Clock
    people: list[Person]


@dataclass
class History:
    """One history while it runs; `seconds` is the time since T0."""

    stage: Stage
    wire: Wire = field(default_factory=Wire)
    seconds: float = 0.0
    taps: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.senders = [BreakableChannel(self.wire), BreakableChannel(self.wire)]
        self.names = ["sender-0", "sender-1"]
        self.born = 2

    @property
    def now(self) -> datetime:
        return T0 + timedelta(seconds=self.seconds)

    def tap(self, worker: int, employer: int) -> None:
        cast = self.stage.world.cast
        firms: tuple[Company, ...] = (cast.main, cast.sub, cast.subsub)
        at_s = len(self.taps) * BETWEEN_TAPS_S
        self.seconds = max(self.seconds, at_s)
        tap = self.stage.world.tap(
            self.stage.people[worker],
            (Kind.IN, Kind.OUT)[len(self.taps) % 2],
            seconds=at_s,
            employer=firms[employer],
        )
        self.taps.append(tap.pk)

    def drain(self, sender: int) -> int:
        self.seconds += 0.05
        return self.senders[sender].drain(sender=self.names[sender], now=self.now)

    def die(self, sender: int) -> None:
        """A new process takes its place."""
        self.senders[sender].close()
        self.senders[sender] = BreakableChannel(self.wire)
        self.names[sender] = f"sender-{self.born}"
        self.born += 1
        self.wire.clear()

    def crash(self, sender: int, statement: int) -> None:
        try:
            with crash_before_statement(statement):
                self.drain(sender)
        except Crash:
            self.die(sender)

    def crash_at_call(self, sender: int, where: str) -> None:
        def die() -> None:
            raise Crash

        (self.wire.before if where == "before" else self.wire.after).append(die)
        try:
            self.drain(sender)
        except Crash:
            self.die(sender)
        self.wire.clear()

    def overtake(self, sender: int) -> None:
        """The other sender drains while a call of this one is under way."""

        def other_drains() -> None:
            self.senders[1 - sender].drain(sender="overtaking", now=self.now)

        self.wire.before.append(other_drains)
        self.drain(sender)
        self.wire.clear()

    def hold(self, sender: int) -> None:
        """The time-out comes before the request does."""
        self.wire.hold = True
        self.drain(sender)
        self.wire.clear()

    def deliver_late(self) -> None:
        self.wire.deliver_late()

    def fault(self, number: int) -> None:
        self.stage.simulator.put_faults(FAULTS[number])

    def skew(self, seconds: float) -> None:
        self.stage.clock.skew_s = seconds

    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds

    def shuffle(self, seed: int) -> None:
        """What waits becomes due in another order."""
        rows = list(Submission.objects.filter(state=SubmissionState.WAITING).order_by("pk"))
        for place, row in enumerate(rows):
            soon = self.now + timedelta(seconds=(place * 7 + seed) % 11 * 10)
            Submission.objects.filter(pk=row.pk).update(due_at=soon)

    def heal(self) -> None:
        """Nothing is broken any more; everything that is still under way arrives."""
        self.stage.simulator.put_faults()
        self.stage.clock.skew_s = 0.0
        self.wire.clear()
        self.deliver_late()
        for _round in range(40):
            while self.drain(0):
                pass
            if not Submission.objects.exclude(state__in=(ACCEPTED, REFUSED)).exists():
                break
            self.seconds += 61
        # What was taken in last is looked at some seconds later.
        self.seconds += 5
        reading = ReadBackChannel()
        while reading.drain(sender="reading", now=self.now):
            self.seconds += 1
        reading.close()

    def close(self) -> None:
        for sender in self.senders:
            sender.close()


SENDERS = st.integers(0, 1)
TAPS = st.tuples(st.just("tap"), st.integers(0, WORKERS - 1), st.integers(0, 2))
STEPS = st.one_of(
    TAPS,
    TAPS,
    TAPS,
    TAPS,
    st.tuples(st.just("drain"), SENDERS),
    st.tuples(st.just("crash"), SENDERS, st.integers(1, 90)),
    st.tuples(st.just("crash_at_call"), SENDERS, st.sampled_from(["before", "after"])),
    st.tuples(st.just("overtake"), SENDERS),
    st.tuples(st.just("hold"), SENDERS),
    st.tuples(st.just("deliver_late")),
    st.tuples(st.just("fault"), st.integers(0, len(FAULTS) - 1)),
    st.tuples(st.just("skew"), st.sampled_from([0.0, -10_000.0, 30.0])),
    st.tuples(st.just("pass_time"), st.sampled_from([0.1, 1.0, 6.0, 45.0, 61.0, 400.0])),
    st.tuples(st.just("shuffle"), st.integers(0, 10)),
)


# The NSSO leaves out the second of three, and its answer is lost.
LOST_AFTER_A_PART = (("tap", 0, 0),) * 3


@example(steps=[("fault", 5), *LOST_AFTER_A_PART, ("crash_at_call", 0, "after")])
@settings(
    max_examples=HISTORIES or FEW[connection.vendor],
    derandomize=not HISTORIES,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
@given(steps=st.lists(STEPS, min_size=8, max_size=18))
def test_every_history_ends_well(stage: Stage, steps: list[tuple[Any, ...]]) -> None:
    stage.simulator.clear()
    history = History(stage)
    with transaction.atomic():
        try:
            for name, *arguments in steps:
                getattr(history, name)(*arguments)
            history.heal()
            note(f"taps: {len(history.taps)}")
            assert_all_is_well(history)
        finally:
            history.close()
            transaction.set_rollback(True)


def assert_all_is_well(history: History) -> None:
    rows = list(Submission.objects.select_related("registration", "person").order_by("happened_at"))
    assert [row.registration_id for row in rows] == history.taps
    # Nothing is left on its way, and every end has its evidence.
    assert {row.state for row in rows} <= {ACCEPTED, REFUSED}
    assert all(row.in_flight_since is None and row.due_at is None for row in rows)
    tried = set(Attempt.objects.values_list("submission", flat=True))
    assert tried == {row.pk for row in rows}
    # Everything due is there once; what is there twice is a twin we know; nothing was invented.
    theirs = history.stage.simulator.registrations()
    expected = Counter(
        number for row in rows if row.state == ACCEPTED for number in (row.nsso_id, *row.twin_nsso_ids)
    )
    assert Counter(one["id"] for one in theirs) == expected
    assert all(row.nsso_id is None for row in rows if row.state == REFUSED)
    # Twins come of requests that arrived after they were searched for, and of nothing else.
    for row in rows:
        moment = format_moment(row.happened_at)
        assert len(row.twin_nsso_ids) <= history.wire.held[row.person.ssin or "", moment]
    moments = {row.nsso_id: row for row in rows}
    for one in theirs:
        if one["id"] in moments:
            row = moments[one["id"]]
            assert (one["ssin"], one["type"]) == (row.person.ssin, row.registration.kind)
    assert_order([row for row in rows if not was_left_out(row, history)], theirs)
    assert not NssoLine.objects.filter(failures__gt=0, last_failure="tokenRefused").exists()


def was_left_out(row: Submission, history: History) -> bool:
    """The NSSO took what came after it in the same call, and the answer that says so may have been lost."""
    return (row.person.ssin or "", format_moment(row.happened_at)) in history.wire.left_out


def assert_order(rows: list[Submission], theirs: list[dict[str, Any]]) -> None:
    """Per worker the NSSO took them in as they happened.

    What waited for a refused token overtakes nothing of the same access, but others may overtake it.
    """
    place: dict[int, int] = {}
    for number, one in enumerate(theirs):
        place.setdefault(one["id"], number)
    broken = set(Attempt.objects.filter(outcome="tokenRefused").values_list("submission", flat=True))
    sequences: dict[object, list[int]] = defaultdict(list)
    for row in rows:
        if row.nsso_id is not None:
            first = min(place[number] for number in (row.nsso_id, *row.twin_nsso_ids))
            sequences[row.person_id, row.credentials_id].append(first)
            if row.pk not in broken:
                sequences[row.person_id].append(first)
    for numbers in sequences.values():
        assert numbers == sorted(numbers)
