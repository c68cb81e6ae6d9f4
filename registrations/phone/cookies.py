"""The cookies a phone keeps for us: HttpOnly, SameSite=Lax, sealed or random, so that they tell nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ciao_portal.crypto import DecryptionError
from ciao_portal.models.people import field_keys


def set_cookie(response: HttpResponse, name: str, value: str, *, life: timedelta, path: str = "/") -> None:
    """Keep it on the phone for so long, sent to addresses below `path` only."""
    response.set_cookie(
        name,
        value,
        max_age=life,
        path=path,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def seal_cookie(payload: Mapping[str, Any], context: str, *, now: datetime) -> str:
    """Something only we can read and only we can have written."""
    return field_keys().seal(payload, context, now=now)


def open_cookie(
    request: HttpRequest, name: str, context: str, *, now: datetime, life: timedelta
) -> dict[str, Any]:
    """What we sealed, or nothing when it is missing, too old, or not ours."""
    token = request.COOKIES.get(name, "")
    if not token:
        return {}
    try:
        payload, _issued = field_keys().open_sealed(token, context, now=now, max_age=life)
    except DecryptionError:
        return {}
    return payload
