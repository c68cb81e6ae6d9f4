"""The pages of the access to the NSSO: what each role sees, the way from nothing to a replaced key."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from ciao_portal.audit import Actor
from ciao_portal.companies import store_credentials
from ciao_portal.models import AuditEvent, NssoCredentials, SpareKey
from ciao_portal.nsso.auth import generate_key_pair
from ciao_portal.tenancy import company_scope, unscoped
from tests.cast import MAIN_NUMBER, NOW, Cast
from tests.queries import at_most_queries
from tests.registrations.views.pages import Page, text
from tests.simulator import SimulatorProcess

KEYS = generate_key_pair()
PAGE = "/settings/nsso/"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    with SimulatorProcess(tmp_path_factory.mktemp("simulator")) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: SimulatorProcess, settings: Settings) -> SimulatorProcess:
    running.put_reference(clients=[])
    settings.NSSO_ENVIRONMENT = "simulator"
    settings.NSSO_BASE_URL = running.base_url
    settings.NSSO_TOKEN_URL = running.token_url
    return running


def give_access(cast: Cast, client_id: str = "self_service_chaman_1_main") -> NssoCredentials:
    with company_scope(cast.main):
        return store_credentials(
            company=cast.main,
            client_id=client_id,
            private_key_pem=KEYS.private_pem,
            public_key_pem=KEYS.public_pem,
            actor=Actor(cast.main),
            now=NOW,
        )


def signals(page: Page) -> list[str]:
    """How the steps of a test went."""
    return re.findall(r"timeline__step--(\w+)", page.content.decode())


def secret_lines() -> set[str]:
    """The lines of the private keys there are."""
    with unscoped(reason="a test looks for secrets"):
        held = [*NssoCredentials.objects.all(), *SpareKey.objects.all()]
        return {line for one in held for line in one.private_key_pem.splitlines() if "KEY" not in line}


def test_everybody_sees_the_state_and_nobody_the_key(cast: Cast) -> None:
    give_access(cast)
    for user in (cast.auditor, cast.office, cast.owner):
        browser = cast.browser(user)
        with at_most_queries(7):
            page = browser.get(PAGE)
        assert "self_service_chaman_1_main" in text(page)
        assert not [line for line in secret_lines() if line in page.content.decode()]
        assert ("Fingerprint" in text(page)) is (user == cast.owner)
    assert "self_service_chaman_1_main" not in text(cast.browser(cast.sub_office).get(PAGE))


def test_a_key_then_its_client_id(cast: Cast) -> None:
    browser = cast.browser(cast.owner)
    assert "Not set up" in text(browser.get(PAGE))
    assert "/settings/nsso/guide/" in browser.get(PAGE).content.decode()
    assert browser.get(f"{PAGE}certificate/").status_code == 404
    browser.post(f"{PAGE}key/")
    waiting = browser.get(PAGE)
    assert "Waiting for the client id" in text(waiting)
    assert "Once the client id is entered" in text(waiting)
    certificate = browser.get(f"{PAGE}certificate/")
    assert certificate.content.startswith(b"-----BEGIN CERTIFICATE-----")
    assert certificate.headers["Content-Disposition"] == 'attachment; filename="nsso-certificate.pem"'
    key = browser.get(f"{PAGE}public-key/")
    assert key.content.startswith(b"-----BEGIN PUBLIC KEY-----")
    browser.post(f"{PAGE}client/", {"client_id": "  self_service_chaman_1_main\n"})
    done = browser.get(PAGE)
    assert "not tested yet" in text(done)
    assert "self_service_chaman_1_main" in text(done)
    assert "looks different" not in text(done)
    browser.post(f"{PAGE}key/")
    assert "has a key already" in text(browser.get(PAGE))
    assert browser.get(f"{PAGE}certificate/").content == certificate.content


@pytest.mark.parametrize("client_id", ["two words", "", "a/b", "é" * 5, "x" * 121])
def test_what_cannot_be_a_client_id_is_refused_at_its_field(cast: Cast, client_id: str) -> None:
    give_access(cast)
    page = cast.browser(cast.owner).post(f"{PAGE}client/", {"client_id": client_id})
    assert page.status_code == 200
    assert b'id="id_client_id_error"' in page.content
    assert "self_service_chaman_1_main" in text(cast.browser(cast.owner).get(PAGE))


def test_an_unusual_client_id_is_kept_with_a_warning(cast: Cast) -> None:
    give_access(cast)
    browser = cast.browser(cast.owner)
    page = browser.post(f"{PAGE}client/", {"client_id": "other-form.7"}, follow=True)
    assert "looks different" in text(page)
    assert "other-form.7" in text(browser.get(PAGE))


def test_only_owners_change_anything(cast: Cast) -> None:
    give_access(cast)
    for user in (cast.office, cast.auditor):
        browser = cast.browser(user)
        posts = ("key/", "client/", "test/", "spare/", "spare/test/", "spare/switch/", "spare/discard/")
        assert {browser.post(PAGE + end).status_code for end in posts} == {403}
        assert {browser.get(PAGE + end).status_code for end in ("certificate/", "public-key/")} == {403}
        assert "<form" not in browser.get(PAGE).content.decode().partition("<main")[2].partition("</main")[0]


def test_the_connection_is_tested_step_by_step(cast: Cast, simulator: SimulatorProcess) -> None:
    access = give_access(cast)
    browser = cast.browser(cast.owner)
    refused = browser.post(f"{PAGE}test/")
    assert "does not accept this key" in text(refused)
    assert signals(refused) == ["ok", "ok", "ok", "late", "quiet"]
    assert "The last test did not pass" in text(browser.get(PAGE))

    simulator.register_keys(access.client_id, MAIN_NUMBER, KEYS.public_pem)
    passed = browser.post(f"{PAGE}test/")
    assert "Everything works" in text(passed)
    assert signals(passed) == ["ok"] * 5
    assert "trace ids" in text(passed)
    assert not [line for line in secret_lines() if line in passed.content.decode()]
    assert "Set up" in text(browser.get(PAGE))
    results = AuditEvent.objects.filter(action="credentials.tested").order_by("at")
    assert [event.payload["result"] for event in results] == ["tokenRefused", "passed"]
    listed = text(browser.get("/settings/audit/"))
    assert "Connection with the NSSO tested" in listed


def replace_key(browser: Browser, simulator: SimulatorProcess, access: NssoCredentials) -> None:
    """What an owner does, with Chaman in the middle."""
    browser.post(f"{PAGE}spare/")
    assert "has not passed a test yet" in text(browser.get(PAGE))
    assert "does not accept this key" in text(browser.post(f"{PAGE}spare/test/"))
    with unscoped(reason="a test uploads the certificate"):
        public_pem = SpareKey.objects.get().public_key_pem
    simulator.register_keys(access.client_id, MAIN_NUMBER, KEYS.public_pem, public_pem)
    assert "works with the second key" in text(browser.post(f"{PAGE}spare/test/"))
    browser.post(f"{PAGE}spare/switch/")


def test_a_key_is_replaced(cast: Cast, simulator: SimulatorProcess) -> None:
    access = give_access(cast)
    browser = cast.browser(cast.owner)
    before = browser.get(f"{PAGE}certificate/").content
    assert browser.get(f"{PAGE}spare/certificate/").status_code == 404
    replace_key(browser, simulator, access)
    assert browser.get(f"{PAGE}spare/certificate/").content == before
    assert browser.get(f"{PAGE}certificate/").content != before
    page = text(browser.get(PAGE))
    assert "there is a second key" in page
    browser.post(f"{PAGE}spare/discard/")
    assert "there is a second key" not in text(browser.get(PAGE))
    assert "Everything works" in text(browser.post(f"{PAGE}test/"))
    assert "There is no second key" in text(browser.post(f"{PAGE}spare/switch/", follow=True))


def test_a_key_without_certificate_says_so(cast: Cast) -> None:
    access = give_access(cast)
    with unscoped(reason="a test goes back in time"):
        NssoCredentials.objects.filter(pk=access.pk).update(certificate_pem="", certificate_ends_at=None)
    browser = cast.browser(cast.owner)
    assert "This key has no certificate" in text(browser.get(PAGE))
    assert browser.get(f"{PAGE}certificate/").status_code == 404


def test_the_guide_is_for_everybody_and_promises_nothing(cast: Cast) -> None:
    for user in (cast.owner, cast.office, cast.auditor):
        page = text(cast.browser(user).get(f"{PAGE}guide/"))
        assert "Chief Access Manager" in page
        assert "certifies no software" in page
