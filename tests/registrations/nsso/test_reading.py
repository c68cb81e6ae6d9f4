"""What the NSSO says afterwards: validity, remarks that come and go, presences registered by other means."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ciao_portal.days import brussels_day
from ciao_portal.models import Person
from ciao_portal.tenancy import unscoped
from declarations.models import Declaration
from registrations.models import ReadBack, Remark
from registrations.nsso.read_backs import next_reading
from registrations.nsso.status import last_success
from registrations.querysets import unfinished_journeys
from registrations.rules.deadlines import last_day
from registrations.rules.presence import Kind
from tests.cast import SUB_NUMBER
from tests.declarations.works import REFERENCE, make_works
from tests.registrations.nsso.world import (
    ANNA,
    BILAL,
    CAROL,
    T0,
    World,
    at,
    journey,
    open_codes,
    person_number,
    presences,
    read_backs,
    reference_data,
)

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
DAY = date(2026, 11, 20)


def elsewhere(ssin: str, *, seconds: int, employer: str = SUB_NUMBER, type_: str = "IN") -> dict[str, object]:
    """A presence somebody registered on the NSSO's own page."""
    return {
        "registrationDate": at(seconds).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ssin": ssin,
        "type": type_,
        "employer": {"enterpriseNumber": employer},
        "placeOfWork": {"coordinates": {"longitude": 4.35, "latitude": 50.85}},
        "contractualRelationshipReference": REFERENCE,
    }


def test_validity_comes_back_and_stands_on_the_submission(world: World) -> None:
    tap = world.tap(ANNA)
    world.send(1)
    assert journey(tap).validity == "pending"
    world.read(1)
    assert read_backs()[0].read_at is None
    world.read(4)
    [presence] = presences()
    assert (presence.validity, journey(tap).validity) == ("valid", "valid")
    assert presence.validated_at is not None
    assert presence.first_seen_at < presence.last_seen_at
    [row] = read_backs()
    assert (row.pending, row.last_error) == (0, "")
    assert row.read_at is not None


def test_a_remark_appears_goes_and_returns_as_a_new_spell(world: World) -> None:
    data = reference_data()
    without_dimona = {**data, "dimona": []}
    world.simulator.put_reference(**without_dimona)
    tap = world.tap(ANNA)
    world.send(1)
    world.read(10)
    [remark] = Remark.objects.all()
    assert (remark.code, remark.gone_at) == ("dimonaNotFound", None)
    assert remark.happened_day == tap.happened_day
    assert remark.last_day == last_day(tap.happened_day)
    assert (remark.employer_id, remark.declaration_id) == (world.cast.main.pk, world.declaration.pk)
    assert set(remark.description) >= {"nl", "fr", "de"}
    assert journey(tap).validity == "validWithRemarks"

    world.simulator.put_reference(**data)
    world.read(4000)
    remark.refresh_from_db()
    assert remark.gone_at is not None
    assert remark.gone_at >= at(4000)
    assert journey(tap).validity == "valid"

    world.simulator.put_reference(**without_dimona)
    world.read(8000)
    assert Remark.objects.count() == 2
    assert open_codes() == ["dimonaNotFound"]


def test_a_remark_that_stands_is_seen_again_not_written_again(world: World) -> None:
    world.simulator.put_reference(**{**reference_data(), "dimona": []})
    world.tap(ANNA)
    world.send(1)
    world.read(10)
    world.read(4000)
    [remark] = Remark.objects.all()
    assert remark.last_seen_at >= at(4000)
    assert remark.first_seen_at < at(20)


def test_codes_and_validities_never_seen_are_kept_as_they_came(world: World) -> None:
    world.simulator.put_faults({"kind": "unknownValidity", "times": 1}, {"kind": "unknownRemark", "times": 1})
    first = world.tap(ANNA)
    world.send(1)
    world.tap(BILAL, seconds=2)
    world.send(3)
    world.read(10)
    known = {"pending", "valid", "validWithRemarks", "invalid"}
    assert journey(first).validity not in known
    assert len(open_codes()) == 1
    [remark] = Remark.objects.all()
    shown = [one for one in presences() if one.pk == remark.presence_id]
    assert shown[0].person_id != first.person_id


def test_presences_made_by_other_means_are_kept_with_people_and_companies(world: World) -> None:
    world.simulator.put_reference(
        **{
            **reference_data(),
            "presences": [elsewhere(BILAL, seconds=100), elsewhere("01490700185", seconds=200)],
        }
    )
    world.read(300)
    first, second = presences()
    assert first.registration_id is None
    assert first.declaration_id == world.declaration.pk
    assert first.employer_id == world.cast.sub.pk
    assert second.person_id != first.person_id
    assert second.registered_at == at(200)
    assert "workerUnknown" in open_codes()


def test_an_unknown_employer_on_our_declaration_is_kept_as_a_company(world: World) -> None:
    foreign = elsewhere(BILAL, seconds=50) | {"employer": {"foreignVatNumber": "FR12345678901"}}
    unknown = elsewhere(CAROL, seconds=60, employer="0400000014")
    world.simulator.put_reference(**{**reference_data(), "presences": [foreign, unknown]})
    world.read(100)
    numbers = {(one.employer.enterprise_number, one.employer.foreign_vat_number) for one in presences()}
    assert numbers == {(None, "FR12345678901"), ("0400000014", None)}


def test_what_another_tenant_typed_as_its_reference_draws_nothing_to_it(world: World) -> None:
    stranger = make_works(world.cast.stranger, technical_reference=REFERENCE, declared_number="")
    with unscoped(reason="tests look at everything"):
        assert Declaration.objects.filter(technical_reference=REFERENCE).count() == 2
    world.simulator.put_reference(**{**reference_data(), "presences": [elsewhere(BILAL, seconds=100)]})
    world.store_credentials(world.cast.stranger)
    world.read(300)
    [presence] = presences()
    assert presence.declaration_id == world.declaration.pk != stranger.pk


def test_a_reference_only_a_stranger_typed_leads_to_no_declaration(world: World) -> None:
    world.declaration.technical_reference = ""
    world.declaration.save()
    make_works(world.cast.stranger, technical_reference=REFERENCE, declared_number="")
    world.simulator.put_reference(**{**reference_data(), "presences": [elsewhere(BILAL, seconds=100)]})
    world.read(300)
    [presence] = presences()
    assert (presence.declaration_id, presence.reference) == (None, REFERENCE)


def test_two_companies_that_see_the_same_presence_keep_it_once(world: World) -> None:
    world.store_credentials(world.cast.sub)
    world.simulator.put_reference(
        **{**reference_data(), "dimona": [], "presences": [elsewhere(BILAL, seconds=100)]}
    )
    world.read(300)
    world.read(4000)
    assert len(presences()) == 1
    assert Remark.objects.count() == 1
    assert [row.read_at is not None for row in read_backs()] == [True, True]


def test_an_older_reading_never_undoes_a_newer_one(world: World) -> None:
    world.simulator.put_reference(**{**reference_data(), "dimona": []})
    world.tap(ANNA)
    world.send(1)
    world.read(4000)
    assert open_codes() == ["dimonaNotFound"]
    world.simulator.put_reference(**reference_data())
    ReadBack.objects.update(due_at=T0)
    world.read(3000)  # began before the last one was written
    assert open_codes() == ["dimonaNotFound"]


def test_a_pending_day_is_read_soon_then_less_often_then_hourly(world: World) -> None:
    steps = [
        (next_reading(day=DAY, now=NOON, pending=1, readings=count) or NOON) - NOON for count in range(1, 7)
    ]
    assert [step.total_seconds() for step in steps] == [2, 5, 15, 60, 600, 600]
    assert next_reading(day=DAY, now=NOON, pending=0, readings=0) == NOON + timedelta(hours=1)
    for age in (1, 30):
        later = NOON + timedelta(days=age)
        assert next_reading(day=DAY, now=later, pending=0, readings=0) == later + timedelta(days=1)
    over = NOON + timedelta(days=31)
    assert next_reading(day=DAY, now=over, pending=0, readings=0) is None
    assert next_reading(day=DAY, now=over, pending=3, readings=5) is None
    # Sent very late: its result comes some seconds after intake all the same.
    assert next_reading(day=DAY, now=over, pending=3, readings=1) == over + timedelta(seconds=2)
    late = NOON + timedelta(days=3)
    assert next_reading(day=DAY, now=late, pending=3, readings=9) == late + timedelta(days=1)


def test_a_newly_accepted_tap_pulls_the_next_reading_forward(world: World) -> None:
    world.tap(ANNA)
    world.send(1)
    world.read(10)
    [row] = read_backs()
    assert row.due_at is not None
    assert row.due_at > at(3000)
    world.tap(ANNA, Kind.OUT, seconds=100)
    world.send(101)
    [row] = read_backs()
    assert row.due_at is not None
    assert row.due_at < at(110)


def test_a_reading_that_fails_is_repeated_and_told(world: World) -> None:
    world.tap(ANNA)
    world.send(1)
    world.simulator.kill()
    try:
        world.read(10)
        [row] = read_backs()
        assert row.last_error == "connectionRefused"
        assert row.due_at is not None
        assert row.due_at > at(10)
        assert row.in_flight_since is None
    finally:
        world.simulator.restart()
    world.read(100)
    assert read_backs()[0].last_error == ""


def test_a_reading_of_a_sender_that_died_is_taken_over(world: World) -> None:
    world.tap(ANNA)
    world.send(1)
    ReadBack.objects.update(in_flight_since=at(2), claimed_by="dead", due_at=None)
    world.read(41)
    assert read_backs()[0].read_at is None
    world.read(43)
    assert presences()[0].validity == "valid"


def test_two_hundred_presences_take_few_queries(world: World) -> None:
    rows = [
        elsewhere(str(person_number(index).ssin), seconds=index, type_=("IN", "OUT")[index % 2])
        for index in range(200)
    ]
    Person.objects.all().delete()
    world.read(0)
    ReadBack.objects.filter(day=brussels_day(T0)).update(due_at=at(300))
    world.simulator.put_reference(**{**reference_data(), "presences": rows})
    with CaptureQueriesContext(connection) as captured:
        assert world.reading.drain(sender="sender-1", now=at(300)) == 1
    assert len(presences()) == 200
    queries = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
    assert len(queries) <= 34, "\n".join(query[:120] for query in queries)


def test_the_first_page_learns_how_the_company_stands(world: World) -> None:
    today = brussels_day(at(500))
    main, sub, stranger = world.cast.main, world.cast.sub, world.cast.stranger
    assert last_success(main, today=today) is None
    world.tap(ANNA, seconds=0)
    world.send(1)
    world.simulator.put_faults({"kind": "serviceUnavailable", "times": 1})
    world.tap(BILAL, seconds=100, employer=sub)
    world.send(101)
    [waiting] = unfinished_journeys(main)
    assert waiting.happened_at == at(100)
    success = last_success(main, today=today)
    assert success is not None
    assert at(1) <= success < at(100)
    assert unfinished_journeys(stranger).count() == 0
    assert last_success(stranger, today=today) is None
    assert unfinished_journeys(sub).count() == 1


@pytest.mark.parametrize("seconds", [0, 57_600])
def test_a_check_out_that_never_came_becomes_a_remark_after_sixteen_hours(world: World, seconds: int) -> None:
    world.tap(ANNA)
    world.send(1)
    world.simulator.advance(seconds)
    world.read(10)
    assert open_codes() == (["missingOut"] if seconds else [])
