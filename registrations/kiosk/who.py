"""Who stands before the tablet: the holder of a card or a chip, or whoever's number was typed.

Between showing the card and pressing a button the page carries a sealed ticket: opaque, for this tablet alone
and for minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from ciao_portal.crypto import DecryptionError
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_ssin
from ciao_portal.models import Person
from ciao_portal.models.people import field_keys
from ciao_portal.people import person_with_ssin
from ciao_portal.prepared import Given, Prepared
from ciao_portal.tenancy import unscoped
from registrations.models import Badge, Employment, Means, Terminal
from registrations.phone.identity import Identity
from registrations.rules.presented import Presented, Shown, read
from registrations.services.pairing import hash_secret

CHIP_CONTEXT = "badge.chip"
TICKET_CONTEXT = "kiosk.ticket"
# The page goes back by itself after ten seconds; without script, or with a finger on the screen, later.
TICKET_LIFE = timedelta(minutes=5)

_BY_SECRET = Prepared(
    lambda: (
        Badge.objects.select_related("person")
        .filter(secret_hash=Given("hash", models.CharField()), revoked_at__isnull=True)
        .order_by()
    )
)


@dataclass(frozen=True, slots=True)
class Known:
    """A person at the tablet. `badge` is the card, when there was one; `initial` is empty without a card."""

    identity: Identity
    badge: Badge | None = None
    initial: str = ""

    @property
    def is_proven(self) -> bool:
        """A card was held; a typed number proves nothing and learns nothing."""
        return self.badge is not None


def identify(text: str, *, now: datetime) -> Known:
    """Who presented this.

    Raises DomainError on the field `ssin`: `card.unknown` (also when it was revoked), `ssin.missing`, or what
    is wrong with a typed number.
    """
    if not text.strip():
        raise DomainError(
            "ssin.missing", _("Hold your card before the camera, or type your number."), field="ssin"
        )
    presented = read(text)
    badge = _badge(presented)
    if badge is not None:
        means = Means.CARD if presented.shown == Shown.CARD else Means.CHIP
        return Known(Identity(badge.person, means), badge, initial_of(badge))
    # Ten digits may be a chip nobody gave out; more likely a digit of a number is missing.
    if presented.shown != Shown.NUMBER and not text.strip().isdecimal():
        raise DomainError(
            "card.unknown", _("This card does not work here. Type your national number."), field="ssin"
        )
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
        "badge": str(known.badge.pk) if known.badge else "",
        "terminal": str(terminal.pk),
    }
    return field_keys().seal(payload, TICKET_CONTEXT, now=now)


def known_by_ticket(ticket: str, terminal: Terminal, *, now: datetime) -> Known:
    """Who the ticket was made for, on this tablet. A card that was revoked since is a card no more.

    Raises DomainError `ticket.old` or, for the card, `card.unknown`.
    """
    too_late = DomainError("ticket.old", _("That took too long. Nothing was registered. Begin again."))
    try:
        payload, _issued = field_keys().open_sealed(ticket, TICKET_CONTEXT, now=now, max_age=TICKET_LIFE)
    except DecryptionError:
        raise too_late from None
    if payload["terminal"] != str(terminal.pk):
        raise too_late
    means = Means(payload["means"])
    if means == Means.TYPED:
        return Known(Identity(Person.objects.get(pk=UUID(payload["person"])), means))
    with unscoped(reason="the card whose holder stands before the tablet"):
        badge = (
            Badge.objects.select_related("person")
            .filter(pk=UUID(payload["badge"]), revoked_at__isnull=True)
            .first()
        )
    if badge is None:
        raise DomainError(
            "card.unknown", _("This card does not work here. Type your national number."), field="ssin"
        )
    return Known(Identity(badge.person, means), badge, initial_of(badge))


def chip_hash(number: str) -> str:
    """What is stored of a chip's number (in its normal form): a keyed hash, because there are so few."""
    return field_keys().blind_index(number, CHIP_CONTEXT).hex()


def _badge(presented: Presented) -> Badge | None:
    if presented.shown == Shown.NUMBER:
        return None
    with unscoped(reason="whoever holds the card before a tablet is its authority"):
        if presented.shown == Shown.CARD:
            return _BY_SECRET.first(hash=hash_secret(presented.text))
        hashes = [index.hex() for index in field_keys().blind_indexes(presented.text, CHIP_CONTEXT)]
        return (
            Badge.objects.select_related("person")
            .filter(chip_hash__in=hashes, revoked_at__isnull=True)
            .first()
        )


def initial_of(badge: Badge) -> str:
    """Of the first name as the company wrote it that gave the card; nothing more of anybody is shown."""
    with unscoped(reason="the first letter of the name of whoever holds the card"):
        names = Employment.objects.filter(person=badge.person_id, company=badge.company_id)
        name = names.order_by("-starts_on").values_list("first_name", flat=True).first()
    return name[:1].upper() if name else ""
