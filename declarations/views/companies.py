"""The page of another firm: what we wrote about it, where it stands in our chains, who is at work."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ciao_portal.companies import write_card
from ciao_portal.days import brussels_day
from ciao_portal.models import Company, CompanyCard
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import may, portal
from declarations.forms import CompanyCardForm
from declarations.models.declarations import DeclarationState
from declarations.querysets import chain_periods_of, companies_known_to, declarations_visible_to
from declarations.tables import SIGNALS, period_words, state_signal


@requires(Permission.VIEW)
@require_GET
def company_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For whoever has to do with the firm; to others it does not exist."""
    company = portal(request).company
    subject = get_object_or_404(companies_known_to(company), pk=pk)
    card = CompanyCard.objects.filter(subject=subject).first()
    edit = {
        "url": reverse("declarations:company-edit", args=[subject.pk]),
        "label": _("Change"),
        "icon": "edit",
    }
    context = {
        "subject": subject,
        "title": card.name if card else str(subject),
        "lead": subject.number,
        "back": {"url": reverse("declarations:company-list"), "label": _("Companies")},
        "actions": [edit] if may(request, Permission.DECLARE) else [],
        "facts": _facts(subject, card),
        "places": _places(company, subject),
    }
    return render(request, "declarations/company_detail.html", context)


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def company_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the company writes about another firm: its name and whom to contact."""
    company = portal(request).company
    subject = get_object_or_404(companies_known_to(company), pk=pk)
    card = CompanyCard.objects.filter(subject=subject).first()
    form = CompanyCardForm.of(card or CompanyCard(name=subject.name), request.POST or None)
    here = reverse("declarations:company-detail", args=[subject.pk])
    if request.method == "POST" and form.is_valid():
        write_card(company=company, subject=subject, **form.cleaned_data)
        messages.success(request, _("The changes were saved."))
        return redirect(here)
    context = {
        "form": form,
        "title": _("Change the company"),
        "lead": subject.number,
        "back": {"url": here, "label": card.name if card else str(subject)},
        "submit_label": _("Save changes"),
        "cancel_url": here,
    }
    return render(request, "generic/form.html", context)


def _facts(subject: Company, card: CompanyCard | None) -> list[dict[str, object]]:
    email, phone = (card.contact_email, card.contact_phone) if card else ("", "")
    return [
        {"label": _("E-mail address"), "value": email, "url": f"mailto:{email}" if email else ""},
        {"label": _("Telephone"), "value": phone, "url": f"tel:{phone}" if phone else ""},
        {"label": _("Name it uses itself"), "value": subject.name},
    ]


def _places(company: Company, subject: Company) -> list[dict[str, object]]:
    """Works the firm declared for us, then each period in which it stands where we see it."""
    today = brussels_day(timezone.now())
    declared = declarations_visible_to(company).filter(company=subject).select_related("client")
    rows: list[dict[str, object]] = [
        {
            "declaration": declaration,
            "role": _("Declarer"),
            "period": period_words(declaration.starts_on, declaration.ends_on),
            "state": declaration.state_on(today).label,
            "signal": state_signal(declaration, today),
        }
        for declaration in declared
    ]
    for place in chain_periods_of(company, subject):
        ended = place.valid_to is not None and place.valid_to < today
        state = DeclarationState.ENDED if ended else place.declaration.state_on(today)
        rows.append(
            {
                "declaration": place.declaration,
                "role": _("Subcontractor"),
                "period": period_words(place.valid_from, place.valid_to),
                "state": state.label,
                "signal": SIGNALS[state],
            }
        )
    return rows
