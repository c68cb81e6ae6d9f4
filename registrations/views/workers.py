"""The company's workers: list, one worker, taking on, changing, phones, and the full number."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.identifiers import format_ssin
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, portal, say
from ciao_portal.web.bulk import BulkAction
from ciao_portal.web.lists import Empty, PortalListView
from declarations.qr import qr_svg
from registrations import cells
from registrations.agreements import latest_answers
from registrations.filters import WorkerFilter
from registrations.forms import EmploymentForm, NewWorkerForm
from registrations.models import Device, Employment, PresenceState
from registrations.naming import masked_number
from registrations.services.pairing import LINK_LIFE, offer_pairing, revoke_device
from registrations.services.workers import add_employment, change_employment, reveal_number
from registrations.tables import WorkerTable
from registrations.views.own_workers import own_worker
from registrations.views.worker_page import worker_page


class WorkerList(PortalListView):
    permission = Permission.VIEW
    table_class = WorkerTable
    filterset_class = WorkerFilter
    title = _("Workers")
    action = ("registrations:worker-new", _("Add a worker"), Permission.MANAGE_WORKERS)
    empty = Empty(
        _("No workers yet"),
        _("Add the people who clean for you, so that their registrations carry a name."),
        reverse_lazy("registrations:worker-new"),
        _("Add a worker"),
    )
    bulk = (
        BulkAction(
            "registrations:workers-pair",
            _("Print pairing letters"),
            Permission.MANAGE_WORKERS,
            icon="print",
            opens_document=True,
        ),
        BulkAction("registrations:workers-cards", _("Make cards"), Permission.MANAGE_WORKERS, icon="card"),
        BulkAction(
            "registrations:information-sheets",
            _("Print information sheets"),
            Permission.MANAGE_WORKERS,
            icon="print",
            opens_document=True,
        ),
        BulkAction(
            "registrations:workers-informed",
            _("Note as informed on paper"),
            Permission.MANAGE_WORKERS,
            icon="check",
        ),
    )

    def can_tick(self, record: Employment) -> bool:
        """Who left pairs no phone."""
        return record.ends_on is None or record.ends_on >= brussels_day(timezone.now())

    def get_queryset(self) -> QuerySet[Employment]:
        states = PresenceState.objects.filter(
            employer=portal(self.request).company, person=OuterRef("person")
        ).order_by("-last_at")
        return Employment.objects.select_related("person").annotate(
            is_paired=Exists(_phones(OuterRef("person"))),
            last_registered_at=Subquery(states.values("last_at")[:1]),
            **latest_answers(),
        )


@requires(Permission.VIEW)
@require_GET
def worker_detail(request: HttpRequest, worker: UUID) -> HttpResponse:
    """One worker: facts, days, remarks, means, periods; `?week=` shows the week of that day."""
    return worker_page(request, own_worker(worker))


@requires(Permission.MANAGE_WORKERS)
def worker_new(request: HttpRequest) -> HttpResponse:
    """Take on a worker."""
    now = timezone.now()
    form = NewWorkerForm(request.POST or None, initial={"starts_on": brussels_day(now)})
    if form.is_valid():
        try:
            employment = add_employment(
                company=portal(request).company,
                ssin=form.cleaned_data["ssin"],
                facts=form.facts(),
                actor=actor_of(request),
                now=now,
            )
        except DomainError as error:
            form.refuse(error)
        else:
            say(request, gettext("%(worker)s was added.") % {"worker": employment})
            return redirect("registrations:worker-detail", employment.pk)
    context = {
        "title": _("Add a worker"),
        "back": {"url": reverse_lazy("registrations:worker-list"), "label": _("Workers")},
        "form": form,
        "submit_label": _("Add the worker"),
        "cancel_url": reverse_lazy("registrations:worker-list"),
    }
    return render(request, "generic/form.html", context)


@requires(Permission.MANAGE_WORKERS)
def worker_edit(request: HttpRequest, worker: UUID) -> HttpResponse:
    """Change what the company wrote about a worker."""
    employment = own_worker(worker)
    form = EmploymentForm.of(employment, request.POST or None)
    if form.is_valid():
        try:
            change_employment(
                employment=employment, facts=form.facts(), actor=actor_of(request), now=timezone.now()
            )
        except DomainError as error:
            form.refuse(error)
        else:
            say(request, gettext("The changes were saved."))
            return redirect("registrations:worker-detail", employment.pk)
    here = reverse_lazy("registrations:worker-detail", args=[employment.pk])
    context = {
        "title": _("Change the worker"),
        "lead": masked_number(employment.person),
        "back": {"url": here, "label": str(employment)},
        "form": form,
        "submit_label": _("Save changes"),
        "cancel_url": here,
    }
    return render(request, "generic/form.html", context)


@requires(Permission.REVEAL_NUMBERS)
@require_POST
@never_cache
def worker_number(request: HttpRequest, worker: UUID) -> HttpResponse:
    """Show the full national number once; the look itself is recorded."""
    employment = own_worker(worker)
    number = reveal_number(employment=employment, actor=actor_of(request), now=timezone.now())
    return worker_page(request, employment, number=format_ssin(number) if number else None)


@requires(Permission.MANAGE_WORKERS)
@require_POST
@never_cache
def worker_pair(request: HttpRequest, worker: UUID) -> HttpResponse:
    """Make a pairing link and show it once, as text and QR."""
    employment = own_worker(worker)
    now = timezone.now()
    secret = offer_pairing(
        company=portal(request).company, person=employment.person, actor=actor_of(request), now=now
    )
    url = f"{settings.PUBLIC_URL}{reverse('phone:pair', args=[secret])}"
    context = {
        "employment": employment,
        "title": _("Pair a phone"),
        "url": url,
        "qr": mark_safe(qr_svg(url)),  # noqa: S308  # drawn by us from modules, no text in it
        "until": cells.moment(now + LINK_LIFE),
        "back": {
            "url": reverse("registrations:worker-detail", args=[employment.pk]),
            "label": str(employment),
        },
    }
    return render(request, "registrations/pairing_link.html", context)


@requires(Permission.MANAGE_WORKERS)
@require_POST
def phone_revoke(request: HttpRequest, worker: UUID, phone: UUID) -> HttpResponse:
    """Take a phone's authority away."""
    employment = own_worker(worker)
    device = get_object_or_404(_phones(employment.person_id), pk=phone)
    revoke_device(device=device, actor=actor_of(request), now=timezone.now())
    say(request, gettext("The phone can no longer register for this worker."))
    return redirect("registrations:worker-detail", employment.pk)


def _phones(person: Any) -> QuerySet[Device]:
    return Device.objects.filter(person=person, revoked_at__isnull=True)
