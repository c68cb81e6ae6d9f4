"""`/reports/`: asking, waiting, opening."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from ciao_portal import files
from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import unscoped
from registrations.models import Report, ReportState
from registrations.reports.rendering import Document
from registrations.reports.services import WAITING_LIMIT, claim, finish
from tests.cast import NOW, Cast
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import rows, text
from tests.registrations.views.scene import set_clock

PDF = b"%PDF-1.7 what the worker made"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.FILES_URL = str(tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def asked(cast: Cast, morning: Morning) -> Report:
    """Asked for through the page by the office, not made yet."""
    response = cast.browser(cast.office).post("/reports/new/", wish(morning))
    report = only_report()
    assert response.headers["Location"] == f"/reports/{report.pk}/"
    return report


def wish(morning: Morning) -> dict[str, str]:
    return {
        "declaration": str(morning.works.declaration.pk),
        "first_day": "2026-11-01",
        "last_day": "2026-11-23",
        "language": "fr",
    }


def only_report() -> Report:
    with unscoped(reason="a test looks at what was kept"):
        return Report.objects.get()


def made(report: Report) -> Report:
    claimed = claim(report.pk, now=NOW)
    assert claimed is not None
    assert finish(claimed, Document(PDF, 3), now=NOW)
    return claimed


def test_the_page_waits_and_then_shows_it(cast: Cast, asked: Report) -> None:
    assert (asked.language, asked.requested_by, asked.company) == ("fr", cast.office, cast.main)
    browser = cast.browser(cast.office)
    page = browser.get(f"/reports/{asked.pk}/")
    content = page.content.decode()
    assert "The report is being made." in text(page)
    assert f'hx-get="/reports/{asked.pk}/" hx-trigger="every 2s"' in content
    assert '<meta http-equiv="refresh" content="5">' in content
    assert "presence-report.pdf" not in content
    assert browser.get(f"/reports/{asked.pk}/presence-report.pdf").status_code == 404
    made(asked)
    page = browser.get(f"/reports/{asked.pk}/")
    content = page.content.decode()
    assert "The report is ready." in text(page)
    assert f'href="/reports/{asked.pk}/presence-report.pdf"' in content
    assert 'hx-trigger="every' not in content
    assert "http-equiv" not in content


def test_every_role_of_the_company_opens_it_and_that_is_recorded(cast: Cast, asked: Report) -> None:
    made(asked)
    address = f"/reports/{asked.pk}/presence-report.pdf"
    for user in (cast.auditor, cast.office, cast.owner):
        response = cast.browser(user).get(address)
        assert response.content == PDF
        assert response.headers["Content-Type"] == "application/pdf"
        name = "presence-report-2026-11-01-2026-11-23.pdf"
        assert response.headers["Content-Disposition"] == f'inline; filename="{name}"'
        assert "no-store" in response.headers["Cache-Control"]
    opened = AuditEvent.objects.filter(action="report.opened", subject_id=str(asked.pk))
    assert {event.user for event in opened} == {cast.auditor, cast.office, cast.owner}
    for other in (cast.sub_office, cast.stranger_office):
        assert cast.browser(other).get(address).status_code == 404
        assert cast.browser(other).get(f"/reports/{asked.pk}/").status_code == 404
    assert opened.count() == 3


def test_a_failure_is_shown_with_a_way_out(cast: Cast, asked: Report) -> None:
    browser = cast.browser(cast.office)
    with unscoped(reason="a test lets it fail"):
        Report.objects.update(state=ReportState.FAILED)
    page = browser.get(f"/reports/{asked.pk}/")
    assert "The report could not be made." in text(page)
    assert "hx-trigger" not in page.content.decode().partition('id="report"')[2].partition("notice")[0]
    response = browser.post(f"/reports/{asked.pk}/retry/", follow=True)
    assert "The report is being made once more." in text(response)
    assert only_report().state == ReportState.WAITING


def test_one_the_queue_lost_can_be_asked_for_again(
    cast: Cast, asked: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = cast.browser(cast.office)
    early = browser.post(f"/reports/{asked.pk}/retry/", follow=True)
    assert "This report is ready, or being made already." in text(early)
    set_clock(monkeypatch, NOW + WAITING_LIMIT)
    page = browser.get(f"/reports/{asked.pk}/")
    assert "This takes longer than it should." in text(page)
    assert f'action="/reports/{asked.pk}/retry/"' in page.content.decode()


def test_after_seven_days_it_is_gone(cast: Cast, asked: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    made(asked)
    browser = cast.browser(cast.office)
    set_clock(monkeypatch, NOW + timedelta(days=7))
    page = browser.get(f"/reports/{asked.pk}/")
    assert "This report has run out and can no longer be read." in text(page)
    assert f"declaration={asked.declaration_id}&amp;first_day=2026-11-01" in page.content.decode()
    assert browser.get(f"/reports/{asked.pk}/presence-report.pdf").status_code == 404


def test_a_file_that_vanished_is_not_found(cast: Cast, asked: Report) -> None:
    files.delete(made(asked).file_name)
    response = cast.browser(cast.office).get(f"/reports/{asked.pk}/presence-report.pdf")
    assert response.status_code == 404


def test_only_declarations_one_may_see(cast: Cast, morning: Morning) -> None:
    pk = morning.works.declaration.pk
    assert f'value="{pk}"' in cast.browser(cast.sub_office).get("/reports/new/").content.decode()
    browser = cast.browser(cast.stranger_office)
    assert f'value="{pk}"' not in browser.get(f"/reports/new/?declaration={pk}").content.decode()
    response = browser.post("/reports/new/", wish(morning))
    assert response.context["form"].errors == {"declaration": ["Choose one of the declarations in the list."]}


def test_a_hundred_and_one_days_are_offered_in_parts(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    response = browser.post("/reports/new/", wish(morning) | {"first_day": "2026-08-15"})
    assert "These are 101 days" in text(response)
    assert 'value="2026-08-15/2026-10-03"' in response.content.decode()
    response = browser.post("/reports/new/", wish(morning) | {"part": "2026-08-15/2026-10-03"})
    assert response.status_code == 302
    report = only_report()
    assert (f"{report.first_day}", f"{report.last_day}") == ("2026-08-15", "2026-10-03")


def test_the_form_starts_from_a_link_and_the_companys_language(cast: Cast, morning: Morning) -> None:
    pk = morning.works.declaration.pk
    content = cast.browser(cast.office).get(f"/reports/new/?declaration={pk}").content.decode()
    assert f'<option value="{pk}" selected>' in content
    assert '<option value="nl" selected>' in content
    assert cast.browser(cast.office).get("/reports/new/?declaration=x").status_code == 200


def test_the_list_is_the_companys_own_and_needs_few_queries(cast: Cast, asked: Report) -> None:
    for _time in range(4):
        made(asked_again(asked))
    browser = cast.browser(cast.auditor)
    with at_most_queries(12):
        assert len(rows(browser.get("/reports/"), "reports")) == 5
    for other in (cast.sub_office, cast.stranger_office):
        assert rows(cast.browser(other).get("/reports/"), "reports") == []


def asked_again(report: Report) -> Report:
    copy = Report(
        company=report.company,
        declaration=report.declaration,
        requested_by=report.requested_by,
        requested_at=report.requested_at,
        first_day=report.first_day,
        last_day=report.last_day,
        language=report.language,
        expires_at=report.expires_at,
    )
    copy.save(force_insert=True)
    return copy
