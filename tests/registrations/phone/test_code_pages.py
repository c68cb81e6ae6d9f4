"""`/p/`: number and code on the phone."""

import logging

import pytest

from registrations.models import Device, Means
from registrations.rules.guessing import CEILINGS, Counted
from tests.cast import SSINS, Cast, make_worker, person
from tests.registrations.phone.means import code_of, new_phone, post
from tests.works import Works, all_registrations, declare

pytestmark = pytest.mark.django_db

TYPED = "85.07.30-033.28"


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


def test_number_and_code_make_the_phone_one_s_own(works: Works, cast: Cast) -> None:
    make_worker(cast.main, SSINS[0])
    code = code_of(cast.main)
    phone = new_phone()
    point = works.point()
    phone.get(f"/r/{point.code}/")
    # Register first, be asked afterwards: the way to it stands on the confirmation.
    confirmation = phone.get(post(phone, point, ssin=TYPED)["Location"]).content.decode()
    assert 'href="/p/"' in confirmation

    form = phone.get("/p/").content.decode()
    paired = phone.post("/p/", {"ssin": TYPED, "code": f"{code[:3]} {code[3:]}"})
    post(phone, point, "OUT")

    assert "Gebouw 1" in form
    assert paired["Location"] == f"/r/{point.code}/"
    stored = all_registrations()[-1]
    assert (stored.person, stored.means) == (person(), Means.PAIRED)


@pytest.mark.parametrize(
    ("ssin", "code", "words"),
    [
        ("", "123456", "Type your national number first."),
        ("85.07.30-033.29", "123456", "97"),
        (TYPED, "12345", "The code has 6 digits."),
        (TYPED, "", "The code has 6 digits."),
    ],
)
def test_what_is_malformed_is_told_and_no_guess(cast: Cast, ssin: str, code: str, words: str) -> None:
    phone = new_phone()
    for _ in range(CEILINGS[Counted.PHONE] + 1):
        response = phone.post("/p/", {"ssin": ssin, "code": code})
    assert response.status_code == 422
    assert words in response.content.decode()


def test_known_and_unknown_numbers_are_answered_alike(cast: Cast) -> None:
    make_worker(cast.main, SSINS[0])
    right = code_of(cast.main)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    pages = []
    for ssin in (SSINS[0], SSINS[4]):
        response = new_phone().post("/p/", {"ssin": ssin, "code": wrong})
        assert response.status_code == 422
        pages.append(response.content.decode().replace(ssin, ""))
    assert pages[0] == pages[1]


def test_a_phone_that_guesses_waits_and_still_registers(works: Works, cast: Cast) -> None:
    phone = new_phone()
    point = works.point()
    phone.get(f"/r/{point.code}/")
    phone.get("/p/")
    for _ in range(CEILINGS[Counted.PHONE]):
        phone.post("/p/", {"ssin": SSINS[4], "code": "000000"})

    above = phone.post("/p/", {"ssin": SSINS[0], "code": code_of(cast.main)})

    assert "Too many wrong tries on this phone" in above.content.decode()
    assert not Device.objects.exists()
    assert post(phone, point, ssin=TYPED).status_code == 303
    # A colleague behind the same address is not locked out.
    assert (
        new_phone().post("/p/", {"ssin": SSINS[1], "code": code_of(cast.main, SSINS[1])}).status_code == 303
    )


def test_the_number_is_in_no_address_log_or_cookie(
    works: Works, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    phone = new_phone()
    with caplog.at_level(logging.DEBUG):
        wrong = phone.post("/p/", {"ssin": TYPED, "code": "000000"})
        right = phone.post("/p/", {"ssin": TYPED, "code": code_of(cast.main)})
    told = " ".join([caplog.text, right["Location"], *(one.value for one in phone.cookies.values())])
    assert wrong["Cache-Control"] == "no-store"
    assert SSINS[0] not in told
    assert TYPED not in told
