"""The addresses behind a phone without signal: what it keeps beforehand, and where it sends what it kept."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from ciao_portal.days import brussels_day
from ciao_portal.envelopes import public_point
from ciao_portal.errors import DomainError
from ciao_portal.models.people import field_keys
from registrations.models import Means
from registrations.phone import identity, leading, offline_tickets, points, receipts, replay
from registrations.phone.identity import Identity
from registrations.phone.pages import page
from registrations.phone.points import Site
from registrations.phone.standing import equal_buttons
from registrations.phone.web import phone_view


# Pages without anything about anyone are compressed: there is no secret whose length could tell.
@gzip_page
@phone_view
@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The page a phone shows without signal: four buttons, nothing about anyone. Kept by the phone itself."""
    return page(request, "offline", {"buttons": equal_buttons()})


@gzip_page
@phone_view
@require_GET
def hand_over(request: HttpRequest) -> HttpResponse:
    """Codes of what waits on this phone, for another one to take over. Kept by the phone like the shell."""
    return page(request, "hand_over", {})


@gzip_page
@phone_view
@require_GET
def take_over(request: HttpRequest) -> HttpResponse:
    """What another phone shows in a code; the content stands behind the `#`, which never reaches us."""
    return page(request, "take_over", {}, secret=True)


@phone_view
@require_GET
def kit(request: HttpRequest, code: str) -> HttpResponse:
    """What the phone keeps for taps at this point without signal: names on the poster, opaque tickets."""
    now = timezone.now()
    try:
        site = points.find_site(code, day=brussels_day(now))
    except DomainError:
        site = None
    if site is None:
        return receipts.json({}, now=now, status=404)
    key_id, point = public_point(field_keys())
    return receipts.json(
        {
            "site": _site(leading.shown(site, None, now=now)),
            "key": {"id": key_id, "point": point},
            "known": _known(request, site, now=now),
            "once": _once(request, site, now=now),
        },
        now=now,
    )


def _site(site: Site) -> dict[str, Any]:
    companies = [(str(site.first_company.pk), site.first_name)] if site.has_several_companies else []
    others = [(str(pk), name) for pk, name in site.other_names]
    places = [(str(place.pk), place.name) for place in site.workplaces] if len(site.workplaces) > 1 else []
    return {"title": site.title, "workplaces": places, "employers": [*companies, *others]}


def _known(request: HttpRequest, site: Site, *, now: datetime) -> dict[str, Any] | None:
    """Whose the phone itself is, whatever card was shown on it for one tap."""
    if device := identity.paired_device(request):
        known, ends_at = Identity(device.person, Means.PAIRED, device), None
    else:
        found = identity.known_identity(request, site.point, now=now)
        if found is None or found.means != Means.TICKET:
            return None
        known, ends_at = found, _cookie_ends_at(request, now=now)
    return {
        "isPaired": known.device is not None,
        "ticket": offline_tickets.ticket_for(known, site.point, now=now),
        "endsAt": receipts.milliseconds(ends_at) if ends_at else None,
    }


def _cookie_ends_at(request: HttpRequest, *, now: datetime) -> datetime:
    """The phone asks for the number again without signal when it would with signal."""
    token = request.COOKIES.get(identity.TICKET_COOKIE, "")
    _payload, issued = field_keys().open_sealed(
        token, identity.TICKET_CONTEXT, now=now, max_age=identity.TICKET_LIFE
    )
    return issued + identity.TICKET_LIFE


def _once(request: HttpRequest, site: Site, *, now: datetime) -> str | None:
    """A ticket for the page that is open, of whoever showed a card on it; never kept for a later one."""
    known = identity.known_identity(request, site.point, now=now)
    if known is None or known.means in (Means.PAIRED, Means.TICKET):
        return None
    return offline_tickets.ticket_for(known, site.point, now=now)


@phone_view
@require_POST
def replay_kept(request: HttpRequest) -> HttpResponse:
    """What a phone kept: `{sentAt, items: […]}`, answered item by item.

    400 when it is no such list, 413 when it is too long: the phone then sends its items one by one.
    """
    now = timezone.now()
    if int(request.headers.get("Content-Length") or 0) > replay.LARGEST_BODY:
        return receipts.json({}, now=now, status=413)
    try:
        body = json.loads(request.body)
        items = body["items"]
    except (ValueError, KeyError, TypeError, RecursionError):
        items = None
    if not isinstance(items, list):
        return receipts.json({}, now=now, status=400)
    if len(items) > replay.MOST_ITEMS:
        return receipts.json({}, now=now, status=413)
    sent_at = replay.moment_of(body.get("sentAt"))
    sender = replay.Sender(identity.paired_device(request), now - sent_at if sent_at else None)
    return receipts.json({"items": replay.replay(items, sender, now=now)}, now=now)
