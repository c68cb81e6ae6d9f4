"""A company in the chain that usually registers on this day of the week, and has not today.

It says no more than that: a holiday, or works that paused, look the same. Our own rule, for want of a norm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ciao_portal.days import brussels_time

# The same day of the week, one to four weeks back.
WEEKS = tuple(timedelta(weeks=number) for number in range(1, 5))
# On how many of these four days somebody must have registered before we speak of a habit.
HABIT = 3
# How long after its latest usual start a company may be late before it is named.
GRACE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Silence:
    """On how many of the four days somebody registered, and the latest first registration (aware)."""

    weeks: int
    usually_by: datetime


def silence_of(starts: Sequence[datetime | None], *, now: datetime) -> Silence | None:
    """Whether a company without any registration today is overdue; None when it is not, or has no habit.

    `starts` holds the first registration on each of the four days, None where there was none.
    """
    habit = habit_of(starts)
    return habit if habit and is_late(habit, now=now) else None


def habit_of(starts: Sequence[datetime | None]) -> Silence | None:
    """What is usual on this day of the week, whatever the hour; None without a habit."""
    known = [start for start in starts if start is not None]
    return Silence(len(known), max(known, key=_clock)) if len(known) >= HABIT else None


def is_late(habit: Silence, *, now: datetime) -> bool:
    """Whether the usual time of today, with its grace, has passed."""
    return _clock(now) >= _clock(habit.usually_by) + GRACE


def _clock(moment: datetime) -> timedelta:
    """The time on the wall in Brussels, since midnight."""
    local = brussels_time(moment)
    return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
