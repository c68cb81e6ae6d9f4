"""Pages of a list by key instead of by number.

A page starts beyond the last row of the page before (`WHERE (happened_at, id) < (…, …)`), so the thousandth
page costs what the first one costs, and nothing is counted. The rows may come from several querysets
("sources"), each with an index in the list's order: an OR over columns could use none of them.

All keys of an ordering run in one direction and the last one is the primary key, so no two rows are equal.
Missing values stand last in both directions. Several sources are merged in Python: order them by moments,
days and numbers only, because texts are compared by the rules of the database.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import islice
from operator import attrgetter, or_
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import connections
from django.db.models import DateField, DateTimeField, F, Field, Q, QuerySet, UUIDField
from django.db.models.constants import LOOKUP_SEP

from ciao_portal.days import day_bounds

# Rows of a list; no more than these can be ticked.
PAGE_SIZE = 40

Rows = QuerySet[Any]
# The values of one row's keys, in the order of the keys.
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A column of an ordering; `column` may follow relations or name an annotation without missing values."""

    column: str
    field: "Field[Any, Any]"
    is_annotation: bool = False

    @property
    def nullable(self) -> bool:
        return bool(self.field.null) and not self.is_annotation


@dataclass(frozen=True, slots=True)
class Ordering:
    """`name` is what stands in the address: `happened_at`, or `-happened_at` for the last ones first."""

    name: str
    keys: tuple[Key, ...]

    @property
    def descending(self) -> bool:
        return self.name.startswith("-")

    def values_of(self, row: Any) -> Values:
        return tuple(attrgetter(key.column.replace(LOOKUP_SEP, "."))(row) for key in self.keys)

    def expressions(self, *, backwards: bool) -> list[Any]:
        """What `order_by` takes, in the list's direction or backwards."""
        return [
            _expression(key, descending=self.descending != backwards, nulls_first=backwards)
            for key in self.keys
        ]


def ordering_by(rows: Rows, name: str, columns: Sequence[str]) -> Ordering:
    """An ordering of these rows by their columns and, always, by their primary key."""
    unique = [column for column in columns if column != rows.model._meta.pk.name]
    return Ordering(name, tuple(_key(rows, column) for column in [*unique, rows.model._meta.pk.name]))


def own_ordering(rows: Rows) -> Ordering:
    """The order the model has by itself; its columns must all run in one direction."""
    names = [str(name) for name in rows.model._meta.ordering or ()]
    if len({name.startswith("-") for name in names}) != 1:
        raise ValueError(f"{rows.model.__name__} has no order in one direction; its table declares one.")
    return ordering_by(rows, names[0], [name.removeprefix("-") for name in names])


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page starts: beyond the row with these values, which need not exist."""

    values: Values
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the list's order; `before` and `after` are the values to go on from, None at an end."""

    rows: list[Any]
    before: Values | None = None
    after: Values | None = None


@dataclass(frozen=True, slots=True)
class Pager:
    """Cuts pages out of the sources.

    Rows of a single source are read directly. With `load` only keys are sorted, which is much cheaper, and
    those of a page are loaded by it, in any order, with all they show; several sources need it.
    """

    sources: Sequence[Rows]
    ordering: Ordering
    load: Callable[[list[UUID]], Iterable[Any]] | None = None

    def page(self, position: Position | None, *, size: int) -> Page:
        if position is not None and position.backwards:
            rows = self._beyond(position, size + 1)
            if len(rows) > size:
                rows = rows[:size][::-1]
                return Page(rows, self.ordering.values_of(rows[0]), self.ordering.values_of(rows[-1]))
            # Fewer rows than a page lie before: that is the first page, shown in full.
            position = None
        rows = self._beyond(position, size + 1)
        shown = rows[:size]
        return Page(
            shown,
            self.ordering.values_of(shown[0]) if shown and position else None,
            self.ordering.values_of(shown[-1]) if len(rows) > size else None,
        )

    def blocks(self, *, size: int) -> Iterator[list[Any]]:
        """Everything, in the list's order, some rows at a time."""
        position = None
        while rows := self._beyond(position, size):
            yield rows
            position = Position(self.ordering.values_of(rows[-1]))

    def is_longer_than(self, count: int) -> bool:
        """Whether there are more rows than this; reads no more than that of each source."""
        keys = [source.order_by().values_list("pk")[: count + 1] for source in self._asked()]
        return len(_merged(keys)) > count

    def _asked(self) -> list[Rows]:
        return [source for source in self.sources if not source.query.is_empty()]

    def _beyond(self, position: Position | None, count: int) -> list[Any]:
        """The next rows in the direction of the position, the nearest first."""
        backwards = position is not None and position.backwards
        order = self.ordering.expressions(backwards=backwards)
        condition = _condition(self.ordering, position) if position else Q()
        sources = [source.filter(condition).order_by(*order) for source in self._asked()]
        if self.load is None:
            return list(sources[0][:count]) if sources else []
        columns = [key.column for key in self.ordering.keys]
        keys = _merged([source.values_list(*columns)[:count] for source in sources])
        nearest = islice(sorted(keys, key=self._rank, reverse=self.ordering.descending != backwards), count)
        wanted = [values[-1] for values in nearest]
        loaded = {row.pk: row for row in self.load(wanted)} if wanted else {}
        return [loaded[pk] for pk in wanted if pk in loaded]

    def _rank(self, values: Values) -> list[tuple[bool, Any]]:
        """Python's comparison in the list's direction, with missing values last."""
        return [
            ((value is None) != self.ordering.descending, "" if value is None else value) for value in values
        ]


def _merged(sources: list[Rows]) -> set[Values]:
    """The keys of all sources, each row once, in one query: each source is cut by itself."""
    if len(sources) < 2:
        return {values for source in sources for values in source}
    if connections[sources[0].db].features.supports_slicing_ordering_in_compound:
        first, *others = sources
        return set(first.union(*others, all=True))
    # SQLite cuts no part of a union, but what stands behind IN.
    among = reduce(or_, [Q(pk__in=source.values("pk")) for source in sources])
    whole: Rows = QuerySet(sources[0].model).filter(among).order_by()
    return set(whole.values_list(*sources[0].query.values_select))


def _key(rows: Rows, column: str) -> Key:
    if annotation := rows.query.annotations.get(column):
        return Key(column, annotation.output_field, is_annotation=True)
    model: Any = rows.model
    *relations, name = column.split(LOOKUP_SEP)
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    return Key(column, model._meta.get_field(name))


def _expression(key: Key, *, descending: bool, nulls_first: bool) -> Any:
    if not key.nullable:
        # Plain, so that an index in this order (or read backwards) serves it.
        return f"-{key.column}" if descending else key.column
    nulls = {"nulls_first": True} if nulls_first else {"nulls_last": True}
    return F(key.column).desc(**nulls) if descending else F(key.column).asc(**nulls)


def _condition(ordering: Ordering, position: Position) -> Q:
    comparison = "lt" if ordering.descending != position.backwards else "gt"
    beyond = Q(pk__in=())
    for key, value in reversed(list(zip(ordering.keys, position.values, strict=True))):
        if key.nullable:
            beyond = _strictly(key, value, comparison, position.backwards) | (_equal(key, value) & beyond)
        else:
            # Not as an OR: so the index starts at the right place, and the planner guesses the rows rightly.
            beyond = Q((f"{key.column}__{comparison}e", value)) & ~(_equal(key, value) & ~beyond)
    return beyond


def _strictly(key: Key, value: Any, comparison: str, backwards: bool) -> Q:
    if value is None:
        return Q((f"{key.column}__isnull", False)) if backwards else Q(pk__in=())
    further = Q((f"{key.column}__{comparison}", value))
    return further | Q((f"{key.column}__isnull", True)) if key.nullable and not backwards else further


def _equal(key: Key, value: Any) -> Q:
    return Q((f"{key.column}__isnull", True)) if value is None else Q((key.column, value))


def write_cursor(list_name: str, ordering: Ordering, values: Values) -> str:
    """A place in one list and order, signed: only what we wrote ourselves is ever read back."""
    return _signer(list_name).sign_object([ordering.name, *map(_plain, values)])


def read_cursor(list_name: str, ordering: Ordering, cursor: str) -> Values | None:
    """The values, or None for anything that is not a cursor of this list in this order."""
    try:
        name, *plain = _signer(list_name).unsign_object(cursor)
        if name != ordering.name or len(plain) != len(ordering.keys):
            return None
        return tuple(key.field.to_python(value) for key, value in zip(ordering.keys, plain, strict=True))
    except (BadSignature, ValidationError, ValueError, TypeError):
        return None


def start_of_day(ordering: Ordering, day: date) -> Position | None:
    """Where this Brussels day begins in a list in order of time; None beyond the calendar."""
    moment, pk = ordering.keys
    smallest: Any = UUID(int=0) if isinstance(pk.field, UUIDField) else 0
    try:
        if isinstance(moment.field, DateTimeField):
            start, end = day_bounds(day)
            return Position((end if ordering.descending else start, smallest))
        return Position((day + timedelta(days=1) if ordering.descending else day, smallest))
    except OverflowError:
        return None


def is_in_time(ordering: Ordering) -> bool:
    """Whether one can jump to a day in this order."""
    return len(ordering.keys) == 2 and isinstance(ordering.keys[0].field, DateField)


def _signer(list_name: str) -> Signer:
    return Signer(salt=f"ciao_portal.web.keyset:{list_name}")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
