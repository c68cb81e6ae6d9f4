"""Who holds the phone: a card shown just now, a paired phone, a number typed now or earlier at this point.

What a phone keeps for it are opaque cookies that script cannot read: the secret of a paired phone, a sealed
ticket after a typed number, and a sealed ticket for one tap after a card. None holds a number.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_ssin
from ciao_portal.models import Person
from ciao_portal.people import person_with_ssin
from ciao_portal.tenancy import unscoped
from declarations.models import RegistrationPoint
from registrations.models import Badge, Device, Means, Registration
from registrations.phone.cookies import open_cookie, seal_cookie, set_cookie
from registrations.services.cards import valid_cards
from registrations.services.pairing import device_with_secret

DEVICE_COOKIE = "phone"
TICKET_COOKIE = "ticket"
TICKET_CONTEXT = "phone.ticket"
# A shift and its breaks, so that going home needs no number typed again.
TICKET_LIFE = timedelta(hours=16)
# As long as browsers keep a cookie.
DEVICE_LIFE = timedelta(days=400)
CARD_COOKIE = "card"
CARD_CONTEXT = "phone.card"
# From showing the card to pressing a button.
CARD_LIFE = timedelta(minutes=5)
ANSWER_COOKIE = "answers"
ANSWER_CONTEXT = "phone.answers"
# To answer what a tap by card leaves open; nothing more can be registered with it.
ANSWER_LIFE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Identity:
    """A person and by which means we know them."""

    person: Person
    means: Means
    device: Device | None = None
    badge: Badge | None = None

    @property
    def is_typed(self) -> bool:
        """Whether nothing but a number, typed now or earlier, says who it is."""
        return self.means in (Means.TYPED, Means.TICKET)


def paired_device(request: HttpRequest) -> Device | None:
    """The paired phone that asks, if it is one; looked for once."""
    asked = cast(Any, request)
    if not hasattr(asked, "paired_device"):
        keep_paired_device(request, device_with_secret(request.COOKIES.get(DEVICE_COOKIE, "")))
    return cast(Device | None, asked.paired_device)


def keep_paired_device(request: HttpRequest, device: Device | None) -> None:
    """Let `paired_device` answer this from now on."""
    cast(Any, request).paired_device = device


def known_identity(request: HttpRequest, point: RegistrationPoint, *, now: datetime) -> Identity | None:
    """Who the phone is known to belong to, without anything typed; a card just shown wins."""
    if badge := _shown_card(request, now=now):
        return Identity(badge.person, Means.CARD, badge=badge)
    if device := paired_device(request):
        return Identity(device.person, Means.PAIRED, device)
    person = _ticket_person(request, point, now=now)
    return Identity(person, Means.TICKET) if person else None


def identify(request: HttpRequest, point: RegistrationPoint, *, now: datetime) -> Identity:
    """Who taps. A number typed now wins over what the phone is known by: phones are lent.

    Raises DomainError on the field `ssin`: missing, or malformed (then nobody was identified).
    """
    typed = request.POST.get("ssin", "").strip()
    if typed:
        person = person_with_ssin(typed_ssin(typed, now=now), now=now)
        device = paired_device(request)
        if device is not None and device.person_id == person.pk:
            return Identity(person, Means.PAIRED, device)
        return Identity(person, Means.TYPED)
    known = known_identity(request, point, now=now)
    if known is None:
        raise DomainError("ssin.missing", _("Type your national number first."), field="ssin")
    return known


def typed_ssin(typed: str, *, now: datetime) -> str:
    """The national number (11 digits) as typed. Raises DomainError on the field `ssin`."""
    try:
        return parse_ssin(typed, today=brussels_day(now))
    except DomainError as error:
        raise error.on_field("ssin") from None


def known_for(request: HttpRequest, registration: Registration, *, now: datetime) -> Identity | None:
    """Who looks at this registration's confirmation; after a tap by card, that card's person, for a while."""
    badge = _card(open_cookie(request, ANSWER_COOKIE, ANSWER_CONTEXT, now=now, life=ANSWER_LIFE))
    if badge is not None and badge.pk == registration.badge_id:
        return Identity(badge.person, Means.CARD, badge=badge)
    return known_identity(request, registration.point, now=now)


def keep_ticket(
    response: HttpResponse,
    identity: Identity,
    point: RegistrationPoint,
    *,
    led_to: RegistrationPoint,
    now: datetime,
) -> None:
    """After a typed number: let this phone go on at this point, or where its code leads, for 16 hours."""
    payload = {"person": str(identity.person.pk), "point": str(point.pk), "led_to": str(led_to.pk)}
    token = seal_cookie(payload, TICKET_CONTEXT, now=now)
    set_cookie(response, TICKET_COOKIE, token, life=TICKET_LIFE, path=f"/r/{point.code}/")


def keep_device(response: HttpResponse, secret: str) -> None:
    """Make this phone the person's own."""
    set_cookie(response, DEVICE_COOKIE, secret, life=DEVICE_LIFE)


def show_card(response: HttpResponse, badge: Badge, *, now: datetime) -> None:
    """Let this phone register once for the card's person, at whichever point."""
    token = seal_cookie({"badge": str(badge.pk)}, CARD_CONTEXT, now=now)
    set_cookie(response, CARD_COOKIE, token, life=CARD_LIFE, path="/r/")


def put_card_away(response: HttpResponse, badge: Badge, confirmation: str, *, now: datetime) -> None:
    """After the one tap; `confirmation` is the only address at which the card's person is still known."""
    response.delete_cookie(CARD_COOKIE, path="/r/", samesite="Lax")
    token = seal_cookie({"badge": str(badge.pk)}, ANSWER_CONTEXT, now=now)
    set_cookie(response, ANSWER_COOKIE, token, life=ANSWER_LIFE, path=confirmation)


def _shown_card(request: HttpRequest, *, now: datetime) -> Badge | None:
    return _card(open_cookie(request, CARD_COOKIE, CARD_CONTEXT, now=now, life=CARD_LIFE))


def _card(payload: dict[str, str]) -> Badge | None:
    """The card of a sealed ticket, unless it was revoked meanwhile."""
    if "badge" not in payload:
        return None
    with unscoped(reason="the card that was shown on this phone"):
        return valid_cards().select_related("person").filter(pk=UUID(payload["badge"])).first()


def _ticket_person(request: HttpRequest, point: RegistrationPoint, *, now: datetime) -> Person | None:
    payload = open_cookie(request, TICKET_COOKIE, TICKET_CONTEXT, now=now, life=TICKET_LIFE)
    if str(point.pk) not in (payload.get("point"), payload.get("led_to")):
        return None
    return Person.objects.filter(pk=UUID(payload["person"])).first()
