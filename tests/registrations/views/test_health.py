"""What monitors read: up, behind, or down."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

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
