"""A day laid beside the NSSO's, against the real simulator; and the row the night keeps of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope, unscoped
from registrations import tasks
from registrations.models import NssoPresence, ReadBack, ReconciledDay, Registration, Submission
from registrations.models.nsso import SubmissionState
from registrations.reconciliation import Reconciliation, reconcile
from registrations.rules.presence import Kind
from registrations.rules.reconciliation import Reason
from registrations.services.reconciling import days_to_compare, keep_comparison
from tests.cast import SUB_NUMBER, make_user
from tests.registrations.nsso.test_reading import elsewhere
from tests.registrations.nsso.world import (
    ANNA,
    BILAL,
    CAROL,
    T0,
    World,
    at,
    journey,
    person_number,
    presences,
    reference_data,
)

TODAY = brussels_day(T0)
OTHER_REFERENCE = "1Y1003SQ5VSSY"


def compared(company: Company) -> Reconciliation:
    with company_scope(company):
        return reconcile(company, TODAY)


def reasons(company: Company) -> dict[Reason, int]:
    return compared(company).counts


def put(registration: Registration, state: SubmissionState, **columns: object) -> None:
    Submission.objects.filter(registration=registration).update(state=state, due_at=None, **columns)


def test_both_sides_are_the_same_once_everything_is_sent_and_read(world: World) -> None:
    world.tap(ANNA)
    world.tap(BILAL, seconds=1)
    assert reasons(world.cast.main) == {Reason.ON_ITS_WAY: 2}
    world.send(2)
    world.read(10)
    found = compared(world.cast.main)
    assert (found.here, found.there, found.both, found.differences) == (2, 2, 2, [])


def test_each_journey_that_did_not_arrive_says_why(world: World) -> None:
    states = {
        SubmissionState.UNCERTAIN: Reason.ANSWER_LOST,
        SubmissionState.MISCONFIGURED: Reason.NO_ACCESS,
        SubmissionState.REFUSED: Reason.REFUSED,
        SubmissionState.HELD: Reason.HELD,
        SubmissionState.NUMBER_PENDING: Reason.NUMBER_PENDING,
        SubmissionState.NOT_DUE: Reason.HOURS_ONLY,
    }
    for number, state in enumerate(states):
        put(world.tap(ANNA, seconds=number * 100), state)
    found = compared(world.cast.main)
    assert [one.reason for one in found.differences] == list(states.values())
    assert found.open_count == len(states) - 1
    assert (found.here, found.there, found.both) == (len(states), 0, 0)


def test_what_the_nsso_took_and_does_not_list_is_told_by_who_read_since(world: World) -> None:
    tap = world.tap(ANNA)
    world.send(1)
    NssoPresence.objects.all().delete()
    assert reasons(world.cast.main) == {Reason.NOT_READ_YET: 1}
    with unscoped(reason="tests look at everything"):
        own = journey(tap).credentials
    other = world.store_credentials(world.cast.sub)
    ReadBack.objects.update_or_create(credentials=own, day=TODAY, defaults={"read_at": at(100)})
    assert reasons(world.cast.main) == {Reason.NOT_LISTED: 1}
    ReadBack.objects.filter(credentials=own).update(credentials=other)
    Submission.objects.update(credentials=other)
    assert reasons(world.cast.main) == {Reason.NOT_LISTED: 1}
    Submission.objects.update(credentials=None)
    ReadBack.objects.update(credentials=own)
    assert reasons(world.cast.main) == {Reason.NOT_SEEN: 1}


def test_what_a_reading_missed_stands_on_our_side_only(world: World) -> None:
    world.tap(ANNA)
    world.send(1)
    world.read(10)
    NssoPresence.objects.update(missed_since=at(11))
    assert reasons(world.cast.main) == {Reason.NOT_LISTED: 1}


def test_what_only_the_nsso_has_says_why(world: World) -> None:
    tapped = world.tap(ANNA, employer=world.cast.sub)
    world.send(1)
    world.read(10)
    second = round((tapped.happened_at - T0).total_seconds())
    foreign = elsewhere(CAROL, seconds=300) | {"employer": {"foreignVatNumber": "FR12345678901"}}
    no_declaration = elsewhere(CAROL, seconds=400, employer=SUB_NUMBER)
    no_declaration.pop("contractualRelationshipReference")
    other = elsewhere(ANNA, seconds=second) | {"contractualRelationshipReference": OTHER_REFERENCE}
    world.simulator.put_reference(
        **{
            **reference_data(),
            "presences": [elsewhere(BILAL, seconds=200), foreign, no_declaration, other],
        }
    )
    world.store_credentials(world.cast.sub)
    ReadBack.objects.update(due_at=at(500))
    world.read(5000)
    assert reasons(world.cast.main) == {Reason.ELSEWHERE: 1, Reason.UNKNOWN_EMPLOYER: 1}
    assert reasons(world.cast.sub) == {
        Reason.ELSEWHERE: 1,
        Reason.UNKNOWN_DECLARATION: 1,
        Reason.OTHER_REFERENCE: 1,
    }
    found = compared(world.cast.sub)
    assert (found.here, found.there, found.both) == (1, 4, 1)
    assert reasons(world.cast.stranger) == {}
    assert reasons(world.cast.subsub) == {}


def test_a_second_number_of_one_tap_is_its_twin(world: World) -> None:
    tapped = world.tap(ANNA)
    world.send(1)
    world.read(10)
    [presence] = presences()
    Submission.objects.update(twin_nsso_ids=[999])
    NssoPresence.objects.create(
        nsso_id=999,
        registration=tapped,
        person=tapped.person,
        employer=tapped.employer,
        declaration=tapped.declaration,
        reference=presence.reference,
        type="IN",
        registered_at=tapped.happened_at,
        day=TODAY,
        validity="valid",
        first_seen_at=at(10),
        last_seen_at=at(10),
    )
    found = compared(world.cast.main)
    assert found.counts == {Reason.TWIN: 1}
    assert (found.here, found.there, found.both, found.open_count) == (1, 2, 1, 0)
    assert found.differences[0].registration == tapped.pk


def test_everybody_compares_what_they_see(world: World) -> None:
    world.tap(ANNA)
    world.tap(BILAL, seconds=1, employer=world.cast.sub)
    world.tap(CAROL, seconds=2, employer=world.cast.subsub)
    cast = world.cast
    seen = {company.name: compared(company).here for company in (cast.main, cast.sub, cast.subsub)}
    assert list(seen.values()) == [3, 2, 1]


@pytest.mark.parametrize("people", [3, 60])
def test_a_large_day_takes_as_many_queries_as_a_small_one(world: World, people: int) -> None:
    for number in range(people):
        world.tap(person_number(number), Kind.IN, seconds=number)
        NssoPresence.objects.create(
            nsso_id=number + 1,
            person=person_number(number),
            employer=world.cast.sub,
            declaration=world.declaration,
            type="IN",
            registered_at=at(number),
            day=TODAY,
            validity="valid",
            first_seen_at=at(10),
            last_seen_at=at(10),
        )
    with company_scope(world.cast.main), CaptureQueriesContext(connection) as captured:
        found = reconcile(world.cast.main, TODAY)
    assert len(found.differences) == 2 * people
    assert len(captured) <= 7


def test_the_night_keeps_a_row_and_comes_back_while_something_is_open(world: World) -> None:
    make_user("owner@main.example", world.cast.main)
    world.tap(ANNA)
    tomorrow = at(0) + timedelta(days=1)
    assert days_to_compare(now=tomorrow) == {world.cast.main.pk: [TODAY]}
    _compare(world.cast.main)
    [row] = _rows()
    assert (row.here, row.there, row.both, row.counts, row.open_count) == (1, 0, 0, {"onItsWay": 1}, 1)
    # Days later it is looked at again as long as something is open, and no longer.
    assert days_to_compare(now=at(0) + timedelta(days=20)) == {world.cast.main.pk: [TODAY]}
    world.send(1)
    world.read(10)
    _compare(world.cast.main)
    [row] = _rows()
    assert (row.there, row.both, row.counts, row.open_count) == (1, 1, {}, 0)
    assert days_to_compare(now=at(0) + timedelta(days=2)) == {}
    assert days_to_compare(now=at(0) + timedelta(days=20)) == {}
    # The night after the day it is compared in any case.
    assert days_to_compare(now=tomorrow) == {world.cast.main.pk: [TODAY]}


def test_a_night_that_was_missed_is_made_up_for(world: World) -> None:
    make_user("owner@main.example", world.cast.main)
    world.tap(ANNA)
    assert days_to_compare(now=at(0) + timedelta(days=7)) == {world.cast.main.pk: [TODAY]}
    assert days_to_compare(now=at(0) + timedelta(days=8)) == {}


def test_a_day_with_nothing_on_it_leaves_no_row(world: World) -> None:
    with company_scope(world.cast.main):
        assert keep_comparison(company=world.cast.main, day=TODAY, now=at(0)) is None
    assert _rows() == []


def test_companies_without_people_here_are_passed_over(world: World) -> None:
    world.tap(ANNA)
    assert days_to_compare(now=at(0) + timedelta(days=1)) == {}


def test_a_presence_made_elsewhere_has_its_day_compared(world: World) -> None:
    make_user("owner@sub.example", world.cast.sub)
    world.simulator.put_reference(**{**reference_data(), "presences": [elsewhere(BILAL, seconds=100)]})
    world.read(300)
    assert days_to_compare(now=at(0) + timedelta(days=1)) == {world.cast.sub.pk: [TODAY]}


def _compare(company: Company) -> None:
    tasks.compare_company(str(company.pk), [TODAY.isoformat()])


def _rows() -> list[ReconciledDay]:
    with unscoped(reason="tests look at everything"):
        return list(ReconciledDay.objects.order_by("company", "day"))
