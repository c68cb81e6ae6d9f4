"""Which declaration and which place of its chain a request may see, and whether it may change them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from ciao_portal.companies import names_of_companies
from ciao_portal.models import Company
from ciao_portal.views.base import portal
from declarations.models import Declaration, Subcontract
from declarations.querysets import declarations_visible_to, subcontracts_seen_by


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


@dataclass(frozen=True, slots=True)
class SeenPlace:
    """A place of a chain, with the part of the chain that the company sees and how it calls the firms."""

    declaration: Declaration
    place: Subcontract
    places: list[Subcontract]
    names: dict[Company, str]

    @property
    def name(self) -> str:
        """The firm of the place."""
        return self.names[self.place.company]

    @property
    def address(self) -> str:
        """The page of the place."""
        return reverse("declarations:subcontract", args=[self.declaration.pk, self.place.pk])


def seen_place_or_404(request: HttpRequest, pk: UUID, place: UUID) -> SeenPlace:
    """A place that the company sees in a chain: its own and those below; for the declarer every one."""
    return _place(request, seen_or_404(request, pk), place)


def own_place_or_refused(request: HttpRequest, pk: UUID, place: UUID) -> SeenPlace:
    """A place in the chain of one's own declaration, to be changed."""
    return _place(request, own_or_refused(request, pk), place)


def _place(request: HttpRequest, declaration: Declaration, key: UUID) -> SeenPlace:
    company = portal(request).company
    places = subcontracts_seen_by(company, declaration)
    found = next((place for place in places if place.pk == key), None)
    if found is None:
        raise Http404
    firms = {declaration.company, *(place.company for place in places)}
    return SeenPlace(declaration, found, places, names_of_companies(company, firms))


def detail_frame(declaration: Declaration) -> dict[str, Any]:
    """What a page about a declaration shows around its form: the title, and the way back."""
    address = reverse("declarations:detail", kwargs={"pk": declaration.pk})
    return {
        "lead": declaration.title,
        "back": {"url": address, "label": declaration.title},
        "cancel_url": address,
    }
