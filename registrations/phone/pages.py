"""Rendering for phones: compiled templates, no session, no context processors, never cached."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import translation

from ciao_portal.languages import PORTAL_LANGUAGES, best_language, direction

LANGUAGE_COOKIE = "phone_language"


def phone_language(request: HttpRequest) -> str:
    """The language chosen on this phone, else the browser's wish."""
    return best_language(request.headers.get("Accept-Language", ""), request.COOKIES.get(LANGUAGE_COOKIE))


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200, secret: bool = False
) -> HttpResponse:
    """A page in the phone's language. `secret`: the address holds one that no referrer may carry away."""
    language = phone_language(request)
    with translation.override(language):
        body = get_template(f"phone/{template}.html").render(
            context
            | {
                "LANGUAGE_CODE": language,
                "direction": direction(language),
                "languages": PORTAL_LANGUAGES,
                "simulated": settings.NSSO_ENVIRONMENT == "simulator",
            }
        )
    response = HttpResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = language
    if secret:
        response["Referrer-Policy"] = "strict-origin"
    return response
