"""After a takeover: who still scans the old codes, and who uses the former contractor's number.

A part of the declaration's page, which asks for it once it is drawn; without script it is a page of its own.
"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import portal
from declarations.querysets import declarations_visible_to
from registrations.takeover_radar import radar_of


@requires(Permission.VIEW)
@require_GET
def radar(request: HttpRequest, declaration: UUID) -> HttpResponse:
    """For everybody in the chain, each seeing the own part."""
    company = portal(request).company
    rows = declarations_visible_to(company).select_related("company", "former_company")
    row = get_object_or_404(rows, pk=declaration)
    found = radar_of(company, row, now=timezone.now())
    if found is None:
        raise Http404
    context = {
        "radar": found,
        "declaration": row,
        "title": _("Who still scans the old codes"),
        "lead": row.title,
        "back": {"url": reverse("declarations:detail", args=[row.pk]), "label": row.title},
    }
    part = bool(request.headers.get("HX-Request"))
    name = "registrations/_radar_card.html" if part else "registrations/radar.html"
    response = render(request, name, context)
    # Page and part share one address.
    patch_vary_headers(response, ["HX-Request"])
    return response
