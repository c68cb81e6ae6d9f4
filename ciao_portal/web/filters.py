"""The base of every list's filter, and the filters in use as words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.forms import BaseForm, BoundField
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.choices import BaseChoiceIterator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ciao_portal.web import list_address

# The field of a filter that searches by name.
SEARCH = "q"


@dataclass(frozen=True, slots=True)
class Chip:
    """One applied filter, readable as words, with the address of the list without it."""

    label: str
    value: str
    remove_url: str


class LeanSelect(forms.Select):
    """A select made without templates: Django's own renders one per option, and lists offer hundreds."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002
    ) -> SafeString:
        chosen = set(self.format_value(value))
        # Django's own escape costs several times as much, for each of hundreds of options.
        options = [
            f'<option value="{escape(str(key))}"{" selected" if str(key) in chosen else ""}>'
            f"{escape(str(words))}</option>"
            for key, words in self.choices
        ]
        shown = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return format_html("<select{}>{}</select>", flatatt(shown), SafeString("".join(options)))


class ReadyChoices(BaseChoiceIterator):
    """Pairs of key and words, ready for a field: Django would check each pair of a list at every reading."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = pairs

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)


class PortalFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    """A filter of the portal. Foreign keys are declared with an empty queryset and filled in `fill`.

    Otherwise django-filter would offer the rows of every tenant.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.form.fields.values():
            if type(field.widget) is forms.Select:
                field.widget = LeanSelect(attrs=field.widget.attrs, choices=field.widget.choices)
        self.fill(self.form, self.request)

    def fill(self, form: BaseForm, request: HttpRequest) -> None:
        """Give choice fields the rows of the request's company."""

    def narrow(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """These rows, filtered; a filter that does not validate shows its error and no rows, never all."""
        return self.filter_queryset(rows) if self.form.is_valid() else rows.none()

    @property
    def qs(self) -> "QuerySet[Any]":
        return self.narrow(self.queryset.all())

    def search_field(self) -> SafeString:
        """The field that always stands there; empty for a list without one."""
        return self._fields(name for name in self.form.fields if name == SEARCH)

    def further_fields(self) -> SafeString:
        """All others, in the order of the form."""
        return self._fields(name for name in self.form.fields if name != SEARCH)

    def _fields(self, names: Iterable[str]) -> SafeString:
        fields = [self.form[name] for name in names]
        return SafeString("".join([_shown(field) for field in fields if not field.is_hidden]))

    def chips(self, request: HttpRequest) -> list[Chip]:
        """The applied filters in the order of the form."""
        return list(self._chips(request))

    def _chips(self, request: HttpRequest) -> Iterator[Chip]:
        if not self.form.is_valid():
            return
        for name, field in self.form.fields.items():
            value = self.form.cleaned_data.get(name)
            if value in (None, "", []):
                continue
            shown = dict(getattr(field, "choices", [])).get(request.GET.get(name, ""), value)
            if isinstance(shown, date):
                shown = date_format(shown)
            yield Chip(str(field.label), str(shown), list_address.link(request.GET, drop=(name,)))


def _shown(field: BoundField) -> SafeString:
    """As `elements/field.html` shows it, which takes several times as long, and a list has ten of them."""
    kind = getattr(field.field.widget, "input_type", "")
    if field.errors or kind == "checkbox":
        return render_to_string("elements/field.html", {"field": field, "compact": True})
    look = "field field--search" if field.name == SEARCH else "field"
    if kind in ("date", "number"):
        look += " field--narrow"
    label = format_html('<label class="field__label" for="{}">{}</label>', field.id_for_label, field.label)
    return format_html('<div class="{}">{}{}</div>', look, label, field)
