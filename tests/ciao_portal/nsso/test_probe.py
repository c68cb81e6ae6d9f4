"""The test of a connection, against the real simulator: where it stops, and why."""

from collections.abc import Callable
from datetime import date

import pytest
from pytest_django import Settings

from ciao_portal.crypto import DecryptionError
from ciao_portal.nsso.advice import ADVICE, STEP_WORDS
from ciao_portal.nsso.auth import Credentials, generate_key_pair
from ciao_portal.nsso.errors import NssoCode
from ciao_portal.nsso.probe import Failure, Report, StepName, probe
from tests.ciao_portal.nsso.hostile import HostileServer, answer
from tests.ciao_portal.nsso.world import DAYS, MAIN
from tests.simulator import SimulatorProcess

PROBLEM = b'{"type": "urn:problem-type:belgif:serviceUnavailable", "title": "Unavailable", "status": 503}'
Point = Callable[[str, str], None]


@pytest.fixture
def point_at(settings: Settings) -> Point:
    """Let the portal's settings lead to these two addresses."""

    def choose(base_url: str, token_url: str) -> None:
        settings.NSSO_ENVIRONMENT = "simulator"
        settings.NSSO_BASE_URL = base_url
        settings.NSSO_TOKEN_URL = token_url
        settings.NSSO_TIMEOUT_S = 20.0

    return choose


@pytest.fixture
def pointed(simulator: SimulatorProcess, point_at: Point) -> SimulatorProcess:
    point_at(simulator.base_url, simulator.token_url)
    return simulator


def tried(credentials: Credentials, *, real_performance: bool = False, today: date = DAYS[0]) -> Report:
    return probe(
        credentials.client_id,
        lambda: credentials.private_key_pem,
        real_performance=real_performance,
        today=today,
    )


def stopped(report: Report) -> Failure:
    """Where it stopped: everything before was done, nothing after was reached."""
    assert report.failure is not None
    names = list(StepName)
    place = names.index(report.failure.step)
    assert [step.name for step in report.steps] == names
    assert [step.is_reached for step in report.steps] == [True] * (place + 1) + [False] * (4 - place)
    return report.failure


def test_all_is_well(pointed: SimulatorProcess, credentials: Credentials) -> None:
    report = tried(credentials)
    assert report.failure is None
    assert all(step.is_reached for step in report.steps)
    traces = [step.exchange.trace_id for step in report.steps if step.exchange]
    assert len(traces) == 2
    assert pointed.registrations() == []


def test_an_unknown_client(pointed: SimulatorProcess, credentials: Credentials) -> None:
    stranger = Credentials("self_service_chaman_1_nobody", credentials.private_key_pem)
    report = tried(stranger)
    assert stopped(report) == Failure(StepName.TOKEN, NssoCode.TOKEN_REFUSED)
    assert report.steps[3].exchange is not None


def test_a_key_whose_certificate_is_not_there_yet(
    pointed: SimulatorProcess, credentials: Credentials
) -> None:
    other = Credentials(credentials.client_id, generate_key_pair().private_pem)
    assert stopped(tried(other)) == Failure(StepName.TOKEN, NssoCode.TOKEN_REFUSED)


def test_two_keys_stand_side_by_side(pointed: SimulatorProcess) -> None:
    first, second = generate_key_pair(), generate_key_pair()
    known = pointed.credentials_for(MAIN, keys=first)
    pointed.register_keys(known.client_id, MAIN, first.public_pem, second.public_pem)
    assert tried(known).failure is None
    assert tried(Credentials(known.client_id, second.private_pem)).failure is None


def test_a_token_of_before_proves_nothing(pointed: SimulatorProcess) -> None:
    known = pointed.credentials_for(MAIN)
    assert tried(known).failure is None
    pointed.register_keys(known.client_id, MAIN, generate_key_pair().public_pem)
    assert stopped(tried(known)) == Failure(StepName.TOKEN, NssoCode.TOKEN_REFUSED)


def test_the_service_is_down(
    tmp_path_factory: pytest.TempPathFactory, point_at: Point, credentials: Credentials
) -> None:
    with SimulatorProcess(tmp_path_factory.mktemp("down")) as down:
        point_at(down.base_url, down.token_url)
        down.kill()
        assert stopped(tried(credentials)) == Failure(StepName.SERVICE, NssoCode.CONNECTION_REFUSED)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (answer(b"<html>maintenance</html>", media_type="text/html"), NssoCode.NOT_JSON),
        (answer(b'{"status": "DOWN"}', status="503 Service Unavailable"), NssoCode.SERVICE_UNAVAILABLE),
        (answer(PROBLEM, status="503 Service Unavailable"), NssoCode.SERVICE_UNAVAILABLE),
        (
            answer(b"busy", status="503 Service Unavailable", media_type="text/plain"),
            NssoCode.SERVICE_UNAVAILABLE,
        ),
        (answer(status="302 Found", more="Location: https://x.test/\r\n"), NssoCode.REDIRECTED),
        (answer(b'{"status": "PERHAPS"}'), NssoCode.NONSENSE),
    ],
)
def test_what_is_no_healthy_service(
    reply: bytes, code: NssoCode, point_at: Point, credentials: Credentials
) -> None:
    with HostileServer(reply) as server:
        point_at(f"{server.address}/v1", f"{server.address}/token")
        assert stopped(tried(credentials)) == Failure(StepName.SERVICE, code)
        assert len(server.heard) == 1


def test_the_token_address_answers_with_a_page(
    simulator: SimulatorProcess, point_at: Point, credentials: Credentials
) -> None:
    with HostileServer(answer(b"<html></html>", media_type="text/html")) as server:
        point_at(simulator.base_url, f"{server.address}/token")
        assert stopped(tried(credentials)) == Failure(StepName.TOKEN, NssoCode.NOT_JSON)


def test_a_token_that_the_service_does_not_know(
    simulator: SimulatorProcess, point_at: Point, credentials: Credentials
) -> None:
    token = b'{"access_token": "other", "token_type": "Bearer", "expires_in": 600}'
    with HostileServer(answer(token)) as server:
        point_at(simulator.base_url, f"{server.address}/token")
        assert stopped(tried(credentials)) == Failure(StepName.PERMISSION, NssoCode.TOKEN_NOT_ACCEPTED)


def test_a_silent_service_holds_nobody_up_for_long(point_at: Point, credentials: Credentials) -> None:
    with HostileServer(None) as server:
        point_at(f"{server.address}/v1", f"{server.address}/token")
        # The server lets go after ten seconds: the connection would be lost then, and not given up.
        assert stopped(tried(credentials)) == Failure(StepName.SERVICE, NssoCode.TIMEOUT)


def test_a_key_that_cannot_be_decrypted(pointed: SimulatorProcess, credentials: Credentials) -> None:
    def unreadable() -> str:
        raise DecryptionError("The key k1 is not in the ring.")

    report = probe(credentials.client_id, unreadable, real_performance=False, today=DAYS[0])
    assert stopped(report) == Failure(StepName.KEY, NssoCode.PRIVATE_KEY_UNREADABLE)
    damaged = Credentials(credentials.client_id, "no key")
    assert stopped(tried(damaged)) == Failure(StepName.KEY, NssoCode.PRIVATE_KEY_UNREADABLE)


def test_an_address_that_is_not_the_environments(point_at: Point, credentials: Credentials) -> None:
    point_at("https://example.org/v1", "https://example.org/token")
    assert stopped(tried(credentials)) == Failure(StepName.SETTINGS, NssoCode.ADDRESS_FORBIDDEN)


def test_practice_reaches_no_other_than_the_simulator(settings: Settings, credentials: Credentials) -> None:
    settings.NSSO_ENVIRONMENT = "simulation"
    settings.NSSO_BASE_URL = "https://services-sim.socialsecurity.be/REST/presenceRegistration/v1"
    settings.NSSO_TOKEN_URL = "https://services.socialsecurity.be/REST/oauth/v5/token"
    report = tried(credentials, real_performance=False)
    assert stopped(report) == Failure(StepName.SETTINGS, NssoCode.PRACTICE_DATA)


def test_every_failure_has_its_words() -> None:
    assert set(ADVICE) == set(NssoCode)
    assert set(STEP_WORDS) == set(StepName)
    assert all(str(words) for words in ADVICE.values())
