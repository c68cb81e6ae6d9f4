"""Declaring works by hand: all in one go, nothing lost on the way, nothing half kept."""

import re
from typing import Any

import pytest
from django.test import Client as Browser

from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Client, Declaration, Subcontract, Workplace
from tests.cast import MAIN_NUMBER, Cast
from tests.declarations.works import NUMBER, make_client, make_workplace, make_works

URL = "/declarations/new/"

TYPED = {
    "client": "",
    "client_name": "Stad Gent",
    "client_number": "BE 0206.731.645",
    "title": "Daily cleaning",
    "declared_number": "9b0 003sq 5vssz",
    "technical_reference": "1y1-003sq-5vssz",
    "regime": "ciao",
    "activity": "buildings",
    "amount": "48.000,50",
    "amount_per_year": "on",
    "starts_on": "2026-01-01",
    "ends_on": "",
    "workplaces-TOTAL_FORMS": "2",
    "workplaces-INITIAL_FORMS": "0",
    "workplaces-0-name": "Parking Noord",
    "workplaces-0-street": "Kouter",
    "workplaces-0-house_number": "12",
    "workplaces-0-post_code": "9000",
    "workplaces-0-municipality": "Gent",
    "workplaces-1-name": "Park",
    "workplaces-1-latitude": "51,054",
    "workplaces-1-longitude": "3.725",
}
SUBCONTRACTOR = {
    "subcontract-number": "0202.239.951",
    "subcontract-name": "Zuiver",
    "subcontract-contact_email": "office@sub.example",
}


@pytest.fixture
def office(cast: Cast) -> Browser:
    return cast.browser(cast.office)


def kept() -> int:
    with unscoped(reason="The test counts what was kept for anybody."):
        return Declaration.objects.count() + Client.objects.count() + Workplace.objects.count()


def refused(browser: Browser, **changes: str) -> str:
    """The page that comes back; nothing at all was kept, what was typed stays."""
    before = kept()
    response = browser.post(URL, TYPED | changes)
    assert response.status_code == 200
    assert kept() == before
    html = response.content.decode()
    assert "Nothing was saved yet" in html
    for name in ("title", "amount", "workplaces-0-name", "workplaces-1-latitude"):
        if typed := (TYPED | changes)[name]:
            assert f'value="{typed}"' in html
    return html


def test_everything_typed_by_hand_is_kept_at_once(cast: Cast, office: Browser) -> None:
    response = office.post(URL, TYPED | SUBCONTRACTOR)
    with company_scope(cast.main):
        works = Declaration.objects.get()
        assert response["Location"] == f"/declarations/{works.pk}/"
        assert (works.declared_number, works.technical_reference) == (NUMBER, "1Y1003SQ5VSSZ")
        assert (works.client.name, works.client.enterprise_number) == ("Stad Gent", MAIN_NUMBER)
        assert str(works.amount) == "48000.50"
        assert works.amount_per_year
        park = Workplace.objects.get(name="Park")
        assert (str(park.latitude), str(park.longitude)) == ("51.054000", "3.725000")
        assert Subcontract.objects.get().company == cast.sub
        assert works.points.count() == 6
    page = office.get(response["Location"]).content.decode()
    assert "The works are declared." in page


def test_existing_client_and_workplace_are_chosen(cast: Cast, office: Browser) -> None:
    with company_scope(cast.main):
        client = make_client(cast.main)
        place = make_workplace(client)
    chosen = {
        "client": str(client.pk),
        "client_name": "",
        "client_number": "",
        "workplaces-TOTAL_FORMS": "1",
        "workplaces-0-workplace": str(place.pk),
    }
    typed = {name: value for name, value in TYPED.items() if not name.startswith("workplaces-0")}
    assert office.post(URL, typed | chosen).status_code == 302
    with company_scope(cast.main):
        assert list(Declaration.objects.get().workplaces.all()) == [place]


def test_empty_rows_are_left_out(cast: Cast, office: Browser) -> None:
    assert office.post(URL, TYPED | {"workplaces-TOTAL_FORMS": "7"}).status_code == 302
    with company_scope(cast.main):
        assert Workplace.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_name": ""}, "type the name of a new one"),
        ({"client_number": "0206.731.646"}, "97 minus the rest"),
        ({"title": ""}, "Give the works a name."),
        ({"declared_number": "9B0"}, "13 letters and digits"),
        ({"technical_reference": "1Y1003SQ5VSSZ12"}, "1Y1003SQ5VSSZ"),
        ({"activity": ""}, "Choose the activity"),
        ({"amount": "much"}, "Give the amount as a number"),
        ({"amount": "-1"}, "The amount cannot be less than zero."),
        ({"starts_on": ""}, "Give the first day"),
        ({"ends_on": "2025-12-31"}, "The last day is before the first day."),
        ({"workplaces-0-house_number": ""}, "The address is not complete"),
        ({"workplaces-1-latitude": "", "workplaces-1-longitude": ""}, "Say where it is"),
        ({"workplaces-1-latitude": "91"}, "90"),
        ({"workplaces-1-name": ""}, "a name your people will recognise"),
        ({"subcontract-number": "0206.731.646", "subcontract-name": "Sub"}, "97 minus the rest"),
        ({"subcontract-number": "0202.239.951"}, "This field is required."),
        ({"subcontract-number": MAIN_NUMBER, "subcontract-name": "We"}, "already stands higher up"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(office: Browser, changes: dict[str, str], words: str) -> None:
    assert words in refused(office, **changes)


def test_a_number_used_before_is_refused_with_the_works_that_have_it(cast: Cast, office: Browser) -> None:
    make_works(cast.main, title="Earlier works")
    assert "Your declaration Earlier works has this number already." in refused(office)


def test_no_workplace_is_refused(office: Browser) -> None:
    typed: dict[str, Any] = {
        name: value for name, value in TYPED.items() if not name.startswith("workplaces-")
    }
    typed |= {"workplaces-TOTAL_FORMS": "2", "workplaces-INITIAL_FORMS": "0"}
    html = office.post(URL, typed).content.decode()
    assert "Give at least one workplace" in html


def test_another_companys_rows_are_neither_offered_nor_accepted(cast: Cast, office: Browser) -> None:
    with company_scope(cast.stranger):
        client = make_client(cast.stranger, "Client of a rival")
        place = make_workplace(client, "Place of a rival")
    html = office.get(URL).content.decode()
    assert "of a rival" not in html
    refused(office, client=str(client.pk), client_name="")
    refused(office, **{"workplaces-0-workplace": str(place.pk)})


def test_another_row_keeps_what_was_typed_and_judges_nothing(office: Browser) -> None:
    before = kept()
    response = office.post(
        URL, TYPED | SUBCONTRACTOR | {"add_workplace": "1", "title": "", "amount": "12,5,0"}
    )
    html = response.content.decode()
    assert kept() == before
    assert 'name="workplaces-2-name"' in html
    assert 'name="workplaces-3-name"' not in html
    assert 'name="workplaces-TOTAL_FORMS" value="3"' in html
    assert "Nothing was saved yet" not in html
    for typed in ("12,5,0", "Parking Noord", "51,054", "Zuiver", "9b0 003sq 5vssz", "2026-01-01"):
        assert f'value="{typed}"' in html
    assert '<option value="buildings" selected>' in html
    assert re.search('<input type="checkbox" name="amount_per_year"[^>]* checked', html)


def test_enter_in_a_field_declares_and_does_not_add_a_row(office: Browser) -> None:
    html = office.get(URL).content.decode()
    form = html[html.index('<form class="form form--sections"') :]
    assert form.index('<button class="visually-hidden"') < form.index('name="add_workplace"')


def test_numbers_entered_later(cast: Cast, office: Browser) -> None:
    works = make_works(cast.main, declared_number="", technical_reference="")
    url = f"/declarations/{works.pk}/edit/"
    typed = {
        "title": works.title,
        "declared_number": "9b0 003sq 5vssz",
        "technical_reference": "",
        "regime": "ciao",
        "amount": "48000",
        "starts_on": "01/01/2026",
        "ends_on": "",
    }
    assert 'value="48000.00"' in office.get(url).content.decode()
    assert office.post(url, typed | {"ends_on": "2025-01-01"}).status_code == 200
    assert office.post(url, typed)["Location"] == f"/declarations/{works.pk}/"
    works.refresh_from_db()
    assert (works.declared_number, works.ends_on) == (NUMBER, None)


def test_a_workplace_added_later(cast: Cast, office: Browser) -> None:
    works = make_works(cast.main)
    url = f"/declarations/{works.pk}/workplaces/new/"
    assert office.get(url).status_code == 200
    rows = {"workplaces-TOTAL_FORMS": "1", "workplaces-INITIAL_FORMS": "0"}
    assert "Give at least one workplace" in office.post(url, rows).content.decode()
    park = {name: value for name, value in TYPED.items() if name.startswith("workplaces-0")}
    assert office.post(url, rows | park).status_code == 302
    with company_scope(cast.main):
        assert works.places.count() == 3
