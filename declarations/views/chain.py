"""The chain of a declaration: look at it, look for somebody in it, add a subcontractor."""

from collections import Counter
from collections.abc import Collection
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import may, portal
from declarations.chain_forms import CLAUSELESS, ChainFilterForm, ChainSubcontractForm
from declarations.models import Declaration, Subcontract
from declarations.place_states import PlaceState, states_of
from declarations.querysets import subcontracts_seen_by
from declarations.rules.foreseeing import Foreseen
from declarations.services.reassessing import Added, foreseen
from declarations.views.access import seen_or_404
from declarations.views.foreseeing import saved, unseen
from declarations.views.tree import figures_of_now, tree_of

# A smaller chain is read at a glance: no field to look for somebody.
SEARCHED_FROM = 8


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
    form = warning = None
    if may_change:
        form = ChainSubcontractForm(
            request.POST or None, declaration=declaration, names=names, initial=_chosen_above(request)
        )
        if request.method == "POST" and form.is_valid():
            found_out = _foreseen(form, declaration)
            warning = unseen(request, found_out, regime=declaration.regime)
            save = partial(form.add, declaration=declaration)
            if warning is None and saved(request, declaration, found_out, save):
                words = _("The subcontractor stands in the chain and has codes of its own.")
                messages.success(request, words)
                return redirect(_address_of_newest(declaration))
    states = states_of(declaration, subcontracts, brussels_day(timezone.now()))
    search = ChainFilterForm(request.GET)
    found = search.find(subcontracts, names, states)
    at = _uuid(request.GET.get("at", ""))
    tree = tree_of(subcontracts, names, states, found=found, at=at)
    context = {
        "declaration": declaration,
        "title": _("Chain of subcontractors"),
        "lead": declaration.title,
        "back": _back(declaration),
        "chain": tree,
        "members": figures_of_now(company, subcontracts),
        "at": at,
        "total": len(subcontracts),
        "found": found,
        "counts": _counts(subcontracts, states),
        "search": search if len(subcontracts) >= SEARCHED_FROM else None,
        "declarer": names[declaration.company] if is_own else "",
        "form": form,
        "foreseen": warning,
        "is_adding": request.method == "POST" or "below" in request.GET or not subcontracts,
        "may_change": may_change,
    }
    return render(request, "declarations/chain.html", context)


def address_of(place: Subcontract) -> str:
    """The chain's page, opened where the place stands."""
    address = reverse("declarations:chain", args=[place.declaration_id])
    return f"{address}?{urlencode({'at': place.pk})}#place-{place.pk}"


def _address_of_newest(declaration: Declaration) -> str:
    newest = Subcontract.objects.filter(declaration=declaration).order_by("-created_at", "-id")
    return address_of(newest[0])


def _foreseen(form: ChainSubcontractForm, declaration: Declaration) -> Foreseen | None:
    facts = form.cleaned_data
    joins = Added(facts["number"], below=facts["parent"], until=facts["ends_on"])
    return foreseen(declaration, added=joins, on=facts["starts_on"])


def _counts(places: Collection[Subcontract], states: dict[UUID, PlaceState]) -> list[dict[str, Any]]:
    """How many stand how; each number leads to exactly these places."""
    counted = Counter(states.values())
    rows: list[dict[str, Any]] = [
        {"label": state.label, "number": counted[state], "query": urlencode({"state": state.value})}
        for state in PlaceState
        if counted[state]
    ]
    clauseless = sum(not place.has_clause and states[place.pk] is not PlaceState.OVER for place in places)
    if clauseless:
        label = _("No clause on registering")
        rows.append({"label": label, "number": clauseless, "query": urlencode({"state": CLAUSELESS})})
    return rows


def _chosen_above(request: HttpRequest) -> dict[str, Any]:
    """A link "add below" names the place above in its address."""
    return {"parent": request.GET["below"]} if "below" in request.GET else {}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _back(declaration: Declaration) -> dict[str, str]:
    return {
        "url": reverse("declarations:detail", kwargs={"pk": declaration.pk}),
        "label": declaration.title,
    }
