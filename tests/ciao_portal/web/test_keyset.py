"""Pages by key: walking through a list forward and backward shows every row once, in order."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ciao_portal.ids import new_id
from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope, unscoped
from ciao_portal.web.keyset import (
    Ordering,
    Page,
    Pager,
    Position,
    is_in_time,
    ordering_by,
    own_ordering,
    read_cursor,
    start_of_day,
    write_cursor,
)
from declarations.models import Client, Declaration
from registrations.models import Registration
from tests.cast import MAIN_NUMBER, NOW, make_company
from tests.queries import at_most_queries

DAY = date(2026, 1, 1)
# First day and last day, in days from DAY: few days for many rows, so that keys are often equal.
PERIODS = st.lists(st.tuples(st.integers(0, 2), st.none() | st.integers(3, 5)), max_size=12)


@contextmanager
def works(periods: list[tuple[int, int | None]]) -> Iterator[QuerySet[Declaration]]:
    """Declarations with these periods, gone afterwards."""
    with transaction.atomic():
        company = make_company("Helder Main", MAIN_NUMBER)
        with company_scope(company):
            _declare(company, periods)
            yield Declaration.objects.all()
        transaction.set_rollback(True)


def _declare(company: Company, periods: list[tuple[int, int | None]]) -> None:
    client = Client.objects.create(company=company, name="Stad Voorbeeld")
    Declaration.objects.bulk_create(
        Declaration(
            id=new_id(),
            company=company,
            client=client,
            title=f"Works {first}",
            activity="buildings",
            amount=Decimal(1),
            starts_on=DAY + timedelta(days=first),
            ends_on=None if last is None else DAY + timedelta(days=last),
            created_at=NOW,
        )
        for first, last in periods
    )


def forward(pager: Pager, size: int) -> list[Page]:
    pages = [pager.page(None, size=size)]
    while (after := pages[-1].after) is not None:
        pages.append(pager.page(Position(after), size=size))
    return pages


def backward(pager: Pager, page: Page, size: int) -> list[Page]:
    pages = [page]
    while (before := pages[0].before) is not None:
        pages.insert(0, pager.page(Position(before, backwards=True), size=size))
    return pages


def in_order(rows: QuerySet[Declaration], column: str, *, descending: bool) -> list[Any]:
    """What Python would make of it: missing values last, whichever way the rest runs."""
    some = [row for row in rows if getattr(row, column) is not None]
    none = [row for row in rows if getattr(row, column) is None]
    some.sort(key=lambda row: (getattr(row, column), row.pk), reverse=descending)
    none.sort(key=lambda row: row.pk, reverse=descending)
    return [row.pk for row in some + none]


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    periods=PERIODS,
    column=st.sampled_from(["starts_on", "ends_on"]),
    descending=st.booleans(),
    several=st.booleans(),
    size=st.integers(1, 5),
)
def test_every_row_is_shown_once_in_order_both_ways(
    periods: list[tuple[int, int | None]], column: str, descending: bool, several: bool, size: int
) -> None:
    with works(periods) as rows:
        ordering = ordering_by(rows, f"-{column}" if descending else column, [column])
        middle = DAY + timedelta(days=1)
        # Two parts that share the rows of the middle day.
        parts = [rows.filter(starts_on__lte=middle), rows.filter(starts_on__gte=middle)]
        load = (lambda keys: rows.filter(pk__in=keys)) if several else None
        pager = Pager(parts if several else [rows], ordering, load)
        pages = forward(pager, size)
        shown = [row.pk for page in pages for row in page.rows]
        assert shown == in_order(rows, column, descending=descending)
        assert all(len(page.rows) == size for page in pages[:-1])
        again = backward(pager, pages[-1], size)
        assert len(again) == len(pages)
        # Going back, the page at the beginning is always a full one: it may repeat rows of the second.
        found = [row.pk for page in again for row in page.rows]
        assert list(dict.fromkeys(found)) == shown
        assert [row.pk for block in pager.blocks(size=size) for row in block] == shown
        assert not pager.is_longer_than(len(shown))
        assert not shown or pager.is_longer_than(len(shown) - 1)


@pytest.mark.django_db
def test_however_many_sources_are_asked_at_once() -> None:
    with works([(0, 3), (1, 4), (2, None)]) as rows:
        parts = [rows.filter(starts_on=DAY + timedelta(days=day)) for day in range(3)]
        pager = Pager(
            parts, ordering_by(rows, "starts_on", ["starts_on"]), lambda keys: rows.filter(pk__in=keys)
        )
        # One for the keys, one for the rows.
        with at_most_queries(2):
            page = pager.page(None, size=5)
        assert len(page.rows) == 3
        with at_most_queries(1):
            assert pager.is_longer_than(2)


@pytest.mark.django_db
def test_a_page_goes_on_where_its_last_row_has_vanished() -> None:
    with works([(index, None) for index in range(3)]) as rows:
        ordering = ordering_by(rows, "starts_on", ["starts_on"])
        gone = rows.order_by("starts_on")[1]
        position = Position(ordering.values_of(gone))
        rows.filter(pk=gone.pk).delete()
        [row] = Pager([rows], ordering).page(position, size=5).rows
        assert row.starts_on == DAY + timedelta(days=2)


@pytest.mark.django_db
def test_texts_are_ordered_by_the_database_and_found_again() -> None:
    with works([(index % 3, None) for index in range(6)]) as rows:
        ordering = ordering_by(rows, "-title", ["client__name", "title"])
        pages = forward(Pager([rows.select_related("client")], ordering), 2)
        titles = [row.title for page in pages for row in page.rows]
        assert titles == ["Works 2", "Works 2", "Works 1", "Works 1", "Works 0", "Works 0"]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "firsts"), [("starts_on", [2, 3]), ("-starts_on", [2, 1, 0])])
def test_a_jump_starts_at_the_day(name: str, firsts: list[int]) -> None:
    with works([(first, None) for first in range(4)]) as rows:
        ordering = ordering_by(rows, name, ["starts_on"])
        position = start_of_day(ordering, DAY + timedelta(days=2))
        page = Pager([rows], ordering).page(position, size=9)
        assert [(row.starts_on - DAY).days for row in page.rows] == firsts


def _registrations() -> QuerySet[Registration]:
    with unscoped(reason="a test looks at columns"):
        return Registration.objects.all()


def _moments(name: str) -> Ordering:
    return ordering_by(_registrations(), name, ["happened_at"])


def test_a_jump_to_a_moment_starts_at_midnight_in_brussels() -> None:
    newest_first = start_of_day(_moments("-happened_at"), date(2026, 11, 23))
    assert newest_first is not None
    assert newest_first.values[0] == datetime(2026, 11, 23, 23, tzinfo=UTC)
    oldest_first = start_of_day(_moments("happened_at"), date(2026, 11, 23))
    assert oldest_first is not None
    assert oldest_first.values[0] == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert start_of_day(_moments("happened_at"), date.min) is None


def test_a_cursor_comes_back_whole() -> None:
    ordering = _moments("-happened_at")
    values = (datetime(2026, 11, 23, 5, 2, 11, 123456, tzinfo=UTC), new_id())
    assert read_cursor("registrations", ordering, write_cursor("registrations", ordering, values)) == values


def test_a_foreign_cursor_is_none() -> None:
    ordering = _moments("-happened_at")
    cursor = write_cursor("registrations", ordering, (NOW, new_id()))
    assert read_cursor("remarks", ordering, cursor) is None
    assert read_cursor("registrations", _moments("happened_at"), cursor) is None
    assert read_cursor("registrations", ordering, cursor[:-1]) is None
    assert read_cursor("registrations", ordering, "") is None
    # Signed by us, but for other columns.
    salt = "ciao_portal.web.keyset:registrations"
    for wrong in (["-happened_at"], ["-happened_at", "soon", "x"], ["-happened_at", [1], 2], {"a": 1}):
        forged = signing.Signer(salt=salt).sign_object(wrong)
        assert read_cursor("registrations", ordering, forged) is None


def test_the_order_of_the_model_runs_in_one_direction() -> None:
    assert own_ordering(_registrations()).name == "-happened_at"
    assert is_in_time(own_ordering(_registrations()))
    with pytest.raises(ValueError, match="no order in one direction"):
        own_ordering(Company.objects.all())
