"""Companies, the people of their offices, and what one tenant writes about another firm."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, CompanyCard, Membership, NssoCredentials, User
from ciao_portal.nsso.auth import KeyPair

# The number is not among them: it says which company this is.
OWN_FACTS = ("name", "language", "contact_email", "contact_phone")


def company_with_number(
    *, enterprise_number: str | None = None, foreign_vat_number: str | None = None, now: datetime
) -> Company:
    """The firm with this (already checked) number, kept if not known yet; many may ask at once."""
    number = {"enterprise_number": enterprise_number, "foreign_vat_number": foreign_vat_number}
    if known := Company.objects.filter(**number).first():
        return known
    Company.objects.bulk_create([Company(**number)], ignore_conflicts=True)
    company = Company.objects.get(**number)
    audit.record("company.created", company, actor=Actor(), now=now)
    return company


@transaction.atomic
def write_card(
    *, company: Company, subject: Company, name: str, contact_email: str = "", contact_phone: str = ""
) -> CompanyCard:
    """Keep what `company` writes about another firm; one card per firm."""
    card, _created = CompanyCard.objects.update_or_create(
        company=company,
        subject=subject,
        defaults={"name": name, "contact_email": contact_email, "contact_phone": contact_phone},
    )
    return card


@transaction.atomic
def add_member(*, company: Company, user: User, role: str, actor: Actor, now: datetime) -> Membership:
    """Give a person a role in the company.

    Raises DomainError `member.already` when the person has an open membership.
    """
    if Membership.objects.current(now).filter(company=company, user=user).exists():
        raise DomainError("member.already", _("This person already belongs to the company."), field="email")
    membership = Membership.objects.create(company=company, user=user, role=role, since=now)
    audit.record("member.added", membership, actor=actor, now=now, payload={"role": role})
    return membership


@transaction.atomic
def change_company(*, company: Company, facts: Mapping[str, str], actor: Actor, now: datetime) -> list[str]:
    """Change what the company says of itself (`OWN_FACTS`); answers the names of the fields that changed."""
    kept = Company.objects.select_for_update().get(pk=company.pk)
    changed = [name for name in OWN_FACTS if getattr(kept, name) != facts[name]]
    if changed:
        for name in changed:
            setattr(kept, name, facts[name])
        kept.save(update_fields=changed)
        audit.record("company.changed", kept, actor=actor, now=now, payload={"changed": changed})
    return changed


@transaction.atomic
def store_credentials(
    *,
    company: Company,
    client_id: str,
    private_key_pem: str,
    public_key_pem: str,
    actor: Actor,
    now: datetime,
) -> NssoCredentials:
    """Keep the company's access to the NSSO; the private key is encrypted and never shown again.

    Raises NssoMisconfigured when the key cannot be read: then no certificate can be made for it either.
    """
    credentials = NssoCredentials(company=company, client_id=client_id)
    credentials.keep_key(KeyPair(private_key_pem, public_key_pem), company, now=now)
    credentials.save()
    audit.record("credentials.stored", credentials, actor=actor, now=now, payload={"client_id": client_id})
    return credentials


def names_of_companies(viewer: Company, companies: set[Company]) -> dict[Company, str]:
    """How `viewer` calls each firm: its own card's name, else what the firm calls itself, else its number."""
    cards = dict(
        CompanyCard.objects.filter(company=viewer, subject__in=companies).values_list("subject", "name")
    )
    return {company: cards.get(company.pk) or str(company) for company in companies}
