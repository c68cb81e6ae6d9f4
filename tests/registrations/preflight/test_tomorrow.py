"""Who is expected tomorrow, what is found, and the page that says so."""

from datetime import date, timedelta

import pytest

from ciao_portal.days import brussels_day
from ciao_portal.models import Company, Person
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Declaration
from registrations.models import Employment
from registrations.preflight.tomorrow import Preflight, preflight_of
from registrations.rules.presence import Kind
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.phone.afterwards import words
from tests.registrations.views.scene import set_clock
from tests.works import Works, declare, subcontract_to, tap

pytestmark = pytest.mark.django_db
TODAY = brussels_day(NOW)
TOMORROW = TODAY + timedelta(days=1)
PAGE = "/workers/tomorrow/"


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


def worked(
    works: Works, person: Person, *days_ago: int, employer: Company | None = None, hours: int = 4
) -> None:
    for days in sorted(days_ago, reverse=True):
        at = NOW - timedelta(days=days)
        tap(works, person, now=at, employer=employer)
        tap(works, person, Kind.OUT, now=at + timedelta(hours=hours), employer=employer)


def looked(company: Company) -> Preflight:
    with company_scope(company):
        return preflight_of(company, day=TOMORROW, now=NOW)


def found(company: Company) -> list[tuple[str, int, bool]]:
    return [(one.check.key, one.people, one.is_usual) for one in looked(company).troubles]


def test_usual_people_and_those_who_came_lately(cast: Cast, works: Works) -> None:
    usual, lately = (make_worker(cast.main, ssin).person for ssin in SSINS[:2])
    # Tomorrow is a Tuesday: 6 and 13 days ago it was one, too.
    worked(works, usual, 6, 13)
    worked(works, lately, 3, 13)
    assert found(cast.main) == [("means-missing", 1, True), ("means-missing", 1, False)]
    seen = looked(cast.main)
    assert (seen.expected, seen.usual) == (2, 1)


def test_whoever_left_or_came_long_ago_is_not_expected(cast: Cast, works: Works) -> None:
    left, gone = (make_worker(cast.main, ssin) for ssin in SSINS[:2])
    worked(works, left.person, 6, 13)
    worked(works, gone.person, 40)
    with company_scope(cast.main):
        Employment.objects.filter(pk=left.pk).update(ends_on=TODAY - timedelta(days=6))
    assert found(cast.main) == []
    # Who registered after the last day is a riddle to be solved.
    worked(works, left.person, 2)
    assert [key for key, _people, _usual in found(cast.main)] == ["employment-missing"]


def test_a_declaration_stands_once_with_its_people(cast: Cast, works: Works) -> None:
    for ssin in SSINS[:2]:
        worked(works, make_worker(cast.main, ssin).person, 6, 13)
    with unscoped(reason="a test ends the works"):
        Declaration.objects.update(ends_on=TODAY)
    keys = {(key, people) for key, people, _usual in found(cast.main)}
    assert ("works-not-running", 2) in keys


def test_people_of_a_firm_outside_the_chain(cast: Cast, works: Works) -> None:
    worker = make_worker(cast.sub, SSINS[0])
    worked(works, worker.person, 6, 13, employer=cast.sub)
    assert found(cast.main) == [("chain-missing", 1, True)]
    subcontract_to(works, cast.sub)
    assert found(cast.main) == []
    assert found(cast.stranger) == []


def test_two_employers_at_the_same_hours(cast: Cast, works: Works) -> None:
    subcontract_to(works, cast.sub)
    worker = make_worker(cast.sub, SSINS[0])
    with company_scope(cast.main):
        Employment.objects.create(
            company=cast.main,
            person=worker.person,
            first_name="Ada",
            last_name="Voorbeeld",
            starts_on=date(2026, 1, 1),
        )
    for days in (6, 13):
        worked(works, worker.person, days)
        worked(works, worker.person, days, employer=cast.sub, hours=2)
    keys = [key for key, _people, _usual in found(cast.main)]
    assert keys.count("two-employers") == 2
    # The sub does not learn for whom else somebody works.
    assert "two-employers" not in [key for key, _people, _usual in found(cast.sub)]


def test_dimona_is_missed_only_where_it_is_written_down(cast: Cast, works: Works) -> None:
    one, other = (make_worker(cast.main, ssin) for ssin in SSINS[:2])
    worked(works, one.person, 6, 13)
    worked(works, other.person, 6, 13)
    assert "dimona-missing" not in [key for key, _people, _usual in found(cast.main)]
    with company_scope(cast.main):
        Employment.objects.filter(pk=one.pk).update(dimona_number="123456789012")
    assert [key for key, _people, _usual in found(cast.main)].count("dimona-missing") == 1


def test_the_page_leads_to_the_way_out(cast: Cast, works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = make_worker(cast.main, SSINS[0])
    worked(works, worker.person, 6, 13)
    set_clock(monkeypatch, NOW)
    browser = cast.browser(cast.office)
    page = browser.get(PAGE)
    shown = words(page)
    assert "Tue 24 Nov 2026" in shown
    assert "No phone and no card" in shown
    assert "usually on this day" in shown
    assert f"/workers/{worker.pk}/" in page.content.decode()
    assert "Nothing would go wrong" in words(browser.get(f"{PAGE}?kind=two-employers"))
    # Nothing of it for anybody else.
    assert "Voorbeeld" not in words(cast.browser(cast.stranger_office).get(PAGE))


def test_few_queries_however_many_people(cast: Cast, works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    for ssin in SSINS[:4]:
        worked(works, make_worker(cast.main, ssin).person, 6, 13)
    set_clock(monkeypatch, NOW)
    with company_scope(cast.main), at_most_queries(7):
        preflight_of(cast.main, day=TOMORROW, now=NOW)
    browser = cast.browser(cast.office)
    with at_most_queries(22):
        browser.get(PAGE)
