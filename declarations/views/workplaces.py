"""The page of a workplace: where it is, which works are declared there, its codes, who is there."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import portal
from declarations.models import Workplace
from declarations.querysets import declarations_visible_to, points_visible_to, workplaces_visible_to
from declarations.tables import period_words, state_signal


@requires(Permission.VIEW)
@require_GET
def workplace_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For the declarer and everybody in a chain of works there; to others it does not exist."""
    company = portal(request).company
    rows = workplaces_visible_to(company).select_related("client")
    workplace = get_object_or_404(rows, pk=pk)
    today = brussels_day(timezone.now())
    works = declarations_visible_to(company).filter(places__workplace=workplace).order_by("-starts_on", "pk")
    points = list(points_visible_to(company).filter(workplace=workplace).order_by("-created_at", "pk"))
    names = names_of_companies(company, {point.company or point.declaration.company for point in points})
    context = {
        "workplace": workplace,
        "title": workplace.name,
        "back": {"url": reverse("declarations:workplace-list"), "label": _("Workplaces")},
        "facts": _facts(workplace),
        "works": [
            {
                "declaration": declaration,
                "period": period_words(declaration.starts_on, declaration.ends_on),
                "state": declaration.state_on(today),
                "signal": state_signal(declaration, today),
            }
            for declaration in works
        ],
        "points": [
            {"point": point, "company": names[point.company or point.declaration.company]} for point in points
        ],
    }
    return render(request, "declarations/workplace_detail.html", context)


def _facts(workplace: Workplace) -> list[dict[str, object]]:
    facts: list[dict[str, object]] = [
        {"label": _("Client"), "value": workplace.client.name},
        {"label": _("Address"), "value": workplace.address if workplace.street else ""},
    ]
    if workplace.latitude is not None:
        facts.append(
            {
                "label": _("Coordinates"),
                "value": f"{workplace.latitude}, {workplace.longitude}",
                "number": True,
            }
        )
    return facts
