"""Taps that a tablet kept without signal, sent later: each on its own through the one door.

Who it was is a ticket of ours, or what was presented (a card, a chip, a number), closed so that only we can
read it. The time is a claim, as on a phone. One item that cannot be stored never holds up another.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog

from ciao_portal.crypto import DecryptionError
from ciao_portal.days import brussels_day
from ciao_portal.envelopes import open_envelope
from ciao_portal.errors import DomainError
from ciao_portal.models.people import field_keys
from registrations.kiosk import who
from registrations.kiosk.tapping import Press, tap
from registrations.kiosk.who import Known
from registrations.models import Registration, Terminal
from registrations.phone import offline_tickets, points, receipts
from registrations.phone.replay import LONGEST_KEY, Item, item_of
from registrations.rules import clock
from registrations.rules.taps import KeyOrigin

logger = structlog.stdlib.get_logger(__name__)


def replay(
    raw_items: list[Any], terminal: Terminal, at_sending: timedelta | None, *, now: datetime
) -> list[dict[str, Any]]:
    """An answer for each item, in order: `stored`, `refused` with words, or `later`.

    `at_sending`: how far the tablet's clock is off now, as far as it says.
    """
    return [_answered(raw, terminal, at_sending, now=now) for raw in raw_items]


def _answered(raw: Any, terminal: Terminal, at_sending: timedelta | None, *, now: datetime) -> dict[str, Any]:
    key = str(raw.get("clientKey", ""))[:LONGEST_KEY] if isinstance(raw, dict) else ""
    try:
        registration = _stored(item_of(raw), terminal, at_sending, now=now)
    except DomainError as error:
        return receipts.refused(key, error)
    except Exception as error:
        # Whatever it is, it stays on the tablet and the others go on.
        logger.error("A tap kept by a tablet could not be stored", exc_info=error)
        return {"clientKey": key, "state": "later"}
    return {"clientKey": key, "state": "stored", "registration": str(registration.pk)}


def _stored(item: Item, terminal: Terminal, at_sending: timedelta | None, *, now: datetime) -> Registration:
    measured = clock.measured(item.offset, at_sending, jumped=item.jumped)
    happened_at = clock.kept_offline(now, item.claimed_at, measured.offset).happened_at
    site = points.find_site(terminal.point.code, day=brussels_day(happened_at))
    if site is None:
        raise ValueError("A tablet's point is never deleted.")
    press = Press(
        kind=item.kind,
        client_key=item.client_key,
        key_origin=KeyOrigin.TAP,
        claimed_at=item.claimed_at,
        offset=measured.offset,
        kept_offline=True,
        clock_jumped=measured.jumped,
    )
    known = _known(item, happened_at=happened_at, now=now)
    return tap(press, terminal, site, known, employer=item.employer, happened_at=happened_at, now=now)


def _known(item: Item, *, happened_at: datetime, now: datetime) -> Known:
    try:
        if item.ticket:
            return who.known_by_kept_ticket(item.ticket, now=now)
        text = open_envelope(item.number, str(item.client_key), field_keys())
    except DecryptionError:
        raise offline_tickets.unreadable() from None
    return who.identify_later(text, happened_at=happened_at, now=now)
