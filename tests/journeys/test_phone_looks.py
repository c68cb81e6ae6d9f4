"""The cleaner's pages as eyes, fingers, ears and screen readers meet them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from ciao_portal.languages import WORKER_CODES
from registrations.models.nsso import Submission, SubmissionState
from tests.cast import Cast
from tests.journeys.windows import SMALL_PHONE, WAIT_MS
from tests.phone_scenes import Phone, Scene, Stage, build_stage
from tests.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What a cleaner meets every day: none of it scrolls.
EVERY_DAY = (
    "point",
    "point, all to choose",
    "point, own phone",
    "confirmation, waiting",
    "confirmation, accepted",
    "type the code",
)
# Headless browsers have no voices; this one is taught two.
VOICES = """
const voices = [
  {lang: "xx-XX", localService: true},
  {lang: "nl-BE", localService: false},
  {lang: "nl_NL", localService: true},
];
window.said = [];
speechSynthesis.getVoices = () => voices;
speechSynthesis.cancel = () => window.said.push("cancelled");
speechSynthesis.speak = (speech) => window.said.push(speech.text, speech.lang);
Object.defineProperty(SpeechSynthesisUtterance.prototype, "voice", {writable: true});
"""
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, select, summary")]
  .filter((one) => one.checkVisibility() && !one.matches(".unseen, [type=hidden]"))
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([_, box]) => box.height < 47.9 || box.width < 47.9)
  .map(([html, box]) => `${html}: ${box.width} by ${box.height}`)"""
PLACES = """() => [...document.querySelectorAll("h1, .words, .journey, footer > *")]
  .map((one) => { const box = one.getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; })"""


@pytest.fixture
def stage(people: Cast) -> Stage:
    return build_stage(people, now=timezone.now())


@contextmanager
def looking(
    browser: Browser, portal: Portal, stage: Stage, language: str, *, scheme: str = "light", init: str = ""
) -> Iterator[dict[Phone, Page]]:
    """A small phone of each kind, speaking the language."""
    pages = {}
    for phone in Phone:
        context = browser.new_context(
            viewport={"width": SMALL_PHONE[0], "height": SMALL_PHONE[1]},
            locale=language,
            color_scheme="dark" if scheme == "dark" else "light",
        )
        context.set_default_timeout(WAIT_MS)
        if init:
            context.add_init_script(init)
        if phone in stage.secrets:
            context.add_cookies([{"name": "phone", "value": stage.secrets[phone], "url": portal.url}])
        pages[phone] = context.new_page()
    try:
        yield pages
    finally:
        for page in pages.values():
            page.context.close()


def scenes(stage: Stage, names: Iterable[str] = ()) -> list[Scene]:
    return [scene for scene in stage.scenes if scene.is_looked_at and (not names or scene.name in names)]


def axe_complaints(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:90]}" for one in found for node in one["nodes"]]


def test_every_language_is_accessible_and_fits_the_first_screen(
    chromium: Browser, portal: Portal, stage: Stage
) -> None:
    wrong = []
    for language in WORKER_CODES:
        with looking(chromium, portal, stage, language) as pages:
            for scene in scenes(stage, EVERY_DAY):
                page = pages[scene.phone]
                page.goto(portal.url + scene.address)
                expect(page.locator("html")).to_have_attribute("lang", language)
                width, height = page.evaluate(
                    "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
                )
                if width > SMALL_PHONE[0] or height > SMALL_PHONE[1]:
                    wrong.append(f"{language}, {scene.name}: {width} by {height}")
                if scene.name == "point, all to choose":
                    wrong += [f"{language}, {scene.name}: {one}" for one in axe_complaints(page)]
    assert wrong == []


def test_every_page_is_accessible_in_both_themes_and_large(
    chromium: Browser, portal: Portal, stage: Stage
) -> None:
    """Light and dark, left to right and right to left; fingers find everything; twice the text fits."""
    wrong = []
    for language, scheme in product(("bg", "ar"), ("light", "dark")):
        with looking(chromium, portal, stage, language, scheme=scheme) as pages:
            for scene in scenes(stage):
                page = pages[scene.phone]
                page.goto(portal.url + scene.address)
                found = axe_complaints(page)
                if scheme == "light":
                    # What the phone shows without signal speaks the language it was kept in.
                    for chooser in page.locator("details.languages summary").all():
                        chooser.click()
                    found += page.evaluate(SMALL_TARGETS)
                    page.evaluate("document.documentElement.style.fontSize = '200%'")
                    width = page.evaluate("document.documentElement.scrollWidth")
                    found += [f"{width} px wide at twice the text"] if width > SMALL_PHONE[0] else []
                wrong += [f"{language}, {scheme}, {scene.name}: {one}" for one in found]
    assert wrong == []


def test_the_page_has_one_large_action_and_may_be_installed(
    chromium: Browser, portal: Portal, stage: Stage
) -> None:
    with looking(chromium, portal, stage, "nl") as pages:
        page = pages[Phone.PAIRED]
        page.goto(portal.url + scenes(stage, ["point, own phone"])[0].address)
        box = page.locator(".buttons .primary").bounding_box()
        manifest = page.context.new_cdp_session(page).send("Page.getAppManifest")

    assert box
    assert box["height"] >= 96
    assert box["width"] >= SMALL_PHONE[0] - 2 * 16
    assert manifest["errors"] == []
    assert manifest["url"].startswith(f"{portal.url}/static/phone.")
    assert '"start_url": "/r/"' in manifest["data"]


def test_the_confirmation_speaks_where_it_can_and_stays_still(
    chromium: Browser, portal: Portal, stage: Stage
) -> None:
    [scene] = scenes(stage, ["confirmation, waiting"])
    number = UUID(scene.address.split("/")[3])
    for language, init in (("nl", ""), ("sq", VOICES)):
        with looking(chromium, portal, stage, language, init=init) as pages:
            page = pages[scene.phone]
            page.goto(portal.url + scene.address)
            expect(page.locator(".journey.waiting")).to_be_visible()
            expect(page.locator("#speak")).to_be_hidden()
    with looking(chromium, portal, stage, "nl", init=VOICES) as pages:
        page = pages[scene.phone]
        page.goto(portal.url + scene.address)
        expect(page.locator("#speak")).to_be_visible()
        before = page.evaluate(PLACES)

        Submission.objects.filter(registration=number).update(
            state=SubmissionState.ACCEPTED, nsso_id=1_234_567_890
        )

        expect(page.locator(".journey.done")).to_contain_text("1234567890")
        assert page.evaluate(PLACES) == before, "nothing moves"
        page.locator("#speak").click()
        cancelled, text, language = page.evaluate("window.said")
    assert cancelled == "cancelled"
    assert text.endswith(". Start geregistreerd. Aangekomen bij de RSZ, nr. 1234567890")
    assert language == "nl_NL"
