"""How often a code may be tried, and what that leaves to luck.

Three ceilings: of one code (the only one that stops a guesser for certain, whatever he throws away), of one
phone and of one point. The one of an address is loose on purpose: two hundred people behind one connection
come at six in the morning, and every tenth mistypes. The figures are reasoned in
`docs/decisions/0029-codes-resist-guessing.md`.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction

CODE_DIGITS = 6
CODES = 10**CODE_DIGITS
CODE_LIFE = timedelta(minutes=15)
TRIES_PER_CODE = 5
# Wrong tries are counted over this long.
WINDOW = timedelta(hours=1)


class Counted(StrEnum):
    """Under what a wrong try is counted."""

    PHONE = "phone"
    POINT = "point"
    ADDRESS = "address"


CEILINGS: dict[Counted, int] = {Counted.PHONE: 10, Counted.POINT: 100, Counted.ADDRESS: 500}


def is_too_often(tries: Mapping[Counted, int]) -> Counted | None:
    """Which ceiling these tries of the last hour, this one included, are above; None for none.

    The phone's own comes first: it has the clearest words.
    """
    return next((one for one in Counted if tries.get(one, 0) > CEILINGS[one]), None)


def chance(*, tries: int, codes: int = CODES) -> Fraction:
    """The chance that one of so many different guesses meets one code drawn evenly out of so many."""
    return Fraction(min(tries, codes), codes)
