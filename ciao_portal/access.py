"""A company's own access to the NSSO: a key made here, and the client id that Chaman gives for it.

The public key is handed to Chaman before or after the client id is known there, so the two come in any order.
Until the client id is entered the access is not used.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, NssoCredentials
from ciao_portal.nsso.auth import generate_key_pair


def usable_accesses() -> QuerySet[NssoCredentials]:
    """Those with a client id, within the scope of the caller."""
    return NssoCredentials.objects.exclude(client_id="")


@transaction.atomic
def make_key(*, company: Company, actor: Actor, now: datetime) -> NssoCredentials:
    """Make a key pair; the private half is encrypted at once and never shown.

    Raises DomainError `credentials.exist`: a second key would stop what is sent under the first.
    """
    Company.objects.select_for_update().get(pk=company.pk)
    if NssoCredentials.objects.filter(company=company).exists():
        raise DomainError("credentials.exist", _("The company has a key already."))
    keys = generate_key_pair()
    access = NssoCredentials(company=company, public_key_pem=keys.public_pem, created_at=now)
    access.keep_private_key(keys.private_pem)
    access.save()
    audit.record("credentials.key_made", access, actor=actor, now=now)
    return access


@transaction.atomic
def keep_client_id(*, access: NssoCredentials, client_id: str, actor: Actor, now: datetime) -> None:
    """Enter or correct the client id; from then on the company's registrations travel under it."""
    if access.client_id != client_id:
        access.client_id = client_id
        access.save(update_fields=["client_id"])
        audit.record("credentials.stored", access, actor=actor, now=now, payload={"client_id": client_id})
