"""Invitations by e-mail: offered by an owner, taken once by whoever holds the link.

A firm that never had people here cannot invite anybody: another firm offers its first owner the account.
Such an invitation is told by who offered it, somebody who never belonged to the company, and is worth nothing
from the moment the company has people.

The secret of the link is stored nowhere, not even in a queue: the letter is sent right after the commit by
the process that made it. When that fails, the invitation stays and is sent again under a new secret.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.companies import add_member
from ciao_portal.errors import DomainError
from ciao_portal.languages import language_of
from ciao_portal.letters import send_letter
from ciao_portal.models import Company, Invitation, Membership, Role, User
from ciao_portal.tenancy import unscoped

LIFE = timedelta(days=7)
SECRET_BYTES = 24


@transaction.atomic
def invite(
    *, company: Company, email: str, role: str, language: str, invited_by: User, now: datetime
) -> tuple[Invitation, str]:
    """Keep an invitation; answers it with the secret of its link, to be sent by `send_invitation`.

    An invitation that ran out gives way to the new one. Raises DomainError `member.already` or
    `invitation.open`.
    """
    return _offer(company, email, role, language, inviter=company, invited_by=invited_by, now=now)


@transaction.atomic
def invite_first_owner(
    *, company: Company, email: str, language: str, inviter: Company, invited_by: User, now: datetime
) -> tuple[Invitation, str]:
    """The same for the first owner of a company without people, offered by another firm.

    Whether that firm may offer it is for the caller to know.
    Raises DomainError `company.hasPeople` or `invitation.open`.
    """
    check_without_people(company)
    with unscoped(reason="a firm without people here has nobody who could open its own scope"):
        return _offer(company, email, Role.OWNER, language, inviter=inviter, invited_by=invited_by, now=now)


def check_without_people(company: Company) -> None:
    """Raises DomainError `company.hasPeople` for a firm that has, or once had, an account here."""
    if company.memberships.exists():
        words = _("This company has an account here already. Its own owner invites people.")
        raise DomainError("company.hasPeople", words)


def _offer(
    company: Company,
    email: str,
    role: str,
    language: str,
    *,
    inviter: Company,
    invited_by: User,
    now: datetime,
) -> tuple[Invitation, str]:
    email = email.strip().lower()
    Company.objects.select_for_update().get(pk=company.pk)
    if Membership.objects.current(now).filter(company=company, user__email=email).exists():
        raise DomainError("member.already", _("This person already belongs to the company."), field="email")
    offered = Invitation.objects.filter(company=company, email=email)
    pending = offered.filter(accepted_at=None, withdrawn_at=None).first()
    if pending is not None and pending.expires_at > now:
        words = _("This person was invited already. Send that invitation again, or withdraw it first.")
        raise DomainError("invitation.open", words, field="email")
    if pending is not None:
        pending.withdrawn_at = now
        pending.save(update_fields=["withdrawn_at"])
    secret = secrets.token_urlsafe(SECRET_BYTES)
    invitation = Invitation.objects.create(
        company=company,
        email=email,
        role=role,
        language=language,
        invited_by=invited_by,
        secret_hash=_hash(secret),
        created_at=now,
        expires_at=now + LIFE,
    )
    actor = Actor(inviter, invited_by)
    audit.record("invitation.sent", invitation, actor=actor, now=now, payload={"role": role})
    return invitation, secret


@transaction.atomic
def renew(*, invitation: Invitation, actor: Actor, now: datetime) -> tuple[Invitation, str]:
    """The invitation with a new secret for seven more days; the old link is dead.

    Raises DomainError `invitation.over`.
    """
    kept = _locked(invitation)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    kept.secret_hash, kept.expires_at = _hash(secret), now + LIFE
    kept.save(update_fields=["secret_hash", "expires_at"])
    audit.record("invitation.sent", kept, actor=actor, now=now, payload={"role": kept.role, "again": True})
    return kept, secret


@transaction.atomic
def withdraw(*, invitation: Invitation, actor: Actor, now: datetime) -> None:
    """Make the link useless. Raises DomainError `invitation.over`."""
    kept = _locked(invitation)
    kept.withdrawn_at = now
    kept.save(update_fields=["withdrawn_at"])
    audit.record("invitation.withdrawn", kept, actor=actor, now=now)


def send_invitation(invitation: Invitation, secret: str) -> None:
    """Write to whom it is for, in their own language when they have an account. Call after the commit.

    Raises LetterError.
    """
    account = User.objects.filter(email=invitation.email).first()
    send_letter(
        "invitation",
        to=invitation.email,
        company=invitation.company,
        language=language_of(account.language if account else "", invitation.language),
        context={
            "invitation": invitation,
            "url": f"{settings.PUBLIC_URL}{reverse('invitation', args=[secret])}",
        },
    )


def open_invitation(secret: str, *, now: datetime) -> Invitation:
    """The invitation with this secret, ready to be accepted.

    Raises DomainError `invitation.unknown`, `invitation.used`, `invitation.withdrawn` or
    `invitation.expired`.
    """
    return _usable(_with_secret(secret).first(), now=now)


def account_of(invitation: Invitation) -> User | None:
    """The account with the invited address, if there is one already."""
    return User.objects.filter(email=invitation.email).first()


@transaction.atomic
def accept(*, secret: str, user: User, now: datetime) -> Membership:
    """Join the company as the person with the invited address.

    Raises DomainError like `open_invitation`, `invitation.somebodyElse`, and `member.already`.
    """
    invitation = _taken(secret, now=now)
    if user.email != invitation.email:
        words = _("This invitation is for %(invited)s. Sign in with that address to accept it.")
        raise DomainError("invitation.somebodyElse", words, params={"invited": invitation.email})
    return _join(invitation, user, now=now)


@transaction.atomic
def accept_with_new_account(
    *, secret: str, name: str, password: str, language: str, now: datetime
) -> Membership:
    """Make an account with the invited address and join; the password was validated before.

    Raises DomainError like `open_invitation`, and `account.exists`.
    """
    invitation = _taken(secret, now=now)
    if account_of(invitation) is not None:
        words = _("There is an account with this address already. Sign in with it to accept.")
        raise DomainError("account.exists", words)
    user = User.objects.create_user(invitation.email, password, name=name, language=language)
    return _join(invitation, user, now=now)


def _join(invitation: Invitation, user: User, *, now: datetime) -> Membership:
    company = Company.objects.select_for_update().get(pk=invitation.company_id)
    if not company.memberships.filter(user=invitation.invited_by_id).exists():
        _found(company, invitation, now=now)
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    actor = Actor(invitation.company, user)
    audit.record("invitation.accepted", invitation, actor=actor, now=now, payload={"role": invitation.role})
    return add_member(company=invitation.company, user=user, role=invitation.role, actor=actor, now=now)


def _found(company: Company, invitation: Invitation, *, now: datetime) -> None:
    """Of several that were offered, the first acceptance makes the others useless."""
    check_without_people(company)
    with unscoped(reason="the other invitations to the company at hand, which has its owner now"):
        others = Invitation.objects.filter(company=company, accepted_at=None, withdrawn_at=None)
        others.exclude(pk=invitation.pk).update(withdrawn_at=now)


def _with_secret(secret: str) -> QuerySet[Invitation]:
    with unscoped(reason="the secret of the link is the authority"):
        rows = Invitation.objects.filter(secret_hash=_hash(secret))
    return rows.select_related("company", "invited_by")


def _taken(secret: str, *, now: datetime) -> Invitation:
    """The invitation, held until the end of the transaction: of two who accept at once, one does."""
    return _usable(_with_secret(secret).select_for_update(of=("self",)).first(), now=now)


def _usable(invitation: Invitation | None, *, now: datetime) -> Invitation:
    if invitation is None:
        words = _("This invitation is not known, or a newer letter took its place. Look for the newest one.")
        raise DomainError("invitation.unknown", words)
    if invitation.accepted_at is not None:
        raise DomainError("invitation.used", _("This invitation was accepted already. Sign in instead."))
    if invitation.withdrawn_at is not None:
        words = _("This invitation was withdrawn. Ask the company if you did not expect that.")
        raise DomainError("invitation.withdrawn", words)
    if invitation.expires_at <= now:
        words = _("This invitation has run out. Ask the company to send it again.")
        raise DomainError("invitation.expired", words)
    return invitation


def _locked(invitation: Invitation) -> Invitation:
    """Raises DomainError `invitation.over` when it was accepted or withdrawn meanwhile."""
    with unscoped(reason="the invitation at hand, once more and locked"):
        rows = Invitation.objects.select_for_update(of=("self",)).select_related("company")
        kept = rows.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).first()
    if kept is None:
        raise DomainError("invitation.over", _("This invitation was accepted or withdrawn meanwhile."))
    return kept


def _hash(secret: str) -> str:
    """SHA-256 in hex: the secrets are long and random, so nothing slower is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
