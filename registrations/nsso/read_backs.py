"""Which days of which access are read back, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from ciao_portal.access import usable_accesses
from ciao_portal.days import brussels_day
from ciao_portal.models import NssoCredentials
from ciao_portal.nsso.contract import MAX_SEARCH_DAYS
from ciao_portal.outbox import lock_due, mark_in_flight
from registrations.models import ReadBack, Submission
from registrations.nsso.claims import search_after
from registrations.nsso.columns import save_columns
from registrations.rules.deadlines import CORRECTION_DAYS

# The checks of the NSSO follow intake by seconds; how long to wait while a result is pending.
PENDING_STEPS_S = (2, 5, 15, 60)
PENDING_LATER = timedelta(minutes=10)
ON_THE_DAY = timedelta(hours=1)
AFTERWARDS = timedelta(days=1)
# An older day that stays pending through the first looks is read once a day like everything else.
PENDING_DAYS = 2
# Older days due so soon are read together with those that are due: so they come to share one search a day.
TAKE_ALONG = timedelta(hours=3)
# Rows looked at to find the accesses whose turn it is, and rows taken at once.
LOOKED_AT = 50
MOST_ROWS = 500
SAVED = ("due_at", "in_flight_since", "claimed_by", "attempt_count", "last_error", "pending", "read_at")


@dataclass(frozen=True)
class Span:
    """Claimed days of one access, one after the other: one search brings them all."""

    access: NssoCredentials
    days: list[ReadBack]


def next_reading(*, day: date, now: datetime, pending: int, readings: int) -> datetime | None:
    """When to read the day again; None when a correction can no longer be asked of any of it.

    `pending` is how many results are still awaited, `readings` how often that was so in a row, this time
    included. What was sent very late gets its first looks whatever its day.
    """
    age = (brussels_day(now) - day).days
    if pending and readings <= len(PENDING_STEPS_S):
        return now + timedelta(seconds=PENDING_STEPS_S[max(0, readings - 1)])
    if age > CORRECTION_DAYS:
        return None
    if pending and age <= PENDING_DAYS:
        return now + PENDING_LATER
    return now + (ON_THE_DAY if age <= 0 else AFTERWARDS)


def look_soon(submissions: Iterable[Submission], *, now: datetime) -> None:
    """Read the days of these submissions back soon: the NSSO has just taken them."""
    look_at_days(
        (
            (one.credentials_id, brussels_day(one.happened_at))
            for one in submissions
            if one.credentials_id is not None
        ),
        now=now,
    )


def look_at_days(days: Iterable[tuple[UUID, date]], *, now: datetime) -> None:
    """Read these days (access, Brussels day) back soon, whatever their age."""
    soon = now + timedelta(seconds=PENDING_STEPS_S[0])
    by_access: dict[UUID, set[date]] = {}
    for access, day in days:
        by_access.setdefault(access, set()).add(day)
    for access, wanted in by_access.items():
        ReadBack.objects.bulk_create(
            [ReadBack(credentials_id=access, day=day, due_at=soon) for day in sorted(wanted)],
            ignore_conflicts=True,
        )
        later = ReadBack.objects.filter(Q(due_at__isnull=True) | Q(due_at__gt=soon))
        later.filter(credentials=access, day__in=wanted).update(due_at=soon, attempt_count=0)


def open_days(*, now: datetime) -> None:
    """Have today read for every usable access, and the days before it where that was never asked.

    So a company that begins here, sets its access up or comes back from a backup sees what the NSSO has, also
    where nobody registers through us.
    """
    today = brussels_day(now)
    first = today - timedelta(days=CORRECTION_DAYS)
    known = set(ReadBack.objects.filter(day__in=(first, today)).values_list("credentials", "day"))
    missing = []
    for access in usable_accesses().values_list("pk", flat=True):
        if (access, first) not in known:
            missing += [(access, first + timedelta(days=age)) for age in range(CORRECTION_DAYS + 1)]
        elif (access, today) not in known:
            missing.append((access, today))
    ReadBack.objects.bulk_create(
        [ReadBack(credentials_id=access, day=day, due_at=now) for access, day in missing],
        ignore_conflicts=True,
        batch_size=1000,
    )


def free_the_dead(*, now: datetime) -> None:
    """Days in the hands of a sender that died are due again."""
    dead = ReadBack.objects.filter(in_flight_since__lt=now - search_after())
    if dead.exists():
        dead.update(in_flight_since=None, due_at=now)


def claim_recent(*, sender: str, now: datetime, most: int) -> list[Span]:
    """Take what is due of today and yesterday, for at most so many accesses, the longest due first."""
    recent = ReadBack.objects.filter(day__gte=brussels_day(now) - timedelta(days=1))
    return _claim(recent, sender=sender, now=now, until=now, most=most)


def claim_older(*, sender: str, now: datetime, most: int) -> list[Span]:
    """Take what is due of the days before, and what will be due soon."""
    older = ReadBack.objects.filter(day__lt=brussels_day(now) - timedelta(days=1))
    return _claim(older, sender=sender, now=now, until=now + TAKE_ALONG, most=most)


def _claim(rows: QuerySet[ReadBack], *, sender: str, now: datetime, until: datetime, most: int) -> list[Span]:
    """While it is read a row has no due time, so that a registration accepted meanwhile can ask for another
    look."""
    due = rows.filter(due_at__lte=now, in_flight_since__isnull=True).order_by("due_at")
    # Asked without a lock first: most of the time there is nothing to do.
    turns = list(dict.fromkeys(due.values_list("credentials", flat=True)[:LOOKED_AT]))[:most]
    if not turns:
        return []
    with transaction.atomic():
        wanted = rows.filter(credentials__in=turns).select_related("credentials__company")
        taken = lock_due(wanted.order_by("credentials", "day"), now=until, limit=MOST_ROWS)
        mark_in_flight(taken, sender=sender, now=now)
        for row in taken:
            row.due_at = None
        save_columns(taken, SAVED)
    return spans(taken)


def spans(rows: Sequence[ReadBack]) -> list[Span]:
    """Rows in order of access and day, cut where the access changes, a day is missing or the NSSO's limit is
    reached."""
    found = []
    for access, group in groupby(rows, key=lambda row: row.credentials):
        days = list(group)
        cuts = [place for place, (a, b) in enumerate(pairwise(days), 1) if (b.day - a.day).days != 1]
        for start, end in pairwise([0, *cuts, len(days)]):
            found += [
                Span(access, days[at : min(at + MAX_SEARCH_DAYS, end)])
                for at in range(start, end, MAX_SEARCH_DAYS)
            ]
    return found


def keep_hold(rows: Iterable[ReadBack], *, sender: str, now: datetime) -> None:
    """Note that this sender is still at it; a day taken over by another one stays with that one."""
    held = ReadBack.objects.filter(pk__in=[row.pk for row in rows], claimed_by=sender)
    held.filter(in_flight_since__isnull=False).update(in_flight_since=now)


@transaction.atomic
def finish(rows: Iterable[ReadBack]) -> None:
    """Write down what the rows say of their reading, unless another sender took them over.

    Where somebody asked for another look meanwhile, that is kept.
    """
    said = {row.pk: row for row in rows}
    stored = ReadBack.objects.select_for_update().filter(pk__in=said.keys()).order_by("pk")
    ours = []
    for was in stored:
        row = said[was.pk]
        if was.claimed_by != row.claimed_by or was.in_flight_since is None:
            continue
        if was.due_at is not None:
            row.due_at = min(was.due_at, row.due_at) if row.due_at is not None else was.due_at
            row.attempt_count = 0
        row.in_flight_since = None
        ours.append(row)
    save_columns(ours, SAVED)
