"""The cleaner's phone: light, by itself, greeted by name when it is one's own."""

import re

import pytest
import requests
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from registrations.models import Device
from tests.cast import SSINS, Cast, make_worker
from tests.journeys.windows import PHONE, SMALL_PHONE, sign_in, window
from tests.portal import Portal
from tests.works import Works, declare

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Over the wire, everything included.
MOST_BYTES = 50 * 1024


@pytest.fixture
def works(people: Cast) -> Works:
    return declare(people.main, now=timezone.now())


@pytest.fixture
def address(works: Works, portal: Portal) -> str:
    """What the code on the wall leads to."""
    return f"{portal.url}/r/{works.point().code}/"


def icon_bytes(page: Page, portal: Portal) -> int:
    """The icon as it is served: a headless browser does not fetch it, a phone does."""
    href = page.locator("link[rel=icon]").get_attribute("href") or ""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(portal.url + href, headers={"Accept-Encoding": "gzip"}, stream=True, timeout=10)
        assert answer.status_code == 200
        head = sum(len(f"{name}: {value}\r\n") for name, value in answer.headers.items())
        return head + len(answer.raw.read(decode_content=False))


def test_the_page_is_light_and_comes_from_here_alone(
    chromium: Browser, portal: Portal, address: str, works: Works
) -> None:
    with window(chromium, size=PHONE) as phone:
        phone.count_bytes()
        phone.page.goto(address, wait_until="networkidle")
        page_bytes = phone.bytes_received
        assert page_bytes > 1000
        assert {url.rsplit(".", 1)[-1] for url in phone.addresses[1:]} >= {"css", "js"}
        total = page_bytes + icon_bytes(phone.page, portal)
        assert total <= MOST_BYTES, f"{total} bytes for the first page"

        phone.page.fill("input[name=ssin]", SSINS[0])
        phone.page.click("[data-action=IN]")
        phone.page.wait_for_selector("[data-registration]")
        assert phone.bytes_received + icon_bytes(phone.page, portal) <= MOST_BYTES, "with the confirmation"
        assert phone.complaints == []
        assert {url for url in phone.addresses if not url.startswith(portal.url)} == set()


def test_the_number_of_the_nsso_appears_by_itself(
    chromium: Browser, portal: Portal, people: Cast, address: str
) -> None:
    portal.give_access(people.main)
    with window(chromium, size=PHONE) as phone:
        phone.page.goto(address)
        phone.page.fill("input[name=ssin]", SSINS[0])
        phone.page.click("[data-action=IN]")
        expect(phone.page.locator("#journey-text")).to_have_text("On its way to the NSSO")
        here = phone.page.url

        portal.start_sender()

        expect(phone.page.locator("#journey-text")).to_have_text(re.compile(r"The NSSO has it, no\. \d+"))
        number = portal.simulator.registrations()[0]["id"]
        expect(phone.page.locator("#journey-text")).to_contain_text(str(number))
        assert phone.page.url == here
        assert [url for url in phone.addresses if url == here] == [here]


def test_a_pairing_link_makes_a_phone_ones_own(
    chromium: Browser, portal: Portal, people: Cast, address: str
) -> None:
    worker = make_worker(people.main, SSINS[0], "Ada", "Voorbeeld", now=timezone.now())
    with window(chromium) as office, window(chromium, size=SMALL_PHONE) as phone:
        sign_in(office.page, portal, people.office.email)
        office.page.goto(f"{portal.url}/workers/{worker.pk}/")
        office.page.click("form[action$='/pair/'] button")
        link = office.page.locator("main code").inner_text()
        assert link.startswith(f"{portal.url}/p/")

        phone.page.goto(link)
        assert not Device.objects.exists()
        phone.page.locator("main form button").click()
        phone.page.wait_for_url(f"{portal.url}/me/")
        phone.page.goto(address)

        expect(phone.page.locator("main")).to_contain_text("Hello Ada")
        expect(phone.page.locator("[data-action]").first).to_have_attribute("data-action", "IN")
        assert phone.height() <= SMALL_PHONE[1], "the first view must not scroll"
        phone.page.click("[data-action=IN]")
        expect(phone.page.locator("[data-registration]")).to_have_attribute("data-state", "confirmed")
        assert phone.height() <= SMALL_PHONE[1], "nor the confirmation"
        phone.page.goto(address)
        expect(phone.page.locator("[data-action]").first).to_have_attribute("data-action", "OUT")
        assert phone.height() <= SMALL_PHONE[1]
        assert office.complaints + phone.complaints == []
