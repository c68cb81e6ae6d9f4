"""Keeps the demo alive beside a running portal: the background worker calls `beat` every few minutes."""

import time
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import async_task

from ciao_portal.days import brussels_day
from ciao_portal.env import VAR_DIR
from ciao_portal.nsso.contract import RemarkCode
from ciao_portal.people import people_with_ssins
from ciao_portal.tenancy import unscoped
from registrations.demo import correcting, loading, reference
from registrations.demo.founding import founded_at
from registrations.models import Submission
from registrations.nsso.read_backs import look_soon

TASK = "registrations.demo.heartbeat.beat"
NAME = "demo: keep alive"
EVERY_MINUTES = 5
# Other background work waits no longer than this (seconds); then it has its turn before the rest is told.
LONGEST_S = 60.0


def install(*, now: datetime) -> None:
    """Let the worker beat every few minutes from `now` on, and once as soon as it runs."""
    Schedule.objects.update_or_create(
        name=NAME,
        defaults={
            "func": TASK,
            "schedule_type": Schedule.MINUTES,
            "minutes": EVERY_MINUTES,
            "repeats": -1,
            "next_run": now,
        },
    )
    async_task(TASK)


def beat() -> None:
    """One heartbeat; nothing when there is no demo or the NSSO is no simulator."""
    if settings.NSSO_ENVIRONMENT != "simulator" or not loading.is_loaded():
        return
    begun = time.monotonic()
    keep_alive(now=timezone.now())
    if time.monotonic() - begun > LONGEST_S:
        async_task(TASK)


def keep_alive(*, now: datetime) -> int:
    """Tell what happened by `now`, file what was due to be filed, have that read back, ask for corrections.

    Answers how many registrations were made.
    """
    made = loading.keep_alive(now=now, seconds=LONGEST_S)
    if changed := reference.write(VAR_DIR, now=now):
        reference.tell_simulator(changed)
    _read_solved(now)
    with unscoped(reason="the demo's own firms, named by their fixed numbers"):
        correcting.begin(now=now)
    return made


def _read_solved(now: datetime) -> None:
    """Look again soon at the days of students whose Dimona has been filed while the remark still stands."""
    with unscoped(reason="the demo's own students, named by their fixed numbers"):
        founded = founded_at()
        students = people_with_ssins((one.ssin for one in reference.STUDENTS), now=now).values()
        remarked = Submission.objects.filter(
            person__in=students,
            registration__nsso_presences__remarks__gone_at__isnull=True,
            registration__nsso_presences__remarks__code=RemarkCode.DIMONA_NOT_FOUND,
        )
        look_soon(
            [one for one in remarked if reference.filed_at(brussels_day(one.happened_at), founded) <= now],
            now=now,
        )
