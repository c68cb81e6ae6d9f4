"""What every office page needs beside its own data."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from ciao_portal.certificate_ends import Ending, ending_for
from ciao_portal.models import Role
from ciao_portal.permissions import ROLE_PERMISSIONS
from ciao_portal.web.navigation import navigation, tabs


def portal(request: HttpRequest) -> dict[str, Any]:
    """Company, role, permissions, the navigation and its figure (lazy: only pages that show it pay)."""
    membership = getattr(request, "membership", None)
    company = getattr(request, "company", None)
    entries = navigation(request.path) if company else []
    return {
        "navigation": entries,
        "section": tabs(entries),
        "company": company,
        "membership": membership,
        "memberships": getattr(request, "memberships", []),
        "can": {str(permission) for permission in ROLE_PERMISSIONS[membership.role]} if membership else set(),
        "nsso_simulated": settings.NSSO_ENVIRONMENT == "simulator",
        "open_remarks": SimpleLazyObject(lambda: import_string(settings.OPEN_REMARKS_COUNTER)(company))
        if company
        else 0,
        "certificate_ending": SimpleLazyObject(lambda: _certificate_ending(request)),
    }


def _certificate_ending(request: HttpRequest) -> Ending | None:
    """For owners, on the first page and in the settings; the page of the access says it itself."""
    membership = getattr(request, "membership", None)
    is_shown = request.path == "/" or request.path.startswith("/settings/")
    if membership is None or membership.role != Role.OWNER or not is_shown:
        return None
    if getattr(request, "htmx", False) or request.path.startswith("/settings/nsso/"):
        return None
    return ending_for(membership.company, now=timezone.now())
