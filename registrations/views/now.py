"""Who is on site now and which remarks stand: for works, a workplace or a firm.

A part of those pages, which ask for it once they are drawn (declarations know nothing of registrations);
without script it is a page of its own.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ciao_portal.companies import names_of_companies
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import portal
from declarations.models import ChainView
from declarations.querysets import (
    branch_of,
    companies_known_to,
    declarations_visible_to,
    workplaces_visible_to,
)
from declarations.views.access import seen_place_or_404
from registrations.querysets import registrations_visible_to
from registrations.standing_now import (
    Subject,
    of_companies_on,
    of_company,
    of_declaration,
    of_workplace,
    standing_now,
)


@requires(Permission.VIEW)
@require_GET
def declaration_now(request: HttpRequest, declaration: UUID) -> HttpResponse:
    """For everybody in the chain, each seeing the own part."""
    company = portal(request).company
    row = get_object_or_404(declarations_visible_to(company), pk=declaration)
    members = ChainView.objects.filter(declaration=row, viewer=company).values_list("member", flat=True)
    is_own = row.company_id == company.pk
    return _answer(
        request,
        of_declaration(row.pk),
        # People who register on works without a number get a remark, whatever the first day says.
        has_unnumbered=is_own
        and row.lacks_number
        and registrations_visible_to(company).filter(declaration=row).exists(),
        title=row.title,
        back=reverse("declarations:detail", args=[row.pk]),
        query=f"declaration={row.pk}",
        members=set(members),
    )


@requires(Permission.VIEW)
@require_GET
def place_now(request: HttpRequest, declaration: UUID, place: UUID) -> HttpResponse:
    """A firm at its place in a chain and everybody below it; those below with their figures."""
    seen = seen_place_or_404(request, declaration, place)
    own = seen.place.company_id
    members = {one.company_id for one in branch_of(seen.places, seen.place)}
    return _answer(
        request,
        of_companies_on(seen.declaration.pk, members),
        title=seen.name,
        back=seen.address,
        query=f"declaration={seen.declaration.pk}",
        members=members - {own},
    )


@requires(Permission.VIEW)
@require_GET
def workplace_now(request: HttpRequest, workplace: UUID) -> HttpResponse:
    company = portal(request).company
    row = get_object_or_404(workplaces_visible_to(company), pk=workplace)
    return _answer(
        request,
        of_workplace(row.pk),
        title=row.name,
        back=reverse("declarations:workplace-detail", args=[row.pk]),
        query=f"workplace={row.pk}",
        has_remark_list=False,
    )


@requires(Permission.VIEW)
@require_GET
def company_now(request: HttpRequest, subject: UUID) -> HttpResponse:
    company = portal(request).company
    row = get_object_or_404(companies_known_to(company), pk=subject)
    return _answer(
        request,
        of_company(row.pk),
        title=names_of_companies(company, {row})[row],
        back=reverse("declarations:company-detail", args=[row.pk]),
        query=f"employer={row.pk}",
    )


def _answer(
    request: HttpRequest,
    subject: Subject,
    *,
    title: str,
    back: str,
    query: str,
    members: set[UUID] | None = None,
    has_remark_list: bool = True,
    has_unnumbered: bool = False,
) -> HttpResponse:
    """`members` are the firms of the chain whose places on the page get their figures too.

    `has_unnumbered`: somebody registered on works that have no number of the NSSO yet.
    `query` narrows the list of registrations to the subject, and that of remarks if `has_remark_list`.
    """
    standing = standing_now(portal(request).company, subject, now=timezone.now())
    figures = {row.company: row for row in standing.companies}
    context: dict[str, Any] = {
        "now": standing,
        "query": query,
        "has_remark_list": has_remark_list,
        "has_unnumbered": has_unnumbered,
        "title": _("Now: %(subject)s") % {"subject": title},
        "back": {"url": back, "label": title},
        "chain_figures": [(member, figures.get(member)) for member in sorted(members or ())],
    }
    part = bool(request.headers.get("HX-Request"))
    response = render(request, "registrations/_now.html" if part else "registrations/now.html", context)
    # Page and part share one address.
    patch_vary_headers(response, ["HX-Request"])
    return response
