"""When owners are warned that the certificate of an access ends. Pure: the clock comes in."""

from __future__ import annotations

from datetime import datetime

from ciao_portal.days import brussels_day

# Days before the end; each is told once. 0: it has ended.
THRESHOLDS = (60, 30, 14, 7, 1, 0)
FIRST_WARNING = THRESHOLDS[0]


def days_left(ends_at: datetime, *, now: datetime) -> int:
    """Brussels days until the last one: 0 on that day itself, below 0 afterwards."""
    return (brussels_day(ends_at) - brussels_day(now)).days


def has_ended(ends_at: datetime, *, now: datetime) -> bool:
    """``ends_at`` is the last moment at which the certificate is valid."""
    return now > ends_at


def threshold_of(ends_at: datetime, *, now: datetime) -> int | None:
    """The smallest of ``THRESHOLDS`` that was reached; None while the end is farther away than all."""
    if has_ended(ends_at, now=now):
        return 0
    left = days_left(ends_at, now=now)
    return min((threshold for threshold in THRESHOLDS if threshold and left <= threshold), default=None)


def threshold_to_tell(ends_at: datetime, *, told: int | None, now: datetime) -> int | None:
    """What owners must be told now, when ``told`` is the threshold they were told of last.

    Thresholds missed on the way (nothing ran for a week) are not told afterwards: the smallest says it all.
    """
    reached = threshold_of(ends_at, now=now)
    return reached if reached is not None and (told is None or reached < told) else None
