"""Days compared with the NSSO: the list, a day with every difference, and the CSV of it."""

from datetime import timedelta

import pytest

from ciao_portal.tenancy import company_scope
from registrations.models import Submission
from registrations.models.nsso import SubmissionState
from registrations.services.reconciling import keep_comparison
from registrations.views import reconciliation
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import rows, text
from tests.registrations.views.scene import accepted, elsewhere, remark_on
from tests.works import tap

LIST = "/registrations/reconciliation/"
DAY = f"{LIST}2026-11-23/"
CSV = f"{DAY}differences.csv"


@pytest.fixture
def day(cast: Cast, morning: Morning) -> Morning:
    """Ada's registration is on both sides, Bea's was refused, and Carol registered on the NSSO's own page."""
    accepted(morning.of_ada, nsso_id=17)
    Submission.objects.filter(registration=morning.of_bea).update(state=SubmissionState.REFUSED, due_at=None)
    presence = elsewhere(morning.of_bea, nsso_id=900, at=NOW - timedelta(minutes=30))
    presence.person = make_worker(cast.sub, SSINS[2], "Carol", "Elders").person
    presence.save()
    remark_on(presence, "missingOut")
    return morning


def test_a_day_tells_each_difference_and_what_to_do(cast: Cast, day: Morning) -> None:
    browser = cast.browser(cast.auditor)
    browser.get(DAY)
    with at_most_queries(19):
        answer = browser.get(DAY)
    page = text(answer)
    assert "Mon 23 Nov 2026" in page
    assert "Registered here 2 At the NSSO 2 On both sides 1" in page
    assert "Refused by the NSSO 1 only here" in page
    assert "Registered elsewhere 1 only at the NSSO" in page
    assert "Nothing to do: it was registered on the NSSO's own page" in page
    assert "Carol" not in page
    html = answer.content.decode()
    assert f"/registrations/{day.of_bea.pk}/" in html
    assert "/remarks/" in html.partition('id="part-elsewhere"')[2]


def test_the_subcontractor_sees_its_own_side_with_names(cast: Cast, day: Morning) -> None:
    page = text(cast.browser(cast.sub_office).get(DAY))
    assert "Registered here 1 At the NSSO 1 On both sides 0" in page
    assert "Carol Elders" in page


def test_a_stranger_sees_an_empty_day(cast: Cast, day: Morning) -> None:
    page = text(cast.browser(cast.stranger_office).get(DAY))
    assert "Nothing on either side" in page
    assert "Voorbeeld" not in page


def test_a_day_without_differences_says_so(cast: Cast, morning: Morning) -> None:
    accepted(morning.of_ada, nsso_id=17)
    accepted(morning.of_bea, nsso_id=18)
    page = cast.browser(cast.office).get(DAY)
    assert "Both sides are the same" in text(page)
    assert "differences.csv" not in page.content.decode()


def test_the_page_shows_the_first_rows_and_the_file_has_all(
    cast: Cast, day: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciliation, "SHOWN", 2)
    for number in range(5):
        tap(day.works, day.ada.person, now=NOW - timedelta(minutes=5 * number + 5))
    browser = cast.browser(cast.office)
    assert "3 more stand in the CSV." in text(browser.get(DAY))
    lines = b"".join(browser.get(CSV)).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 5 + 2
    assert lines[0].startswith('"Reason";"What to do";"Time"')
    assert not any(SSINS[0] in line for line in lines)
    assert any('"Ada Voorbeeld"' in line for line in lines)


@pytest.mark.parametrize("day", ["2026-11-24", "2026-13-40", "yesterday"])
def test_days_to_come_and_nonsense_are_not_found(cast: Cast, morning: Morning, day: str) -> None:
    browser = cast.browser(cast.office)
    assert browser.get(f"{LIST}{day}/").status_code == 404
    assert browser.get(f"{LIST}{day}/differences.csv").status_code == 404


def test_the_list_of_days_leads_to_each(cast: Cast, day: Morning) -> None:
    for company in (cast.main, cast.sub):
        with company_scope(company):
            keep_comparison(company=company, day=day.of_ada.happened_day, now=NOW)
    browser = cast.browser(cast.auditor)
    page = browser.get(LIST)
    assert len(rows(page, "reconciliation")) == 1
    words = text(page)
    assert "1 refused" in words
    assert "1 registered elsewhere" in words
    assert "Differences open" in words
    assert DAY in page.content.decode()
    assert rows(browser.get(f"{LIST}?state=settled"), "reconciliation") == []
    assert len(rows(browser.get(f"{LIST}?state=open&from_day=2026-11-23"), "reconciliation")) == 1
    csv = b"".join(browser.get(f"{LIST}?format=csv")).decode("utf-8-sig")
    assert "1 refused" in csv
    stranger = cast.browser(cast.stranger_office).get(LIST)
    assert "No day compared yet" in text(stranger)
