"""Presences made by other means, put there by whoever runs the simulator."""

import pytest
import requests

from ciao_portal.nsso.client import NssoClient
from ciao_portal.nsso.contract import IssueType
from tests.ciao_portal.nsso.world import ANNA, BILAL, DAYS, SUB, UNKNOWN_PERSON, item
from tests.simulator import SimulatorProcess


def put(simulator: SimulatorProcess, *items: dict[str, object]) -> list[int]:
    kept = simulator.control("POST", "/presences", {"items": list(items)})["items"]
    return [one["id"] for one in kept]


def test_they_are_read_back_with_their_remarks(simulator: SimulatorProcess, client: NssoClient) -> None:
    numbers = put(simulator, item(BILAL, employer=SUB).to_wire(), item(UNKNOWN_PERSON, minutes=1).to_wire())
    found = client.search(*DAYS).registrations
    assert [one.id for one in found] == numbers
    assert [(one.ssin, one.validity) for one in found] == [(BILAL, "valid"), (UNKNOWN_PERSON, "invalid")]
    assert client.get(numbers[0]).registration.employer.number == SUB
    assert simulator.registrations() == []
    shown = simulator.control("GET", "/presences")["items"]
    assert [(one["id"], one["ssin"]) for one in shown] == [
        (numbers[0], BILAL),
        (numbers[1], UNKNOWN_PERSON),
    ]


def test_they_are_added_to_those_there_are(simulator: SimulatorProcess, client: NssoClient) -> None:
    simulator.put_reference(presences=[item(BILAL, employer=SUB).to_wire()])
    (first,) = [one.id for one in client.search(*DAYS).registrations]
    (second,) = put(simulator, item(BILAL, "OUT", employer=SUB, minutes=5).to_wire())
    assert [one.id for one in client.search(*DAYS).registrations] == [first, second]
    assert len(simulator.control("GET", "/reference")["presences"]) == 2
    # Replacing the section keeps the numbers of those that stay.
    simulator.put_reference(presences=[item(BILAL, "OUT", employer=SUB, minutes=5).to_wire()])
    assert [one.id for one in client.search(*DAYS).registrations] == [second]


def test_they_pair_with_what_came_through_the_service(
    simulator: SimulatorProcess, client: NssoClient
) -> None:
    client.register_in_bulk([item(ANNA)])
    put(simulator, item(ANNA).to_wire())
    found = client.search(*DAYS).registrations
    assert [[remark.code for remark in one.remarks] for one in found] == [[], ["duplicateRegistration"]]


def test_an_emptied_simulator_has_none(simulator: SimulatorProcess, client: NssoClient) -> None:
    put(simulator, item(BILAL, employer=SUB).to_wire())
    simulator.clear()
    assert client.search(*DAYS).registrations == ()
    assert simulator.control("GET", "/presences") == {"items": []}


@pytest.mark.parametrize(
    ("body", "issue"),
    [
        ({"items": []}, IssueType.OUT_OF_RANGE),
        ({"presences": []}, IssueType.REQUIRED_INPUT),
        (
            {"items": [item().to_wire(), {**item().to_wire(), "ssin": "05011512379"}]},
            IssueType.INVALID_STRUCTURE,
        ),
        ([], IssueType.SCHEMA_VIOLATION),
    ],
    ids=["none", "unnamed", "malformed", "no-object"],
)
def test_what_is_malformed_changes_nothing(
    simulator: SimulatorProcess, body: object, issue: IssueType
) -> None:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(f"{simulator.control_url}/presences", json=body, timeout=10)
    assert answer.status_code == 400
    assert [one["type"] for one in answer.json()["issues"]] == [issue]
    assert simulator.control("GET", "/presences") == {"items": []}
