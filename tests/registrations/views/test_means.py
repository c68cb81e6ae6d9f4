"""Cards, codes and links on a worker's page, and what is printed of them."""

import subprocess
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from django.test import Client as Browser
from django.utils.safestring import SafeString
from PIL import Image
from pypdf import PdfReader
from pytest_django import Settings

from ciao_portal.models import AuditEvent, Company
from ciao_portal.tenancy import company_scope
from ciao_portal.web.pdf import PdfError
from registrations.means_papers import CardFace, cards_html
from registrations.models import Badge, Device, Employment, PairingCode, PairingLink
from registrations.services.cards import any_card_with_chip, card_with_secret
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.registrations.phone.means import card_of, code_of, new_phone
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import text

DPI = 200


def scanned(pdf: bytes, folder: Path) -> list[str]:
    """What a camera reads on the pages, in order of the pages."""
    (folder / "paper.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(DPI), "-png", "paper.pdf", "page"], cwd=folder, check=True)
    found = []
    for path in sorted(folder.glob("page*.png")):
        with Image.open(path) as image:
            found += [code.text for code in zxingcpp.read_barcodes(image)]
    return found


def words(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def secret_in(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def ticks(*workers: Employment) -> dict[str, list[str]]:
    return {"row": [str(worker.pk) for worker in workers]}


def test_a_code_is_shown_once_and_works(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    page = browser.post(f"/workers/{morning.ada.pk}/code/")
    code = text(page).partition("is not shown again. ")[2][:7]

    assert page["Cache-Control"].startswith("max-age=0")
    listed = text(browser.get(f"/workers/{morning.ada.pk}/"))
    assert "Code read out, not used yet" in listed
    assert code not in listed
    paired = new_phone().post("/p/", {"ssin": SSINS[0], "code": code})
    assert paired.status_code == 303
    assert "with number and code" in text(browser.get(f"/workers/{morning.ada.pk}/"))
    assert AuditEvent.objects.filter(action="pairing.code_given", user=cast.office).count() == 1


def test_a_locked_code_is_told_to_the_office(cast: Cast, morning: Morning) -> None:
    code_of(cast.main)
    with company_scope(cast.main):
        PairingCode.objects.update(failures=5)
    page = text(cast.browser(cast.office).get(f"/workers/{morning.ada.pk}/"))
    assert "locked after 5 wrong tries: give a new one" in page


def test_what_is_outstanding_is_taken_back(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    code = code_of(cast.main)
    link = secret_in(text(browser.post(f"/workers/{morning.ada.pk}/pair/")).partition("/p/")[2].split("/")[0])
    with company_scope(cast.main):
        ids = PairingCode.objects.get().pk, PairingLink.objects.get().pk
    browser.post(f"/workers/{morning.ada.pk}/codes/{ids[0]}/revoke/")
    browser.post(f"/workers/{morning.ada.pk}/links/{ids[1]}/revoke/")

    phone = new_phone()
    assert phone.post("/p/", {"ssin": SSINS[0], "code": code}).status_code == 422
    assert phone.get(f"/p/{link}/").status_code == 410
    assert "not used yet" not in text(browser.get(f"/workers/{morning.ada.pk}/"))


def test_cards_are_proposed_to_whoever_has_none(cast: Cast, morning: Morning) -> None:
    other = make_worker(cast.main, SSINS[3], "Cas", "Tweede")
    card_of(cast.main)
    page = cast.browser(cast.office).post("/workers/cards/", ticks(morning.ada, other))
    html = page.content.decode()
    assert "replaces card no. 1" in html
    assert html.count(" checked") == 1
    with company_scope(cast.main):
        assert Badge.objects.count() == 1


def test_a_sheet_of_cards_is_scanned_card_by_card(cast: Cast, morning: Morning, tmp_path: Path) -> None:
    other = make_worker(cast.main, SSINS[3], "Cas", "Tweede")
    browser = cast.browser(cast.office)
    answer = browser.post("/workers/cards.pdf", ticks(morning.ada, other, morning.bea))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"].startswith("max-age=0")
    found = scanned(answer.content, tmp_path)
    cards = [card_with_secret(secret_in(url)) for url in found]
    assert {card.person for card in cards if card} == {morning.ada.person, other.person}
    assert all(url.startswith("http://portal.test/c/") for url in found)
    said = words(answer.content)
    assert "Ada V." in said
    assert "Voorbeeld" not in said
    assert SSINS[0] not in said
    box = PdfReader(BytesIO(answer.content)).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)


@pytest.mark.parametrize("address", ["/workers/cards.pdf", "/workers/letters.pdf"])
def test_what_cannot_be_printed_is_not_issued(
    cast: Cast, morning: Morning, settings: Settings, address: str
) -> None:
    former = card_of(cast.main)
    # The style sheets are gone, and with them every document.
    settings.STATICFILES_DIRS = []
    with pytest.raises(PdfError):
        cast.browser(cast.office).post(address, ticks(morning.ada))

    with company_scope(cast.main):
        assert (Badge.objects.count(), PairingLink.objects.count()) == (1, 0)
        assert card_with_secret(former.secret) is not None


def test_eleven_cards_are_two_sheets() -> None:
    face = CardFace("Ada V.", "l", 1, "23/11/2026", SafeString("<svg/>"), "nl", "ltr")
    html = cards_html([face] * 11, Company(name="Helder Main", language="nl"))
    assert html.count('class="sheet"') == 2
    assert html.count('class="pass"') == 11


def test_letters_are_in_the_worker_s_language(cast: Cast, morning: Morning, tmp_path: Path) -> None:
    morning.ada.person.language = "fr"
    morning.ada.person.save()
    other = make_worker(cast.main, SSINS[3], "Cas", "Tweede")
    browser = cast.browser(cast.office)
    answer = browser.post("/workers/letters.pdf", ticks(morning.ada, other, morning.bea))

    pages = PdfReader(BytesIO(answer.content)).pages
    assert len(pages) == 2
    urls = scanned(answer.content, tmp_path)
    phone = new_phone()
    assert phone.post(f"/p/{secret_in(urls[0])}/").status_code == 303
    assert Device.objects.count() == 1
    assert AuditEvent.objects.filter(action="pairing.offered", user=cast.office).count() == 2


def test_a_lost_card_is_asked_about_and_ends(cast: Cast, morning: Morning) -> None:
    card = card_of(cast.main)
    phone = new_phone()
    phone.post(f"/c/{card.secret}/", {"use": "phone"})
    browser = cast.browser(cast.office)
    here = f"/workers/{morning.ada.pk}/cards/{card.badge.pk}/revoke/"

    asked = text(browser.get(here))
    browser.post(here)

    assert "Phones that were paired with this card are revoked too." in asked
    assert phone.get(f"/c/{card.secret}/").status_code == 410
    assert phone.get("/me/").status_code == 403
    assert browser.get(here).status_code == 404


def test_a_chip_is_set_and_refused_at_its_field(cast: Cast, morning: Morning) -> None:
    card = card_of(cast.main)
    browser = cast.browser(cast.office)
    here = f"/workers/{morning.ada.pk}/cards/{card.badge.pk}/chip/"

    assert "This is no number of a chip" in text(browser.post(here, {"chip": "kapot"}))
    assert browser.post(here, {"chip": "04:A2:24:1B"}).status_code == 302

    assert any_card_with_chip("04a2241b", at=NOW) == card.badge
    assert "with a chip" in text(browser.get(f"/workers/{morning.ada.pk}/"))


@pytest.mark.parametrize("path", ["cards/", "cards.pdf", "letters.pdf"])
def test_nobody_prints_for_somebody_else_s_workers(cast: Cast, morning: Morning, path: str) -> None:
    stranger = cast.browser(cast.stranger_office)
    assert stranger.post(f"/workers/{path}", ticks(morning.ada))["Location"] == "/workers/"
    assert cast.browser(cast.auditor).post(f"/workers/{path}", ticks(morning.ada)).status_code == 403


def test_an_auditor_sees_means_without_deeds(cast: Cast, morning: Morning) -> None:
    card_of(cast.main)
    page = text(cast.browser(cast.auditor).get(f"/workers/{morning.ada.pk}/"))
    assert "Card no. 1" in page
    assert "Revoke" not in page
    assert "Give a code" not in page


def test_the_office_writes_down_the_worker_s_language(cast: Cast, morning: Morning) -> None:
    browser: Browser = cast.browser(cast.office)
    form = {
        "first_name": "Ada",
        "last_name": "Voorbeeld",
        "status": "employee",
        "starts_on": "2025-11-23",
        "language": "fr",
    }
    browser.post(f"/workers/{morning.ada.pk}/edit/", form)
    morning.ada.person.refresh_from_db()
    assert morning.ada.person.language == "fr"
