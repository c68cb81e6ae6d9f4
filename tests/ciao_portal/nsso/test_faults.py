"""Every fault the simulator plays, and what the client makes of it."""

import time
from typing import Any

import pytest

from ciao_portal.nsso.auth import Credentials
from ciao_portal.nsso.client import NssoClient
from ciao_portal.nsso.contract import Created, NotCreated
from ciao_portal.nsso.errors import NssoCode, NssoLater, NssoMisconfigured
from tests.ciao_portal.nsso.world import ANNA, BILAL, MAIN, POSTED, item
from tests.simulator import SimulatorProcess

LONG = 60


def number_of(client: NssoClient) -> int:
    (result,) = client.register_in_bulk([item()]).results
    assert isinstance(result, Created)
    return result.registration.id


@pytest.mark.parametrize(
    ("fault", "code", "retry_after"),
    [
        ({"kind": "serviceUnavailable"}, NssoCode.SERVICE_UNAVAILABLE, None),
        ({"kind": "serviceUnavailable", "retryAfter": 3}, NssoCode.SERVICE_UNAVAILABLE, 3),
        ({"kind": "tooManyRequests"}, NssoCode.TOO_MANY_REQUESTS, 1),
        ({"kind": "tooManyRequests", "retryAfter": 9}, NssoCode.TOO_MANY_REQUESTS, 9),
    ],
)
def test_told_to_wait(
    simulator: SimulatorProcess,
    client: NssoClient,
    fault: dict[str, Any],
    code: NssoCode,
    retry_after: float | None,
) -> None:
    simulator.put_faults({**fault, "times": 2})
    for _ in range(2):
        with pytest.raises(NssoLater) as caught:
            client.register_in_bulk([item()])
        error = caught.value
        assert (error.code, error.retry_after, error.outcome_unknown) == (code, retry_after, False)
    assert simulator.registrations() == []
    number_of(client)
    assert len(simulator.registrations()) == 1


def test_one_expired_token_is_renewed_unnoticed(simulator: SimulatorProcess, client: NssoClient) -> None:
    simulator.put_faults({"kind": "tokenExpired"})
    answer = client.register_in_bulk([item()])
    assert answer.exchange.note == "token renewed"
    assert len(simulator.registrations()) == 1


def test_a_fresh_token_that_expired_already_is_trouble_at_the_nsso(
    simulator: SimulatorProcess, client: NssoClient
) -> None:
    simulator.put_faults({"kind": "tokenExpired", "times": 2})
    with pytest.raises(NssoLater) as caught:
        client.register_in_bulk([item()])
    assert (caught.value.code, caught.value.outcome_unknown) == (NssoCode.TOKEN_NOT_ACCEPTED, False)
    assert simulator.registrations() == []
    number_of(client)


def test_token_refused(simulator: SimulatorProcess) -> None:
    with simulator.client_for(MAIN) as client:
        simulator.put_faults({"kind": "tokenRefused"})
        with pytest.raises(NssoMisconfigured) as caught:
            client.register_in_bulk([item()])
        assert caught.value.code == NssoCode.TOKEN_REFUSED
        number_of(client)


@pytest.fixture
def impatient(simulator: SimulatorProcess, credentials: Credentials) -> NssoClient:
    return NssoClient(simulator.environment(timeout_s=0.5), credentials, real_performance=False)


def test_timeout_after_the_write(simulator: SimulatorProcess, impatient: NssoClient) -> None:
    simulator.put_faults({"kind": "timeoutAfterWrite", "seconds": LONG})
    with impatient, pytest.raises(NssoLater) as caught:
        impatient.register_in_bulk([item()])
    assert (caught.value.code, caught.value.outcome_unknown) == (NssoCode.TIMEOUT, True)
    assert len(simulator.registrations()) == 1


def test_the_write_lands_after_the_timeout(simulator: SimulatorProcess, impatient: NssoClient) -> None:
    simulator.put_faults({"kind": "timeoutBeforeLateWrite", "seconds": 1})
    with impatient, pytest.raises(NssoLater) as caught:
        impatient.register_in_bulk([item()])
    assert caught.value.outcome_unknown
    assert simulator.registrations() == []
    deadline = time.monotonic() + 20
    while not simulator.registrations() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(simulator.registrations()) == 1


def test_slow_answers_are_answers(simulator: SimulatorProcess, client: NssoClient) -> None:
    simulator.put_faults({"kind": "slow", "seconds": 0.5})
    assert client.register_in_bulk([item()]).exchange.duration_ms >= 500


def test_one_malformed_among_good_ones(simulator: SimulatorProcess, client: NssoClient) -> None:
    simulator.put_faults({"kind": "malformedItem"})
    results = client.register_in_bulk([item(ANNA), item(BILAL), item(POSTED)]).results
    assert [type(result) for result in results] == [Created, NotCreated, Created]
    assert len(simulator.registrations()) == 2


def test_validity_never_seen_is_kept_as_it_came(simulator: SimulatorProcess, client: NssoClient) -> None:
    simulator.put_faults({"kind": "unknownValidity"})
    assert client.get(number_of(client)).registration.validity == "underReview"


def test_remark_never_seen_is_kept_as_it_came(simulator: SimulatorProcess, client: NssoClient) -> None:
    simulator.put_faults({"kind": "unknownRemark"})
    shown = client.get(number_of(client)).registration
    assert [remark.code for remark in shown.remarks] == ["remarkNeverSeen"]
    assert shown.validity == "validWithRemarks"


@pytest.mark.parametrize(
    ("kind", "code", "stored"),
    [
        ("connectionReset", NssoCode.CONNECTION_LOST, 0),
        ("truncatedJson", NssoCode.NOT_JSON, 1),
        ("htmlAnswer", NssoCode.NOT_JSON, 0),
    ],
)
def test_answers_that_say_nothing(
    simulator: SimulatorProcess, client: NssoClient, kind: str, code: NssoCode, stored: int
) -> None:
    simulator.put_faults({"kind": kind})
    with pytest.raises(NssoLater) as caught:
        client.register_in_bulk([item()])
    assert (caught.value.code, caught.value.outcome_unknown) == (code, True)
    assert len(simulator.registrations()) == stored


def test_faults_are_played_in_order(simulator: SimulatorProcess, client: NssoClient) -> None:
    simulator.put_faults({"kind": "tooManyRequests"}, {"kind": "serviceUnavailable"})
    codes = []
    for _ in range(2):
        with pytest.raises(NssoLater) as caught:
            client.register_in_bulk([item()])
        codes.append(caught.value.code)
    assert codes == [NssoCode.TOO_MANY_REQUESTS, NssoCode.SERVICE_UNAVAILABLE]
    assert simulator.control("GET", "/faults") == {"faults": []}


def test_held_connections_do_not_keep_the_simulator_alive(tmp_path_factory: pytest.TempPathFactory) -> None:
    with SimulatorProcess(tmp_path_factory.mktemp("held")) as simulator:
        with simulator.client_for(MAIN, timeout_s=0.5) as client:
            simulator.put_faults({"kind": "timeoutAfterWrite", "seconds": LONG})
            with pytest.raises(NssoLater):
                client.register_in_bulk([item()])
        begun = time.monotonic()
        assert simulator.stop() == 0
        assert time.monotonic() - begun < LONG / 4
