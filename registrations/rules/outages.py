"""When an outage begins and ends, for a company whose registrations wait. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from registrations.rules.traffic import LATE

# It ends only once nothing waits longer than this: far enough below `LATE` that it does not come and go.
CALM = timedelta(minutes=2)


class Step(StrEnum):
    """What is to be done about a company's outage."""

    NONE = "none"
    BEGIN = "begin"
    END = "end"


def step(oldest: datetime | None, *, is_open: bool, now: datetime) -> Step:
    """`oldest` is when the oldest registration that waits was received; None when none does (aware)."""
    waits = now - oldest if oldest is not None else timedelta(0)
    if is_open:
        return Step.END if waits <= CALM else Step.NONE
    return Step.BEGIN if waits > LATE else Step.NONE
