"""Where a registration was made, as the worker gave it: the phone's position or a typed address.

Never compulsory: the worker chooses, and a position is asked only with a written agreement (NSSO, Check In
and Out at Work, question 12). Without one, the registration carries the workplace alone.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt


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

# As much as is kept of a position, here and on the phone before it is sent: about 11 metres to the north and
# 7 to the east. Enough to tell a building, too little to tell a room.
POSITION_DECIMALS = 4
# A place comes right after the tap or not at all: what a phone says later is about another place.
PLACE_WINDOW = timedelta(minutes=10)
# Our own decision of November 2026, no rule of the NSSO: a large building with its car park; and a walk away.
AT_THE_PLACE_M = 250
NEAR_THE_PLACE_M = 1_500
# A phone that does not know better than this says nothing of use.
COARSEST_M = 3_000
EARTH_RADIUS_M = 6_371_000


class Nearness(StrEnum):
    """How a position compares with the workplace: for the office to look at, never a reason for anything."""

    AT = "at"
    NEAR = "near"
    AWAY = "away"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`metres` between the two, rounded as they deserve; None when they cannot be compared."""

    nearness: Nearness
    metres: int | None = None


def rounded(position: Position) -> Position:
    """As much of a position as is kept."""
    return Position(
        round(position.latitude, POSITION_DECIMALS),
        round(position.longitude, POSITION_DECIMALS),
        position.accuracy_m,
    )


def compare(given: Position, latitude: Decimal | None, longitude: Decimal | None) -> Comparison:
    """A position against the coordinates of a workplace; the phone's own doubt counts for the worker."""
    if latitude is None or longitude is None:
        return Comparison(Nearness.UNKNOWN)
    doubt = given.accuracy_m or 0
    if doubt > COARSEST_M:
        return Comparison(Nearness.UNKNOWN)
    metres = _distance_m(given, latitude, longitude)
    least = max(0.0, metres - doubt)
    if least <= AT_THE_PLACE_M:
        nearness = Nearness.AT
    else:
        nearness = Nearness.NEAR if least <= NEAR_THE_PLACE_M else Nearness.AWAY
    return Comparison(nearness, round(round(metres), -1 if metres < 1_000 else -2))


def _distance_m(given: Position, latitude: Decimal, longitude: Decimal) -> float:
    """Along a great circle (haversine)."""
    north, south = radians(float(given.latitude)), radians(float(latitude))
    across = radians(float(longitude) - float(given.longitude))
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(across / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))
