"""The chain of a declaration: look at it, add a subcontractor, end a subcontract."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal
from declarations.forms import ChainSubcontractForm, EndSubcontractForm
from declarations.models import Declaration, Subcontract
from declarations.querysets import subcontracts_seen_by
from declarations.views.access import own_or_refused, seen_or_404
from declarations.views.tree import tree_of


@requires(Permission.VIEW)
@require_http_methods(["GET", "POST"])
def chain(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everybody of the chain sees the part from itself downwards; the declarer adds to it."""
    company = portal(request).company
    declaration = seen_or_404(request, pk)
    is_own = declaration.company_id == company.pk
    may_change = is_own and may(request, Permission.DECLARE)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    subcontracts = subcontracts_seen_by(company, declaration)
    names = names_of_companies(company, {declaration.company, *(place.company for place in subcontracts)})
    form = None
    if may_change:
        form = ChainSubcontractForm(
            request.POST or None, declaration=declaration, names=names, initial=_chosen_above(request)
        )
        if request.method == "POST" and form.is_valid() and _added(request, form, declaration):
            messages.success(request, _("The subcontractor stands in the chain and has codes of its own."))
            return redirect("declarations:chain", pk=pk)
    today = brussels_day(timezone.now())
    context = {
        "declaration": declaration,
        "title": _("Chain of subcontractors"),
        "lead": declaration.title,
        "back": _back(declaration),
        "chain": tree_of(subcontracts, names, today),
        "declarer": names[declaration.company] if is_own else "",
        "form": form,
        "may_change": may_change,
    }
    return render(request, "declarations/chain.html", context)


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: UUID, place: UUID) -> HttpResponse:
    """The last day of a subcontract."""
    declaration = own_or_refused(request, pk)
    rows = Subcontract.objects.filter(declaration=declaration).select_related("company")
    subcontract = get_object_or_404(rows, pk=place)
    name = names_of_companies(portal(request).company, {subcontract.company})[subcontract.company]
    initial = {"ends_on": subcontract.ends_on or brussels_day(timezone.now())}
    form = EndSubcontractForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            form.end(subcontract=subcontract, actor=actor_of(request), now=timezone.now())
        except DomainError:
            pass  # it stands at its field
        else:
            messages.success(request, _("The last day of %(company)s was kept.") % {"company": name})
            return redirect("declarations:chain", pk=pk)
    address = reverse("declarations:chain", kwargs={"pk": pk})
    context = {
        "form": form,
        "title": _("End the subcontract with %(company)s") % {"company": name},
        "lead": declaration.title,
        "back": {"url": address, "label": _("Chain of subcontractors")},
        "submit_label": _("Keep the last day"),
        "cancel_url": address,
    }
    return render(request, "generic/form.html", context)


def _added(request: HttpRequest, form: ChainSubcontractForm, declaration: Declaration) -> bool:
    try:
        form.add(declaration=declaration, actor=actor_of(request), now=timezone.now())
    except DomainError:
        return False
    return True


def _chosen_above(request: HttpRequest) -> dict[str, Any]:
    """A link "add below" names the place above in its address."""
    return {"parent": request.GET["below"]} if "below" in request.GET else {}


def _back(declaration: Declaration) -> dict[str, str]:
    return {
        "url": reverse("declarations:detail", kwargs={"pk": declaration.pk}),
        "label": declaration.title,
    }
