"""The takeover assistant: a new declaration from the old one, and the contractor of the works before."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day, moment_label
from ciao_portal.errors import DomainError
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, say
from declarations.models import Declaration, TakeoverStep
from declarations.querysets import places_of
from declarations.services import taking_over
from declarations.takeover_forms import FormerCompanyForm, TakeoverForm
from declarations.takeover_plan import Wish, plan_of
from declarations.views.access import own_or_refused

CONFIRM = "confirm"


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def assistant(request: HttpRequest, pk: UUID) -> HttpResponse:
    """First what will happen, then, with another button, that it happens."""
    old = own_or_refused(request, pk)
    if later := Declaration.objects.filter(takes_over=old).first():
        return redirect("declarations:takeover-steps", pk=later.pk)
    now = timezone.now()
    names = names_of_companies(old.company, {place.company for place in _chain_of(old)})
    form = TakeoverForm(request.POST or None, old=old, names=names, today=brussels_day(now))
    plan = None
    if request.method == "POST" and form.is_valid():
        plan = plan_of(old, _wish(form), names, now=now)
        if request.POST.get(CONFIRM) == plan.mark and (new := _taken_over(request, form)):
            say(request, _("The works are declared anew. The old codes lead on; now the new posters."))
            return redirect("declarations:takeover-steps", pk=new.pk)
    context = {
        "title": _("Take over into a new declaration"),
        "lead": old.title,
        "back": _back_to(old),
        "form": form,
        "plan": plan if plan and form.is_valid() else None,
        "is_changed": bool(plan and request.POST.get(CONFIRM)),
        "confirm": CONFIRM,
        "old": old,
    }
    return render(request, "declarations/takeover.html", context)


@requires(Permission.VIEW)
@require_GET
def steps(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is left to do by hand after a takeover, and who did it."""
    declaration = _taken_over_or_refused(request, pk)
    done = {
        step.workplace_id: step
        for step in TakeoverStep.objects.filter(declaration=declaration).select_related("done_by")
    }
    old = declaration.takes_over
    context = {
        "title": _("Takeover"),
        "lead": declaration.title,
        "back": _back_to(declaration),
        "declaration": declaration,
        "old": old,
        "at": moment_label(declaration.takes_over_at) if declaration.takes_over_at else "",
        "has_numbers": bool(declaration.declared_number or declaration.technical_reference),
        "places": [(place.workplace, done.get(place.workplace_id)) for place in places_of(declaration)],
        "told": done.get(None),
        "may_change": may(request, Permission.DECLARE),
    }
    return render(request, "declarations/takeover_steps.html", context)


@requires(Permission.DECLARE)
@require_POST
def step(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tick a step, or take the tick back."""
    declaration = _taken_over_or_refused(request, pk)
    wanted = request.POST.get("workplace", "")
    places = {str(place.workplace_id): place.workplace for place in places_of(declaration)}
    if not wanted or wanted in places:
        taking_over.mark_step(
            declaration=declaration,
            workplace=places.get(wanted),
            is_done="done" in request.POST,
            actor=actor_of(request),
            now=timezone.now(),
        )
    return redirect("declarations:takeover-steps", pk=pk)


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def former(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note which contractor had the works before."""
    declaration = own_or_refused(request, pk)
    company = declaration.former_company
    name = names_of_companies(declaration.company, {company})[company] if company else ""
    form = FormerCompanyForm.of(declaration, name, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            form.note(declaration=declaration, actor=actor_of(request), now=timezone.now())
        except DomainError:
            pass  # it stands at its field
        else:
            say(request, _("Noted. Registrations under the number of the contractor before you are flagged."))
            return redirect("declarations:takeover-steps", pk=pk)
    back = _back_to(declaration)
    context = {
        "title": _("Works of another contractor before"),
        "lead": declaration.title,
        "back": back,
        "form": form,
        "submit_label": _("Save"),
        "cancel_url": back["url"],
    }
    return render(request, "generic/form.html", context)


def _chain_of(declaration: Declaration) -> Any:
    return declaration.subcontracts.select_related("company")


def _wish(form: TakeoverForm) -> Wish:
    data = form.cleaned_data
    return Wish(
        data["at"],
        data["ends_on"],
        list(data["workplaces"]),
        list(data.get("places", ())),
        bool(data["declared_number"] or data["technical_reference"]),
    )


def _taken_over(request: HttpRequest, form: TakeoverForm) -> Declaration | None:
    try:
        return form.take_over(actor=actor_of(request), now=timezone.now())
    except DomainError:
        return None  # it stands at its field


def _taken_over_or_refused(request: HttpRequest, pk: UUID) -> Declaration:
    """One's own declaration that takes over another, or the works of a contractor before."""
    own_or_refused(request, pk)
    rows = Declaration.objects.select_related("takes_over", "former_company", "company")
    return get_object_or_404(rows, pk=pk, takes_over_at__isnull=False)


def _back_to(declaration: Declaration) -> dict[str, str]:
    return {"url": reverse("declarations:detail", args=[declaration.pk]), "label": declaration.title}
