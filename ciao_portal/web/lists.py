"""The one base of every list: filter, chips, table, paging; with htmx only the list itself is exchanged.

A list is a class of a few attributes::

    class WorkerList(PortalListView):
        permission = Permission.VIEW
        table_class = WorkerTable
        filterset_class = WorkerFilter
        title = _("Workers")
        empty = Empty(_("No workers yet"), _("They appear here with their first registration."))

        def get_queryset(self): ...
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import django_filters
import django_tables2
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.functional import Promise
from django_filters.views import FilterView
from django_tables2 import LazyPaginator, SingleTableMixin

from ciao_portal.permissions import ROLE_PERMISSIONS, Permission

PAGE_SIZE = 50

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says, and what to do next."""

    title: Words
    text: Words
    action_url: Words = ""
    action_label: Words = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """One applied filter, readable as words, with the address of the list without it."""

    label: str
    value: str
    remove_url: str


class PortalTable(django_tables2.Table):  # type: ignore[misc]  # django-tables2 ships no types
    """A table of the portal: `list_name` becomes `data-list`, each row carries `data-id`."""

    list_name: ClassVar[str]

    class Meta:
        template_name = "django_tables2/portal.html"
        row_attrs: ClassVar[dict[str, Any]] = {"data-id": lambda record: record.pk}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"data-list": self.list_name})
        super().__init__(*args, **kwargs)


class PortalFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    """A filter of the portal. Foreign keys are declared with an empty queryset and filled in `fill`.

    Otherwise django-filter would offer the rows of every tenant.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill(self.form, self.request)

    def fill(self, form: BaseForm, request: HttpRequest) -> None:
        """Give choice fields the rows of the request's company."""

    def chips(self, request: HttpRequest) -> list[Chip]:
        """The applied filters in the order of the form."""
        return list(self._chips(request))

    def _chips(self, request: HttpRequest) -> Iterator[Chip]:
        if not self.form.is_bound or not self.form.is_valid():
            return
        for name, field in self.form.fields.items():
            value = self.form.cleaned_data.get(name)
            if value in (None, "", []):
                continue
            query = request.GET.copy()
            query.pop(name, None)
            query.pop("page", None)
            shown = dict(getattr(field, "choices", [])).get(request.GET.get(name, ""), value)
            if isinstance(shown, date):
                shown = date_format(shown)
            yield Chip(label=str(field.label), value=str(shown), remove_url=f"?{query.urlencode()}")


class PortalListView(SingleTableMixin, FilterView):  # type: ignore[misc]  # neither ships types
    """See the module's docstring."""

    permission: ClassVar[Permission]
    title: ClassVar[Words]
    empty: ClassVar[Empty]
    # The button beside the title: (URL name, words, permission it needs), or None.
    action: ClassVar[tuple[str, Words, Permission] | None] = None
    template_name = "generic/list.html"
    # Counting a large table on every page is what makes lists slow: the next page is found by looking one
    # row further.
    # (Not `paginate_by`, by which Django would read the page once more beside the table.)
    table_pagination: ClassVar[dict[str, Any]] = {"per_page": PAGE_SIZE, "paginator_class": LazyPaginator}
    # A filter that does not validate shows its error and no rows, never all rows.
    strict = True

    def get_template_names(self) -> list[str]:
        return ["generic/_list.html" if self.request.htmx else self.template_name]

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        # Page and part share one address: without this, going back could show the part alone from the cache.
        response: HttpResponse = super().render_to_response(context, **response_kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"empty_text": self.empty.title}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "title": self.title,
            "empty": self.empty,
            "actions": list(self._actions()),
            "chips": context["filter"].chips(self.request),
        }

    def _actions(self) -> Iterator[dict[str, Any]]:
        if self.action is None:
            return
        url_name, label, needed = self.action
        if needed in ROLE_PERMISSIONS[self.request.membership.role]:
            yield {"url": reverse(url_name), "label": label, "icon": "plus", "primary": True}
