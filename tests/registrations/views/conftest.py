"""A works site with people of the main contractor and of a subcontractor on it, Monday 23 November 06:02."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from registrations.models import Employment, Registration
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.registrations.views.scene import set_clock
from tests.works import Works, declare, subcontract_to, tap


@dataclass(frozen=True)
class Morning:
    """Ada (main contractor) and Bea (subcontractor) started an hour ago, each at another workplace."""

    works: Works
    ada: Employment
    bea: Employment
    of_ada: Registration
    of_bea: Registration


@pytest.fixture
def morning(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Morning:
    set_clock(monkeypatch, NOW)
    works = declare(cast.main)
    subcontract_to(works, cast.sub)
    ada = make_worker(cast.main, SSINS[0], "Ada", "Voorbeeld")
    bea = make_worker(cast.sub, SSINS[1], "Bea", "Onderaan")
    hour_ago = NOW - timedelta(hours=1)
    return Morning(
        works,
        ada,
        bea,
        tap(works, ada.person, now=hour_ago).registration,
        tap(works, bea.person, now=hour_ago, employer=cast.sub, workplace=1).registration,
    )
