"""Where a registration was made, as the worker gave it: the phone's position or a typed address.

Never compulsory: the worker chooses, and a position is asked only with a written agreement (NSSO, Check In
and Out at Work, question 12). Without one, the registration carries the workplace alone.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Position:
    """WGS 84, decimal degrees; accuracy in metres as the phone estimates it."""

    latitude: Decimal
    longitude: Decimal
    accuracy_m: int | None = None

    @property
    def is_usable(self) -> bool:
        """False for a place that is not on Earth; zero and zero is what a phone without a fix says."""
        if not (self.latitude.is_finite() and self.longitude.is_finite()):
            return False
        on_earth = abs(self.latitude) <= 90 and abs(self.longitude) <= 180
        return on_earth and not (self.latitude == 0 and self.longitude == 0)


@dataclass(frozen=True, slots=True)
class TypedAddress:
    """As typed by the worker; the house number may be missing (a park has none)."""

    street: str
    post_code: str
    municipality: str
    house_number: str = ""

    @property
    def is_usable(self) -> bool:
        return all(part.strip() for part in (self.street, self.post_code, self.municipality))


GivenPlace = Position | TypedAddress
