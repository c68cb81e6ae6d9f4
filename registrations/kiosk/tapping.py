"""From a button on the tablet to the one door, at once or when the signal is back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

from registrations.kiosk.who import Known
from registrations.models import Registration, Terminal
from registrations.phone import leading
from registrations.phone.points import Site
from registrations.phone.tapping import choose, key_of, kind_of, moment_of
from registrations.rules.presence import Kind
from registrations.rules.taps import KeyOrigin
from registrations.services.registering import TapAtPoint, register


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed, and what the tablet's clock said then."""

    kind: Kind
    client_key: UUID
    key_origin: KeyOrigin
    claimed_at: datetime | None
    offset: timedelta | None
    kept_offline: bool = False
    clock_jumped: bool = False


def press_of(request: HttpRequest, *, now: datetime) -> Press:
    """What the form says. Raises DomainError `action.missing` when no button was pressed."""
    post = request.POST
    claimed_at = moment_of(post.get("claimed_at", ""))
    return Press(
        kind=kind_of(post.get("action", "")),
        client_key=key_of(post.get("client_key", "")),
        key_origin=KeyOrigin.TAP if post.get("key_origin") == KeyOrigin.TAP else KeyOrigin.PAGE,
        claimed_at=claimed_at,
        offset=now - claimed_at if claimed_at else None,
    )


def tap(
    press: Press,
    terminal: Terminal,
    site: Site,
    known: Known,
    *,
    employer: str,
    happened_at: datetime,
    now: datetime,
) -> Registration:
    """Store it. `happened_at` says when the employer counts; `employer` is an id as text."""
    pressed = leading.Press(
        known.identity.person,
        press.kind,
        press.client_key,
        press.key_origin,
        employer,
        at=happened_at,
        received_at=now,
    )
    with leading.led_on(site, pressed) as reached:
        chosen = choose(reached, known.identity, workplace="", employer=employer, at=happened_at)
        receipt = register(
            TapAtPoint(
                person=known.identity.person,
                kind=press.kind,
                point=reached.point,
                employer=chosen.employer,
                workplace=chosen.workplace,
                means=known.identity.means,
                client_key=press.client_key,
                key_origin=press.key_origin,
                badge=known.identity.badge,
                terminal=terminal,
                claimed_at=press.claimed_at,
                offset=press.offset,
                kept_offline=press.kept_offline,
                clock_jumped=press.clock_jumped,
                needs_release=known.is_revoked,
                flags=chosen.flags,
            ),
            now=now,
        )
    return receipt.registration
