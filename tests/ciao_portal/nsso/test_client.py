"""The client against the real simulator: registering, showing, searching, tokens."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ciao_portal.nsso import contract
from ciao_portal.nsso.auth import Credentials, TokenSource
from ciao_portal.nsso.client import NssoClient
from ciao_portal.nsso.contract import Created, HealthStatus, IssueType, NotCreated
from ciao_portal.nsso.errors import NssoCode, NssoMisconfigured, NssoRefused
from ciao_portal.nsso.transport import NssoTransport
from tests.ciao_portal.nsso.world import (
    ANNA,
    BELOW_SUB,
    BILAL,
    DAYS,
    MAIN,
    OTHER_REFERENCE,
    POINT,
    REFERENCE,
    STRANGER,
    SUB,
    item,
)
from tests.simulator import SimulatorProcess


def created_ids(client: NssoClient, *items: contract.Item) -> list[int]:
    results = client.register_in_bulk(items).results
    return [result.registration.id for result in results if isinstance(result, Created)]


def test_register_answers_item_by_item_in_order(simulator: SimulatorProcess, client: NssoClient) -> None:
    sent = [item(ANNA, "IN"), item(BILAL, "IN", reference=None), item(ANNA, "OUT", minutes=30)]
    answer = client.register_in_bulk(sent)
    kept = [result.registration for result in answer.results if isinstance(result, Created)]
    assert [one.match_key for one in kept] == [one.match_key for one in sent]
    assert [one.validity for one in kept] == ["pending"] * 3
    assert len({one.id for one in kept}) == 3
    assert [row["ssin"] for row in simulator.registrations()] == [ANNA, BILAL, ANNA]
    assert simulator.registrations()[0] == {
        **sent[0].to_wire(),
        "id": kept[0].id,
        "receivedAt": simulator.registrations()[0]["receivedAt"],
    }


def test_exchange_is_evidence_without_a_national_number(
    simulator: SimulatorProcess, client: NssoClient
) -> None:
    exchange = client.register_in_bulk([item()]).exchange
    assert (exchange.method, exchange.path, exchange.http_status) == ("POST", contract.REGISTER_IN_BULK, 200)
    assert exchange.server_name == "nsso-simulator"
    assert exchange.contract_version == contract.VERSION
    assert len(exchange.trace_id) == 36
    assert exchange.related_trace_id not in (None, exchange.trace_id)
    assert exchange.clock_skew_s is not None
    assert abs(exchange.clock_skew_s) < 5
    assert ANNA not in repr(exchange)
    assert ANNA not in repr(item())


def test_malformed_item_is_refused_alone(simulator: SimulatorProcess, client: NssoClient) -> None:
    wrong_check = contract.Item(**{**vars(item()), "ssin": "05011512379"})
    first, second = client.register_in_bulk([wrong_check, item()]).results
    assert isinstance(first, NotCreated)
    assert [(issue.type, issue.name) for issue in first.problem.issues] == [
        (IssueType.INVALID_STRUCTURE, "items[0].ssin")
    ]
    assert "05011512379" not in first.problem.summary
    assert isinstance(second, Created)
    assert len(simulator.registrations()) == 1


def test_item_in_the_future_says_so(client: NssoClient) -> None:
    ahead = contract.Item(
        **{
            **vars(item()),
            "registration_date": datetime.now(UTC) + timedelta(minutes=5),
            "place_of_work": POINT,
        }
    )
    (result,) = client.register_in_bulk([ahead]).results
    assert isinstance(result, NotCreated)
    assert result.problem.lies_in_future


def test_get_shows_the_verdict(client: NssoClient) -> None:
    (number,) = created_ids(client, item())
    shown = client.get(number).registration
    assert (shown.validity, shown.remarks) == ("valid", ())
    assert shown.last_validation_date is not None
    assert shown.match_key == item().match_key


def test_get_of_nothing_is_refused(client: NssoClient) -> None:
    with pytest.raises(NssoRefused) as caught:
        client.get(999_999_999)
    assert caught.value.code == NssoCode.NOT_FOUND


def test_a_company_sees_its_own_and_down_the_chain_only(
    simulator: SimulatorProcess, client: NssoClient
) -> None:
    numbers = dict(
        zip(
            (MAIN, SUB, BELOW_SUB, STRANGER, "elsewhere"),
            created_ids(
                client,
                item(employer=MAIN),
                item(employer=SUB, minutes=1),
                item(employer=BELOW_SUB, minutes=2),
                item(employer=STRANGER, minutes=3),
                item(employer=STRANGER, reference=None, minutes=4),
            ),
            strict=True,
        )
    )
    # The stranger named on the main contractor's declaration is seen by itself and the declarer. Whoever
    # handed a registration in (here: the main contractor) may look it up as well.
    seen_by = {
        MAIN: {MAIN, SUB, BELOW_SUB, STRANGER, "elsewhere"},
        SUB: {SUB, BELOW_SUB},
        BELOW_SUB: {BELOW_SUB},
        STRANGER: {STRANGER, "elsewhere"},
    }
    for viewer, expected in seen_by.items():
        with simulator.client_for(viewer) as of_viewer:
            found = {one.id for one in of_viewer.search(*DAYS).registrations}
            assert found == {numbers[name] for name in expected}, viewer
            for name, number in numbers.items():
                if name in expected:
                    assert of_viewer.get(number).registration.id == number
                else:
                    with pytest.raises(NssoRefused) as caught:
                        of_viewer.get(number)
                    assert caught.value.code == NssoCode.NOT_VISIBLE


def test_search_reads_all_pages_oldest_first(client: NssoClient) -> None:
    sent = [item(minutes=minute, type_="IN" if minute % 2 == 0 else "OUT") for minute in (3, 1, 4, 0, 2)]
    client.register_in_bulk(sent)
    found, exchanges = client.search(*DAYS, page_size=2)
    assert len(exchanges) == 3
    assert [one.match_key for one in found] == sorted((one.match_key for one in sent), key=lambda key: key[2])


def test_search_narrows_by_company_and_reference(client: NssoClient) -> None:
    client.register_in_bulk(
        [item(), item(employer=SUB, minutes=1), item(reference=OTHER_REFERENCE, minutes=2)]
    )
    by_company = client.search(*DAYS, enterprise_number=SUB).registrations
    assert [one.employer.number for one in by_company] == [SUB]
    by_reference = client.search(*DAYS, reference=REFERENCE).registrations
    assert {one.reference for one in by_reference} == {REFERENCE}
    assert len(by_reference) == 2
    assert client.search(date(2024, 9, 1), date(2024, 9, 1)).registrations == ()


def test_search_of_101_days_is_refused(client: NssoClient) -> None:
    client.search(date(2026, 1, 1), date(2026, 4, 10))
    with pytest.raises(NssoRefused) as caught:
        client.search(date(2026, 1, 1), date(2026, 4, 11))
    assert [issue.type for issue in caught.value.problem.issues] == [IssueType.OUT_OF_RANGE]


def test_presences_by_other_means_are_found(simulator: SimulatorProcess, client: NssoClient) -> None:
    simulator.put_reference(presences=[item(BILAL, employer=SUB).to_wire()])
    (found,) = client.search(*DAYS).registrations
    assert (found.ssin, found.validity) == (BILAL, "valid")
    simulator.put_reference(
        presences=[item(BILAL, employer=SUB).to_wire(), item(BILAL, "OUT", employer=SUB, minutes=9).to_wire()]
    )
    again = client.search(*DAYS).registrations
    assert again[0].id == found.id
    assert len(again) == 2
    assert simulator.registrations() == []


def test_health_needs_no_token(simulator: SimulatorProcess) -> None:
    nobody = Credentials("nobody", "no key")
    with NssoClient(simulator.environment(), nobody, real_performance=False) as client:
        assert client.health().status is HealthStatus.UP


def test_unreadable_private_key_is_misconfigured(simulator: SimulatorProcess) -> None:
    nobody = Credentials("nobody", "no key")
    with (
        NssoClient(simulator.environment(), nobody, real_performance=False) as client,
        pytest.raises(NssoMisconfigured) as caught,
    ):
        client.get(1)
    assert caught.value.code == NssoCode.PRIVATE_KEY_UNREADABLE


def test_wrong_key_is_misconfigured(simulator: SimulatorProcess, credentials: Credentials) -> None:
    other = simulator.credentials_for(SUB)
    mixed = Credentials(credentials.client_id, other.private_key_pem)
    with (
        NssoClient(simulator.environment(), mixed, real_performance=False) as client,
        pytest.raises(NssoMisconfigured) as caught,
    ):
        client.get(1)
    assert (caught.value.code, caught.value.why) == (NssoCode.TOKEN_REFUSED, "invalid_client")


def test_token_is_kept_until_a_minute_before_its_end(
    simulator: SimulatorProcess, credentials: Credentials
) -> None:
    now = [1000.0]
    source = TokenSource(simulator.token_url, credentials, clock=lambda: now[0])
    transport = NssoTransport(simulator.environment(), real_performance=False)
    first = source.token(transport)
    now[0] += 600 - 60 - 1
    assert source.token(transport) == first
    now[0] += 1
    second = source.token(transport)
    assert second != first
    source.discard(first)
    assert source.token(transport) == second
    source.discard(second)
    assert source.token(transport) != second
    transport.close()


def test_a_restart_of_the_simulator_loses_no_registration_and_renews_the_token(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with (
        SimulatorProcess(tmp_path_factory.mktemp("killed")) as simulator,
        simulator.client_for(MAIN) as client,
    ):
        (number,) = created_ids(client, item())
        simulator.kill()
        simulator.restart()
        found = client.get(number)
        assert found.registration.ssin == ANNA
        assert found.exchange.note == "token renewed"
        assert created_ids(client, item(BILAL)) == [number + 1]
        assert simulator.stop() == 0
