"""The pages of a workplace and of another firm, and the history of a declaration."""

from datetime import date
from decimal import Decimal

import pytest

from ciao_portal.audit import Actor, record
from ciao_portal.models import CompanyCard
from ciao_portal.tenancy import company_scope
from declarations.models import Subcontract, Workplace
from declarations.services.chain import rebuild_chain_view
from tests.cast import NOW, Cast
from tests.queries import at_most_queries
from tests.registrations.views.pages import text
from tests.works import Works, declare, subcontract_to

CARD = {"name": "Zuiver, Sofie", "contact_email": "sofie@sub.example", "contact_phone": "+32 9 000 00 00"}


@pytest.fixture
def works(cast: Cast) -> Works:
    works = declare(cast.main)
    subcontract_to(works, cast.sub)
    return works


def test_a_workplace_with_its_works_and_codes(cast: Cast, works: Works) -> None:
    first, second = works.workplaces
    browser = cast.browser(cast.auditor)
    with at_most_queries(12):
        page = browser.get(f"/workplaces/{first.pk}/")
    words, html = text(page), page.content.decode()
    assert "Gebouw 1" in words
    assert "Voorbeeldstraat 1, 9000 Gent" in words
    assert "Stad Voorbeeld" in words
    assert "Schoonmaak Voorbeeld from Thu 1 Jan 2026 Active" in words
    assert str(works.point()) in words
    assert str(works.point(company=cast.sub)) in words
    assert str(works.point(1)) not in words
    assert f'hx-get="/workplaces/{first.pk}/now/"' in html
    sub_words = text(cast.browser(cast.sub_office).get(f"/workplaces/{second.pk}/"))
    assert str(works.point(1, company=cast.sub)) in sub_words
    assert str(works.point(1)) not in sub_words


def test_a_workplace_of_nobody_s_works_is_the_owner_s_alone(cast: Cast, works: Works) -> None:
    with company_scope(cast.main):
        spare = Workplace.objects.create(
            company=cast.main,
            client=works.declaration.client,
            name="Reserve",
            latitude=Decimal("50.85"),
            longitude=Decimal("4.35"),
        )
    page = cast.browser(cast.office).get(f"/workplaces/{spare.pk}/")
    assert "No declaration of works names this workplace." in text(page)
    assert "50.850000, 4.350000" in text(page)
    for user in (cast.sub_office, cast.stranger_office):
        assert cast.browser(user).get(f"/workplaces/{spare.pk}/").status_code == 404


def test_a_firm_as_this_company_knows_it(cast: Cast, works: Works) -> None:
    browser = cast.browser(cast.office)
    here = f"/companies/{cast.sub.pk}/"
    with at_most_queries(12):
        words = text(browser.get(here))
    assert "0202.239.951" in words
    assert "Schoonmaak Voorbeeld Subcontractor · from Thu 1 Jan 2026 Active" in words
    answer = browser.post(f"{here}edit/", CARD, follow=True)
    assert answer.redirect_chain == [(here, 302)]
    for expected in CARD.values():
        assert expected in text(answer)
    assert 'value="Zuiver, Sofie"' in browser.get(f"{here}edit/").content.decode()
    # What one company writes is nobody else's to read.
    with company_scope(cast.sub):
        assert not CompanyCard.objects.exists()


def test_the_card_s_form_says_what_is_wrong(cast: Cast, works: Works) -> None:
    page = cast.browser(cast.office).post(
        f"/companies/{cast.sub.pk}/edit/", {"name": "", "contact_email": "sofie"}
    )
    html = page.content.decode()
    assert 'id="id_name_error"' in html
    assert 'id="id_contact_email_error"' in html


def test_the_declarer_is_known_to_its_subcontractor(cast: Cast, works: Works) -> None:
    browser = cast.browser(cast.sub_office)
    words = text(browser.get(f"/companies/{cast.main.pk}/"))
    assert "Schoonmaak Voorbeeld Declarer · from Thu 1 Jan 2026 Active" in words
    # Oneself is no other firm, and a firm that stands nowhere is not found.
    assert browser.get(f"/companies/{cast.sub.pk}/").status_code == 404
    assert browser.get(f"/companies/{cast.stranger.pk}/").status_code == 404
    assert cast.browser(cast.stranger_office).get(f"/companies/{cast.sub.pk}/").status_code == 404


def test_an_ended_place_is_shown_as_ended(cast: Cast, works: Works) -> None:
    with company_scope(cast.main):
        Subcontract.objects.update(ends_on=date(2026, 2, 1))
        rebuild_chain_view(works.declaration)
    words = text(cast.browser(cast.office).get(f"/companies/{cast.sub.pk}/"))
    assert "Subcontractor · Thu 1 Jan 2026 – Sun 1 Feb 2026 Ended" in words


def test_the_history_names_people_of_the_own_company_only(cast: Cast, works: Works) -> None:
    declaration = works.declaration
    own = Actor(cast.main, cast.owner)
    record("declaration.changed", declaration, actor=own, now=NOW, payload={"changed": ["title", "amount"]})
    record("declaration.changed", declaration, actor=Actor(cast.sub, cast.sub_office), now=NOW)
    history = text(cast.browser(cast.auditor).get(f"/declarations/{declaration.pk}/")).partition("History")[2]
    assert "Declaration changed Name of the works, Amount excluding VAT Owner" in history
    assert "Subcontractor added to the chain Zuiver Sub" in history
    assert "Registration code made" in history
    # The colleague of another company is not named, her company is.
    assert "Declaration changed Zuiver Sub" in history
    assert str(cast.sub_office) not in history


def test_a_subcontractor_reads_nothing_of_the_declarer_s_history(cast: Cast, works: Works) -> None:
    record("declaration.changed", works.declaration, actor=Actor(cast.main, cast.owner), now=NOW)
    page = cast.browser(cast.sub_office).get(f"/declarations/{works.declaration.pk}/")
    assert "History" not in text(page)
    assert "Owner" not in text(page)


def test_the_page_of_a_declaration_needs_few_queries(cast: Cast, works: Works) -> None:
    browser = cast.browser(cast.office)
    with at_most_queries(14):
        browser.get(f"/declarations/{works.declaration.pk}/")
