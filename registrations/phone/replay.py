"""Taps that a phone kept without signal, sent later: each on its own through the one door.

What a phone sends is not trusted further than its tap would be: the time is a claim, the person is whom the
sealed ticket, the enclosed number or the cookie names. One item that cannot be stored never holds up another.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.utils.translation import gettext_lazy as _

from ciao_portal.crypto import DecryptionError
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from registrations.models import Device, Means, Registration
from registrations.phone import offline_tickets, points, receipts
from registrations.phone.identity import Identity
from registrations.phone.leading import Press, led_on
from registrations.phone.offline_tickets import Known
from registrations.phone.points import Site
from registrations.phone.tapping import choose, kind_of
from registrations.rules import clock
from registrations.rules.flags import Doubt
from registrations.rules.presence import Kind
from registrations.rules.taps import KeyOrigin
from registrations.services.registering import TapAtPoint, register

# One call; a phone with more sends them in turns.
MOST_ITEMS = 50
LARGEST_BODY = 64 * 1024
LONGEST_KEY = 64
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A phone whose battery was out counts from 1970 again; nothing is further off than that.
LONGEST_MS = timedelta(days=100 * 366) / timedelta(milliseconds=1)

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Item:
    """One kept tap as the phone tells it. `offset`: the server's clock minus the phone's, measured before."""

    client_key: UUID
    code: str
    kind: Kind
    claimed_at: datetime | None
    offset: timedelta | None
    jumped: bool
    workplace: str
    employer: str
    ticket: str
    number: str
    is_taken_over: bool


@dataclass(frozen=True, slots=True)
class Sender:
    """The phone that sends: paired or not, and how far its clock is off now (None when it does not say)."""

    device: Device | None
    offset: timedelta | None


def item_of(raw: Any) -> Item:
    """What the phone sent as one item. Raises DomainError `item.malformed` or `action.missing`."""
    if not isinstance(raw, dict):
        raise _malformed()
    try:
        client_key = UUID(_text(raw, "clientKey"))
    except ValueError:
        raise _malformed() from None
    return Item(
        client_key=client_key,
        code=_text(raw, "code"),
        kind=kind_of(_text(raw, "kind")),
        claimed_at=moment_of(raw.get("claimedAt")),
        offset=length_of(raw.get("offset")),
        jumped=raw.get("jumped") is True,
        workplace=_text(raw, "workplace"),
        employer=_text(raw, "employer"),
        ticket=_text(raw, "ticket"),
        number=_text(raw, "number"),
        is_taken_over=raw.get("takenOver") is True,
    )


def moment_of(milliseconds: object) -> datetime | None:
    """A moment as browsers count, from 1970 on; nonsense counts as not said."""
    length = length_of(milliseconds)
    return EPOCH + length if length is not None and length >= timedelta() else None


def length_of(milliseconds: object) -> timedelta | None:
    """A length of time, of either sign; nonsense counts as not said."""
    if not isinstance(milliseconds, int | float) or not abs(milliseconds) <= LONGEST_MS:
        return None
    return timedelta(milliseconds=milliseconds)


def replay(raw_items: list[Any], sender: Sender, *, now: datetime) -> list[dict[str, Any]]:
    """An answer for each item, in order: `stored`, `refused` with words, or `later`."""
    return [_answered(raw, sender, now=now) for raw in raw_items]


def _answered(raw: Any, sender: Sender, *, now: datetime) -> dict[str, Any]:
    key = str(raw.get("clientKey", ""))[:LONGEST_KEY] if isinstance(raw, dict) else ""
    try:
        return receipts.stored(key, *store(item_of(raw), sender, now=now))
    except DomainError as error:
        return receipts.refused(key, error)
    except Exception as error:
        # Whatever it is, it stays on the phone and the others go on.
        logger.error("A kept tap could not be stored", exc_info=error)
        return {"clientKey": key, "state": "later"}


def store(item: Item, sender: Sender, *, now: datetime) -> tuple[str, Registration]:
    """Register the tap; answers the point's code with it.

    Raises DomainError `code.…`, `ssin.…` or `item.…` when nobody can say who or where.
    """
    at_sending = None if item.is_taken_over else sender.offset
    measured = clock.measured(item.offset, at_sending, jumped=item.jumped)
    happened_at = clock.kept_offline(now, item.claimed_at, measured.offset).happened_at
    site = points.find_site(item.code, day=brussels_day(happened_at))
    if site is None:
        raise DomainError("code.unknown", _("This code is not known. Compare it with the poster."))
    known = _who(item, site, sender, now=now)
    press = Press(
        known.identity.person,
        item.kind,
        item.client_key,
        KeyOrigin.TAP,
        item.employer,
        at=happened_at,
        received_at=now,
    )
    flags = {
        Doubt.PHONE_REVOKED.value: known.is_revoked,
        # Not when it only carries the tap of another phone over.
        Doubt.SHARED_PHONE.value: not item.is_taken_over and _is_anothers(sender.device, known.identity),
    }
    with led_on(site, press) as reached:
        chosen = choose(
            reached, known.identity, workplace=item.workplace, employer=item.employer, at=happened_at
        )
        receipt = register(
            TapAtPoint(
                person=known.identity.person,
                kind=item.kind,
                point=reached.point,
                employer=chosen.employer,
                workplace=chosen.workplace,
                means=known.identity.means,
                client_key=item.client_key,
                key_origin=press.key_origin,
                device=known.identity.device,
                badge=known.identity.badge,
                claimed_at=item.claimed_at,
                offset=measured.offset,
                kept_offline=True,
                clock_jumped=measured.jumped,
                needs_release=known.is_revoked,
                flags=chosen.flags | {flag for flag, applies in flags.items() if applies},
            ),
            now=now,
        )
    return site.point.code, receipt.registration


def _is_anothers(device: Device | None, identity: Identity) -> bool:
    return device is not None and device.person_id != identity.person.pk


def _who(item: Item, site: Site, sender: Sender, *, now: datetime) -> Known:
    """A number typed for this tap wins over what the phone was known by; the cookie speaks last."""
    if item.number:
        return offline_tickets.typed(item.number, item.client_key, now=now)
    if item.ticket:
        try:
            return offline_tickets.open_ticket(item.ticket, site.point, now=now)
        except DecryptionError:
            if sender.device is None or item.is_taken_over:
                raise offline_tickets.unreadable() from None
    if sender.device is not None and not item.is_taken_over:
        return Known(Identity(sender.device.person, Means.PAIRED, sender.device))
    raise DomainError("ssin.missing", _("Type your national number first."), field="ssin")


def _text(raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def _malformed() -> DomainError:
    return DomainError("item.malformed", _("This cannot be read any more. Tell your employer the time."))
