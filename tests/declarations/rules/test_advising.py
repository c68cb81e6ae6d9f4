"""Whether the duty applies: each row of the table, each threshold to the cent, and who reads it otherwise."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from declarations import advice_wording
from declarations.rules.advising import Case, Customer, Duty, Reason, advise
from declarations.rules.scope import SERVICES
from declarations.rules.sectors import WORKS, Work
from declarations.rules.thresholds import CIAO_IN_FORCE, THRESHOLDS, Sector

CLEANING = Case(
    sector=Sector.CLEANING,
    work="buildings",
    customer=Customer.BUSINESS,
    own_staff=True,
    amount=Decimal(30_000),
    per_year=True,
    subcontractors=0,
    starts_on=date(2026, 12, 1),
)
SITE = replace(CLEANING, sector=Sector.CONSTRUCTION, work="immovableWorks", amount=Decimal(500_000))
IN_THE_TABLE = {
    *("renovation", "buildings", "privatePurposes", "windows", "publicSpaces", "facades", "cleanRooms"),
    *("ducts", "floors", "solarPanels", "emergency", "emergencyInContract", "unblocking", "sewers"),
}


def codes(rows: Iterable[Reason]) -> list[str]:
    return [row.code for row in rows]


@pytest.mark.parametrize("service", [service.code for service in SERVICES])
def test_every_row_of_the_table(service: str) -> None:
    advice = advise(replace(CLEANING, work=service))
    assert advice.applies == (service in IN_THE_TABLE)
    assert advice.duty is (Duty.CIAO if service in IN_THE_TABLE else Duty.NONE)


@pytest.mark.parametrize(
    ("subcontractors", "amount", "applies"),
    [
        (0, "0", False),
        (0, "29999.99", False),
        (0, "30000.00", True),
        (1, "4999.99", False),
        (1, "5000.00", True),
        (2, "0.00", True),
        (2, "29999.99", True),
        (17, "1", True),
    ],
)
def test_thresholds_of_cleaning(subcontractors: int, amount: str, applies: bool) -> None:
    case = replace(CLEANING, subcontractors=subcontractors, amount=Decimal(amount))
    assert advise(case).applies is applies


@pytest.mark.parametrize(
    ("starts_on", "amount", "applies"),
    [
        (date(2016, 2, 29), "799999.99", False),
        (date(2016, 2, 29), "800000.00", True),
        (date(2016, 3, 1), "499999.99", False),
        (date(2016, 3, 1), "500000.00", True),
        (date(2026, 12, 1), "499999.99", False),
        (date(2026, 12, 1), "500000.00", True),
    ],
)
def test_thresholds_of_construction(starts_on: date, amount: str, applies: bool) -> None:
    advice = advise(replace(SITE, starts_on=starts_on, amount=Decimal(amount)))
    assert advice.applies is applies
    assert advice.duty is (Duty.CIAW if applies else Duty.NONE)


@pytest.mark.parametrize(
    ("sector", "work"), [(Sector.MEAT, "meatEstablishment"), (Sector.CONCRETE, "concreteDelivery")]
)
def test_some_sectors_know_no_amount(sector: Sector, work: str) -> None:
    advice = advise(replace(CLEANING, sector=sector, work=work, amount=Decimal(0)))
    assert advice.duty is Duty.CIAW
    assert codes(advice.reasons) == ["workIn", "always"]


def test_the_duty_begins_with_the_works_but_not_before_the_law() -> None:
    assert advise(CLEANING).since == date(2026, 12, 1)
    assert advise(replace(CLEANING, starts_on=date(2023, 1, 1))).since == CIAO_IN_FORCE
    assert advise(replace(CLEANING, amount=Decimal(1))).since is None


def test_every_reason_names_its_source_and_the_rule_its_date() -> None:
    advice = advise(CLEANING)
    assert codes(advice.reasons) == ["serviceIn", "reached"]
    assert {reason.in_force for reason in advice.reasons} == {CIAO_IN_FORCE}
    assert advice.reasons[1].amount == Decimal(30_000)


@pytest.mark.parametrize(
    ("subcontractors", "amount", "changes"),
    [
        (0, 3_000, ["fromAmount", "secondSubcontractor"]),
        (0, 6_000, ["fromAmount", "firstSubcontractor"]),
        (0, 30_000, ["belowAmount"]),
        (1, 4_000, ["fromAmount", "secondSubcontractor"]),
        (1, 6_000, ["belowAmount", "fewerSubcontractors"]),
        (1, 40_000, ["belowAmount"]),
        (2, 4_000, ["fewerSubcontractors"]),
        (2, 6_000, []),
    ],
)
def test_what_would_change_the_answer(subcontractors: int, amount: int, changes: list[str]) -> None:
    case = replace(CLEANING, subcontractors=subcontractors, amount=Decimal(amount))
    assert codes(advise(case).changes) == changes


def test_what_is_said_to_change_the_answer_does() -> None:
    """Each promise is tried: a case moved by it gets the other answer."""
    for subcontractors in range(4):
        for amount in (0, 4_999, 5_000, 29_999, 30_000):
            case = replace(CLEANING, subcontractors=subcontractors, amount=Decimal(amount))
            advice = advise(case)
            for change in advice.changes:
                moved = {
                    "fromAmount": replace(case, amount=change.amount or Decimal(0)),
                    "belowAmount": replace(case, amount=(change.amount or Decimal(0)) - Decimal("0.01")),
                    "firstSubcontractor": replace(case, subcontractors=1),
                    "secondSubcontractor": replace(case, subcontractors=2),
                    "fewerSubcontractors": replace(case, subcontractors=subcontractors - 1),
                }[change.code]
                assert advise(moved).applies is not advice.applies, (case, change)


def test_own_buildings_by_own_staff_are_outside() -> None:
    advice = advise(replace(CLEANING, customer=Customer.OWN))
    assert codes(advice.reasons) == ["ownBuildings"]
    assert not advice.applies
    assert advise(replace(CLEANING, customer=Customer.OWN, own_staff=False)).applies


@pytest.mark.parametrize(
    ("case", "disagreements"),
    [
        (CLEANING, []),
        (replace(CLEANING, amount=Decimal(100)), ["whateverTheAmount"]),
        (replace(CLEANING, work="privatePurposes"), ["privateDoubt"]),
        (replace(CLEANING, customer=Customer.PRIVATE), ["privateDoubt"]),
        (replace(SITE, subcontractors=1, amount=Decimal(9_000)), ["subcontractOf5000"]),
        (replace(SITE, subcontractors=2, amount=Decimal(9_000)), ["twoSubcontractors"]),
        (replace(SITE, starts_on=date(2016, 3, 1)), ["dayOfTheChange"]),
        (replace(SITE, starts_on=date(2016, 3, 2)), []),
        (replace(SITE, work="restoration"), ["greyArea"]),
        (replace(SITE, work="maintenanceOnly"), ["greyArea"]),
        (
            replace(CLEANING, sector=Sector.MEAT, work="meatEstablishment", amount=Decimal(100)),
            ["meatFrom5000"],
        ),
    ],
)
def test_other_readings_are_told(case: Case, disagreements: list[str]) -> None:
    assert codes(advise(case).disagreements) == disagreements


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.code)
def test_every_edge_case_of_the_guides(work: Work) -> None:
    case = replace(SITE, sector=work.sector, work=work.code, amount=Decimal(500_000))
    assert advise(case).applies is work.in_scope


def test_everything_an_answer_may_name_has_words() -> None:
    cases = [
        replace(
            CLEANING,
            sector=sector,
            work=work,
            customer=customer,
            amount=amount,
            subcontractors=count,
            starts_on=day,
        )
        for sector in Sector
        for work, _label in advice_wording.work_choices(sector)
        for customer in Customer
        for amount in (Decimal(0), Decimal(6_000), Decimal(900_000))
        for count in range(3)
        for day in (date(2016, 3, 1), date(2026, 12, 1))
    ]
    answers = [advise(case) for case in cases]
    named = {
        one.code for answer in answers for one in (*answer.reasons, *answer.disagreements, *answer.changes)
    }
    assert named == set(advice_wording.REASONS)
    for answer in answers:
        words = advice_wording.in_words(answer)
        for line in (*words.reasons, *words.disagreements, *words.changes):
            assert "%" not in line.text
            assert line.source


def test_one_threshold_speaks_of_each_case() -> None:
    for sector in (Sector.CLEANING, Sector.CONSTRUCTION, Sector.MEAT, Sector.CONCRETE):
        for count in range(5):
            for day in (date(2010, 1, 1), date(2016, 2, 29), date(2016, 3, 1), date(2030, 1, 1)):
                found = [one for one in THRESHOLDS if one.sector is sector and one.covers(count, day)]
                assert len(found) == 1
