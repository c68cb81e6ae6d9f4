"""A presence that still runs can always be ended, from wherever the person is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ciao_portal.errors import DomainError
from ciao_portal.models import Person
from ciao_portal.tenancy import unscoped
from declarations.rules.codes import parse_point_code
from registrations.models import Device, Means, PresenceState, Registration
from registrations.phone import identity
from registrations.phone.pages import page
from registrations.phone.tapping import key_of
from registrations.phone.web import SeeOther, phone_view
from registrations.rules.flags import Doubt
from registrations.rules.presence import LONGEST_PRESENCE, Kind, is_present
from registrations.rules.taps import KeyOrigin
from registrations.services.registering import TapAtPoint, register


@dataclass(frozen=True, slots=True)
class Running:
    """A presence that runs, by its last registration; the key makes one press one registration."""

    registration: Registration
    client_key: UUID


def running(person: Person, *, now: datetime) -> list[Running]:
    """Every presence of the person that runs now, with whichever employer; one query."""
    with unscoped(reason="a person's own presences, shown on their own paired phone"):
        states = PresenceState.objects.filter(person=person, last_at__gte=now - LONGEST_PRESENCE)
        rows = list(states.select_related("last_registration__workplace").order_by("-last_at"))
    return [
        Running(row.last_registration, uuid4()) for row in rows if is_present(row.last_kind, row.last_at, now)
    ]


@phone_view
@require_POST
def end(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """A stop where the presence runs: a tap of its own, pressed by the worker on the own phone."""
    now = timezone.now()
    device = identity.paired_device(request)
    last = _own(device, registration_id) if device else None
    if device is None or last is None:
        return page(request, "mine", {"device": None}, status=403)
    receipt = register(
        TapAtPoint(
            person=device.person,
            kind=Kind.OUT,
            point=last.point,
            employer=last.employer,
            workplace=last.workplace,
            means=Means.PAIRED,
            client_key=key_of(request.POST.get("client_key", "")),
            key_origin=KeyOrigin.PAGE,
            device=device,
            flags=frozenset({Doubt.ENDED_ELSEWHERE.value}),
        ),
        now=now,
    )
    code = _code(request.POST.get("code", "")) or last.point.code
    return SeeOther(reverse("phone:confirmation", args=[code, receipt.registration.pk]))


def _own(device: Device, registration_id: UUID) -> Registration | None:
    with unscoped(reason="a person's own registration, named on their own paired phone"):
        return (
            Registration.objects.filter(pk=registration_id, person=device.person_id)
            .select_related("point__declaration__company", "employer", "workplace")
            .first()
        )


def _code(text: str) -> str:
    """The point on whose page it was pressed, so that the confirmation leads back there; empty without."""
    try:
        return parse_point_code(text)
    except DomainError:
        return ""
