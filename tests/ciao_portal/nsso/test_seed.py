"""A seed makes a run repeatable: the same calls in the same order, the same answers."""

import time
from pathlib import Path
from typing import Any

import requests

from ciao_portal.nsso.auth import generate_key_pair, signed_assertion
from tests.ciao_portal.nsso.world import ANNA, BILAL, DAYS, MAIN, item, reference_data
from tests.simulator import SimulatorProcess

KEYS = generate_key_pair()
TRACES = ("BelGov-Trace-Id", "BelGov-Related-Trace-Id")
# Moments are the clock's.
MOMENTS = {"creationDate", "lastValidationDate", "date"}


def timeless(value: Any, address: str) -> Any:
    if isinstance(value, dict):
        return {name: timeless(inner, address) for name, inner in value.items() if name not in MOMENTS}
    if isinstance(value, list):
        return [timeless(inner, address) for inner in value]
    return value.replace(address, "") if isinstance(value, str) else value


def story(folder: Path, seed: int | None) -> list[Any]:
    """A few calls and all that came back."""
    with SimulatorProcess(folder, seed=seed) as simulator, requests.Session() as session:
        session.trust_env = False
        simulator.put_reference(**reference_data())
        known = simulator.credentials_for(MAIN, keys=KEYS)
        assertion = signed_assertion(known, simulator.token_url, int(time.time()))
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
        }
        given = session.post(simulator.token_url, data=form, timeout=10)
        session.headers["Authorization"] = f"Bearer {given.json()['access_token']}"
        url = f"{simulator.base_url}/presenceRegistrations"
        sent = {"items": [item(ANNA, reference=None).to_wire(), item(BILAL).to_wire(), {}]}
        answers = [
            given,
            session.post(f"{url}/registerInBulk", json=sent, timeout=10),
            session.get(f"{url}?startDate={DAYS[0]}&endDate={DAYS[1]}", timeout=10),
            session.get(f"{url}/nothing", timeout=10),
        ]
        return [
            (
                answer.status_code,
                [answer.headers.get(name) for name in TRACES],
                timeless(answer.json(), simulator.address),
            )
            for answer in answers
        ]


def test_the_same_seed_gives_the_same_answers(tmp_path: Path) -> None:
    first, again, other = (story(tmp_path / name, seed) for name, seed in (("a", 7), ("b", 7), ("c", 8)))
    assert first == again
    assert first != other


def test_without_a_seed_nothing_can_be_foretold(tmp_path: Path) -> None:
    first, again = (story(tmp_path / name, None) for name in ("a", "b"))
    assert first[0][2]["access_token"] != again[0][2]["access_token"]
    assert first[0][1] != again[0][1]


def test_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    with SimulatorProcess(tmp_path, seed=7) as simulator, simulator.client_for(MAIN) as client:
        client.register_in_bulk([item()])
        simulator.stop()
        simulator.restart()
        client.register_in_bulk([item()])
        first, second = (one["id"] for one in simulator.registrations())
        assert second == first + 1
