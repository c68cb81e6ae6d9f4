"""Who stands before the tablet: the holder of a card or a chip, or whoever's number was typed.

Between showing the card and pressing a button the page carries a sealed ticket: opaque, for this tablet alone
and for minutes.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ciao_portal.crypto import DecryptionError
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_ssin
from ciao_portal.models import Person
from ciao_portal.models.people import field_keys
from ciao_portal.people import person_with_ssin
from ciao_portal.tenancy import unscoped
from registrations.models import Badge, Employment, Means, Terminal
from registrations.phone.identity import Identity
from registrations.rules.presented import Presented, Shown, read
from registrations.services.cards import any_card_with_chip, any_card_with_secret

TICKET_CONTEXT = "kiosk.ticket"
# The page goes back by itself after ten seconds; without script, or with a finger on the screen, later.
TICKET_LIFE = timedelta(minutes=5)
# A tap found on a tablet in a drawer still knows its person.
KEPT_LIFE = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Known:
    """A person at the tablet; `initial` is empty for a typed number: it proves nothing and learns nothing."""

    identity: Identity
    initial: str = ""
    # The card was revoked before it was held: whoever held it may not be the person.
    is_revoked: bool = False


def identify(text: str, *, now: datetime) -> Known:
    """Who presented this.

    Raises DomainError on the field `ssin`: `card.unknown` (also when it was revoked), `ssin.missing`, or what
    is wrong with a typed number.
    """
    known = identify_later(text, happened_at=now, now=now)
    if known.is_revoked:
        raise _unknown_card()
    return known


def identify_later(text: str, *, happened_at: datetime, now: datetime) -> Known:
    """The same for a tap that was kept: a card that was revoked since still tells whose it was.

    Raises DomainError as `identify` does.
    """
    if not text.strip():
        raise DomainError(
            "ssin.missing", _("Hold your card before the camera, or type your number."), field="ssin"
        )
    presented = read(text)
    badge = _badge(presented, at=happened_at)
    if badge is not None:
        return _holder(badge, Means.CARD if presented.shown == Shown.CARD else Means.CHIP, happened_at)
    # Ten digits may be a chip nobody gave out; more likely a digit of a number is missing.
    if presented.shown != Shown.NUMBER and not text.strip().isdecimal():
        raise _unknown_card()
    try:
        ssin = parse_ssin(text, today=brussels_day(now))
    except DomainError as error:
        raise error.on_field("ssin") from None
    return Known(Identity(person_with_ssin(ssin, now=now), Means.TYPED))


def ticket_of(known: Known, terminal: Terminal, *, now: datetime) -> str:
    """What the page with the buttons carries; it holds neither number nor name."""
    payload = {
        "person": str(known.identity.person.pk),
        "means": known.identity.means,
        "badge": str(known.identity.badge.pk) if known.identity.badge else "",
        "terminal": str(terminal.pk),
    }
    return field_keys().seal(payload, TICKET_CONTEXT, now=now)


def known_by_ticket(ticket: str, terminal: Terminal, *, now: datetime) -> Known:
    """Who the ticket was made for, on this tablet. A card that was revoked since is a card no more.

    Raises DomainError `ticket.old` or, for the card, `card.unknown`.
    """
    try:
        payload = _opened(ticket, now=now, life=TICKET_LIFE)
    except DecryptionError:
        payload = {}
    if payload.get("terminal") != str(terminal.pk):
        raise DomainError("ticket.old", _("That took too long. Nothing was registered. Begin again."))
    known = _of_ticket(payload, happened_at=now)
    if known.is_revoked:
        raise _unknown_card()
    return known


def known_by_kept_ticket(ticket: str, *, now: datetime) -> Known:
    """The same for a tap that was kept with its ticket, whenever and by whichever tablet it is sent.

    Raises DecryptionError when it is none of ours.
    """
    payload = _opened(ticket, now=now, life=KEPT_LIFE)
    # The ticket was made for a card that was valid then, minutes before the tap.
    return replace(_of_ticket(payload, happened_at=now), is_revoked=False)


def _opened(ticket: str, *, now: datetime, life: timedelta) -> dict[str, str]:
    payload, _issued = field_keys().open_sealed(ticket, TICKET_CONTEXT, now=now, max_age=life)
    return payload


def _of_ticket(payload: dict[str, str], *, happened_at: datetime) -> Known:
    means = Means(payload["means"])
    if means == Means.TYPED:
        return Known(Identity(Person.objects.get(pk=UUID(payload["person"])), means))
    with unscoped(reason="the card whose holder stands before the tablet"):
        badge = Badge.objects.select_related("person").get(pk=UUID(payload["badge"]))
    return _holder(badge, means, happened_at)


def _holder(badge: Badge, means: Means, happened_at: datetime) -> Known:
    is_revoked = badge.revoked_at is not None and badge.revoked_at <= happened_at
    return Known(Identity(badge.person, means, badge=badge), initial_of(badge), is_revoked)


def _unknown_card() -> DomainError:
    words = _("This card does not work here. Type your national number.")
    return DomainError("card.unknown", words, field="ssin")


def _badge(presented: Presented, *, at: datetime) -> Badge | None:
    if presented.shown == Shown.CARD:
        return any_card_with_secret(presented.text)
    return any_card_with_chip(presented.text, at=at) if presented.shown == Shown.CHIP else None


def initial_of(badge: Badge) -> str:
    """Of the first name as the company wrote it that gave the card; nothing more of anybody is shown."""
    with unscoped(reason="the first letter of the name of whoever holds the card"):
        names = Employment.objects.filter(person=badge.person_id, company=badge.company_id)
        name = names.order_by("-starts_on").values_list("first_name", flat=True).first()
    return name[:1].upper() if name else ""
