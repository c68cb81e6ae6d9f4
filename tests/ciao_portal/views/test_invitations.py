"""The link of an invitation, as strangers, colleagues of others, and the invited open it."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from ciao_portal.invitations import invite
from ciao_portal.models import AuditEvent, Invitation, Membership, Role, User
from ciao_portal.tenancy import company_scope
from tests.cast import PASSWORD, Cast
from tests.registrations.views.pages import text

NEWCOMER = {"name": "Nora Nieuw", "password": "zonder-stof-2026", "language": "en"}


def link(cast: Cast, email: str = "nora@main.example", language: str = "en") -> str:
    with company_scope(cast.main):
        _invitation, secret = invite(
            company=cast.main,
            email=email,
            role=Role.AUDITOR,
            language=language,
            invited_by=cast.owner,
            now=timezone.now(),
        )
    return f"/invitations/{secret}/"


def test_a_stranger_accepts_and_comes_back(cast: Cast) -> None:
    address, browser = link(cast), Browser()
    assert "Work for Helder Main" in text(browser.get(address))
    page = browser.post(address, NEWCOMER, follow=True)
    assert page.redirect_chain == [("/", 302)]
    assert "You now work for Helder Main." in text(page)
    assert browser.get("/settings/audit/").status_code == 200
    # A new session, by the ordinary way in.
    later = Browser()
    signed_in = later.post(
        "/accounts/login/", {"login": "nora@main.example", "password": NEWCOMER["password"]}, follow=True
    )
    assert "Nora Nieuw" in text(signed_in)
    assert AuditEvent.objects.filter(action="user.signed_in", company=cast.main).count() == 2
    assert later.get("/workers/new/").status_code == 403


def test_looking_does_nothing(cast: Cast) -> None:
    address = link(cast)
    for browser in (Browser(), cast.browser(cast.stranger_office)):
        for _ in range(2):
            assert browser.get(address).status_code == 200
            assert browser.head(address).status_code == 200
    assert not User.objects.filter(email="nora@main.example").exists()
    with company_scope(cast.main):
        assert Invitation.objects.get().accepted_at is None


def test_the_page_keeps_its_address_to_itself(cast: Cast) -> None:
    for address in (link(cast), "/invitations/wrong/"):
        headers = Browser().get(address).headers
        assert headers["Referrer-Policy"] == "strict-origin"
        assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("kort", "at least 10 characters"),
        ("password123", "too common"),
        ("nora@main.example", "too similar to the E-mail address"),
        ("", "This field is required"),
    ],
)
def test_weak_passwords_are_refused_in_words(cast: Cast, password: str, words: str) -> None:
    page = Browser().post(link(cast), NEWCOMER | {"password": password})
    assert words in text(page)
    assert not User.objects.filter(email="nora@main.example").exists()


def test_the_page_speaks_the_language_the_owner_chose(cast: Cast) -> None:
    address = link(cast, language="fr")
    stranger = Browser(headers={"Accept-Language": "de"})
    assert b'<html lang="fr"' in stranger.get(address).content
    stranger.post("/language/", {"language": "nl", "next": address})
    assert b'<html lang="nl"' in stranger.get(address).content


def test_a_known_address_signs_in_to_accept(cast: Cast) -> None:
    address, browser = link(cast, cast.sub_office.email), Browser()
    page = browser.get(address)
    assert "Sign in to accept" in text(page)
    assert b'name="password"' not in page.content
    browser.post(address, NEWCOMER)
    assert cast.sub_office.memberships.count() == 1
    back = browser.post(
        f"/accounts/login/?next={address}", {"login": cast.sub_office.email, "password": PASSWORD}
    )
    assert back.headers["Location"] == address
    assert "Accept the invitation" in text(browser.get(address))
    assert "You now work for Helder Main." in text(browser.post(address, follow=True))
    assert Membership.objects.get(user=cast.sub_office, company=cast.main).role == Role.AUDITOR
    # The new company is the one at hand; the other is one switch away.
    assert browser.get("/settings/audit/").status_code == 200
    browser.post("/company/", {"company": str(cast.sub.pk)})
    assert browser.get("/settings/audit/").status_code == 403


def test_signed_in_as_somebody_else(cast: Cast) -> None:
    address, browser = link(cast), cast.browser(cast.sub_office)
    for page in (browser.get(address), browser.post(address, NEWCOMER)):
        assert "you are signed in as office@sub.example" in text(page)
    assert not User.objects.filter(email="nora@main.example").exists()
    out = browser.post("/accounts/logout/", {"next": address})
    assert out.headers["Location"] == address
    assert b'name="password"' in browser.get(address).content


def test_dead_links_say_why_and_what_to_do(cast: Cast) -> None:
    address, browser = link(cast), Browser()
    assert browser.get("/invitations/wrong/").status_code == 410
    assert "Look for the newest one" in text(browser.get("/invitations/wrong/"))
    with company_scope(cast.main):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        late = browser.post(address, NEWCOMER)
        assert (late.status_code, "send it again" in text(late)) == (410, True)
        Invitation.objects.update(withdrawn_at=timezone.now())
        assert "withdrawn" in text(browser.get(address))
        Invitation.objects.update(accepted_at=timezone.now())
        assert "Sign in instead" in text(browser.get(address))
    assert not User.objects.filter(email="nora@main.example").exists()


def test_a_form_of_another_site_is_refused(cast: Cast) -> None:
    browser = Browser(enforce_csrf_checks=True)
    assert browser.post(link(cast), NEWCOMER).status_code == 403
