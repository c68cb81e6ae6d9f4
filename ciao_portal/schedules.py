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


@dataclass(frozen=True, slots=True)
class EveryMinute:
    """A task by its dotted name, once a minute."""

    name: str
    task: str


SCHEDULES: tuple[Daily | EveryMinute, ...] = (
    Daily("clear expired sessions", "ciao_portal.tasks.clear_expired_sessions", time(3, 10)),
    Daily("delete what is past its term", "ciao_portal.tasks.purge", time(3, 30)),
    Daily("compare days with the NSSO", "registrations.tasks.compare_with_nsso", time(4, 15)),
    Daily("follow corrections", "registrations.tasks.follow_corrections", time(0, 20)),
    Daily("tell of ending certificates", "ciao_portal.tasks.tell_of_ending_certificates", time(7, 0)),
    Daily("tell of last days", "registrations.tasks.tell_of_deadlines", time(7, 0)),
    # For a mail server or a worker that was down at seven; whoever was told is not told again.
    Daily("tell of last days again", "registrations.tasks.tell_of_deadlines", time(9, 0)),
    EveryMinute("foretell remarks", "registrations.tasks.foretell_remarks"),
    EveryMinute("watch for outages of the NSSO", "registrations.tasks.watch_for_outages"),
)


@transaction.atomic
def install(*, now: datetime) -> None:
    """Bring the table of schedules in line with `SCHEDULES`; the next run of one that stays is kept.

    The worker moves a daily run on by the clock of `TIME_ZONE`, so that it stays at its hour all year.
    Runs that were missed are not made up for.
    """
    ours = Schedule.objects.filter(name__startswith=PREFIX)
    ours.exclude(name__in=[PREFIX + one.name for one in SCHEDULES]).delete()
    for one in SCHEDULES:
        kept = {"func": one.task, "repeats": -1, **_rhythm(one)}
        Schedule.objects.update_or_create(
            name=PREFIX + one.name,
            defaults=kept,
            create_defaults={**kept, "next_run": next_run(one, now=now)},
        )


def _rhythm(job: Daily | EveryMinute) -> dict[str, object]:
    if isinstance(job, EveryMinute):
        return {"schedule_type": Schedule.MINUTES, "minutes": 1}
    return {"schedule_type": Schedule.DAILY, "minutes": None}


def next_run(job: Daily | EveryMinute, *, now: datetime) -> datetime:
    """The first moment after `now` (aware) at which it is due, in UTC."""
    if isinstance(job, EveryMinute):
        return now.astimezone(UTC) + timedelta(minutes=1)
    return _next_day(job, now=now)


def _next_day(daily: Daily, *, now: datetime) -> datetime:
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
