"""The guides say what the advisor would answer, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from declarations.rules.advising import Case, Customer, Duty, advise
from declarations.rules.guides import (
    Topic,
    disagreements_of,
    duty_of,
    kinds_of,
    sources_of,
    thresholds_of,
)
from declarations.rules.thresholds import THRESHOLDS, Sector, Source, Threshold


def test_every_sector_has_a_guide_and_foreign_companies_have_one() -> None:
    assert {topic.sector for topic in Topic} == {*Sector, None}


@pytest.mark.parametrize(
    ("sector", "duty"),
    [
        (Sector.CLEANING, Duty.CIAO),
        (Sector.CONSTRUCTION, Duty.CIAW),
        (Sector.MEAT, Duty.CIAW),
        (Sector.CONCRETE, Duty.CIAW),
        (Sector.OTHER, Duty.NONE),
    ],
)
def test_the_duty_of_a_sector(sector: Sector, duty: Duty) -> None:
    assert duty_of(sector) is duty


def test_all_thresholds_are_told_the_newest_first() -> None:
    told = [one for sector in Sector for one in thresholds_of(sector)]
    assert len(told) == len(THRESHOLDS)
    assert set(told) == set(THRESHOLDS)
    assert [one.amount for one in thresholds_of(Sector.CONSTRUCTION)] == [500_000, 800_000]
    assert [one.amount for one in thresholds_of(Sector.CLEANING)] == [30_000, 5_000, 0]


def test_kinds_of_work_are_those_of_the_table() -> None:
    assert len(kinds_of(Sector.CLEANING)) == 21
    assert [kind.code for kind in kinds_of(Sector.CONSTRUCTION) if kind.is_grey] == [
        "maintenanceOnly",
        "restoration",
    ]


def test_other_readings_are_those_that_the_advisor_shows() -> None:
    assert {one.code for one in disagreements_of(Sector.CLEANING)} == {"privateDoubt", "whateverTheAmount"}
    assert {one.code for one in disagreements_of(Sector.CONSTRUCTION)} == {
        "dayOfTheChange",
        "subcontractOf5000",
        "twoSubcontractors",
    }
    assert [one.code for one in disagreements_of(Sector.MEAT)] == ["meatFrom5000"]
    assert disagreements_of(Sector.CONCRETE) == []


def test_sources_are_those_of_the_reasons() -> None:
    assert sources_of(Sector.CLEANING) == [Source.NSSO_TABLE, Source.NSSO_THRESHOLDS]
    assert sources_of(Sector.CONCRETE) == [Source.NSSO_CHECKIN]


@pytest.mark.parametrize("row", THRESHOLDS, ids=lambda one: f"{one.sector}-{one.amount}-{one.fewest}")
def test_from_a_threshold_that_is_told_the_advisor_says_yes(row: Threshold) -> None:
    in_scope = next(kind.code for kind in kinds_of(row.sector) if kind.in_scope)
    case = Case(
        sector=row.sector,
        work=in_scope,
        customer=Customer.BUSINESS,
        own_staff=False,
        amount=row.amount,
        per_year=False,
        subcontractors=row.fewest,
        starts_on=row.works_until or date(2026, 1, 1),
    )
    assert advise(case).applies
    if row.amount:
        assert not advise(replace(case, amount=row.amount - 1)).applies
