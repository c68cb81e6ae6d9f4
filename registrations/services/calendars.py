"""The secret address of a worker's own calendar: made on the phone, shown once, revocable at once."""

import secrets
from datetime import datetime

from django.db import models, transaction

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.models import Person
from ciao_portal.people import lock_person
from registrations.models import CalendarAddress, Device
from registrations.services.pairing import SECRET_BYTES, hash_secret


@transaction.atomic
def make_calendar(*, device: Device, language: str, now: datetime) -> str:
    """Make an address and return its secret, which is stored nowhere; the one before is dead from now on."""
    lock_person(device.person_id)
    _open(device.person).update(revoked_at=now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    address = CalendarAddress.objects.create(
        person=device.person, secret_hash=hash_secret(secret), language=language, created_at=now
    )
    audit.record("calendar.made", address, actor=Actor(), now=now)
    return secret


@transaction.atomic
def revoke_calendar(*, device: Device, now: datetime) -> None:
    """Make the address useless; nothing when there is none."""
    lock_person(device.person_id)
    address = _open(device.person).first()
    if address is not None:
        address.revoked_at = now
        address.save(update_fields=["revoked_at"])
        audit.record("calendar.revoked", address, actor=Actor(), now=now)


def open_calendar(person: Person) -> CalendarAddress | None:
    """The person's address that works, if there is one."""
    return _open(person).first()


def calendar_with(secret: str) -> CalendarAddress | None:
    """The address with this secret, with its person; None when it is revoked or nobody's."""
    rows = CalendarAddress.objects.filter(secret_hash=hash_secret(secret), revoked_at__isnull=True)
    return rows.select_related("person").first()


def _open(person: Person) -> models.QuerySet[CalendarAddress]:
    return CalendarAddress.objects.filter(person=person, revoked_at__isnull=True)
