"""Answers that were lost: nothing is sent again before it was looked up, and nothing is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from ciao_portal.tenancy import unscoped
from registrations.models import Submission
from registrations.nsso.items import build_item
from registrations.nsso.results import Claim, keep_answer
from registrations.rules.location import TypedAddress
from registrations.rules.presence import Kind
from registrations.services.places import keep_place
from tests.registrations.nsso.world import (
    ANNA,
    BILAL,
    T0,
    World,
    at,
    built_world,
    journey,
    outcomes,
    presences,
    states,
)
from tests.simulator import REPOSITORY, SimulatorProcess

MARGIN_S = 30


@pytest.fixture
def impatient(settings: Settings) -> float:
    """A short time-out, so that an answer that never comes is given up soon."""
    settings.NSSO_TIMEOUT_S = 1.0
    return 1.0 + MARGIN_S


def test_a_stored_tap_whose_answer_is_lost_is_found_and_not_sent_again(
    world: World, impatient: float
) -> None:
    world.simulator.put_faults({"kind": "timeoutAfterWrite", "times": 1, "seconds": 3})
    tap = world.tap(ANNA)
    world.send(0)
    lost = journey(tap)
    assert lost.state == "uncertain"
    assert lost.due_at is not None
    # Not before the time-out and the margin have passed since the last byte, however the clock is read.
    assert lost.due_at >= at(1 + impatient)
    later = world.tap(ANNA, Kind.OUT, seconds=10)
    assert world.send(impatient - 1) == 0
    assert states(tap, later) == ["uncertain", "waiting"]
    world.send(impatient + 5)
    found = journey(tap)
    assert (found.state, found.nsso_id) == ("accepted", presences()[0].nsso_id)
    assert outcomes(tap) == [("register", "timeout"), ("search", "found")]
    world.send(impatient + 6)
    assert states(later) == ["accepted"]
    assert [type_ for _, type_, _ in world.at_nsso()] == ["IN", "OUT"]


def test_a_place_told_while_the_answer_is_lost_sends_nothing_twice(world: World, impatient: float) -> None:
    world.simulator.put_faults({"kind": "timeoutAfterWrite", "times": 1, "seconds": 3})
    tap = world.tap(ANNA)
    world.send(0)
    keep_place(registration=tap, given=TypedAddress("Veldstraat", "9000", "Gent", "1"), now=at(2))
    world.send(impatient + 5)
    world.send(impatient + 6)
    assert states(tap) == ["accepted"]
    assert [one["placeOfWork"]["address"]["streetName"] for one in world.simulator.registrations()] == [
        "Kouter"
    ]


def test_a_tap_that_never_arrived_is_sent_again_after_the_look(world: World) -> None:
    world.simulator.put_faults({"kind": "connectionReset", "times": 1})
    tap = world.tap(ANNA)
    world.send(0)
    assert states(tap) == ["uncertain"]
    world.send(60)
    world.send(80)
    assert outcomes(tap) == [
        ("register", "connectionLost"),
        ("search", "notFound"),
        ("register", "created"),
    ]
    assert len(world.at_nsso()) == 1


def test_a_twin_that_is_there_at_the_look_is_kept_with_both_numbers(world: World) -> None:
    world.simulator.put_faults({"kind": "truncatedJson", "times": 1})
    tap = world.tap(ANNA)
    world.send(0)
    # Somebody at the NSSO pressed it a second time: the same act under another number.
    [item] = world.simulator.registrations()
    clone = {name: value for name, value in item.items() if name not in ("id", "receivedAt")}
    world.simulator.put_reference(presences=[clone])
    world.send(60)
    found = journey(tap)
    assert found.nsso_id == item["id"]
    assert len(found.twin_nsso_ids) == 1


def test_a_write_that_lands_after_the_look_is_recognised_as_a_twin(world: World, impatient: float) -> None:
    world.simulator.put_faults({"kind": "truncatedJson", "times": 1})
    tap = world.tap(ANNA)
    world.send(0)
    [item] = world.simulator.registrations()
    # As if the look had come too early: the portal believes that it never arrived.
    Submission.objects.filter(registration=tap).update(state="waiting", due_at=at(1))
    world.send(10)
    world.read(20)
    accepted = journey(tap)
    assert accepted.nsso_id != item["id"]
    assert accepted.twin_nsso_ids == [item["id"]]
    assert [one.registration_id for one in presences()] == [tap.pk, tap.pk]


def test_reading_back_recognises_what_was_about_to_be_sent_again(world: World) -> None:
    world.simulator.put_faults({"kind": "truncatedJson", "times": 1})
    tap = world.tap(ANNA)
    world.send(0)
    Submission.objects.filter(registration=tap).update(state="waiting", due_at=at(500))
    world.read(20)
    assert states(tap) == ["accepted"]
    assert world.send(600) == 0
    assert len(world.at_nsso()) == 1


def test_a_reference_that_became_known_in_between_does_not_double_the_tap(world: World) -> None:
    reference = world.declaration.technical_reference
    world.declaration.technical_reference = ""
    world.declaration.save()
    world.simulator.put_faults({"kind": "truncatedJson", "times": 1})
    tap = world.tap(ANNA)
    world.send(0)
    world.declaration.technical_reference = reference
    world.declaration.save()
    world.send(60)
    assert states(tap) == ["accepted"]
    assert len(world.at_nsso()) == 1


def test_a_number_that_belongs_to_another_tap_is_not_found_twice(world: World) -> None:
    first = world.tap(ANNA, Kind.IN, seconds=0)
    world.send(1)
    world.simulator.put_faults({"kind": "connectionReset", "times": 1})
    second = world.tap(ANNA, Kind.BREAK_END, seconds=0.5)
    world.send(2)
    assert states(second) == ["uncertain"]
    world.send(60)
    world.send(80)
    assert states(first, second) == ["accepted", "accepted"]
    assert journey(first).nsso_id != journey(second).nsso_id


def test_a_claim_of_a_sender_that_died_before_sending_is_looked_up_and_sent(world: World) -> None:
    tap = world.tap(ANNA)
    Submission.objects.filter(registration=tap).update(
        state="sending",
        in_flight_since=T0,
        claimed_by="dead",
        credentials=world.store_credentials(world.cast.subsub),
    )
    world.store_credentials(world.cast.stranger)
    assert world.send(39) == 0
    world.send(41)
    assert states(tap) == ["uncertain"]
    world.send(46)
    # It was on its way under an access that is not the nearest one any more: that is noted first.
    world.send(60)
    world.send(70)
    assert outcomes(tap) == [("search", "notFound"), ("register", "created")]


def test_a_look_that_fails_is_repeated_and_the_tap_stays_uncertain(world: World) -> None:
    world.simulator.put_faults({"kind": "connectionReset", "times": 1})
    tap = world.tap(ANNA)
    world.send(0)
    world.simulator.kill()
    try:
        world.send(60)
        assert states(tap) == ["uncertain"]
        assert journey(tap).last_error == "connectionRefused"
    finally:
        world.simulator.restart()
    world.send(90)
    world.send(110)
    assert states(tap) == ["accepted"]


def test_a_late_answer_counts_even_when_the_claim_was_given_up(world: World) -> None:
    """A sender taken for dead comes back with a number: that number is a fact."""
    tap = world.tap(ANNA)
    world.send(0)
    number = journey(tap).nsso_id
    submission = journey(tap)
    Submission.objects.filter(pk=submission.pk).update(state="uncertain", nsso_id=None, due_at=at(900))
    client = world.simulator.client_for(str(world.cast.main.enterprise_number))
    with client, unscoped(reason="tests look at everything"):
        item = build_item(journey(tap))
        answer = client.register_in_bulk([item])
        keep_answer(Claim("slow", [journey(tap)]), answer, now=at(50))
    assert states(tap) == ["accepted"]
    assert journey(tap).nsso_id != number
    world.read(60)
    assert journey(tap).twin_nsso_ids == [number]


SENDER = """
import sys
import django
django.setup()
from ciao_portal.outbox import Loop
loop = Loop()
sys.stdin.readline()
while loop.drain_once():
    pass
loop.close()
"""


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_everything_once_and_in_order(simulator: SimulatorProcess) -> None:
    with built_world(simulator) as world:
        world.store_credentials(world.cast.main)
        for index in range(30):
            for ssin in (ANNA, BILAL):
                world.tap(ssin, (Kind.IN, Kind.OUT)[index % 2], seconds=index * 70)
        expected = sorted(all_taps())
        run_two_senders(simulator)
        assert sorted(world.at_nsso()) == expected
        assert set(Submission.objects.values_list("state", flat=True)) == {"accepted"}
        for ssin in (ANNA, BILAL):
            seconds = [moment for who, _, moment in world.at_nsso() if who == ssin]
            assert seconds == sorted(seconds)


def all_taps() -> list[tuple[str, str, int]]:
    return [(ssin, ("IN", "OUT")[index % 2], index * 70) for ssin in (ANNA, BILAL) for index in range(30)]


def run_two_senders(simulator: SimulatorProcess) -> None:
    """Two processes on the test's own database, let go at the same moment."""
    name = str(connection.settings_dict["NAME"])
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "ciao_portal.settings",
        "DATABASE_URL": _url_of(name),
        "NSSO_BASE_URL": simulator.base_url,
        "NSSO_TOKEN_URL": simulator.token_url,
        "NSSO_BATCH_SIZE": "7",
    }
    connection.close()
    senders = [
        subprocess.Popen(
            [sys.executable, "-c", SENDER], cwd=REPOSITORY, env=environment, stdin=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write("\n")
        sender.stdin.flush()
    for sender in senders:
        sender.communicate(timeout=120)
        assert sender.returncode == 0


def _url_of(name: str) -> str:
    """The DATABASE_URL of the test's database."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(name)}"
    return os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
