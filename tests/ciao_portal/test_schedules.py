"""The jobs the worker does by itself: installed once, and each of them runs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from ciao_portal.days import BRUSSELS
from ciao_portal.schedules import PREFIX, SCHEDULES, Daily, EveryMinute, install, is_worker_late, next_run
from ciao_portal.tasks import clear_expired_sessions

SESSIONS = next(one for one in SCHEDULES if isinstance(one, Daily))
MINUTELY = next(one for one in SCHEDULES if isinstance(one, EveryMinute))


def brussels(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BRUSSELS)  # type: ignore[arg-type, misc]  # year, month, day, hour, minute


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (brussels(2026, 11, 24, 3, 9), brussels(2026, 11, 24, 3, 10)),
        (brussels(2026, 11, 24, 3, 10), brussels(2026, 11, 25, 3, 10)),
        (brussels(2026, 11, 24, 23, 50), brussels(2026, 11, 25, 3, 10)),
        # The nights in which the clocks change.
        (brussels(2026, 3, 28, 12, 0), datetime(2026, 3, 29, 1, 10, tzinfo=UTC)),
        (brussels(2026, 10, 24, 12, 0), datetime(2026, 10, 25, 2, 10, tzinfo=UTC)),
    ],
)
def test_the_next_run_is_ten_past_three_in_brussels(now: datetime, due: datetime) -> None:
    assert next_run(SESSIONS, now=now.astimezone(UTC)) == due


def test_the_worker_keeps_the_hour_when_the_clocks_change(db: None) -> None:
    install(now=brussels(2026, 10, 23, 12, 0))
    schedule = Schedule.objects.get(name=PREFIX + SESSIONS.name)
    runs = [schedule.next_run]
    for _day in range(3):
        runs.append(schedule.calculate_next_run(runs[-1]))
    assert {run.astimezone(BRUSSELS).strftime("%H:%M") for run in runs} == {"03:10"}
    assert len({run.astimezone(BRUSSELS).date() for run in runs}) == 4


def test_a_job_of_every_minute_runs_every_minute_and_makes_up_for_nothing(db: None) -> None:
    now = brussels(2026, 10, 25, 2, 30).astimezone(UTC)
    install(now=now)
    schedule = Schedule.objects.get(name=PREFIX + MINUTELY.name)
    assert schedule.next_run == now + timedelta(minutes=1)
    assert schedule.calculate_next_run(schedule.next_run) == now + timedelta(minutes=2)
    assert not is_worker_late(now=now + timedelta(minutes=11))
    assert is_worker_late(now=now + timedelta(minutes=11, seconds=1))


def test_a_job_that_changes_its_rhythm_is_brought_in_line(db: None) -> None:
    install(now=timezone.now())
    Schedule.objects.filter(name=PREFIX + MINUTELY.name).update(schedule_type=Schedule.DAILY, minutes=None)
    Schedule.objects.filter(name=PREFIX + SESSIONS.name).update(schedule_type=Schedule.MINUTES, minutes=1)
    install(now=timezone.now())
    rhythms = dict(Schedule.objects.values_list("name", "schedule_type"))
    assert rhythms[PREFIX + MINUTELY.name] == Schedule.MINUTES
    assert rhythms[PREFIX + SESSIONS.name] == Schedule.DAILY


def test_installing_again_changes_nothing(db: None) -> None:
    call_command("schedule_jobs")
    before = list(Schedule.objects.order_by("id").values())
    assert [row["name"] for row in before] == [PREFIX + one.name for one in SCHEDULES]
    install(now=timezone.now() + timedelta(days=3))
    assert list(Schedule.objects.order_by("id").values()) == before


def test_a_job_that_is_no_longer_wanted_goes_and_others_stay(db: None) -> None:
    Schedule.objects.create(name=f"{PREFIX}old", func="nothing.at.all")
    Schedule.objects.create(name="somebody else's", func="nothing.at.all")
    call_command("schedule_jobs")
    names = set(Schedule.objects.values_list("name", flat=True))
    assert names == {*(PREFIX + one.name for one in SCHEDULES), "somebody else's"}


def test_every_job_can_be_found() -> None:
    assert all(callable(import_string(one.task)) for one in SCHEDULES)


def test_only_expired_sessions_are_forgotten(db: None) -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", expire_date=now - timedelta(days=1))
    Session.objects.create(session_key="new", expire_date=now + timedelta(days=1))
    clear_expired_sessions()
    assert set(Session.objects.values_list("session_key", flat=True)) == {"new"}
