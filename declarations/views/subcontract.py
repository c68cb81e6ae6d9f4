"""One place of a chain: what was agreed, change it, move it, end it."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.models import CompanyCard
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say
from declarations.amounts import euros
from declarations.chain_forms import ChangeSubcontractForm, EndSubcontractForm, MoveSubcontractForm
from declarations.history import events_about_place, history_of
from declarations.models import ChainInvitation, Subcontract
from declarations.place_states import PlaceState, states_of
from declarations.querysets import agreed_means_of, branch_of
from declarations.rules import chain as rules
from declarations.services import chain
from declarations.services.reassessing import foreseen
from declarations.tables import period_words
from declarations.views.access import SeenPlace, own_place_or_refused, seen_place_or_404
from declarations.views.chain import address_of
from declarations.views.foreseeing import saved, unseen
from declarations.views.tree import tree_of

SIGNALS = {PlaceState.RUNNING: "ok", PlaceState.LATER: "info", PlaceState.OVER: "quiet"}


@requires(Permission.VIEW)
@require_GET
def subcontract(request: HttpRequest, pk: UUID, place: UUID) -> HttpResponse:
    """For everybody who sees the place: the firm itself, and who stands above it."""
    company = portal(request).company
    seen = seen_place_or_404(request, pk, place)
    is_own = seen.declaration.company_id == company.pk
    may_change = is_own and may(request, Permission.DECLARE)
    states = states_of(seen.declaration, seen.places, brussels_day(timezone.now()))
    state = states[seen.place.pk]
    below = [one for one in branch_of(seen.places, seen.place) if one.pk != seen.place.pk]
    invitations = list(
        ChainInvitation.objects.filter(invitation__company=seen.place.company).select_related("invitation")
    )
    events = events_about_place(
        seen.place, [one.invitation for one in invitations], declarer=seen.declaration.company, viewer=company
    )
    names = seen.names | names_of_companies(company, {one.company for one in events if one.company})
    context = {
        "declaration": seen.declaration,
        "place": seen.place,
        "title": seen.name,
        "lead": seen.declaration.title,
        "back": {"url": address_of(seen.place), "label": _("Chain of subcontractors")},
        "state": {"signal": SIGNALS[state], "label": state.label},
        "actions": _actions(seen) if may_change else [],
        "facts": _facts(seen, viewer_is_declarer=is_own),
        "chain": tree_of(below, seen.names, states),
        "may_change": may_change,
        "means": agreed_means_of(seen.place),
        "is_oneself": seen.place.company_id == company.pk,
        "may_invite": may(request, Permission.DECLARE),
        "account": seen.place.company.memberships.order_by("since").first(),
        "invitations": invitations,
        "now": timezone.now(),
        "history": history_of(events, [], names, viewer=company),
    }
    return render(request, "declarations/subcontract.html", context)


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: UUID, place: UUID) -> HttpResponse:
    """Amount, period, clause and contact."""
    seen = own_place_or_refused(request, pk, place)
    card = CompanyCard.objects.filter(subject=seen.place.company).first()
    form = ChangeSubcontractForm.of(seen.place, card, seen.name, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            form.change(subcontract=seen.place, actor=actor_of(request), now=timezone.now())
        except DomainError:
            pass  # it stands at its field
        else:
            say(request, _("The changes were saved."))
            return redirect(seen.address)
    context = {"form": form, "title": _("Change the subcontract with %(company)s") % {"company": seen.name}}
    return render(request, "declarations/subcontract_change.html", _of_place(seen) | context)


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: UUID, place: UUID) -> HttpResponse:
    """Put it, with everybody below it, under another company; why others are impossible is told."""
    seen = own_place_or_refused(request, pk, place)
    refusals = rules.refusals(chain.chain_links(seen.declaration), seen.place.pk)
    labels = _labels(seen)
    choices = [
        ("" if key == seen.declaration.pk else str(key), label)
        for key, label in labels.items()
        if refusals[key] is None
    ]
    form = MoveSubcontractForm(
        request.POST or None,
        places=Subcontract.objects.filter(declaration=seen.declaration),
        choices=choices,
        initial={"parent": seen.place.parent_id},
    )
    if request.method == "POST" and form.is_valid():
        try:
            form.move(subcontract=seen.place, actor=actor_of(request), now=timezone.now())
        except DomainError:
            pass  # it stands at its field
        else:
            say(request, _("%(company)s was moved, with everybody below it.") % {"company": seen.name})
            return redirect(address_of(seen.place))
    context = {
        "form": form,
        "title": _("Move %(company)s to another place") % {"company": seen.name},
        "refused": [(labels[key], str(refusal)) for key, refusal in refusals.items() if refusal],
        "submit_label": _("Move"),
    }
    return render(request, "declarations/subcontract_move.html", _of_place(seen) | context)


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: UUID, place: UUID) -> HttpResponse:
    """The last day of a subcontract: asked first, then confirmed knowing who else ends with it."""
    seen = own_place_or_refused(request, pk, place)
    initial = {"ends_on": seen.place.ends_on or brussels_day(timezone.now())}
    form = EndSubcontractForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {
        "form": form,
        "title": _("End the subcontract with %(company)s") % {"company": seen.name},
    }
    if request.method == "POST" and form.is_valid():
        ends_on = form.cleaned_data["ends_on"]
        found = foreseen(seen.declaration, ended=seen.place, on=ends_on)
        save = partial(form.end, subcontract=seen.place)
        if form.is_confirmed and saved(request, seen.declaration, found, save):
            say(request, _("The last day of %(company)s was kept.") % {"company": seen.name})
            return redirect(address_of(seen.place))
        if not form.errors and (ending := form.foresee(subcontract=seen.place)) is not None:
            context |= {
                "ends_on": ends_on,
                "ending": [(one, seen.names[one.company]) for one in ending],
                "members": {one.company_id for one in branch_of(seen.places, seen.place)}
                - {seen.place.company_id},
                "foreseen": unseen(request, found, regime=seen.declaration.regime),
            }
    return render(request, "declarations/subcontract_end.html", _of_place(seen) | context)


@requires(Permission.DECLARE)
@require_POST
def keep_on(request: HttpRequest, pk: UUID, place: UUID) -> HttpResponse:
    """Take away the last day: the place lasts as long as the one above it again."""
    seen = own_place_or_refused(request, pk, place)
    chain.take_away_end(subcontract=seen.place, actor=actor_of(request), now=timezone.now())
    say(request, _("%(company)s stays as long as the contract above it.") % {"company": seen.name})
    return redirect(seen.address)


def _of_place(seen: SeenPlace) -> dict[str, Any]:
    """What the pages around a place share: where one is, and the way back."""
    return {
        "declaration": seen.declaration,
        "place": seen.place,
        "lead": f"{seen.name} · {seen.declaration.title}",
        "back": {"url": seen.address, "label": seen.name},
        "cancel_url": seen.address,
    }


def _labels(seen: SeenPlace) -> dict[UUID, str]:
    """Each place by key as its path from the top, the declarer first: the same firm may stand twice."""
    by_id = {place.pk: place for place in seen.places}
    labels = {seen.declaration.pk: seen.names[seen.declaration.company]}
    for place in seen.places:
        path = [place]
        while path[-1].parent_id is not None:
            path.append(by_id[path[-1].parent_id])
        labels[place.pk] = " / ".join(seen.names[one.company] for one in reversed(path))
    return labels


def _actions(seen: SeenPlace) -> list[dict[str, Any]]:
    def address(name: str) -> str:
        return reverse(f"declarations:{name}", args=[seen.declaration.pk, seen.place.pk])

    chain_address = reverse("declarations:chain", args=[seen.declaration.pk])
    return [
        {"url": address("subcontract-edit"), "label": _("Change"), "icon": "edit"},
        {"url": address("subcontract-move"), "label": _("Move"), "icon": "chain"},
        {"url": address("subcontract-end"), "label": _("End"), "icon": "calendar"},
        {"url": f"{chain_address}?below={seen.place.pk}#add", "label": _("Add below"), "icon": "plus"},
    ]


def _facts(seen: SeenPlace, *, viewer_is_declarer: bool) -> list[dict[str, Any]]:
    place = seen.place
    card = CompanyCard.objects.filter(subject=place.company).first()
    email, phone = (card.contact_email, card.contact_phone) if card else ("", "")
    return [
        _number_fact(seen),
        _above_fact(seen, viewer_is_declarer=viewer_is_declarer),
        {"label": _("Period"), "value": period_words(place.starts_on, place.ends_on)},
        {
            "label": _("Amount excluding VAT"),
            "value": euros(place.amount) if place.amount is not None else "",
            "number": True,
        },
        {"label": _("Clause on registering"), "value": _clause(place)},
        {"label": _("E-mail address"), "value": email, "url": f"mailto:{email}" if email else ""},
        {"label": _("Telephone"), "value": phone, "url": f"tel:{phone}" if phone else ""},
    ]


def _number_fact(seen: SeenPlace) -> dict[str, Any]:
    company = seen.place.company
    label = _("Enterprise number") if company.enterprise_number else _("Foreign VAT number")
    return {"label": label, "value": company.number, "number": True}


def _above_fact(seen: SeenPlace, *, viewer_is_declarer: bool) -> dict[str, Any]:
    """Whoever stands above; who sees the place from below sees only that firm's name or number."""
    above = seen.place.parent
    if above is None:
        declarer = seen.declaration.company
        url = "" if viewer_is_declarer else reverse("declarations:company-detail", args=[declarer.pk])
        return {"label": _("Works for"), "value": seen.names[declarer], "url": url}
    is_seen = any(place.pk == above.pk for place in seen.places)
    url = reverse("declarations:subcontract", args=[seen.declaration.pk, above.pk]) if is_seen else ""
    return {"label": _("Works for"), "value": seen.names.get(above.company, str(above.company)), "url": url}


def _clause(place: Subcontract) -> str:
    if not place.has_clause:
        return _("No")
    if place.clause_since is None:
        return _("Yes")
    return _("Yes, since %(day)s") % {"day": date_format(place.clause_since)}
