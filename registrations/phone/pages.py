"""Rendering for phones: compiled templates, no session, no context processors, never cached."""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from ciao_portal.languages import WORKER_CODES, WORKER_LANGUAGES, best_language, direction

LANGUAGE_COOKIE = "phone_language"
# As long as browsers keep a cookie.
LANGUAGE_LIFE = timedelta(days=400)
_NAMES = dict(WORKER_LANGUAGES)


def phone_language(request: HttpRequest) -> str:
    """The language chosen on this phone, else the browser's wish."""
    wish = request.headers.get("Accept-Language", "")
    return best_language(wish, request.COOKIES.get(LANGUAGE_COOKIE), among=WORKER_CODES)


def has_chosen(request: HttpRequest) -> bool:
    """Whether a language was chosen on this phone, so that the browser's wish no longer counts."""
    return request.COOKIES.get(LANGUAGE_COOKIE) in WORKER_CODES


def keep_language(response: HttpResponse, language: str) -> None:
    """Let this phone speak the language (one of the cleaners') from now on."""
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=LANGUAGE_LIFE,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    secret: bool = False,
    language: str | None = None,
) -> HttpResponse:
    """A page in the phone's language, or in the given one.

    `secret`: the address holds one that no referrer may carry away.
    """
    language = language or phone_language(request)
    with translation.override(language):
        body = get_template(f"phone/{template}.html").render(
            {
                "LANGUAGE_CODE": language,
                "direction": direction(language),
                "language_name": _NAMES[language],
                "language_buttons": _language_buttons(language),
                "back": request.path,
                "simulated": settings.NSSO_ENVIRONMENT == "simulator",
            }
            | context
        )
    response = HttpResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = language
    if secret:
        response["Referrer-Policy"] = "strict-origin"
    return response


@lru_cache(maxsize=len(WORKER_CODES))
def _language_buttons(current: str) -> SafeString:
    """A button for each language, in its own script: the same on every page, so made once."""
    return format_html_join(
        "",
        '<button name="language" value="{0}" lang="{0}" dir="{2}" aria-current="{3}">{1}</button>',
        ((code, name, direction(code), str(code == current).lower()) for code, name in WORKER_LANGUAGES),
    )
