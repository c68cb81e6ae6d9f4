"""Queries written once give what the ORM gives, with fresh values each time, and never inside a scope."""

from datetime import timedelta

import psycopg
import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django_scopes.exceptions import ScopeError

from ciao_portal.models import Person
from ciao_portal.prepared import (
    KEYS,
    PERSON,
    TODAY,
    VIEWER,
    Among,
    Given,
    Pair,
    Prepared,
    Upsert,
    store,
    totals,
)
from ciao_portal.tenancy import company_scope, unscoped
from registrations.models import Employment, PresenceState, SealLeaf
from tests.cast import MAIN_NUMBER, NOW, SSINS, Cast, make_company, make_worker, person
from tests.queries import at_most_queries
from tests.works import declare, tap

pytestmark = pytest.mark.django_db

DOOR = "a test crosses tenants"


def employed() -> Prepared[Employment]:
    return Prepared(
        lambda: (
            Employment.objects.select_related("company")
            .filter(person=PERSON, starts_on__lte=Given("day", models.DateField()))
            .order_by("starts_on")
        )
    )


def test_every_call_takes_its_own_values(cast: Cast) -> None:
    rows = [make_worker(cast.main, ssin) for ssin in SSINS[:2]]
    query = employed()

    with unscoped(reason=DOOR):
        found = [query.all(person=row.person_id, day=NOW.date()) for row in rows]
        too_early = query.first(person=rows[0].person_id, day=rows[0].starts_on - timedelta(days=1))

    assert found == [[row] for row in rows]
    assert too_early is None


def test_rows_come_with_their_relations(cast: Cast) -> None:
    row = make_worker(cast.main, SSINS[0])
    query = employed()

    with unscoped(reason=DOOR), at_most_queries(1):
        found = query.first(person=row.person_id, day=NOW.date())
        assert found is not None
        assert found.company == cast.main


def test_a_day_that_is_given_can_be_moved(cast: Cast) -> None:
    row = make_worker(cast.main, SSINS[0])
    day = Given("day", models.DateField())
    query = Prepared(
        lambda: Employment.objects.filter(
            starts_on__gt=day - timedelta(days=2), starts_on__lt=day + timedelta(days=1)
        )
    )

    with unscoped(reason=DOOR):
        found = [number for number in range(-2, 4) if query.all(day=row.starts_on + timedelta(days=number))]

    assert found == [0, 1]


def test_any_number_of_keys_can_be_given(cast: Cast) -> None:
    rows = [make_worker(cast.main, ssin) for ssin in SSINS[:3]]
    by_key = Prepared(lambda: Employment.objects.filter(Among("pk", KEYS)).order_by("pk"))
    by_person = Prepared(lambda: Employment.objects.filter(Among("person", KEYS)).order_by("pk"))

    with unscoped(reason=DOOR):
        assert by_key.all(keys=[row.pk for row in rows[:2]]) == rows[:2]
        assert by_key.all(keys=[]) == []
        assert by_person.all(keys={row.person_id for row in rows}) == rows


def test_totals_are_one_row_even_of_nothing(cast: Cast) -> None:
    make_worker(cast.main, SSINS[0])
    query = Prepared(
        lambda: totals(
            Employment.objects.filter(company=VIEWER),
            all=models.Count("pk"),
            later=models.Count("pk", filter=models.Q(starts_on__gt=TODAY)),
        )
    )

    with unscoped(reason=DOOR):
        assert query.all(viewer=cast.main.pk, today=NOW.date()) == [(1, 0)]
        assert query.all(viewer=cast.stranger.pk, today=NOW.date()) == [(0, 0)]


def test_it_counts_where_queries_are_counted(cast: Cast) -> None:
    make_worker(cast.main, SSINS[0])
    query = employed()

    with unscoped(reason=DOOR), CaptureQueriesContext(connection) as captured:
        query.all(person=cast.main.pk, day=NOW.date())

    assert len(captured) == 1


def test_it_is_refused_inside_a_scope_and_outside_of_any_door(cast: Cast) -> None:
    row = make_worker(cast.main, SSINS[0])
    query = employed()
    with unscoped(reason=DOOR):
        query.all(person=row.person_id, day=NOW.date())

    with company_scope(cast.stranger), pytest.raises(ScopeError):
        query.all(person=row.person_id, day=NOW.date())
    with pytest.raises(ScopeError):
        query.all(person=row.person_id, day=NOW.date())


def test_two_that_are_asked_at_once_give_a_row_each_or_none(cast: Cast) -> None:
    """With relations, annotations that the database answers in its own way, and values of the same name."""
    row = make_worker(cast.main, SSINS[0])
    day = Given("day", models.DateField())
    began = models.ExpressionWrapper(models.Q(starts_on__lte=day), output_field=models.BooleanField())
    one = Prepared(
        lambda: Employment.objects.select_related("company").filter(person=PERSON).annotate(began=began)
    )
    other = Prepared(lambda: Person.objects.filter(pk=PERSON, created_at__lte=NOW, created_at__date__lte=day))
    pair = Pair(one, other)

    with unscoped(reason=DOOR):
        with at_most_queries(1):
            employment, found = pair.first(person=row.person_id, day=NOW.date())
            assert employment is not None
            assert (employment, employment.company, found) == (row, cast.main, row.person)
            assert employment.began is True
        assert pair.first(person=row.person_id, day=NOW.date() - timedelta(days=999)) == (row, None)
        assert pair.first(person=cast.main.pk, day=NOW.date()) == (None, None)
        only = person(SSINS[1])
        assert pair.first(person=only.pk, day=NOW.date()) == (None, only)


def test_what_is_asked_at_once_is_refused_inside_a_scope(cast: Cast) -> None:
    query = Prepared(lambda: Person.objects.filter(pk=PERSON))
    with company_scope(cast.main), pytest.raises(ScopeError):
        Pair(query, query).first(person=cast.main.pk)


def test_an_inserted_row_reads_back_as_it_was() -> None:
    row = Person(created_at=NOW)
    row.keep_ssin(SSINS[0])

    store(row)

    assert not row._state.adding
    stored = Person.objects.get(pk=row.pk)
    assert (stored.ssin, stored.ssin_index, stored.created_at) == (SSINS[0], row.ssin_index, NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        store(Person(pk=row.pk, created_at=NOW))


def test_a_number_the_database_gives_is_left_to_it(cast: Cast) -> None:
    leaf = {"version": 1, "digest": "0" * 64, "created_at": NOW}
    first, second = person(SSINS[0]).pk, person(SSINS[1]).pk

    store(SealLeaf(registration_key=first, **leaf))
    store(SealLeaf(registration_key=second, **leaf))

    assert set(SealLeaf.objects.values_list("registration_key", flat=True)) == {first, second}


def test_an_upsert_replaces_the_one_row(cast: Cast) -> None:
    tap(declare(cast.main), person())
    known = PresenceState.objects.get()
    facts = {
        field: getattr(known, field)
        for field in ("person_id", "employer_id", "declaration_id", "workplace_id", "last_registration_id")
    }

    changed = PresenceState(**facts, last_kind="OUT", last_at=NOW + timedelta(hours=1))
    store(Upsert(changed, unique=("person", "employer", "declaration")))

    stored = PresenceState.objects.get()
    assert (stored.pk, stored.last_kind, stored.since) == (known.pk, "OUT", None)
    assert stored.last_at == NOW + timedelta(hours=1)


def test_rows_that_point_at_one_another_are_stored_together(cast: Cast) -> None:
    stranger = Person(created_at=NOW)
    row = Employment(
        company=cast.main, person=stranger, first_name="Ada", last_name="Voorbeeld", starts_on=NOW.date()
    )

    with at_most_queries(1 if connection.vendor == "postgresql" else 2):
        store(row, stranger)

    with unscoped(reason=DOOR):
        assert Employment.objects.get(person=stranger) == row


def test_one_row_that_cannot_be_stored_takes_the_others_with_it() -> None:
    known, new = person(), Person(created_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        store(new, Person(pk=known.pk, created_at=NOW))
    assert not Person.objects.filter(pk=new.pk).exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could be restarted")
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_between_two_requests_is_made_anew() -> None:
    row = make_worker(make_company("Helder Main", MAIN_NUMBER), SSINS[0])
    query = employed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    with psycopg.connect(**{**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])

    with unscoped(reason=DOOR):
        assert query.all(person=row.person_id, day=NOW.date()) == [row]


def test_rows_among_known_keys() -> None:
    people = [person(ssin) for ssin in SSINS[:3]]
    found = Person.objects.filter(Among("pk", [one.pk for one in people[:2]])).exclude(pk=people[0].pk)
    assert list(found) == [people[1]]
    assert not Person.objects.filter(Among("pk", [])).exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="about the settings of PostgreSQL")
def test_small_questions_are_neither_compiled_nor_handed_to_further_processes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('jit'), current_setting('max_parallel_workers_per_gather')")
        assert cursor.fetchone() == ("off", "0")
