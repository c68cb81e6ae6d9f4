"""Synthetic load: what is written straight into the tables is what the services would have written."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from ciao_portal.days import BRUSSELS, brussels_day, each_day
from ciao_portal.identifiers import parse_ssin
from ciao_portal.models import AuditEvent, Company
from ciao_portal.outbox import Loop
from ciao_portal.tenancy import unscoped
from registrations.demo import scale, scale_founding, scale_story
from registrations.demo.cast import PASSWORD, WORKERS
from registrations.demo.writing import TableWriter
from registrations.leaves import digest_of
from registrations.models import (
    Employment,
    NssoPresence,
    PresenceState,
    Registration,
    Remark,
    SealLeaf,
    Submission,
)
from registrations.models.nsso import SubmissionState
from registrations.rules.presence import Event, Kind, replay
from registrations.services.presence import rebuild_all

NOW = datetime(2026, 11, 24, 11, 20, tzinfo=BRUSSELS).astimezone(UTC)
WANTED = 2000


def presences() -> list[tuple[object, ...]]:
    columns = ("person", "employer", "declaration", "workplace", "last_registration", "last_kind", "last_at")
    return sorted(PresenceState.objects.values_list(*columns, "since"))


def test_it_writes_what_the_services_would_have_written(db: None) -> None:
    made = scale.load(registrations=WANTED, now=NOW)
    with unscoped(reason="a test looks at everything"):
        rows = list(Registration.objects.order_by("happened_at", "id"))
        assert len(rows) == made
        assert abs(made - WANTED) < WANTED / 5
        check_rows(rows)
        check_journeys(rows)
        kept = presences()
        assert rebuild_all() == len(kept)
        assert presences() == kept


def check_rows(rows: list[Registration]) -> None:
    today = brussels_day(NOW)
    assert {one.happened_day for one in rows} <= set(each_day(today - timedelta(days=99), today))
    assert min(one.happened_day for one in rows) < today - timedelta(days=90)
    assert max(one.happened_at for one in rows) <= NOW
    assert [one.happened_day for one in rows] == [brussels_day(one.happened_at) for one in rows]
    assert len({(one.employer_id) for one in rows}) > 1
    leaves = dict(SealLeaf.objects.values_list("registration_key", "digest"))
    assert leaves == {one.pk: digest_of(one) for one in rows}
    received = AuditEvent.objects.filter(action="registration.received")
    assert set(received.values_list("subject_id", "at", "company")) == {
        (str(one.pk), one.received_at, one.employer_id) for one in rows
    }
    for person in {one.person_id for one in rows}:
        events = [Event(one.pk, Kind(one.kind), one.happened_at) for one in rows if one.person_id == person]
        _presence, flags = replay(events)
        told = {one.pk: set(one.flags) - {"identityTyped"} for one in rows if one.person_id == person}
        assert told == {pk: {flag.value for flag in found} for pk, found in flags.items()}
    assert all(("identityTyped" in one.flags) == (one.means == "typed") for one in rows)


def check_journeys(rows: list[Registration]) -> None:
    submissions = {one.registration_id: one for one in Submission.objects.all()}
    assert set(submissions) == {one.pk for one in rows}
    assert not any(one.due_at or one.in_flight_since for one in submissions.values())
    states = Counter(one.state for one in submissions.values())
    assert states[SubmissionState.ACCEPTED] > 0.98 * len(rows)
    assert SubmissionState.WAITING not in states
    numbers = [one.nsso_id for one in submissions.values() if one.state == SubmissionState.ACCEPTED]
    assert len(set(numbers)) == len(numbers)
    remarked = NssoPresence.objects.filter(remarks__isnull=False)
    assert 0 < remarked.count() < 0.03 * len(rows)
    numbers_of = {pk: one.nsso_id for pk, one in submissions.items()}
    assert all((one.registration_id, one.nsso_id) in numbers_of.items() for one in remarked)
    assert Remark.objects.filter(gone_at=None).exists()


def test_nothing_of_it_ever_leaves(db: None) -> None:
    scale.load(registrations=300, now=NOW)
    loop = Loop()
    assert loop.drain_all() == 0
    loop.close()
    assert set(Company.objects.values_list("is_demo", flat=True)) == {True}


def test_a_third_of_the_people_are_the_subcontractors(db: None) -> None:
    hands = scale_founding.found(150, now=NOW)
    employers = Counter(hand.employer for hand in hands)
    assert len(employers) == 3
    assert 40 <= sum(sorted(employers.values())[:2]) <= 60
    with unscoped(reason="a test counts everything"):
        assert Employment.objects.count() == 150
    assert {scale_founding.invented_ssin(number) for number in range(150)}.isdisjoint(
        worker.ssin for worker in WORKERS
    )


def test_the_command_says_how_to_sign_in_and_refuses_a_second_time(db: None) -> None:
    out = StringIO()
    call_command("load_demo", "--scale", "200", stdout=out)
    assert "Demo Schaal NV has" in out.getvalue()
    assert authenticate(email=scale_founding.OWNER_EMAIL, password=PASSWORD) is not None
    with pytest.raises(CommandError, match="already"):
        call_command("load_demo", "--scale", "200", stdout=out)
    with pytest.raises(CommandError, match="above zero"):
        call_command("load_demo", "--scale", "0", stdout=out)


def test_it_is_for_the_simulator_only(settings: object, db: None) -> None:
    settings.NSSO_ENVIRONMENT = "production"  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="simulator"):
        scale.load(registrations=200, now=NOW)


def test_the_numbers_of_its_people_are_well_formed() -> None:
    numbers = [scale_founding.invented_ssin(number) for number in (0, 1, 13_999, 14_000, 40_000)]
    assert [parse_ssin(one, today=date(2026, 11, 24)) for one in numbers] == numbers
    with pytest.raises(ValueError, match="invented"):
        scale_founding.invented_ssin(41 * scale_founding.BIRTHDAYS)


def test_everybody_registers_in_order(db: None) -> None:
    pace = scale_story.pace_for(250, list(each_day(date(2026, 8, 17), date(2026, 11, 24))))
    for worker in range(30):
        told = [
            at
            for day in each_day(date(2026, 10, 20), date(2026, 11, 24))
            for at, _kind in scale_story.taps(worker, day, pace)
        ]
        assert told == sorted(told)


def test_a_column_nobody_fills_is_noticed() -> None:
    with pytest.raises(ValueError, match="salt"):
        TableWriter(
            Registration, *(f.attname for f in Registration._meta.concrete_fields if f.name != "salt")
        )
