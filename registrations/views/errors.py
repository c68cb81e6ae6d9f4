"""Errors that workers reported on their phones: the list, and one with its answer."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.forms import ServiceForm
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say
from ciao_portal.web.lists import Empty, PortalListView, PortalTable
from registrations import cells
from registrations.errors import ErrorFilter, ErrorTable, state_badge
from registrations.models import Employment, ErrorKind, ErrorReport
from registrations.models.errors import LONGEST_ANSWER
from registrations.naming import PeopleNames
from registrations.rules.deadlines import days_left
from registrations.services.errors import answer_error
from registrations.wording import kind_badge


class ErrorList(PortalListView):
    permission = Permission.VIEW
    table_class = ErrorTable
    filterset_class = ErrorFilter
    title = _("Reported by workers")
    empty = Empty(
        _("Nothing waits for an answer"),
        _("Workers can report an error on their own phone until day 30; it appears here at once."),
    )

    def get_queryset(self) -> QuerySet[ErrorReport]:
        # The manager is scoped: only what was reported to the company itself.
        return ErrorReport.objects.select_related("person")

    def get_table(self, records: list[Any]) -> PortalTable:
        table = super().get_table(records)
        if isinstance(table, ErrorTable):
            table.today = brussels_day(timezone.now())
            people = (record.person for record in records)
            table.people = PeopleNames.of(people, company=self.request.company, day=table.today)
        return table


class AnswerForm(ServiceForm):
    """The answer that the worker reads on the phone."""

    answer = forms.CharField(
        label=_("Answer"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "The worker reads it on the own phone. Short and plain words; it cannot be changed later."
        ),
    )


@requires(Permission.VIEW)
@require_GET
def error_detail(request: HttpRequest, error: UUID) -> HttpResponse:
    """What was reported, about which registration, and the answer."""
    return _page(request, _report(error), AnswerForm())


@requires(Permission.MANAGE_WORKERS)
@require_POST
def error_answer(request: HttpRequest, error: UUID) -> HttpResponse:
    """Answer the worker, once."""
    report, form = _report(error), AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_error(
                report=report, answer=form.cleaned_data["answer"], actor=actor_of(request), now=timezone.now()
            )
        except DomainError as refusal:
            form.refuse(refusal)
            # What a colleague answered meanwhile is shown beside what was typed.
            report = _report(error)
        else:
            say(request, gettext("The worker reads your answer on the own phone."))
            return redirect("registrations:error-detail", report.pk)
    return _page(request, report, form)


def _report(error: UUID) -> ErrorReport:
    """The company's own only: the manager is scoped, so a stranger's is not found."""
    rows = ErrorReport.objects.select_related("person", "registration__workplace", "answered_by")
    return get_object_or_404(rows, pk=error)


def _page(request: HttpRequest, report: ErrorReport, form: AnswerForm) -> HttpResponse:
    company, today = portal(request).company, brussels_day(timezone.now())
    worker = PeopleNames.of([report.person], company=company, day=today)[report.person]
    badge = state_badge(report)
    context = {
        "title": ErrorKind(report.kind).label,
        "lead": worker,
        "back": {"url": reverse("registrations:error-list"), "label": _("Reported by workers")},
        "state": {"signal": badge.signal, "icon": badge.icon, "label": badge.words},
        "facts": _facts(report, worker),
        "report": report,
        "days": days_left(report.last_day, today),
        "form": form,
        "may_answer": may(request, Permission.MANAGE_WORKERS)
        and (report.answered_at is None or form.is_bound),
    }
    return render(request, "registrations/error_detail.html", context)


def _facts(report: ErrorReport, worker: str) -> list[dict[str, object]]:
    employment = Employment.objects.filter(person=report.person).order_by("-starts_on").first()
    row = report.registration
    facts: list[dict[str, object]] = [
        {
            "label": _("Worker"),
            "value": worker,
            "url": reverse("registrations:worker-detail", args=[employment.pk]) if employment else "",
        },
        {"label": _("Day"), "value": cells.full_day(report.day)},
        {"label": _("Reported"), "value": cells.moment(report.reported_at)},
        {"label": _("Last day for a request"), "value": cells.full_day(report.last_day)},
    ]
    if row is not None:
        facts.append(
            {
                "label": _("Registration"),
                "value": f"{kind_badge(row.kind).words} · {cells.moment(row.happened_at)}",
                "url": reverse("registrations:registration-detail", args=[row.pk]),
            }
        )
        facts.append({"label": _("Workplace"), "value": row.workplace.name})
    facts.append({"label": _("In the worker's words"), "value": report.text, "wide": True})
    return facts
