"""Registrations travel in batches, in order, each once; what the NSSO does decides what comes next."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import Settings

from ciao_portal.models import Company, Person
from ciao_portal.tenancy import unscoped
from declarations.models import Workplace
from registrations.models import Attempt, Submission
from registrations.nsso import sending
from registrations.nsso.refusals import refusal_text
from registrations.rules.breaker import LONGEST_PAUSE_S, SPREAD
from registrations.rules.location import GivenPlace, Position, TypedAddress
from registrations.rules.presence import Kind
from registrations.services.places import keep_place
from tests.declarations.works import make_works
from tests.registrations.nsso.world import (
    ANNA,
    BILAL,
    CAROL,
    T0,
    World,
    at,
    journey,
    outcomes,
    person_number,
    point_of,
    presences,
    read_backs,
    states,
)
from tests.services import free_port

# With the settings of these tests: NSSO_TIMEOUT_S + 30 seconds.
SEARCH_AFTER_S = 40


def test_a_day_of_two_workers_arrives_in_order(world: World) -> None:
    taps = [
        world.tap(ANNA, Kind.IN, seconds=0),
        world.tap(BILAL, Kind.IN, seconds=100, employer=world.cast.sub),
        world.tap(ANNA, Kind.BREAK_START, seconds=200),
        world.tap(ANNA, Kind.BREAK_END, seconds=300),
        world.tap(ANNA, Kind.OUT, seconds=400),
    ]
    assert world.send(401) == 5
    assert world.at_nsso() == [
        (ANNA, "IN", 0),
        (BILAL, "IN", 100),
        (ANNA, "OUT", 200),
        (ANNA, "IN", 300),
        (ANNA, "OUT", 400),
    ]
    first = journey(taps[0])
    assert (first.state, first.due_at, first.in_flight_since) == ("accepted", None, None)
    assert first.accepted_at is not None
    assert first.credentials is not None
    assert first.credentials.company_id == world.cast.main.pk
    assert [outcomes(tap) for tap in taps] == [[("register", "created")]] * 5
    assert [one.registration_id for one in presences()] == [tap.pk for tap in taps]
    assert [one.due_at for one in read_backs()] != [None]
    assert world.send(402) == 0


def test_the_item_carries_reference_and_address_and_never_the_declared_number(world: World) -> None:
    world.tap()
    world.send(1)
    [item] = world.simulator.registrations()
    assert item["contractualRelationshipReference"] == world.declaration.technical_reference
    assert item["placeOfWork"]["address"] == {
        "postCode": "9000",
        "municipalityName": "Gent",
        "streetName": "Kouter",
        "houseNumber": "12",
    }
    assert item["employer"] == {"enterpriseNumber": world.cast.main.enterprise_number}
    assert world.declaration.declared_number not in str(item)


def test_a_declaration_without_reference_is_sent_all_the_same(world: World) -> None:
    draft = make_works(world.cast.main, title="Draft", technical_reference="", declared_number="")
    world.tap(point=point_of(draft))
    world.send(1)
    assert "contractualRelationshipReference" not in world.simulator.registrations()[0]


def test_a_park_travels_by_its_coordinates(world: World) -> None:
    with unscoped(reason="tests change a workplace"):
        Workplace.objects.filter(points=world.point).update(
            street="", house_number="", latitude=Decimal("51.05"), longitude=Decimal("3.72")
        )
    world.point.refresh_from_db()
    world.tap(point=point_of(world.declaration))
    world.send(1)
    place = world.simulator.registrations()[0]["placeOfWork"]
    assert place == {"coordinates": {"longitude": 3.72, "latitude": 51.05}}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (
            Position(Decimal("50.85"), Decimal("4.35"), accuracy_m=9),
            {"coordinates": {"longitude": 4.35, "latitude": 50.85}},
        ),
        (
            TypedAddress("Veldstraat", "9000", "Gent", "1"),
            {
                "address": {
                    "postCode": "9000",
                    "municipalityName": "Gent",
                    "streetName": "Veldstraat",
                    "houseNumber": "1",
                }
            },
        ),
    ],
)
def test_where_the_worker_says_it_was_goes_before_the_workplace(
    world: World, given: GivenPlace, sent: object
) -> None:
    world.tap(place=given)
    world.send(1)
    assert world.simulator.registrations()[0]["placeOfWork"] == sent


VELDSTRAAT = TypedAddress("Veldstraat", "9000", "Gent", "1")


def test_a_place_that_comes_before_its_turn_is_sent(world: World) -> None:
    row = world.tap()
    keep_place(registration=row, given=VELDSTRAAT, now=at(0.5))
    assert world.send(1) == 1
    assert world.simulator.registrations()[0]["placeOfWork"]["address"]["streetName"] == "Veldstraat"


def test_sending_never_waits_for_a_place(world: World) -> None:
    row = world.tap()
    assert world.send(1) == 1
    keep_place(registration=row, given=VELDSTRAAT, now=at(2))
    world.send(3)
    assert [one["placeOfWork"]["address"]["streetName"] for one in world.simulator.registrations()] == [
        "Kouter"
    ]


def test_an_address_the_contract_does_not_take_leaves_the_workplace(world: World) -> None:
    world.tap(place=TypedAddress("Citadelpark", "9000", "Gent"))
    world.send(1)
    assert world.simulator.registrations()[0]["placeOfWork"]["address"]["streetName"] == "Kouter"


def test_batches_hold_no_more_than_the_setting(world: World, settings: Settings) -> None:
    settings.NSSO_BATCH_SIZE = 2
    for index in range(5):
        world.tap(ANNA, Kind.IN if index % 2 == 0 else Kind.OUT, seconds=index * 100)
    assert [world.send(500) for _ in range(4)] == [2, 2, 1, 0]
    assert [seconds for _, _, seconds in world.at_nsso()] == [0, 100, 200, 300, 400]


def test_fresh_ones_go_first_and_the_backlog_has_its_share(world: World, settings: Settings) -> None:
    settings.NSSO_BATCH_SIZE = 4
    old = [world.tap(person_number(index), seconds=index) for index in range(6)]
    new = [world.tap(person_number(index), seconds=1000 + index) for index in range(6, 12)]
    world.send(1100)
    sent = {tap.pk for tap in (*old, *new) if journey(tap).state == "accepted"}
    assert new[-1].pk in sent
    assert new[-2].pk in sent
    assert old[0].pk in sent
    assert len(sent) == 4
    while world.send(1101):
        pass
    assert set(states(*old, *new)) == {"accepted"}


def test_a_fresh_one_never_overtakes_the_same_workers_backlog(world: World, settings: Settings) -> None:
    settings.NSSO_BATCH_SIZE = 2
    anna = [
        world.tap(ANNA, Kind.IN if index % 2 == 0 else Kind.OUT, seconds=index * 70) for index in range(5)
    ]
    Submission.objects.filter(registration=anna[-1]).update(due_at=at(900))
    world.send(900)
    assert states(*anna) == ["accepted", "accepted", "waiting", "waiting", "waiting"]


def test_a_later_one_waits_for_an_earlier_that_is_not_due(world: World) -> None:
    early = world.tap(ANNA, Kind.IN, seconds=0)
    Submission.objects.filter(registration=early).update(due_at=at(500))
    late = world.tap(ANNA, Kind.OUT, seconds=100)
    other = world.tap(BILAL, Kind.IN, seconds=200)
    assert world.send(300) == 1
    assert states(early, late, other) == ["waiting", "waiting", "accepted"]
    assert world.send(501) == 2
    assert [ssin for ssin, _, _ in world.at_nsso()] == [BILAL, ANNA, ANNA]


def test_workers_that_are_stuck_leave_room_for_those_that_are_not(world: World, settings: Settings) -> None:
    settings.NSSO_BATCH_SIZE = 1
    for seconds, ssin in ((0, ANNA), (300, CAROL)):
        world.tap(ssin, Kind.IN, seconds=seconds)
        world.tap(ssin, Kind.OUT, seconds=seconds + 70)
    Submission.objects.filter(registration__kind=Kind.IN).update(due_at=at(9000))
    free = world.tap(BILAL, Kind.IN, seconds=200)
    assert world.send(400) == 1
    assert states(free) == ["accepted"]


@pytest.mark.parametrize("retry_after", [7, None])
def test_an_unavailable_nsso_is_asked_again_and_not_sooner_than_it_said(
    world: World, retry_after: int | None
) -> None:
    fault = {"kind": "serviceUnavailable", "times": 1}
    world.simulator.put_faults(fault if retry_after is None else {**fault, "retryAfter": retry_after})
    tap = world.tap()
    world.send(10)
    waiting = journey(tap)
    assert (waiting.state, waiting.last_error) == ("waiting", "serviceUnavailable")
    assert waiting.due_at is not None
    assert waiting.due_at >= at(10 + (retry_after or 0.5))
    assert world.send(10.4) == 0
    assert world.send(30) == 1
    assert outcomes(tap) == [("register", "serviceUnavailable"), ("register", "created")]
    assert len(world.at_nsso()) == 1


def test_during_an_outage_few_rows_are_tried_and_new_taps_rest_with_their_company(world: World) -> None:
    world.simulator.put_faults({"kind": "tooManyRequests", "times": 2, "retryAfter": 60})
    taps = [world.tap(person_number(index), seconds=index) for index in range(12)]
    world.send(20)
    assert world.send(21) == 0
    assert world.send(100) == 5
    assert {len(outcomes(tap)) for tap in taps} == {1, 2}
    fresh = world.tap(ANNA, seconds=101)
    assert world.send(102) == 0
    while world.send(300):
        pass
    assert set(states(*taps, fresh)) == {"accepted"}
    assert len(world.at_nsso()) == 13


def test_pauses_grow_and_have_a_ceiling(world: World) -> None:
    world.simulator.put_faults({"kind": "serviceUnavailable", "times": 20})
    tap = world.tap()
    waits, moment = [], 10.0
    for _ in range(12):
        assert world.send(moment) == 1
        due_at = journey(tap).due_at
        assert due_at is not None
        waits.append((due_at - at(moment)).total_seconds())
        moment = (due_at - T0).total_seconds() + 1
    assert waits[0] < 3
    assert waits[4] > waits[1]
    assert LONGEST_PAUSE_S <= waits[-1] <= LONGEST_PAUSE_S * (1 + SPREAD)


def test_an_expired_token_is_renewed_and_nothing_is_lost_or_doubled(world: World) -> None:
    world.tap(ANNA)
    world.send(1)
    world.simulator.put_faults({"kind": "tokenExpired", "times": 1})
    tap = world.tap(BILAL, seconds=2)
    world.send(3)
    assert states(tap) == ["accepted"]
    assert len(world.at_nsso()) == 2


def test_a_refused_connection_means_that_nothing_was_sent(world: World, settings: Settings) -> None:
    address, token = settings.NSSO_BASE_URL, settings.NSSO_TOKEN_URL
    dead = f"http://127.0.0.1:{free_port()}"
    settings.NSSO_BASE_URL, settings.NSSO_TOKEN_URL = f"{dead}/v1", f"{dead}/token"
    tap = world.tap()
    world.send(1)
    assert (journey(tap).state, journey(tap).last_error) == ("waiting", "connectionRefused")
    assert outcomes(tap) == [("token", "connectionRefused")]
    settings.NSSO_BASE_URL, settings.NSSO_TOKEN_URL = address, token
    world.send(60)
    assert states(tap) == ["accepted"]


@pytest.mark.parametrize("kind", ["htmlAnswer", "truncatedJson", "connectionReset"])
def test_a_nonsensical_answer_is_looked_up_before_it_is_sent_again(world: World, kind: str) -> None:
    world.simulator.put_faults({"kind": kind, "times": 1})
    tap = world.tap()
    world.send(1)
    assert states(tap) == ["uncertain"]
    assert world.send(SEARCH_AFTER_S) == 0
    assert world.send(SEARCH_AFTER_S + 20) >= 1
    world.send(SEARCH_AFTER_S + 40)
    assert states(tap) == ["accepted"]
    assert len(world.at_nsso()) == 1


def test_one_malformed_row_does_not_hold_up_the_good_ones(world: World) -> None:
    world.simulator.put_faults({"kind": "malformedItem", "times": 1})
    taps = [world.tap(ssin, seconds=index) for index, ssin in enumerate((ANNA, BILAL, CAROL))]
    world.send(5)
    assert states(*taps) == ["accepted", "refused", "accepted"]
    refused = journey(taps[1])
    assert refused.refusal is not None
    assert (refused.refusal["source"], refused.due_at) == ("nsso", None)
    assert BILAL not in str(refused.refusal)
    assert refusal_text(refused)
    assert outcomes(taps[1]) == [("register", "notCreated")]
    assert world.send(600) == 0


def test_what_makes_no_item_is_refused_in_words_and_blocks_nobody(world: World) -> None:
    broken = Company.objects.create(enterprise_number="9999999999", name="Broken")
    tap = world.tap(ANNA, employer=broken)
    later = world.tap(ANNA, Kind.OUT, seconds=100)
    good = world.tap(BILAL, seconds=1)
    world.send(101)
    assert states(tap, later, good) == ["refused", "accepted", "accepted"]
    with translation.override("en"):
        assert "enterprise or VAT number" in refusal_text(journey(tap))
    assert outcomes(tap) == []


def test_an_unreadable_national_number_is_a_matter_of_settings(world: World) -> None:
    tap = world.tap(ANNA)
    Person.objects.filter(pk=tap.person_id).update(ssin_ciphertext=b"\x01\x02xx" + b"0" * 40)
    good = world.tap(BILAL)
    world.send(1)
    assert states(tap, good) == ["misconfigured", "accepted"]
    assert journey(tap).last_error == "numberUnreadable"


def test_without_credentials_it_waits_in_words_and_drains_by_itself_once_they_are_there(
    bare_world: World,
) -> None:
    world = bare_world
    taps = [world.tap(ANNA, Kind.IN, seconds=0), world.tap(ANNA, Kind.OUT, seconds=70)]
    world.send(71)
    assert states(*taps) == ["misconfigured"] * 2
    assert {journey(tap).last_error for tap in taps} == {"credentialsMissing"}
    assert world.send(72) == 0
    world.store_credentials(world.cast.main)
    fresh = world.tap(ANNA, Kind.IN, seconds=140)
    assert world.send(141) == 3
    assert [seconds for _, _, seconds in world.at_nsso()] == [0, 70, 140]
    assert states(*taps, fresh) == ["accepted"] * 3


def test_without_a_fresh_tap_the_misconfigured_are_looked_at_after_minutes(bare_world: World) -> None:
    tap = bare_world.tap()
    bare_world.send(1)
    bare_world.store_credentials(bare_world.cast.main)
    assert bare_world.send(200) == 0
    assert bare_world.send(302) == 1
    assert states(tap) == ["accepted"]


def test_a_refused_token_is_told_and_tried_again_after_minutes(world: World) -> None:
    world.simulator.put_faults({"kind": "tokenRefused", "times": 1})
    world.store_credentials(world.cast.sub)
    tap = world.tap(employer=world.cast.sub)
    world.send(1)
    assert (journey(tap).state, journey(tap).last_error) == ("misconfigured", "tokenRefused")
    assert outcomes(tap) == [("token", "tokenRefused")]
    assert world.send(60) == 0
    assert world.send(340) == 1
    assert states(tap) == ["accepted"]


def test_an_account_that_rests_does_not_hold_up_another(world: World) -> None:
    world.store_credentials(world.cast.sub)
    world.simulator.put_faults({"kind": "tokenRefused", "times": 1})
    first = world.tap(ANNA, seconds=0)
    world.send(1)
    second = world.tap(BILAL, seconds=2, employer=world.cast.sub)
    world.send(3)
    assert sorted(states(first, second)) == ["accepted", "misconfigured"]


def test_one_worker_with_two_accesses_stays_in_order(world: World) -> None:
    world.store_credentials(world.cast.sub)
    taps = [
        world.tap(ANNA, Kind.IN, seconds=0),
        world.tap(ANNA, Kind.IN, seconds=70, employer=world.cast.sub),
        world.tap(ANNA, Kind.OUT, seconds=140),
    ]
    while world.send(200):
        pass
    assert [seconds for _, _, seconds in world.at_nsso()] == [0, 70, 140]
    accesses = [one.company_id for tap in taps if (one := journey(tap).credentials)]
    assert accesses == [world.cast.main.pk, world.cast.sub.pk, world.cast.main.pk]


def test_a_portion_that_took_long_gives_the_others_back_for_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PORTION_S", 0.0)
    world.store_credentials(world.cast.sub)
    taps = [world.tap(ANNA, seconds=0), world.tap(BILAL, seconds=1, employer=world.cast.sub)]
    world.send(2)
    assert sorted(states(*taps)) == ["accepted", "waiting"]
    assert sorted(journey(tap).attempt_count for tap in taps) == [0, 1]
    world.send(3)
    assert states(*taps) == ["accepted", "accepted"]


def test_hours_only_and_a_pending_number_are_never_sent(world: World) -> None:
    hours = make_works(
        world.cast.main, title="Hours", regime="hours_only", technical_reference="", declared_number=""
    )
    world.tap(point=point_of(hours))
    nobody = Person.objects.create(created_at=T0)
    pending = world.tap(nobody)
    assert world.send(600) == 0
    assert states(pending) == ["number_pending"]
    assert world.at_nsso() == []


def test_a_number_that_went_missing_after_the_tap_is_pending_not_refused(world: World) -> None:
    tap = world.tap(ANNA)
    Person.objects.filter(pk=tap.person_id).update(ssin_ciphertext=None)
    world.send(1)
    assert states(tap) == ["number_pending"]


def test_demo_data_never_reach_a_real_address(world: World, settings: Settings) -> None:
    real = "https://services-sim.socialsecurity.be"
    settings.NSSO_ENVIRONMENT = "simulation"
    settings.NSSO_BASE_URL = f"{real}/REST/presenceRegistration/v1"
    settings.NSSO_TOKEN_URL = f"{real}/REST/oauth/v5/token"
    Company.objects.filter(pk=world.cast.sub.pk).update(is_demo=True)
    as_employer = world.tap(ANNA, employer=world.cast.sub)
    world.send(1)
    Company.objects.filter(pk=world.cast.sub.pk).update(is_demo=False)
    Company.objects.filter(pk=world.cast.main.pk).update(is_demo=True)
    as_declarer = world.tap(BILAL, seconds=2)
    world.send(3)
    world.read(4)
    for tap in (as_employer, as_declarer):
        assert (journey(tap).state, journey(tap).last_error) == ("misconfigured", "practiceData")
    assert not Attempt.objects.exists()


def test_a_full_batch_takes_a_bounded_number_of_queries(world: World) -> None:
    def queries(count: int, first: int) -> int:
        for index in range(first, first + count):
            world.tap(person_number(index), seconds=index)
        with CaptureQueriesContext(connection) as captured:
            assert world.send(1000) == count
        return len(captured)

    few = queries(3, 0)
    many = queries(60, 3)
    assert many <= few + 5
    assert many < 60


def test_no_attempt_and_no_log_holds_a_national_number(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for kind in ("malformedItem", "serviceUnavailable", "htmlAnswer"):
        world.simulator.put_faults({"kind": kind, "times": 1})
        world.tap(ANNA)
        world.send(1)
        world.tap(BILAL, seconds=100)
        world.send(101)
    rows = str([vars(row) for row in Attempt.objects.all()]) + caplog.text
    assert len(Attempt.objects.all()) > 0
    assert ANNA not in rows
    assert BILAL not in rows
