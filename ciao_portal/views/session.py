"""Company switch, language, and the page for people without a company."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language as set_language_cookie

from ciao_portal.middleware import SESSION_COMPANY
from ciao_portal.permissions import Permission, requires


@requires(Permission.SIGNED_IN)
@require_POST
def switch_company(request: HttpRequest) -> HttpResponse:
    """Work for another company one belongs to; an unknown id changes nothing."""
    wanted = request.POST.get("company", "")
    if any(str(membership.company_id) == wanted for membership in request.memberships):  # type: ignore[attr-defined]
        request.session[SESSION_COMPANY] = wanted
    return redirect("dashboard")


@requires(Permission.ANYONE)
@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Choose the language of the pages; a signed-in person keeps the choice on every device."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.language = language
        request.user.save(update_fields=["language"])
    return set_language_cookie(request)


@requires(Permission.SIGNED_IN)
@require_GET
def no_company(request: HttpRequest) -> HttpResponse:
    """What somebody sees who belongs to no company (any more)."""
    return render(request, "no_company.html", status=403)
