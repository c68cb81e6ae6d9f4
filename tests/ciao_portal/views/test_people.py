"""`/settings/people/`: who works here, roles, invitations, leaving."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from ciao_portal.audit import Actor
from ciao_portal.companies import add_member
from ciao_portal.members import end_membership
from ciao_portal.models import Invitation, Membership, Role, User
from ciao_portal.tenancy import company_scope
from tests.cast import Cast, make_user
from tests.registrations.views.pages import text

INVITATION = {"email": "nieuw@main.example", "role": "office", "language": "fr"}


def membership_of(user: User) -> Membership:
    return Membership.objects.get(user=user, ended_at=None)


def page_of(user: User) -> str:
    return f"/settings/people/{membership_of(user).pk}/"


def test_everybody_sees_who_works_here(cast: Cast) -> None:
    User.objects.filter(pk=cast.office.pk).update(last_login=timezone.now(), language="fr")
    page = cast.browser(cast.auditor).get("/settings/people/")
    words = text(page)
    for expected in ("owner@main.example", "Auditor (reads only)", "never", "Français", "English"):
        assert expected in words, expected
    for unexpected in ("office@sub.example", "Invite somebody", "Open invitations", "People who left"):
        assert unexpected not in words, unexpected
    assert page_of(cast.office) not in page.content.decode()


def test_who_left_stays_visible(cast: Cast) -> None:
    end_membership(membership=membership_of(cast.office), actor=Actor(cast.main), now=timezone.now())
    words = text(cast.browser(cast.owner).get("/settings/people/"))
    assert words.index("People who left") < words.index("office@main.example")


def test_an_owner_invites(cast: Cast) -> None:
    browser = cast.browser(cast.owner)
    page = browser.post("/settings/people/invite/", INVITATION, follow=True)
    assert "The invitation was sent to nieuw@main.example." in text(page)
    assert "Open invitations" in text(page)
    (letter,) = mail.outbox
    assert letter.to == ["nieuw@main.example"]
    assert "/invitations/" in str(letter.body)
    again = browser.post("/settings/people/invite/", INVITATION)
    assert "was invited already" in text(again)
    assert len(mail.outbox) == 1


def test_sent_again_and_withdrawn(cast: Cast) -> None:
    browser = cast.browser(cast.owner)
    browser.post("/settings/people/invite/", INVITATION)
    with company_scope(cast.main):
        invitation = Invitation.objects.get()
    address = f"/settings/invitations/{invitation.pk}"
    assert "was sent to" in text(browser.post(f"{address}/again/", follow=True))
    assert len({str(letter.body) for letter in mail.outbox}) == 2
    assert "was withdrawn" in text(browser.post(f"{address}/withdraw/", follow=True))
    assert browser.post(f"{address}/again/").status_code == 404


def test_one_that_ran_out_is_shown_as_such(cast: Cast) -> None:
    browser = cast.browser(cast.owner)
    browser.post("/settings/people/invite/", INVITATION)
    assert "Ran out" not in text(browser.get("/settings/people/"))
    with company_scope(cast.main):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "Ran out" in text(browser.get("/settings/people/"))


def test_a_deaf_mail_server_is_told(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = cast.browser(cast.owner).post("/settings/people/invite/", INVITATION, follow=True)
    assert "did not take the letter" in text(page)
    assert "Send again" in text(page)


def test_another_role(cast: Cast) -> None:
    browser = cast.browser(cast.owner)
    browser.post(page_of(cast.office), {"role": "auditor"})
    assert membership_of(cast.office).role == Role.AUDITOR
    page = browser.post(page_of(cast.owner), {"role": "office"})
    assert "Make somebody else owner first" in text(page)


def test_the_last_owner_is_told_how_to_leave(cast: Cast) -> None:
    browser = cast.browser(cast.owner)
    for address in (f"{page_of(cast.owner)}end/", f"/settings/me/leave/{membership_of(cast.owner).pk}/"):
        assert "Make somebody else owner first" in text(browser.post(address, follow=True))
    assert membership_of(cast.owner).ended_at is None


def test_taken_out_somebody_is_out_at_the_next_request(cast: Cast) -> None:
    theirs = cast.browser(cast.office)
    assert theirs.get("/workers/").status_code == 200
    ending = f"{page_of(cast.office)}end/"
    browser = cast.browser(cast.owner)
    assert "still signed in" in text(browser.get(ending))
    assert theirs.get("/workers/").status_code == 200
    assert "left the company" in text(browser.post(ending, follow=True))
    for address in ("/workers/", "/settings/people/", "/registrations/"):
        assert theirs.get(address).headers["Location"] == "/no-company/"
    assert "You belong to no company here" in text(theirs.get("/no-company/"))


def test_a_lower_role_holds_at_the_next_request(cast: Cast) -> None:
    theirs = cast.browser(cast.office)
    assert theirs.get("/workers/new/").status_code == 200
    cast.browser(cast.owner).post(page_of(cast.office), {"role": "auditor"})
    assert theirs.get("/workers/new/").status_code == 403


@pytest.mark.parametrize("person", ["office", "auditor"])
def test_everybody_may_leave(cast: Cast, person: str) -> None:
    user: User = getattr(cast, person)
    browser = cast.browser(user)
    address = f"/settings/me/leave/{membership_of(user).pk}/"
    assert "Leave Helder Main?" in text(browser.get(address))
    assert membership_of(user).ended_at is None
    browser.post(address)
    assert browser.get("/workers/").headers["Location"] == "/no-company/"


def test_nobody_leaves_for_somebody_else(cast: Cast) -> None:
    address = f"/settings/me/leave/{membership_of(cast.auditor).pk}/"
    assert cast.browser(cast.office).post(address).status_code == 404


def test_leaving_one_company_keeps_the_other(cast: Cast) -> None:
    add_member(
        company=cast.sub, user=cast.office, role=Role.OFFICE, actor=Actor(cast.sub), now=timezone.now()
    )
    browser = cast.browser(cast.office)
    main = Membership.objects.get(user=cast.office, company=cast.main)
    page = browser.post(f"/settings/me/leave/{main.pk}/", follow=True)
    assert "You left Helder Main." in text(page)
    assert "Zuiver Sub" in text(page)


def test_owners_elsewhere_find_nothing_here(cast: Cast) -> None:
    cast.browser(cast.owner).post("/settings/people/invite/", INVITATION)
    with company_scope(cast.main):
        invitation = Invitation.objects.get()
    browser = cast.browser(make_user("owner@stranger.example", cast.stranger, Role.OWNER))
    member = membership_of(cast.office).pk
    for address in (
        f"/settings/people/{member}/",
        f"/settings/people/{member}/end/",
        f"/settings/invitations/{invitation.pk}/again/",
        f"/settings/invitations/{invitation.pk}/withdraw/",
    ):
        assert browser.post(address, {"role": "auditor"}).status_code == 404, address
    assert "nieuw@main.example" not in text(browser.get("/settings/people/"))
