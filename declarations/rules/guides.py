"""One-page guides by sector: which duty, from which amounts, who reads it otherwise, and by which sources.

Everything comes from the scope advisor: its thresholds, its tables of works, and its own answers to probing
cases. A guide says nothing that the advisor would not answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from declarations.rules.advising import Case, Customer, Duty, Reason, advise
from declarations.rules.scope import SERVICES
from declarations.rules.sectors import WORKS
from declarations.rules.thresholds import LOWERED_FROM, THRESHOLDS, Sector, Source, Threshold

# Any day on which all the duties of today hold.
RECENTLY = date(2026, 1, 1)


class Topic(StrEnum):
    """What a guide is about; stands in addresses."""

    CLEANING = "cleaning"
    CONSTRUCTION = "construction"
    MEAT = "meat"
    CONCRETE = "concrete"
    OTHER = "other"
    FOREIGN = "foreign"

    @property
    def sector(self) -> Sector | None:
        """None for foreign companies: for them every sector's duty holds."""
        return None if self is Topic.FOREIGN else Sector(self.value)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work as a guide lists it. `code` leads to its words."""

    code: str
    in_scope: bool
    is_grey: bool


def duty_of(sector: Sector) -> Duty:
    """Which duty the sector has, once its thresholds are reached."""
    answers = [advise(case).duty for case in _probes(sector)]
    return next((duty for duty in answers if duty is not Duty.NONE), Duty.NONE)


def thresholds_of(sector: Sector) -> list[Threshold]:
    """The newest first where they differ by the beginning of the works, else in the order of the data."""
    rows = [one for one in THRESHOLDS if one.sector is sector]
    return sorted(rows, key=lambda one: one.in_force, reverse=True)


def kinds_of(sector: Sector) -> list[Kind]:
    """The kinds of work of the sector, in the order of its table."""
    if sector is Sector.CLEANING:
        return [Kind(one.code, one.in_scope, is_grey=False) for one in SERVICES]
    return [Kind(one.code, one.in_scope, one.is_grey) for one in WORKS if one.sector is sector]


def disagreements_of(sector: Sector) -> list[Reason]:
    """Every other reading that the advisor would show for some contract of the sector, once each."""
    found = {reason: None for case in _probes(sector) for reason in advise(case).disagreements}
    return [reason for reason in found if reason.code != "greyArea"]


def sources_of(sector: Sector) -> list[Source]:
    """Whom the advisor follows in this sector, in the order in which its answers name them."""
    answers = [advise(case) for case in _probes(sector)]
    return list(dict.fromkeys(reason.source for answer in answers for reason in answer.reasons))


def _probes(sector: Sector) -> Iterator[Case]:
    """Contracts on both sides of each threshold, with up to two subcontractors, on the day of "
    "a change too."""
    amounts = sorted({one.amount for one in THRESHOLDS if one.sector is sector} | {Decimal(0)})
    for kind in kinds_of(sector):
        for amount in amounts:
            for subcontractors in range(3):
                for starts_on in (RECENTLY, LOWERED_FROM):
                    yield Case(
                        sector=sector,
                        work=kind.code,
                        customer=Customer.BUSINESS,
                        own_staff=True,
                        amount=amount,
                        per_year=True,
                        subcontractors=subcontractors,
                        starts_on=starts_on,
                    )
