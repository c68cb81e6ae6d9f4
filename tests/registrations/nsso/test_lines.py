"""How traffic goes is kept in the database: it outlives a sender and is shared by all of them."""

from datetime import timedelta

import pytest

from ciao_portal.nsso.errors import NssoCode
from registrations.models import NssoLine
from registrations.nsso import lines
from registrations.nsso.reading import ReadBackChannel
from registrations.nsso.sending import SubmissionChannel
from registrations.rules.breaker import PROBE_ROWS
from tests.registrations.nsso.world import (
    ANNA,
    BILAL,
    CAROL,
    World,
    at,
    journey,
    outcomes,
    person_number,
    states,
)


def line(world: World, company: str = "main") -> NssoLine:
    return NssoLine.objects.get(credentials__company=getattr(world.cast, company))


def service() -> NssoLine:
    return NssoLine.objects.get(credentials=None)


def down(times: int = 100) -> dict[str, object]:
    return {"kind": "serviceUnavailable", "times": times}


def test_a_success_tells_when_how_far_the_clock_is_off_and_how_long_the_token_lives(world: World) -> None:
    world.tap()
    world.send(1)
    found = line(world)
    assert (found.failures, found.rest_until, found.failing_since) == (0, None, None)
    assert found.last_success_at is not None
    assert at(1) <= found.last_success_at <= at(60)
    assert found.clock_skew_s is not None
    assert abs(found.clock_skew_s) < 5
    assert found.token_fetched_at is not None
    assert found.token_ends_at is not None
    assert found.token_ends_at - found.token_fetched_at == timedelta(seconds=600)
    assert service().last_success_at == found.last_success_at


def test_successes_are_written_now_and_then_only(world: World) -> None:
    written = set()
    for second in range(4):
        world.tap(person_number(second), seconds=second)
        # As if no time passed between them, however slow the machine is.
        world.sending._lines._noted.update(dict.fromkeys(world.sending._lines._noted, at(1000)))
        world.send(second + 0.5)
        written.add(line(world).last_success_at)
    assert len(written) == 1


def test_a_failure_is_written_at_once_and_ended_at_once_by_a_success(world: World) -> None:
    tap = world.tap()
    world.simulator.put_faults(down(1))
    world.send(1)
    for failed in (line(world), service()):
        assert (failed.failures, failed.last_failure) == (1, NssoCode.SERVICE_UNAVAILABLE.value)
        assert failed.rest_until is not None
        assert failed.failing_since is not None
        assert failed.failing_since == failed.last_failure_at
    world.send(30)
    assert states(tap) == ["accepted"]
    for fine in (line(world), service()):
        assert (fine.failures, fine.rest_until, fine.failing_since) == (0, None, None)
        assert fine.last_failure == NssoCode.SERVICE_UNAVAILABLE.value


def test_a_rest_is_kept_by_a_new_sender_and_by_another_one(world: World) -> None:
    world.simulator.put_faults({"kind": "tooManyRequests", "times": 1, "retryAfter": 600})
    tap = world.tap()
    world.send(1)
    fresh = world.tap(BILAL, seconds=2)
    other = SubmissionChannel(threads=1)
    assert other.drain(sender="other", now=at(300)) == 0
    assert other.drain(sender="other", now=at(700)) == 2
    other.close()
    assert states(tap, fresh) == ["accepted", "accepted"]


def three_accesses(world: World) -> None:
    world.store_credentials(world.cast.sub)
    world.store_credentials(world.cast.subsub)


def test_several_accesses_in_trouble_rest_all_and_one_probe_opens_for_everybody(world: World) -> None:
    three_accesses(world)
    firms = (world.cast.main, world.cast.sub, world.cast.subsub)
    for index, firm in enumerate(firms):
        world.tap(person_number(100 + index), seconds=index * 0.1, employer=firm)
    while world.send(1):
        pass
    taps = [
        world.tap(person_number(index), seconds=2 + index * 0.1, employer=firms[index % 3])
        for index in range(30)
    ]
    world.simulator.put_faults(down(4))
    world.send(10)
    assert service().failures == 1
    assert {row.failures for row in NssoLine.objects.exclude(credentials=None)} == {1}
    # One probe, of one access, of few rows; it fails too.
    assert world.send(60) == PROBE_ROWS
    assert service().failures == 2
    tried = {journey(tap).credentials_id for tap in taps if len(outcomes(tap)) == 2}
    assert len(tried) == 1
    # It lasts until a probe succeeds; then everybody goes again.
    assert world.send(120) == PROBE_ROWS
    assert service().failures == 0
    while world.send(121):
        pass
    assert set(states(*taps)) == {"accepted"}
    assert len(world.at_nsso()) == 33


def test_a_probe_is_made_by_one_sender_at_a_time(world: World) -> None:
    world.simulator.put_faults(down(1))
    world.tap()
    world.send(1)
    until = lines.take_probe(at(60))
    assert until is not None
    assert lines.take_probe(at(61)) is None
    assert world.send(62) == 0
    # A sender that died with it is waited for no longer than a probe may take.
    assert lines.take_probe(until) is not None


def test_a_probe_that_found_nothing_to_try_is_given_back(world: World) -> None:
    world.simulator.put_faults(down(1))
    world.tap()
    world.send(1)
    until = lines.take_probe(at(60))
    assert until is not None
    lines.give_probe_back(until, now=at(60))
    assert lines.take_probe(at(61)) is not None


def test_one_company_in_trouble_rests_alone(world: World) -> None:
    three_accesses(world)
    for index, firm in enumerate((world.cast.main, world.cast.sub, world.cast.subsub)):
        world.tap(person_number(index), seconds=index, employer=firm)
    while world.send(5):
        pass
    world.simulator.put_faults({"kind": "tooManyRequests", "times": 1, "retryAfter": 60})
    first = world.tap(ANNA, seconds=6)
    world.send(7)
    assert line(world).failures == 1
    assert service().failures == 0
    second = world.tap(BILAL, seconds=8, employer=world.cast.sub)
    world.send(9)
    assert states(first, second) == ["waiting", "accepted"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_refused_token_never_closes_the_service(world: World, count: int) -> None:
    three_accesses(world)
    world.simulator.put_faults({"kind": "tokenRefused", "times": count})
    for index, firm in enumerate((world.cast.main, world.cast.sub, world.cast.subsub)):
        world.tap(person_number(index), seconds=index, employer=firm)
    world.send(5)
    assert NssoLine.objects.filter(last_failure="tokenRefused").count() == count
    assert not NssoLine.objects.filter(credentials=None, failures__gt=0).exists()


def test_an_outage_also_keeps_reading_back_away_and_a_reading_may_be_the_probe(
    world: World,
) -> None:
    world.tap()
    world.send(1)
    world.tap(CAROL, seconds=2)
    world.simulator.put_faults(down(1))
    world.send(3)
    assert service().failures == 1
    reading = ReadBackChannel()
    NssoLine.objects.update(rest_until=at(500))
    reading.drain(sender="reading", now=at(400))
    assert service().failures == 1
    reading.drain(sender="reading", now=at(600))
    reading.close()
    assert service().failures == 0
