"""Who registered on the NSSO's own page counts as on site, marked so."""

from datetime import datetime, timedelta

import pytest

from ciao_portal.tenancy import company_scope
from registrations.dashboard import dashboard_of
from registrations.models import NssoPresence, Registration
from registrations.querysets import missing_check_outs, present_elsewhere, present_now
from registrations.rules.presence import Kind
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import text
from tests.registrations.views.scene import elsewhere
from tests.works import tap

AN_HOUR = timedelta(hours=1)


def made(registration: Registration, *, at: datetime, type_: str = "IN", nsso_id: int = 900) -> NssoPresence:
    """Of the same person, employer and works, made elsewhere."""
    presence = elsewhere(registration, nsso_id=nsso_id, at=at)
    presence.type = type_
    presence.save()
    return presence


@pytest.fixture
def carol(cast: Cast, morning: Morning) -> NssoPresence:
    """Somebody of the subcontractor who never registered here, on the works since half an hour."""
    presence = made(morning.of_bea, at=NOW - timedelta(minutes=30))
    presence.person = make_worker(cast.sub, SSINS[2], "Carol", "Elders").person
    presence.save()
    return presence


def test_the_first_page_counts_them_and_says_so(cast: Cast, carol: NssoPresence) -> None:
    browser = cast.browser(cast.office)
    with at_most_queries(26):
        page = text(browser.get("/"))
    assert "On site now 3 2 registered here" in page
    assert "Schoonmaak Voorbeeld registered elsewhere 1 since 05:32" in page


def test_the_picture_of_the_day_counts_them_from_when_they_came(cast: Cast, carol: NssoPresence) -> None:
    with company_scope(cast.main):
        bars = dashboard_of(cast.main, now=NOW).hours
    assert [bar.people for bar in bars] == [0, 0, 0, 0, 0, 3, 3]


def test_the_works_name_them_as_people_are_named(cast: Cast, morning: Morning, carol: NssoPresence) -> None:
    here = f"/declarations/{morning.works.declaration.pk}/now/"
    browser = cast.browser(cast.office)
    browser.get(here)
    with at_most_queries(13):
        page = text(browser.get(here))
    assert "On site now 3" in page
    assert "Registered elsewhere Zuiver Sub 1" in page
    assert "Carol" not in page
    assert "Carol Elders since 05:32" in text(cast.browser(cast.sub_office).get(here))
    assert "2 on site, 1 registration today" in text(
        cast.browser(cast.office).get(here, headers={"HX-Request": "true"})
    )


def test_strangers_do_not_see_them(cast: Cast, carol: NssoPresence) -> None:
    assert list(present_elsewhere(cast.main, now=NOW)) == [carol]
    assert list(present_elsewhere(cast.sub, now=NOW)) == [carol]
    assert list(present_elsewhere(cast.stranger, now=NOW)) == []


def on_site(cast: Cast, now: datetime = NOW) -> tuple[int, int]:
    """How many of the main contractor's view are on site by a registration here, and elsewhere."""
    return present_now(cast.main, now=now).count(), present_elsewhere(cast.main, now=now).count()


def test_the_last_registration_decides_wherever_it_was_made(cast: Cast, morning: Morning) -> None:
    assert on_site(cast) == (2, 0)
    made(morning.of_ada, at=NOW - timedelta(minutes=30), type_="OUT")
    assert on_site(cast) == (1, 0)
    made(morning.of_ada, at=NOW - timedelta(minutes=20), nsso_id=901)
    assert on_site(cast) == (1, 1)
    tap(morning.works, morning.ada.person, Kind.OUT, now=NOW - timedelta(minutes=10))
    assert on_site(cast) == (1, 0)


def test_what_is_no_longer_listed_or_is_too_old_counts_no_more(cast: Cast, carol: NssoPresence) -> None:
    assert on_site(cast) == (2, 1)
    assert on_site(cast, NOW + timedelta(hours=14)) == (2, 1)
    assert on_site(cast, NOW + timedelta(hours=15)) == (0, 1)
    assert on_site(cast, NOW + timedelta(hours=16)) == (0, 0)
    carol.missed_since = NOW
    carol.save()
    assert on_site(cast) == (2, 0)


def test_a_check_out_made_elsewhere_is_not_missing(cast: Cast, morning: Morning) -> None:
    tomorrow = NOW + timedelta(days=1)
    missing = missing_check_outs(cast.main, now=tomorrow, since=timedelta(days=30))
    assert missing.count() == 2
    made(morning.of_ada, at=NOW + AN_HOUR, type_="OUT")
    assert [state.person_id for state in missing.all()] == [morning.bea.person_id]
    with company_scope(cast.main):
        assert dashboard_of(cast.main, now=tomorrow).missing == 1
