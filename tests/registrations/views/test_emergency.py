"""`/emergency/`: whom to call, what to do, and the sheet on paper."""

import io

import pytest
from django.test import Client as Browser
from pypdf import PdfReader

from ciao_portal.models import AuditEvent
from registrations.services.emergency import procedure_of
from tests.cast import Cast
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import text

CONTACTS = {
    "contact_name": "Piet Wacht",
    "contact_phone": "+32 9 000 00 00",
    "contact_hours": "every day from 5 to 22",
    "second_name": "",
    "second_phone": "",
    "second_hours": "",
    "for_cleaners": "Ask at the reception.\nThey have the sheets.",
    "for_office": "",
}


def pages(browser: Browser, query: str = "") -> list[str]:
    response = browser.get(f"/emergency/sheet.pdf{query}")
    assert response.headers["Content-Type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(response.content))
    return [" ".join(page.extract_text().split()) for page in pdf.pages]


def test_an_owner_names_whom_to_call(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.owner)
    words = text(browser.get("/emergency/"))
    assert "Nobody is named yet." in words
    assert "https://checkinout.socialsecurity.be" in words
    page = browser.post("/emergency/edit/", CONTACTS, follow=True)
    words = text(page)
    assert "Piet Wacht" in words
    assert "Ask at the reception." in words
    assert 'href="tel:+3290000000"' in page.content.decode()
    event = AuditEvent.objects.get(action="emergency.changed")
    assert event.user == cast.owner
    assert set(event.payload["changed"]) == {name for name, value in CONTACTS.items() if value}
    assert "Piet" not in str(event.payload)
    # The same once more changes nothing.
    browser.post("/emergency/edit/", CONTACTS)
    assert AuditEvent.objects.filter(action="emergency.changed").count() == 1
    assert procedure_of(cast.sub) is None
    assert "Piet" not in text(cast.browser(cast.sub_office).get("/emergency/"))


def test_without_a_number_nothing_is_saved(cast: Cast, morning: Morning) -> None:
    page = cast.browser(cast.owner).post("/emergency/edit/", CONTACTS | {"contact_phone": " "})
    assert page.context["form"].errors == {"contact_phone": ["Give the number to call."]}
    assert "They have the sheets." in page.content.decode()
    assert procedure_of(cast.main) is None


def test_everybody_reads_it_with_few_queries(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.auditor)
    with at_most_queries(12):
        page = browser.get("/emergency/")
    words = text(page)
    assert "Declare an outage" not in words
    assert f"?declaration={morning.works.declaration.pk}" in page.content.decode()


def test_a_sheet_for_every_workplace(cast: Cast, morning: Morning) -> None:
    cast.browser(cast.owner).post("/emergency/edit/", CONTACTS)
    first, second = pages(cast.browser(cast.office), f"?declaration={morning.works.declaration.pk}")
    for expected in (
        "Noodblad · Feuille d’urgence · Notfallblatt · Emergency sheet",
        "Helder Main",
        "0206.731.645",
        "Gebouw 1, Voorbeeldstraat 1",
        "9B0 ABCDE FGHJK",
        "geen registratie bij de RSZ",
        "pas un enregistrement à l’ONSS",
        "keine Registrierung beim LSS",
        "no registration with the NSSO",
        "checkinout.socialsecurity.be",
        "+32 9 000 00 00",
        "Handtekening",
    ):
        assert expected in first, expected
    assert "Gebouw 2" in second


def test_a_subcontractor_gets_its_own_name_on_it(cast: Cast, morning: Morning) -> None:
    first, _second = pages(cast.browser(cast.sub_office), f"?declaration={morning.works.declaration.pk}")
    assert "Zuiver Sub" in first
    assert "Helder Main" not in first


@pytest.mark.parametrize("wanted", ["nonsense", "0197f0c2-0000-7000-8000-000000000000"])
def test_no_such_declaration(cast: Cast, wanted: str) -> None:
    assert cast.browser(cast.office).get(f"/emergency/sheet.pdf?declaration={wanted}").status_code == 404


def test_a_stranger_gets_a_blank_one_alone(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.stranger_office)
    (blank,) = pages(browser)
    assert "Vreemd" in blank
    assert "Gebouw" not in blank
    address = f"/emergency/sheet.pdf?declaration={morning.works.declaration.pk}"
    assert browser.get(address).status_code == 404
