"""The base of every list's table."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any, ClassVar

import django_tables2
from django.utils.html import strip_tags
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head; `sort_url` and `aria_sort` are empty where the column does not sort."""

    column: Any
    sort_url: str = ""
    aria_sort: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the page shows it; each cell is (name of its column, its attributes, what it holds)."""

    key: Any
    attrs: SafeString
    cells: list[tuple[object, SafeString, object]]


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

    def lines(self) -> Iterator[Line]:
        """The rows for the page; a column's attributes are made once, not for each cell."""
        columns = [(column.name, column.header, column.attrs["td"].as_html()) for column in self.columns]
        for row in self.rows:
            yield Line(
                key=row.record.pk,
                attrs=row.attrs.as_html(),
                cells=[(label, attrs, row.get_cell(name)) for name, label, attrs in columns],
            )

    def texts(self) -> Iterator[list[object]]:
        """The rows as a CSV wants them."""
        for row in self.rows:
            yield [self._text(row, column) for column in self.columns]

    def _text(self, row: Any, column: Any) -> object:
        value = getattr(self, f"value_{column.name}", None)
        if value is not None:
            return value(row.record)
        cell = row.get_cell(column.name)
        return "" if cell == column.default else _words_of(cell)


def _words_of(cell: object) -> str:
    """What one reads in a cell, in one line."""
    if isinstance(cell, SafeString):
        cell = unescape(strip_tags(re.sub(r"<(?!/)", " <", cell)))
    return " ".join(str(cell).split())
