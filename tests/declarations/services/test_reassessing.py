"""What a change would do to the duty, asked of a declaration with its chain; and how the answer is kept."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from ciao_portal.audit import Actor
from ciao_portal.tenancy import company_scope
from declarations.models import AgreedAmount, Assessment, Declaration
from declarations.models.declarations import Regime
from declarations.rules.advising import Duty
from declarations.services.assessing import advice_of
from declarations.services.reassessing import Added, foreseen, keep
from tests.cast import NOW, STRANGER_NUMBER, SUB_NUMBER, SUBSUB_NUMBER, Cast
from tests.declarations.works import FIRST, LAST, make_subcontract, make_works

SUMMER = date(2026, 7, 1)


@pytest.fixture(autouse=True)
def declarers_scope(cast: Cast) -> Iterator[None]:
    with company_scope(cast.main):
        yield


@pytest.fixture
def works(cast: Cast) -> Declaration:
    return make_works(cast.main, amount=Decimal(1000))


def test_a_second_subcontractor_makes_the_duty_apply_from_its_first_day(works: Declaration) -> None:
    sub = make_subcontract(works, SUB_NUMBER, "Zuiver")
    found = foreseen(works, added=Added(STRANGER_NUMBER, below=sub), on=SUMMER)
    assert found is not None
    assert (found.day, found.before, found.after) == (SUMMER, Duty.NONE, Duty.CIAO)
    assert [reason.code for reason in found.advice.reasons] == ["serviceIn", "severalSubcontractors"]
    assert found.case.subcontractors == 2


def test_without_a_first_day_it_counts_from_the_place_above(works: Declaration) -> None:
    sub = make_subcontract(works, SUB_NUMBER, "Zuiver", starts_on=SUMMER)
    found = foreseen(works, added=Added(STRANGER_NUMBER, below=sub))
    assert found is not None
    assert found.day == SUMMER


def test_a_firm_that_nobody_knows_yet_counts_too(works: Declaration) -> None:
    make_subcontract(works, SUB_NUMBER, "Zuiver")
    found = foreseen(works, added=Added("NL001234567B01"), on=SUMMER)
    assert found is not None
    assert found.case.subcontractors == 2


def test_the_same_company_on_another_branch_is_no_second_one(works: Declaration) -> None:
    make_subcontract(works, SUB_NUMBER, "Zuiver")
    assert foreseen(works, added=Added(SUB_NUMBER), on=SUMMER) is None


def test_with_a_company_those_below_it_leave(works: Declaration) -> None:
    sub = make_subcontract(works, SUB_NUMBER, "Zuiver")
    make_subcontract(works, SUBSUB_NUMBER, "Klein", parent=sub)
    found = foreseen(works, ended=sub, on=date(2026, 6, 30))
    assert found is not None
    assert (found.day, found.after, found.case.subcontractors) == (SUMMER, Duty.NONE, 0)


def test_another_amount_counts_from_its_day(works: Declaration) -> None:
    found = foreseen(works, amount=Decimal("30000.00"), on=SUMMER)
    assert found is not None
    assert (found.day, found.after) == (SUMMER, Duty.CIAO)
    assert foreseen(works, amount=Decimal("29999.99"), on=SUMMER) is None


def test_an_amount_agreed_for_later_is_left_as_it_is(works: Declaration) -> None:
    AgreedAmount.objects.create(
        declaration=works, from_day=SUMMER, amount=Decimal(40_000), per_year=True, created_at=NOW
    )
    assert foreseen(works, amount=Decimal(50_000), on=SUMMER) is None
    found = foreseen(works, amount=Decimal(50_000), on=FIRST)
    assert found is not None
    assert found.day == FIRST


def test_renewed_works_count_the_companies_that_stay_as_long_as_the_works(works: Declaration) -> None:
    make_subcontract(works, SUB_NUMBER, "Zuiver")
    found = foreseen(works, amount=Decimal(5_000), on=date(LAST.year + 1, 1, 1))
    assert found is not None
    assert found.case.subcontractors == 1


def test_what_the_service_will_refuse_is_not_foreseen(works: Declaration) -> None:
    sub = make_subcontract(works, SUB_NUMBER, "Zuiver")
    assert foreseen(works, added=Added(SUB_NUMBER, below=sub), on=SUMMER) is None


def test_other_sectors_are_not_judged(cast: Cast) -> None:
    works = make_works(cast.main, amount=Decimal(1000), regime=Regime.CIAW)
    assert foreseen(works, amount=Decimal(48_000), on=FIRST) is None


def test_the_answer_is_kept_with_the_declaration(cast: Cast, works: Declaration) -> None:
    found = foreseen(works, amount=Decimal(30_000), on=SUMMER)
    assert found is not None
    kept = keep(works, found, actor=Actor(cast.main, cast.office), now=NOW)
    assert Assessment.objects.get(declaration=works) == kept
    assert (kept.duty, kept.since, kept.title, kept.made_by) == ("ciao", SUMMER, works.title, cast.office)
    assert kept.inputs["amount"] == "30000"
    assert advice_of(kept) == found.advice


def test_nobody_in_particular_keeps_no_answer(cast: Cast, works: Declaration) -> None:
    found = foreseen(works, amount=Decimal(30_000), on=SUMMER)
    assert found is not None
    with pytest.raises(ValueError, match="person"):
        keep(works, found, actor=Actor(cast.main), now=NOW)
