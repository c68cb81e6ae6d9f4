"""What the database is asked for when rows are chosen."""

import pytest
from django.db import connection
from django.utils import timezone

from ciao_portal.tenancy import unscoped
from registrations.nsso.choosing import due_waiting

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "postgresql", reason="about the plans of PostgreSQL")
def test_a_sudden_backlog_is_never_joined_with_itself() -> None:
    """As a join it took hours for 180,000 rows until the database had counted them anew."""
    with unscoped(reason="a test looks at the plan"):
        plan = due_waiting(timezone.now(), frozenset()).order_by("-due_at")[:800].explain()
    assert "SubPlan" in plan
    assert "Join" not in plan
