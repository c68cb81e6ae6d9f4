"""When a day of one access is read back."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from ciao_portal.days import brussels_day
from registrations.models import ReadBack, Submission
from registrations.rules.deadlines import CORRECTION_DAYS

# The checks of the NSSO follow intake by seconds; how long to wait while a result is pending.
PENDING_STEPS_S = (2, 5, 15, 60)
PENDING_LATER = timedelta(minutes=10)
ON_THE_DAY = timedelta(hours=1)
AFTERWARDS = timedelta(days=1)
# An older day that stays pending through the first looks is read once a day like everything else.
PENDING_DAYS = 2


def next_reading(*, day: date, now: datetime, pending: int, readings: int) -> datetime | None:
    """When to read the day again; None when a correction can no longer be asked of any of it.

    `pending` is how many results are still awaited, `readings` how often that was so in a row, this time
    included.
    """
    age = (brussels_day(now) - day).days
    if age > CORRECTION_DAYS:
        return None
    if pending and readings <= len(PENDING_STEPS_S):
        return now + timedelta(seconds=PENDING_STEPS_S[max(0, readings - 1)])
    if pending and age <= PENDING_DAYS:
        return now + PENDING_LATER
    return now + (ON_THE_DAY if age <= 0 else AFTERWARDS)


def look_soon(submissions: Iterable[Submission], *, now: datetime) -> None:
    """Read the days of these submissions back soon: the NSSO has just taken them."""
    soon = now + timedelta(seconds=PENDING_STEPS_S[0])
    days: dict[UUID, set[date]] = {}
    for submission in submissions:
        if submission.credentials_id is not None:
            days.setdefault(submission.credentials_id, set()).add(brussels_day(submission.happened_at))
    for access, wanted in days.items():
        ReadBack.objects.bulk_create(
            [ReadBack(credentials_id=access, day=day, due_at=soon) for day in sorted(wanted)],
            ignore_conflicts=True,
        )
        later = ReadBack.objects.filter(Q(due_at__isnull=True) | Q(due_at__gt=soon))
        later.filter(credentials=access, day__in=wanted).update(due_at=soon, attempt_count=0)
