"""Practice: the screens of the phone without anything behind them.

Nothing is stored on the server, nobody is looked up, and no service is called: this module imports none that
writes. What the trainee did stands in a sealed cookie of the trainee's own phone, without any number.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from ciao_portal.crypto import DecryptionError
from ciao_portal.days import brussels_day, clock_time
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_ssin
from ciao_portal.models.people import field_keys
from registrations.phone.offered import equal_buttons
from registrations.phone.pages import page
from registrations.phone.standing import DONE_WORDS, ICONS
from registrations.phone.tapping import kind_of
from registrations.phone.web import SeeOther, phone_view
from registrations.rules.presence import Kind

COOKIE = "practice"
CONTEXT = "phone.practice"
PATH = "/practice/"
# As long as a real phone remembers a typed number.
LIFE = timedelta(hours=16)
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was practised."""

    kind: Kind
    at: datetime

    @property
    def clock(self) -> str:
        return clock_time(self.at)

    @property
    def words(self) -> Promise:
        return DONE_WORDS[self.kind]

    @property
    def icon(self) -> str:
        return ICONS[self.kind]


@phone_view
@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    """The page of a point that does not exist."""
    now = timezone.now()
    steps = _steps(request, now=now)
    if request.method != "POST":
        return _page(request, steps, now=now)
    try:
        kind = kind_of(request.POST.get("action", ""))
        _check_number(request.POST.get("ssin", ""), is_needed=not steps, now=now)
    except DomainError as error:
        return _page(request, steps, now=now, error=error)
    response = SeeOther(reverse("phone:practice-done"))
    _keep(response, [*steps, Step(kind, now)][-SHOWN:], now=now)
    return response


@phone_view
@require_GET
def practice_done(request: HttpRequest) -> HttpResponse:
    """The confirmation, with the time: as on a real one, but it says what it is."""
    steps = _steps(request, now=timezone.now())
    if not steps:
        return SeeOther(reverse("phone:practice"))
    return page(request, "practice_done", {"step": steps[-1]})


def _page(
    request: HttpRequest, steps: list[Step], *, now: datetime, error: DomainError | None = None
) -> HttpResponse:
    context = {
        "now": now,
        "known": bool(steps),
        "steps": steps,
        "buttons": equal_buttons(),
        "error": error,
        "posted": request.POST,
    }
    return page(request, "practice", context, status=422 if error else 200)


def _check_number(typed: str, *, is_needed: bool, now: datetime) -> None:
    """Explain a malformed number as the real page does; a well-formed one, of whomever, is forgotten here."""
    if typed.strip():
        try:
            parse_ssin(typed, today=brussels_day(now))
        except DomainError as error:
            raise error.on_field("ssin") from None
    elif is_needed:
        raise DomainError("ssin.missing", _("Type your national number first."), field="ssin")


def _steps(request: HttpRequest, *, now: datetime) -> list[Step]:
    token = request.COOKIES.get(COOKIE, "")
    if not token:
        return []
    try:
        payload, _issued = field_keys().open_sealed(token, CONTEXT, now=now, max_age=LIFE)
    except DecryptionError:
        return []
    return [Step(Kind(kind), datetime.fromtimestamp(at, tz=UTC)) for kind, at in payload["steps"]]


def _keep(response: HttpResponse, steps: list[Step], *, now: datetime) -> None:
    payload = {"steps": [(step.kind.value, round(step.at.timestamp())) for step in steps]}
    response.set_cookie(
        COOKIE,
        field_keys().seal(payload, CONTEXT, now=now),
        max_age=LIFE,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
