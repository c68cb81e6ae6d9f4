"""`/chain-gaps/`, the part on the pages of works and firms, and the chain day by day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ciao_portal.audit import Actor
from ciao_portal.models import Company, Person
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import RegistrationMeans, Subcontract
from declarations.services.agreed_means import agree_means, withdraw_means
from declarations.services.chain import add_subcontract, end_subcontract
from registrations.models import ExpectedDays, Registration
from registrations.services.registering import register
from registrations.services.terminals import revoke_terminal
from tests.cast import NOW, SSINS, Cast, make_worker, person
from tests.queries import at_most_queries
from tests.registrations.views.pages import Page, rows, text
from tests.registrations.views.scene import accepted, elsewhere, remark_on, set_clock
from tests.tablets import add
from tests.works import Works, declare, tap, tap_at

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
GAPS = "/chain-gaps/"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Monday 23 November, 07:02 in Brussels."""
    set_clock(monkeypatch, NOW + timedelta(hours=1))


def chain_of_three(cast: Cast, *, has_clause: bool = True) -> Works:
    """Main declares, Sub works below it, Subsub below that."""
    works = declare(cast.main)
    sub = place(works, cast.sub, has_clause=has_clause)
    place(works, cast.subsub, below=sub, has_clause=has_clause)
    return works


def place(
    works: Works, company: Company, *, below: Subcontract | None = None, has_clause: bool = True
) -> Subcontract:
    declarer = works.declaration.company
    with company_scope(declarer):
        return add_subcontract(
            declaration=works.declaration,
            enterprise_number=company.enterprise_number or "",
            name=company.name,
            parent=below,
            has_clause=has_clause,
            contact_email="planning@sub.example",
            actor=Actor(declarer),
            now=NOW,
        )


def registered(works: Works, company: Company, *, days_ago: int = 0, ssin: str = SSINS[1]) -> Registration:
    """Somebody of the company starts at 06:02 on that day."""
    now = NOW - timedelta(days=days_ago)
    return tap(works, person(ssin), now=now, employer=company).registration


def kinds(page: Page) -> list[tuple[str, str]]:
    """Kind and company of each row."""
    return [(str(row["data-kind"]), str(row["data-id"]).split(":")[2]) for row in rows(page, "chain-gaps")]


def test_every_kind_on_one_page(cast: Cast) -> None:
    works = chain_of_three(cast, has_clause=False)
    for weeks in (1, 2, 3):
        registered(works, cast.sub, days_ago=7 * weeks)
    registered(works, cast.stranger, ssin=SSINS[2])
    page = cast.browser(cast.auditor).get(GAPS)
    assert kinds(page) == [
        ("not_in_chain", str(cast.stranger.pk)),
        ("silent", str(cast.sub.pk)),
        ("clause_missing", str(cast.subsub.pk)),
        ("clause_missing", str(cast.sub.pk)),
        ("means_missing", str(cast.subsub.pk)),
    ]
    words = text(page)
    assert "1 registration. Nobody declared it here." in words
    assert "registered by 06:02 on 3 of the last four same days of the week" in words
    # An auditor reads; nothing is offered that it may not do.
    assert "Write a reminder" not in words
    assert "Write a reminder" in text(cast.browser(cast.office).get(GAPS))


def test_each_company_sees_what_is_below_it(cast: Cast) -> None:
    chain_of_three(cast, has_clause=False)
    below = {("clause_missing", str(cast.subsub.pk)), ("means_missing", str(cast.subsub.pk))}
    assert set(kinds(cast.browser(cast.sub_office).get(GAPS))) == below
    assert rows(cast.browser(cast.stranger_office).get(GAPS), "chain-gaps") == []
    assert "No gaps in these days" in text(cast.browser(cast.stranger_office).get(GAPS))


def test_what_is_agreed_in_writing_is_not_missing(cast: Cast) -> None:
    works = chain_of_three(cast)
    with company_scope(cast.main):
        below = Subcontract.objects.get(declaration=works.declaration, company=cast.subsub)
        agreed = agree_means(
            subcontract=below,
            means=RegistrationMeans.OWN_SYSTEM,
            system="Prikklok",
            agreed_on=NOW.date(),
            actor=Actor(cast.main),
            now=NOW,
        )
    missing = ("means_missing", str(cast.subsub.pk))
    for user in (cast.office, cast.sub_office):
        assert missing not in kinds(cast.browser(user).get(GAPS))
    with company_scope(cast.main):
        withdraw_means(agreed=agreed, actor=Actor(cast.main), now=NOW)
    assert missing in kinds(cast.browser(cast.office).get(GAPS))


def test_a_figure_leads_to_exactly_its_rows(cast: Cast) -> None:
    works = chain_of_three(cast, has_clause=False)
    here = f"{GAPS}?declaration={works.declaration.pk}"
    browser = cast.browser(cast.office)
    assert len(kinds(browser.get(here))) == 4
    assert len(kinds(browser.get(f"{here}&kind=clause_missing"))) == 2
    assert kinds(browser.get(f"{here}&kind=clause_missing&company={cast.sub.pk}")) == [
        ("clause_missing", str(cast.sub.pk))
    ]
    assert "Nothing fits these filters" in text(browser.get(f"{here}&kind=silent"))


def test_a_filter_is_shown_as_chosen_and_as_no_error(cast: Cast) -> None:
    works = chain_of_three(cast, has_clause=False)
    page = cast.browser(cast.office).get(
        f"{GAPS}?declaration={works.declaration.pk}&kind=clause_missing&company={cast.sub.pk}"
    )
    html = page.content.decode()
    assert "field__errors" not in html
    for chosen in (works.declaration.pk, "clause_missing", cast.sub.pk):
        assert f'<option value="{chosen}" selected>' in html


def test_what_is_chosen_stays_when_nothing_of_it_is_left(cast: Cast) -> None:
    registered(chain_of_three(cast), cast.sub)
    browser = cast.browser(cast.office)
    assert str(cast.sub.pk) not in [company for _kind, company in kinds(browser.get(GAPS))]
    page = browser.get(f"{GAPS}?company={cast.sub.pk}")
    assert kinds(page) == []
    assert f'<option value="{cast.sub.pk}" selected>' in page.content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("first_day=2026-10-01&last_day=2026-11-23", "These are 54 days; at most 31 calendar days fit."),
        ("first_day=2026-11-23&last_day=2026-11-20", "The last day is before the first day."),
        ("first_day=soon", "Enter a valid date."),
    ],
)
def test_days_that_do_not_fit_are_said_and_the_week_is_shown(cast: Cast, query: str, words: str) -> None:
    chain_of_three(cast, has_clause=False)
    page = cast.browser(cast.office).get(f"{GAPS}?{query}")
    assert words in text(page)
    assert len(kinds(page)) == 4


def test_the_days_narrow_what_was_registered(cast: Cast) -> None:
    works = chain_of_three(cast)
    registered(works, cast.stranger, days_ago=10)
    browser = cast.browser(cast.office)
    shown = [kind for kind, _company in kinds(browser.get(GAPS))]
    assert "not_in_chain" not in shown
    page = browser.get(f"{GAPS}?first_day=2026-11-10&last_day=2026-11-14")
    assert ("not_in_chain", str(cast.stranger.pk)) in kinds(page)


def test_what_the_nsso_shows_counts_as_registered_and_as_a_gap(cast: Cast) -> None:
    works = chain_of_three(cast)
    for weeks in (1, 2, 3):
        first = registered(works, cast.sub, days_ago=7 * weeks)
    of_stranger = registered(works, cast.stranger, days_ago=20, ssin=SSINS[2])
    elsewhere(of_stranger, nsso_id=9, at=NOW - timedelta(days=1))
    browser = cast.browser(cast.office)
    assert ("silent", str(cast.sub.pk)) in kinds(browser.get(GAPS))
    elsewhere(first, nsso_id=8, at=NOW)
    found = kinds(browser.get(GAPS))
    assert ("silent", str(cast.sub.pk)) not in found
    assert ("not_in_chain", str(cast.stranger.pk)) in found


def test_a_remark_of_the_nsso_on_the_chain(cast: Cast) -> None:
    works = chain_of_three(cast)
    remark_on(accepted(registered(works, cast.subsub), nsso_id=7), "enterpriseNotOnDeclaration")
    page = cast.browser(cast.office).get(GAPS)
    assert ("second_level", str(cast.subsub.pk)) in kinds(page)
    assert "the NSSO remarks that the declaration does not have it" in text(page)


def test_outside_its_period(cast: Cast) -> None:
    works = chain_of_three(cast)
    with company_scope(cast.main):
        place_of_sub = Subcontract.objects.get(company=cast.sub)
        end_subcontract(subcontract=place_of_sub, ends_on=date(2026, 11, 20), actor=Actor(cast.main), now=NOW)
    registered(works, cast.sub)
    page = cast.browser(cast.office).get(GAPS)
    assert ("outside_period", str(cast.sub.pk)) in kinds(page)
    assert "01/01/2026 to 20/11/2026" in text(page)


def test_with_the_code_of_another_branch(cast: Cast) -> None:
    works = chain_of_three(cast)
    place(works, cast.stranger)
    bea = make_worker(cast.subsub, SSINS[1])
    with_code(works, bea.person, employer=cast.subsub, code_of=cast.stranger)
    with_code(works, make_worker(cast.sub, SSINS[2]).person, employer=cast.sub, code_of=cast.sub)
    page = cast.browser(cast.office).get(GAPS)
    assert ("wrong_parent", str(cast.subsub.pk)) in kinds(page)
    assert "1 registration with the code of Vreemd; in the chain it stands elsewhere." in text(page)
    # The one in the middle is not told of a firm beside it.
    below = cast.browser(cast.sub_office).get(GAPS)
    assert "Vreemd" not in text(below)


def with_code(works: Works, person: Person, *, employer: Company, code_of: Company) -> None:
    made = tap_at(works, person, employer=employer)
    register(replace(made, point=works.point(0, code_of)), now=NOW)


def test_a_tablet_that_was_revoked(cast: Cast) -> None:
    works = chain_of_three(cast)
    tablet, _secret = add(cast.main, works.point(), now=NOW - timedelta(days=2))
    bea = make_worker(cast.sub, SSINS[1])
    register(replace(tap_at(works, bea.person, employer=cast.sub), terminal=tablet), now=NOW)
    browser = cast.browser(cast.office)
    assert ("means_unusable", str(cast.sub.pk)) not in kinds(browser.get(GAPS))
    with company_scope(cast.main):
        revoke_terminal(terminal=tablet, actor=Actor(cast.main), now=NOW)
    page = browser.get(GAPS)
    assert ("means_unusable", str(cast.sub.pk)) in kinds(page)
    assert "a tablet that was revoked on 23/11/2026" in text(page)
    add(cast.main, works.point(), now=NOW)
    assert ("means_unusable", str(cast.sub.pk)) not in kinds(browser.get(GAPS))


def test_the_page_asks_as_much_of_the_database_for_many_links(cast: Cast) -> None:
    works = chain_of_three(cast, has_clause=False)
    browser = cast.browser(cast.office)
    with at_most_queries(15):
        browser.get(GAPS)
    with unscoped(reason="a test grows a chain"):
        firms = Company.objects.bulk_create(
            Company(foreign_vat_number=f"FR{number:011}", name=f"Firma {number:03}") for number in range(60)
        )
        Subcontract.objects.bulk_create(
            Subcontract(
                declaration=works.declaration,
                company=firm,
                starts_on=works.declaration.starts_on,
                created_at=NOW,
            )
            for firm in firms
        )
    with at_most_queries(15):
        page = browser.get(f"{GAPS}?kind=clause_missing")
    assert len(kinds(page)) == 62


def test_the_part_of_works_and_of_a_firm(cast: Cast) -> None:
    works = chain_of_three(cast, has_clause=False)
    browser = cast.browser(cast.auditor)
    for page, here in (
        (f"/declarations/{works.declaration.pk}/", f"/declarations/{works.declaration.pk}/gaps/"),
        (f"/companies/{cast.sub.pk}/", f"/companies/{cast.sub.pk}/gaps/"),
    ):
        assert f'hx-get="{here}"' in browser.get(page).content.decode()
        part = browser.get(here, headers=HTMX)
        assert "<html" not in part.content.decode()
        assert "Clause missing" in text(part)
        assert "HX-Request" in part.headers["Vary"]
        with at_most_queries(15):
            assert "Clause missing" in text(browser.get(here))
    assert f"kind=clause_missing&amp;company={cast.sub.pk}" in part.content.decode()


def test_works_without_a_chain_have_no_part(cast: Cast) -> None:
    works = declare(cast.main)
    part = cast.browser(cast.office).get(f"/declarations/{works.declaration.pk}/gaps/", headers=HTMX)
    assert text(part) == ""


def test_the_chain_day_by_day(cast: Cast) -> None:
    works = chain_of_three(cast)
    for weeks in (1, 2, 3):
        registered(works, cast.sub, days_ago=7 * weeks)
    registered(works, cast.stranger, days_ago=1, ssin=SSINS[2])
    here = f"/declarations/{works.declaration.pk}/days/"
    page = cast.browser(cast.auditor).get(here)
    words = text(page)
    assert "Zuiver Sub" in words
    assert "S Mon 23 Nov: Expected, and silent" in words
    assert "1! Sun 22 Nov: Registered outside its period, or without a place in the chain" in words
    assert "Vreemd not in the chain" in words
    assert "1 Mon 16 Nov: Number of registrations of that day" in words
    assert len(rows(page, "chain-days")) == 3
    below = cast.browser(cast.sub_office)
    with at_most_queries(15):
        page = below.get(here)
    # The middle of the chain begins below itself.
    assert len(rows(page, "chain-days")) == 1


def test_days_one_was_told(cast: Cast) -> None:
    works = chain_of_three(cast)
    with company_scope(cast.main):
        place_of_sub = Subcontract.objects.get(company=cast.sub)
    here = f"/declarations/{works.declaration.pk}/chain/{place_of_sub.pk}/expected/"
    days = f"/declarations/{works.declaration.pk}/days/"
    browser = cast.browser(cast.office)
    answer = browser.post(here, {"weekdays": ["5", "3"]})
    assert answer.headers["Location"] == days
    words = text(browser.get(days))
    assert "The expected days of Zuiver Sub were kept." in words
    assert "expected on Wednesday, Friday" in words
    assert "S Fri 20 Nov: Expected, and silent" in words
    page = browser.get(GAPS)
    assert ("silent", str(cast.sub.pk)) in kinds(page)
    assert "Expected by the days of the week you told." in text(page)
    assert "2 days, the last Fri 20 Nov" in text(page)
    assert 'value="5" id="id_weekdays_4" checked' in browser.get(here).content.decode()
    # What one expects is nobody else's affair, and nobody judges its own place.
    with company_scope(cast.sub):
        assert not ExpectedDays.objects.exists()
    assert cast.browser(cast.sub_office).post(here, {"weekdays": ["1"]}).status_code == 403
    # Without a day the expectation is gone.
    browser.post(here, {"none": "1"})
    with company_scope(cast.main):
        assert not ExpectedDays.objects.exists()
