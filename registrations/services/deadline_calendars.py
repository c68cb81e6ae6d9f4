"""The secret address of a person's calendar of last days: made by the person, shown once, revocable at once.

It shows what the person may see of one company, and nothing from the moment the person leaves it.
"""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.models import Membership
from ciao_portal.tenancy import unscoped
from registrations.models import DeadlineCalendar
from registrations.services.pairing import SECRET_BYTES, hash_secret


@transaction.atomic
def make_deadline_calendar(*, membership: Membership, actor: Actor, now: datetime) -> str:
    """Make an address and return its secret, which is stored nowhere; the one before is dead from now on."""
    Membership.objects.select_for_update(no_key=True).only("pk").get(pk=membership.pk)
    _open(membership).update(revoked_at=now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = DeadlineCalendar.objects.create(
        company_id=membership.company_id,
        user_id=membership.user_id,
        secret_hash=hash_secret(secret),
        created_at=now,
    )
    audit.record("deadline_calendar.made", made, actor=actor, now=now)
    return secret


@transaction.atomic
def revoke_deadline_calendar(*, membership: Membership, actor: Actor, now: datetime) -> None:
    """Make the address useless; nothing when there is none."""
    Membership.objects.select_for_update(no_key=True).only("pk").get(pk=membership.pk)
    for address in _open(membership):
        DeadlineCalendar.objects.filter(pk=address.pk).update(revoked_at=now)
        audit.record("deadline_calendar.revoked", address, actor=actor, now=now)


def open_deadline_calendar(membership: Membership) -> DeadlineCalendar | None:
    """The person's address that works, if there is one. Call inside the company's scope."""
    return _open(membership).first()


def member_with(secret: str, *, now: datetime) -> Membership | None:
    """Whose calendar this is, with user and company; None when it is revoked, nobody's, or of who left."""
    with unscoped(reason="the secret of the address is the authority"):
        rows = DeadlineCalendar.objects.filter(secret_hash=hash_secret(secret), revoked_at__isnull=True)
        address = rows.first()
    if address is None:
        return None
    members = Membership.objects.current(now).filter(user__is_active=True).select_related("user", "company")
    return members.filter(user=address.user_id, company=address.company_id).first()


def _open(membership: Membership) -> QuerySet[DeadlineCalendar]:
    return DeadlineCalendar.objects.filter(
        company=membership.company_id, user=membership.user_id, revoked_at__isnull=True
    )
