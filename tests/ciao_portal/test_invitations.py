"""Invitations: sent, sent again, withdrawn, run out, taken once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.utils import translation
from pytest_django import Settings

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.invitations import (
    LIFE,
    accept,
    accept_with_new_account,
    invite,
    open_invitation,
    renew,
    send_invitation,
    withdraw,
)
from ciao_portal.letters import LetterError
from ciao_portal.models import AuditEvent, Invitation, Membership, Role, User
from ciao_portal.tenancy import company_scope
from tests.cast import NOW, Cast

NEWCOMER = "nieuw@main.example"
PASSWORD = "geheim-genoeg-2026"


@pytest.fixture(autouse=True)
def scope(cast: Cast) -> Iterator[None]:
    with company_scope(cast.main):
        yield


def invited(cast: Cast, email: str = NEWCOMER, **changes: str) -> tuple[Invitation, str]:
    wanted = {"role": Role.OFFICE, "language": "fr"} | changes
    return invite(company=cast.main, email=email, invited_by=cast.owner, now=NOW, **wanted)


def html_of(message: EmailMessage) -> str:
    assert isinstance(message, EmailMultiAlternatives)
    return str(message.alternatives[0][0])


def refusal(secret: str, *, after: timedelta = timedelta()) -> str:
    with pytest.raises(DomainError) as refused:
        open_invitation(secret, now=NOW + after)
    return refused.value.code


def test_only_a_hash_of_the_secret_is_kept(cast: Cast) -> None:
    invitation, secret = invited(cast, " Nieuw@Main.example ")
    assert invitation.email == NEWCOMER
    assert len(secret) >= 32
    assert secret not in str(Invitation.objects.values().get())
    assert secret not in str(list(AuditEvent.objects.values()))
    assert open_invitation(secret, now=NOW) == invitation


def test_somebody_new_gets_an_account_and_joins(cast: Cast) -> None:
    _invitation, secret = invited(cast)
    membership = accept_with_new_account(
        secret=secret, name="Nora Nieuw", password=PASSWORD, language="nl", now=NOW
    )
    user = User.objects.get(email=NEWCOMER)
    assert (membership.user, membership.company, membership.role) == (user, cast.main, Role.OFFICE)
    assert (user.name, user.language, user.check_password(PASSWORD)) == ("Nora Nieuw", "nl", True)
    assert AuditEvent.objects.get(action="invitation.accepted").user == user


def test_a_link_works_once(cast: Cast) -> None:
    _invitation, secret = invited(cast)
    accept_with_new_account(secret=secret, name="N", password=PASSWORD, language="nl", now=NOW)
    assert refusal(secret) == "invitation.used"
    with pytest.raises(DomainError) as again:
        accept(secret=secret, user=User.objects.get(email=NEWCOMER), now=NOW)
    assert again.value.code == "invitation.used"
    assert Membership.objects.filter(user__email=NEWCOMER).count() == 1


def test_an_account_joins_with_its_own_invitation_only(cast: Cast) -> None:
    _invitation, secret = invited(cast, cast.sub_office.email)
    with pytest.raises(DomainError) as refused:
        accept(secret=secret, user=cast.stranger_office, now=NOW)
    assert refused.value.code == "invitation.somebodyElse"
    assert accept(secret=secret, user=cast.sub_office, now=NOW).company == cast.main


def test_a_known_address_gets_no_second_account(cast: Cast) -> None:
    _invitation, secret = invited(cast, cast.sub_office.email)
    with pytest.raises(DomainError) as refused:
        accept_with_new_account(secret=secret, name="N", password=PASSWORD, language="nl", now=NOW)
    assert refused.value.code == "account.exists"
    assert open_invitation(secret, now=NOW).accepted_at is None


def test_it_runs_out_after_seven_days(cast: Cast) -> None:
    _invitation, secret = invited(cast)
    assert open_invitation(secret, now=NOW + LIFE - timedelta(seconds=1)).accepted_at is None
    assert refusal(secret, after=LIFE) == "invitation.expired"
    with pytest.raises(DomainError, match="run out"):
        accept_with_new_account(secret=secret, name="N", password=PASSWORD, language="nl", now=NOW + LIFE)
    assert not User.objects.filter(email=NEWCOMER).exists()


def test_sent_again_the_old_link_is_dead(cast: Cast) -> None:
    invitation, old = invited(cast)
    later = NOW + LIFE + timedelta(days=1)
    renewed, new = renew(invitation=invitation, actor=Actor(cast.main, cast.owner), now=later)
    assert refusal(old) == "invitation.unknown"
    assert open_invitation(new, now=later + LIFE - timedelta(seconds=1)) == renewed == invitation
    assert AuditEvent.objects.filter(action="invitation.sent").latest("at").payload["again"] is True


def test_withdrawn_the_link_is_dead(cast: Cast) -> None:
    invitation, secret = invited(cast)
    withdraw(invitation=invitation, actor=Actor(cast.main, cast.owner), now=NOW)
    assert refusal(secret) == "invitation.withdrawn"
    with pytest.raises(DomainError) as over:
        renew(invitation=invitation, actor=Actor(cast.main, cast.owner), now=NOW)
    assert over.value.code == "invitation.over"


def test_one_open_invitation_for_each_address(cast: Cast) -> None:
    first, old = invited(cast)
    with pytest.raises(DomainError) as refused:
        invited(cast)
    assert (refused.value.code, refused.value.field) == ("invitation.open", "email")
    first.expires_at = NOW
    first.save()
    _second, new = invited(cast)
    assert refusal(old) == "invitation.withdrawn"
    assert open_invitation(new, now=NOW).accepted_at is None


def test_members_are_not_invited(cast: Cast) -> None:
    with pytest.raises(DomainError) as refused:
        invited(cast, cast.office.email.upper())
    assert refused.value.code == "member.already"


def test_other_companies_invite_the_same_person(cast: Cast) -> None:
    _invitation, first = invited(cast)
    with company_scope(cast.sub):
        _invitation, second = invite(
            company=cast.sub,
            email=NEWCOMER,
            role=Role.OWNER,
            language="nl",
            invited_by=cast.sub_office,
            now=NOW,
        )
        assert [one.company for one in Invitation.objects.all()] == [cast.sub]
    user = accept_with_new_account(secret=first, name="N", password=PASSWORD, language="nl", now=NOW).user
    accept(secret=second, user=user, now=NOW)
    roles = dict(Membership.objects.filter(user=user).values_list("company", "role"))
    assert roles == {cast.main.pk: Role.OFFICE, cast.sub.pk: Role.OWNER}


def test_the_letter_speaks_the_language_of_its_reader(cast: Cast) -> None:
    with translation.override("de"):
        send_invitation(*invited(cast))
        cast.sub_office.language = "nl"
        cast.sub_office.save()
        send_invitation(*invited(cast, cast.sub_office.email))
        assert translation.get_language() == "de"
    newcomer, known = (html_of(message) for message in mail.outbox)
    assert '<html lang="fr"' in newcomer
    assert '<html lang="nl"' in known


def test_the_letter_says_who_what_and_where(cast: Cast) -> None:
    cast.main.name = "Bos & Zn"
    invitation, secret = invited(cast, language="en")
    send_invitation(invitation, secret)
    (message,) = mail.outbox
    assert message.to == [NEWCOMER]
    assert message.subject == "Bos & Zn invites you to the CIaO portal"
    for part in (str(message.body), html_of(message)):
        assert f"http://portal.test/invitations/{secret}/" in part
        assert "Owner" in part
        assert "Office" in part
        assert "Mon 30 Nov 2026 06:02" in part
    assert "Bos & Zn" in str(message.body)
    assert "Bos &amp; Zn" in html_of(message)


def test_a_deaf_mail_server_loses_nothing(
    cast: Cast, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    invitation, secret = invited(cast)
    with pytest.raises(LetterError):
        send_invitation(invitation, secret)
    assert open_invitation(secret, now=NOW) == invitation
    assert "could not be sent" in caplog.text
    assert NEWCOMER not in caplog.text
    assert secret not in caplog.text
