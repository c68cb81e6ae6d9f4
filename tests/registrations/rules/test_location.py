"""Which given places can be kept."""

from decimal import Decimal

import pytest

from registrations.rules.location import GivenPlace, Position, TypedAddress


@pytest.mark.parametrize(
    ("place", "usable"),
    [
        (Position(Decimal("50.85"), Decimal("4.35"), 12), True),
        (Position(Decimal("-90"), Decimal("180")), True),
        (Position(Decimal("90.1"), Decimal("4.35")), False),
        (Position(Decimal("50.85"), Decimal("-180.1")), False),
        (Position(Decimal(0), Decimal(0)), False),
        (Position(Decimal("NaN"), Decimal("4.35")), False),
        (TypedAddress("Kouter", "9000", "Gent", "12"), True),
        (TypedAddress("Citadelpark", "9000", "Gent"), True),
        (TypedAddress(" ", "9000", "Gent", "12"), False),
        (TypedAddress("Kouter", "", "Gent"), False),
    ],
)
def test_nonsense_is_told_apart(place: GivenPlace, usable: bool) -> None:
    assert place.is_usable is usable
