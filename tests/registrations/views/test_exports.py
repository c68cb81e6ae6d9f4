"""`/exports/`: the list, asking for one, fetching it."""

from datetime import timedelta
from typing import Any

import pytest

from ciao_portal.models import AuditEvent
from ciao_portal.retention import purge
from ciao_portal.tenancy import unscoped
from registrations.models import Export
from tests.cast import NOW, SSINS, Cast
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import rows, text
from tests.registrations.views.scene import set_clock

MONTH = {"first_day": "2026-11-01", "last_day": "2026-11-23"}


def file_of(response: Any) -> str:
    return b"".join(response.streaming_content).decode("utf-8-sig")


def only_export() -> Export:
    with unscoped(reason="a test looks at what was kept"):
        return Export.objects.get()


def test_the_month_in_one_go(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    response = browser.post("/exports/new/", MONTH, follow=True)
    export = only_export()
    assert response.redirect_chain == [(f"/exports/{export.pk}/registrations.csv", 302)]
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "registrations-2026-11-01-2026-11-23.csv" in response.headers["Content-Disposition"]
    lines = file_of(response).split("\r\n")
    assert len(lines) == 1 + 2 + 1
    assert '"Ada Voorbeeld";"85.07.30-•••.••"' in lines[1] + lines[2]
    event = AuditEvent.objects.get(action="export.made")
    assert (event.user, event.company) == (cast.office, cast.main)
    assert event.payload == {"firstDay": "2026-11-01", "lastDay": "2026-11-23", "fullNumbers": False}
    assert [row["data-id"] for row in rows(browser.get("/exports/"), "exports")] == [str(export.pk)]


def test_full_numbers_are_recorded_each_time(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    browser.post("/exports/new/", MONTH | {"has_full_numbers": "on", "has_machine_keys": "on"})
    address = f"/exports/{only_export().pk}/registrations.csv"
    for fetch in range(1, 3):
        content = file_of(browser.get(address))
        assert SSINS[0] in content
        assert SSINS[1] not in content
        events = AuditEvent.objects.filter(action="export.fetched")
        assert len(events) == fetch
        assert all(SSINS[0] not in str(event.payload) for event in events)
    assert cast.browser(cast.owner).get(address).status_code == 200
    assert cast.browser(cast.auditor).get(address).status_code == 403
    for other in (cast.sub_office, cast.stranger_office):
        assert cast.browser(other).get(address).status_code == 404


def test_an_auditor_cannot_ask_for_full_numbers(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.auditor)
    assert "has_full_numbers" not in browser.get("/exports/new/").content.decode()
    response = browser.post("/exports/new/", MONTH | {"has_full_numbers": "on"}, follow=True)
    assert not only_export().has_full_numbers
    assert SSINS[0] not in file_of(response)


@pytest.mark.parametrize(("first_day", "status"), [("2026-08-16", 302), ("2026-08-15", 200)])
def test_a_hundred_days_and_one_more(cast: Cast, morning: Morning, first_day: str, status: int) -> None:
    browser = cast.browser(cast.office)
    response = browser.post("/exports/new/", MONTH | {"first_day": first_day})
    assert response.status_code == status
    if status == 200:
        words = text(response)
        assert "These are 101 days; at most 100 calendar days fit." in words
        assert "2 parts cover the whole period." in words
        for part in ("2026-08-15/2026-10-03", "2026-10-04/2026-11-23"):
            assert f'value="{part}"' in response.content.decode()
            assert browser.post("/exports/new/", MONTH | {"part": part}).status_code == 302
        with unscoped(reason="a test looks at what was kept"):
            days = {(f"{one.first_day}", f"{one.last_day}") for one in Export.objects.all()}
        assert days == {("2026-08-15", "2026-10-03"), ("2026-10-04", "2026-11-23")}


def test_the_last_day_before_the_first_stays_as_typed(cast: Cast, morning: Morning) -> None:
    typed = {"first_day": "2026-11-20", "last_day": "2026-11-02", "employer": str(cast.sub.pk)}
    response = cast.browser(cast.office).post("/exports/new/", typed)
    assert response.context["form"].errors == {"last_day": ["The last day is before the first day."]}
    content = response.content.decode()
    assert 'value="2026-11-20"' in content
    assert 'value="2026-11-02"' in content
    assert f'<option value="{cast.sub.pk}" selected>' in content
    assert "parts cover" not in content


@pytest.mark.parametrize(
    "typed",
    [
        {"first_day": "soon"},
        {"first_day": ""},
        {"part": "x/y"},
        {"first_day": "0001-01-01"},
        {"employer": "stranger"},
    ],
)
def test_nonsense_is_refused_with_words(cast: Cast, morning: Morning, typed: dict[str, str]) -> None:
    ids = {"employer": str(cast.stranger.pk)} if "employer" in typed else {}
    response = cast.browser(cast.office).post("/exports/new/", MONTH | typed | ids)
    assert response.status_code == 200
    assert response.context["form"].errors
    with unscoped(reason="a test looks at what was kept"):
        assert not Export.objects.exists()


def test_days_and_choices_from_a_link(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    content = browser.get("/exports/new/").content.decode()
    assert 'value="2026-11-01"' in content
    assert 'value="2026-11-23"' in content
    link = f"first_day=2026-10-01&last_day=nonsense&employer={cast.sub.pk}"
    content = browser.get(f"/exports/new/?{link}").content.decode()
    assert 'value="2026-10-01"' in content
    assert 'value="2026-11-23"' in content
    assert f'<option value="{cast.sub.pk}" selected>' in content
    # Choosing other days keeps the employer.
    assert f"?employer={cast.sub.pk}&amp;first_day=2026-10-01&amp;last_day=2026-10-31" in content


def test_seven_days_later_it_has_run_out(
    cast: Cast, morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = cast.browser(cast.office)
    browser.post("/exports/new/", MONTH)
    export = only_export()
    address = f"/exports/{export.pk}/registrations.csv"
    set_clock(monkeypatch, NOW + timedelta(days=7, seconds=-1))
    assert browser.get(address).status_code == 200
    set_clock(monkeypatch, NOW + timedelta(days=7))
    response = browser.get(address, follow=True)
    assert "This export has run out. Ask for it again." in text(response)
    assert response.redirect_chain[0][0] == "/exports/new/?first_day=2026-11-01&last_day=2026-11-23"
    assert "run out" in text(browser.get("/exports/"))
    assert purge(now=NOW + timedelta(days=7)) == 0
    assert purge(now=NOW + timedelta(days=7, seconds=1)) == 1
    assert rows(browser.get("/exports/"), "exports") == []


def test_the_list_is_the_companys_own_and_needs_few_queries(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    for _time in range(5):
        browser.post("/exports/new/", MONTH)
    with at_most_queries(12):
        assert len(rows(browser.get("/exports/"), "exports")) == 5
    for other in (cast.sub_office, cast.stranger_office):
        assert rows(cast.browser(other).get("/exports/"), "exports") == []
    with at_most_queries(14):
        browser.get("/exports/new/")
