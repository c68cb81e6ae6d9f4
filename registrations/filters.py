"""The filters of the office's lists of registrations, workers and remarks."""

from collections.abc import Sequence
from datetime import date, timedelta
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
    missing_check_outs,
    present_now,
)
from registrations.remarks import code_choices, known_codes
from registrations.rules.deadlines import SOON_DAYS, Urgency

OPEN_JOURNEY = "open"
# Nearly every registration ends in one of these; the others have an index of their own.
SETTLED = (SubmissionState.ACCEPTED, SubmissionState.NOT_DUE)
# A name that fits more people than this narrows nothing down: then the database looks them up itself.
FEW_PEOPLE = 200
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


def offer(form: BaseForm, **choices: Sequence[tuple[str, str]]) -> None:
    """Give choice fields their choices; the words for "all" stay in front."""
    for name, offered in choices.items():
        cast(ChoiceField, form.fields[name]).choices = offered


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One look-up for all sources of the list.
        self._named: dict[str, Any] = {}

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
        return rows.filter(person__in=self._people(text))

    def _people(self, text: str) -> Any:
        """The people meant, known by id where they are few, so that the index per person is used."""
        if text not in self._named:
            # The manager is scoped: only the company's own employments give names.
            people = named(Employment.objects.order_by(), text).values_list("person", flat=True).distinct()
            few = list(people[: FEW_PEOPLE + 1])
            self._named[text] = few if len(few) <= FEW_PEOPLE else people
        return self._named[text]

    def by_journey(self, rows: QuerySet[Registration], _name: str, state: str) -> QuerySet[Registration]:
        return rows.filter(submission__state__in=_states(state))

    @property
    def has_few_journeys(self) -> bool:
        """Whether the state asked for is one that few registrations of the whole portal are in."""
        state = self.form.cleaned_data["nsso"] if self.form.is_valid() else ""
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
    """Name, status, whether employed today, and what was agreed."""

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

    def by_period(self, rows: QuerySet[Employment], _name: str, value: str) -> QuerySet[Employment]:
        today = brussels_day(timezone.now())
        if value == "ended":
            return rows.filter(ends_on__lt=today)
        if value == "planned":
            return rows.filter(starts_on__gt=today)
        return rows.filter(employed_on(today))


OPEN, GONE, ALL = "open", "gone", "all"
URGENCIES = [
    (Urgency.OVERDUE.value, _("Over")),
    (Urgency.TODAY.value, _("Today")),
    (Urgency.SOON.value, _("Within 7 days")),
    (Urgency.LATER.value, _("Later")),
]


def of_urgency(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Rows with a `last_day` that presses like this today."""
    today = brussels_day(timezone.now())
    soon = today + timedelta(days=SOON_DAYS)
    return {
        Urgency.OVERDUE: rows.filter(last_day__lt=today),
        Urgency.TODAY: rows.filter(last_day=today),
        Urgency.SOON: rows.filter(last_day__gt=today, last_day__lte=soon),
        Urgency.LATER: rows.filter(last_day__gt=soon),
    }[Urgency(value)]


class RemarkFilter(PortalFilterSet):
    """Urgency, code, employer, declaration; shows the remarks that still stand unless asked otherwise."""

    urgency = django_filters.ChoiceFilter(
        method="by_urgency", label=_("Last day"), empty_label=_("Any day"), choices=URGENCIES
    )
    code = django_filters.ChoiceFilter(label=_("Remark"), empty_label=_("All remarks"))
    employer = django_filters.ChoiceFilter(label=_("Employer"), empty_label=_("All employers"))
    declaration = django_filters.ChoiceFilter(label=_("Declaration"), empty_label=_("All declarations"))
    standing = django_filters.ChoiceFilter(
        method="by_standing",
        label=_("State"),
        empty_label=_("Open"),
        choices=[(GONE, _("Gone")), (ALL, _("Open and gone"))],
    )

    class Meta:
        model = Remark
        fields: tuple[str, ...] = ()

    def fill(self, form: BaseForm, request: HttpRequest) -> None:
        self.offered = offered_to(cast(PortalRequest, request).company)
        standing = self.queryset.order_by().filter(gone_at__isnull=True)
        codes = set(standing.values_list("code", flat=True).distinct()) | known_codes()
        offer(
            form,
            code=[(code, str(words)) for code, words in code_choices(codes)],
            employer=self.offered.employers,
            declaration=self.offered.declarations,
        )

    def filter_queryset(self, queryset: QuerySet[Remark]) -> QuerySet[Remark]:
        rows: QuerySet[Remark] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data["standing"] else rows.filter(gone_at__isnull=True)

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
