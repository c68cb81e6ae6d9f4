from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from tests.cast import Cast, build_cast
from tests.portal import Portal
from tests.works import Works, declare


@pytest.fixture
def portal(transactional_db: None, tmp_path: Path) -> Iterator[Portal]:
    """A portal on this test's database; nothing of it runs yet but the simulator."""
    with Portal(tmp_path) as portal:
        yield portal


@pytest.fixture
def company_of_all(transactional_db: None) -> Cast:
    return build_cast()


@pytest.fixture
def works(company_of_all: Cast, portal: Portal) -> Works:
    """Works of the main contractor, whose registrations may travel."""
    works = declare(company_of_all.main, now=timezone.now())
    portal.give_access(company_of_all.main)
    return works


@pytest.fixture
def code(works: Works) -> str:
    """The code on the wall of the first workplace."""
    return works.point().code
