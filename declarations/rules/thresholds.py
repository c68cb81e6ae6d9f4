"""From which amount the duty applies, by sector and number of subcontractors: dated data, never constants.

Amounts are euro excluding VAT and count from and including themselves. A continuing contract counts its price
for a year. `works_from` and `works_until` are the first and last day on which works may have begun, both
included; None is open.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Sector(StrEnum):
    """Where the work is done; stored, so values never change."""

    CLEANING = "cleaning"
    CONSTRUCTION = "construction"
    MEAT = "meat"
    CONCRETE = "concrete"
    OTHER = "other"


class Source(StrEnum):
    """Who says so; wording and address stand in `declarations.advice_wording`."""

    NSSO_TABLE = "nssoTable"
    NSSO_THRESHOLDS = "nssoThresholds"
    NSSO_CHECKIN = "nssoCheckin"
    NSSO_SERVICE = "nssoService"
    NSSO_QUESTIONS = "nssoQuestions"
    SECTOR_GUIDE = "sectorGuide"
    VENDOR_GUIDE = "vendorGuide"
    PAYROLL_OFFICES = "payrollOffices"
    ANNOUNCED = "announced"
    PENAL_CODE = "penalCode"


@dataclass(frozen=True, slots=True)
class Threshold:
    """The duty applies from `amount` on with `fewest` to `most` subcontractors; zero is "always"."""

    sector: Sector
    amount: Decimal
    source: Source
    in_force: date
    fewest: int = 0
    most: int | None = None
    works_from: date | None = None
    works_until: date | None = None

    def covers(self, subcontractors: int, starts_on: date) -> bool:
        """Whether it speaks of works with so many subcontractors that begin on this day."""
        return (
            self.fewest <= subcontractors
            and (self.most is None or subcontractors <= self.most)
            and (self.works_from is None or self.works_from <= starts_on)
            and (self.works_until is None or starts_on <= self.works_until)
        )


CIAO_IN_FORCE = date(2024, 9, 1)
CHECKIN_IN_FORCE = date(2014, 4, 1)
# "After 29 February 2016", says the official text; a guide says "after 1 March 2016".
LOWERED_FROM = date(2016, 3, 1)

THRESHOLDS = (
    Threshold(Sector.CLEANING, Decimal(30_000), Source.NSSO_THRESHOLDS, CIAO_IN_FORCE, most=0),
    Threshold(Sector.CLEANING, Decimal(5_000), Source.NSSO_THRESHOLDS, CIAO_IN_FORCE, fewest=1, most=1),
    Threshold(Sector.CLEANING, Decimal(0), Source.NSSO_THRESHOLDS, CIAO_IN_FORCE, fewest=2),
    Threshold(
        Sector.CONSTRUCTION,
        Decimal(800_000),
        Source.NSSO_CHECKIN,
        CHECKIN_IN_FORCE,
        works_until=date(2016, 2, 29),
    ),
    Threshold(
        Sector.CONSTRUCTION, Decimal(500_000), Source.NSSO_CHECKIN, LOWERED_FROM, works_from=LOWERED_FROM
    ),
    Threshold(Sector.MEAT, Decimal(0), Source.NSSO_CHECKIN, CHECKIN_IN_FORCE),
    Threshold(Sector.CONCRETE, Decimal(0), Source.NSSO_CHECKIN, CHECKIN_IN_FORCE),
)


def threshold_for(sector: Sector, *, subcontractors: int, starts_on: date) -> Threshold | None:
    """The one threshold that speaks of these works; None for a sector without a duty."""
    return next(
        (one for one in THRESHOLDS if one.sector is sector and one.covers(subcontractors, starts_on)), None
    )
