"""Errors of our own on one submission: it blocks nobody, is tried again, and people see it."""

from uuid import uuid4

import pytest
from django.utils import translation

from ciao_portal.ids import new_id
from ciao_portal.tenancy import unscoped
from registrations.models import Attempt, Registration, Submission
from registrations.models.nsso import SubmissionState
from registrations.nsso.results import STUMBLES_BEFORE_HELP
from registrations.rules.presence import Kind
from registrations.wording import advice
from tests.registrations.nsso.seams import BreakableChannel, Wire
from tests.registrations.nsso.world import ANNA, BILAL, T0, World, at, journey, outcomes, states

SECRET = "85073003328"


def broken(world: World, ssin: str = ANNA) -> Registration:
    """A stored registration of a kind nobody knows: making an item of it fails, with the kind in the text."""
    tap = world.tap(ssin)
    with unscoped(reason="tests make a row no service makes"):
        row = Registration.objects.get(pk=tap.pk)
        row.pk, row.client_key, row.kind = new_id(), uuid4(), SECRET
        row.save(force_insert=True)
        Submission.of(row, state=SubmissionState.WAITING, due_at=T0).save()
        Submission.objects.filter(registration=tap).update(state="not_due", due_at=None)
    return row


def test_a_stumble_blocks_nobody_and_leaves_its_places_without_a_value(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    stumbling, good = broken(world), world.tap(BILAL)
    world.send(1)
    assert states(stumbling, good) == ["waiting", "accepted"]
    assert outcomes(stumbling) == [("prepare", "internalError")]
    [attempt] = Attempt.objects.filter(outcome="internalError")
    assert attempt.detail.startswith("ValueError, ")
    assert "items.py:" in attempt.detail
    assert SECRET not in attempt.detail + caplog.text
    assert world.send(200) == 0
    assert world.send(400) == 1


def test_after_some_stumbles_somebody_is_asked_for_while_it_is_still_tried(world: World) -> None:
    later = world.tap(ANNA, Kind.OUT, seconds=1500)
    stumbling = broken(world)
    for number in range(STUMBLES_BEFORE_HELP):
        assert states(stumbling) == ["waiting"]
        world.send(1 + number * 400)
    assert (journey(stumbling).state, journey(stumbling).last_error) == ("misconfigured", "internalError")
    with translation.override("en"):
        assert "portal itself failed" in str(advice("misconfigured", "internalError"))
    # It no longer holds up what the same worker registers later, and is tried all the same.
    world.send(1501)
    assert states(later) == ["accepted"]
    world.send(2500)
    assert outcomes(stumbling) == [("prepare", "internalError")] * (STUMBLES_BEFORE_HELP + 2)
    assert journey(stumbling).due_at is not None


def test_an_answer_that_cannot_be_kept_for_one_is_kept_for_the_others(world: World) -> None:
    taps = [world.tap(ANNA), world.tap(BILAL, seconds=1)]

    def hold_one() -> None:
        """As no service does: in this state nothing can be accepted."""
        Submission.objects.filter(registration=taps[0]).update(state="held")

    wire = Wire(after=[hold_one])
    channel = BreakableChannel(wire)
    channel.drain(sender="one", now=at(2))
    channel.close()
    assert states(*taps) == ["held", "accepted"]
    assert outcomes(taps[0]) == [("register", "internalError")]
    assert outcomes(taps[1]) == [("register", "created")]


def test_a_batch_that_stumbles_is_looked_up_and_nothing_is_doubled(world: World) -> None:
    tap = world.tap(ANNA)

    def stumble() -> None:
        raise ValueError(SECRET)

    wire = Wire(after=[stumble])
    channel = BreakableChannel(wire)
    channel.drain(sender="one", now=at(1))
    channel.close()
    assert (journey(tap).state, journey(tap).last_error) == ("uncertain", "internalError")
    assert outcomes(tap) == [("register", "internalError")]
    world.send(60)
    assert states(tap) == ["accepted"]
    assert len(world.at_nsso()) == 1
