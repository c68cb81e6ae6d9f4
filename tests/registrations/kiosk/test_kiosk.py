"""The tablet as a browser without script sees it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone
from PIL import Image

from ciao_portal.audit import Actor
from ciao_portal.models import Person
from ciao_portal.tenancy import company_scope
from declarations.qr import qr_png
from registrations.models import Employment, Means, Terminal
from registrations.rules.presence import Kind
from registrations.services.terminals import revoke_terminal
from tests.cast import SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.tablets import add, browser_of, card_for, paired, revoke_card
from tests.works import Works, all_registrations, declare, subcontract_to, tap

pytestmark = pytest.mark.django_db

TYPED = "85.07.30-033.28"


@pytest.fixture(autouse=True)
def no_counters() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


@pytest.fixture
def ada(cast: Cast) -> Employment:
    return make_worker(cast.main, SSINS[0], "Ada", "Voorbeeld", now=timezone.now())


@pytest.fixture
def terminal(cast: Cast, works: Works) -> tuple[Terminal, str]:
    return paired(cast.main, works.point(), now=timezone.now())


@pytest.fixture
def tablet(terminal: tuple[Terminal, str]) -> Browser:
    return browser_of(terminal[1])


def stage(page: Any) -> str:
    found = re.search(r'id="stage" data-stage="(\w+)"', page.content.decode())
    return found[1] if found else ""


def ticket(page: Any) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    return found[1]


def present(tablet: Browser, text: str) -> Any:
    return tablet.post("/kiosk/who/", {"ssin": text})


def press(tablet: Browser, page: Any, action: str = "IN", **fields: str) -> Any:
    form = {"ticket": ticket(page), "action": action, "client_key": str(uuid4()), "key_origin": "page"}
    return tablet.post("/kiosk/tap/", form | fields)


def test_a_browser_that_is_no_tablet_is_shown_nothing(works: Works) -> None:
    stranger = Browser(headers={"accept-language": "en"})

    assert stranger.get("/kiosk/").status_code == 403
    assert "no tablet of a workplace" in stranger.get("/kiosk/").content.decode()
    for address in ("/kiosk/who/", "/kiosk/tap/", "/kiosk/frame", "/kiosk/language/"):
        assert stranger.post(address, {"ssin": TYPED}).status_code == 403
    assert stranger.get("/kiosk/alive").status_code == 403
    assert not Person.objects.exists()


def test_pairing_needs_a_post_and_the_cookie_lasts(cast: Cast, works: Works) -> None:
    _terminal, link = add(cast.main, works.point(), now=timezone.now())
    browser = Browser(headers={"accept-language": "en"})

    shown = browser.get(f"/kiosk/pair/{link}/")
    assert shown.status_code == 200
    assert "Gebouw 1" in shown.content.decode()
    assert shown["Referrer-Policy"] == "strict-origin"
    assert browser.get("/kiosk/").status_code == 403
    answer = browser.post(f"/kiosk/pair/{link}/")

    assert (answer.status_code, answer["Location"]) == (303, "/kiosk/")
    cookie = answer.cookies["tablet"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/kiosk/")
    assert cookie["max-age"] == 400 * 24 * 3600
    again = browser.get("/kiosk/")
    assert again.status_code == 200
    assert again.cookies["tablet"]["max-age"] == 400 * 24 * 3600, "renewed whenever the page is loaded"
    assert Browser().post(f"/kiosk/pair/{link}/").status_code == 410


def test_the_camera_is_allowed_on_the_tablet_alone(tablet: Browser, works: Works) -> None:
    assert "camera=(self)" in tablet.get("/kiosk/")["Permissions-Policy"]
    assert "camera=()" in tablet.get(f"/r/{works.point().code}/")["Permissions-Policy"]
    assert "camera=()" in tablet.get("/practice/")["Permissions-Policy"]


def test_a_card_shows_an_initial_and_the_expected_button(tablet: Browser, ada: Employment) -> None:
    _badge, secret = card_for(ada)

    page = present(tablet, f"https://portal.example/c/{secret}/")
    body = page.content.decode()

    assert (page.status_code, stage(page)) == (200, "buttons")
    assert re.findall(r'data-action="(\w+)"', body)[0] == "IN"
    assert '<span class="somebody__initial">A</span>' in body
    assert "Ada" not in body
    assert "Voorbeeld" not in body
    assert secret not in body
    assert str(ada.person_id) not in body
    assert all_registrations() == []


def test_a_tap_by_card_is_kept_with_card_and_tablet(
    tablet: Browser, ada: Employment, terminal: tuple[Terminal, str], works: Works, cast: Cast
) -> None:
    badge, secret = card_for(ada)

    answer = press(tablet, present(tablet, secret))
    page = tablet.get(answer["Location"])

    [stored] = all_registrations()
    assert (stored.person_id, stored.means, stored.kind) == (ada.person_id, Means.CARD, Kind.IN)
    assert (stored.badge_id, stored.terminal_id) == (badge.pk, terminal[0].pk)
    assert (stored.employer, stored.workplace, stored.point) == (
        cast.main,
        works.workplaces[0],
        works.point(),
    )
    assert stored.flags == []
    local = timezone.localtime(stored.happened_at)
    body = page.content.decode()
    assert (answer.status_code, stage(page)) == (303, "done")
    assert f'data-registration="{stored.pk}"' in body
    assert f'data-confirmed-at="{local.isoformat(timespec="seconds")}"' in body
    assert 'data-state="confirmed"' in body
    assert f">{local:%H:%M}</time>" in body
    assert '<span class="somebody__initial">A</span>' in body
    assert "Ada" not in body
    assert 'content="3;url=/kiosk/"' in body
    after = present(tablet, secret).content.decode()
    assert re.findall(r'data-action="(\w+)"', after)[0] == "OUT"


@pytest.mark.parametrize("written", ["04:A2:24:5B:C9:6F:80", "04a2245bc96f80"])
def test_a_chip_is_a_card_too(tablet: Browser, ada: Employment, written: str) -> None:
    badge, _secret = card_for(ada, chip="04A2245BC96F80")

    press(tablet, present(tablet, written))

    [stored] = all_registrations()
    assert (stored.means, stored.badge_id) == (Means.CHIP, badge.pk)


def test_a_typed_number_learns_nothing(tablet: Browser, ada: Employment, works: Works) -> None:
    tap(works, ada.person, Kind.IN, now=timezone.now() - timedelta(hours=1))
    known, unknown = (present(tablet, ssin).content.decode() for ssin in SSINS[:2])

    def without_keys(body: str) -> str:
        return re.sub(r'name="(ticket|client_key)" value="[^"]+"', "", body)

    assert re.findall(r'data-action="(\w+)"', known) == ["IN", "BREAK_START", "BREAK_END", "OUT"]
    assert "somebody__initial" not in known
    assert SSINS[0] not in known
    assert without_keys(known) == without_keys(unknown)


def test_a_typed_number_registers_and_is_flagged(tablet: Browser, terminal: tuple[Terminal, str]) -> None:
    answer = press(tablet, present(tablet, TYPED), "OUT")

    [stored] = all_registrations()
    assert (stored.means, stored.terminal_id, stored.badge_id) == (Means.TYPED, terminal[0].pk, None)
    assert "identityTyped" in stored.flags
    assert "somebody__initial" not in tablet.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("text", "words", "kept"),
    [
        ("85.07.30-033.29", "97", "85.07.30-033.29"),
        ("8507300332", "11 digits", "8507300332"),
        ("", "Hold your card before the camera, or type your number.", ""),
        ("A" * 32, "This card does not work here.", ""),
        ("04A2245BC96F80", "This card does not work here.", ""),
    ],
)
def test_what_does_not_work_is_told_with_a_way_out(tablet: Browser, text: str, words: str, kept: str) -> None:
    page = present(tablet, text)
    body = page.content.decode()

    assert (page.status_code, stage(page)) == (422, "start")
    assert words in body
    assert f'value="{kept}" placeholder' in body
    assert all_registrations() == []


def test_a_revoked_card_is_a_card_no_more_even_between_card_and_button(
    tablet: Browser, ada: Employment
) -> None:
    badge, secret = card_for(ada)
    page = present(tablet, secret)
    revoke_card(badge)

    answer = press(tablet, page)

    assert answer.status_code == 422
    assert "This card does not work here. Type your national number." in answer.content.decode()
    assert present(tablet, secret).status_code == 422
    assert all_registrations() == []


def test_an_impatient_double_scan_is_one_registration(tablet: Browser, ada: Employment) -> None:
    _badge, secret = card_for(ada)
    first, second = present(tablet, secret), present(tablet, secret)

    answers = [press(tablet, first), press(tablet, second)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert len(all_registrations()) == 1


def test_two_people_in_a_queue_do_not_mix(tablet: Browser, ada: Employment, cast: Cast) -> None:
    bob = make_worker(cast.main, SSINS[1], "Bob", now=timezone.now())
    cards = [card_for(ada)[1], card_for(bob)[1]]
    pages = [present(tablet, secret) for secret in cards]

    press(tablet, pages[1])
    press(tablet, pages[0])

    assert [row.person_id for row in all_registrations()] == [bob.person_id, ada.person_id]


def test_a_ticket_is_for_one_tablet_and_for_minutes(
    tablet: Browser, ada: Employment, cast: Cast, works: Works
) -> None:
    _badge, secret = card_for(ada)
    page = present(tablet, secret)
    _other, cookie = paired(cast.main, works.point(1), name="Other", now=timezone.now())

    answer = press(browser_of(cookie), page)

    assert answer.status_code == 422
    assert "Nothing was registered." in answer.content.decode()
    assert tablet.post("/kiosk/tap/", {"ticket": "nonsense", "action": "IN"}).status_code == 422
    assert all_registrations() == []


def test_a_confirmation_is_shown_on_its_own_tablet_only(
    tablet: Browser, ada: Employment, cast: Cast, works: Works
) -> None:
    answer = press(tablet, present(tablet, card_for(ada)[1]))
    _other, cookie = paired(cast.main, works.point(1), name="Other", now=timezone.now())

    assert browser_of(cookie).get(answer["Location"])["Location"] == "/kiosk/"
    assert tablet.get(f"/kiosk/done/{uuid4()}/")["Location"] == "/kiosk/"


def test_no_button_is_no_registration(tablet: Browser, ada: Employment) -> None:
    page = press(tablet, present(tablet, card_for(ada)[1]), "")

    assert (page.status_code, stage(page)) == (422, "buttons")
    assert all_registrations() == []


def test_the_employer_of_a_card_is_the_one_that_employs(tablet: Browser, cast: Cast, works: Works) -> None:
    subcontract_to(works, cast.sub)
    worker = make_worker(cast.sub, SSINS[0], now=timezone.now())
    card = card_for(worker)[1]

    press(tablet, present(tablet, card))

    assert all_registrations()[0].employer == cast.sub
    assert "employerAssumed" not in all_registrations()[0].flags


def test_the_employer_of_a_typed_number_is_chosen_or_assumed(
    tablet: Browser, cast: Cast, works: Works
) -> None:
    subcontract_to(works, cast.sub)
    page = present(tablet, TYPED)
    assert 'name="employer"' in page.content.decode()

    press(tablet, page)
    press(tablet, present(tablet, SSINS[1]), employer=str(cast.sub.pk))

    assumed, chosen = all_registrations()
    assert (assumed.employer, "employerAssumed" in assumed.flags) == (cast.main, True)
    assert (chosen.employer, "employerAssumed" in chosen.flags) == (cast.sub, False)


def test_a_revoked_tablet_has_no_authority(
    tablet: Browser, terminal: tuple[Terminal, str], ada: Employment, cast: Cast
) -> None:
    page = present(tablet, card_for(ada)[1])
    with company_scope(cast.main):
        revoke_terminal(terminal=terminal[0], actor=Actor(cast.main), now=timezone.now())

    assert press(tablet, page).status_code == 403
    assert tablet.get("/kiosk/alive").status_code == 403
    assert all_registrations() == []


def test_a_card_speaks_the_language_of_its_holder(tablet: Browser, ada: Employment) -> None:
    ada.person.language = "fr"
    ada.person.save(update_fields=["language"])

    page = present(tablet, card_for(ada)[1])

    assert '<html lang="fr"' in page.content.decode()
    assert '<html lang="en"' in tablet.get("/kiosk/").content.decode()


def test_a_language_is_spoken_for_a_minute(tablet: Browser) -> None:
    answer = tablet.post("/kiosk/language/", {"language": "fr"})

    assert answer.cookies["tablet_language"]["max-age"] == 60
    assert '<html lang="fr"' in tablet.get("/kiosk/").content.decode()


def test_another_website_does_nothing_here(terminal: tuple[Terminal, str]) -> None:
    tablet = browser_of(terminal[1])
    answer = tablet.post("/kiosk/who/", {"ssin": TYPED}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert not Person.objects.exists()


# --- Pictures ---------------------------------------------------------------------------------------------


def picture(text: str, *, form: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    """A grey wall with a card before it."""
    wall = Image.new("L", size, 150)
    if text:
        code = Image.open(BytesIO(qr_png(text))).convert("L").resize((260, 260))
        wall.paste(code, (190, 110))
    buffer = BytesIO()
    wall.save(buffer, form, quality=60)
    return buffer.getvalue()


def send(tablet: Browser, data: bytes) -> Any:
    return tablet.post("/kiosk/frame", data=data, content_type="image/jpeg")


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_card_is_read_in_a_picture(tablet: Browser, form: str) -> None:
    address = f"https://portal.example/c/{'k' * 32}/"

    assert send(tablet, picture(address, form=form)).json() == {"text": address}
    assert send(tablet, picture("")).json() == {"text": ""}


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"no picture at all", 415),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, 415),
        (b"GIF89a" + b"\0" * 50, 415),
        (b"\0" * 100_001, 413),
        (picture("", form="PNG", size=(4000, 4000)), 413),
    ],
)
def test_what_is_no_small_picture_is_refused(tablet: Browser, data: bytes, status: int) -> None:
    answer = send(tablet, data)
    assert (answer.status_code, answer.json()) == (status, {})


def test_pictures_are_counted(tablet: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registrations.kiosk.frames.SPELL_S", 10**9)
    monkeypatch.setattr("registrations.kiosk.frames.MOST_IN_A_SPELL", 3)
    cache.clear()
    assert [send(tablet, picture("")).status_code for _ in range(4)] == [200, 200, 200, 429]


# --- The tablet itself -------------------------------------------------------------------------------------


def test_it_says_that_it_lives_but_no_tap_waits_for_that(
    tablet: Browser, terminal: tuple[Terminal, str], ada: Employment, cast: Cast
) -> None:
    long_ago = timezone.now() - timedelta(days=1)
    with company_scope(cast.main):
        Terminal.objects.update(last_seen_at=long_ago)

        press(tablet, present(tablet, card_for(ada)[1]))
        assert Terminal.objects.get().last_seen_at == long_ago
    told = tablet.get("/kiosk/alive").json()

    with company_scope(cast.main):
        assert Terminal.objects.filter(last_seen_at__gt=long_ago).exists()
    assert abs(told["now"] / 1000 - timezone.now().timestamp()) < 60
    assert f'data-version="{told["version"]}"' in tablet.get("/kiosk/").content.decode()


def test_few_queries(tablet: Browser, ada: Employment) -> None:
    secret = card_for(ada)[1]
    tablet.get("/kiosk/")
    with at_most_queries(5):
        page = present(tablet, secret)
    with at_most_queries(14):
        press(tablet, page)
    with at_most_queries(2):
        tablet.get("/kiosk/")


def test_no_number_nor_secret_stays_anywhere(tablet: Browser) -> None:
    page = present(tablet, TYPED)
    answer = press(tablet, page)

    for response in (page, answer, tablet.get(answer["Location"])):
        everything = f"{response.content!r}{response.headers}{response.cookies}"
        assert SSINS[0] not in everything
        assert "85.07.30" not in everything
