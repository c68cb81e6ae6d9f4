"""Who a tap without signal belongs to: an opaque ticket the phone keeps, or a number only we can read.

A ticket of a paired phone names the phone; any other names the person and the point, as the cookie after a
typed number does. Sealed by the field keys: what lies on the phone tells nobody anything.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ciao_portal.crypto import DecryptionError
from ciao_portal.days import brussels_day
from ciao_portal.envelopes import open_envelope
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_ssin
from ciao_portal.models import Person
from ciao_portal.models.people import field_keys
from ciao_portal.people import person_with_ssin
from ciao_portal.tenancy import unscoped
from declarations.models import RegistrationPoint
from registrations.models import Badge, Device, Means
from registrations.phone.identity import DEVICE_LIFE, Identity

CONTEXT = "phone.offline"
# As long as the phone itself may stay paired: a tap found in a drawer still knows its person.
LONGEST_KEPT = DEVICE_LIFE


@dataclass(frozen=True, slots=True)
class Known:
    """Who kept the tap; `is_revoked` when the phone was taken from the person since."""

    identity: Identity
    is_revoked: bool = False


def ticket_for(identity: Identity, point: RegistrationPoint, *, now: datetime) -> str:
    """What a phone keeps for taps at this point, or everywhere when it is paired."""
    if identity.device is not None:
        payload = {"device": identity.device.pk.hex}
    elif identity.badge is not None:
        payload = {"badge": identity.badge.pk.hex, "point": point.pk.hex}
    else:
        payload = {"person": identity.person.pk.hex, "means": identity.means.value, "point": point.pk.hex}
    return field_keys().seal(payload, CONTEXT, now=now)


def open_ticket(ticket: str, point: RegistrationPoint, *, now: datetime) -> Known:
    """Raises DecryptionError when it is not ours, too old, of another point, or of nobody any more."""
    payload, _issued = field_keys().open_sealed(ticket, CONTEXT, now=now, max_age=LONGEST_KEPT)
    if "device" in payload:
        device = Device.objects.select_related("person").filter(pk=UUID(payload["device"])).first()
        if device is None:
            raise DecryptionError("The phone is not known any more.")
        return Known(Identity(device.person, Means.PAIRED, device), device.revoked_at is not None)
    if payload["point"] != point.pk.hex:
        raise DecryptionError("The ticket is of another point.")
    if "badge" in payload:
        return _card(UUID(payload["badge"]))
    person = Person.objects.filter(pk=UUID(payload["person"])).first()
    if person is None:
        raise DecryptionError("The person is not known any more.")
    return Known(Identity(person, Means(payload["means"])))


def _card(pk: UUID) -> Known:
    with unscoped(reason="the card whose sealed ticket the phone kept"):
        badge = Badge.objects.select_related("person").filter(pk=pk).first()
    if badge is None:
        raise DecryptionError("The card is not known any more.")
    return Known(Identity(badge.person, Means.CARD, badge=badge), badge.revoked_at is not None)


def typed(envelope: str, client_key: UUID, *, now: datetime) -> Known:
    """The person whose number was typed without signal, for this tap and no other.

    Raises DomainError `item.unreadable`, or `ssin.…` when no number was typed.
    """
    try:
        number = open_envelope(envelope, str(client_key), field_keys())
    except DecryptionError:
        raise unreadable() from None
    ssin = parse_ssin(number, today=brussels_day(now))
    return Known(Identity(person_with_ssin(ssin, now=now), Means.TYPED))


def unreadable() -> DomainError:
    """The keys of the installation were changed since, or the phone's memory was damaged."""
    return DomainError("item.unreadable", _("This cannot be read any more. Tell your employer the time."))
