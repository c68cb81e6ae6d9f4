"""Where a registration was made: sent by the page's script with an agreement on file, or typed."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ciao_portal.errors import DomainError
from registrations.models import Means
from registrations.phone import identity
from registrations.phone.pages import page
from registrations.phone.views import confirmation_page, stored
from registrations.phone.web import SeeOther, phone_view
from registrations.rules.location import Position, TypedAddress
from registrations.services.places import keep_place

# Beyond a million metres a phone does not know where it is.
MOST_METRES = 1_000_000


@phone_view
@require_POST
def place(request: HttpRequest, code: str, registration_id: UUID) -> HttpResponse:
    """Keep a position (answered as JSON) or a typed address. By the phone that registered, or nobody."""
    now = timezone.now()
    registration = stored(registration_id)
    known = identity.known_for(request, registration, now=now) if registration else None
    if registration is None or known is None or known.person.pk != registration.person_id:
        return page(request, "enter", {"error": _("This confirmation is not known.")}, status=404)
    if "latitude" not in request.POST:
        try:
            keep_place(registration=registration, given=_typed(request.POST), now=now)
        except DomainError as error:
            return confirmation_page(request, code, registration, known, now=now, error=error)
        return SeeOther(reverse("phone:confirmation", args=[code, registration.pk]))
    if known.means != Means.PAIRED or known.device is None or known.device.pk != registration.device_id:
        return JsonResponse({}, status=403)
    try:
        keep_place(registration=registration, given=_position(request.POST), now=now)
    except DomainError as error:
        return JsonResponse({"code": error.code}, status=409)
    return JsonResponse({"text": _("Your place was kept.")})


def _typed(posted: Mapping[str, str]) -> TypedAddress:
    return TypedAddress(
        street=posted.get("street", ""),
        house_number=posted.get("house_number", ""),
        post_code=posted.get("post_code", ""),
        municipality=posted.get("municipality", ""),
    )


def _position(posted: Mapping[str, str]) -> Position:
    """As the phone says; what is no number becomes a position that is not usable."""
    accuracy = _number(posted.get("accuracy", ""))
    return Position(
        _number(posted.get("latitude", "")),
        _number(posted.get("longitude", "")),
        round(accuracy) if accuracy.is_finite() and 0 <= accuracy <= MOST_METRES else None,
    )


def _number(text: str) -> Decimal:
    try:
        return Decimal(text[:40])
    except InvalidOperation:
        return Decimal("NaN")
