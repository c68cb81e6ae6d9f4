"""Which given places can be kept."""

from decimal import Decimal

import pytest

from registrations.rules.location import (
    Comparison,
    GivenPlace,
    Nearness,
    Position,
    TypedAddress,
    compare,
    rounded,
)


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


GENT = Decimal("51.0543"), Decimal("3.7174")


@pytest.mark.parametrize(
    ("north", "accuracy", "nearness", "metres"),
    [
        ("51.0543", 10, Nearness.AT, 0),
        ("51.0565", 0, Nearness.AT, 240),
        ("51.0567", 0, Nearness.NEAR, 270),
        # The phone's own doubt counts for the worker.
        ("51.0567", 30, Nearness.AT, 270),
        ("51.0677", 0, Nearness.NEAR, 1500),
        ("51.0680", 0, Nearness.AWAY, 1500),
        ("51.1543", 0, Nearness.AWAY, 11100),
        ("51.1543", None, Nearness.AWAY, 11100),
    ],
)
def test_how_near(north: str, accuracy: int | None, nearness: Nearness, metres: int) -> None:
    assert compare(Position(Decimal(north), GENT[1], accuracy), *GENT) == Comparison(nearness, metres)


def test_east_is_shorter_than_north_here() -> None:
    assert compare(Position(GENT[0], Decimal("3.8174")), *GENT).metres == 7000


def test_what_cannot_be_compared_says_so() -> None:
    here = Position(*GENT, 10)
    assert compare(here, None, None) == Comparison(Nearness.UNKNOWN)
    assert compare(Position(*GENT, 3_001), *GENT) == Comparison(Nearness.UNKNOWN)


def test_no_more_than_four_decimals_are_kept() -> None:
    exact = Position(Decimal("51.05434219"), Decimal("-3.71745"), 7)
    assert rounded(exact) == Position(Decimal("51.0543"), Decimal("-3.7174"), 7)
