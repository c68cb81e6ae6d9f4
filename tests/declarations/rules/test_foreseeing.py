"""What a change does to the duty, and from which day."""

from datetime import date
from decimal import Decimal

import pytest

from declarations.rules.advising import Duty
from declarations.rules.chain import Period
from declarations.rules.foreseeing import Contract, Term, advice_on, case_on, compare

FIRST = date(2026, 1, 1)
SPRING, SUMMER, AUTUMN = date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)
OPEN = date.max


def contract(
    amount: object = 6_000,
    *stays: tuple[Period, ...],
    later: tuple[Term, ...] = (),
    work: str = "buildings",
    starts_on: date = FIRST,
) -> Contract:
    first = Term(starts_on, Decimal(str(amount)), per_year=True)
    return Contract(work, starts_on, (first, *later), stays)


def stay(first: date, last: date = OPEN) -> tuple[Period, ...]:
    return (Period(first, last),)


def term(day: date, amount: object) -> Term:
    return Term(day, Decimal(str(amount)), per_year=True)


@pytest.mark.parametrize(
    ("before", "after", "day", "duty"),
    [
        # the first subcontractor brings the threshold of 5,000
        (contract("5000.00"), contract("5000.00", stay(SPRING)), SPRING, Duty.CIAO),
        # with the second one the amount no longer matters
        (contract(100, stay(FIRST)), contract(100, stay(FIRST), stay(SUMMER)), SUMMER, Duty.CIAO),
        # a second one that comes in when the first one has left is still one
        (
            contract(6_000, stay(FIRST, date(2026, 6, 30))),
            contract(6_000, stay(FIRST, date(2026, 6, 30)), stay(SUMMER)),
            SUMMER,
            Duty.CIAO,
        ),
        # the day after the last one of the only subcontractor
        (
            contract(6_000, stay(FIRST)),
            contract(6_000, stay(FIRST, date(2026, 9, 30))),
            AUTUMN,
            Duty.NONE,
        ),
        # an amount from a later day
        (contract("29999.99"), contract("29999.99", later=(term(SUMMER, "30000.00"),)), SUMMER, Duty.CIAO),
        (contract("30000.00"), contract("30000.00", later=(term(SUMMER, "29999.99"),)), SUMMER, Duty.NONE),
        # a correction of the amount from the beginning
        (contract("29999.99"), contract("30000.00"), FIRST, Duty.CIAO),
        # works from before the duty: the duty begins with its law
        (
            contract(6_000, starts_on=date(2024, 1, 1)),
            contract(40_000, starts_on=date(2024, 1, 1)),
            date(2024, 9, 1),
            Duty.CIAO,
        ),
    ],
)
def test_the_first_day_with_another_duty(before: Contract, after: Contract, day: date, duty: Duty) -> None:
    found = compare(before, after)
    assert found is not None
    assert (found.day, found.after, found.advice.since) == (day, duty, day if duty is Duty.CIAO else None)
    assert found.before is not duty


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (contract(48_000), contract(48_000, stay(SPRING))),
        (contract("4999.99"), contract("4999.99", stay(SPRING))),
        (contract(6_000), contract("29999.99")),
        (contract(6_000, work="snow"), contract(6_000, stay(SPRING), stay(SPRING), work="snow")),
        # one company after the other
        (
            contract(100, stay(FIRST, date(2026, 3, 31))),
            contract(100, stay(FIRST, date(2026, 3, 31)), stay(SPRING)),
        ),
    ],
)
def test_a_change_without_consequence_says_nothing(before: Contract, after: Contract) -> None:
    assert compare(before, after) is None


def test_a_day_takes_the_amount_agreed_for_it() -> None:
    works = contract(1_000, later=(term(SPRING, 2_000), term(AUTUMN, 3_000)))
    days = (date(2025, 1, 1), FIRST, date(2026, 3, 31), SPRING, SUMMER, AUTUMN)
    assert [int(case_on(works, day).amount) for day in days] == [1_000, 1_000, 1_000, 2_000, 2_000, 3_000]


def test_a_company_in_two_periods_counts_once_and_only_on_its_days() -> None:
    works = contract(6_000, (Period(FIRST, date(2026, 3, 31)), Period(SUMMER, OPEN)))
    assert [case_on(works, day).subcontractors for day in (FIRST, SPRING, SUMMER)] == [1, 0, 1]
    assert [advice_on(works, day).applies for day in (FIRST, SPRING, SUMMER)] == [True, False, True]


def test_another_consequence_has_another_key() -> None:
    one = compare(contract(100, stay(FIRST)), contract(100, stay(FIRST), stay(SUMMER)))
    other = compare(contract(100, stay(FIRST)), contract(100, stay(FIRST), stay(AUTUMN)))
    assert one is not None
    assert other is not None
    assert one.key != other.key
