"""The browser's own position: asked once after the tap, only where agreed; refusing costs nothing."""

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from ciao_portal.audit import Actor
from ciao_portal.tenancy import company_scope
from registrations.models import RegistrationPlace
from registrations.rules.agreements import Answer, Subject
from registrations.services.agreements import answer_agreement
from registrations.services.pairing import device_with_secret, offer_pairing, pair_phone
from tests.cast import SSINS, Cast, make_worker
from tests.journeys.windows import PHONE, window
from tests.portal import Portal
from tests.works import Works, declare

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What a page may count: how often the browser was asked for its position.
COUNT = """
window.asked = 0;
const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
navigator.geolocation.getCurrentPosition = (...all) => { window.asked += 1; ask(...all); };
"""


@pytest.fixture
def works(people: Cast) -> Works:
    return declare(people.main, now=timezone.now())


def own_phone(people: Cast, *, agrees: bool) -> str:
    """The secret of a paired phone."""
    now = timezone.now()
    worker = make_worker(people.main, SSINS[0], "Ada", now=now)
    with company_scope(people.main):
        link = offer_pairing(company=people.main, person=worker.person, actor=Actor(people.main), now=now)
    secret = pair_phone(secret=link, label="Android", now=now)
    device = device_with_secret(secret)
    assert device is not None
    if agrees:
        answer_agreement(
            device=device,
            company=people.main,
            subject=Subject.PLACE,
            answer=Answer.ACCEPTED,
            language="en",
            now=now,
        )
    return secret


@pytest.mark.parametrize("allows", [True, False], ids=["allowed", "refused"])
def test_with_an_agreement_it_is_asked_once(
    chromium: Browser, portal: Portal, people: Cast, works: Works, allows: bool
) -> None:
    secret = own_phone(people, agrees=True)
    with window(chromium, size=PHONE) as phone:
        context = phone.page.context
        context.add_cookies([{"name": "phone", "value": secret, "url": portal.url}])
        context.add_init_script(COUNT)
        if allows:
            context.grant_permissions(["geolocation"])
            context.set_geolocation({"latitude": 51.0543421, "longitude": 3.7174243, "accuracy": 12})
        phone.page.goto(f"{portal.url}/r/{works.point().code}/")
        assert phone.page.evaluate("window.asked") == 0
        phone.page.click("[data-action=IN]")

        told = "Your place was kept." if allows else "Your place was not sent. That is fine."
        expect(phone.page.locator("#place")).to_have_text(told)
        expect(phone.page.locator("[data-registration]")).to_have_attribute("data-state", "confirmed")
        assert RegistrationPlace.objects.count() == allows
        phone.page.reload()
        assert phone.page.evaluate("window.asked") == 0
        assert phone.complaints == []


def test_without_an_agreement_it_is_never_asked(
    chromium: Browser, portal: Portal, people: Cast, works: Works
) -> None:
    secret = own_phone(people, agrees=False)
    with window(chromium, size=PHONE) as phone:
        phone.page.context.add_cookies([{"name": "phone", "value": secret, "url": portal.url}])
        phone.page.context.add_init_script(COUNT)
        phone.page.goto(f"{portal.url}/r/{works.point().code}/")
        phone.page.click("[data-action=IN]")
        phone.page.wait_for_selector("[data-registration]")
        phone.page.wait_for_load_state("networkidle")
        assert phone.page.evaluate("window.asked") == 0
        assert not RegistrationPlace.objects.exists()
