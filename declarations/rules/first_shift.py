"""How loud it is said that the NSSO has not given a declaration its number yet.

The works must be declared before they begin: without a number the first shift gets a remark.
"""

from datetime import date, timedelta
from enum import StrEnum

# Time enough to declare the works and to enter the number.
NUMBER_WANTED_BEFORE = timedelta(days=7)


class NumberWanted(StrEnum):
    """In good time, within a week, or from the first day on."""

    LATER = "later"
    SOON = "soon"
    NOW = "now"


def number_wanted(starts_on: date, today: date) -> NumberWanted:
    """For works without a number whose first day is `starts_on`; both are Brussels days."""
    if starts_on <= today:
        return NumberWanted.NOW
    return NumberWanted.SOON if starts_on - NUMBER_WANTED_BEFORE <= today else NumberWanted.LATER
