"""Which time counts: the server's when online, the phone's corrected claim when kept offline.

A claim is never refused and never later than its arrival; a doubtful one is flagged.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

CLOCK_DOUBT = "clockDoubt"
SENT_LATE = "sentLate"
LARGEST_OFFSET = timedelta(minutes=10)
# Beyond the 30 days of a correction nobody can check a claim against anything.
OLDEST_CLAIM = timedelta(days=31)


# Two measurements of one clock differ by the way there and back; more, and somebody set the clock.
LARGEST_DRIFT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Measured:
    """How far the phone's clock was off (server minus phone; None: never measured); whether it jumped."""

    offset: timedelta | None
    jumped: bool


@dataclass(frozen=True, slots=True)
class Timing:
    """The moment that counts (aware) and what is doubtful about it."""

    happened_at: datetime
    flags: frozenset[str] = frozenset()


def measured(at_tap: timedelta | None, at_sending: timedelta | None, *, jumped: bool = False) -> Measured:
    """Which of two measurements corrects a claim: the one from before the tap, else the one at the sending.

    Known at the sending only, nobody can tell whether the clock was the same at the tap: that counts as a
    jump, like two measurements that disagree. ``jumped``: the phone saw its own clock being set back.
    """
    if at_tap is None:
        return Measured(at_sending, jumped or at_sending is not None)
    drifted = at_sending is not None and abs(at_sending - at_tap) > LARGEST_DRIFT
    return Measured(at_tap, jumped or drifted)


def online(received: datetime) -> Timing:
    """A tap sent at once happened when it arrived, whatever the phone's clock says."""
    return Timing(received)


def kept_offline(
    received: datetime, claimed: datetime | None, offset: timedelta | None, *, jumped: bool = False
) -> Timing:
    """A tap kept on the phone and sent later.

    ``claimed`` is the phone's clock at the tap, ``offset`` the server's clock minus the phone's as last
    measured, ``jumped`` whether the phone saw its own clock jump meanwhile. In doubt: an offset above
    10 minutes or never measured, a jump, no claim, a claim over 10 minutes later than the arrival or
    older than 31 days.
    """
    happened = _corrected(claimed, offset)
    if happened is None:
        return Timing(received, frozenset({SENT_LATE, CLOCK_DOUBT}))
    doubt = (
        jumped
        or offset is None
        or abs(offset) > LARGEST_OFFSET
        or happened - received > LARGEST_OFFSET
        or received - happened > OLDEST_CLAIM
    )
    flags = {SENT_LATE, CLOCK_DOUBT} if doubt else {SENT_LATE}
    return Timing(min(happened, received), frozenset(flags))


def _corrected(claimed: datetime | None, offset: timedelta | None) -> datetime | None:
    if claimed is None:
        return None
    try:
        return claimed + (offset or timedelta())
    except OverflowError:  # a claim at the edge of the calendar
        return None
