"""Whether one phone registers several people: allowed, and flagged for the office.

A phone remembers in a sealed cookie a random name of its own and, for one day, whom it registered, as a few
characters of a keyed hash. Nobody is written there: the question is only whether it is somebody else.
"""

from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from django.http import HttpRequest, HttpResponse

from ciao_portal.days import brussels_day
from ciao_portal.models import Person
from ciao_portal.models.people import field_keys
from registrations.phone.cookies import open_cookie, seal_cookie, set_cookie
from registrations.phone.identity import DEVICE_LIFE, Identity, paired_device

COOKIE = "seen"
CONTEXT = "phone.seen"
# More different people than this a day are as many as matter; the cookie stays short.
MOST_PEOPLE = 8
MARK_LENGTH = 12


def phone_name(request: HttpRequest, *, now: datetime) -> str:
    """The random name this phone was given, or empty."""
    return str(_kept(request, now=now).get("phone", ""))


def is_lent(request: HttpRequest, identity: Identity, *, now: datetime) -> bool:
    """Whether the phone is somebody else's, or registered somebody else today."""
    if identity.device is None:
        owner = paired_device(request)
        if owner is not None and owner.person_id != identity.person.pk:
            return True
    return any(mark != _mark(identity.person) for mark in _marks(request, now=now))


def remember(
    response: HttpResponse, request: HttpRequest, person: Person | None = None, *, now: datetime
) -> None:
    """Give the phone a name if it has none; with a person, also that it registered this person today."""
    marks = _marks(request, now=now)
    if person is not None:
        marks = [*(one for one in marks if one != _mark(person)), _mark(person)][-MOST_PEOPLE:]
    name = phone_name(request, now=now) or token_urlsafe(12)
    payload = {"phone": name, "day": brussels_day(now).isoformat(), "people": marks}
    set_cookie(response, COOKIE, seal_cookie(payload, CONTEXT, now=now), life=DEVICE_LIFE)


def _marks(request: HttpRequest, *, now: datetime) -> list[str]:
    kept = _kept(request, now=now)
    return list(kept["people"]) if kept.get("day") == brussels_day(now).isoformat() else []


def _kept(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    return open_cookie(request, COOKIE, CONTEXT, now=now, life=DEVICE_LIFE)


def _mark(person: Person) -> str:
    return field_keys().blind_index(str(person.pk), CONTEXT).hex()[:MARK_LENGTH]
