"""The tablet: who is there, which button, what was kept; and what the tablet itself needs.

GET never acts. Everything works as plain forms; the script of the page fetches the same pages and puts their
stage in place, so that the camera need not stop.
"""

import json
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciao_portal.errors import DomainError
from ciao_portal.tenancy import unscoped
from registrations.kiosk import frames, replay, tapping, who
from registrations.kiosk.version import served_version
from registrations.kiosk.web import (
    COOKIE,
    Visit,
    keep_language,
    keep_secret,
    open_view,
    page,
    tablet_view,
)
from registrations.kiosk.who import Known
from registrations.models import Registration
from registrations.phone import confirmations, receipts
from registrations.phone.leading import shown
from registrations.phone.replay import LARGEST_BODY, MOST_ITEMS, moment_of
from registrations.phone.standing import equal_buttons, expected_first
from registrations.phone.web import SeeOther
from registrations.services import terminals


@require_GET
@tablet_view
def start(visit: Visit) -> HttpResponse:
    """Nobody stands there: hold a card, let a reader type, or type the number."""
    terminals.mark_seen(visit.terminal, now=visit.now)
    response = _start_page(visit)
    keep_secret(response, visit.request.COOKIES[COOKIE])
    return response


@require_POST
@tablet_view
def present(visit: Visit) -> HttpResponse:
    """A card, a chip or a number was presented: the buttons of whoever that is. Registers nothing."""
    text = visit.request.POST.get("ssin", "")
    try:
        known = who.identify(text, now=visit.now)
    except DomainError as error:
        # What was typed may be corrected; what a card said is nobody's to read.
        typed = text.strip() if error.code.startswith("ssin.") and len(text) < 20 else ""
        return _start_page(visit, error=error, typed=typed)
    return _buttons_page(visit, known)


@require_POST
@tablet_view
def tap(visit: Visit) -> HttpResponse:
    """A button was pressed."""
    request, now = visit.request, visit.now
    try:
        known = who.known_by_ticket(request.POST.get("ticket", ""), visit.terminal, now=now)
    except DomainError as error:
        return _start_page(visit, error=error)
    try:
        press = tapping.press_of(request, now=now)
    except DomainError as error:
        return _buttons_page(visit, known, error=error)
    registration = tapping.tap(
        press,
        visit.terminal,
        visit.site,
        known,
        employer=request.POST.get("employer", ""),
        happened_at=now,
        now=now,
    )
    return SeeOther(reverse("kiosk:done", args=[registration.pk]))


@require_GET
@tablet_view
def done(visit: Visit, registration_id: UUID) -> HttpResponse:
    """What was kept, for three seconds: the time, and an initial when a card was held."""
    with unscoped(reason="the tablet's own registration, shown as a time and a letter"):
        registration = (
            Registration.objects.select_related("submission", "workplace", "person", "badge")
            .filter(pk=registration_id, terminal=visit.terminal)
            .first()
        )
    # A page that is loaded again much later has nobody before it any more.
    if registration is None or visit.now - registration.received_at > who.TICKET_LIFE:
        return SeeOther(reverse("kiosk:start"))
    context = _frame_of(visit) | {
        "confirmation": confirmations.of(registration, now=visit.now),
        "initial": who.initial_of(registration.badge) if registration.badge else "",
    }
    language = registration.person.language if registration.badge else ""
    return page(visit.request, "done", context, language=language)


@require_POST
@tablet_view
def language(visit: Visit) -> HttpResponse:
    """Speak another language for a minute."""
    response = SeeOther(reverse("kiosk:start"))
    keep_language(response, visit.request.POST.get("language", ""))
    return response


@require_POST
@tablet_view
def frame(visit: Visit) -> HttpResponse:
    """What a card in this picture says: `{text}`, empty when there is none. The picture is not kept."""
    request = visit.request
    try:
        frames.take_turn(visit.terminal, now=visit.now)
        if int(request.headers.get("Content-Length") or 0) > frames.MOST_BYTES:
            raise frames.FrameRefusedError(413)
        text = frames.text_in(request.body)
    except frames.FrameRefusedError as error:
        return JsonResponse({}, status=error.status)
    return _json({"text": text})


@require_POST
@tablet_view
def replay_kept(visit: Visit) -> HttpResponse:
    """What the tablet kept without signal: `{sentAt, items: […]}`, answered item by item.

    400 when it is no such list, 413 when it is too long: the tablet then sends its items one by one.
    """
    request, now = visit.request, visit.now
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
        return receipts.json({}, now=now, status=413)
    try:
        body = json.loads(request.body)
        items, sent_at = body["items"], moment_of(body.get("sentAt"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return receipts.json({}, now=now, status=400)
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        return receipts.json({}, now=now, status=413 if isinstance(items, list) else 400)
    at_sending = now - sent_at if sent_at else None
    return receipts.json({"items": replay.replay(items, visit.terminal, at_sending, now=now)}, now=now)


@require_GET
@tablet_view
def alive(visit: Visit) -> HttpResponse:
    """Asked every minute: that the tablet lives, which version is served, and the right time."""
    terminals.mark_seen(visit.terminal, now=visit.now)
    return _json({"version": served_version(), "now": round(visit.now.timestamp() * 1000)})


@open_view
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of a tablet: GET shows (previews fetch links), POST makes this browser the tablet."""
    now = timezone.now()
    try:
        if request.method != "POST":
            terminal = terminals.open_link(secret, now=now)
            already = terminals.terminal_with_secret(request.COOKIES.get(COOKIE, "")) is not None
            return page(request, "pair", {"terminal": terminal, "already": already}, secret=True)
        own_secret = terminals.pair_terminal(secret=secret, now=now)
    except DomainError as error:
        return page(request, "pair", {"error": error}, status=410, secret=True)
    response = SeeOther(reverse("kiosk:start"))
    keep_secret(response, own_secret)
    return response


def _start_page(visit: Visit, *, error: DomainError | None = None, typed: str = "") -> HttpResponse:
    context = {"error": error, "typed": typed} | _frame_of(visit)
    return page(visit.request, "start", context, status=422 if error else 200)


def _buttons_page(visit: Visit, known: Known, *, error: DomainError | None = None) -> HttpResponse:
    person, now = known.identity.person, visit.now
    is_proven = not known.identity.is_typed
    context = _frame_of(visit) | {
        "initial": known.initial,
        "is_proven": is_proven,
        # The four equal ones tell nothing of whoever's number was typed.
        "buttons": expected_first(person, now=now) if is_proven else equal_buttons(),
        "ticket": who.ticket_of(known, visit.terminal, now=now),
        "client_key": uuid4(),
        "error": error,
    }
    language = person.language if is_proven else ""
    return page(visit.request, "buttons", context, status=422 if error else 200, language=language)


def _frame_of(visit: Visit) -> dict[str, object]:
    """What every screen shows, and what the tablet needs to go on without signal."""
    site = shown(visit.site, None, now=visit.now)
    return {"site": site, "now": visit.now, "kept_buttons": equal_buttons()}


def _json(content: dict[str, object]) -> JsonResponse:
    response = JsonResponse(content)
    response["Cache-Control"] = "no-store"
    return response
