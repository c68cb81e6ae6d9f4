"""Outages: the list, declaring one, ending it, and adding to it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.moment_forms import MomentsForm
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say
from ciao_portal.web.lists import Empty, PortalListView
from registrations import cells
from registrations.journey import length_words
from registrations.models import Outage, OutageOrigin
from registrations.outage_forms import DeclareOutageForm, EndOutageForm, OutageNoteForm
from registrations.outage_tables import ENDED, GOES_ON, OutageFilter, OutageTable
from registrations.outage_words import reason_words
from registrations.rules.windows import Window, longest_until
from registrations.services.declared_outages import add_to_outage, declare_outage, end_outage

LIST = reverse_lazy("registrations:outage-list")


class OutageList(PortalListView):
    permission = Permission.VIEW
    template_name = "registrations/outage_list.html"
    table_class = OutageTable
    filterset_class = OutageFilter
    title = _("Outages")
    action = ("registrations:outage-new", _("Declare an outage"), Permission.DECLARE_OUTAGES)
    empty = Empty(
        _("No outages"),
        _(
            "Here stands when registrations did not reach the NSSO: found by the portal, or declared by you "
            "when registering itself did not work."
        ),
        reverse_lazy("registrations:emergency"),
        _("What to do when registering does not work"),
    )

    def get_queryset(self) -> QuerySet[Outage]:
        return Outage.objects.select_related("declared_by")


@requires(Permission.DECLARE_OUTAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def outage_new(request: HttpRequest) -> HttpResponse:
    """Declare an outage."""
    now = timezone.now()
    form = DeclareOutageForm(request.POST or None, initial={"started_at": now})
    if form.is_valid():
        try:
            outage = declare_outage(
                company=portal(request).company, actor=actor_of(request), now=now, **_facts_of(form)
            )
        except DomainError as error:
            form.refuse(error)
        else:
            say(request, gettext("The outage was declared."))
            return redirect("registrations:outage-detail", outage.pk)
    context = {
        "title": _("Declare an outage"),
        "lead": _("When people could not register. What you write here is kept as it is."),
        "back": {"url": LIST, "label": _("Outages")},
        "form": form,
        "submit_label": _("Declare the outage"),
        "cancel_url": LIST,
    }
    return render(request, "generic/form.html", context)


@requires(Permission.VIEW)
@require_GET
def outage_detail(request: HttpRequest, outage: UUID) -> HttpResponse:
    """One outage with everything that was written of it."""
    found = _own(outage)
    look = ENDED if found.ended_at else GOES_ON
    context = {
        "title": _("Outage"),
        "lead": cells.moment(found.started_at),
        "back": {"url": LIST, "label": _("Outages")},
        "state": {"signal": look.signal, "label": look.words, "icon": look.icon},
        "actions": _actions(request, found),
        "facts": _facts(found),
        "notes": [(note, cells.moment(note.written_at)) for note in found.notes.all()],
    }
    return render(request, "registrations/outage_detail.html", context)


@requires(Permission.DECLARE_OUTAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def outage_end(request: HttpRequest, outage: UUID) -> HttpResponse:
    """Say when a declared outage ended."""
    found, now = _own(outage), timezone.now()
    form = EndOutageForm(request.POST or None, initial={"ended_at": now})
    if form.is_valid():
        try:
            end_outage(outage=found, actor=actor_of(request), now=now, **_facts_of(form))
        except DomainError as error:
            form.refuse(error)
        else:
            say(request, gettext("The end of the outage was saved."))
            return redirect("registrations:outage-detail", found.pk)
    return _form_page(request, found, form, _("End the outage"), _("Save the end"))


@requires(Permission.DECLARE_OUTAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def outage_add(request: HttpRequest, outage: UUID) -> HttpResponse:
    """Write more beside an outage."""
    found = _own(outage)
    form = OutageNoteForm(request.POST or None)
    if form.is_valid():
        add_to_outage(outage=found, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        say(request, gettext("Your note was added."))
        return redirect("registrations:outage-detail", found.pk)
    return _form_page(request, found, form, _("Add to the outage"), _("Add the note"))


def days_of(outage: Outage, *, now: datetime) -> Window:
    """The Brussels days of the outage; the last 100 of them when it lasted longer."""
    last = brussels_day(outage.ended_at or now)
    return Window(max(brussels_day(outage.started_at), longest_until(last).first), last)


def _form_page(
    request: HttpRequest, outage: Outage, form: Any, title: Any, submit_label: Any
) -> HttpResponse:
    here = reverse("registrations:outage-detail", args=[outage.pk])
    context = {
        "title": title,
        "lead": cells.moment(outage.started_at),
        "back": {"url": here, "label": _("Outage")},
        "form": form,
        "submit_label": submit_label,
        "cancel_url": here,
    }
    return render(request, "generic/form.html", context)


def _own(outage: UUID) -> Outage:
    """The company's own only: the manager is scoped, so a stranger's is not found."""
    rows = Outage.objects.select_related("declared_by").prefetch_related("notes__written_by")
    return get_object_or_404(rows, pk=outage)


def _facts_of(form: MomentsForm) -> dict[str, Any]:
    """What the service takes; the question which hour is meant has been answered."""
    return {name: form.cleaned_data[name] for name in form.base_fields}


def _actions(request: HttpRequest, outage: Outage) -> list[dict[str, Any]]:
    days = days_of(outage, now=timezone.now())
    dossier = f"{reverse('registrations:dossier-new')}?first_day={days.first}&last_day={days.last}"
    actions: list[dict[str, Any]] = [
        {"url": dossier, "label": _("Make a dossier"), "icon": "document", "primary": True}
    ]
    if may(request, Permission.DECLARE_OUTAGES):
        add = reverse("registrations:outage-add", args=[outage.pk])
        actions.append({"url": add, "label": _("Add to it"), "icon": "plus"})
        if outage.origin == OutageOrigin.DECLARED and outage.ended_at is None:
            end = reverse("registrations:outage-end", args=[outage.pk])
            actions.append({"url": end, "label": _("End it"), "icon": "check"})
    return actions


def _facts(outage: Outage) -> list[dict[str, Any]]:
    end = outage.ended_at
    facts: list[dict[str, Any]] = [
        {"label": _("Start"), "value": cells.moment(outage.started_at)},
        {"label": _("End"), "value": cells.moment(end) if end else _("goes on")},
        {"label": _("Length"), "value": length_words(end - outage.started_at) if end else ""},
        {"label": _("Origin"), "value": OutageOrigin(outage.origin).label},
        {"label": _("Recorded"), "value": cells.moment(outage.recorded_at)},
    ]
    if outage.origin == OutageOrigin.DECLARED:
        facts.append({"label": _("Declared by"), "value": outage.declared_by})
        facts.append({"label": _("What happened"), "value": outage.note, "wide": True})
    else:
        facts.append({"label": _("Reason"), "value": reason_words(outage)})
    return facts
