"""The filters of the office's lists of registrations, workers and remarks."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, cast

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.forms import BaseForm, ChoiceField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day, day_bounds
from ciao_portal.middleware import PortalRequest
from ciao_portal.prepared import Among
from ciao_portal.web.filters import ReadyChoices
from ciao_portal.web.lists import PortalFilterSet
from registrations.agreements import FILTER_CHOICES, with_answer
from registrations.filter_choices import offered_to
from registrations.models import (
    Employment,
    PresenceState,
    ReconciledDay,
    Registration,
    Remark,
    Statement,
    Submission,
)
from registrations.models.nsso import SubmissionState
from registrations.models.registrations import KindChoice, StatementKind
from registrations.models.workers import WorkerStatus
from registrations.querysets import (
    MISSING_CHECK_OUT_WINDOW,
    UNFINISHED_STATES,
    employed_on,
    journeys_visible_to,
    missing_check_outs,
    present_now,
)
from registrations.remarks import Request, code_choices, codes_asking, known_codes
from registrations.rules.deadlines import SOON_DAYS, WARNING_DAYS, Urgency
from registrations.worker_papers import NO_DIMONA, NO_LIMOSA, not_ended

OPEN_JOURNEY = "open"
# Nearly every registration ends in one of these; the others have an index of their own.
SETTLED = (SubmissionState.ACCEPTED, SubmissionState.NOT_DUE)
# Up to so many people a name fits are named one by one; beyond, each source of the list looks them up itself.
MOST_NAMED = 2_000
# Up to so many open journeys it is quicker to start from them than to walk through the history for them.
FEW_JOURNEYS = 5_000


class PeriodForm(forms.Form):
    """The form of lists with a first and a last day."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("from_day"), data.get("to_day")
        if first and last and last < first:
            self.add_error("to_day", _("The last day is before the first day."))
        return data


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


def _search_input() -> forms.TextInput:
    return forms.TextInput(attrs={"type": "search", "autocomplete": "off"})


def named(rows: QuerySet[Employment], text: str) -> QuerySet[Employment]:
    """Employments whose first or last name holds every word of the text."""
    for word in text.split():
        rows = rows.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
    return rows


class People:
    """Who is meant by a name, looked up once for all sources of a list with the person in `column`."""

    def __init__(self, column: str) -> None:
        self.column = column
        self._named: dict[str, Any] = {}

    def meant(self, text: str) -> Any:
        """The condition for the people meant, by id: so names are compared once for all sources.

        The planner then knows how many they are: it walks through the history for many, and uses the index
        per person for few.
        """
        if text not in self._named:
            # The manager is scoped: only the company's own employments give names.
            people = named(Employment.objects.order_by(), text).values_list("person", flat=True).distinct()
            some = list(people[: MOST_NAMED + 1])
            is_short = len(some) <= MOST_NAMED
            self._named[text] = Among(self.column, some) if is_short else Q(**{f"{self.column}__in": people})
        return self._named[text]


def offer(form: BaseForm, **choices: Sequence[tuple[str, str]]) -> None:
    """Give choice fields their choices; the words for "all" stay in front."""
    for name, offered in choices.items():
        cast(ChoiceField, form.fields[name]).choices = ReadyChoices(offered)


class RegistrationFilter(PortalFilterSet):
    """Days, worker, kind, employer, declaration, workplace, journey to the NSSO and presence now."""

    from_day = django_filters.DateFilter(method="since", label=_("From"), widget=_day_input())
    to_day = django_filters.DateFilter(method="until", label=_("To"), widget=_day_input())
    q = django_filters.CharFilter(method="by_name", label=_("Worker's name"), widget=_search_input())
    kind = django_filters.ChoiceFilter(
        choices=KindChoice.choices, label=_("Registration"), empty_label=_("All kinds")
    )
    employer = django_filters.ChoiceFilter(label=_("Employer"), empty_label=_("All employers"))
    declaration = django_filters.ChoiceFilter(label=_("Declaration"), empty_label=_("All declarations"))
    workplace = django_filters.ChoiceFilter(label=_("Workplace"), empty_label=_("All workplaces"))
    nsso = django_filters.ChoiceFilter(
        method="by_journey",
        label=_("NSSO"),
        empty_label=_("All states"),
        choices=[(OPEN_JOURNEY, _("Not at the NSSO yet")), *SubmissionState.choices],
    )
    presence = django_filters.ChoiceFilter(
        method="by_presence",
        label=_("Presence"),
        empty_label=_("All moments"),
        choices=[("now", _("On site now")), ("missing", _("Check-out missing"))],
    )
    said = django_filters.ChoiceFilter(
        method="by_statement",
        label=_("Worker's word"),
        empty_label=_("With or without"),
        choices=[
            (StatementKind.NOT_ME.value, _("It was not me")),
            (StatementKind.MISTAKE.value, _("A mistake")),
            (StatementKind.STOPPED_AT.value, _("Stopped earlier")),
        ],
    )

    class Meta:
        model = Registration
        fields: tuple[str, ...] = ()
        form = PeriodForm

    @cached_property
    def named(self) -> People:
        return People("person")

    def fill(self, form: BaseForm, request: HttpRequest) -> None:
        self.offered = offered_to(cast(PortalRequest, request).company)
        offer(
            form,
            employer=self.offered.employers,
            declaration=self.offered.declarations,
            workplace=self.offered.workplaces,
        )

    # The days of a registration are those of its moment, and only the moments have an index for each list.
    def since(self, rows: QuerySet[Registration], _name: str, day: date) -> QuerySet[Registration]:
        return rows.filter(happened_at__gte=day_bounds(day)[0])

    def until(self, rows: QuerySet[Registration], _name: str, day: date) -> QuerySet[Registration]:
        return rows.filter(happened_at__lt=day_bounds(day)[1])

    def by_name(self, rows: QuerySet[Registration], _name: str, text: str) -> QuerySet[Registration]:
        return rows.filter(self.named.meant(text))

    def by_journey(self, rows: QuerySet[Registration], _name: str, state: str) -> QuerySet[Registration]:
        if not self._has_few_journeys:
            return rows.filter(submission__state__in=_states(state))
        # A journey knows whose it is: those of others are passed over without a look at their registrations.
        journeys = journeys_visible_to(self.request.company).filter(state__in=_states(state))
        return rows.filter(pk__in=journeys.values("registration"))

    @property
    def starts_elsewhere(self) -> bool:
        """Whether another table names the few rows: then one look at them is quicker than several sources."""
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        return bool(asked.get("presence")) or self._has_few_journeys

    @cached_property
    def _has_few_journeys(self) -> bool:
        """Whether the state asked for is one that few registrations of the whole portal are in."""
        state = self.form.cleaned_data.get("nsso", "") if self.form.is_valid() else ""
        if not state or state in SETTLED:
            return False
        found = Submission.objects.filter(state__in=_states(state)).values("pk")
        return found[: FEW_JOURNEYS + 1].count() <= FEW_JOURNEYS

    def by_presence(self, rows: QuerySet[Registration], _name: str, value: str) -> QuerySet[Registration]:
        company, now = self.request.company, timezone.now()
        states: QuerySet[PresenceState] = (
            present_now(company, now=now)
            if value == "now"
            else missing_check_outs(company, now=now, since=MISSING_CHECK_OUT_WINDOW)
        )
        return rows.filter(pk__in=states.values("last_registration"))

    def by_statement(self, rows: QuerySet[Registration], _name: str, kind: str) -> QuerySet[Registration]:
        return rows.filter(pk__in=Statement.objects.filter(kind=kind).values("registration"))


def _states(state: str) -> Sequence[str]:
    return UNFINISHED_STATES if state == OPEN_JOURNEY else (state,)


class WorkerFilter(PortalFilterSet):
    """Name, status, whether employed today, papers that are missing, and what was agreed."""

    q = django_filters.CharFilter(method="by_name", label=_("Name"), widget=_search_input())
    status = django_filters.ChoiceFilter(
        choices=WorkerStatus.choices, label=_("Status"), empty_label=_("All statuses")
    )
    active = django_filters.ChoiceFilter(
        method="by_period",
        label=_("Employed"),
        empty_label=_("Now, before and later"),
        choices=[("now", _("Today")), ("ended", _("Left")), ("planned", _("Starts later"))],
    )
    papers = django_filters.ChoiceFilter(
        method="by_papers",
        label=_("Papers"),
        empty_label=_("Complete or not"),
        choices=[("limosa", _("Limosa number missing")), ("dimona", _("Dimona number missing"))],
    )
    agreed = django_filters.ChoiceFilter(
        method="by_answer",
        label=_("Information and agreements"),
        empty_label=_("All answers"),
        choices=FILTER_CHOICES,
    )

    class Meta:
        model = Employment
        fields: tuple[str, ...] = ()

    def by_name(self, rows: QuerySet[Employment], _name: str, text: str) -> QuerySet[Employment]:
        return named(rows, text)

    def by_answer(self, rows: QuerySet[Employment], _name: str, value: str) -> QuerySet[Employment]:
        return with_answer(rows, value)

    def by_papers(self, rows: QuerySet[Employment], _name: str, value: str) -> QuerySet[Employment]:
        """Of those who still work for the company or will."""
        missing = NO_LIMOSA if value == "limosa" else NO_DIMONA
        return rows.filter(not_ended(brussels_day(timezone.now())), missing)

    def by_period(self, rows: QuerySet[Employment], _name: str, value: str) -> QuerySet[Employment]:
        today = brussels_day(timezone.now())
        if value == "ended":
            return rows.filter(ends_on__lt=today)
        if value == "planned":
            return rows.filter(starts_on__gt=today)
        return rows.filter(employed_on(today))


OPEN, GONE, ALL = "open", "gone", "all"
# What is left when the first warning is due.
HALF = timedelta(days=WARNING_DAYS[0])
WITHIN_15 = "within15"
URGENCIES = [
    (Urgency.OVERDUE.value, _("Over")),
    (Urgency.TODAY.value, _("Today")),
    (Urgency.SOON.value, _("Within 7 days")),
    (Urgency.LATER.value, _("Later")),
    (WITHIN_15, _("Within 15 days")),
]


def of_urgency(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Rows with a `last_day` that presses like this today."""
    today = brussels_day(timezone.now())
    soon = today + timedelta(days=SOON_DAYS)
    if value == WITHIN_15:
        return rows.filter(last_day__gte=today, last_day__lte=today + HALF)
    return {
        Urgency.OVERDUE: rows.filter(last_day__lt=today),
        Urgency.TODAY: rows.filter(last_day=today),
        Urgency.SOON: rows.filter(last_day__gt=today, last_day__lte=soon),
        Urgency.LATER: rows.filter(last_day__gt=soon),
    }[Urgency(value)]


class RemarkFilter(PortalFilterSet):
    """What it is about, how pressing, who is concerned; shows what still stands unless asked otherwise."""

    q = django_filters.CharFilter(method="by_name", label=_("Worker's name"), widget=_search_input())
    urgency = django_filters.ChoiceFilter(
        method="by_urgency", label=_("Last day"), empty_label=_("Any day"), choices=URGENCIES
    )
    code = django_filters.ChoiceFilter(label=_("Remark"), empty_label=_("All remarks"))
    employer = django_filters.ChoiceFilter(label=_("Employer"), empty_label=_("All employers"))
    declaration = django_filters.ChoiceFilter(label=_("Declaration"), empty_label=_("All declarations"))
    workplace = django_filters.ChoiceFilter(
        "presence__registration__workplace", label=_("Workplace"), empty_label=_("All workplaces")
    )
    request_needed = django_filters.ChoiceFilter(
        method="by_request",
        label=_("Request to the NSSO"),
        empty_label=_("With or without"),
        choices=[
            ("asked", _("Needed or possible")),
            (Request.YES.value, _("Needed")),
            (Request.PERHAPS.value, _("Possible")),
            (Request.NO.value, _("Not needed")),
            (Request.UNKNOWN.value, _("Not known yet")),
        ],
    )
    origin = django_filters.ChoiceFilter(
        method="by_origin",
        label=_("Registered where"),
        empty_label=_("Here and elsewhere"),
        choices=[("here", _("Here")), ("elsewhere", _("Elsewhere"))],
    )
    standing = django_filters.ChoiceFilter(
        method="by_standing",
        label=_("State"),
        empty_label=_("Open"),
        choices=[(GONE, _("Gone")), (ALL, _("Open and gone"))],
    )

    class Meta:
        model = Remark
        fields: tuple[str, ...] = ()

    @cached_property
    def named(self) -> People:
        return People("presence__person")

    def fill(self, form: BaseForm, request: HttpRequest) -> None:
        self.offered = offered_to(cast(PortalRequest, request).company)
        # Those nobody knows are found by what they need; a link may still ask for one of them.
        codes = known_codes() | set(filter(None, [self.data.get("code")]))
        offer(
            form,
            code=[(code, str(words)) for code, words in code_choices(codes)],
            employer=self.offered.employers,
            declaration=self.offered.declarations,
            workplace=self.offered.workplaces,
        )

    def filter_queryset(self, queryset: QuerySet[Remark]) -> QuerySet[Remark]:
        rows: QuerySet[Remark] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data["standing"] else rows.filter(gone_at__isnull=True)

    def by_name(self, rows: QuerySet[Remark], _name: str, text: str) -> QuerySet[Remark]:
        return rows.filter(self.named.meant(text))

    def by_request(self, rows: QuerySet[Remark], _name: str, value: str) -> QuerySet[Remark]:
        if value == Request.UNKNOWN.value:
            return rows.exclude(code__in=known_codes())
        wanted = (Request.YES, Request.PERHAPS) if value == "asked" else (Request(value),)
        return rows.filter(code__in=codes_asking(*wanted))

    def by_origin(self, rows: QuerySet[Remark], _name: str, value: str) -> QuerySet[Remark]:
        return rows.filter(presence__registration__isnull=value == "elsewhere")

    def by_standing(self, rows: QuerySet[Remark], _name: str, value: str) -> QuerySet[Remark]:
        return rows if value == ALL else rows.filter(gone_at__isnull=False)

    def by_urgency(self, rows: QuerySet[Remark], _name: str, value: str) -> QuerySet[Remark]:
        return of_urgency(rows, value)


class ReconciliationFilter(PortalFilterSet):
    """Days, and whether anything is open."""

    from_day = django_filters.DateFilter("day", "gte", label=_("From"), widget=_day_input())
    to_day = django_filters.DateFilter("day", "lte", label=_("To"), widget=_day_input())
    state = django_filters.ChoiceFilter(
        method="by_state",
        label=_("State"),
        empty_label=_("All days"),
        choices=[("open", _("Differences open")), ("settled", _("Settled"))],
    )

    class Meta:
        model = ReconciledDay
        fields: tuple[str, ...] = ()
        form = PeriodForm

    def by_state(self, rows: QuerySet[ReconciledDay], _name: str, value: str) -> QuerySet[ReconciledDay]:
        return rows.filter(open_count__gt=0) if value == "open" else rows.filter(open_count=0)
