"""Practice data never reach the real NSSO, and no setting sends anything elsewhere."""

import pytest

from ciao_portal.nsso.auth import Credentials
from ciao_portal.nsso.client import NssoClient
from ciao_portal.nsso.environment import EnvironmentName, NssoEnvironment, environment
from ciao_portal.nsso.errors import NssoCode, NssoMisconfigured

REAL = "https://services.socialsecurity.be/REST/presenceRegistration/v1"


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8001/x", "http://localhost:8001", "http://[::1]:8001", "https://127.8.9.1/"],
)
def test_the_simulator_is_on_this_machine(url: str) -> None:
    assert NssoEnvironment(EnvironmentName.SIMULATOR, url, url, 5).is_simulator


@pytest.mark.parametrize(
    "url",
    [
        REAL,
        "http://192.168.1.5:8001/",
        "http://127.0.0.1.example.org/",
        "http://example.org#127.0.0.1",
        "http://127.0.0.1@example.org/",
        "http://localhost.example.org/",
        "ftp://127.0.0.1/",
        "http://[::1",
        "",
    ],
)
def test_the_simulator_is_nowhere_else(url: str) -> None:
    with pytest.raises(NssoMisconfigured) as caught:
        NssoEnvironment(EnvironmentName.SIMULATOR, url, url, 5)
    assert caught.value.code == NssoCode.ADDRESS_FORBIDDEN


@pytest.mark.parametrize("name", [EnvironmentName.SIMULATION, EnvironmentName.PRODUCTION])
@pytest.mark.parametrize(
    "url",
    [
        "http://services.socialsecurity.be/",
        "https://services.socialsecurity.be:8443/",
        "https://socialsecurity.be.example.org/",
        "https://evilsocialsecurity.be/",
        "https://example.org\\.socialsecurity.be/",
        "https://services.socialsecurity.be@example.org/",
        "https://user@services.socialsecurity.be/",
        "http://127.0.0.1:8001/",
    ],
)
def test_the_real_ones_are_at_the_nsso_only(name: EnvironmentName, url: str) -> None:
    for base_url, token_url in ((url, REAL), (REAL, url)):
        with pytest.raises(NssoMisconfigured) as caught:
            NssoEnvironment(name, base_url, token_url, 5)
        assert caught.value.code == NssoCode.ADDRESS_FORBIDDEN


@pytest.mark.parametrize("name", [EnvironmentName.SIMULATION, EnvironmentName.PRODUCTION])
def test_practice_data_are_refused_before_a_byte_is_sent(name: EnvironmentName) -> None:
    real = NssoEnvironment(name, REAL, REAL, 5)
    with pytest.raises(NssoMisconfigured) as caught:
        NssoClient(real, Credentials("x", "y"), real_performance=False)
    assert caught.value.code == NssoCode.PRACTICE_DATA
    assert caught.value.exchange is None
    NssoClient(real, Credentials("x", "y"), real_performance=True).close()


@pytest.mark.parametrize("timeout_s", [0, -1, float("inf"), float("nan")])
def test_a_timeout_cannot_be_left_out(timeout_s: float) -> None:
    with pytest.raises(NssoMisconfigured):
        NssoEnvironment(EnvironmentName.SIMULATOR, "http://127.0.0.1/", "http://127.0.0.1/", timeout_s)


def test_the_embedded_default_is_the_simulator() -> None:
    found = environment()
    assert found.is_simulator
    assert found.base_url.startswith("http://127.0.0.1:")
    assert found.timeout_s > 0
