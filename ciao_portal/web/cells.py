"""The cells of django-tables2 without its price: what is the same for a whole column is found out once.

The library asks for the signature of a render function, for the choices of a field and for the accessor at
every single cell, which is half of the time of a page. What a cell holds stays what the library would give.
"""

from collections.abc import Callable
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django_tables2.utils import A, signature

CellOf = Callable[[Any], object]


def column_cells(table: Any, bound: Any) -> CellOf:
    """From a record to what its cell in this column holds."""
    render, link, empty = bound.render, bound.link, bound.column.empty_values
    wanted, _rest = signature(render)
    if wanted == ("record",) and not empty and not link:
        return lambda record: render(record=record)
    value_of = _values(table, bound, in_words="value" in wanted)

    def cell(record: Any) -> object:
        value = value_of(record)
        if value in empty:
            return bound.default
        given = {"value": value, "record": record, "table": table, "bound_column": bound}
        content = render(**{name: given[name] for name in wanted})
        return link(content, **given) if link else content

    return cell


def _values(table: Any, bound: Any, *, in_words: bool) -> CellOf:
    """From a record to the value of this column; `in_words`: as its choices call it, where it has some."""
    accessor = A(bound.accessor)
    *relations, name = accessor.bits
    field = accessor.get_field(next(iter(table.data), None))
    if in_words and not relations and field is not None and getattr(field, "choices", None):
        return lambda record: getattr(record, f"get_{name}_display")()
    return lambda record: accessor.resolve(record, quiet=True)


class RowAttributes:
    """The attributes of each row's element: those of the table, and the class that tells odd from even."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self._attrs = [
            (name, value, signature(value)[0] if callable(value) else ())
            for name, value in table.row_attrs.items()
        ]

    def of(self, record: Any, number: int) -> SafeString:
        """`number` counts the rows from 0."""
        given = {"record": record, "table": self._table}
        pairs = [
            (name, value(**{key: given[key] for key in wanted}) if callable(value) else value)
            for name, value, wanted in self._attrs
        ]
        return format_html_join(" ", '{}="{}"', [*pairs, ("class", "odd" if number % 2 else "even")])
