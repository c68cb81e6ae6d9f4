"""Who holds the phone: a paired phone, a number typed now, or a number typed earlier at this point.

A phone keeps two opaque cookies: the secret of a paired phone, and a sealed ticket after a typed number.
Neither holds a number, and neither can be read by script.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from ciao_portal.crypto import DecryptionError
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_ssin
from ciao_portal.models import Person
from ciao_portal.models.people import field_keys
from ciao_portal.people import person_with_ssin
from declarations.models import RegistrationPoint
from registrations.models import Device, Means
from registrations.services.pairing import device_with_secret

DEVICE_COOKIE = "phone"
TICKET_COOKIE = "ticket"
TICKET_CONTEXT = "phone.ticket"
# A shift and its breaks, so that going home needs no number typed again.
TICKET_LIFE = timedelta(hours=16)
# As long as browsers keep a cookie.
DEVICE_LIFE = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Identity:
    """A person and by which means we know them."""

    person: Person
    means: Means
    device: Device | None = None


def paired_device(request: HttpRequest) -> Device | None:
    """The paired phone that asks, if it is one."""
    return device_with_secret(request.COOKIES.get(DEVICE_COOKIE, ""))


def known_identity(request: HttpRequest, point: RegistrationPoint, *, now: datetime) -> Identity | None:
    """Who the phone is known to belong to, without anything typed."""
    if device := paired_device(request):
        return Identity(device.person, Means.PAIRED, device)
    person = _ticket_person(request.COOKIES.get(TICKET_COOKIE, ""), point, now=now)
    return Identity(person, Means.TICKET) if person else None


def identify(request: HttpRequest, point: RegistrationPoint, *, now: datetime) -> Identity:
    """Who taps. A number typed now wins over what the phone is known by: phones are lent.

    Raises DomainError on the field `ssin`: missing, or malformed (then nobody was identified).
    """
    typed = request.POST.get("ssin", "").strip()
    if typed:
        try:
            ssin = parse_ssin(typed, today=brussels_day(now))
        except DomainError as error:
            raise error.on_field("ssin") from None
        return Identity(person_with_ssin(ssin, now=now), Means.TYPED)
    known = known_identity(request, point, now=now)
    if known is None:
        raise DomainError("ssin.missing", _("Type your national number first."), field="ssin")
    return known


def keep_ticket(
    response: HttpResponse, identity: Identity, point: RegistrationPoint, *, now: datetime
) -> None:
    """After a typed number: let this phone go on at this point for 16 hours."""
    token = field_keys().seal(
        {"person": str(identity.person.pk), "point": str(point.pk)}, TICKET_CONTEXT, now=now
    )
    response.set_cookie(
        TICKET_COOKIE,
        token,
        max_age=TICKET_LIFE,
        path=f"/r/{point.code}/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def keep_device(response: HttpResponse, secret: str) -> None:
    """Make this phone the person's own."""
    response.set_cookie(
        DEVICE_COOKIE,
        secret,
        max_age=DEVICE_LIFE,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _ticket_person(token: str, point: RegistrationPoint, *, now: datetime) -> Person | None:
    if not token:
        return None
    try:
        payload, _issued = field_keys().open_sealed(token, TICKET_CONTEXT, now=now, max_age=TICKET_LIFE)
    except DecryptionError:
        return None
    if payload.get("point") != str(point.pk):
        return None
    return Person.objects.filter(pk=UUID(payload["person"])).first()
