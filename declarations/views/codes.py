"""QR codes as pictures, and the posters of several declarations as PDF."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ciao_portal import languages
from ciao_portal.days import brussels_day
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import portal
from ciao_portal.web.bulk import ticked
from ciao_portal.web.lists import back_to_list
from ciao_portal.web.pdf import pdf_from
from declarations.models import RegistrationPoint
from declarations.posters import posters_html
from declarations.printing import posters_for
from declarations.qr import qr_png, qr_svg
from declarations.querysets import points_on_posters, points_visible_to
from declarations.views.access import seen_or_404

# Whoever saves the picture or the posters needs no key to them: the code is all that their names say.
INLINE = "inline"
ATTACHED = "attachment"
# A page takes the PDF engine a third of a second, with eight languages nearly half, while somebody waits.
MOST_POSTERS = 60


@requires(Permission.VIEW)
@require_GET
def svg(request: HttpRequest, pk: UUID, point: UUID) -> HttpResponse:
    found = _point_or_404(request, pk, point)
    return file_answer(request, qr_svg(found.url).encode(), "image/svg+xml", f"{found.code}.svg")


@requires(Permission.VIEW)
@require_GET
def png(request: HttpRequest, pk: UUID, point: UUID) -> HttpResponse:
    found = _point_or_404(request, pk, point)
    return file_answer(request, qr_png(found.url), "image/png", f"{found.code}.png")


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
    today = brussels_day(timezone.now())
    html = posters_html(posters_for(company, points, today=today), title=title, language=language)
    return file_answer(request, pdf_from(html), "application/pdf", "posters.pdf")


def _point_or_404(request: HttpRequest, pk: UUID, point: UUID) -> RegistrationPoint:
    declaration = seen_or_404(request, pk)
    return get_object_or_404(points_visible_to(portal(request).company), pk=point, declaration=declaration)


def file_answer(request: HttpRequest, content: bytes, content_type: str, name: str) -> HttpResponse:
    """A picture or document, shown or (with `?download`) saved under this name."""
    how = ATTACHED if "download" in request.GET else INLINE
    headers = {"Content-Disposition": f'{how}; filename="{name}"', "Cache-Control": "private, max-age=300"}
    return HttpResponse(content, content_type=content_type, headers=headers)
