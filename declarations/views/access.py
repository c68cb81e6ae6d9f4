"""Which declaration a request may see, and whether it may change it."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from ciao_portal.views.base import portal
from declarations.models import Declaration
from declarations.querysets import declarations_visible_to


def seen_or_404(request: HttpRequest, pk: UUID) -> Declaration:
    """A declaration in whose chain the company stands; to everybody else it does not exist."""
    rows = declarations_visible_to(portal(request).company).select_related("client", "company")
    return get_object_or_404(rows, pk=pk)


def own_or_refused(request: HttpRequest, pk: UUID) -> Declaration:
    """One's own declaration; a company of its chain may read it but not change it."""
    declaration = seen_or_404(request, pk)
    if declaration.company_id != portal(request).company.pk:
        raise PermissionDenied
    return declaration


def detail_frame(declaration: Declaration) -> dict[str, Any]:
    """What a page about a declaration shows around its form: the title, and the way back."""
    address = reverse("declarations:detail", kwargs={"pk": declaration.pk})
    return {
        "lead": declaration.title,
        "back": {"url": address, "label": declaration.title},
        "cancel_url": address,
    }
