"""The sender may die at any moment: nothing is lost, nothing is registered twice at the NSSO."""

import random
import signal
from typing import Any

import pytest
from django.utils import timezone

from ciao_portal.people import person_with_ssin
from registrations.models import Submission
from registrations.models.nsso import SubmissionState
from tests.crash.taps import (
    assert_the_nsso_has_each_once,
    numbers,
    states,
    wait_until_all_accepted,
)
from tests.portal import Portal, wait_for
from tests.works import Works, tap

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

PEOPLE = 12
# A claim of the dead is given up, looked up, and sent again if need be.
RECOVERY_S = 45.0


def tap_all(works: Works, people: list[str]) -> None:
    """Each person registers once, through the one door."""
    for ssin in people:
        now = timezone.now()
        tap(works, person_with_ssin(ssin, now=now), now=now)


@pytest.mark.parametrize(
    "fault",
    [{"kind": "slow", "seconds": 30}, {"kind": "timeoutAfterWrite", "seconds": 30}],
    ids=lambda fault: str(fault["kind"]),
)
def test_killed_while_the_answer_is_on_its_way(portal: Portal, works: Works, fault: dict[str, Any]) -> None:
    portal.simulator.put_faults(fault)
    tap_all(works, numbers(PEOPLE))
    portal.start_sender()
    wait_for(portal.simulator.registrations, seconds=20, what="a registration at the NSSO")
    portal.sender.kill()
    assert states() == {SubmissionState.SENDING.value: PEOPLE}

    portal.start_sender()

    wait_until_all_accepted(PEOPLE, seconds=RECOVERY_S)
    assert_the_nsso_has_each_once(portal)


def test_killed_after_the_claim_before_anything_was_sent(portal: Portal, works: Works) -> None:
    tap_all(works, numbers(PEOPLE))
    portal.simulator.process.send_signal(signal.SIGSTOP)
    portal.start_sender()
    wait_for(
        Submission.objects.filter(state=SubmissionState.SENDING).exists,
        seconds=20,
        what="a claimed submission",
    )
    portal.sender.kill()
    portal.simulator.process.send_signal(signal.SIGCONT)
    assert portal.simulator.registrations() == []

    portal.start_sender()

    wait_until_all_accepted(PEOPLE, seconds=RECOVERY_S)
    assert_the_nsso_has_each_once(portal)


def test_killed_at_any_moment(portal: Portal, works: Works) -> None:
    """The seed is printed by pytest when this fails."""
    rounds, moments = 3, random.Random(2026)
    people = numbers(rounds * PEOPLE)
    for number in range(rounds):
        portal.simulator.put_faults({"kind": "slow", "seconds": 0.2, "times": 1})
        tap_all(works, people[number * PEOPLE : (number + 1) * PEOPLE])
        portal.start_sender()
        # Any moment from before the first claim to after the last result is as good as another.
        portal.sender.run_for(moments.uniform(0.0, 1.2))
        portal.sender.kill()

    portal.start_sender()

    wait_until_all_accepted(len(people), seconds=RECOVERY_S)
    assert_the_nsso_has_each_once(portal)


def test_two_senders_share_the_work(portal: Portal, works: Works) -> None:
    people = numbers(3 * PEOPLE)
    tap_all(works, people)
    second = portal.another_sender()
    try:
        portal.start_sender()
        second.start()
        tap_all(works, numbers(4 * PEOPLE)[3 * PEOPLE :])
        wait_until_all_accepted(4 * PEOPLE, seconds=RECOVERY_S)
    finally:
        second.stop()
    assert_the_nsso_has_each_once(portal)
