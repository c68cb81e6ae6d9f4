"""What a dossier counts: by registration, by call and by hour, all adding up to the same sums."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ciao_portal.audit import Actor
from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope, unscoped
from registrations.dossiers import journeys
from registrations.dossiers.gathering import Gathered, calls_by_hour, gather
from registrations.dossiers.lines import attempt_rows, dossier_rows
from registrations.models import Outage, OutageOrigin, Registration
from registrations.models.nsso import SubmissionState
from registrations.rules.presence import Kind
from registrations.rules.waits import waits_by_hour
from registrations.rules.windows import Window
from registrations.services.releasing import release_held
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.registrations.dossiers.world import MINUTE, stands, through, tried
from tests.works import Works, declare, subcontract_to, tap

DAY = Window(date(2026, 11, 23), date(2026, 11, 23))
LATER = NOW + timedelta(hours=8)

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(cast: Cast) -> Works:
    made = declare(cast.main)
    subcontract_to(made, cast.sub)
    return made


def dossier(company: Company, period: Window = DAY, *, now: datetime = LATER) -> Gathered:
    with company_scope(company):
        return gather(company, period, now=now)


def waited(gathered: Gathered) -> set[Registration]:
    with unscoped(reason="a test looks at what was counted"):
        ids = [one.journey.registration for one in gathered.waits]
        return set(Registration.objects.filter(pk__in=ids))


def test_every_sum_is_the_sum_of_its_lines(cast: Cast, works: Works) -> None:
    ada, bea = make_worker(cast.main, SSINS[0]), make_worker(cast.sub, SSINS[1], "Bea", "Onderaan")
    first = tap(works, ada.person, now=NOW).registration
    second = tap(works, bea.person, now=NOW + MINUTE, employer=cast.sub).registration
    third = tap(works, ada.person, Kind.OUT, now=NOW + 100 * MINUTE).registration
    quick = tap(works, bea.person, Kind.OUT, now=NOW + 200 * MINUTE, employer=cast.sub).registration
    tried(first, second, at=NOW + 2 * MINUTE)
    tried(first, second, at=NOW + 70 * MINUTE, outcome="serviceUnavailable", status=503)
    through(first, second, at=NOW + 90 * MINUTE)
    tried(third, at=NOW + 101 * MINUTE)
    through(quick, at=NOW + 201 * MINUTE)

    found = dossier(cast.main)
    assert waited(found) == {first, second, third}
    assert (found.tally.count, found.tally.got_through, found.tally.still_waiting) == (3, 2, 1)
    assert found.tally.longest == LATER - third.received_at
    assert found.tally.last_through_at == NOW + 90 * MINUTE
    # Two for each of three calls, one for the third, one for the quick one.
    assert found.attempts == 8
    assert len(found.calls) == 5
    assert sum(hour.count for hour in calls_by_hour(found.calls)) == found.attempts
    hours = waits_by_hour((one.wait for one in found.waits), now=LATER)
    assert sum(hour.tally.count for hour in hours) == found.tally.count
    with company_scope(cast.main):
        streamed = list(dossier_rows(cast.main, DAY, now=LATER))
    assert len(streamed) == 1 + found.attempts
    attached = list(attempt_rows(found.journeys, found.naming))
    assert sorted(map(str, attached)) == sorted(map(str, streamed))


def test_each_company_sees_its_own_and_those_below(cast: Cast, works: Works) -> None:
    ada, bea = make_worker(cast.main, SSINS[0]), make_worker(cast.sub, SSINS[1], "Bea", "Onderaan")
    mine = tap(works, ada.person, now=NOW).registration
    below = tap(works, bea.person, now=NOW, employer=cast.sub).registration
    tried(mine, below, at=NOW + MINUTE)
    assert waited(dossier(cast.main)) == {mine, below}
    assert waited(dossier(cast.sub)) == {below}
    assert dossier(cast.sub).attempts == 1
    assert waited(dossier(cast.stranger)) == set()
    assert dossier(cast.stranger).calls == []
    # The declarer sees that somebody of the subcontractor waited, never who.
    named = [str(row) for row in attempt_rows(dossier(cast.main).journeys, dossier(cast.main).naming)]
    assert any("Ada Voorbeeld" in row for row in named)
    assert not any("Bea" in row or SSINS[1] in row or "90" + SSINS[1][2:] in row for row in named)


def test_what_waits_for_people_is_no_wait_for_the_nsso(cast: Cast, works: Works) -> None:
    ada = make_worker(cast.main, SSINS[0])
    taps = [tap(works, ada.person, now=NOW + place * MINUTE).registration for place in range(0, 8, 2)]
    held, pending, refused, kept = taps
    stands(held, SubmissionState.HELD)
    stands(pending, SubmissionState.NUMBER_PENDING)
    tried(refused, at=NOW + 60 * MINUTE, outcome="notCreated", status=200)
    stands(refused, SubmissionState.REFUSED)
    stands(kept, SubmissionState.NOT_DUE)
    found = dossier(cast.main)
    assert waited(found) == {refused}
    assert (found.tally.count, found.tally.refused, found.tally.still_waiting) == (1, 1, 0)


def test_what_the_office_held_waits_from_its_release(cast: Cast, works: Works) -> None:
    held = tap(works, make_worker(cast.main, SSINS[0]).person, now=NOW).registration
    stands(held, SubmissionState.HELD)
    released = NOW + 180 * MINUTE
    release_held(registration=held, actor=Actor(cast.main, cast.office), now=released)
    through(held, at=released + 3 * MINUTE)
    assert waited(dossier(cast.main)) == set()


def test_an_old_one_that_still_waits_is_found(cast: Cast, works: Works) -> None:
    ada = make_worker(cast.main, SSINS[0])
    old = tap(works, ada.person, now=NOW - journeys.REACH - timedelta(days=9)).registration
    before = tap(works, ada.person, now=NOW - timedelta(days=2)).registration
    through(before, at=NOW - timedelta(days=1))
    assert waited(dossier(cast.main)) == {old}


def test_the_night_in_which_an_hour_comes_twice(cast: Cast, works: Works) -> None:
    """25 October 2026: 02:30 summer time, an hour later 02:30 winter time."""
    night = Window(date(2026, 10, 25), date(2026, 10, 25))
    ada = make_worker(cast.main, SSINS[0])
    half_past = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    one = tap(works, ada.person, now=half_past).registration
    two = tap(works, ada.person, Kind.OUT, now=half_past + timedelta(hours=1)).registration
    tried(one, at=half_past + MINUTE)
    through(one, at=half_past + timedelta(hours=1, minutes=1), number=1)
    through(two, at=half_past + timedelta(hours=1, minutes=10), number=2)
    # The last second of the day, and the first of the next, on a day of 25 hours.
    tried(two, at=datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC))
    tried(two, at=datetime(2026, 10, 25, 23, 0, tzinfo=UTC))
    found = dossier(cast.main, night, now=half_past + timedelta(days=1))
    assert found.attempts == 4
    assert [one.wait.length(now=LATER) for one in found.waits] == [61 * MINUTE, 10 * MINUTE]
    assert [f"{hour.start:%H:%M} {hour.count}" for hour in calls_by_hour(found.calls)] == [
        "00:00 1",
        "01:00 2",
        "22:00 1",
    ]
    times = [row[0] for row in attempt_rows(found.journeys, found.naming)][1:]
    assert times == [
        "25/10/2026 02:31:00 +02:00",
        "25/10/2026 02:31:00 +01:00",
        "25/10/2026 02:40:00 +01:00",
        "25/10/2026 23:59:59",
    ]


def test_outages_of_the_company_that_touch_the_period(cast: Cast) -> None:
    def outage(company: Company, start: datetime, end: datetime | None, origin: str) -> Outage:
        with unscoped(reason="a test writes outages"):
            return Outage.objects.create(
                company=company, origin=origin, started_at=start, ended_at=end, recorded_at=NOW
            )

    midnight = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    outage(cast.main, midnight - 60 * MINUTE, midnight, OutageOrigin.FOUND)
    found = outage(cast.main, midnight - 60 * MINUTE, midnight + MINUTE, OutageOrigin.FOUND)
    goes_on = outage(cast.main, NOW, None, OutageOrigin.DECLARED)
    outage(cast.main, midnight + timedelta(hours=24), None, OutageOrigin.DECLARED)
    outage(cast.sub, NOW, None, OutageOrigin.DECLARED)
    gathered = dossier(cast.main)
    assert (gathered.found, gathered.declared) == ([found], [goes_on])
