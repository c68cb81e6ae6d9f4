"""The public status line behind a company's secret address. It sets no cookie and knows no session."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from ciao_portal.languages import best_language
from ciao_portal.permissions import Permission, requires
from registrations.phone.pages import page
from registrations.services.status_addresses import company_with
from registrations.status_line import status_line_of


@requires(Permission.ANYONE)
@require_safe
def status_line(request: HttpRequest, secret: str) -> HttpResponse:
    """For anybody who has the address; without a hint when it is nobody's."""
    language = best_language(request.headers.get("Accept-Language", ""), None)
    company = company_with(secret)
    if company is None:
        response = page(request, "status_unknown", {}, status=404, secret=True, language=language)
    else:
        with translation.override(language):
            line = status_line_of(company, now=timezone.now())
        response = page(request, "status", {"line": line}, secret=True, language=language)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
