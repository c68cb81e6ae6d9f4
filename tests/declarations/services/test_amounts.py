"""Every agreed amount stays; the one in force is that of the day."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import company_scope
from declarations.models import AgreedAmount, Declaration
from declarations.querysets import listed_for, terms_of
from declarations.services.amounts import agree_amount
from declarations.services.declaring import change_declaration
from tests.cast import NOW, Cast
from tests.declarations.works import FIRST, make_works

SUMMER, NEXT_YEAR = date(2026, 7, 1), date(2027, 1, 1)


@pytest.fixture(autouse=True)
def declarers_scope(cast: Cast) -> Iterator[None]:
    with company_scope(cast.main):
        yield


def agree(cast: Cast, works: Declaration, amount: int, from_day: date | None = None) -> None:
    agree_amount(
        declaration=works,
        amount=Decimal(amount),
        per_year=True,
        from_day=from_day,
        actor=Actor(cast.main, cast.office),
        now=NOW,
    )


def amounts(works: Declaration) -> list[tuple[date, int, bool]]:
    works.refresh_from_db()
    return [(term.from_day, int(term.amount), term.per_year) for term in terms_of(works)]


def test_another_amount_adds_a_row_and_leaves_the_days_before(cast: Cast) -> None:
    works = make_works(cast.main)
    agree(cast, works, 60_000, SUMMER)
    agree(cast, works, 70_000, NEXT_YEAR)
    assert amounts(works) == [
        (FIRST, 48_000, False),
        (SUMMER, 60_000, True),
        (NEXT_YEAR, 70_000, True),
    ]


def test_without_a_day_the_amount_in_force_is_corrected(cast: Cast) -> None:
    works = make_works(cast.main)
    agree(cast, works, 50_000)
    assert amounts(works) == [(FIRST, 50_000, True)]
    agree(cast, works, 60_000, SUMMER)
    agree(cast, works, 61_000)  # NOW is after the summer
    assert amounts(works) == [(FIRST, 50_000, True), (SUMMER, 61_000, True)]


def test_the_same_amount_again_is_no_new_row(cast: Cast) -> None:
    works = make_works(cast.main, amount_per_year=True)
    agree(cast, works, 48_000, SUMMER)
    assert not AgreedAmount.objects.exists()
    assert not AuditEvent.objects.filter(action="declaration.amount_agreed").exists()


def test_the_deed_tells_both_amounts(cast: Cast) -> None:
    agree(cast, make_works(cast.main), 60_000, SUMMER)
    event = AuditEvent.objects.get(action="declaration.amount_agreed", user=cast.office)
    assert event.payload == {
        "from_day": "2026-07-01",
        "corrected": False,
        "before": {"amount": "48000.00", "per_year": False},
        "after": {"amount": "60000", "per_year": True},
    }


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2028, 1, 1)])
def test_an_amount_counts_on_days_of_the_works_only(cast: Cast, day: date) -> None:
    works = make_works(cast.main)
    with pytest.raises(DomainError) as info:
        agree(cast, works, 60_000, day)
    assert (info.value.code, info.value.field) == ("declaration.amountDay", "amount_from")


def test_no_amount_below_zero(cast: Cast) -> None:
    with pytest.raises(DomainError) as info:
        agree(cast, make_works(cast.main), -1)
    assert (info.value.code, info.value.field) == ("declaration.amount", "amount")


def test_the_first_day_stays_before_a_later_amount(cast: Cast) -> None:
    works = make_works(cast.main)
    agree(cast, works, 60_000, SUMMER)
    with pytest.raises(DomainError) as info:
        change_declaration(declaration=works, actor=Actor(cast.main), now=NOW, starts_on=SUMMER)
    assert (info.value.code, info.value.field) == ("declaration.amountOutside", "starts_on")


def test_the_list_shows_the_amount_of_the_day(cast: Cast) -> None:
    works = make_works(cast.main)
    agree(cast, works, 60_000, SUMMER)
    shown = [
        listed_for(cast.main, today=day).get().amount_now  # type: ignore[attr-defined]  # annotated
        for day in (date(2026, 6, 30), SUMMER)
    ]
    assert shown == [Decimal(48_000), Decimal(60_000)]
