"""QR codes as pictures, posters as PDF."""

from typing import Literal
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ciao_portal import languages
from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import portal
from ciao_portal.web.bulk import ticked
from ciao_portal.web.lists import back_to_list
from ciao_portal.web.pdf import pdf_from, pdf_response
from declarations.models import Declaration, RegistrationPoint
from declarations.posters import poster_of, posters_html
from declarations.qr import qr_png, qr_svg
from declarations.querysets import places_of, points_on_posters, points_visible_to
from declarations.views.access import seen_or_404

# In the browser that asked, and not for long: a point may be withdrawn.
KEPT = "private, max-age=300"
# A page takes the PDF engine a good quarter of a second, while somebody waits.
MOST_POSTERS = 60


@requires(Permission.VIEW)
@require_GET
def svg(request: HttpRequest, pk: UUID, point: UUID) -> HttpResponse:
    found = _point_or_404(request, pk, point)
    return _picture(request, qr_svg(found.url).encode(), "image/svg+xml", f"{found.code}.svg")


@requires(Permission.VIEW)
@require_GET
def png(request: HttpRequest, pk: UUID, point: UUID) -> HttpResponse:
    found = _point_or_404(request, pk, point)
    return _picture(request, qr_png(found.url), "image/png", f"{found.code}.png")


@requires(Permission.VIEW)
@require_GET
def poster(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One page per workplace; `?point=` for a single one, `?company=` for those of a chain company."""
    declaration = seen_or_404(request, pk)
    points = _points_on_paper(request, declaration)
    contractor = points[0].company or declaration.company
    language = languages.language_of(contractor.language)
    name = names_of_companies(portal(request).company, {contractor})[contractor]
    with translation.override(language):
        title = _("Registration codes: %(works)s") % {"works": declaration.title}
    html = posters_html(
        [poster_of(point, contractor=name) for point in points],
        title=title,
        printed_on=brussels_day(timezone.now()),
        language=language,
    )
    return _posters(request, html, f"{points[0].code}.pdf")


@requires(Permission.DECLARE)
@require_POST
def posters(request: HttpRequest) -> HttpResponse:
    """One document with the company's own posters of the ticked declarations, works by works."""
    company = portal(request).company
    points = points_on_posters(company, ticked(request))
    if not points:
        messages.warning(request, _("The ticked declarations have no posters of yours."))
        return back_to_list(request, reverse("declarations:list"))
    if len(points) > MOST_POSTERS:
        words = _("These are %(count)s posters; at most %(most)s fit in one document. Tick fewer rows.")
        messages.warning(request, words % {"count": len(points), "most": MOST_POSTERS})
        return back_to_list(request, reverse("declarations:list"))
    language = languages.language_of(company.language)
    with translation.override(language):
        title = _("Registration codes")
    html = posters_html(
        [poster_of(point, contractor=str(company)) for point in points],
        title=title,
        printed_on=brussels_day(timezone.now()),
        language=language,
    )
    return _posters(request, html, "posters.pdf")


def _points_on_paper(request: HttpRequest, declaration: Declaration) -> list[RegistrationPoint]:
    """At least one point, in the order of the workplaces; 404 when there is none the viewer may see."""
    seen = points_visible_to(portal(request).company).filter(declaration=declaration)
    try:
        if wanted := request.GET.get("point"):
            return [get_object_or_404(seen, pk=wanted)]
        points = list(seen.filter(company=_company_on_paper(request, declaration)))
    except (ValidationError, ValueError):
        raise Http404 from None
    position = {place.workplace_id: place.position for place in places_of(declaration)}
    at_workplaces = [point for point in points if point.workplace_id in position]
    if not at_workplaces:
        raise Http404
    return sorted(at_workplaces, key=lambda point: position[point.workplace_id])  # type: ignore[index]


def _company_on_paper(request: HttpRequest, declaration: Declaration) -> Company | None:
    """Whose posters: the company asked for, else the viewer's own; None are the declarer's general ones."""
    wanted = portal(request).company
    if "company" in request.GET:
        wanted = get_object_or_404(Company, pk=request.GET["company"])
    return None if wanted.pk == declaration.company_id else wanted


def _point_or_404(request: HttpRequest, pk: UUID, point: UUID) -> RegistrationPoint:
    declaration = seen_or_404(request, pk)
    return get_object_or_404(points_visible_to(portal(request).company), pk=point, declaration=declaration)


def _picture(request: HttpRequest, content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'{_disposition(request)}; filename="{name}"', "Cache-Control": KEPT}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _posters(request: HttpRequest, html: str, name: str) -> HttpResponse:
    response = pdf_response(pdf_from(html), name, disposition=_disposition(request))
    response["Cache-Control"] = KEPT
    return response


def _disposition(request: HttpRequest) -> Literal["inline", "attachment"]:
    # Whoever saves the picture or the posters needs no key to them: the code is all that their names say.
    return "attachment" if "download" in request.GET else "inline"
