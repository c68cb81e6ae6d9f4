"""A tablet at a workplace in a real browser: its camera, a reader that types, fingers on the screen."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from declarations.qr import qr_png
from registrations.models import Employment, Means
from tests.cast import SSINS, Cast, make_worker
from tests.journeys.conftest import OPTIONS
from tests.journeys.proxy import Line, Proxy
from tests.journeys.test_phone_looks import axe_complaints
from tests.journeys.windows import WAIT_MS, sign_in, window
from tests.portal import Portal
from tests.services import chromium_path
from tests.tablets import add, card_for, paired
from tests.works import Works, all_registrations, declare

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANDSCAPE = (1024, 768)
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture
def works(people: Cast) -> Works:
    return declare(people.main, now=timezone.now())


@pytest.fixture
def ada(people: Cast) -> Employment:
    return make_worker(people.main, SSINS[0], "Ada", now=timezone.now())


def film_of(text: str, path: Path) -> Path:
    """What a camera sees when a card is held before it: grey, a second of it (Chromium plays it again)."""
    wall = Image.new("L", (640, 480), 150)
    wall.paste(Image.open(BytesIO(qr_png(text))).convert("L").resize((280, 280)), (180, 100))
    colourless = bytes([128]) * (320 * 240)
    frame = b"FRAME\n" + wall.tobytes() + colourless + colourless
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 10)
    return path


@pytest.fixture
def card_on_film(chromium: Browser, portal: Portal, ada: Employment, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose camera sees Ada's card, for ever."""
    _badge, secret = card_for(ada)
    film = film_of(f"{portal.url}/c/{secret}/", tmp_path / "card.y4m")
    options = [*OPTIONS, *CAMERA, f"--use-file-for-fake-video-capture={film}"]
    browser = chromium.browser_type.launch(executable_path=chromium_path(), args=options)
    yield browser
    browser.close()


def stage(page: Page, name: str) -> None:
    expect(page.locator("#stage")).to_have_attribute("data-stage", name)


def become_tablet(context: BrowserContext, portal: Portal, secret: str) -> None:
    context.add_cookies([{"name": "tablet", "value": secret, "url": f"{portal.url}/kiosk/"}])


def test_a_card_before_the_camera_is_read_by_the_server_and_registers(
    card_on_film: Browser, portal: Portal, people: Cast, works: Works, ada: Employment
) -> None:
    _terminal, link = add(people.main, works.point(), now=timezone.now())
    with window(card_on_film, size=LANDSCAPE) as tablet:
        page = tablet.page
        page.goto(f"{portal.url}/kiosk/pair/{link}/")
        page.locator("main form button").click()
        page.wait_for_url(f"{portal.url}/kiosk/")
        expect(page.locator("#camera")).to_have_attribute("data-camera", "on")

        stage(page, "buttons")
        assert page.evaluate("'BarcodeDetector' in window") is False, "or the server was not asked"
        expect(page.locator(".somebody__initial")).to_have_text("A")
        expect(page.locator("[data-action]").first).to_have_attribute("data-action", "IN")
        page.locator("[data-action]").first.click()
        stage(page, "done")
        expect(page.locator("[data-registration]")).to_have_attribute("data-state", "confirmed")
        [stored] = all_registrations()
        assert stored.person_id == ada.person_id
        assert stored.means == Means.CARD

        # Three seconds later it is anybody's again, and a card that is still there is the same tap.
        stage(page, "start")
        page.wait_for_timeout(2500)
        stage(page, "start")
        assert page.url == f"{portal.url}/kiosk/", "the camera never stopped"
        page.reload()
        stage(page, "buttons")
        expect(page.locator("[data-action]").first).to_have_attribute("data-action", "OUT")
        assert len(all_registrations()) == 1
        assert tablet.complaints == []


def test_a_reader_types_and_fingers_do_and_nobody_who_walks_away_registers(
    chromium: Browser, portal: Portal, people: Cast, works: Works, ada: Employment
) -> None:
    bob = make_worker(people.main, SSINS[1], "Bob", now=timezone.now())
    _terminal, secret = paired(people.main, works.point(), now=timezone.now())
    _card, of_bob = card_for(bob)
    with window(chromium, size=LANDSCAPE) as tablet:
        page = tablet.page
        become_tablet(page.context, portal, secret)
        page.goto(f"{portal.url}/kiosk/")
        stage(page, "start")
        expect(page.locator(".camera__without")).to_be_visible()

        # Wherever the focus was; what the reader types is nobody's to read.
        page.locator("h1").click()
        page.keyboard.type(f"{portal.url}/c/{of_bob}/")
        expect(page.locator("#ssin")).to_have_attribute("type", "password")
        page.keyboard.press("Enter")
        stage(page, "buttons")
        expect(page.locator(".somebody__initial")).to_have_text("B")
        page.click("[data-action=OUT]")
        stage(page, "done")

        stage(page, "start")
        for digit in "85073003329":
            page.click(f"[data-key='{digit}']")
        page.click("[data-key=back]")
        page.click("[data-key='8']")
        page.locator("#who .next").click()
        stage(page, "buttons")
        expect(page.locator(".somebody__initial")).to_have_count(0)
        page.click("[data-action=IN]")
        stage(page, "done")

        # What somebody left in the field is not in the way of a card.
        stage(page, "start")
        page.click("[data-key='8']")
        page.keyboard.type(of_bob)
        page.keyboard.press("Enter")
        stage(page, "buttons")
        # Nobody presses anything: back to the start within ten seconds or so.
        expect(page.locator("#stage")).to_have_attribute("data-stage", "start", timeout=WAIT_MS)

        assert [(row.person_id, row.kind, row.means) for row in all_registrations()] == [
            (bob.person_id, "OUT", Means.CARD),
            (ada.person_id, "IN", Means.TYPED),
        ]
        kept = page.evaluate(
            "JSON.stringify([location.href, {...localStorage}, {...sessionStorage}, document.cookie])"
        )
        assert SSINS[0] not in kept
        assert of_bob not in kept
        assert tablet.complaints == []


def test_it_works_without_script_as_plain_forms(
    chromium: Browser, portal: Portal, people: Cast, works: Works, ada: Employment
) -> None:
    _terminal, secret = paired(people.main, works.point(), now=timezone.now())
    _card, of_ada = card_for(ada)
    with window(chromium, size=LANDSCAPE, has_script=False) as tablet:
        page = tablet.page
        become_tablet(page.context, portal, secret)
        page.goto(f"{portal.url}/kiosk/")
        # A reader types into the field that has the focus.
        page.locator("#ssin").type(f"{portal.url}/c/{of_ada}/")
        page.locator("#ssin").press("Enter")
        stage(page, "buttons")
        page.click("[data-action=IN]")
        stage(page, "done")
        assert len(all_registrations()) == 1
        # By itself, without any script.
        page.wait_for_url(f"{portal.url}/kiosk/")


def test_the_office_hangs_one_up_and_takes_it_down(
    chromium: Browser, portal: Portal, people: Cast, works: Works
) -> None:
    with window(chromium) as office, window(chromium, size=LANDSCAPE) as tablet:
        sign_in(office.page, portal, people.office.email)
        office.page.goto(f"{portal.url}/settings/tablets/new/?point={works.point(1).pk}")
        office.page.fill("input[name=name]", "Hall")
        office.page.locator("main form .btn--primary").click()
        link = office.page.locator("main code").inner_text()
        tablet.page.goto(link)
        tablet.page.locator("main form button").click()
        tablet.page.wait_for_url(f"{portal.url}/kiosk/")
        expect(tablet.page.locator("h1")).to_have_text("Gebouw 2")

        office.page.goto(f"{portal.url}/settings/tablets/")
        expect(office.page.locator("tr[data-id]")).to_contain_text("In use")
        office.page.click("tr[data-id] a")
        office.page.click("a[href$='/revoke/']")
        office.page.locator("main form .btn--danger").click()
        tablet.page.reload()

        expect(tablet.page.locator("h1")).to_have_text("This is no tablet of a workplace")
        assert office.complaints == []


def test_without_signal_taps_wait_on_the_tablet_and_are_sent_once(
    chromium: Browser, portal: Portal, people: Cast, works: Works, ada: Employment
) -> None:
    _terminal, secret = paired(people.main, works.point(), now=timezone.now())
    _card, of_ada = card_for(ada)
    with window(chromium, size=LANDSCAPE) as tablet:
        page = tablet.page
        become_tablet(page.context, portal, secret)
        page.goto(f"{portal.url}/kiosk/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        # The signal is lost between the card and the button.
        page.keyboard.type(of_ada)
        page.keyboard.press("Enter")
        stage(page, "buttons")
        portal.web.stop()
        page.click("[data-action=IN]")
        expect(page.locator("[data-state]")).to_have_attribute("data-state", "queued")
        expect(page.locator("#count")).to_have_text("1")
        stage(page, "start")

        # A card without any signal, then a number with a slip in it.
        page.keyboard.type(of_ada)
        page.keyboard.press("Enter")
        expect(page.locator(".somebody")).to_contain_text("No signal")
        page.click("[data-action=OUT]")
        expect(page.locator("#count")).to_have_text("2")
        stage(page, "start")
        page.keyboard.type("85073003329")
        page.keyboard.press("Enter")
        expect(page.locator("#stage [role=alert]")).to_contain_text("Type it once more")

        # What lies on the disk tells nobody anything; the page itself comes back without signal.
        kept = page.evaluate("self.ciaoQueue.waiting().then((items) => JSON.stringify(items))")
        assert of_ada not in kept
        assert SSINS[0] not in kept
        page.reload()
        stage(page, "start")
        expect(page.locator("#count")).to_have_text("2")

        portal.start_web()
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("#strip")).to_be_hidden()
        assert [(row.kind, row.means, row.person_id) for row in all_registrations()] == [
            ("IN", Means.CARD, ada.person_id),
            ("OUT", Means.CARD, ada.person_id),
        ]


@pytest.fixture
def tablet_behind(
    chromium: Browser, portal: Portal, people: Cast, works: Works, proxy: Proxy
) -> Iterator[Page]:
    """A paired tablet whose line can be cut; its start page is open."""
    _terminal, secret = paired(people.main, works.point(), now=timezone.now())
    context = chromium.new_context(viewport={"width": LANDSCAPE[0], "height": LANDSCAPE[1]}, locale="en")
    context.set_default_timeout(WAIT_MS)
    context.add_cookies([{"name": "tablet", "value": secret, "url": f"{proxy.url}/kiosk/"}])
    page = context.new_page()
    page.goto(f"{proxy.url}/kiosk/")
    stage(page, "start")
    yield page
    context.close()


def read(page: Page, text: str) -> None:
    """A reader that types."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("line", [Line.HOTEL, Line.BAD_GATEWAY, Line.ANSWER_LOST])
def test_only_the_portals_own_answer_lets_a_tablet_forget_a_tap(
    tablet_behind: Page, proxy: Proxy, ada: Employment, line: Line
) -> None:
    page = tablet_behind
    read(page, card_for(ada)[1])
    stage(page, "buttons")
    proxy.line = line
    page.click("[data-action=IN]")
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "queued")

    proxy.line = Line.OPEN
    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.locator("#strip")).to_be_hidden()
    [stored] = all_registrations()
    assert (stored.kind, stored.person_id, stored.means) == ("IN", ada.person_id, Means.CARD)


def test_two_presses_without_signal_are_one_tap(tablet_behind: Page, proxy: Proxy, ada: Employment) -> None:
    page = tablet_behind
    proxy.line = Line.DEAD
    read(page, card_for(ada)[1])
    expect(page.locator(".somebody")).to_contain_text("No signal")

    page.evaluate(
        "document.querySelectorAll('[data-action=IN]').forEach((one) => { one.click(); one.click(); })"
    )

    expect(page.locator("[data-state]")).to_have_attribute("data-state", "queued")
    expect(page.locator("#count")).to_have_text("1")
    stage(page, "start")
    proxy.line = Line.OPEN
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#strip")).to_be_hidden()
    assert [row.person_id for row in all_registrations()] == [ada.person_id]


def test_a_disk_that_answers_late_keeps_whose_card_it_was(
    tablet_behind: Page, proxy: Proxy, ada: Employment
) -> None:
    page = tablet_behind
    proxy.line = Line.DEAD
    read(page, card_for(ada)[1])
    expect(page.locator(".somebody")).to_contain_text("No signal")
    # The clock of the tap comes from the disk, which answers when the page wants to go back to its start.
    page.evaluate(
        "() => { const tap = self.ciaoQueue.tap;"
        "self.ciaoQueue.tap = (...all) => new Promise((go) => { self.answerNow = go; })"
        ".then(() => tap(...all)); }"
    )
    page.click("[data-action=IN]")
    page.locator(".away a").click()
    page.evaluate("self.answerNow()")
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "queued")

    proxy.line = Line.OPEN
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#strip")).to_be_hidden()
    assert [row.person_id for row in all_registrations()] == [ada.person_id]


def test_without_signal_nothing_is_kept_that_the_portal_will_not_know(
    tablet_behind: Page, proxy: Proxy, works: Works, ada: Employment
) -> None:
    page = tablet_behind
    card_for(ada, chip="0077734939")
    proxy.line = Line.DEAD

    # The poster instead of the card.
    read(page, f"{proxy.url}/r/{works.point().code}/")
    expect(page.locator("#stage [role=alert]")).to_contain_text("This card does not work here")
    page.wait_for_selector("#ssin")
    # Ten digits typed by fingers are a number with a slip; told by a reader they are a chip.
    for digit in "0077734939":
        page.click(f"[data-key='{digit}']")
    page.locator("#who .next").click()
    expect(page.locator("#stage [role=alert]")).to_contain_text("Type it once more")
    page.wait_for_selector("#ssin")
    read(page, "0077734939")
    expect(page.locator(".somebody")).to_contain_text("No signal")
    page.click("[data-action=OUT]")
    expect(page.locator("#count")).to_have_text("1")

    proxy.line = Line.OPEN
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#strip")).to_be_hidden()
    assert [(row.person_id, row.means) for row in all_registrations()] == [(ada.person_id, Means.CHIP)]


@pytest.mark.parametrize("look", [("nl", "light"), ("ar", "dark")])
def test_every_screen_is_accessible(
    chromium: Browser,
    portal: Portal,
    works: Works,
    ada: Employment,
    look: tuple[str, Literal["light", "dark"]],
) -> None:
    language, scheme = look
    _terminal, secret = paired(ada.company, works.point(), now=timezone.now())
    _card, of_ada = card_for(ada)
    context = chromium.new_context(
        viewport={"width": LANDSCAPE[0], "height": LANDSCAPE[1]}, locale=language, color_scheme=scheme
    )
    context.set_default_timeout(WAIT_MS)
    wrong = []
    try:
        page = context.new_page()
        page.goto(f"{portal.url}/kiosk/")
        wrong += axe_complaints(page)
        become_tablet(context, portal, secret)
        page.goto(f"{portal.url}/kiosk/")
        stage(page, "start")
        wrong += axe_complaints(page)
        page.keyboard.type(of_ada)
        page.keyboard.press("Enter")
        stage(page, "buttons")
        wrong += axe_complaints(page)
        page.locator("[data-action]").first.click()
        stage(page, "done")
        wrong += axe_complaints(page)
    finally:
        context.close()
    assert wrong == []
