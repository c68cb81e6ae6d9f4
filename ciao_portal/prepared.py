"""Queries whose SQL the ORM writes once.

For a small query the ORM spends several times longer on writing SQL than the database on answering it. A
path that runs thousands of times an hour builds its queryset once, with a `Given` wherever a value comes in;
every call only fills the values in. Rows, converters and related objects stay the ORM's::

    SAME_KEY = Prepared(lambda: Registration.objects.filter(client_key=Given("key", models.UUIDField())))

    with unscoped(reason="…"):
        known = SAME_KEY.first(key=key)

No company scope may be active, when the SQL is written nor later: it would become part of the SQL.
"""

import json
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, models
from django.db.backends.utils import CursorWrapper
from django.db.models.constants import OnConflict
from django.db.models.query import ValuesListIterable, get_related_populators
from django.db.models.sql import InsertQuery
from psycopg import RawCursor
from psycopg.sql import Literal

from ciao_portal.tenancy import demand_unscoped

if TYPE_CHECKING:
    from ciao_portal.models import Company

Row = TypeVar("Row")
Other = TypeVar("Other")


class Given(models.Expression):
    """A value of this field's type that is known only when the query runs.

    A day or moment may be moved by a `timedelta`, as in `NOW - LONGEST_PRESENCE`.
    """

    def __init__(self, name: str, field: "models.Field[Any, Any]", moved: timedelta = timedelta(0)) -> None:
        super().__init__(output_field=field)
        self.name = name
        self.moved = moved

    def __add__(self, other: Any) -> Any:
        return self._moved(other) if isinstance(other, timedelta) else super().__add__(other)

    def __sub__(self, other: Any) -> Any:
        return self._moved(-other) if isinstance(other, timedelta) else super().__sub__(other)

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def filled(self, values: dict[str, Any], connection: Any) -> Any:
        """What the driver is given in its place."""
        value = values[self.name]
        return self.output_field.get_db_prep_value(value + self.moved if self.moved else value, connection)

    def _moved(self, by: timedelta) -> "Given":
        return Given(self.name, self.output_field, self.moved + by)


class GivenKeys(Given):
    """Any number of UUIDs that are known only when the query runs, as in `filter(Among("pk", KEYS))`."""

    def __init__(self, name: str) -> None:
        super().__init__(name, models.UUIDField())

    def filled(self, values: dict[str, Any], connection: Any) -> Any:
        return _one_parameter(values[self.name], connection)


class Among(models.Func):
    """Whether a column holds one of these UUIDs, which travel as one parameter.

    With `__in` the ORM prepares each of them, and beyond some hundred a subquery in their place makes
    PostgreSQL compare each row with each of them; an array it hashes. Nor is an array one more table to join:
    beyond eight of them PostgreSQL reads whole tables before it comes to the keys.
    """

    def __init__(self, column: str, keys: Iterable[UUID] | GivenKeys) -> None:
        super().__init__(models.F(column), output_field=models.BooleanField())
        self._keys: Any = keys if isinstance(keys, GivenKeys) else tuple(keys)

    def as_sql(self, compiler: Any, connection: Any, *_args: Any, **_context: Any) -> tuple[str, Any]:
        (column,) = self.get_source_expressions()
        sql, parameters = compiler.compile(column)
        is_given = isinstance(self._keys, GivenKeys)
        keys = self._keys if is_given else _one_parameter(self._keys, connection)
        if connection.vendor == "postgresql":
            return f"{sql} = ANY(%s::uuid[])", (*parameters, keys)
        unfolded = "(SELECT value FROM json_each(%s))"
        return f"{sql} IN {unfolded}", (*parameters, keys)


def _one_parameter(keys: Iterable[UUID], connection: Any) -> Any:
    """An array for PostgreSQL, its text for SQLite."""
    field: models.UUIDField[Any, Any] = models.UUIDField()
    values = [field.get_db_prep_value(key, connection) for key in keys]
    return values if connection.vendor == "postgresql" else json.dumps(values)


def totals(rows: "models.QuerySet[Any, Any]", **counts: models.Aggregate) -> "models.QuerySet[Any, Any]":
    """What `aggregate` would answer, in the order of `counts`, as a queryset with one row."""
    counted: models.QuerySet[Any, Any] = rows.order_by().values(all_rows=models.Value(1)).annotate(**counts)
    return counted.values_list(*counts)


# The places that most queries have: whose page it is (the company's key), about whom, and when it is.
VIEWER = Given("viewer", models.UUIDField())
PERSON = Given("person", models.UUIDField())
TODAY = Given("today", models.DateField())
NOW = Given("now", models.DateTimeField())
# Several rows that are known already.
KEYS = GivenKeys("keys")
# What the builders of such querysets take: the value itself, or its place.
Viewer: TypeAlias = "Company | Given"
Day: TypeAlias = date | Given
Moment: TypeAlias = datetime | Given


@dataclass(frozen=True, slots=True)
class _Written(Generic[Row]):
    """A queryset's SQL, its parameters (a `Given` where a value is missing), and how its rows are made."""

    compiler: Any
    # With `%s` in the place of each parameter.
    sql: str
    parameters: tuple[Any, ...]
    converters: dict[int, Any]
    make: Callable[[Iterable[Any]], list[Row]]

    @property
    def width(self) -> int:
        """How many columns a row has."""
        return len(self.compiler.select)

    def made(self, rows: Iterable[Any]) -> list[Row]:
        """What these rows of the database stand for."""
        if self.converters:
            # A copy: converters are given the connection, and another thread has one of its own.
            compiler = copy(self.compiler)
            compiler.connection = connections[DEFAULT_DB_ALIAS]
            rows = compiler.apply_converters(rows, self.converters)
        return self.make(rows)


class Prepared(Generic[Row]):
    """A queryset that is built and turned into SQL at its first use, inside `unscoped(reason=…)`.

    It makes models (with `select_related` and annotations) or the tuples of `values_list`.
    """

    def __init__(self, build: Callable[[], "models.QuerySet[Any, Row]"]) -> None:
        self._build = build

    @cached_property
    def written(self) -> _Written[Row]:
        """Its SQL; asked for inside `unscoped(reason=…)`."""
        return _write(self._build())

    def first(self, **values: Any) -> Row | None:
        """The first row; the queryset is sliced by whoever builds it."""
        return next(iter(self.all(**values)), None)

    def all(self, **values: Any) -> list[Row]:
        """All rows for these values, one for each `Given`.

        Raises ScopeError inside a company's scope or outside of any door.
        """
        demand_unscoped()
        return self.written.made(_asked(self._text, self.written.parameters, values))

    @cached_property
    def _text(self) -> str:
        return _numbered(self.written.sql)


class Pair(Generic[Row, Other]):
    """Two queries for one row of models each that are asked at once: they share the way to the database.

    Values of the same name go to both.
    """

    def __init__(self, one: Prepared[Row], other: Prepared[Other]) -> None:
        self._one, self._other = one, other

    def first(self, **values: Any) -> tuple[Row | None, Other | None]:
        """A row of each, or None. Raises ScopeError as `Prepared.all` does."""
        demand_unscoped()
        one, other = self._one.written, self._other.written
        row = _asked(self._text, (*one.parameters, *other.parameters), values)[0]
        return _there(one, row[: one.width]), _there(other, row[one.width :])

    @cached_property
    def _text(self) -> str:
        one, other = self._one.written.sql, self._other.written.sql
        sides = f"LEFT JOIN ({one}) AS side_1 ON TRUE LEFT JOIN ({other}) AS side_2 ON TRUE"
        return _numbered(f"SELECT side_1.*, side_2.* FROM (SELECT 1) AS start {sides}")  # noqa: S608 - written by the ORM


def _there(written: _Written[Row], row: Any) -> Row | None:
    """Where nothing was found, every column is empty; a row of a model has at least its key."""
    return written.made([row])[0] if any(value is not None for value in row) else None


def _asked(text: str, parameters: Iterable[Any], values: dict[str, Any]) -> list[Any]:
    connection = connections[DEFAULT_DB_ALIAS]
    filled = [one.filled(values, connection) if isinstance(one, Given) else one for one in parameters]
    with _preparing(connection).cursor() as cursor:
        cursor.execute(text, filled)
        return cast(list[Any], cursor.fetchall())


def _write(queryset: "models.QuerySet[Any, Row]") -> _Written[Row]:
    compiler: Any = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
    makes_tuples = cast(Any, queryset)._iterable_class is ValuesListIterable
    make = _tuples if makes_tuples else _models_maker(compiler)
    sql, parameters = _with_constants(sql, parameters)
    return _Written(compiler, sql, parameters, converters, make)


def _with_constants(sql: str, parameters: Any) -> tuple[str, tuple[Any, ...]]:
    """PostgreSQL's SQL with everything in its text that is not given at each call.

    Once it keeps a plan for whatever values may come, it uses a partial index only where the text itself
    says that its condition holds.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        return sql, tuple(parameters)
    first, *rest = sql.split("%s")
    connection.ensure_connection()
    places = [
        "%s" if isinstance(one, Given) else Literal(one).as_string(connection.connection).replace("%", "%%")
        for one in parameters
    ]
    text = first + "".join(f"{place}{part}" for place, part in zip(places, rest, strict=True))
    return text, tuple(one for one in parameters if isinstance(one, Given))


def _tuples(rows: Iterable[Any]) -> list[Any]:
    return [tuple(row) for row in rows]


def _models_maker(compiler: Any) -> Callable[[Iterable[Any]], list[Any]]:
    """What turns rows into models with their related objects and annotations, made once for the query."""
    info = compiler.klass_info
    model, first, end = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:end]]
    populators: Any = get_related_populators
    related = populators(info, compiler.select, DEFAULT_DB_ALIAS)
    annotations = compiler.annotation_col_map or {}

    def make(rows: Iterable[Any]) -> list[Any]:
        known: dict[Any, models.Model] = {}
        made = []
        for row in rows:
            one = model.from_db(DEFAULT_DB_ALIAS, names, row[first:end])
            for populator in related:
                _relate(one, populator, row, known)
            for name, position in annotations.items():
                setattr(one, name, row[position])
            made.append(one)
        return made

    return make


def _relate(owner: models.Model, populator: Any, row: Any, known: dict[Any, models.Model]) -> None:
    """As Django's populator does, but rows share a related object: a page names few firms, and often.

    `known` has those of the rows before, by populator and key.
    """
    values = row[populator.cols_start : populator.cols_end]
    key = populator, values[populator.pk_idx]
    related = known.get(key)
    if related is None and key[1] is not None:
        related = known[key] = populator.model_cls.from_db(DEFAULT_DB_ALIAS, populator.init_list, values)
        for further in populator.related_populators:
            _relate(related, further, row, known)
    populator.local_setter(owner, related)
    if related is not None:
        populator.remote_setter(related, owner)


def _numbered(sql: str) -> str:
    """The places of the values as PostgreSQL itself numbers them, so that the driver has nothing to parse."""
    if connections[DEFAULT_DB_ALIAS].vendor != "postgresql":
        return sql
    first, *rest = sql.split("%s")
    parts = [first, *(f"${number}{part}" for number, part in enumerate(rest, start=1))]
    return "".join(parts).replace("%%", "%")


@dataclass(frozen=True, slots=True)
class Upsert:
    """A row that takes the place of the one with the same values in the `unique` columns, if there is one."""

    row: models.Model
    unique: tuple[str, ...]


def store(*rows: models.Model | Upsert) -> None:
    """Store new rows whose keys are known or not needed: a number the database gives is not read back.

    PostgreSQL takes all of them in one statement; they may point at one another, since foreign keys are
    checked at the end of the transaction. SQLite takes them one after the other.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    shapes = tuple(
        (type(one.row), one.unique) if isinstance(one, Upsert) else (type(one), ()) for one in rows
    )
    plain = [one.row if isinstance(one, Upsert) else one for one in rows]
    for statement in _statements(shapes, connection.vendor):
        values = [
            field.get_db_prep_save(field.pre_save(plain[number], add=True), connection)
            for number, field in statement.fields
        ]
        with _preparing(connection).cursor() as cursor:
            cursor.execute(statement.sql, values)
    for row in plain:
        row._state.adding = False
        row._state.db = DEFAULT_DB_ALIAS


Shape = tuple[type[models.Model], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL that stores some rows; of each value the number of its row and the field."""

    sql: str
    fields: tuple[tuple[int, "models.Field[Any, Any]"], ...]


@cache
def _statements(shapes: tuple[Shape, ...], vendor: str) -> list[_Statement]:
    single = [_insert_of(number, shape) for number, shape in enumerate(shapes)]
    if vendor != "postgresql":
        return single
    *before, last = single
    parts = ", ".join(f"row_{number} AS ({one.sql})" for number, one in enumerate(before))
    fields = tuple(field for one in single for field in one.fields)
    return [_Statement(_numbered(f"WITH {parts} {last.sql}" if before else last.sql), fields)]


def _insert_of(number: int, shape: Shape) -> _Statement:
    model, replacing = shape
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    unique = [model._meta.get_field(name) for name in replacing]
    query = InsertQuery(
        model,
        on_conflict=OnConflict.UPDATE if unique else None,
        update_fields=[field for field in fields if field not in unique] if unique else None,
        unique_fields=unique,
    )
    # Any row will do: of the values only the number of places counts.
    query.insert_values(fields, [model()])
    ((sql, _values),) = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return _Statement(sql, tuple((number, field) for field in fields))


class _Preparing:
    """A connection to PostgreSQL whose cursors leave the values to the server.

    The server then keeps the plan of a statement that comes again and again (`prepare_threshold` in the
    settings). Everywhere else Django writes the values into the text, so that nothing is kept.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def cursor(self) -> CursorWrapper:
        self._connection.ensure_connection()
        return _Cursor(RawCursor(self._connection.connection), self._connection)


class _Cursor(CursorWrapper):
    """Its first statement in a request is the look whether the server is still there, so none is needed.

    Django would ask for nothing but that, once in every request.
    """

    def execute(self, sql: Any, params: Any = None) -> Any:
        try:
            result = super().execute(sql, params)
        except OperationalError:
            if self.db.in_atomic_block or self.db.is_usable():
                raise
            # The server was restarted since the last request, and nothing was done in this one: ask anew.
            self.db.close()
            self.db.ensure_connection()
            self.cursor = RawCursor(self.db.connection)
            result = super().execute(sql, params)
        self.db.health_check_done = True
        if self.db.queries_logged:
            # As Django's own cursors do while somebody counts.
            self.db.queries_log.append({"sql": sql, "time": ""})
        return result


def _preparing(connection: Any) -> Any:
    return _Preparing(connection) if connection.vendor == "postgresql" else connection
