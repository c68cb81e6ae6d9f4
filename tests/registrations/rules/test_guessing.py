"""What guessing codes comes to."""

from fractions import Fraction

import pytest

from registrations.rules.guessing import CEILINGS, TRIES_PER_CODE, Counted, chance, is_too_often


def test_one_code_is_one_in_two_hundred_thousand() -> None:
    assert chance(tries=TRIES_PER_CODE) == Fraction(1, 200_000)


def test_more_guesses_than_codes_are_certain_at_most() -> None:
    assert chance(tries=20, codes=10) == 1


@pytest.mark.parametrize("counted", list(Counted))
def test_the_ceiling_itself_is_still_allowed(counted: Counted) -> None:
    assert is_too_often({counted: CEILINGS[counted]}) is None
    assert is_too_often({counted: CEILINGS[counted] + 1}) is counted


def test_the_phone_s_own_ceiling_is_told_first() -> None:
    assert is_too_often(dict.fromkeys(Counted, 1000)) is Counted.PHONE


def test_two_hundred_people_at_six_are_far_below_the_ceilings_they_share() -> None:
    mistyping = 200 // 10
    assert is_too_often({Counted.POINT: mistyping, Counted.ADDRESS: mistyping * 3}) is None
