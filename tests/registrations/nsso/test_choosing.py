"""What the database is asked for when rows are chosen: never more than a backlog makes worth asking."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from ciao_portal.models import NssoCredentials
from ciao_portal.tenancy import unscoped
from registrations.models import Submission
from registrations.nsso.choosing import Limits, choose, due_waiting
from registrations.nsso.claims import claim
from tests.registrations.nsso.world import World, person_number

pytestmark = pytest.mark.django_db

# A portion of two rows, and four portions looked over at once: more people than that are a backlog.
PORTION, BACKLOG = 2, 12


@pytest.fixture
def backlog(world: World, settings: Settings) -> Iterator[NssoCredentials]:
    """More taps of the only company with an access than are looked over at once; answers the access."""
    settings.NSSO_BATCH_SIZE = PORTION
    for index in range(BACKLOG):
        world.tap(person_number(index), seconds=index)
    with unscoped(reason="a test chooses as the sender does"):
        access = NssoCredentials.objects.get()
        Submission.objects.update(credentials=access)
        yield access


def limits(*closed: NssoCredentials) -> Limits:
    return Limits(accesses=32, rows_of=lambda _access: PORTION, closed={one.pk for one in closed})


@pytest.mark.skipif(connection.vendor != "postgresql", reason="about the plans of PostgreSQL")
def test_a_sudden_backlog_is_never_joined_with_itself() -> None:
    """As a join it took hours for 180,000 rows until the database had counted them anew."""
    with unscoped(reason="a test looks at the plan"):
        plan = due_waiting(timezone.now(), frozenset()).order_by("-due_at")[:800].explain()
    assert "SubPlan" in plan
    assert "Join" not in plan


def test_nobody_walks_through_the_backlog_of_an_access_in_hand(backlog: NssoCredentials) -> None:
    """Neither behind it for the others, nor for those without an access: each is asked for by itself."""
    with CaptureQueriesContext(connection) as asked:
        assert claim(sender="one", now=timezone.now(), limits=limits(backlog)) == []
    _anything, accesses, unassigned = [query["sql"] for query in asked.captured_queries]
    assert 'FROM "ciao_portal_nssocredentials"' in accesses
    assert '"credentials_id" IS NULL' in unassigned


def test_a_full_portion_ends_the_look_when_no_other_access_has_anything(backlog: NssoCredentials) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert len(choose(timezone.now(), limits())) == PORTION
    windows = [query["sql"] for query in asked.captured_queries if '"credentials_id" IN' in query["sql"]]
    # The newest, the oldest, and what waited for somebody to put something right.
    assert len(windows) == 3


def test_a_long_backlog_hides_no_other_company(backlog: NssoCredentials, world: World) -> None:
    world.store_credentials(world.cast.sub)
    fresh = world.tap(person_number(BACKLOG), seconds=-1, employer=world.cast.sub)
    batches = claim(sender="one", now=timezone.now(), limits=limits(backlog))
    assert [row.registration_id for batch in batches for row in batch.submissions] == [fresh.pk]
