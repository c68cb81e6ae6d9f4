"""The model wording of the clause on registering, to be copied or printed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ciao_portal.languages import language_of
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import portal
from ciao_portal.web.pdf import STATIC_SCHEME, pdf_from
from declarations.clause import CLAUSES, CLAUSES_BY_LANGUAGE


@requires(Permission.VIEW)
@require_GET
def clause(request: HttpRequest) -> HttpResponse:
    """In four languages, the reader's own first."""
    own = language_of(portal(request).user.language, portal(request).company.language)
    context = {
        "title": _("Model clause on registering"),
        "lead": _("A subcontract should remind of the registration duty. This wording is a start."),
        "back": {"url": reverse("declarations:list"), "label": _("Declarations of works")},
        "clauses": sorted(CLAUSES, key=lambda one: one.language != own),
    }
    return render(request, "declarations/clause.html", context)


@requires(Permission.VIEW)
@require_GET
def clause_pdf(_request: HttpRequest, language: str) -> HttpResponse:
    """One language on one page."""
    if language not in CLAUSES_BY_LANGUAGE:
        raise Http404
    context = {"clause": CLAUSES_BY_LANGUAGE[language], "stylesheet": f"{STATIC_SCHEME}css/report.css"}
    html = render_to_string("declarations/clause_pdf.html", context)
    headers = {"Content-Disposition": f'inline; filename="clause-{language}.pdf"'}
    return HttpResponse(pdf_from(html), content_type="application/pdf", headers=headers)
