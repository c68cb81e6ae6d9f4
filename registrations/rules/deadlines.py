"""The days in which a correction can be asked of the NSSO.

Source: NSSO, Check In and Out at Work, questions 15 to 17, in force since 1 September 2024: within 30
days following the registration. How the days are counted is our own decision: calendar days in
Brussels, day 0 is the day of the registration, the last day is day 30 until 23:59:59.
"""

from datetime import date, timedelta
from enum import StrEnum

from declarations.rules import duties

CORRECTION_DAYS = duties.CORRECTION_DAYS
SOON_DAYS = 7
SOON = timedelta(days=SOON_DAYS)
# Worker and employer share the 30 days, so the office is warned from the middle on.
WARNING_DAYS = (15, 23, 27, 29, 30)
# How long before the last day the first warning is due.
FIRST_WARNING = timedelta(days=CORRECTION_DAYS - WARNING_DAYS[0])


class Urgency(StrEnum):
    """How pressing a remark is."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


def last_day(happened_day: date) -> date:
    """The last day on which a correction can be asked, included."""
    return happened_day + timedelta(days=CORRECTION_DAYS)


def days_left(last: date, today: date) -> int:
    """0 on the last day itself, negative after it."""
    return (last - today).days


def urgency(last: date, today: date) -> Urgency:
    """Overdue, today, within 7 days, or later."""
    left = days_left(last, today)
    if left < 0:
        return Urgency.OVERDUE
    if left == 0:
        return Urgency.TODAY
    return Urgency.SOON if left <= SOON_DAYS else Urgency.LATER


def warning_due(last: date, today: date, *, warned_on: date | None = None) -> int | None:
    """The warning day (15, 23, 27, 29 or 30) to warn for now, None when there is none.

    A day missed (a host switched off, a remark seen late) is made up for at the next run: only the
    latest warning day passed counts, and only when the last warning went out before it. Nothing is
    due after the last day.
    """
    first = last - timedelta(days=CORRECTION_DAYS)
    passed = [day for day in WARNING_DAYS if first + timedelta(days=day) <= today]
    if not passed or today > last:
        return None
    latest = passed[-1]
    if warned_on is not None and warned_on >= first + timedelta(days=latest):
        return None
    return latest


def is_born_late(last: date, first_seen: date) -> bool:
    """True for a remark that first appeared when the correction could no longer be asked."""
    return first_seen > last
