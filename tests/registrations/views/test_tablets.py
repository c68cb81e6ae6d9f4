"""`/settings/tablets/`: which there are, how they stand, adding, links, renaming, revoking."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import company_scope
from registrations.models import Terminal
from registrations.services.terminals import open_link, pair_terminal
from tests.cast import Cast
from tests.queries import at_most_queries
from tests.registrations.views.pages import rows, text
from tests.tablets import add, paired
from tests.works import Works, declare, subcontract_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(cast: Cast) -> Works:
    works = declare(cast.main)
    subcontract_to(works, cast.sub)
    return works


def terminals(cast: Cast) -> list[Terminal]:
    with company_scope(cast.main):
        return list(Terminal.objects.all())


def secret_on(words: str) -> str:
    return words.partition("/kiosk/pair/")[2].partition("/")[0]


def test_the_list_is_empty_at_first_and_leads_on(cast: Cast) -> None:
    assert "/settings/tablets/" in cast.browser(cast.office).get("/settings/").content.decode()
    page = cast.browser(cast.office).get("/settings/tablets/")
    assert "No tablets yet" in text(page)
    assert "/settings/tablets/new/" in page.content.decode()
    assert (
        "/settings/tablets/new/" not in cast.browser(cast.auditor).get("/settings/tablets/").content.decode()
    )


def test_the_list_says_how_each_stands(cast: Cast, works: Works) -> None:
    now = timezone.now()
    add(cast.main, works.point(), name="Not yet", now=now)
    add(cast.main, works.point(), name="Too late", now=now - timedelta(days=4))
    paired(cast.main, works.point(1), name="Lives", now=now)
    paired(cast.main, works.point(1), name="Asleep", now=now - timedelta(hours=2))
    gone, _secret = paired(cast.main, works.point(1), name="Gone", now=now)
    add(cast.sub, works.point(0, cast.sub), name="Of the sub", now=now)
    with company_scope(cast.main):
        Terminal.objects.filter(pk=gone.pk).update(revoked_at=now)
    browser = cast.browser(cast.auditor)
    browser.get("/settings/tablets/")

    with at_most_queries(8):
        page = browser.get("/settings/tablets/")

    words = text(page)
    assert len(rows(page, "tablets")) == 5
    for found in (
        "Not yet Gebouw 1 Schoonmaak Voorbeeld Not paired yet link until",
        "Too late Gebouw 1 Schoonmaak Voorbeeld The link ran out make a new one",
        "Lives Gebouw 2 Schoonmaak Voorbeeld In use",
        "Asleep Gebouw 2 Schoonmaak Voorbeeld Silent not seen since",
        "Gone Gebouw 2 Schoonmaak Voorbeeld Revoked",
    ):
        assert found in words
    assert "Of the sub" not in words
    assert words.index("Gone") > words.index("Too late"), "what is revoked comes last"


def test_adding_shows_a_link_once(cast: Cast, works: Works) -> None:
    browser = cast.browser(cast.office)
    page = browser.get("/settings/tablets/new/")
    offered = page.content.decode()
    assert str(works.point(0).pk) in offered
    assert str(works.point(None).pk) not in offered, "a tablet hangs at one workplace"
    assert str(works.point(0, cast.sub).pk) not in offered, "the sub hangs its own"

    shown = browser.post("/settings/tablets/new/", {"name": "Hall", "point": str(works.point(1).pk)})

    secret = secret_on(text(shown))
    assert "It works once, until" in text(shown)
    assert "<svg" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert open_link(secret, now=timezone.now()).name == "Hall"
    assert [one.point for one in terminals(cast)] == [works.point(1)]
    assert secret not in text(browser.get("/settings/tablets/"))
    event = AuditEvent.objects.get(action="terminal.added")
    assert (event.user, event.company) == (cast.office, cast.main)
    audit = text(cast.browser(cast.owner).get("/settings/audit/"))
    assert "Tablet added" in audit
    assert "Hall" in audit


def test_the_firms_of_all_workplaces_are_named_at_once(cast: Cast, works: Works) -> None:
    for company in (cast.sub, cast.stranger):
        subcontract_to(declare(company), cast.main)
    browser = cast.browser(cast.office)
    browser.get("/settings/tablets/new/")
    with at_most_queries(7):
        page = browser.get("/settings/tablets/new/").content.decode()

    assert page.count(f"Schoonmaak Voorbeeld · {cast.sub}") == 2
    assert page.count(f"Schoonmaak Voorbeeld · {cast.stranger}") == 2


@pytest.mark.parametrize("point", ["", "nonsense", "sub"])
def test_a_tablet_needs_a_place_of_ones_own(cast: Cast, works: Works, point: str) -> None:
    chosen = str(works.point(0, cast.sub).pk) if point == "sub" else point
    page = cast.browser(cast.office).post("/settings/tablets/new/", {"name": "Hall", "point": chosen})
    assert page.status_code == 200
    assert "field--wrong" in page.content.decode()
    assert terminals(cast) == []


def test_a_new_link_and_another_name(cast: Cast, works: Works) -> None:
    tablet, cookie = paired(cast.main, works.point(), now=timezone.now())
    browser = cast.browser(cast.office)

    shown = browser.post(f"/settings/tablets/{tablet.pk}/link/")
    assert pair_terminal(secret=secret_on(text(shown)), now=timezone.now()) != cookie
    browser.post(f"/settings/tablets/{tablet.pk}/", {"name": "Back door"})

    assert [one.name for one in terminals(cast)] == ["Back door"]


def test_revoking_asks_first(cast: Cast, works: Works) -> None:
    tablet, _cookie = paired(cast.main, works.point(), now=timezone.now())
    browser = cast.browser(cast.office)

    assert "Revoke the tablet Entrance?" in text(browser.get(f"/settings/tablets/{tablet.pk}/revoke/"))
    assert terminals(cast)[0].revoked_at is None
    browser.post(f"/settings/tablets/{tablet.pk}/revoke/")

    assert terminals(cast)[0].revoked_at is not None
    assert "can no longer register" in text(browser.get("/settings/tablets/"))
    assert "Make a new link" not in text(browser.get(f"/settings/tablets/{tablet.pk}/"))
    browser.post(f"/settings/tablets/{tablet.pk}/link/")
    assert terminals(cast)[0].link_hash is None


def test_others_have_no_such_tablet(cast: Cast, works: Works) -> None:
    tablet, _cookie = paired(cast.main, works.point(), now=timezone.now())
    for user, status in ((cast.auditor, 403), (cast.sub_office, 404), (cast.stranger_office, 404)):
        browser: Browser = cast.browser(user)
        assert browser.get(f"/settings/tablets/{tablet.pk}/").status_code == status
        assert browser.post(f"/settings/tablets/{tablet.pk}/link/").status_code == status
        assert browser.post(f"/settings/tablets/{tablet.pk}/revoke/").status_code == status
    assert terminals(cast)[0].revoked_at is None
