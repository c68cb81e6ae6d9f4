"""`/outages/`: the list, declaring, ending, adding, and the way to a dossier."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import unscoped
from registrations.models import Outage, OutageOrigin, Report, ReportKind
from tests.cast import NOW, Cast
from tests.queries import at_most_queries
from tests.registrations.dossiers.world import MINUTE, tried
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import rows, text
from tests.registrations.views.scene import set_clock

WISH = {"started_at": "2026-11-23T04:30", "ended_at": "", "note": "The router is broken."}


@pytest.fixture(autouse=True)
def clock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, NOW)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> None:
    settings.FILES_URL = str(tmp_path / "files")


def only_outage() -> Outage:
    with unscoped(reason="a test looks at what was kept"):
        return Outage.objects.select_related("declared_by").get()


def declared(cast: Cast) -> Outage:
    response = cast.browser(cast.office).post("/outages/new/", WISH)
    outage = only_outage()
    assert response.headers["Location"] == f"/outages/{outage.pk}/"
    return outage


def test_the_office_declares_in_belgian_time(cast: Cast) -> None:
    outage = declared(cast)
    assert outage.started_at.isoformat() == "2026-11-23T03:30:00+00:00"
    assert (outage.company, outage.declared_by, outage.ended_at) == (cast.main, cast.office, None)
    words = text(cast.browser(cast.auditor).get(f"/outages/{outage.pk}/"))
    assert "The router is broken." in words
    assert "Goes on" in words
    assert "End it" not in words


def test_what_was_typed_stays_when_it_is_refused(cast: Cast) -> None:
    wish = WISH | {"started_at": "2026-11-23T05:30", "ended_at": "2026-11-23T05:00"}
    page = cast.browser(cast.office).post("/outages/new/", wish)
    assert page.context["form"].errors == {"ended_at": ["The end is not after the start. Check both times."]}
    content = page.content.decode()
    assert 'value="2026-11-23T05:30"' in content
    assert "The router is broken." in content
    page = cast.browser(cast.office).post("/outages/new/", WISH | {"started_at": "soon", "note": " "})
    assert page.context["form"].errors == {
        "started_at": ["Give day and time, such as 23/11/2026 06:02."],
        "note": ["Write in a sentence what happened."],
    }


def test_the_hour_that_comes_twice_is_asked_about(cast: Cast) -> None:
    browser = cast.browser(cast.office)
    assert "Which of the two hours?" not in text(browser.get("/outages/new/"))
    wish = WISH | {"started_at": "2026-10-25T02:30", "ended_at": "2026-10-25T05:00"}
    page = browser.post("/outages/new/", wish)
    assert page.context["form"].errors == {"started_at_hour": ["Say which of the two hours you mean."]}
    assert "Which of the two hours?" in text(page)
    assert browser.post("/outages/new/", wish | {"started_at_hour": "1"}).status_code == 302
    assert only_outage().started_at.isoformat() == "2026-10-25T01:30:00+00:00"


def test_an_hour_that_does_not_exist(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, NOW.replace(month=4))
    page = cast.browser(cast.office).post("/outages/new/", WISH | {"started_at": "2026-03-29T02:30"})
    (words,) = page.context["form"].errors["started_at"]
    assert "This time does not exist" in words


def test_ended_and_added_to(cast: Cast) -> None:
    outage = declared(cast)
    browser = cast.browser(cast.owner)
    browser.post(f"/outages/{outage.pk}/add/", {"text": "A new router came."})
    page = browser.post(f"/outages/{outage.pk}/end/", {"ended_at": "23/11/2026 05:45"}, follow=True)
    words = text(page)
    assert "A new router came." in words
    assert "1 h 15 min" in words
    page = browser.post(f"/outages/{outage.pk}/end/", {"ended_at": "23/11/2026 05:50"})
    assert "This outage has ended already." in text(page)
    assert {event.user for event in AuditEvent.objects.filter(action__startswith="outage.")} == {
        cast.office,
        cast.owner,
    }


def test_the_list_is_the_companys_own_and_needs_few_queries(cast: Cast) -> None:
    declared(cast)
    with unscoped(reason="a test writes what the portal found"):
        for place in range(4):
            Outage.objects.create(
                company=cast.main,
                origin=OutageOrigin.FOUND,
                started_at=NOW - timedelta(days=place + 1),
                ended_at=NOW - timedelta(days=place + 1) + 20 * MINUTE,
                reason="timeout" if place else "",
                recorded_at=NOW,
            )
    browser = cast.browser(cast.auditor)
    with at_most_queries(12):
        page = browser.get("/outages/")
    assert len(rows(page, "outages")) == 5
    words = text(page)
    assert "no answer in time" in words
    assert "nothing could be sent" in words
    assert "Declare an outage" not in words
    assert 'href="/outages/dossier/"' in page.content.decode()
    assert len(rows(browser.get("/outages/?state=open"), "outages")) == 1
    assert len(rows(browser.get("/outages/?origin=found&since=2026-11-21"), "outages")) == 2
    csv = b"".join(browser.get("/outages/?format=csv")).decode("utf-8-sig")
    assert "23/11/2026 04:30" in csv
    for other in (cast.sub_office, cast.stranger_office):
        assert rows(cast.browser(other).get("/outages/"), "outages") == []


def test_the_dossier_starts_from_the_days_of_the_outage(cast: Cast) -> None:
    outage = declared(cast)
    link = "/outages/dossier/?first_day=2026-11-23&amp;last_day=2026-11-23"
    browser = cast.browser(cast.auditor)
    assert link in browser.get(f"/outages/{outage.pk}/").content.decode()
    assert 'value="2026-11-23"' in browser.get(link.replace("&amp;", "&")).content.decode()
    wish = {"first_day": "2026-11-23", "last_day": "2026-11-23", "language": "fr"}
    response = browser.post("/outages/dossier/", wish)
    with unscoped(reason="a test looks at what was asked for"):
        report = Report.objects.get()
    assert response.headers["Location"] == f"/reports/{report.pk}/"
    assert (report.kind, report.language, report.declaration_id) == (ReportKind.OUTAGES, "fr", None)
    page = browser.get(f"/reports/{report.pk}/")
    assert "Outage dossier" in text(page)
    assert len(rows(browser.get("/reports/"), "reports")) == 1
    assert browser.get(f"/reports/{report.pk}/presence-report.pdf").status_code == 404


def test_a_hundred_and_one_days_are_offered_in_parts(cast: Cast) -> None:
    wish = {"first_day": "2026-08-15", "last_day": "2026-11-23", "language": "en"}
    page = cast.browser(cast.office).post("/outages/dossier/", wish)
    assert "These are 101 days" in text(page)
    assert 'value="2026-08-15/2026-10-03"' in page.content.decode()
    response = cast.browser(cast.office).get("/outages/attempts.csv", {"first_day": "2026-08-15"})
    assert response.headers["Location"] == "/outages/dossier/"


def test_the_attempts_as_csv(cast: Cast, morning: Morning) -> None:
    trace = tried(morning.of_ada, morning.of_bea, at=NOW - 50 * MINUTE)
    wish = {"first_day": "2026-11-23", "last_day": "2026-11-23", "language": "en", "csv": "1"}
    browser = cast.browser(cast.auditor)
    response = browser.post("/outages/dossier/", wish, follow=True)
    content = b"".join(response).decode("utf-8-sig")
    header, *lines = content.splitlines()
    assert header.startswith('"Attempt";"What was tried, and the answer";')
    assert len(lines) == 2
    assert all(trace in line for line in lines)
    assert '"Ada Voorbeeld"' in content
    assert "Bea" not in content
    event = AuditEvent.objects.get(action="outage.attempts_fetched")
    assert (event.company, event.user, event.payload["firstDay"]) == (cast.main, cast.auditor, "2026-11-23")
    with at_most_queries(120):
        b"".join(browser.get("/outages/attempts.csv", wish))
