"""Several accesses at once: a slow company holds up nobody else, and no access is used twice at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from ciao_portal.outbox import Loop
from registrations.models import Submission
from registrations.rules.presence import Kind
from tests.portal import wait_for
from tests.registrations.nsso.seams import BreakableChannel, Wire
from tests.registrations.nsso.world import ANNA, BILAL, CAROL, World, built_world, person_number, states
from tests.simulator import SimulatorProcess

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 60.0


@pytest.fixture
def world(transactional_db: None, simulator: SimulatorProcess) -> Iterator[World]:
    with built_world(simulator) as world:
        world.store_credentials(world.cast.main)
        world.store_credentials(world.cast.sub)
        yield world


class Gate:
    """Holds the first call that registers until it is opened."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._open = threading.Event()
        self.wire = Wire(before=[self._wait])

    def _wait(self) -> None:
        self.reached.set()
        assert self._open.wait(PATIENCE_S)

    def open(self) -> None:
        self._open.set()


@contextmanager
def running(gate: Gate) -> Iterator[Loop]:
    """A sender of four threads; ended in good order."""
    loop = Loop([BreakableChannel(gate.wire, threads=4)])
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        yield loop
    finally:
        gate.open()
        loop.stop()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
        connection.close()


def accepted() -> int:
    return Submission.objects.filter(state="accepted").count()


def test_a_slow_company_holds_up_no_other_and_is_asked_once_at_a_time(world: World) -> None:
    gate = Gate()
    slow = world.tap(ANNA)
    with running(gate):
        assert gate.reached.wait(PATIENCE_S)
        same = world.tap(CAROL, seconds=1)
        others = [
            world.tap(person_number(index), seconds=index, employer=world.cast.sub) for index in range(5)
        ]
        wait_for(lambda: set(states(*others)) == {"accepted"}, seconds=PATIENCE_S, what="the others")
        assert states(slow, same) == ["sending", "waiting"]
        gate.open()
        wait_for(lambda: accepted() == 7, seconds=PATIENCE_S, what="all")
    assert len(world.at_nsso()) == 7


def test_told_to_end_it_finishes_what_is_in_hand(world: World) -> None:
    gate = Gate()
    tap = world.tap(ANNA)
    with running(gate) as loop:
        assert gate.reached.wait(PATIENCE_S)
        loop.stop()
    assert states(tap) == ["accepted"]


def test_many_workers_of_several_accesses_arrive_once_and_in_order(world: World) -> None:
    gate = Gate()
    gate.open()
    firms = (world.cast.main, world.cast.sub)
    for step in range(6):
        for place, ssin in enumerate((ANNA, BILAL, CAROL)):
            kind = (Kind.IN, Kind.OUT)[step % 2]
            world.tap(ssin, kind, seconds=70 * step + place, employer=firms[(step + place) % 2])
    with running(gate):
        wait_for(lambda: accepted() == 18, seconds=PATIENCE_S, what="all")
    arrived = world.at_nsso()
    assert len(arrived) == 18
    for ssin in (ANNA, BILAL, CAROL):
        moments = [seconds for who, _, seconds in arrived if who == ssin]
        assert moments == sorted(moments)


def test_what_was_not_begun_goes_back_when_the_channel_is_closed(world: World) -> None:
    gate = Gate()
    channel = BreakableChannel(gate.wire, threads=2)
    first = world.tap(ANNA)
    now = timezone.now()
    assert channel.drain(sender="one", now=now) == 1
    assert gate.reached.wait(PATIENCE_S)
    second = world.tap(BILAL, seconds=1, employer=world.cast.sub)
    channel._closing.set()
    assert channel.drain(sender="one", now=now + timedelta(seconds=1)) == 1
    gate.open()
    channel.close()
    assert states(first, second) == ["accepted", "waiting"]
    assert Submission.objects.get(registration=second).attempt_count == 0
