"""What the worker does by itself, and when."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django_q.models import OrmQ, Schedule

from ciao_portal.days import BRUSSELS, brussels_day

# A worker looks for due schedules twice a minute, and every second for queued tasks.
LATE = timedelta(minutes=10)
# Names of our schedules start with this; others in the same table are left alone.
PREFIX = "ciao: "


@dataclass(frozen=True, slots=True)
class Daily:
    """A task by its dotted name, every day at this Brussels time."""

    name: str
    task: str
    at: time


SCHEDULES = (
    Daily("clear expired sessions", "ciao_portal.tasks.clear_expired_sessions", time(3, 10)),
    Daily("delete what is past its term", "ciao_portal.tasks.purge", time(3, 30)),
    Daily("compare days with the NSSO", "registrations.tasks.compare_with_nsso", time(4, 15)),
    Daily("tell of ending certificates", "ciao_portal.tasks.tell_of_ending_certificates", time(7, 0)),
)


@transaction.atomic
def install(*, now: datetime) -> None:
    """Bring the table of schedules in line with `SCHEDULES`; the next run of one that stays is kept.

    The worker moves a daily run on by the clock of `TIME_ZONE`, so that it stays at its hour all year.
    """
    ours = Schedule.objects.filter(name__startswith=PREFIX)
    ours.exclude(name__in=[PREFIX + one.name for one in SCHEDULES]).delete()
    for one in SCHEDULES:
        Schedule.objects.update_or_create(
            name=PREFIX + one.name,
            defaults={"func": one.task, "schedule_type": Schedule.DAILY, "repeats": -1},
            create_defaults={
                "func": one.task,
                "schedule_type": Schedule.DAILY,
                "repeats": -1,
                "next_run": next_run(one, now=now),
            },
        )


def next_run(daily: Daily, *, now: datetime) -> datetime:
    """The first moment after `now` (aware) at which it is due, in UTC."""
    for day in (brussels_day(now), brussels_day(now) + timedelta(days=1)):
        moment = datetime.combine(day, daily.at, tzinfo=BRUSSELS).astimezone(UTC)
        if moment > now:
            break
    return moment


def is_worker_late(*, now: datetime) -> bool:
    """Whether scheduled jobs or queued tasks have been waiting for a worker for over ten minutes.

    A task in hand is locked until a moment to come. With Redis as broker only the schedules can tell.
    """
    overdue = Schedule.objects.filter(name__startswith=PREFIX, next_run__lt=now - LATE)
    queued = OrmQ.objects.filter(lock__lt=now - LATE)
    return bool(overdue.exists() or queued.exists())
