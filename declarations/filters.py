"""Filters of the list of declarations."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day
from ciao_portal.web.lists import PortalFilterSet
from declarations.models import Client, Declaration
from declarations.models.declarations import DeclarationState
from declarations.querysets import ending_soon, in_state, papers_missing

Rows = QuerySet[Declaration]
ENDING, PAPERS = "ending", "papers"


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
        choices=[(ENDING, _("Ends within 30 days")), (PAPERS, _("Number or clause missing"))],
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
            words &= (
                Q(title__icontains=word)
                | Q(client__name__icontains=word)
                | Q(places__workplace__name__icontains=word)
                | Q(places__workplace__municipality__icontains=word)
            )
        return rows.filter(words | as_number).distinct()

    def by_state(self, rows: Rows, _name: str, value: str) -> Any:
        return in_state(rows, value, brussels_day(timezone.now()))

    def by_watch(self, rows: Rows, _name: str, value: str) -> Rows:
        today = brussels_day(timezone.now())
        condition = ending_soon(today) if value == ENDING else papers_missing(self.request.company, today)
        return rows.filter(condition)
