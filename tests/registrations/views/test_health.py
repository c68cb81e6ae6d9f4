"""What monitors read: up, behind, or down."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from pytest_django import Settings

from ciao_portal import schedules
from registrations.models import Submission
from tests.cast import Cast, person
from tests.works import declare, tap

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("waited", "status"), [(0, "UP"), (4, "UP"), (6, "DEGRADED")])
def test_late_registrations_degrade(cast: Cast, waited: int, status: str) -> None:
    tap(declare(cast.main), person(), now=timezone.now() - timedelta(minutes=waited))

    response = Browser().get("/health")

    assert (response.status_code, response.json()) == (200, {"status": status})


def test_what_arrived_is_not_late(cast: Cast) -> None:
    tap(declare(cast.main), person(), now=timezone.now() - timedelta(hours=1))
    Submission.objects.update(state="accepted")

    assert Browser().get("/health").json() == {"status": "UP"}


@pytest.mark.parametrize(("late", "status"), [(9, "UP"), (11, "DEGRADED")])
def test_a_worker_that_does_not_work_degrades(late: int, status: str) -> None:
    now = timezone.now()
    schedules.install(now=now)
    assert Browser().get("/health").json() == {"status": "UP"}
    Schedule.objects.update(next_run=now - timedelta(minutes=late))
    assert Browser().get("/health").json() == {"status": status}


@pytest.mark.parametrize(("late", "status"), [(-10, "UP"), (9, "UP"), (11, "DEGRADED")])
def test_a_task_nobody_takes_degrades(late: int, status: str) -> None:
    OrmQ.objects.create(key="ciao", payload="", lock=timezone.now() - timedelta(minutes=late))
    assert Browser().get("/health").json() == {"status": status}


def test_a_full_disk_degrades(settings: Settings) -> None:
    settings.LEAST_FREE_BYTES = 10**18
    response = Browser().get("/health")
    assert (response.status_code, response.json()) == (200, {"status": "DEGRADED"})
