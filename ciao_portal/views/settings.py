"""One's own language and role, and what the portal knows of the company."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ciao_portal.mailbox import is_file_based
from ciao_portal.middleware import PortalRequest
from ciao_portal.models import Company, Membership, NssoCredentials
from ciao_portal.permissions import ROLE_PERMISSIONS, Permission, requires

ENVIRONMENTS = {
    "simulator": _("Simulator: nothing reaches the real NSSO"),
    "simulation": _("Simulation of the NSSO"),
    "production": _("Production: real registrations"),
}


@requires(Permission.VIEW)
@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    """Read-only, but for the language."""
    portal = cast(PortalRequest, request)
    people = Membership.objects.current(timezone.now()).filter(company=portal.company)
    context = {
        "title": _("Settings"),
        "company_facts": _company_facts(portal.company),
        "access_facts": _access_facts(),
        "has_access": NssoCredentials.objects.exists(),
        "people": people.select_related("user").order_by("user__name", "user__email"),
        "shows_outbox": Permission.MANAGE_COMPANY in ROLE_PERMISSIONS[portal.membership.role],
        "keeps_mail": is_file_based(),
    }
    return render(request, "settings/settings.html", context)


def _company_facts(company: Company) -> list[dict[str, object]]:
    languages = dict(settings.LANGUAGES)
    return [
        {"label": _("Name"), "value": company.name},
        {"label": _("Enterprise number"), "value": company.number, "number": True},
        {"label": _("Language of letters"), "value": languages.get(company.language, company.language)},
    ]


def _access_facts() -> list[dict[str, object]]:
    # The manager is scoped: this is the company's own access or none.
    access = NssoCredentials.objects.first()
    return [
        {"label": _("Environment"), "value": ENVIRONMENTS.get(settings.NSSO_ENVIRONMENT, "")},
        {"label": _("Address"), "value": settings.NSSO_BASE_URL},
        {"label": _("Client id"), "value": access.client_id if access else _("No access of your own")},
        {"label": _("Set up on"), "value": access.created_at.date() if access else ""},
    ]
