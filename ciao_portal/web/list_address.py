"""What the address of a list says: filters, order, columns and view, and the place in its pages.

`sort`, `columns` and `view` belong to how the list looks; `after`, `before` and `at` (a day) only say which
part of it one sees, so every change of the list drops them. The rest are filters.
"""

from collections.abc import Mapping
from uuid import UUID

from django.http import QueryDict

SORT, COLUMNS, VIEW = "sort", "columns", "view"
AFTER, BEFORE, AT = "after", "before", "at"
FORMAT = "format"
# Where in the list, or in which form: no part of what a list is.
PLACE = (AFTER, BEFORE, AT, FORMAT)
# "Neither my usual view nor any other": the list as it is by itself.
NO_VIEW = "none"


def link(query: QueryDict, changes: Mapping[str, str] | None = None, *, drop: tuple[str, ...] = ()) -> str:
    """The same list with something else in its address, back at its beginning."""
    changed = query.copy()
    for name in (*PLACE, *drop):
        changed.pop(name, None)
    for name, value in (changes or {}).items():
        changed[name] = value
    # Without any query the list would open in the person's usual view.
    return f"?{changed.urlencode() or f'{VIEW}={NO_VIEW}'}"


def kept(query: QueryDict) -> str:
    """What a saved view keeps: filters, order and columns, in a stable order, empty values left out."""
    parts = QueryDict(mutable=True)
    for name in sorted(query):
        values = [value for value in query.getlist(name) if value]
        if name == COLUMNS:
            values = [",".join(columns_in(query))]
        if any(values) and name not in (*PLACE, VIEW):
            parts.setlist(name, values)
    return parts.urlencode(safe=",")


def carried(query: QueryDict) -> list[tuple[str, str]]:
    """Everything but the place, as a plain form of its own has to carry it along."""
    return [
        (name, value) for name, values in query.lists() for value in values if value and name not in PLACE
    ]


def columns_in(query: QueryDict) -> list[str]:
    """The columns asked for; `columns=a,b` and `columns=a&columns=b` (a plain form) say the same."""
    return [name for value in query.getlist(COLUMNS) for name in value.split(",") if name]


def view_link(query: str, view: UUID) -> str:
    """A list as a saved view keeps it."""
    return f"?{query}&{VIEW}={view}" if query else f"?{VIEW}={view}"
