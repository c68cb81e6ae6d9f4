"""\"Was this you?\": asked on a paired phone about registrations for which the number was typed elsewhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import DateTimeField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_POST

from ciao_portal.days import brussels_day, clock_time
from ciao_portal.prepared import PERSON, Given, Prepared
from ciao_portal.tenancy import unscoped
from registrations.models import Device, Means, Registration
from registrations.models.registrations import StatementKind
from registrations.phone import identity
from registrations.phone.identity import Identity
from registrations.phone.last_point import last_site
from registrations.phone.pages import page
from registrations.phone.standing import DONE_WORDS, ICONS
from registrations.phone.web import SeeOther, phone_view
from registrations.rules.presence import Kind
from registrations.services.statements import state_identity

# Whoever is asked about last month no longer knows.
ASKED_FOR = timedelta(days=7)
TYPED = (Means.TYPED, Means.TICKET)
ANSWERS = (StatementKind.WAS_ME, StatementKind.NOT_ME)


def _typed_for(person: UUID | Given) -> QuerySet[Registration]:
    return Registration.objects.filter(person=person, means__in=TYPED)


_OLDEST = Prepared(
    lambda: (
        _typed_for(PERSON)
        .filter(happened_at__gte=Given("since", DateTimeField()))
        .exclude(statements__kind__in=ANSWERS)
        .select_related("workplace")
        .order_by("happened_at", "id")[:1]
    )
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One registration to say yes or no to; `moment` is aware."""

    registration: UUID
    moment: datetime
    clock: str
    words: Promise
    icon: str
    place: str


def question(known: Identity | None, *, now: datetime) -> Asked | None:
    """The oldest one not answered yet, one at a time; for a paired phone only."""
    return question_on(known.device, now=now) if known else None


def question_on(device: Device | None, *, now: datetime) -> Asked | None:
    """The same for a phone: what was typed since it was paired, when nobody needed to type any more."""
    if device is None:
        return None
    since = max(device.paired_at, now - ASKED_FOR)
    with unscoped(reason="a person's own registrations, asked about on their own paired phone"):
        found = _OLDEST.first(person=device.person_id, since=since)
    if found is None:
        return None
    kind = Kind(found.kind)
    return Asked(
        found.pk,
        found.happened_at,
        clock_time(found.happened_at),
        DONE_WORDS[kind],
        ICONS[kind],
        found.workplace.name,
    )


@phone_view
@require_POST
def was_it_you(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """Keep the answer; "no" stands on the office's list at once."""
    now = timezone.now()
    device = identity.paired_device(request)
    if device is None:
        return page(request, "mine", {"device": None}, status=403)
    with unscoped(reason="a person's own registration, answered on their own paired phone"):
        registration = _typed_for(device.person_id).filter(pk=registration_id).first()
        if registration is not None and request.POST.get("answer") in ("yes", "no"):
            state_identity(registration=registration, was_me=request.POST["answer"] == "yes", now=now)
    site = last_site(request, day=brussels_day(now))
    return SeeOther(reverse("phone:point", args=[site.point.code]) if site else reverse("phone:mine"))
