"""Filters of the lists of declarations, workplaces and companies."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from ciao_portal.tenancy import unscoped
from ciao_portal.web.lists import PortalFilterSet
from declarations.advice_wording import SHORT_DUTIES
from declarations.models import Assessment, Client, Declaration, DeclarationWorkplace, Workplace
from declarations.models.declarations import DeclarationState
from declarations.querysets import (
    companies_below,
    ending_soon,
    in_state,
    number_pressing,
    papers_missing,
    workplaces_with_works,
)

Rows = QuerySet[Declaration]
FIRST_SHIFT, ENDING, PAPERS = "first-shift", "ending", "papers"


class DeclarationFilter(PortalFilterSet):
    """By words, by state today, by client; the clients offered are the company's own."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="by_words",
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Name, client, number or workplace")}
        ),
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=DeclarationState.choices, method="by_state", empty_label=_("Every state")
    )
    client = django_filters.ModelChoiceFilter(
        label=_("Client"), queryset=Client.objects.none(), empty_label=_("Every client")
    )

    watch = django_filters.ChoiceFilter(
        label=_("To watch"),
        choices=[
            (FIRST_SHIFT, _("First shift without a number")),
            (ENDING, _("Ends within 30 days")),
            (PAPERS, _("Number or clause missing")),
        ],
        method="by_watch",
        empty_label=_("All"),
    )

    class Meta:
        model = Declaration
        fields: tuple[str, ...] = ()

    def fill(self, form: BaseForm, request: HttpRequest) -> None:
        form.fields["client"].queryset = Client.objects.filter(company=request.company)  # type: ignore[attr-defined]

    def by_words(self, rows: Rows, _name: str, value: str) -> Rows:
        """Every word must be found somewhere; numbers also with the spaces in which people read them."""
        number = "".join(value.split()).upper()
        as_number = Q(declared_number__contains=number) | Q(technical_reference__contains=number)
        words = Q()
        for word in value.split():
            with unscoped(reason="The workplaces of declarations that the company sees already."):
                places = DeclarationWorkplace.objects.filter(declaration=OuterRef("pk"))
            named = Q(workplace__name__icontains=word) | Q(workplace__municipality__icontains=word)
            words &= (
                Q(title__icontains=word) | Q(client__name__icontains=word) | Q(Exists(places.filter(named)))
            )
        return rows.filter(words | as_number)

    def by_state(self, rows: Rows, _name: str, value: str) -> Any:
        return in_state(rows, value, brussels_day(timezone.now()))

    def by_watch(self, rows: Rows, _name: str, value: str) -> Rows:
        today = brussels_day(timezone.now())
        company = self.request.company
        conditions = {
            FIRST_SHIFT: number_pressing(company, today),
            ENDING: ending_soon(today),
            PAPERS: papers_missing(company, today),
        }
        return rows.filter(conditions[value])


class WorkplaceFilter(PortalFilterSet):
    """By words, by client, by the works that are declared there today."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="by_words",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name, street, town or client")}),
    )
    client = django_filters.ModelChoiceFilter(
        label=_("Client"), queryset=Client.objects.none(), empty_label=_("Every client")
    )
    works = django_filters.ChoiceFilter(
        label=_("Works today"),
        method="by_works",
        empty_label=_("With and without"),
        choices=[("yes", _("Works running")), ("no", _("No works running"))],
    )

    class Meta:
        model = Workplace
        fields: tuple[str, ...] = ()

    def fill(self, form: BaseForm, request: HttpRequest) -> None:
        form.fields["client"].queryset = Client.objects.filter(company=request.company)  # type: ignore[attr-defined]

    def by_words(self, rows: QuerySet[Workplace], _name: str, value: str) -> QuerySet[Workplace]:
        for word in value.split():
            rows = rows.filter(
                Q(name__icontains=word)
                | Q(street__icontains=word)
                | Q(municipality__icontains=word)
                | Q(post_code=word)
                | Q(client__name__icontains=word)
            )
        return rows

    def by_works(self, rows: QuerySet[Workplace], _name: str, value: str) -> QuerySet[Workplace]:
        running = workplaces_with_works(self.request.company, today=brussels_day(timezone.now()))
        return rows.filter(pk__in=running) if value == "yes" else rows.exclude(pk__in=running)


class CompanyFilter(PortalFilterSet):
    """By words or number, and by whether the firm stands below us today."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="by_words",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or enterprise number")}),
    )
    chain = django_filters.ChoiceFilter(
        label=_("In our chains"),
        method="by_chain",
        empty_label=_("Now, before and above"),
        choices=[("now", _("Below us today"))],
    )

    class Meta:
        model = Company
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Company], _name: str, value: str) -> QuerySet[Company]:
        """Every word in the name, or the number with the dots in which people read it."""
        digits = "".join(character for character in value if character.isdigit())
        words = Q()
        for word in value.split():
            words &= Q(shown_name__icontains=word)
        return rows.filter(words | Q(enterprise_number__contains=digits)) if digits else rows.filter(words)

    def by_chain(self, rows: QuerySet[Company], _name: str, _value: str) -> QuerySet[Company]:
        below = companies_below(self.request.company, today=brussels_day(timezone.now()))
        return rows.filter(pk__in=below)


class AssessmentFilter(PortalFilterSet):
    """By name and by answer."""

    q = django_filters.CharFilter(
        label=_("Search"),
        field_name="title",
        lookup_expr="icontains",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name of the works")}),
    )
    duty = django_filters.ChoiceFilter(
        label=_("Answer"), choices=list(SHORT_DUTIES.items()), empty_label=_("Every answer")
    )

    class Meta:
        model = Assessment
        fields: tuple[str, ...] = ()
