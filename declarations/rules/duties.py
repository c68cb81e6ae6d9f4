"""What goes with the duty to register, besides the thresholds: corrections and sanctions, as dated data.

Sources: NSSO, Check In and Out at Work, questions 15 to 17 (corrections), in force since 1 September 2024;
the Social Criminal Code as public guides quote it (sanctions). Amounts are euro and change: who shows them
shows the day with them and asks to check the current ones.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from declarations.rules.thresholds import Source

# Within so many days following the registration.
CORRECTION_DAYS = 30
# Of the amount of the works, when their declaration is missing.
MISSING_DECLARATION_PERCENT = 5
SANCTIONS_IN_FORCE = date(2024, 7, 1)


class Liable(StrEnum):
    """Who pays."""

    CONTRACTOR = "contractor"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Sanction:
    """Lowest and highest amount: an administrative fine, and a criminal one where there is any."""

    liable: Liable
    level: int
    administrative: tuple[Decimal, Decimal]
    criminal: tuple[Decimal, Decimal] | None
    source: Source = Source.PENAL_CODE


SANCTIONS = (
    Sanction(Liable.CONTRACTOR, 3, (Decimal(800), Decimal(8_000)), (Decimal(1_600), Decimal(16_000))),
    Sanction(Liable.WORKER, 1, (Decimal(80), Decimal(800)), None),
)
