"""The secret address of a company's status line: made by an owner, shown once, revocable at once."""

import secrets
from datetime import datetime

from django.db import models, transaction

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.models import Company
from ciao_portal.tenancy import unscoped
from registrations.models import StatusAddress
from registrations.services.pairing import hash_secret

SECRET_BYTES = 24


@transaction.atomic
def make_address(*, company: Company, actor: Actor, now: datetime) -> str:
    """Make an address and return its secret, which is stored nowhere; the one before is dead from now on."""
    Company.objects.select_for_update().get(pk=company.pk)
    _open(company).update(revoked_at=now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    address = StatusAddress.objects.create(
        company=company, secret_hash=hash_secret(secret), created_at=now, created_by=actor.user
    )
    audit.record("status_address.made", address, actor=actor, now=now)
    return secret


@transaction.atomic
def revoke_address(*, company: Company, actor: Actor, now: datetime) -> None:
    """Make the address useless; nothing when there is none."""
    address = _open(company).select_for_update(of=("self",)).first()
    if address is not None:
        address.revoked_at = now
        address.save(update_fields=["revoked_at"])
        audit.record("status_address.revoked", address, actor=actor, now=now)


def open_address(company: Company) -> StatusAddress | None:
    """The company's address that works, if there is one. Call inside the company's scope."""
    return _open(company).first()


def company_with(secret: str) -> Company | None:
    """Whose address this is; None when it is revoked or nobody's."""
    with unscoped(reason="the secret of the address is the authority"):
        rows = StatusAddress.objects.filter(secret_hash=hash_secret(secret), revoked_at__isnull=True)
        found = rows.select_related("company").first()
    return found.company if found else None


def _open(company: Company) -> models.QuerySet[StatusAddress]:
    return StatusAddress.objects.filter(company=company, revoked_at__isnull=True)
