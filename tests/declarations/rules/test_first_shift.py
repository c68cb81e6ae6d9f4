"""A missing number gets louder as the first shift comes near."""

from datetime import date

import pytest

from declarations.rules.first_shift import number_wanted

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("starts_on", "wanted"),
    [
        (date(2026, 12, 4), "later"),
        (date(2026, 12, 3), "soon"),
        (date(2026, 11, 27), "soon"),
        (date(2026, 11, 26), "now"),
        (date(2025, 1, 1), "now"),
    ],
)
def test_how_soon_the_number_is_wanted(starts_on: date, wanted: str) -> None:
    assert number_wanted(starts_on, TODAY) == wanted
