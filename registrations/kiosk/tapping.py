"""From a button on the tablet to the one door."""

from datetime import datetime

from django.http import HttpRequest

from ciao_portal.days import brussels_day
from registrations.kiosk.who import Known
from registrations.models import Means, Registration, Terminal
from registrations.phone.points import Site
from registrations.phone.tapping import claimed, employer_of, key_of, kind_of
from registrations.rules.flags import Doubt
from registrations.rules.taps import KeyOrigin
from registrations.services.registering import TapAtPoint, register


def tap(request: HttpRequest, terminal: Terminal, site: Site, known: Known, *, now: datetime) -> Registration:
    """Store what was tapped. Raises DomainError `action.missing` when no button was pressed."""
    post = request.POST
    kind = kind_of(post.get("action", ""))
    workplace, workplace_assumed = site.workplace("")
    employer, employer_assumed = employer_of(
        site, known.identity, post.get("employer", ""), day=brussels_day(now)
    )
    flags = {
        Doubt.WORKPLACE_ASSUMED.value: workplace_assumed,
        Doubt.EMPLOYER_ASSUMED.value: employer_assumed,
        Doubt.IDENTITY_TYPED.value: known.identity.means == Means.TYPED,
    }
    claimed_at = claimed(post.get("claimed_at", ""))
    receipt = register(
        TapAtPoint(
            person=known.identity.person,
            kind=kind,
            point=site.point,
            employer=employer,
            workplace=workplace,
            means=known.identity.means,
            client_key=key_of(post.get("client_key", "")),
            key_origin=KeyOrigin.TAP if post.get("key_origin") == KeyOrigin.TAP else KeyOrigin.PAGE,
            badge=known.badge,
            terminal=terminal,
            claimed_at=claimed_at,
            offset=now - claimed_at if claimed_at else None,
            flags=frozenset(flag for flag, applies in flags.items() if applies),
        ),
        now=now,
    )
    return receipt.registration
