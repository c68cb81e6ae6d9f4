"""The one door: never refused, never doubled, never changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from ciao_portal.audit import Actor
from ciao_portal.models import AuditEvent, Person
from ciao_portal.tenancy import company_scope
from declarations.models.declarations import Move, Regime
from declarations.services.life import Decision, decide
from registrations.leaves import digest_of
from registrations.models import Means, PresenceState, RegistrationPlace, SealLeaf, Submission
from registrations.querysets import unfinished_journeys
from registrations.rules.location import GivenPlace, Position, TypedAddress
from registrations.rules.presence import Kind
from registrations.rules.taps import KeyOrigin
from registrations.services.presence import rebuild_all
from registrations.services.registering import register
from tests.cast import NOW, SSINS, Cast, make_worker, person
from tests.works import all_registrations, declare, subcontract_to, tap, tap_at

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_a_tap_is_stored_with_its_journey_presence_and_audit(cast: Cast) -> None:
    works = declare(cast.main)
    make_worker(cast.main, SSINS[0])

    stored = tap(works, person(), Kind.IN).registration

    assert stored.happened_at == NOW
    assert stored.happened_day == date(2026, 11, 23)
    assert stored.flags == []
    submission = Submission.objects.get(registration=stored)
    assert (submission.state, submission.due_at) == ("waiting", NOW)
    state = PresenceState.objects.get(person=stored.person)
    assert (state.last_kind, state.since) == ("IN", NOW)
    assert AuditEvent.objects.filter(action="registration.received", subject_id=str(stored.pk)).count() == 1


def test_its_journey_knows_whose_it_is(cast: Cast) -> None:
    works = declare(cast.main)
    subcontract_to(works, cast.sub)

    stored = tap(
        works, person(), employer=cast.sub, now=datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    ).registration

    journey = Submission.objects.get(registration=stored)
    assert (journey.employer, journey.declarer) == (cast.sub, cast.main)
    assert (journey.declaration, journey.person) == (works.declaration, stored.person)
    assert journey.happened_day == date(2026, 11, 23)
    # Both companies count it among what is under way; nobody else does.
    counts = [unfinished_journeys(firm).count() for firm in (cast.sub, cast.main, cast.stranger)]
    assert counts == [1, 1, 0]


def test_a_night_registration_belongs_to_the_brussels_day(cast: Cast) -> None:
    works = declare(cast.main)

    stored = tap(works, person(), now=datetime(2026, 11, 22, 23, 30, tzinfo=UTC)).registration

    assert stored.happened_day == date(2026, 11, 23)


@pytest.mark.parametrize(
    "kinds",
    [
        (Kind.OUT,),
        (Kind.BREAK_END,),
        (Kind.IN, Kind.IN, Kind.IN),
        (Kind.BREAK_START, Kind.BREAK_START, Kind.OUT, Kind.OUT),
        (Kind.IN, Kind.BREAK_START, Kind.BREAK_END, Kind.OUT),
    ],
)
def test_every_sequence_is_stored(cast: Cast, kinds: tuple[Kind, ...]) -> None:
    works = declare(cast.main)

    for step, kind in enumerate(kinds):
        tap(works, person(), kind, now=NOW + step * 10 * MINUTE)

    assert [row.kind for row in all_registrations()] == [kind.value for kind in kinds]


def test_doubts_are_flags_never_refusals(cast: Cast) -> None:
    works = declare(cast.main, starts_on=date(2026, 1, 1), ends_on=date(2026, 10, 31), declared_number="")

    stored = tap(works, person(), Kind.OUT, employer=cast.stranger).registration

    assert set(stored.flags) == {"workerUnknown", "declarationEnded", "employerNotInChain", "outWithoutIn"}


def test_a_tap_on_cancelled_works_is_kept_sent_and_flagged(cast: Cast) -> None:
    works = declare(cast.main)
    make_worker(cast.main, SSINS[0])
    called_off = Decision(Move.CANCEL, day=date(2026, 11, 23), reason="The client stopped the works.")
    with company_scope(cast.main):
        decide(declaration=works.declaration, decision=called_off, actor=Actor(cast.main), now=NOW)

    stored = tap(works, person(), Kind.IN).registration

    assert stored.flags == ["declarationCancelled"]
    assert Submission.objects.get(registration=stored).state == "waiting"


def test_a_member_of_the_chain_is_no_doubt(cast: Cast) -> None:
    works = declare(cast.main)
    subcontract_to(works, cast.sub)
    make_worker(cast.sub, SSINS[0])

    assert tap(works, person(), employer=cast.sub).registration.flags == []


def test_the_same_tap_sent_again_is_one_registration(cast: Cast) -> None:
    works = declare(cast.main)
    once = tap_at(works, person())

    first = register(once, now=NOW)
    again = register(once, now=NOW + timedelta(days=2))

    assert (first.is_new, again.is_new) == (True, False)
    assert again.registration == first.registration
    assert len(all_registrations()) == 1


def test_a_page_restored_the_next_day_registers_anew(cast: Cast) -> None:
    works = declare(cast.main)
    once = replace(tap_at(works, person()), key_origin=KeyOrigin.PAGE)

    register(once, now=NOW)
    next_day = register(once, now=NOW + timedelta(days=1))

    assert next_day.is_new
    assert "keyReused" in next_day.registration.flags


def test_a_key_reused_for_something_else_is_stored_and_its_repeat_recognised(cast: Cast) -> None:
    works = declare(cast.main)
    once = tap_at(works, person())
    other = replace(once, kind=Kind.OUT)

    register(once, now=NOW)
    second = register(other, now=NOW + 5 * MINUTE)
    repeated = register(other, now=NOW + 6 * MINUTE)

    assert second.is_new
    assert "keyReused" in second.registration.flags
    assert repeated.registration == second.registration
    assert len(all_registrations()) == 2


def test_two_fingers_are_one_tap_and_a_minute_later_is_another(cast: Cast) -> None:
    works = declare(cast.main)

    first = tap(works, person(), now=NOW)
    second = tap(works, person(), now=NOW + timedelta(seconds=59))
    third = tap(works, person(), now=NOW + timedelta(seconds=120))

    assert second.registration == first.registration
    assert third.is_new


def test_in_out_in_within_a_minute_are_three(cast: Cast) -> None:
    works = declare(cast.main)

    for step, kind in enumerate((Kind.IN, Kind.OUT, Kind.IN)):
        assert tap(works, person(), kind, now=NOW + timedelta(seconds=15 * step)).is_new


def test_a_tap_kept_offline_carries_its_corrected_claim(cast: Cast) -> None:
    works = declare(cast.main)
    claimed = NOW - timedelta(hours=3)
    kept = replace(
        tap_at(works, person()), kept_offline=True, claimed_at=claimed, offset=timedelta(seconds=40)
    )

    stored = register(kept, now=NOW).registration

    assert stored.happened_at == claimed + timedelta(seconds=40)
    assert (stored.claimed_at, stored.received_at, stored.offset_ms) == (claimed, NOW, 40_000)
    assert "sentLate" in stored.flags


def test_a_late_tap_is_folded_into_the_presence(cast: Cast) -> None:
    works = declare(cast.main)
    tap(works, person(), Kind.OUT, now=NOW)
    late = replace(
        tap_at(works, person()),
        kept_offline=True,
        claimed_at=NOW - timedelta(hours=4),
        offset=timedelta(),
    )

    stored = register(late, now=NOW + MINUTE).registration

    assert "outOfOrder" in stored.flags
    state = PresenceState.objects.get(person=stored.person)
    assert (state.last_kind, state.last_at, state.since) == ("OUT", NOW, None)


def test_the_maintained_presence_equals_a_rebuilt_one(cast: Cast) -> None:
    works = declare(cast.main)
    kinds = [Kind.IN, Kind.BREAK_START, Kind.BREAK_END, Kind.OUT, Kind.IN]
    for number, ssin in enumerate(SSINS[:3]):
        for step, kind in enumerate(kinds[: number + 3]):
            tap(works, person(ssin), kind, now=NOW + (step * 7 + number) * MINUTE)
    columns = (
        "person",
        "employer",
        "declaration",
        "workplace",
        "last_registration",
        "last_kind",
        "last_at",
        "since",
    )
    maintained = sorted(PresenceState.objects.values_list(*columns), key=str)

    assert rebuild_all() == 3

    assert sorted(PresenceState.objects.values_list(*columns), key=str) == maintained


def test_hours_only_never_travels(cast: Cast) -> None:
    works = declare(cast.main, regime=Regime.HOURS_ONLY)

    stored = tap(works, person()).registration

    assert (stored.submission.state, stored.submission.due_at) == ("not_due", None)


def test_a_pending_national_number_is_stored_and_waits(cast: Cast) -> None:
    works = declare(cast.main)
    pending = Person.objects.create(created_at=NOW)

    stored = tap(works, pending).registration

    assert (stored.submission.state, stored.submission.due_at) == ("number_pending", None)
    assert "numberPending" in stored.flags


def test_a_flood_of_typed_numbers_is_stored_and_held(cast: Cast, settings: Settings) -> None:
    settings.TYPED_IDENTITIES_PER_HOUR = 2
    works = declare(cast.main)

    states = [tap(works, person(ssin)).registration.submission.state for ssin in SSINS[:4]]

    assert states == ["waiting", "waiting", "held", "held"]
    paired = replace(tap_at(works, person(SSINS[4])), means=Means.PAIRED)
    assert register(paired, now=NOW).registration.submission.state == "waiting"


@pytest.mark.parametrize("statement", ["UPDATE {table} SET kind = 'OUT'", "DELETE FROM {table}"])
def test_the_database_refuses_to_change_a_registration(cast: Cast, statement: str) -> None:
    works = declare(cast.main)
    stored = tap(works, person()).registration

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement.format(table=stored._meta.db_table))

    assert [row.kind for row in all_registrations()] == ["IN"]


def test_no_number_reaches_the_audit(cast: Cast) -> None:
    works = declare(cast.main)
    tap(works, person(SSINS[0]))

    for event in AuditEvent.objects.all():
        assert SSINS[0] not in str(event.payload)


def test_unknown_keys_do_not_collide(cast: Cast) -> None:
    works = declare(cast.main)
    key = uuid4()
    for ssin in SSINS[:3]:
        assert register(replace(tap_at(works, person(ssin)), client_key=key), now=NOW).is_new
    assert len({row.client_key for row in all_registrations()}) == 3


def test_every_registration_gets_a_leaf_that_fits_its_row(cast: Cast) -> None:
    stored = tap(declare(cast.main), person(), now=NOW).registration

    leaf = SealLeaf.objects.get(registration_key=stored.pk)
    [row] = all_registrations()
    assert leaf.digest == digest_of(row)
    row.happened_at -= MINUTE
    assert leaf.digest != digest_of(row)


def test_a_given_place_is_kept_apart_and_nonsense_is_dropped(cast: Cast) -> None:
    works = declare(cast.main)
    here = Position(Decimal("50.8503396"), Decimal("4.3517103"), accuracy_m=12)
    nowhere = Position(Decimal(0), Decimal(0))
    typed = TypedAddress(" Kouter ", "9000", "Gent", "12")
    places: tuple[GivenPlace, ...] = (here, nowhere, typed)
    taps = [
        replace(tap_at(works, person(ssin)), place=place)
        for ssin, place in zip(SSINS[:3], places, strict=True)
    ]

    first, second, third = (register(one, now=NOW).registration for one in taps)

    assert str(first.place.latitude) == "50.8503"
    assert first.place.accuracy_m == 12
    assert not RegistrationPlace.objects.filter(registration=second).exists()
    assert (third.place.street, third.place.house_number) == ("Kouter", "12")
