"""Never lost, never pretended: taps without signal, from the button to exactly one registration."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ciao_portal.audit import Actor
from ciao_portal.days import clock_time
from ciao_portal.tenancy import company_scope
from registrations.models import Device, Registration
from registrations.services.pairing import offer_pairing, pair_phone, revoke_device
from tests.cast import SSINS, Cast, make_worker
from tests.journeys.proxy import Line, Proxy
from tests.journeys.windows import PHONE, WAIT_MS
from tests.portal import Portal, wait_for
from tests.works import Works, all_registrations, declare

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUEUED = "[data-state=queued]"
CONFIRMED = "[data-state=confirmed]"
WITHOUT_SYNC = "delete self.SyncManager;"
WITHOUT_WORKER = "delete Navigator.prototype.serviceWorker; delete self.SyncManager;"
WITHOUT_STORE = "Object.defineProperty(self, 'indexedDB', {get: () => undefined});"
STORE_IS_FULL = """
IDBObjectStore.prototype.put = function () { throw new DOMException("full", "QuotaExceededError"); };
"""
IS_KEPT = "(name) => self.ciaoQueue.recall(name).then(Boolean)"
NOTHING_WAITS = "() => self.ciaoQueue.waiting().then((items) => items.length === 0)"
WORKER_IS_THERE = """
() => !navigator.serviceWorker
  || navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))
"""
# Page, scripts and all that is kept for a day without signal, heads of the answers included.
MOST_BYTES = 50 * 1024
LONG_AGO = timedelta(hours=8)
CANARY, TYPED_CANARY = "85073003328", "85.07.30-033.28"
# Everything a page can read of what the browser keeps, as text.
ALL_THAT_IS_KEPT = """
async () => {
  const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, location.href];
  const answered = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const base = await answered(indexedDB.open("ciao"));
  for (const name of base.objectStoreNames) {
    kept.push(JSON.stringify(await answered(base.transaction(name).objectStore(name).getAll())));
  }
  base.close();
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      kept.push(request.url, await (await cache.match(request)).text());
    }
  }
  return kept.join("\\n");
}
"""


@pytest.fixture
def works(people: Cast) -> Works:
    return declare(people.main, now=timezone.now())


@pytest.fixture
def address(works: Works, proxy: Proxy) -> str:
    return f"{proxy.url}/r/{works.point().code}/"


@contextmanager
def phone(chromium: Browser, *scripts: str, shift: timedelta | None = None) -> Iterator[BrowserContext]:
    """A phone with its own memory; `scripts` take something away from it, `shift` sets its clock wrong."""
    context = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, locale="en-GB", timezone_id="Europe/Brussels"
    )
    context.set_default_timeout(WAIT_MS)
    for script in scripts:
        context.add_init_script(script)
    if shift is not None:
        context.add_init_script(clock_off_by(shift))
    try:
        yield context
    finally:
        context.close()


def clock_off_by(shift: timedelta) -> str:
    milliseconds = round(shift / timedelta(milliseconds=1))
    return f"{{ const right = Date.now; Date.now = () => right() + ({milliseconds}); }}"


def pair(context: BrowserContext, cast: Cast, url: str) -> Device:
    """Make the phone Ada's own."""
    now = timezone.now()
    worker = make_worker(cast.main, SSINS[0], "Ada", now=now)
    with company_scope(cast.main):
        link = offer_pairing(company=cast.main, person=worker.person, actor=Actor(cast.main), now=now)
        secret = pair_phone(secret=link, label="Android", now=now)
    context.add_cookies([{"name": "phone", "value": secret, "url": url, "httpOnly": True, "sameSite": "Lax"}])
    return Device.objects.get()


def visit(context: BrowserContext, address: str) -> Page:
    """Open the point's page with signal, until the phone has kept what it needs."""
    page = context.new_page()
    page.goto(address)
    ready(page)
    return page


def ready(page: Page) -> None:
    code = urlsplit(page.url).path.split("/")[2]
    wait_until(page, IS_KEPT, f"site:{code}")
    if any(cookie["name"] == "phone" for cookie in page.context.cookies()):
        wait_until(page, IS_KEPT, "ticket")
    wait_until(page, WORKER_IS_THERE)


def wait_until(page: Page, promise: str, given: str | None = None) -> None:
    """Until a promise gives true; `wait_for_function` would take the promise itself for true."""
    wait_for(lambda: page.evaluate(promise, given), seconds=WAIT_MS / 1000, what=promise)


def waiting(page: Page) -> int:
    return int(page.evaluate("() => self.ciaoQueue.waiting().then((items) => items.length)"))


def only_one() -> Registration:
    [registration] = all_registrations()
    return registration


def test_airplane_mode_closed_tab_eight_hours_reopened(
    chromium: Browser, people: Cast, proxy: Proxy, address: str
) -> None:
    with phone(chromium) as context:
        pair(context, people, proxy.url)
        visit(context, address).close()
        proxy.line = Line.DEAD

        # The phone's clock stands where the server's stood eight hours before it hears of the tap.
        page = context.new_page()
        page.add_init_script(clock_off_by(-LONG_AGO))
        page.goto(address)
        expect(page.locator("#no-signal")).to_be_visible()
        expect(page.locator("h1")).to_have_text("Gebouw 1")
        assert "Ada" not in page.content()
        before = timezone.now() - LONG_AGO
        page.click("[data-action=IN]")

        expect(page.locator(QUEUED)).to_be_visible()
        clock = page.locator(f"{QUEUED} time").get_attribute("datetime") or ""
        claimed = datetime.fromisoformat(clock)
        assert before - timedelta(seconds=1) <= claimed <= timezone.now() - LONG_AGO
        expect(page.locator(f"{QUEUED} h1")).to_have_text(clock_time(claimed))
        assert page.locator(CONFIRMED).count() == 0
        page.close()
        assert all_registrations() == []

        proxy.line = Line.OPEN
        page = context.new_page()
        page.goto(address)
        wait_for(all_registrations, seconds=15, what="the kept tap at the server")
        wait_until(page, NOTHING_WAITS)

        stored = only_one()
        assert stored.claimed_at == claimed
        assert abs(stored.happened_at - claimed) < timedelta(seconds=2)
        assert "sentLate" in stored.flags
        assert "clockDoubt" not in stored.flags


@pytest.mark.parametrize("line", [Line.DEAD, Line.HOTEL, Line.BAD_GATEWAY], ids=lambda line: line.name)
def test_a_tap_without_an_answer_waits_and_the_page_turns_by_itself(
    chromium: Browser, people: Cast, proxy: Proxy, address: str, line: Line
) -> None:
    with phone(chromium) as context:
        pair(context, people, proxy.url)
        page = visit(context, address)
        proxy.line = line

        page.click("[data-action=IN]")

        expect(page.locator(QUEUED)).to_contain_text("Kept on this phone. Not sent yet.")
        proxy.line = Line.OPEN
        expect(page.locator(CONFIRMED)).to_be_visible(timeout=30_000)
        assert page.locator("[data-registration]").get_attribute("data-registration") == str(only_one().pk)
        assert waiting(page) == 0


def test_an_answer_that_was_lost_is_asked_for_again_by_the_key(
    chromium: Browser, people: Cast, proxy: Proxy, address: str
) -> None:
    with phone(chromium) as context:
        pair(context, people, proxy.url)
        page = visit(context, address)
        proxy.line = Line.ANSWER_LOST

        page.click("[data-action=IN]")

        expect(page.locator(QUEUED)).to_be_visible()
        stored = only_one()
        assert any(line.startswith("POST /r/") for line in proxy.lost)
        proxy.line = Line.OPEN
        expect(page.locator(CONFIRMED)).to_be_visible(timeout=30_000)
        assert only_one() == stored
        assert "sentLate" not in stored.flags


@pytest.mark.parametrize("shift", [timedelta(days=-1), timedelta(days=1)], ids=["slow", "fast"])
def test_a_clock_that_is_a_day_wrong_is_corrected_and_flagged(
    chromium: Browser, people: Cast, proxy: Proxy, address: str, shift: timedelta
) -> None:
    with phone(chromium, WITHOUT_SYNC, shift=shift) as context:
        pair(context, people, proxy.url)
        page = visit(context, address)
        proxy.line = Line.DEAD
        before = timezone.now()
        page.click("[data-action=OUT]")
        expect(page.locator(QUEUED)).to_be_visible()
        proxy.line = Line.OPEN
        expect(page.locator(CONFIRMED)).to_be_visible(timeout=30_000)

    stored = only_one()
    assert stored.claimed_at is not None
    assert abs(stored.claimed_at - before - shift) < timedelta(seconds=10)
    assert abs(stored.happened_at - before) < timedelta(seconds=10)
    assert {"sentLate", "clockDoubt"} <= set(stored.flags)


def test_a_clock_set_between_tap_and_sending_is_told(
    chromium: Browser, people: Cast, proxy: Proxy, address: str
) -> None:
    with phone(chromium, WITHOUT_SYNC) as context:
        pair(context, people, proxy.url)
        page = visit(context, address)
        proxy.line = Line.DEAD
        page.click("[data-action=IN]")
        expect(page.locator(QUEUED)).to_be_visible()
        page.evaluate(clock_off_by(timedelta(minutes=-9)))
        proxy.line = Line.OPEN
        expect(page.locator(CONFIRMED)).to_be_visible(timeout=30_000)

    assert "clockDoubt" in only_one().flags


def test_the_night_with_two_hours_of_the_same_name(
    chromium: Browser, people: Cast, proxy: Proxy, address: str
) -> None:
    night = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # the second 02:30 in Brussels
    with phone(chromium, WITHOUT_SYNC) as context:
        pair(context, people, proxy.url)
        visit(context, address).close()
        proxy.line = Line.DEAD
        page = context.new_page()
        page.add_init_script(clock_off_by(night - timezone.now()))
        page.goto(address)
        page.click("[data-action=IN]")
        expect(page.locator(f"{QUEUED} h1")).to_have_text("02:30")
        page.close()
        proxy.line = Line.OPEN
        context.new_page().goto(address)
        wait_for(all_registrations, seconds=15, what="the kept tap at the server")

    stored = only_one()
    assert abs(stored.happened_at - night) < timedelta(minutes=1)
    assert stored.happened_day == night.date()


def test_two_tabs_at_once_send_one(chromium: Browser, people: Cast, proxy: Proxy, address: str) -> None:
    with phone(chromium, WITHOUT_SYNC) as context:
        pair(context, people, proxy.url)
        page = visit(context, address)
        proxy.line = Line.DEAD
        page.click("[data-action=IN]")
        expect(page.locator(QUEUED)).to_be_visible()
        other = context.new_page()
        other.goto(address)
        expect(other.locator("section[data-say=strip]")).to_contain_text("Start")
        sent: list[str] = []
        context.on("response", lambda got: sent.append(got.url) if got.url.endswith("/replay/") else None)

        proxy.line = Line.OPEN
        for tab in (page, other):
            tab.evaluate("() => { dispatchEvent(new Event('online')); }")

        expect(page.locator(CONFIRMED)).to_be_visible(timeout=70_000)
        assert len(sent) == 1
        only_one()


def test_where_there_are_no_locks_a_lease_keeps_two_tabs_apart(
    chromium: Browser, people: Cast, proxy: Proxy, address: str
) -> None:
    with phone(chromium, WITHOUT_SYNC, "delete Navigator.prototype.locks;") as context:
        pair(context, people, proxy.url)
        page = visit(context, address)
        proxy.line = Line.DEAD
        page.click("[data-action=IN]")
        expect(page.locator(QUEUED)).to_be_visible()
        sent: list[str] = []
        context.on("response", lambda got: sent.append(got.url) if got.url.endswith("/replay/") else None)

        proxy.line = Line.OPEN
        page.evaluate("() => { for (let turn = 0; turn < 5; turn += 1) self.ciaoQueue.send(); }")

        expect(page.locator(CONFIRMED)).to_be_visible(timeout=30_000)
        assert len(sent) == 1
        only_one()


def test_a_number_typed_without_signal_is_kept_for_the_servers_eyes_only(
    chromium: Browser, portal: Portal, proxy: Proxy, address: str
) -> None:
    with phone(chromium) as context:
        urls: list[str] = []
        context.on("request", lambda request: urls.append(request.url))
        page = visit(context, address)
        proxy.line = Line.DEAD
        page.goto(address)
        page.click("[data-action=IN]")
        expect(page.locator("[data-say=number]")).to_be_visible()
        page.fill("input[name=ssin]", f"{CANARY[:-1]}{(int(CANARY[-1]) + 1) % 10}")
        page.click("[data-action=IN]")
        expect(page.locator("[data-say=digits]")).to_be_visible()
        page.fill("input[name=ssin]", TYPED_CANARY)
        page.click("[data-action=IN]")
        expect(page.locator(QUEUED)).to_be_visible()
        assert waiting(page) == 1
        assert_no_canary(page.evaluate(ALL_THAT_IS_KEPT))

        proxy.line = Line.OPEN
        expect(page.locator(CONFIRMED)).to_be_visible(timeout=30_000)
        assert_no_canary(page.evaluate(ALL_THAT_IS_KEPT))
        assert_no_canary("".join(urls))

    stored = only_one()
    assert stored.person.ssin == CANARY
    assert {"identityTyped", "sentLate"} <= set(stored.flags)
    portal.web.stop()
    assert_no_canary(portal.web.output)


def test_a_number_typed_with_signal_is_kept_nowhere_either(
    chromium: Browser, proxy: Proxy, address: str
) -> None:
    with phone(chromium) as context:
        page = visit(context, address)
        page.fill("input[name=ssin]", TYPED_CANARY)
        page.click("[data-action=IN]")
        expect(page.locator(CONFIRMED)).to_be_visible()
        assert_no_canary(page.evaluate(ALL_THAT_IS_KEPT))
        # Going home without signal needs no number: the phone keeps a ticket for this point.
        page.goto(address)
        wait_until(page, IS_KEPT, f"ticket:{address.split('/')[4]}")
        proxy.line = Line.DEAD
        page.goto(address)
        page.click("[data-action=OUT]")
        expect(page.locator(QUEUED)).to_be_visible()
        proxy.line = Line.OPEN
        expect(page.locator(CONFIRMED)).to_be_visible(timeout=30_000)
        assert_no_canary(page.evaluate(ALL_THAT_IS_KEPT))
    assert [row.means for row in all_registrations()] == ["typed", "ticket"]


def test_a_browser_without_a_service_worker_keeps_it_and_says_when_it_is_sent(
    chromium: Browser, people: Cast, proxy: Proxy, address: str
) -> None:
    with phone(chromium, WITHOUT_WORKER) as context:
        pair(context, people, proxy.url)
        page = visit(context, address)
        proxy.line = Line.DEAD
        page.click("[data-action=IN]")
        expect(page.locator("[data-say=open]")).to_have_text(
            "Open this page again when you have signal. Then it is sent."
        )
        page.close()
        proxy.line = Line.OPEN
        context.new_page().goto(address)
        wait_for(all_registrations, seconds=15, what="the kept tap at the server")
    assert "sentLate" in only_one().flags


@pytest.mark.parametrize("lack", [WITHOUT_STORE, STORE_IS_FULL], ids=["private", "full"])
def test_where_nothing_can_be_kept_the_page_says_so(
    chromium: Browser, people: Cast, proxy: Proxy, address: str, lack: str
) -> None:
    with phone(chromium, lack) as context:
        pair(context, people, proxy.url)
        page = context.new_page()
        page.goto(address)
        proxy.line = Line.DEAD
        page.click("[data-action=IN]")
        expect(page.locator("[data-say=unkept]")).to_contain_text("Not registered yet.")
        assert page.locator("[data-state]").count() == 0

        proxy.line = Line.OPEN
        page.click("[data-action=IN]")
        expect(page.locator(CONFIRMED)).to_be_visible()
    assert "sentLate" not in only_one().flags


def test_without_encryption_a_typed_number_needs_signal(
    chromium: Browser, proxy: Proxy, address: str
) -> None:
    with phone(chromium, "Object.defineProperty(crypto, 'subtle', {value: undefined});") as context:
        page = visit(context, address)
        proxy.line = Line.DEAD
        page.fill("input[name=ssin]", TYPED_CANARY)
        page.click("[data-action=IN]")
        expect(page.locator("[data-say=signal]")).to_contain_text("needs signal")
        assert waiting(page) == 0
        assert_no_canary(page.evaluate(ALL_THAT_IS_KEPT))
        proxy.line = Line.OPEN
        page.click("[data-action=IN]")
        expect(page.locator(CONFIRMED)).to_be_visible()
    only_one()


def test_another_phone_takes_over_by_a_code(
    chromium: Browser, people: Cast, proxy: Proxy, address: str, tmp_path: Path
) -> None:
    with phone(chromium, WITHOUT_SYNC) as context, phone(chromium) as helper:
        pair(context, people, proxy.url)
        page = visit(context, address)
        proxy.line = Line.DEAD
        page.goto(address)
        page.click("[data-action=IN]")
        page.click("a:has-text('Send with another phone'), a:has-text('another phone')")
        expect(page.locator("svg.code")).to_be_visible()
        scanned = scan(page, tmp_path)
        assert scanned.startswith(f"{proxy.url}/r/take-over/#")
        page.close()

        proxy.line = Line.OPEN
        other = helper.new_page()
        urls: list[str] = []
        other.on("request", lambda request: urls.append(request.url))
        other.goto(scanned)
        expect(other.locator("#ask")).to_be_visible()
        assert all_registrations() == []
        assert "#" not in other.url
        other.click("#send")
        expect(other.locator("#sent")).to_be_visible()
        first = only_one()
        assert first.person == Device.objects.get().person
        assert first.device == Device.objects.get()
        assert "sentLate" in first.flags
        assert all(scanned.split("#")[1][:20] not in url.split("#")[0] for url in urls)

        # The first phone sends it too, when it can: it is known already.
        page = context.new_page()
        page.goto(address)
        wait_until(page, NOTHING_WAITS)
        assert only_one() == first


def test_a_phone_that_was_withdrawn_is_heard_but_held(
    chromium: Browser, people: Cast, proxy: Proxy, address: str
) -> None:
    with phone(chromium) as context:
        device = pair(context, people, proxy.url)
        page = visit(context, address)
        proxy.line = Line.DEAD
        page.click("[data-action=IN]")
        expect(page.locator(QUEUED)).to_be_visible()
        revoke_device(device=device, actor=Actor(people.main), now=timezone.now())
        proxy.line = Line.OPEN
        expect(page.locator(CONFIRMED)).to_contain_text("Your employer looks at it first", timeout=30_000)
    assert {"phoneRevoked", "sentLate"} <= set(only_one().flags)


def test_what_cannot_be_stored_stays_with_words_and_holds_up_nothing(
    chromium: Browser, people: Cast, proxy: Proxy, address: str
) -> None:
    with phone(chromium) as context:
        pair(context, people, proxy.url)
        page = visit(context, address)
        proxy.line = Line.DEAD
        page.evaluate(
            "() => self.ciaoQueue.tap('IN', 'AAAAAAAAAA').then((item) => self.ciaoQueue.keep(item))"
        )
        page.click("[data-action=OUT]")
        expect(page.locator(QUEUED)).to_be_visible()
        proxy.line = Line.OPEN
        expect(page.locator(CONFIRMED)).to_be_visible(timeout=30_000)
        strip = page.locator("section[data-say=strip]")
        expect(strip).to_contain_text("This code is not known.")
        assert waiting(page) == 1
    only_one()


def test_a_phone_that_was_never_here_offers_four_buttons_without_signal(
    chromium: Browser, people: Cast, works: Works, proxy: Proxy, address: str
) -> None:
    elsewhere = f"{proxy.url}/r/{works.point(1).code}/"
    with phone(chromium) as context:
        pair(context, people, proxy.url)
        page = visit(context, address)
        proxy.line = Line.DEAD
        page.goto(elsewhere)
        expect(page.locator("[data-action]")).to_have_count(4)
        page.click("[data-action=IN]")
        expect(page.locator(QUEUED)).to_be_visible()
        proxy.line = Line.OPEN
        expect(page.locator(CONFIRMED)).to_be_visible(timeout=30_000)
    assert only_one().point == works.point(1)


def test_a_confirmation_without_signal_says_it_is_registered(
    chromium: Browser, people: Cast, proxy: Proxy, address: str
) -> None:
    with phone(chromium) as context:
        pair(context, people, proxy.url)
        page = visit(context, address)
        page.click("[data-action=IN]")
        expect(page.locator(CONFIRMED)).to_be_visible()
        proxy.line = Line.DEAD
        page.reload()
        expect(page.locator("#stored")).to_contain_text("It is registered.")
        assert page.locator("[data-action]:visible").count() == 0


def test_everything_a_first_visit_brings_is_light(
    chromium: Browser, people: Cast, proxy: Proxy, address: str
) -> None:
    with phone(chromium) as context:
        pair(context, people, proxy.url)
        page = visit(context, address)
        page.wait_for_load_state("networkidle")
        assert proxy.bytes_back <= MOST_BYTES, (
            f"{proxy.bytes_back} bytes, with what the phone keeps for later"
        )


def scan(page: Page, folder: Path) -> str:
    """What a camera reads from the screen."""
    picture = folder / "screen.png"
    page.screenshot(path=str(picture))
    with Image.open(picture) as image:
        [code] = zxingcpp.read_barcodes(image)
    return str(code.text)


def assert_no_canary(text: str) -> None:
    assert CANARY not in re.sub(r"[\s./_-]", "", text)
