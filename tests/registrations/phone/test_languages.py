"""The fifteen languages of the cleaners' pages: chosen, guessed, remembered."""

import re
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone

from ciao_portal.audit import Actor
from ciao_portal.languages import WORKER_CODES, WORKER_LANGUAGES
from ciao_portal.tenancy import company_scope
from registrations.services.pairing import offer_pairing
from tests.cast import SSINS, Cast, make_worker, person
from tests.works import Works, declare

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


def pairing_address(cast: Cast) -> str:
    now = timezone.now()
    worker = make_worker(cast.main, SSINS[0], "Ada", now=now)
    with company_scope(cast.main):
        secret = offer_pairing(company=cast.main, person=worker.person, actor=Actor(cast.main), now=now)
    return f"/p/{secret}/"


def spoken(phone: Browser, address: str = "/r/") -> str:
    found = re.search(r'<html lang="(\w+)" dir="(\w+)"', phone.get(address).content.decode())
    assert found
    assert found[2] == ("rtl" if found[1] == "ar" else "ltr")
    return found[1]


@pytest.mark.parametrize("code", WORKER_CODES)
def test_a_browsers_language_is_spoken_at_once(code: str) -> None:
    assert spoken(Browser(headers={"accept-language": f"{code}-XX,{code};q=0.9,en;q=0.5"})) == code


def test_each_language_is_offered_by_its_own_name() -> None:
    page = Browser().get("/r/").content.decode()

    for code, name in WORKER_LANGUAGES:
        assert re.search(rf'<button name="language" value="{code}" lang="{code}"[^>]*>{name}</button>', page)
    assert re.findall(r'lang="(\w+)" dir="rtl"', page) == ["ar"]


def test_the_choice_is_kept_and_leads_back(works: Works) -> None:
    phone = Browser(headers={"accept-language": "en"})
    here = f"/r/{works.point().code}/"
    assert f'name="back" value="{here}"' in phone.get(here).content.decode()

    chosen = phone.post("/r/language/", {"language": "ar", "back": here})

    assert (chosen.status_code, chosen["Location"]) == (303, here)
    assert chosen.cookies["phone_language"]["httponly"]
    assert spoken(phone, here) == "ar"


@pytest.mark.parametrize(
    "back", ["", "//evil.example/", "https://evil.example/r/", "/workers/", "/r/\r\nX: y"]
)
def test_the_choice_leads_nowhere_else(back: str) -> None:
    assert Browser().post("/r/language/", {"language": "fr", "back": back})["Location"] == "/r/"


def test_a_language_we_do_not_speak_is_not_kept() -> None:
    assert "phone_language" not in Browser().post("/r/language/", {"language": "xx"}).cookies


def test_after_a_wrong_answer_the_choice_leads_to_the_confirmation(works: Works, cast: Cast) -> None:
    phone = Browser(headers={"accept-language": "en"})
    phone.post(pairing_address(cast))
    form = {"action": "IN", "client_key": str(uuid4()), "key_origin": "page"}
    confirmation = phone.post(f"/r/{works.point().code}/", form)["Location"]

    refused = phone.post(f"{confirmation}answer/", {"stopped": "99:99"})

    assert refused.status_code == 422
    assert f'name="back" value="{confirmation}"' in refused.content.decode()


def test_the_choice_on_a_paired_phone_is_the_persons(cast: Cast) -> None:
    phone = Browser(headers={"accept-language": "en"})
    phone.post(pairing_address(cast))

    phone.post("/r/language/", {"language": "uk"})

    assert person().language == "uk"


@pytest.mark.parametrize(
    ("stored", "chosen", "agreed"),
    [("", "", "pl"), ("ro", "", "ro"), ("ro", "ar", "ar"), ("", "ar", "ar"), ("xx", "", "pl")],
)
def test_phone_and_person_agree_when_they_are_paired(
    cast: Cast, stored: str, chosen: str, agreed: str
) -> None:
    address = pairing_address(cast)
    worker = person()
    worker.language = stored
    worker.save()
    phone = Browser(headers={"accept-language": "pl"})
    if chosen:
        phone.post("/r/language/", {"language": chosen})

    phone.post(address)

    assert person().language == agreed
    assert spoken(phone) == agreed
