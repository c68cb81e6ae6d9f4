"""Two companies whose registrations travel by two versions of the contract, from tap to evidence."""

import pytest
from pytest_django import Settings

from ciao_portal.nsso import contract, contracts
from registrations.models import Registration
from tests.ciao_portal.nsso.gateway import PILOT, Gateway
from tests.registrations.nsso.world import ANNA, BILAL, World, journey, states


def versions(registration: Registration) -> list[tuple[str, str, str]]:
    attempts = journey(registration).attempts.order_by("started_at")
    return list(attempts.values_list("operation", "outcome", "contract_version"))


def test_attempts_tell_the_version_they_were_made_with(
    bare_world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(contracts.CONTRACTS, PILOT.VERSION, PILOT)
    bare_world.store_credentials(bare_world.cast.main)
    piloting = bare_world.store_credentials(bare_world.cast.sub)
    settings.NSSO_CONTRACT_PILOTS = {piloting.client_id: PILOT.VERSION}
    with Gateway(bare_world.simulator) as gateway:
        settings.NSSO_BASE_URL = gateway.base_url
        usual = bare_world.tap(ANNA)
        other = bare_world.tap(BILAL, employer=bare_world.cast.sub)
        while bare_world.send(5):
            pass
        assert states(usual, other) == ["accepted", "accepted"]
        assert bare_world.read(60) > 0
        bare_world.close()
    assert versions(usual) == [("register", "created", contract.VERSION)]
    assert versions(other) == [("register", "created", PILOT.VERSION)]
    # Reading back spoke both versions too.
    assert {one.path for one in gateway.seen} == {
        contract.BASE_PATH + contract.REGISTER_IN_BULK,
        contract.BASE_PATH + contract.COLLECTION,
        PILOT.BASE_PATH + PILOT.REGISTER_IN_BULK,
        PILOT.BASE_PATH + PILOT.COLLECTION,
    }


def test_a_refused_token_of_a_pilot_is_no_attempt_to_register(
    bare_world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(contracts.CONTRACTS, PILOT.VERSION, PILOT)
    piloting = bare_world.store_credentials(bare_world.cast.main)
    settings.NSSO_CONTRACT_PILOTS = {piloting.client_id: PILOT.VERSION}
    bare_world.simulator.put_faults({"kind": "tokenRefused"})
    tap = bare_world.tap()
    bare_world.send(5)
    assert versions(tap) == [("token", "tokenRefused", PILOT.VERSION)]
