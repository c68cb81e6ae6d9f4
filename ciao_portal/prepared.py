"""Queries whose SQL the ORM writes once.

For a small query the ORM spends several times longer on writing SQL than the database on answering it. A
path that runs thousands of times an hour builds its queryset once, with a `Given` wherever a value comes in;
every call only fills the values in. Rows, converters and related objects stay the ORM's::

    SAME_KEY = Prepared(lambda: Registration.objects.filter(client_key=Given("key", models.UUIDField())))

    with unscoped(reason="…"):
        known = SAME_KEY.first(key=key)

No company scope may be active, when the SQL is written nor later: it would become part of the SQL.
"""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

from ciao_portal.tenancy import demand_unscoped

if TYPE_CHECKING:
    from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")


class Given(models.Expression):
    """A value of this field's type that is known only when the query runs."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, Any]:
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class _Written:
    """A queryset, the compiler that wrote its SQL, and its parameters: a `Given` where a value is missing."""

    queryset: Any
    compiler: "SQLCompiler"
    sql: str
    parameters: tuple[Any, ...]


class Prepared(Generic[Row]):
    """A queryset that is built and turned into SQL at its first use, inside `unscoped(reason=…)`."""

    def __init__(self, build: Callable[[], "models.QuerySet[Any, Row]"]) -> None:
        self._build = build
        self._written: _Written | None = None

    def first(self, **values: Any) -> Row | None:
        """The first row; the queryset is sliced by whoever builds it."""
        return next(iter(self.all(**values)), None)

    def all(self, **values: Any) -> list[Row]:
        """All rows for these values, one for each `Given`.

        Raises ScopeError inside a company's scope or outside of any door.
        """
        demand_unscoped()
        written = self._written = self._written or _write(self._build())
        connection = connections[DEFAULT_DB_ALIAS]
        filled = tuple(
            one.output_field.get_db_prep_value(values[one.name], connection)
            if isinstance(one, Given)
            else one
            for one in written.parameters
        )
        # Copies: another thread may run the same query with other values.
        compiler: Any = copy(written.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda: (written.sql, filled)
        queryset: Any = written.queryset._chain()
        queryset.query.get_compiler = lambda using: compiler  # noqa: ARG005  # Django passes it by name
        return list(queryset)


def _write(queryset: "models.QuerySet[Any, Any]") -> _Written:
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    return _Written(queryset, compiler, sql, tuple(parameters))


def insert(row: models.Model) -> None:
    """Store a new row whose key is known or not needed: a number the database gives is not read back."""
    _insert(row, replacing=())


def upsert(row: models.Model, *, unique: Iterable[str]) -> None:
    """Store a row, in place of the one that has the same values in the `unique` columns if there is one."""
    _insert(row, replacing=tuple(unique))


def _insert(row: models.Model, *, replacing: tuple[str, ...]) -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    sql, fields = _insert_sql(type(row), replacing, connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    row._state.adding = False
    row._state.db = DEFAULT_DB_ALIAS


@cache
def _insert_sql(
    model: type[models.Model], replacing: tuple[str, ...], _vendor: str
) -> tuple[str, list["models.Field[Any, Any]"]]:
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
    return sql, fields
