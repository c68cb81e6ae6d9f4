"""Practice, for whoever shows people how registering works: the address, its code and a poster."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ciao_portal import languages
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import portal
from ciao_portal.web.pdf import pdf_from, pdf_response
from declarations.qr import qr_svg
from registrations.practice_poster import practice_poster_html


@requires(Permission.VIEW)
@require_GET
def practice_sheet(request: HttpRequest) -> HttpResponse:
    """How to practise, and with what."""
    url = practice_address()
    context = {
        "title": _("Practice"),
        "lead": _("The same screens as the real ones. Nothing is registered, nobody is looked up."),
        "back": {"url": reverse("settings"), "label": _("Settings")},
        "url": url,
        "qr": mark_safe(qr_svg(url)),  # noqa: S308  # drawn by us from modules, no text in it
        "actions": [
            {"url": reverse("registrations:practice-poster"), "label": _("Poster (PDF)"), "icon": "poster"},
            {"url": reverse("phone:practice"), "label": _("Try it here"), "icon": "phone"},
        ],
    }
    return render(request, "practice/sheet.html", context)


@requires(Permission.VIEW)
@require_GET
def practice_poster(request: HttpRequest) -> HttpResponse:
    """A poster like the real ones that says what it is."""
    company = portal(request).company
    html = practice_poster_html(
        address=practice_address(),
        contractor=str(company),
        language=languages.language_of(company.language),
    )
    return pdf_response(pdf_from(html), "practice.pdf")


def practice_address() -> str:
    """The absolute address in the QR code."""
    return f"{settings.PUBLIC_URL}{reverse('phone:practice')}"
