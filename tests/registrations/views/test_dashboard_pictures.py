"""The pictures of the first page and the tables behind them; papers of workers."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from ciao_portal.tenancy import company_scope
from declarations.models import Workplace
from registrations.models import Employment
from registrations.models.workers import WorkerStatus
from registrations.rules.presence import Kind
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import links, rows, text
from tests.registrations.views.scene import accepted, remark_on
from tests.works import tap


def put_on_the_plan(place: Workplace, latitude: str, longitude: str) -> None:
    with company_scope(place.company):
        Workplace.objects.filter(pk=place.pk).update(latitude=Decimal(latitude), longitude=Decimal(longitude))


def test_no_plan_without_coordinates(cast: Cast, morning: Morning) -> None:
    assert "plan__dot" not in cast.browser(cast.office).get("/").content.decode()


def test_the_plan_shows_who_is_where_and_names_the_rest(cast: Cast, morning: Morning) -> None:
    put_on_the_plan(morning.works.workplaces[0], "51.05", "3.72")
    page = cast.browser(cast.office).get("/")
    html = page.content.decode()
    assert re.findall(r"<title>(Gebouw[^<]+)</title>", html) == ["Gebouw 1: 1 on site since 05:02"]
    assert 'cx="180.0"' in html
    assert "Without coordinates: Gebouw 2." in text(page)
    # A picture's figures keep their point in every language.
    cast.office.language = "nl"
    cast.office.save(update_fields=["language"])
    assert 'cx="180.0"' in cast.browser(cast.office).get("/").content.decode()


def test_the_plan_of_a_firm_in_the_chain_shows_its_own_people_only(cast: Cast, morning: Morning) -> None:
    for place in morning.works.workplaces:
        put_on_the_plan(place, "51.05", "3.72")
    assert "Gebouw 1:" not in cast.browser(cast.sub_office).get("/").content.decode()


def test_remarks_by_week_and_kind(cast: Cast, morning: Morning) -> None:
    for number, (days_ago, code) in enumerate(
        [(0, "dimonaNotFound"), (7, "dimonaNotFound"), (7, "missingOut"), (100, "missingOut")]
    ):
        then = NOW - timedelta(days=days_ago)
        registration = tap(morning.works, morning.ada.person, now=then).registration
        remark_on(accepted(registration, nsso_id=100 + number), code)
    page = cast.browser(cast.office).get("/")
    table = page.content.decode().partition('id="live-trend-table"')[2].partition("</details>")[0]
    figures = [
        re.findall(r'data-label="[^"]+">(\d+)<', line)
        for line in re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    ]
    assert [line[-2:] for line in figures[1:]] == [["2", "1"], ["1", "1"], ["1", "0"]]
    assert all(len(line) == 12 for line in figures[1:])
    (url,) = links(page, "live-trend-1")
    assert len(rows(cast.browser(cast.office).get(url), "remarks")) == 2
    assert 'id="live-trend-1"' not in cast.browser(cast.stranger_office).get("/").content.decode()


def test_the_hours_stand_in_a_table_too(cast: Cast, morning: Morning) -> None:
    assert "05:00–06:00 2" in text(cast.browser(cast.office).get("/"))


TODAY = NOW.date()


@pytest.mark.parametrize(
    ("facts", "papers", "counted"),
    [
        ({"status": WorkerStatus.POSTED}, "limosa", 1),
        ({"status": WorkerStatus.POSTED, "limosa_number": "L1-1"}, "limosa", 0),
        ({"status": WorkerStatus.POSTED, "ends_on": TODAY - timedelta(days=1)}, "limosa", 0),
        ({"status": WorkerStatus.POSTED, "ends_on": TODAY}, "limosa", 1),
        # The company's file holds no Dimona number of Ada either.
        ({"status": WorkerStatus.EMPLOYEE, "dimona_number": "1"}, "dimona", 1),
        ({"status": WorkerStatus.TEMPORARY, "dimona_number": "1"}, "dimona", 1),
    ],
)
def test_papers_of_workers_lead_to_exactly_those(
    cast: Cast, morning: Morning, facts: dict[str, object], papers: str, counted: int
) -> None:
    worker = make_worker(cast.main, SSINS[3], "Nela", "Voorbeeld")
    with company_scope(cast.main):
        Employment.objects.filter(pk=worker.pk).update(**facts)
    browser = cast.browser(cast.office)
    found = links(browser.get("/"), f"live-{papers}")
    assert found == ([f"/workers/?papers={papers}"] if counted else [])
    assert len(rows(browser.get(f"/workers/?papers={papers}"), "workers")) == counted


def test_papers_nobody_keeps_are_not_missed(cast: Cast, morning: Morning) -> None:
    page = text(cast.browser(cast.office).get("/"))
    assert "Dimona number" not in page
    assert "Limosa number" not in page


def test_a_full_page_needs_few_queries(cast: Cast, morning: Morning) -> None:
    for place in morning.works.workplaces:
        put_on_the_plan(place, "51.05", "3.72")
    for index in range(12):
        then = NOW - timedelta(days=index + 1)
        registration = tap(morning.works, morning.ada.person, Kind.IN, now=then).registration
        remark_on(accepted(registration, nsso_id=500 + index))
    browser = cast.browser(cast.owner)
    with at_most_queries(15):
        assert browser.get("/").status_code == 200
