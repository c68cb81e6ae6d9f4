"""What the script of the page is answered: a receipt that names the key of the tap, or why there is none.

Only such an answer lets a phone forget a tap: the page of a hotel's network or of a broken balancer does not.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from ciao_portal.errors import DomainError
from registrations.models import Registration
from registrations.phone.web import SeeOther

JSON = "application/json"


def wants_receipt(request: HttpRequest) -> bool:
    """Whether our script asks, not a browser that follows a form."""
    return request.headers.get("Accept") == JSON


def milliseconds(moment: datetime) -> int:
    """As the clock of a browser counts."""
    return round(moment.timestamp() * 1000)


def stored(client_key: str, code: str, registration: Registration) -> dict[str, Any]:
    """The receipt of a tap: the key it was sent with, which may be another than the first of the same tap."""
    return {
        "clientKey": client_key,
        "state": "stored",
        "registration": str(registration.pk),
        "url": reverse("phone:confirmation", args=[code, registration.pk]),
    }


def refused(client_key: str, error: DomainError) -> dict[str, Any]:
    """Why nothing could be stored, in the phone's language."""
    return {"clientKey": client_key, "state": "refused", "code": error.code, "message": str(error)}


def answer(request: HttpRequest, code: str, registration: Registration) -> HttpResponse:
    """To a tap that was stored: the confirmation, or its receipt for the script."""
    receipt = stored(request.POST.get("client_key", ""), code, registration)
    if wants_receipt(request):
        return json(receipt, now=timezone.now(), status=201)
    return SeeOther(receipt["url"])


def json(content: dict[str, Any], *, now: datetime, status: int = 200) -> JsonResponse:
    """An answer with the server's clock in it, kept nowhere."""
    response = JsonResponse({"now": milliseconds(now)} | content, status=status)
    response["Cache-Control"] = "no-store"
    return response
