"""The one base of every list: filter, chips, saved views, columns, order, pages by key, CSV, bulk actions.

With htmx only the list itself is exchanged. A list is a class of a few attributes::

    class WorkerTable(PortalTable):
        list_name = "workers"
        sorts = {"name": ("last_name", "first_name")}
        order = "name"
        name = django_tables2.Column(_("Name"), accessor="last_name")

    class WorkerList(PortalListView):
        permission = Permission.VIEW
        table_class = WorkerTable
        filterset_class = WorkerFilter
        title = _("Workers")
        empty = Empty(_("No workers yet"), _("They appear here with their first registration."))

        def get_queryset(self): ...
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_date
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.views import View

from ciao_portal.days import brussels_day
from ciao_portal.middleware import PortalRequest
from ciao_portal.models import SavedView
from ciao_portal.permissions import ROLE_PERMISSIONS, Permission
from ciao_portal.saved_views import views_for
from ciao_portal.web import keyset, list_address
from ciao_portal.web.bulk import BulkAction
from ciao_portal.web.csv import csv_response
from ciao_portal.web.filters import PortalFilterSet
from ciao_portal.web.keyset import PAGE_SIZE
from ciao_portal.web.list_address import AFTER, AT, BEFORE, FORMAT, SORT, VIEW
from ciao_portal.web.tables import Head, PortalTable

__all__ = [
    "PAGE_SIZE",
    "Empty",
    "PartedListView",
    "PortalFilterSet",
    "PortalListView",
    "PortalTable",
    "back_to_list",
    "list_at",
]

# A list as CSV is for looking things up in a spreadsheet; longer ones are refused, never cut off silently.
CSV_ROWS = 10_000
CSV_BLOCK = 2_000

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says, and what to do next."""

    title: Words
    text: Words
    action_url: Words = ""
    action_label: Words = ""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column in the menu of columns; the first one of a table always stays."""

    name: str
    label: Words
    is_shown: bool
    stays: bool


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A saved view in the menu of a list."""

    view: SavedView
    url: str
    is_open: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """A link to the page before or after."""

    url: str
    label: Words


class PortalListView(View, ABC):
    """See the module's docstring."""

    permission: ClassVar[Permission]
    table_class: ClassVar[type[PortalTable]]
    filterset_class: ClassVar[type[PortalFilterSet]]
    title: ClassVar[Words]
    empty: ClassVar[Empty]
    # The button beside the title: (URL name, words, permission it needs), or None.
    action: ClassVar[tuple[str, Words, Permission] | None] = None
    # What can be done with ticked rows; people without the permission see neither button nor ticks.
    bulk: ClassVar[tuple[BulkAction, ...]] = ()
    # What to do when the list is too long for a CSV.
    csv_way_out: ClassVar[Words] = _("Narrow it with the filters and try again.")
    template_name = "generic/list.html"
    request: PortalRequest

    @abstractmethod
    def get_queryset(self) -> "QuerySet[Any]":
        """All rows of the list, with everything a row shows."""

    def can_tick(self, _record: Any) -> bool:
        """Whether the bulk actions make sense for this row."""
        return True

    def get_table(self, records: list[Any]) -> PortalTable:
        """The table of these rows with the chosen columns."""
        hidden = [choice.name for choice in self.columns if not choice.is_shown]
        table = self.table_class(
            data=records, exclude=hidden, request=self.request, empty_text=self.empty.title
        )
        table.request = self.request
        table.before_render(self.request)
        return table

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        if not request.GET and not self._is_part and (usual := self._usual_view()):
            return redirect(f"{request.path}{usual.url}")
        if request.GET.get(FORMAT) == "csv":
            return self._as_csv()
        template = "generic/_list.html" if self._is_part else self.template_name
        response = render(request, template, self.get_context_data())
        # Page and part share one address: without this, going back could show the part alone from the cache.
        patch_vary_headers(response, ["HX-Request"])
        return response

    def get_context_data(self) -> dict[str, Any]:
        """What `generic/list.html` says it needs."""
        page = self.pager.page(self._position(), size=PAGE_SIZE)
        table = self.get_table(page.rows)
        table.heads = [self._head(column) for column in table.columns]
        bulk = [action for action in self.bulk if self._may(action.permission)]
        if bulk:
            table.tickable = {record.pk for record in page.rows if self.can_tick(record)}
        query = self.request.GET
        return {
            "title": self.title,
            "empty": self.empty,
            "actions": list(self._actions()),
            "filter": self.filterset,
            "chips": self.filterset.chips(self.request),
            "table": table,
            "order": query.get(SORT, ""),
            "columns": self.columns,
            "chosen_columns": ",".join(list_address.columns_in(query)),
            "views": self.views,
            "open_view": next((link for link in self.views if link.is_open), None),
            "view": query.get(VIEW, "") or (list_address.NO_VIEW if self.views else ""),
            "kept_query": list_address.kept(query),
            "can_jump": bool(self.table_class.jump),
            "jump_day": query.get(AT, ""),
            "carried": list_address.carried(query),
            "earlier": self._turn(page.before, BEFORE),
            "later": self._turn(page.after, AFTER),
            "is_placed": any(query.get(name) for name in list_address.PLACE),
            "here": list_address.link(query),
            "csv_url": list_address.link(query, {FORMAT: "csv"}),
            "clear_url": f"?{VIEW}={list_address.NO_VIEW}",
            "bulk": bulk if table.tickable else [],
            "may_share": self._may(Permission.SHARE_VIEWS),
        }

    @cached_property
    def filterset(self) -> PortalFilterSet:
        return self.filterset_class(data=self.request.GET, queryset=self.get_queryset(), request=self.request)

    @cached_property
    def pager(self) -> keyset.Pager:
        return keyset.Pager([self.filterset.qs], self.ordering)

    @cached_property
    def ordering(self) -> keyset.Ordering:
        """As asked for, when the column sorts at all; a jump to a day needs the order of time."""
        table, rows = self.table_class, self.filterset.queryset
        names = [self.request.GET.get(SORT, ""), table.order]
        if self.request.GET.get(AT) and table.jump:
            names = [name for name in names if name.removeprefix("-") == table.jump] or [f"-{table.jump}"]
        for name in names:
            if columns := table.sorts.get(name.removeprefix("-")):
                return keyset.ordering_by(rows, name, columns)
        return keyset.own_ordering(rows)

    @cached_property
    def columns(self) -> list[ColumnChoice]:
        """Every column of the table, shown or not."""
        table = self.table_class
        wanted = set(list_address.columns_in(self.request.GET)) & set(table.base_columns)
        first = next(iter(table.base_columns))
        return [
            ColumnChoice(
                name,
                column.verbose_name,
                name == first or (name in wanted if wanted else name not in table.optional),
                name == first,
            )
            for name, column in table.base_columns.items()
        ]

    @cached_property
    def views(self) -> list[ViewLink]:
        """The person's saved views of this list and those colleagues share."""
        user, opened = self.request.user, self.request.GET.get(VIEW, "")
        return [
            ViewLink(
                view,
                list_address.view_link(view.query, view.pk),
                str(view.pk) == opened,
                view.user_id == user.pk,
            )
            for view in views_for(
                company=self.request.company, user=user, list_name=self.table_class.list_name
            )
        ]

    @property
    def _is_part(self) -> bool:
        return bool(self.request.htmx)  # type: ignore[attr-defined]  # set by django-htmx

    def _usual_view(self) -> ViewLink | None:
        return next((link for link in self.views if link.is_own and link.view.is_default), None)

    def _may(self, permission: Permission) -> bool:
        return permission in ROLE_PERMISSIONS[self.request.membership.role]

    def _actions(self) -> Iterator[dict[str, Any]]:
        if self.action is None:
            return
        url_name, label, needed = self.action
        if self._may(needed):
            yield {"url": reverse(url_name), "label": label, "icon": "plus", "primary": True}

    def _head(self, column: Any) -> Head:
        if column.name not in self.table_class.sorts:
            return Head(column)
        if self.ordering.name.removeprefix("-") != column.name:
            return Head(column, list_address.link(self.request.GET, {SORT: column.name}), "none")
        if self.ordering.descending:
            return Head(column, list_address.link(self.request.GET, {SORT: column.name}), "descending")
        return Head(column, list_address.link(self.request.GET, {SORT: f"-{column.name}"}), "ascending")

    def _position(self) -> keyset.Position | None:
        query = self.request.GET
        if day := _day_in(query.get(AT, "")):
            return keyset.start_of_day(self.ordering, day) if keyset.is_in_time(self.ordering) else None
        for name in (AFTER, BEFORE):
            values = keyset.read_cursor(self.table_class.list_name, self.ordering, query.get(name, ""))
            if values:
                return keyset.Position(values, backwards=name == BEFORE)
        return None

    def _turn(self, values: keyset.Values | None, direction: str) -> Turn | None:
        if values is None:
            return None
        cursor = keyset.write_cursor(self.table_class.list_name, self.ordering, values)
        changes = {direction: cursor}
        if self.request.GET.get(AT):
            # The jump may have changed the order: the pages around it stay in that order.
            changes[SORT] = self.ordering.name
        return Turn(list_address.link(self.request.GET, changes), self._turn_words()[direction == AFTER])

    def _turn_words(self) -> tuple[Words, Words]:
        """What the pages before and after are called."""
        if self.ordering.name.removeprefix("-") != self.table_class.jump:
            return _("Previous page"), _("Next page")
        return (_("Newer"), _("Older")) if self.ordering.descending else (_("Earlier"), _("Later"))

    def _as_csv(self) -> HttpResponseBase:
        if self.pager.is_longer_than(CSV_ROWS):
            words = _("This list has more than %(count)s rows, too many for one CSV file.")
            messages.warning(self.request, f"{words % {'count': CSV_ROWS}} {self.csv_way_out}")
            return redirect(f"{self.request.path}{list_address.link(self.request.GET)}")
        today = brussels_day(timezone.now())
        name = f"{self.table_class.list_name}-{today.isoformat()}.csv"
        return csv_response(self._csv_rows(), file_name=name, company=self.request.company)

    def _csv_rows(self) -> Iterator[list[object]]:
        yield [str(choice.label) for choice in self.columns if choice.is_shown]
        for records in self.pager.blocks(size=CSV_BLOCK):
            yield from self.get_table(records).texts()


class PartedListView(PortalListView):
    """A list that several querysets make up together, because one with an OR would be slow.

    They only find the keys of a page; its rows are loaded by them.
    """

    @abstractmethod
    def get_sources(self) -> "Sequence[QuerySet[Any]]":
        """The parts, which may overlap, each with an index in the order of the list."""

    @abstractmethod
    def load_rows(self, keys: list[UUID]) -> Iterable[Any]:
        """The rows of a page, in any order, with everything they show."""

    def get_queryset(self) -> "QuerySet[Any]":
        """None: to write the whole as one query takes long, and nobody asks it."""
        nothing: QuerySet[Any] = self.filterset_class._meta.model._default_manager.none()
        return nothing

    @cached_property
    def pager(self) -> keyset.Pager:
        sources = [self.filterset.narrow(source) for source in self.get_sources()]
        return keyset.Pager(sources, self.ordering, self.load_rows)


def list_at(address: str) -> type[PortalListView] | None:
    """The list behind a path of ours (a query may follow), None for everything else."""
    try:
        view = resolve(address.partition("?")[0]).func
    except Resolver404:
        return None
    found = getattr(view, "view_class", None)
    return found if isinstance(found, type) and issubclass(found, PortalListView) else None


def back_to_list(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page of the list from which a form came (`next`), if that is a list of ours."""
    came_from = request.POST.get("next", "")
    return redirect(came_from if list_at(came_from) else otherwise)


def _day_in(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
