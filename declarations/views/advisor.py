"""The scope advisor: three questions, an answer with its reasons, kept as evidence."""

from dataclasses import asdict, dataclass
from typing import Any, cast
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from ciao_portal import languages
from ciao_portal.days import brussels_day, day_label, moment_label
from ciao_portal.errors import DomainError
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import may, portal, say
from ciao_portal.web.lists import Empty, PortalListView
from ciao_portal.web.pdf import pdf_from, pdf_response
from declarations import advice_wording
from declarations.advisor_forms import ContractForm, KeepForm, SectorForm, WorkForm, case_of
from declarations.assessment_sheet import assessment_html
from declarations.filters import AssessmentFilter
from declarations.models import Assessment
from declarations.rules.advising import Case, advise
from declarations.rules.thresholds import Sector
from declarations.services.assessing import advice_of, assess
from declarations.tables import AssessmentTable

STEPS = 3


class AssessmentList(PortalListView):
    """The answers the company kept."""

    permission = Permission.VIEW
    table_class = AssessmentTable
    filterset_class = AssessmentFilter
    title = _("Scope advisor")
    action = ("declarations:advisor", _("Assess a contract"), Permission.VIEW)
    empty = Empty(
        _("No contract assessed yet"),
        _(
            "Three questions tell whether a contract must be registered, since when and why. Keep the "
            "answer, also when it is no: inspectors want to see the reasoning."
        ),
        cast(str, reverse_lazy("declarations:advisor")),
        _("Assess a contract"),
    )

    def get_queryset(self) -> QuerySet[Assessment]:
        return Assessment.objects.filter(company=self.request.company)


@dataclass(frozen=True, slots=True)
class Step:
    """The question to ask next, with the answers before it; `case` once nothing is left to ask."""

    number: int
    form: forms.Form
    answered: list[tuple[str, str]]
    case: Case | None = None


def _step(data: QueryDict) -> Step:
    """How far the answers reach. A question is judged only once its own button was pressed (`step`)."""
    asked = int(data.get("step", "")) if data.get("step", "") in ("1", "2", "3") else 0
    sector = SectorForm(data if asked else None)
    if not sector.is_valid():
        return Step(1, sector, [])
    chosen = Sector(sector.cleaned_data["sector"])
    work = WorkForm(data if asked > 1 else None, sector=chosen)
    if not work.is_valid():
        return Step(2, work, _answers(data, sector))
    initial = {"starts_on": brussels_day(timezone.now()), "subcontractors": 0}
    contract = ContractForm(data if asked > 2 else None, initial=initial)  # the third of three
    answered = _answers(data, sector, work)
    if not contract.is_valid():
        return Step(3, contract, answered)
    case = case_of(chosen, work.cleaned_data, contract.cleaned_data)
    return Step(4, contract, [*answered, *_answers(data, contract)], case)


def _answers(data: QueryDict, *answered: forms.Form) -> list[tuple[str, str]]:
    """What was answered, as hidden fields carry it to the next page."""
    return [(name, str(data[name])) for form in answered for name in form.fields if name in data]


@requires(Permission.VIEW)
@require_GET
def advisor(request: HttpRequest) -> HttpResponse:
    """Ask the next question, or answer. Nothing is stored."""
    step = _step(request.GET)
    if step.case is not None:
        return _answer(request, step, step.case, KeepForm())
    return render(request, "declarations/advisor.html", _context(step) | {"steps": STEPS})


@requires(Permission.DECLARE)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the answer under a name."""
    step = _step(request.POST)
    if step.case is None:
        return redirect("declarations:advisor")
    form = KeepForm(request.POST)
    if form.is_valid():
        company, user = portal(request).company, portal(request).user
        title = form.cleaned_data["title"]
        try:
            kept = assess(company=company, user=user, title=title, case=step.case, now=timezone.now())
        except DomainError as error:
            form.refuse(error)
        else:
            say(request, translation.gettext("The answer was kept."))
            return redirect("declarations:assessment", kept.pk)
    return _answer(request, step, step.case, form)


def _context(step: Step) -> dict[str, Any]:
    return {
        "title": _("Does this contract have to be registered?"),
        "back": {"url": reverse("declarations:assessment-list"), "label": _("Scope advisor")},
        "step": step,
        "answered": step.answered,
    }


def _answer(request: HttpRequest, step: Step, case: Case, form: KeepForm) -> HttpResponse:
    context = _context(step) | {
        "answer": advice_wording.in_words(advise(case)),
        "note": advice_wording.work_note(case.work),
        "facts": advice_wording.facts(asdict(case)),
        "may_keep": may(request, Permission.DECLARE),
        "form": form,
    }
    return render(request, "declarations/advice.html", context)


@requires(Permission.VIEW)
@require_GET
def assessment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A kept answer, as it was given."""
    found = _own(request, pk)
    context = {
        "title": found.title,
        "lead": _("Assessed on %(day)s by %(person)s, by the rules of %(rules)s")
        % {"day": moment_label(found.made_at), "person": found.made_by, "rules": found.rules},
        "back": {"url": reverse("declarations:assessment-list"), "label": _("Scope advisor")},
        "actions": [
            {
                "url": reverse("declarations:assessment-pdf", args=[found.pk]),
                "label": _("Open the PDF"),
                "icon": "document",
            }
        ],
        "facts": advice_wording.facts(found.inputs),
        "answer": advice_wording.in_words(advice_of(found)),
        "note": advice_wording.work_note(found.inputs["work"]),
    }
    return render(request, "declarations/assessment.html", context)


@requires(Permission.VIEW)
@require_GET
def assessment_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same on paper, in the reader's language."""
    found = _own(request, pk)
    language = languages.language_of(portal(request).user.language, portal(request).company.language)
    html = assessment_html(found, printed_on=day_label(brussels_day(timezone.now())), language=language)
    return pdf_response(pdf_from(html), "assessment.pdf")


def _own(request: HttpRequest, pk: UUID) -> Assessment:
    rows = Assessment.objects.filter(company=portal(request).company).select_related("made_by", "company")
    return get_object_or_404(rows, pk=pk)
