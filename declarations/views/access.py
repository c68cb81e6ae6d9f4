"""Which declaration a request may see, and whether it may change it."""

from typing import cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from ciao_portal.audit import Actor
from ciao_portal.middleware import PortalRequest
from ciao_portal.models import Company
from declarations.models import Declaration
from declarations.querysets import declarations_visible_to


def company_of(request: HttpRequest) -> Company:
    """The company for which the signed-in person works right now."""
    return cast(PortalRequest, request).company


def actor_of(request: HttpRequest) -> Actor:
    portal = cast(PortalRequest, request)
    return Actor(company=portal.company, user=portal.user)


def seen_or_404(request: HttpRequest, pk: UUID) -> Declaration:
    """A declaration in whose chain the company stands; to everybody else it does not exist."""
    rows = declarations_visible_to(company_of(request)).select_related("client", "company")
    return get_object_or_404(rows, pk=pk)


def own_or_refused(request: HttpRequest, pk: UUID) -> Declaration:
    """One's own declaration; a company of its chain may read it but not change it."""
    declaration = seen_or_404(request, pk)
    if declaration.company_id != company_of(request).pk:
        raise PermissionDenied
    return declaration
