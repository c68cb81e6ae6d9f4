"""`/settings/` and the letters under `/settings/outbox/`."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from pytest_django import Settings

from ciao_portal.audit import Actor
from ciao_portal.companies import add_member, store_credentials
from ciao_portal.mailbox import FILE_BACKEND
from ciao_portal.models import Role
from ciao_portal.tenancy import company_scope
from tests.cast import NOW, Cast, make_user
from tests.registrations.views.pages import Page, text


@pytest.fixture
def mailbox(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = FILE_BACKEND
    settings.EMAIL_FILE_PATH = str(tmp_path)


def send(to: str, subject: str) -> None:
    message = EmailMultiAlternatives(
        subject, f"Beste, dit is {subject} – met accent é.\nhttps://portal.test/x", "p@x.test", [to]
    )
    message.attach_alternative("<p>html</p>", "text/html")
    message.connection = get_connection()
    message.send()


def first_letter(page: Page) -> str:
    """The address of the letter on top of the list."""
    found = re.search(r'href="(/settings/outbox/[^"]+)"', page.content.decode())
    assert found
    return found[1]


def test_facts_of_the_company_and_its_people(cast: Cast) -> None:
    page = text(cast.browser(cast.auditor).get("/settings/"))
    for expected in (
        "Helder Main",
        "0206.731.645",
        "owner@main.example",
        "Auditor (reads only)",
        "Not set up",
        "Simulator",
    ):
        assert expected in page, expected
    assert "office@sub.example" not in page


def test_access_to_the_nsso_without_its_key(cast: Cast) -> None:
    with company_scope(cast.main):
        store_credentials(
            company=cast.main,
            client_id="self_service_chaman_1_main",
            private_key_pem="SECRET",
            public_key_pem="PUBLIC",
            actor=Actor(cast.main),
            now=NOW,
        )
    page = cast.browser(cast.auditor).get("/settings/")
    assert "self_service_chaman_1_main" in text(page)
    assert "SECRET" not in page.content.decode()
    assert "self_service_chaman_1_main" not in text(cast.browser(cast.sub_office).get("/settings/"))


def test_the_language_stays(cast: Cast) -> None:
    browser = cast.browser(cast.office)
    browser.post("/language/", {"language": "nl", "next": "/settings/"})
    assert 'lang="nl"' in browser.get("/settings/").content.decode()[:200]


@pytest.mark.usefixtures("mailbox")
def test_letters_are_listed_and_read(cast: Cast) -> None:
    send(cast.office.email, "Eerste")
    send(cast.office.email, "Tweede")
    browser = cast.browser(cast.owner)
    page = browser.get("/settings/outbox/")
    words = text(page)
    assert words.index("Tweede") < words.index("Eerste")
    address = first_letter(page)
    letter = browser.get(address)
    assert "dit is Tweede – met accent é." in text(letter)
    assert "no-store" in letter.headers["Cache-Control"]


@pytest.mark.usefixtures("mailbox")
def test_letters_of_others_are_not_found(cast: Cast) -> None:
    both = make_user("both@main.example", cast.main)
    add_member(company=cast.sub, user=both, role=Role.OFFICE, actor=Actor(), now=NOW - timedelta(days=365))
    for address in (cast.sub_office.email, both.email, "unknown@x.test"):
        send(address, f"Geheim voor {address}")
    browser = cast.browser(cast.owner)
    assert "Geheim" not in text(browser.get("/settings/outbox/"))
    sub_owner = make_user("owner@sub.example", cast.sub, Role.OWNER)
    page = cast.browser(sub_owner).get("/settings/outbox/")
    assert text(page).count("Geheim") == 1
    address = first_letter(page)
    assert browser.get(address).status_code == 404


def test_letters_sent_by_a_server_are_not_kept(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert "not kept here" in text(cast.browser(cast.owner).get("/settings/outbox/"))


def test_only_owners_read_the_mail(cast: Cast) -> None:
    for user in (cast.office, cast.auditor):
        assert cast.browser(user).get("/settings/outbox/").status_code == 403
        assert "Outgoing mail" not in text(cast.browser(user).get("/settings/"))
