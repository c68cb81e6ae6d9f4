"""Phones paired to people: offered by the office, taken by POST on the phone, revocable at once."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, Person
from ciao_portal.prepared import Given, Prepared
from ciao_portal.tenancy import unscoped
from registrations.models import Badge, Device, PairingLink
from registrations.models.means import PairedBy

# Long enough to reach somebody who works nights, short enough for a link that lies around.
LINK_LIFE = timedelta(days=3)
# A letter travels on paper and by way of a foreman.
LETTER_LIFE = timedelta(days=14)
SECRET_BYTES = 24

# The paired phone with a secret, by its hash.
DEVICE = Prepared(
    lambda: (
        Device.objects.select_related("person")
        .filter(secret_hash=Given("secret_hash", models.CharField()), revoked_at__isnull=True)
        .order_by()
    )
)


def hash_secret(secret: str) -> str:
    """SHA-256 in hex: the secrets are long and random, so nothing slower is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def offer_pairing(
    *, company: Company, person: Person, actor: Actor, now: datetime, life: timedelta = LINK_LIFE
) -> str:
    """Make a link for one phone and return its secret, which is stored nowhere."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = PairingLink.objects.create(
        company=company,
        person=person,
        secret_hash=hash_secret(secret),
        created_at=now,
        expires_at=now + life,
    )
    audit.record("pairing.offered", link, actor=actor, now=now)
    return secret


@transaction.atomic
def offer_pairings(
    *,
    company: Company,
    people: Iterable[Person],
    actor: Actor,
    now: datetime,
    life: timedelta = LINK_LIFE,
) -> dict[Person, str]:
    """A link for each of them; the secrets are stored nowhere."""
    return {
        person: offer_pairing(company=company, person=person, actor=actor, now=now, life=life)
        for person in people
    }


@transaction.atomic
def revoke_link(*, link: PairingLink, actor: Actor, now: datetime) -> None:
    """Take an unused link back, at once and for good."""
    if link.used_at is None and link.revoked_at is None:
        link.revoked_at = now
        link.save(update_fields=["revoked_at"])
        audit.record("pairing.revoked", link, actor=actor, now=now)


def open_link(secret: str, *, now: datetime) -> PairingLink:
    """The link with this secret, ready to be used.

    Raises DomainError `pairing.unknown`, `pairing.used` or `pairing.expired`.
    """
    with unscoped(reason="the secret of the link is the authority"):
        link = PairingLink.objects.filter(secret_hash=hash_secret(secret), revoked_at__isnull=True).first()
    if link is None:
        raise DomainError("pairing.unknown", _("This link is not known. Ask your employer for a new one."))
    if link.used_at is not None:
        raise DomainError("pairing.used", _("This link was used already. Ask your employer for a new one."))
    if link.expires_at <= now:
        raise DomainError("pairing.expired", _("This link is too old. Ask your employer for a new one."))
    return link


@transaction.atomic
def pair_phone(*, secret: str, label: str, now: datetime) -> str:
    """Pair this phone and return the secret it keeps in its cookie.

    Raises DomainError like `open_link`; of two phones that use one link at once, one gets it.
    """
    link = open_link(secret, now=now)
    with unscoped(reason="the secret of the link is the authority"):
        taken = PairingLink.objects.filter(pk=link.pk, used_at__isnull=True, revoked_at__isnull=True).update(
            used_at=now
        )
    if not taken:
        raise DomainError("pairing.used", _("This link was used already. Ask your employer for a new one."))
    return pair(person=link.person, company=link.company, label=label, by=PairedBy.LINK, now=now)


@transaction.atomic
def pair(
    *,
    person: Person,
    company: Company,
    label: str,
    by: PairedBy,
    now: datetime,
    badge: Badge | None = None,
) -> str:
    """Make a phone the person's own and return the secret it keeps in its cookie.

    Who calls this has made sure who the person is; `company` vouched for it.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    device = Device.objects.create(
        person=person,
        secret_hash=hash_secret(secret),
        label=label,
        paired_by=by,
        badge=badge,
        paired_at=now,
    )
    audit.record("device.paired", device, actor=Actor(company), now=now, payload={"by": by.value})
    return secret


def device_with_secret(secret: str) -> Device | None:
    """The paired phone that holds this secret; None when unknown or revoked."""
    if not secret:
        return None
    with unscoped(reason="the secret of the phone is the authority"):
        return DEVICE.first(secret_hash=hash_secret(secret))


@transaction.atomic
def revoke_device(*, device: Device, actor: Actor, now: datetime) -> None:
    """Take a phone's authority away, at once and for good."""
    if device.revoked_at is None:
        device.revoked_at = now
        device.save(update_fields=["revoked_at"])
        audit.record("device.revoked", device, actor=actor, now=now)
