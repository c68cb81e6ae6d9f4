"""The poster studio of a declaration: choose, look, print; and the NSSO's own address beside ours."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from ciao_portal import languages
from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.models import Company
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say
from ciao_portal.web.pdf import pdf_from
from declarations.models import Declaration, DeclarationWorkplace, RegistrationPoint
from declarations.poster_forms import Choice, NssoAddressForm, PosterForm
from declarations.poster_words import PORTAL_INSTRUCTIONS
from declarations.posters import STICKERS_ON_SHEET, Paper, Poster, paper_context, posters_html
from declarations.printing import posters_for
from declarations.querysets import (
    nsso_urls_of,
    places_of,
    points_to_print,
    points_visible_to,
    subcontracts_seen_by,
)
from declarations.services.printing import keep_nsso_address
from declarations.views.access import own_or_refused, seen_or_404
from declarations.views.codes import MOST_POSTERS, file_answer

# The form was filled in once this stands in the address.
CHOSEN = "size"


@dataclass(frozen=True, slots=True)
class Order:
    """What to print, and the points it is printed for."""

    choice: Choice
    points: list[RegistrationPoint]

    @property
    def pages(self) -> int:
        if self.choice.paper is not Paper.STICKERS:
            return len(self.points)
        return -(-len(self.points) * self.choice.copies // STICKERS_ON_SHEET)

    def posters(self, viewer: Company, *, today: date, keep: bool = True) -> list[Poster]:
        """As many of each as were asked for."""
        papers = posters_for(viewer, self.points, today=today, keep=keep)
        return [paper for paper in papers for _copy in range(self.choice.copies)]


@requires(Permission.VIEW)
@require_GET
def studio(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose paper, places, companies and languages; the first paper is shown. Nothing is remembered."""
    declaration = seen_or_404(request, pk)
    company = portal(request).company
    places = places_of(declaration)
    form = _form(request, declaration, places)
    if form.is_bound:
        order = _ordered(form, company, declaration)
    else:
        order = Order(_usual_choice(), _at_every_workplace(company, declaration, places, company))
    context = {
        "title": _("Posters"),
        "lead": declaration.title,
        "back": {"url": reverse("declarations:detail", args=[pk]), "label": declaration.title},
        "declaration": declaration,
        "form": form,
        "pages": "",
        "nsso_url": nsso_urls_of([declaration.pk]).get(declaration.pk, ""),
        "may_change": declaration.company_id == company.pk and may(request, Permission.DECLARE),
    }
    if order and order.points:
        context |= _preview(order, declaration, company)
    return render(request, "declarations/studio.html", context)


@requires(Permission.VIEW)
@require_GET
def poster(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was chosen in the studio as one document.

    Without a choice one A4 per workplace; `?point=` for a single one, `?company=` for a chain company's.
    """
    declaration = seen_or_404(request, pk)
    company = portal(request).company
    if CHOSEN in request.GET:
        form = _form(request, declaration, places_of(declaration))
        order = _ordered(form, company, declaration)
        if order is None:
            # The studio says what is wrong with it.
            studio_url = reverse("declarations:declaration-posters", args=[pk])
            return redirect(f"{studio_url}?{request.GET.urlencode()}")
    else:
        order = Order(_usual_choice(), _points_asked_for(request, declaration))
    return file_answer(
        request, _pdf(order, declaration, company), "application/pdf", f"{order.points[0].code}.pdf"
    )


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def nsso_address(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep the address that the NSSO itself gave for the declaration: it is printed as the way around."""
    declaration = own_or_refused(request, pk)
    url = nsso_urls_of([declaration.pk]).get(declaration.pk, "")
    form = NssoAddressForm(request.POST or None, initial={"url": url})
    back = reverse("declarations:declaration-posters", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            keep_nsso_address(
                declaration=declaration,
                url=form.cleaned_data["url"],
                actor=actor_of(request),
                now=timezone.now(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            say(request, _("Kept. Posters printed from now on carry it; their version counts up."))
            return redirect(back)
    context = {
        "title": _("The NSSO's own address"),
        "lead": declaration.title,
        "back": {"url": back, "label": _("Posters")},
        "form": form,
        "submit_label": _("Keep the address"),
        "cancel_url": back,
    }
    return render(request, "generic/form.html", context)


def _form(request: HttpRequest, declaration: Declaration, places: list[DeclarationWorkplace]) -> PosterForm:
    company = portal(request).company
    below = {one.company for one in subcontracts_seen_by(company, declaration)} - {company}
    names = names_of_companies(company, below)
    return PosterForm(
        request.GET if CHOSEN in request.GET else None,
        places=places,
        own=str(company),
        names=dict(sorted(names.items(), key=lambda one: one[1].casefold())),
        is_own=declaration.company_id == company.pk,
    )


def _ordered(form: PosterForm, company: Company, declaration: Declaration) -> Order | None:
    """What the form asks for, or None with the reason on the form."""
    if not form.is_valid():
        return None
    choice = form.choice(company)
    points = points_to_print(company, declaration, workplaces=choice.workplaces, companies=choice.companies)
    if not points:
        form.add_error("where", _("There is no code for this. Choose other workplaces or companies."))
        return None
    order = Order(choice, points)
    if order.pages > MOST_POSTERS:
        words = _("These are %(count)s pages; at most %(most)s fit in one document. Choose fewer.")
        form.add_error("where", words % {"count": order.pages, "most": MOST_POSTERS})
        return None
    return order


def _usual_choice() -> Choice:
    return Choice(Paper.A4, (), (), PORTAL_INSTRUCTIONS, 1)


def _at_every_workplace(
    viewer: Company, declaration: Declaration, places: list[DeclarationWorkplace], firm: Company
) -> list[RegistrationPoint]:
    """The codes of one firm, as far as the viewer sees them; the declarer's are the general ones."""
    return points_to_print(
        viewer,
        declaration,
        workplaces=[place.workplace_id for place in places],
        companies=[None if firm.pk == declaration.company_id else firm],
    )


def _points_asked_for(request: HttpRequest, declaration: Declaration) -> list[RegistrationPoint]:
    """At least one point; 404 when there is none the viewer may see."""
    company = portal(request).company
    try:
        if wanted := request.GET.get("point"):
            seen = points_visible_to(company).select_related("declaration__client")
            return [get_object_or_404(seen, pk=wanted, declaration=declaration)]
        firm = company
        if "company" in request.GET:
            firm = get_object_or_404(Company, pk=request.GET["company"])
    except (ValidationError, ValueError):
        raise Http404 from None
    points = _at_every_workplace(company, declaration, places_of(declaration), firm)
    if not points:
        raise Http404
    return points


def _language(order: Order, declaration: Declaration) -> str:
    """That of the contractor whose codes these are."""
    contractor = order.points[0].company or declaration.company
    return languages.language_of(contractor.language)


def _pdf(order: Order, declaration: Declaration, viewer: Company) -> bytes:
    language = _language(order, declaration)
    with translation.override(language):
        title = _("Registration codes: %(works)s") % {"works": declaration.title}
    html = posters_html(
        order.posters(viewer, today=brussels_day(timezone.now())),
        title=title,
        language=language,
        paper=order.choice.paper,
        instructions=order.choice.instructions,
    )
    return pdf_from(html)


def _preview(order: Order, declaration: Declaration, viewer: Company) -> dict[str, Any]:
    """The first paper, as it would be printed now; nothing is kept."""
    first = STICKERS_ON_SHEET if order.choice.paper is Paper.STICKERS else 1
    shown = Order(order.choice, order.points[:first])
    posters = shown.posters(viewer, today=brussels_day(timezone.now()), keep=False)
    pages = ngettext("%(count)s page", "%(count)s pages", order.pages) % {"count": order.pages}
    return paper_context(
        posters[:first], paper=order.choice.paper, instructions=order.choice.instructions
    ) | {"pages": pages, "document_language": _language(order, declaration)}
