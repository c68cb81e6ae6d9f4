"""The hub, the company, oneself, and the letters under `/settings/outbox/`."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone
from pytest_django import Settings

from ciao_portal.audit import Actor
from ciao_portal.companies import add_member
from ciao_portal.invitations import invite, send_invitation
from ciao_portal.mailbox import FILE_BACKEND
from ciao_portal.models import AuditEvent, Company, Role, User
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


@pytest.mark.parametrize(
    ("person", "pages"),
    [
        ("owner", {"me", "company", "people", "nsso", "audit", "retention", "outbox"}),
        ("office", {"me", "company", "people", "nsso"}),
        ("auditor", {"me", "company", "people", "nsso", "audit", "retention"}),
    ],
)
def test_the_hub_leads_to_what_one_may_open(cast: Cast, person: str, pages: set[str]) -> None:
    browser = cast.browser(getattr(cast, person))
    found = set(re.findall(r'"(/settings/[a-z]+/)"', browser.get("/settings/").content.decode()))
    assert {f"/settings/{name}/" for name in pages} <= found
    assert {address: browser.get(address).status_code for address in found} == dict.fromkeys(found, 200)


def test_facts_of_the_company(cast: Cast) -> None:
    page = cast.browser(cast.auditor).get("/settings/company/")
    assert "Helder Main" in text(page)
    assert "0206.731.645" in text(page)
    assert b"/settings/company/edit/" not in page.content
    assert b"/settings/company/edit/" in cast.browser(cast.owner).get("/settings/company/").content


def test_the_owner_changes_the_company(cast: Cast) -> None:
    browser = cast.browser(cast.owner)
    facts = {"name": "Helder & Co", "language": "fr", "contact_email": "", "contact_phone": "02 123 45 67"}
    browser.post("/settings/company/edit/", facts)
    page = text(browser.get("/settings/company/"))
    assert "Helder & Co" in page
    assert "Français" in page
    event = AuditEvent.objects.get(action="company.changed")
    assert (event.user, event.payload) == (cast.owner, {"changed": ["name", "language", "contact_phone"]})
    browser.post("/settings/company/edit/", facts)
    assert AuditEvent.objects.filter(action="company.changed").count() == 1


def test_the_number_of_the_company_stays(cast: Cast) -> None:
    facts = {"name": "Helder", "language": "fr", "enterprise_number": "0202239951"}
    cast.browser(cast.owner).post("/settings/company/edit/", facts)
    cast.main.refresh_from_db()
    assert (cast.main.name, cast.main.number) == ("Helder", "0206.731.645")


def test_what_one_says_of_oneself(cast: Cast) -> None:
    browser = cast.browser(cast.auditor)
    assert "Auditor (reads only)" in text(browser.get("/settings/me/"))
    browser.post("/settings/me/", {"name": "Anna Lyst", "language": "fr"})
    page = browser.get("/settings/me/")
    assert 'lang="fr"' in page.content.decode()[:200]
    assert "Anna Lyst" in text(page)


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


def invitation_letter(cast: Cast, company: Company, by: User, email: str) -> str:
    """Invite somebody and send the letter; answers the secret."""
    with company_scope(company):
        invitation, secret = invite(
            company=company,
            email=email,
            role=Role.OFFICE,
            language="nl",
            invited_by=by,
            now=timezone.now(),
        )
        send_invitation(invitation, secret)
    return secret


@pytest.mark.usefixtures("mailbox")
def test_an_invitation_is_read_by_the_company_that_sent_it(cast: Cast) -> None:
    sub_owner = make_user("owner@sub.example", cast.sub, Role.OWNER)
    # Known to nobody, invited by both; and somebody of the main contractor, invited by the sub.
    secrets = {
        cast.main: invitation_letter(cast, cast.main, cast.owner, "new@x.test"),
        cast.sub: invitation_letter(cast, cast.sub, sub_owner, "new@x.test"),
    }
    invitation_letter(cast, cast.sub, sub_owner, cast.office.email)
    browser = cast.browser(cast.owner)
    page = browser.get("/settings/outbox/")
    assert "Helder Main" in text(page)
    letters = re.findall(r'href="(/settings/outbox/[^"]+)"', page.content.decode())
    assert len(letters) == 1
    assert f"/invitations/{secrets[cast.main]}/" in text(browser.get(letters[0]))
    other = cast.browser(sub_owner)
    theirs = re.findall(r'href="(/settings/outbox/[^"]+)"', other.get("/settings/outbox/").content.decode())
    # The one to the main contractor's colleague too: it was written on behalf of the sub.
    assert len(theirs) == 2
    assert {browser.get(address).status_code for address in theirs} == {404}


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
