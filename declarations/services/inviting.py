"""A firm of the chain gets an account of its own: whoever stands above it invites its first owner."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciao_portal import invitations
from ciao_portal.errors import DomainError
from ciao_portal.languages import language_of
from ciao_portal.letters import send_letter
from ciao_portal.models import Company, User
from declarations.models import ChainInvitation, ChainView


@transaction.atomic
def invite_from_chain(
    *, inviter: Company, company: Company, email: str, language: str, invited_by: User, now: datetime
) -> tuple[ChainInvitation, str]:
    """Offer the first owner of `company` an account; answers it with the secret of its link.

    Whoever holds a firm's account sees everything of that firm here. So one company above is not enough when
    the firm also stands in chains which that company does not see: then the operator founds the account.

    Raises DomainError `chain.notBelow`, `chain.alsoElsewhere`, `invitation.open`, and `company.hasPeople`.
    """
    seen = ChainView.objects.filter(viewer=inviter, member=company)
    if company.pk == inviter.pk or not seen.exists():
        words = _("This company does not stand below yours in a chain.")
        raise DomainError("chain.notBelow", words)
    invitations.check_without_people(company)
    elsewhere = ChainView.objects.filter(viewer=company, member=company)
    if elsewhere.exclude(declaration__in=seen.values("declaration")).exists():
        words = _(
            "For this company one invitation is not enough, because other companies work with it here too. "
            "Ask who runs this portal to make the account."
        )
        raise DomainError("chain.alsoElsewhere", words)
    if open_invitation(company) is not None:
        words = _("Somebody was invited already. Send that invitation again, or withdraw it first.")
        raise DomainError("invitation.open", words, field="email")
    invitation, secret = invitations.invite_first_owner(
        company=company, email=email, language=language, inviter=inviter, invited_by=invited_by, now=now
    )
    return ChainInvitation.objects.create(invitation=invitation, inviter=inviter), secret


def open_invitation(company: Company) -> ChainInvitation | None:
    """Ours to this firm that was neither accepted nor withdrawn, also when it ran out."""
    rows = ChainInvitation.objects.filter(invitation__company=company)
    return rows.filter(invitation__accepted_at=None, invitation__withdrawn_at=None).first()


def send_chain_invitation(sent: ChainInvitation, secret: str, *, called: str) -> None:
    """Write to whom it is for; `called` is the firm's name as the inviter knows it. Call after the commit.

    Raises LetterError.
    """
    invitation = sent.invitation
    account = User.objects.filter(email=invitation.email).first()
    send_letter(
        "chain_invitation",
        to=invitation.email,
        company=sent.inviter,
        language=language_of(account.language if account else "", invitation.language),
        context={
            "invitation": invitation,
            "called": called,
            "url": f"{settings.PUBLIC_URL}{reverse('invitation', args=[secret])}",
        },
    )
