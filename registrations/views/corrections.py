"""Requests for a correction: the list, beginning one, and its page."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, portal, say, warn
from ciao_portal.web.bulk import ticked
from ciao_portal.web.lists import Empty, PortalListView, PortalTable, back_to_list
from registrations.corrections.acts import Act, acts_of_registrations, acts_of_remarks
from registrations.corrections.forms import OpenForm
from registrations.corrections.proposing import proposal_for
from registrations.corrections.querysets import corrections_visible_to
from registrations.corrections.tables import CorrectionFilter, CorrectionTable
from registrations.corrections.wording import REASONS, still_possible_words, value_words
from registrations.models import Correction
from registrations.querysets import registrations_visible_to, remarks_visible_to
from registrations.rules.corrections import Proposal, deadline, still_possible
from registrations.rules.deadlines import days_left
from registrations.services.corrections import open_correction
from registrations.views.correction_page import correction_page, registration_rows

LIST = reverse_lazy("registrations:correction-list")


class CorrectionList(PortalListView):
    permission = Permission.VIEW
    table_class = CorrectionTable
    filterset_class = CorrectionFilter
    title = _("Corrections")
    empty = Empty(
        _("No requests under way"),
        _(
            "A wrong enterprise number, or a wrong or missing declaration number, is corrected by the NSSO "
            "on request. Begin one on the page of a remark."
        ),
        reverse_lazy("registrations:remark-list"),
        _("Show the remarks"),
    )

    def get_queryset(self) -> QuerySet[Correction]:
        rows = corrections_visible_to(portal(self.request).company)
        return rows.select_related("employer", "owner", "offered_to").annotate(line_count=Count("lines"))

    def get_table(self, records: list[Any]) -> PortalTable:
        table = super().get_table(records)
        if isinstance(table, CorrectionTable):
            firms = {firm for record in records for firm in (record.employer, record.owner)}
            table.company = self.request.company
            table.names = names_of_companies(self.request.company, firms)
            table.today = brussels_day(timezone.now())
        return table


@requires(Permission.CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_new(request: HttpRequest) -> HttpResponse:
    """Begin a request about the `remark`s or `registration`s of the address."""
    company, now = portal(request).company, timezone.now()
    acts = _asked_acts(request)
    try:
        proposal = proposal_for(acts, company) if acts else None
    except DomainError as refusal:
        warn(request, refusal)
        return redirect("registrations:remark-list")
    if proposal is None:
        return redirect(LIST)
    form = OpenForm(request.POST or None, initial=_initial(proposal))
    if form.is_valid():
        try:
            correction = open_correction(
                company=company,
                acts=acts,
                error=form.wanted(),
                right_value=form.cleaned_data["right_value"],
                actor=actor_of(request),
                now=now,
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            say(
                request,
                gettext("The request was begun. Read the text, add what proves it, then say it is ready."),
            )
            return redirect("registrations:correction-detail", correction.pk)
    return render(request, "registrations/correction_new.html", _new_context(request, acts, proposal, form))


@requires(Permission.CORRECT)
@require_POST
def remarks_correct(request: HttpRequest) -> HttpResponse:
    """From ticked remarks to one request, when one fits them all."""
    rows = ticked(request)
    acts = _acts_of_remarks(request, rows)
    try:
        if not acts:
            raise DomainError("correction.none", _("Tick the remarks you want to have corrected."))
        proposal_for(acts, portal(request).company)
    except DomainError as refusal:
        warn(request, refusal)
        return back_to_list(request, reverse("registrations:remark-list"))
    query = "&".join(f"remark={row}" for row in rows)
    return redirect(f"{reverse('registrations:correction-new')}?{query}")


@requires(Permission.VIEW)
@require_GET
def correction_detail(request: HttpRequest, correction: UUID) -> HttpResponse:
    """One request: what it is about, its text and evidence, what to do next, and its journey."""
    return correction_page(request, seen(request, correction))


def seen(request: HttpRequest, correction: UUID) -> Correction:
    """What does not concern the company is not found."""
    rows = corrections_visible_to(portal(request).company).select_related(
        "employer", "partner", "owner", "offered_to", "prepared_by", "approved_by"
    )
    return get_object_or_404(rows, pk=correction)


def _asked_acts(request: HttpRequest) -> list[Act]:
    """What the address names, as far as the company may see it."""
    acts = _acts_of_remarks(request, _keys(request.GET.getlist("remark")))
    if keys := _keys(request.GET.getlist("registration")):
        rows = registrations_visible_to(portal(request).company)
        acts += acts_of_registrations(rows.filter(pk__in=keys))
    return acts


def _acts_of_remarks(request: HttpRequest, keys: Sequence[UUID]) -> list[Act]:
    if not keys:
        return []
    return acts_of_remarks(remarks_visible_to(portal(request).company).filter(pk__in=keys))


def _keys(texts: Sequence[str]) -> list[UUID]:
    """The ids among these; what is none is passed over."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _initial(proposal: Proposal) -> dict[str, str]:
    return {
        "error": proposal.error.value,
        "right_value": value_words(proposal.error, proposal.value) if proposal.value else "",
    }


def _new_context(
    request: HttpRequest, acts: Sequence[Act], proposal: Proposal, form: OpenForm
) -> dict[str, Any]:
    company, today = portal(request).company, brussels_day(timezone.now())
    last: date = deadline(act.day for act in acts)
    left = days_left(last, today)
    employer = acts[0].employer
    return {
        "title": _("Request for a correction"),
        "lead": _("The NSSO corrects two errors on request; everything else is solved at its source."),
        "back": {"url": reverse("registrations:remark-list"), "label": _("Remarks")},
        "form": form,
        "submit_label": _("Begin the request"),
        "cancel_url": reverse("registrations:remark-list"),
        "reason": REASONS[proposal.reason],
        "is_found": bool(proposal.value),
        "days": left,
        "is_late": left < 0,
        "possible": still_possible_words(still_possible(last, today)),
        "other_employer": "" if employer == company else names_of_companies(company, {employer})[employer],
        "rows": registration_rows(acts, company, proposal.error),
    }
