"""What the simulator's checks say, asked over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ciao_portal.nsso.client import NssoClient
from ciao_portal.nsso.contract import Created, ForeignVat, Item, RemarkCode
from tests.ciao_portal.nsso.world import (
    ANNA,
    BELOW_SUB,
    EARLIER,
    MAIN,
    OTHER_REFERENCE,
    POSTED,
    REFERENCE,
    SELF_EMPLOYED,
    STRANGER,
    SUB,
    UNKNOWN_PERSON,
    item,
    reference_data,
)
from tests.simulator import SimulatorProcess

LONG_AGO = {"startDate": "2020-01-01", "endDate": "2020-12-31"}
SIXTEEN_HOURS = 16 * 3600


def register(client: NssoClient, *items: Item) -> list[int]:
    results = client.register_in_bulk(items).results
    return [result.registration.id for result in results if isinstance(result, Created)]


def codes(client: NssoClient, number: int) -> list[str]:
    return [remark.code for remark in client.get(number).registration.remarks]


def test_all_in_order_gives_no_remark(simulator: SimulatorProcess, client: NssoClient) -> None:
    numbers = register(
        client,
        item(),
        item(ANNA, "OUT", minutes=30),
        item(POSTED, employer=BELOW_SUB),
        item(SELF_EMPLOYED, employer=SUB),
    )
    assert [codes(client, number) for number in numbers] == [[], [], [], []]


@pytest.mark.parametrize(
    ("sent", "changed", "expected"),
    [
        (item(), {"dimona": []}, [RemarkCode.DIMONA_NOT_FOUND]),
        (
            item(),
            {"dimona": [{"ssin": ANNA, "enterpriseNumber": MAIN, **LONG_AGO}]},
            [RemarkCode.DIMONA_NOT_FOUND],
        ),
        (item(UNKNOWN_PERSON), {}, [RemarkCode.WORKER_UNKNOWN]),
        (item(), {"enterprises": []}, [RemarkCode.ENTERPRISE_UNKNOWN]),
        (
            item(),
            {"enterprises": [{"enterpriseNumber": MAIN, "endDate": "2021-01-01"}]},
            [RemarkCode.ENTERPRISE_NOT_ACTIVE],
        ),
        (item(employer=SUB, reference=OTHER_REFERENCE), {}, [RemarkCode.ENTERPRISE_NOT_ON_DECLARATION]),
        (item(reference=None), {}, [RemarkCode.DECLARATION_MISSING]),
        (item(reference="1Y1ZZZZZZZZZZ"), {}, [RemarkCode.DECLARATION_UNKNOWN]),
        (
            item(),
            {
                "declarations": [
                    {"contractualRelationshipReference": REFERENCE, "enterpriseNumber": MAIN, **LONG_AGO}
                ]
            },
            [RemarkCode.DECLARATION_NOT_ACTIVE],
        ),
        (
            item(),
            {
                "declarations": [
                    {
                        "contractualRelationshipReference": REFERENCE,
                        "enterpriseNumber": MAIN,
                        "subject": False,
                    }
                ]
            },
            [RemarkCode.SITE_NOT_SUBJECT],
        ),
        (item(POSTED), {"limosa": []}, [RemarkCode.LIMOSA_NOT_FOUND]),
        (item(POSTED), {"limosa": [{"ssin": POSTED, **LONG_AGO}]}, [RemarkCode.LIMOSA_NOT_ACTIVE]),
        (item(SELF_EMPLOYED, employer=MAIN), {}, [RemarkCode.SELF_EMPLOYED_NOT_KNOWN]),
        (
            item(employer=STRANGER),
            {"dimona": []},
            [RemarkCode.DIMONA_NOT_FOUND, RemarkCode.ENTERPRISE_NOT_ON_DECLARATION],
        ),
    ],
)
def test_remark_by_reference_data(
    simulator: SimulatorProcess,
    client: NssoClient,
    sent: Item,
    changed: dict[str, list[dict[str, Any]]],
    expected: list[RemarkCode],
) -> None:
    simulator.put_reference(**changed)
    (number,) = register(client, sent)
    shown = client.get(number).registration
    assert [remark.code for remark in shown.remarks] == expected
    assert shown.validity == ("invalid" if RemarkCode.WORKER_UNKNOWN in expected else "validWithRemarks")
    assert set(shown.remarks[0].description) == {"nl", "fr", "de"}
    # Put right at its source, the remark leaves the list.
    repaired = reference_data()
    repaired["people"].append({"ssin": UNKNOWN_PERSON})
    repaired["dimona"] += [
        {"ssin": UNKNOWN_PERSON, "enterpriseNumber": MAIN, "startDate": "2020-01-01"},
        {"ssin": ANNA, "enterpriseNumber": STRANGER, "startDate": "2020-01-01"},
        {
            "ssin": SELF_EMPLOYED,
            "enterpriseNumber": MAIN,
            "startDate": "2020-01-01",
            "status": "selfEmployed",
        },
    ]
    for declaration in repaired["declarations"]:
        declaration["chain"] = [{"enterpriseNumber": SUB}, {"enterpriseNumber": STRANGER}]
    simulator.put_reference(**repaired)
    left = codes(client, number)
    untouched_by_repair = {RemarkCode.DECLARATION_MISSING, RemarkCode.DECLARATION_UNKNOWN}
    assert left == [code for code in expected if code in untouched_by_repair]


def test_employer_from_abroad_needs_limosa(simulator: SimulatorProcess, client: NssoClient) -> None:
    abroad = reference_data()
    abroad["declarations"][0]["chain"] = [{"foreignVatNumber": "NL123456789B01"}]
    simulator.put_reference(**abroad)
    sent = Item(**{**vars(item()), "employer": ForeignVat("NL123456789B01")})
    (number,) = register(client, sent)
    assert codes(client, number) == [RemarkCode.LIMOSA_NOT_FOUND]


def test_an_empty_world_knows_nobody(simulator: SimulatorProcess, client: NssoClient) -> None:
    (number,) = register(client, item())
    simulator.put_reference(people=[], dimona=[], limosa=[], enterprises=[])
    assert codes(client, number) == [RemarkCode.WORKER_UNKNOWN, RemarkCode.ENTERPRISE_UNKNOWN]


def test_the_same_item_twice_gives_two_numbers(client: NssoClient) -> None:
    first, second = register(client, item(), item())
    assert first != second
    assert codes(client, first) == []
    assert codes(client, second) == [RemarkCode.DUPLICATE_REGISTRATION]


def test_unpaired_after_sixteen_hours_of_the_validation_clock(
    simulator: SimulatorProcess, client: NssoClient
) -> None:
    alone_in, alone_out = register(client, item(), item(POSTED, "OUT"))
    assert (codes(client, alone_in), codes(client, alone_out)) == ([], [])
    begun = EARLIER.timestamp() + SIXTEEN_HOURS - datetime.now(UTC).timestamp()
    simulator.advance(begun - 60)
    assert (codes(client, alone_in), codes(client, alone_out)) == ([], [])
    simulator.advance(120)
    assert codes(client, alone_in) == [RemarkCode.MISSING_OUT]
    assert codes(client, alone_out) == [RemarkCode.MISSING_IN]
    # An OUT that arrives late takes the remark away again.
    (late,) = register(client, item(ANNA, "OUT", minutes=60))
    assert codes(client, alone_in) == []
    assert codes(client, late) == []


def test_breaks_within_one_second_are_pairs(simulator: SimulatorProcess, client: NssoClient) -> None:
    numbers = register(client, item(), item(ANNA, "OUT"))
    simulator.advance(2 * SIXTEEN_HOURS)
    assert [codes(client, number) for number in numbers] == [[], []]


def test_two_entries_leave_the_first_unpaired(simulator: SimulatorProcess, client: NssoClient) -> None:
    first, second, out = register(client, item(), item(minutes=10), item(ANNA, "OUT", minutes=20))
    simulator.advance(2 * SIXTEEN_HOURS)
    assert codes(client, first) == [RemarkCode.MISSING_OUT]
    assert (codes(client, second), codes(client, out)) == ([], [])


def test_present_on_two_declarations_at_once(client: NssoClient) -> None:
    here, there = register(client, item(), item(reference=OTHER_REFERENCE, minutes=10))
    assert codes(client, here) == [RemarkCode.OVERLAPPING_REGISTRATIONS]
    assert codes(client, there) == [RemarkCode.OVERLAPPING_REGISTRATIONS]
    register(client, item(ANNA, "OUT", minutes=10))
    assert (codes(client, here), codes(client, there)) == ([], [])


def test_leaving_within_the_second_of_entering_ends_the_stay(client: NssoClient) -> None:
    here, _, there = register(client, item(), item(ANNA, "OUT"), item(reference=OTHER_REFERENCE, minutes=10))
    assert (codes(client, here), codes(client, there)) == ([], [])


def test_checks_come_after_the_delay(tmp_path_factory: pytest.TempPathFactory) -> None:
    with (
        SimulatorProcess(tmp_path_factory.mktemp("slow"), delay_s=3600) as simulator,
        simulator.client_for(MAIN) as client,
    ):
        (number,) = register(client, item())
        simulator.advance(3500)
        assert client.get(number).registration.validity == "pending"
        simulator.advance(200)
        assert client.get(number).registration.validity == "invalid"


def test_the_advance_leaves_intake_alone(simulator: SimulatorProcess, client: NssoClient) -> None:
    simulator.advance(SIXTEEN_HOURS)
    ahead = datetime.now(UTC) + timedelta(hours=1)
    assert register(client, Item(**{**vars(item()), "registration_date": ahead})) == []
    assert len(register(client, item())) == 1
