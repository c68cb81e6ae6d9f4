"""Places of registrations: kept apart from them, because they are purged much earlier."""

from datetime import datetime

from registrations.models import Registration, RegistrationPlace
from registrations.rules.location import GivenPlace, Position, rounded


def place_of(registration: Registration, given: GivenPlace, *, now: datetime) -> RegistrationPlace:
    """The (unsaved) row for a usable place; long texts are cut to what the columns hold."""
    row = RegistrationPlace(registration=registration, received_at=now)
    if isinstance(given, Position):
        kept = rounded(given)
        row.latitude, row.longitude, row.accuracy_m = kept.latitude, kept.longitude, kept.accuracy_m
    else:
        row.street, row.house_number = given.street.strip()[:200], given.house_number.strip()[:20]
        row.post_code, row.municipality = given.post_code.strip()[:10], given.municipality.strip()[:100]
    return row
