"""One-page guides, for everybody who is signed in: which duty, from which amounts, who, by which sources."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ciao_portal import languages
from ciao_portal.days import brussels_day
from ciao_portal.languages import PORTAL_LANGUAGES
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import portal
from ciao_portal.web.pdf import pdf_from
from declarations.guide_sheet import all_topics, guide_html
from declarations.rules.guides import Topic


@requires(Permission.VIEW)
@require_GET
def guides(request: HttpRequest) -> HttpResponse:
    """The guides there are, each in four languages; one's own first."""
    own = languages.language_of(translation.get_language() or "")
    context = {
        "title": _("Guides"),
        "lead": _("One page per sector, made from the rules of the scope advisor, to print or pass on."),
        "back": {"url": reverse("declarations:assessment-list"), "label": _("Scope advisor")},
        "guides": all_topics(),
        "languages": sorted(PORTAL_LANGUAGES, key=lambda language: language[0] != own),
    }
    return render(request, "declarations/guides.html", context)


@requires(Permission.VIEW)
@require_GET
def guide(request: HttpRequest, topic: str) -> HttpResponse:
    """A guide as a document of today; `?language=`, else the person's own."""
    try:
        wanted = Topic(topic)
    except ValueError:
        raise Http404 from None
    asked = portal(request)
    language = languages.language_of(
        request.GET.get("language", ""), asked.user.language, asked.company.language
    )
    html = guide_html(wanted, today=brussels_day(timezone.now()), language=language)
    headers = {"Content-Disposition": f'inline; filename="{topic}-{language}.pdf"'}
    return HttpResponse(pdf_from(html), content_type="application/pdf", headers=headers)
