"""A declaration's page: facts, workplaces with their codes, the chain."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.identifiers import format_declaration_number
from ciao_portal.models import Company
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import may, portal
from declarations.amounts import euros
from declarations.history import events_about, history_of
from declarations.models import Declaration, DeclarationWorkplace, RegistrationPoint
from declarations.place_states import states_of
from declarations.querysets import places_of, points_visible_to, subcontracts_seen_by, terms_of
from declarations.rules.foreseeing import Term, term_on
from declarations.rules.scope import SERVICES_BY_CODE
from declarations.tables import period_words, state_signal
from declarations.views.access import seen_or_404
from declarations.views.life_shown import amount_rows, assessment_rows, move_buttons, notices, paper_rows
from declarations.views.takeover_card import TakeoverCard, takeover_of
from declarations.views.tree import figures_of_now, tree_of


@dataclass(frozen=True, slots=True)
class CodeGroup:
    """The points of one company, or the general ones; in the order of the workplaces."""

    company: Company | None
    name: str
    points: list[RegistrationPoint]


@requires(Permission.VIEW)
@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    company = portal(request).company
    declaration = seen_or_404(request, pk)
    is_own = declaration.company_id == company.pk
    places = places_of(declaration)
    subcontracts = subcontracts_seen_by(company, declaration)
    points = list(points_visible_to(company).filter(declaration=declaration))
    events = events_about(declaration, subcontracts, viewer=company)
    names = names_of_companies(
        company,
        {
            declaration.company,
            *(place.company for place in subcontracts),
            *_uppers(subcontracts),
            *(event.company for event in events if event.company),
        },
    )
    may_change = is_own and may(request, Permission.DECLARE)
    takeover = takeover_of(declaration) if is_own else None
    today = brussels_day(timezone.now())
    state = declaration.state_on(today)
    # The price is between the declarer and its client.
    terms = terms_of(declaration) if is_own else ()
    groups = _groups(points, places, names, first=None if is_own else company)
    context = {
        "declaration": declaration,
        "title": declaration.title,
        "lead": f"{declaration.client} · {period_words(declaration.starts_on, declaration.ends_on)}",
        "back": {"url": reverse("declarations:list"), "label": _("Declarations of works")},
        "state": {"signal": state_signal(declaration, today), "label": state.label},
        "notices": notices(declaration, today, is_own=is_own, may_change=may_change),
        "actions": _actions(declaration, today, takeover, may_change=may_change),
        "facts": _facts(declaration, names, term_on(terms, today) if terms else None),
        "leaving": move_buttons(declaration, today, leaving=True) if may_change else [],
        "amounts": amount_rows(terms, today) if terms else [],
        "assessments": assessment_rows(declaration) if is_own else [],
        "papers": paper_rows(declaration, may_change=may_change) if is_own else [],
        "takeover": takeover,
        "places": places,
        "groups": groups,
        "chain": tree_of(subcontracts, names, states_of(declaration, subcontracts, today)),
        "members": figures_of_now(company, subcontracts),
        "history": history_of(events, subcontracts, names, viewer=company),
        "declarer": names[declaration.company] if is_own else "",
        "is_own": is_own,
        "may_change": may_change,
    }
    return render(request, "declarations/detail.html", context)


def _uppers(subcontracts: list[Any]) -> set[Company]:
    return {place.parent.company for place in subcontracts if place.parent}


def _actions(
    declaration: Declaration, today: date, takeover: TakeoverCard | None, *, may_change: bool
) -> list[dict[str, Any]]:
    def address(name: str) -> str:
        return reverse(f"declarations:{name}", kwargs={"pk": declaration.pk})

    poster = {"url": address("declaration-posters"), "label": _("Posters"), "icon": "poster", "primary": True}
    if not may_change:
        return [poster]
    is_over = takeover is not None and not takeover.is_new
    return [
        *move_buttons(declaration, today, leaving=False),
        {"url": address("edit"), "label": _("Change"), "icon": "edit"},
        {"url": address("workplace-new"), "label": _("Add workplace"), "icon": "site"},
        *([] if is_over else [{"url": address("takeover"), "label": _("Take over"), "icon": "declaration"}]),
        poster,
    ]


def _facts(declaration: Declaration, names: dict[Company, str], term: Term | None) -> list[dict[str, Any]]:
    """What the viewer may know; `term`: the amount in force, for the declarer alone."""
    service = SERVICES_BY_CODE[declaration.activity]
    scope = _("In scope by the NSSO's table") if service.in_scope else _("Not in scope by the NSSO's table")
    facts: list[dict[str, Any]] = [
        {
            "label": _("Declaration number"),
            "value": _grouped(declaration.declared_number),
            "number": True,
        },
        {"label": _("Technical reference"), "value": declaration.technical_reference, "number": True},
        {"label": _("Client"), "value": declaration.client.name},
        {
            "label": _("Declarer"),
            "value": f"{names[declaration.company]} ({declaration.company.number})",
            "url": "" if term else reverse("declarations:company-detail", args=[declaration.company_id]),
        },
        {"label": _("Period"), "value": period_words(declaration.starts_on, declaration.ends_on)},
        {"label": _("Duty"), "value": declaration.get_regime_display()},
    ]
    if term:
        amount = euros(term.amount, per_year=term.per_year)
        facts.append({"label": _("Amount excluding VAT"), "value": amount, "number": True})
    facts.append({"label": _("Activity"), "value": f"{service.label} – {scope}", "wide": True})
    return facts


def _grouped(number: str) -> str:
    return format_declaration_number(number) if number else ""


def _groups(
    points: list[RegistrationPoint],
    places: list[DeclarationWorkplace],
    names: dict[Company, str],
    *,
    first: Company | None,
) -> list[CodeGroup]:
    """The viewer's own points first, then those of each company below; the declaration-wide one last."""
    position = {place.workplace_id: place.position for place in places}
    by_company: dict[Company | None, list[RegistrationPoint]] = {first: []}
    for point in points:
        by_company.setdefault(point.company, []).append(point)
    return [
        CodeGroup(
            company=company,
            name=names.get(company, str(company)) if company else "",
            points=sorted(
                group,
                key=lambda point: position.get(point.workplace_id, len(places) + 1),  # type: ignore[arg-type]
            ),
        )
        for company, group in by_company.items()
    ]
