"""The cleaners' pages. GET never acts; a POST stores first and asks afterwards."""

from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import UUIDField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_permissions_policy.decorators import permissions_policy_override

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.prepared import Given, Prepared
from ciao_portal.tenancy import unscoped
from registrations.models import Means, Registration
from registrations.phone import (
    asked,
    confirmations,
    identity,
    last_point,
    leading,
    lent,
    points,
    receipts,
    tapping,
)
from registrations.phone.afterwards import beside
from registrations.phone.arriving import arrive
from registrations.phone.homepage import home
from registrations.phone.identity import Identity
from registrations.phone.pages import page
from registrations.phone.points import Site
from registrations.phone.standing import offer
from registrations.phone.web import SeeOther, phone_view


@phone_view
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Type the code or the declaration number."""
    if request.method != "POST":
        return page(request, "enter", {"paired": identity.DEVICE_COOKIE in request.COOKIES})
    typed = request.POST.get("code", "").strip()
    try:
        return _entered(request, typed)
    except DomainError as error:
        return page(request, "enter", {"typed": typed, "error": str(error)}, status=422)


def _entered(request: HttpRequest, typed: str) -> HttpResponse:
    malformed = points.code_in_words(typed)
    if malformed is None:
        site = points.find_site(typed, day=brussels_day(timezone.now()))
        if site is None:
            raise DomainError("code.unknown", _("This code is not known. Compare it with the poster."))
        return SeeOther(reverse("phone:point", args=[site.point.code]))
    try:
        found = points.points_of_declaration(typed)
    except DomainError as error:
        # The longer of the two kinds was meant when more was typed than a code holds.
        raise (malformed if len(typed) <= LONGEST_CODE else error) from None
    if not found:
        raise DomainError("declaration.unknown", _("This declaration number is not known here."))
    if len(found) == 1:
        return SeeOther(reverse("phone:point", args=[found[0].code]))
    return page(request, "enter", {"typed": typed, "found": found})


# A code of ten characters with the separators people type.
LONGEST_CODE = 12


@phone_view
@require_http_methods(["GET", "HEAD", "POST"])
def point(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind the QR on the wall."""
    now = timezone.now()
    try:
        site = arrive(request, code, day=brussels_day(now))
    except DomainError as error:
        return page(request, "enter", {"typed": code, "error": str(error)}, status=404)
    if site is None:
        error_text = _("This code is not known. Compare it with the poster.")
        return page(request, "enter", {"typed": code, "error": error_text}, status=404)
    if request.method == "POST":
        return _tapped(request, site, now=now)
    if code != site.point.code:
        return HttpResponseRedirect(reverse("phone:point", args=[site.point.code]))
    return _point_page(request, site, now=now)


def _tapped(request: HttpRequest, site: Site, *, now: datetime) -> HttpResponse:
    try:
        tapped = tapping.tap(request, site, now=now)
    except DomainError as error:
        if receipts.wants_receipt(request):
            refusal = receipts.refused(request.POST.get("client_key", ""), error)
            return receipts.json(refusal, now=now, status=422)
        return _point_page(request, site, now=now, error=error)
    response = receipts.answer(request, site.point.code, tapped.receipt.registration)
    if tapped.identity.means == Means.TYPED:
        led_to = tapped.receipt.registration.point
        identity.keep_ticket(response, tapped.identity, site.point, led_to=led_to, now=now)
    if tapped.identity.badge is not None:
        confirmation = reverse("phone:confirmation", args=[site.point.code, tapped.receipt.registration.pk])
        identity.put_card_away(response, tapped.identity.badge, confirmation, now=now)
    lent.remember(response, request, tapped.identity.person, now=now)
    return response


def _point_page(
    request: HttpRequest, site: Site, *, now: datetime, error: DomainError | None = None
) -> HttpResponse:
    known = identity.known_identity(request, site.point, now=now)
    reached = leading.shown(site, known.person if known and known.device else None, now=now)
    offered = offer(known, reached, now=now)
    own = home(known, reached, now=now)
    context = {
        "site": reached,
        "companies": [] if own else tapping.offered_names(reached, known, now=now),
        "code": site.point.code,
        "now": now,
        "known": known,
        "home": own,
        "buttons": offered.buttons,
        "elsewhere": offered.elsewhere,
        "client_key": uuid4(),
        "error": error,
        "posted": request.POST,
        "asked": asked.question(known, now=now),
    }
    response = page(request, "point", context, status=422 if error else 200)
    last_point.keep_point(response, site)
    return response


# The one page whose script may ask the phone where it is, and only where that was agreed.
@permissions_policy_override({**settings.PERMISSIONS_POLICY, "geolocation": ["self"]})
@phone_view
@require_GET
def confirmation(request: HttpRequest, code: str, registration_id: UUID) -> HttpResponse:
    """What was stored, when, and whether the NSSO has it."""
    registration = stored(registration_id)
    if registration is None:
        return page(request, "enter", {"error": _("This confirmation is not known.")}, status=404)
    now = timezone.now()
    known = identity.known_for(request, registration, now=now)
    return confirmation_page(request, code, registration, known, now=now)


def confirmation_page(
    request: HttpRequest,
    code: str,
    registration: Registration,
    known: Identity | None,
    *,
    now: datetime,
    error: DomainError | None = None,
) -> HttpResponse:
    """The confirmation, with what is still open about it for the person who made it."""
    site = points.find_site(registration.point.code, day=registration.happened_day)
    is_own = known is not None and known.person.pk == registration.person_id
    context = {
        "code": code,
        "site": site,
        "confirmation": confirmations.of(registration, now=now),
        "questions": confirmations.questions(registration, site, known) if is_own and site else [],
        "beside": beside(registration, known, now=now),
        "paired": known is not None and known.means == Means.PAIRED,
        "error": error,
        "posted": request.POST,
        "back": reverse("phone:confirmation", args=[code, registration.pk]),
    }
    return page(request, "confirmation", context, status=422 if error else 200)


@phone_view
@require_GET
def state(request: HttpRequest, code: str, registration_id: UUID) -> HttpResponse:  # noqa: ARG001  # the address names both
    """How far the registration got, in words and for the script: `{done, text, number}`."""
    registration = stored(registration_id)
    if registration is None:
        return JsonResponse({}, status=404)
    found = confirmations.of(registration, now=timezone.now())
    response = JsonResponse({"done": found.is_settled, "signal": found.signal, "text": found.journey})
    response["Cache-Control"] = "no-store"
    return response


@phone_view
@require_POST
def answer(request: HttpRequest, code: str, registration_id: UUID) -> HttpResponse:
    """An answer to a question of the confirmation page, kept beside the registration."""
    registration = stored(registration_id)
    now = timezone.now()
    known = identity.known_for(request, registration, now=now) if registration else None
    if registration is None or known is None or known.person.pk != registration.person_id:
        return page(request, "enter", {"error": _("This confirmation is not known.")}, status=404)
    site = points.find_site(registration.point.code, day=registration.happened_day)
    if site is not None:
        try:
            confirmations.take_answer(registration, site, known, request.POST, now=now)
        except DomainError as error:
            return confirmation_page(request, code, registration, known, now=now, error=error)
    return SeeOther(reverse("phone:confirmation", args=[code, registration.pk]))


_STORED = Prepared(
    lambda: (
        Registration.objects.filter(pk=Given("registration", UUIDField()))
        .select_related("submission", "workplace", "employer", "point", "person", "place")
        .order_by()
    )
)


def stored(registration_id: UUID) -> Registration | None:
    """The registration of a confirmation, with all that its page shows."""
    with unscoped(reason="the unguessable id of a confirmation is the authority; no name is shown"):
        return _STORED.first(registration=registration_id)
