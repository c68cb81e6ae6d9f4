"""Reading and writing the wire: what is written is read back, nonsense is named and never a KeyError."""

import copy
import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ciao_portal.nsso import contract
from ciao_portal.nsso.contract import (
    ContractError,
    Created,
    Item,
    NotCreated,
    PresenceRegistration,
    Problem,
    ProblemType,
    Remark,
)
from tests.ciao_portal.nsso.world import ANNA, BILAL, PLACE, POINT, item

SHOWN = PresenceRegistration(
    **{**vars(item()), "place_of_work": POINT},
    id=17611,
    creation_date=datetime(2026, 11, 21, 5, 2, 12, tzinfo=UTC),
    validity="neverSeen",
    remarks=(Remark("alsoNeverSeen", {"nl": "x", "de": "y"}, date(2026, 11, 22)),),
    last_validation_date=datetime(2026, 11, 21, 5, 2, 15, tzinfo=UTC),
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_what_is_written_is_read_back() -> None:
    assert Item.from_wire(item().to_wire()) == item()
    assert PresenceRegistration.from_wire(json.loads(json.dumps(SHOWN.to_wire()))) == SHOWN


def test_a_year_is_written_with_four_digits() -> None:
    assert contract.format_moment(datetime(416, 12, 1, 15, 32, tzinfo=UTC)) == "0416-12-01T15:32:00Z"


def test_item_on_the_wire() -> None:
    moment = datetime(2026, 11, 21, 6, 2, 11, 900_000, tzinfo=UTC)
    sent = Item(**{**vars(item()), "registration_date": moment, "reference": None})
    assert sent.to_wire() == {
        "registrationDate": "2026-11-21T06:02:11Z",
        "ssin": ANNA,
        "type": "IN",
        "employer": {"enterpriseNumber": "0206731645"},
        "placeOfWork": {
            "address": {
                "postCode": PLACE.post_code,
                "municipalityName": PLACE.municipality_name,
                "streetName": PLACE.street_name,
                "houseNumber": PLACE.house_number,
                "boxNumber": PLACE.box_number,
            }
        },
    }


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=1))])
def test_an_item_needs_utc(zone: timezone | None) -> None:
    with pytest.raises(ValueError, match="UTC"):
        Item(**{**vars(item()), "registration_date": datetime(2026, 11, 21, 6, tzinfo=zone)})


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21T06:02:11+01:00", datetime(2026, 11, 21, 5, 2, 11, tzinfo=UTC)),
        ("2026-11-21T06:02:11.5Z", datetime(2026, 11, 21, 6, 2, 11, 500_000, tzinfo=UTC)),
        ("2026-11-21t06:02:11.123456789z", datetime(2026, 11, 21, 6, 2, 11, 123_456, tzinfo=UTC)),
    ],
)
def test_moments(text: str, moment: datetime) -> None:
    assert contract.parse_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-21",
        "2026-11-21T06:02:11",
        "20261121T060211Z",
        "2026-02-30T00:00:00Z",
        "0001-01-01T00:00:00+23:00",
    ],
)
def test_no_moments(text: str) -> None:
    with pytest.raises(ContractError):
        contract.parse_moment(text)


def answered(*results: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(results)}


def created(one: Item) -> dict[str, Any]:
    fields = {name: value for name, value in vars(SHOWN).items() if name not in vars(one)}
    return Created(PresenceRegistration(**vars(one), **fields)).to_wire()


def refused(one: Item) -> dict[str, Any]:
    return contract.not_created_to_wire(one.to_wire(), Problem(ProblemType.BAD_REQUEST, 400))


def test_results_stand_in_the_order_of_the_items() -> None:
    sent = [item(ANNA), item(BILAL)]
    results = contract.parse_bulk(answered(created(sent[0]), refused(sent[1])), sent)
    assert [type(result) for result in results] == [Created, NotCreated]
    for wrong in (
        answered(created(sent[1]), created(sent[0])),
        answered(refused(sent[1]), refused(sent[0])),
        answered(created(sent[0])),
        answered(created(sent[0]), created(sent[1]), created(sent[1])),
        answered(created(sent[0]), {**created(sent[1]), **refused(sent[1])}),
        answered(created(sent[0]), {}),
    ):
        with pytest.raises(ContractError):
            contract.parse_bulk(wrong, sent)


@pytest.mark.parametrize("member", sorted(SHOWN.to_wire()))
@given(value=anything)
@settings(deadline=None)
def test_any_member_may_be_nonsense(member: str, value: object) -> None:
    wire = copy.deepcopy(SHOWN.to_wire())
    wire[member] = value
    with suppress(ContractError):
        PresenceRegistration.from_wire(wire)


def test_a_violation_names_the_place_and_not_the_value() -> None:
    with pytest.raises(ContractError) as caught:
        PresenceRegistration.from_wire({**SHOWN.to_wire(), "ssin": f"{ANNA}x"})
    assert str(caught.value) == "registration.ssin is not a national number"


@given(anything)
@settings(deadline=None)
def test_any_answer_may_be_nonsense(value: object) -> None:
    readers = (
        lambda: contract.parse_bulk(value, [item()]),
        lambda: contract.parse_bulk({"items": [value]}, [item()]),
        lambda: contract.parse_page(value),
        lambda: contract.parse_health(value),
        lambda: contract.parse_token(value),
        lambda: contract.parse_oauth_error(value),
        lambda: Problem.from_wire(value),
    )
    for read in readers:
        with pytest.raises(ContractError):
            read()


def test_texts_no_database_keeps_are_nonsense() -> None:
    for text in ("a\0b", "\ud800"):
        with pytest.raises(ContractError):
            PresenceRegistration.from_wire({**SHOWN.to_wire(), "validity": text})


def test_a_problem_never_shows_its_texts() -> None:
    wire = {
        "type": ProblemType.BAD_REQUEST.value,
        "status": 400,
        "detail": f"wrong {ANNA}",
        "issues": [
            {"type": contract.IssueType.INVALID_STRUCTURE.value, "name": "items[0].ssin", "value": ANNA}
        ],
    }
    problem = Problem.from_wire(wire)
    assert problem.summary == "badRequest (invalidStructure items[0].ssin)"
    assert ANNA not in repr(problem)
