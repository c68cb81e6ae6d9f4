"""The NSSO down, slow or refusing: the phone confirms, the queue drains by itself, in order."""

from collections import defaultdict

import pytest

from tests.crash.taps import Tap, assert_the_nsso_has_each_once, insist, numbers, wait_until_all_accepted
from tests.portal import Portal

# The same on every database.
pytestmark = [pytest.mark.once, pytest.mark.crash, pytest.mark.django_db(transaction=True)]

DAY = ("IN", "BREAK_START", "BREAK_END", "OUT")
WIRE = ["IN", "OUT", "IN", "OUT"]
DRAIN_S = 60.0
# Few in a row: after each failure the sender rests twice as long.
FAULTS = (
    {"kind": "serviceUnavailable", "times": 1, "retryAfter": 1},
    {"kind": "tooManyRequests", "times": 1, "retryAfter": 1},
    {"kind": "tokenExpired", "times": 3},
    {"kind": "timeoutAfterWrite", "times": 1, "seconds": 30},
)


@pytest.fixture
def people() -> list[str]:
    return numbers(5)


def work_a_day(portal: Portal, code: str, people: list[str]) -> int:
    """Everybody registers a whole day; each tap must be confirmed."""
    for action in DAY:
        for ssin in people:
            insist(portal, code, Tap(ssin, action))
    return len(DAY) * len(people)


def assert_everybody_in_order(portal: Portal, people: list[str]) -> None:
    arrived: dict[str, list[str]] = defaultdict(list)
    for row in portal.simulator.registrations():
        arrived[row["ssin"]].append(row["type"])
    assert arrived == dict.fromkeys(people, WIRE)


def test_the_nsso_is_down_and_comes_back(portal: Portal, code: str, people: list[str]) -> None:
    portal.start_web()
    portal.start_sender()
    portal.simulator.kill()

    count = work_a_day(portal, code, people)
    portal.simulator.restart()

    wait_until_all_accepted(count, seconds=DRAIN_S)
    assert_everybody_in_order(portal, people)
    assert_the_nsso_has_each_once(portal)


def test_one_fault_after_the_other_loses_and_doubles_nothing(
    portal: Portal, code: str, people: list[str]
) -> None:
    portal.start_web()
    portal.start_sender()
    portal.simulator.put_faults(*FAULTS)

    count = work_a_day(portal, code, people)

    wait_until_all_accepted(count, seconds=DRAIN_S)
    assert portal.simulator.control("GET", "/faults") == {"faults": []}
    assert_everybody_in_order(portal, people)
    assert_the_nsso_has_each_once(portal)
