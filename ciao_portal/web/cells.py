"""The cells of django-tables2 without its price: what is the same for a whole column is found out once.

The library asks for the signature of a render function, for the choices of a field and for the accessor at
every single cell, which is half of the time of a page. What a cell holds stays what the library would give.

A render function that takes nothing but `value` is asked once for each value of a page: prefer it.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from html import escape
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django_tables2.utils import A, signature

CellOf = Callable[[Any], object]
Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Once(dict[Key, Made]):
    """What is made once for each key, for a page on which the same few come again and again."""

    def __init__(self, make: Callable[[Key], Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Key) -> Made:
        made = self[key] = self._make(key)
        return made


def column_cells(table: Any, bound: Any) -> CellOf:
    """From a record to what its cell in this column holds."""
    render, link, empty = bound.render, bound.link, bound.column.empty_values
    wanted = _arguments(render)
    if wanted == ("record",) and not empty and not link:
        return lambda record: render(record=record)
    value_of = _values(table, bound, in_words="value" in wanted)
    if wanted == ("value",) and not link:
        render = _asked_once(render)

    def cell(record: Any) -> object:
        value = value_of(record)
        if value in empty:
            return bound.default
        if wanted == ("value",) and not link:
            return render(value=value)
        if wanted == ("record",) and not link:
            return render(record=record)
        given = {"value": value, "record": record, "table": table, "bound_column": bound}
        content = render(**{name: given[name] for name in wanted})
        return link(content, **given) if link else content

    return cell


def _arguments(function: Any) -> tuple[str, ...]:
    """The names of its arguments, without `self`."""
    return _arguments_of(getattr(function, "__func__", function))


@lru_cache(maxsize=512)
def _arguments_of(function: Any) -> tuple[str, ...]:
    names, _rest = signature(function)
    return tuple(name for name in names if name != "self")


def _asked_once(render: Callable[..., object]) -> Callable[..., object]:
    """The same function, which is asked once for each value; values that cannot be keys are asked always."""
    known: Once[Any, object] = Once(lambda value: render(value=value))

    def asked(*, value: Any) -> object:
        try:
            hash(value)
        except TypeError:
            return render(value=value)
        return known[value]

    return asked


def _values(table: Any, bound: Any, *, in_words: bool) -> CellOf:
    """From a record to the value of this column; `in_words`: as its choices call it, where it has some."""
    accessor = A(bound.accessor)
    *relations, name = bits = accessor.bits
    first = next(iter(table.data), None)
    if not isinstance(first, Model):
        return lambda record: accessor.resolve(record, quiet=True)
    field = accessor.get_field(first)
    if in_words and not relations and field is not None and getattr(field, "choices", None):
        words = {key: str(label) for key, label in field.flatchoices}
        return lambda record: words.get(getattr(record, name), getattr(record, name))

    def value(record: Any) -> object:
        for bit in bits:
            try:
                record = getattr(record, bit)
            except (AttributeError, ObjectDoesNotExist):
                return None
            if callable(record):
                record = record()
        return record

    return value


class RowAttributes:
    """The attributes of each row's element: those of the table, and the class that tells odd from even."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self._attrs = [
            (name, value, _arguments(value) if callable(value) else ())
            for name, value in table.row_attrs.items()
        ]

    def of(self, record: Any, number: int) -> SafeString:
        """`number` counts the rows from 0."""
        given = {"record": record, "table": self._table}
        pairs = [
            (name, value(**{key: given[key] for key in wanted}) if callable(value) else value)
            for name, value, wanted in self._attrs
        ]
        attrs = [f'{name}="{shown(str(value))}" ' for name, value in pairs]
        return SafeString(f'{"".join(attrs)}class="{"odd" if number % 2 else "even"}"')


def shown(words: Any) -> str:
    """Escaped unless it is HTML already; Django's own way costs several times as much for plain words."""
    return escape(words) if type(words) is str else conditional_escape(words)
