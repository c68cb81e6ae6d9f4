"""Two versions of the contract side by side: each client speaks its own, and the evidence tells which."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.checks import Error

from ciao_portal.checks import check_settings
from ciao_portal.nsso import contract, contracts
from ciao_portal.nsso.client import NssoClient
from ciao_portal.nsso.contract import Created
from ciao_portal.nsso.environment import EnvironmentName, NssoEnvironment
from ciao_portal.nsso.errors import NssoCode, NssoMisconfigured
from tests.ciao_portal.nsso.gateway import PILOT, Gateway
from tests.ciao_portal.nsso.world import ANNA, BILAL, DAYS, MAIN, SUB, item
from tests.simulator import SimulatorProcess


@pytest.fixture
def gateway(simulator: SimulatorProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """A peer that speaks both versions, and a portal that knows both."""
    monkeypatch.setitem(contracts.CONTRACTS, PILOT.VERSION, PILOT)
    with Gateway(simulator) as gateway:
        yield gateway


def environment(gateway: Gateway, *pilots: str) -> NssoEnvironment:
    return NssoEnvironment(
        EnvironmentName.SIMULATOR,
        gateway.base_url,
        gateway.behind.token_url,
        10.0,
        pilots=dict.fromkeys(pilots, PILOT.VERSION),
    )


def test_two_companies_speak_two_versions_at_once(simulator: SimulatorProcess, gateway: Gateway) -> None:
    usual, piloting = simulator.credentials_for(MAIN), simulator.credentials_for(SUB)
    here = environment(gateway, piloting.client_id)
    with (
        NssoClient(here, usual, real_performance=False) as of_main,
        NssoClient(here, piloting, real_performance=False) as of_sub,
    ):
        for client, ssin, version in (
            (of_main, ANNA, contract.VERSION),
            (of_sub, BILAL, PILOT.VERSION),
            (of_main, BILAL, contract.VERSION),
        ):
            answer = client.register_in_bulk([item(ssin, employer=MAIN if client is of_main else SUB)])
            (result,) = answer.results
            assert isinstance(result, Created)
            found = client.get(result.registration.id)
            searched = client.search(*DAYS)
            assert result.registration.id in {one.id for one in searched.registrations}
            exchanges = (answer.exchange, found.exchange, *searched.exchanges, client.health().exchange)
            assert {one.contract_version for one in exchanges} == {version}
    assert [row["ssin"] for row in simulator.registrations()] == [ANNA, BILAL, BILAL]


def test_each_version_has_its_own_names_on_the_wire(simulator: SimulatorProcess, gateway: Gateway) -> None:
    usual, piloting = simulator.credentials_for(MAIN), simulator.credentials_for(SUB)
    here = environment(gateway, piloting.client_id)
    for credentials in (usual, piloting):
        with NssoClient(here, credentials, real_performance=False) as client:
            client.register_in_bulk([item()])
    first, second = gateway.seen
    assert first.path == contract.BASE_PATH + contract.REGISTER_IN_BULK
    assert second.path == PILOT.BASE_PATH + PILOT.REGISTER_IN_BULK
    assert ('"ssin"' in first.body, '"insz"' in first.body) == (True, False)
    assert ('"ssin"' in second.body, '"insz"' in second.body) == (False, True)


def test_a_whole_environment_may_speak_the_other_version(
    simulator: SimulatorProcess, gateway: Gateway
) -> None:
    address = gateway.base_url.replace(contract.BASE_PATH, PILOT.BASE_PATH)
    here = NssoEnvironment(
        EnvironmentName.SIMULATOR, address, simulator.token_url, 10.0, contract_version=PILOT.VERSION
    )
    with NssoClient(here, simulator.credentials_for(MAIN), real_performance=False) as client:
        assert client.register_in_bulk([item()]).exchange.contract_version == PILOT.VERSION
    assert gateway.seen[0].path.startswith(PILOT.BASE_PATH)


def test_an_address_of_the_operators_own_stays_as_it_is(gateway: Gateway) -> None:
    here = NssoEnvironment(
        EnvironmentName.SIMULATOR, "http://127.0.0.1:1/proxied", "http://127.0.0.1:1/token", 5.0
    )
    assert here.base_url_for(PILOT) == "http://127.0.0.1:1/proxied"


@pytest.mark.parametrize("changed", [{"contract_version": "0.0"}, {"pilots": {"somebody": "0.0"}}])
def test_a_version_nobody_knows_is_misconfigured(
    simulator: SimulatorProcess, changed: dict[str, dict[str, str]]
) -> None:
    with pytest.raises(NssoMisconfigured) as caught:
        NssoEnvironment(
            EnvironmentName.SIMULATOR,
            simulator.base_url,
            simulator.token_url,
            5.0,
            **changed,  # type: ignore[arg-type]
        )
    assert caught.value.code == NssoCode.NOT_SUPPORTED


@pytest.mark.parametrize(
    ("name", "value"),
    [("NSSO_CONTRACT", "0.0"), ("NSSO_CONTRACT_PILOTS", {"somebody": "0.0"})],
)
def test_a_version_nobody_knows_is_told_at_the_start(
    settings: LazySettings, name: str, value: object
) -> None:
    assert settings.NSSO_CONTRACT == contract.VERSION
    setattr(settings, name, value)
    found = [one for one in check_settings() if one.id == "ciao.E013"]
    assert len(found) == 1
    assert isinstance(found[0], Error)
    assert contract.VERSION in str(found[0].msg)
