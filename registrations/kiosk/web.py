"""What every page of a tablet has in common: the tablet itself, its language, its rights, its look."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django_permissions_policy.decorators import permissions_policy_override

from ciao_portal.days import brussels_day
from ciao_portal.envelopes import public_point
from ciao_portal.languages import WORKER_CODES, WORKER_LANGUAGES, best_language, direction
from ciao_portal.models.people import field_keys
from ciao_portal.permissions import Permission, requires
from registrations.kiosk.version import served_version
from registrations.models import Terminal
from registrations.phone.points import Site, find_site
from registrations.phone.tapping import comes_from_our_page
from registrations.services.terminals import terminal_with_secret

COOKIE = "tablet"
# As long as browsers keep a cookie; renewed whenever the page is loaded, which is every night.
COOKIE_LIFE = timedelta(days=400)
PATH = "/kiosk/"
LANGUAGE_COOKIE = "tablet_language"
# Chosen by one person, it is no longer the next one's.
LANGUAGE_LIFE = timedelta(seconds=60)
CAMERA: dict[str, str | list[str] | tuple[str]] = {**settings.PERMISSIONS_POLICY, "camera": ["self"]}

View = Callable[..., HttpResponse]


class Visit:
    """A request of a paired tablet."""

    def __init__(self, request: HttpRequest, terminal: Terminal, now: datetime) -> None:
        site = find_site(terminal.point.code, day=brussels_day(now))
        if site is None:
            raise ValueError("A tablet's point is never deleted.")
        self.request = request
        self.terminal = terminal
        self.site: Site = site
        self.now = now


def open_view(view: View) -> View:
    """Open to anyone, with its own authority instead of a CSRF token; the camera is allowed here alone."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(tablet_language(request)):
            if request.method == "POST" and not comes_from_our_page(request):
                return page(request, "foreign", {}, status=403)
            return view(request, *args, **kwargs)

    return csrf_exempt(requires(Permission.ANYONE)(permissions_policy_override(CAMERA)(guarded)))


def tablet_view(view: Callable[..., HttpResponse]) -> View:
    """For a paired tablet: the view is given its `Visit`; everybody else is told how to pair one."""

    @wraps(view)
    def known(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        terminal = terminal_with_secret(request.COOKIES.get(COOKIE, ""))
        if terminal is None:
            return page(request, "unpaired", {}, status=403)
        return view(Visit(request, terminal, timezone.now()), *args, **kwargs)

    return open_view(known)


def tablet_language(request: HttpRequest) -> str:
    """What was chosen on the screen a moment ago, else the tablet's own language."""
    wish = request.headers.get("Accept-Language", "")
    return best_language(wish, request.COOKIES.get(LANGUAGE_COOKIE), among=WORKER_CODES)


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    language: str = "",
    secret: bool = False,
) -> HttpResponse:
    """A page in the tablet's language, or in that of the person before it.

    `secret`: the address holds one that no referrer may carry away.
    """
    key_id, point = public_point(field_keys())
    spoken = language if language in WORKER_CODES else tablet_language(request)
    with translation.override(spoken):
        body = get_template(f"kiosk/{template}.html").render(
            {
                "LANGUAGE_CODE": spoken,
                "direction": direction(spoken),
                "languages": WORKER_LANGUAGES,
                "simulated": settings.NSSO_ENVIRONMENT == "simulator",
                "version": served_version(),
                "key": {"id": key_id, "point": point},
            }
            | context
        )
    response = HttpResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = spoken
    if secret:
        response["Referrer-Policy"] = "strict-origin"
    return response


def keep_secret(response: HttpResponse, secret: str) -> None:
    """Make this browser the tablet, or let it be so for another 400 days."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=COOKIE_LIFE,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def keep_language(response: HttpResponse, language: str) -> None:
    """Speak this language for a minute, to whoever stands before the tablet now."""
    if language in WORKER_CODES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=LANGUAGE_LIFE,
            path=PATH,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
