"""The base of every list's table."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from typing import Any, ClassVar

import django_tables2
from django.utils.formats import localize
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext

from ciao_portal.web.cells import RowAttributes, column_cells, shown


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head; `sort_url` and `aria_sort` are empty where the column does not sort."""

    column: Any
    sort_url: str = ""
    aria_sort: str = ""


class PortalTable(django_tables2.Table):  # type: ignore[misc]  # django-tables2 ships no types
    """A table of the portal: `list_name` becomes `data-list`, each row carries `data-id`.

    A cell of a CSV is the text of the page's cell, or what `value_<column>(record)` gives.
    """

    list_name: ClassVar[str]
    # The columns one can sort by, each with the database columns behind it (an index in that order, ended by
    # the primary key, or a table that stays small).
    sorts: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    # The column by which the list is sorted at first, `-` in front for the last ones first; empty: as the
    # model is ordered.
    order: ClassVar[str] = ""
    # The sorting column that is a day or a moment, in which one can jump to a day.
    jump: ClassVar[str] = ""
    # Columns that are shown only when asked for.
    optional: ClassVar[tuple[str, ...]] = ()

    class Meta:
        row_attrs: ClassVar[dict[str, Any]] = {"data-id": lambda record: record.pk}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"data-list": self.list_name})
        # django-tables2 does not inherit `Meta`: a table that writes none still says which row is which.
        kwargs.setdefault("row_attrs", {**PortalTable.Meta.row_attrs, **self._meta.row_attrs})
        # The rows come in their order: the pages are cut in the database.
        super().__init__(*args, orderable=False, **kwargs)
        self.heads = [Head(column) for column in self.columns]
        # The rows that can be ticked; empty: the list has no column for it.
        self.tickable: set[Any] = set()

    def rows_as_html(self) -> SafeString:
        """The rows for the page; made here, because a template takes several times longer for each cell."""
        columns = [(column_cells(self, column), _opening(column)) for column in self.columns]
        attrs = RowAttributes(self)
        tick = self._tick() if self.tickable else None
        rows = []
        for number, record in enumerate(self.data):
            cells = "".join([f"{opening}{_shown(cell(record))}</td>" for cell, opening in columns])
            ticks = tick(record) if tick else ""
            rows.append(f'<tr role="row" {attrs.of(record, number)}>{ticks}{cells}</tr>\n')
        # Each part is escaped already.
        return SafeString("".join(rows))

    def _tick(self) -> Callable[[Any], str]:
        """From a record to the cell in which it can be ticked, empty for those that cannot."""
        label = escape(gettext("Tick this row"))

        def cell(record: Any) -> str:
            box = f'<input type="checkbox" name="row" value="{record.pk}" data-tick aria-label="{label}">'
            held = f"<label>{box}</label>" if record.pk in self.tickable else ""
            return f'<td role="cell" class="cell-select">{held}</td>'

        return cell

    def texts(self) -> Iterator[list[object]]:
        """The rows as a CSV wants them."""
        columns = [self._texts_of(column) for column in self.columns]
        for record in self.data:
            yield [text(record) for text in columns]

    def _texts_of(self, column: Any) -> Callable[[Any], object]:
        """From a record to the text of its cell in this column."""
        value: Callable[[Any], object] | None = getattr(self, f"value_{column.name}", None)
        if value is not None:
            return value
        cell_of = column_cells(self, column)

        def text(record: Any) -> object:
            cell = cell_of(record)
            return "" if cell == column.default else _words_of(cell)

        return text


def _words_of(cell: object) -> str:
    """What one reads in a cell, in one line."""
    if isinstance(cell, SafeString):
        cell = unescape(strip_tags(re.sub(r"<(?!/)", " <", cell)))
    return " ".join(str(cell).split())


def _opening(column: Any) -> SafeString:
    """The start of each cell of a column; on a phone the label stands beside what the cell holds."""
    attrs = column.attrs["td"].as_html()
    return format_html('<td role="cell" data-label="{}" {}>', column.header, attrs)


def _shown(cell: object) -> str:
    """As a template shows a value."""
    if isinstance(cell, str):
        return shown(cell)
    if isinstance(cell, datetime):
        cell = localtime(cell)
    return shown(str(localize(cell)))
