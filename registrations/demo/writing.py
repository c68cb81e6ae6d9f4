"""Writes many rows straight into tables: COPY on PostgreSQL, one prepared INSERT on SQLite.

For the synthetic load of `scale` alone. It passes by the services, so whoever uses it answers for what they
would have done: flags, presences, seal leaves, the trail of deeds.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

Row = Sequence[Any]
# A line of COPY, or the parameters of an INSERT.
Prepared = Any

# Rows of one COPY message: large enough for the network, small enough to stay out of the way.
MESSAGE_ROWS = 500
SQLITE_CACHE_KIB = 256 * 1024


class TableWriter:
    """Writes rows into one table. Values in order of `columns`: UUIDs, aware moments, days, texts, numbers,
    bytes, None, and lists or dicts for JSON.
    """

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        """Raises ValueError when the table has a column that would stay empty."""
        fields = {field.attname: field for field in model._meta.concrete_fields}
        given_by_database = {name for name, field in fields.items() if isinstance(field, models.AutoField)}
        if missing := set(fields) - set(columns) - given_by_database:
            raise ValueError(f"{model._meta.label} has columns that nobody fills: {sorted(missing)}")
        self._is_copy = connection.vendor == "postgresql"
        self._table = connection.ops.quote_name(model._meta.db_table)
        self._columns = ", ".join(connection.ops.quote_name(str(fields[name].column)) for name in columns)
        self._marks = ", ".join(["%s"] * len(columns))

    def prepared(self, rows: Iterable[Row]) -> list[Prepared]:
        """The rows in the form in which they travel; touches no database."""
        if self._is_copy:
            return [_line(row) for row in rows]
        return [[_SQLITE[type(value)](value) for value in row] for row in rows]

    def write(self, rows: Sequence[Prepared]) -> None:
        """Write prepared rows; on an error none of them stays, when it runs inside a transaction."""
        with connection.cursor() as cursor:
            if self._is_copy:
                with cursor.copy(f"COPY {self._table} ({self._columns}) FROM STDIN") as copy:
                    for start in range(0, len(rows), MESSAGE_ROWS):
                        copy.write("".join(rows[start : start + MESSAGE_ROWS]))
            else:
                insert = f"INSERT INTO {self._table} ({self._columns}) VALUES ({self._marks})"  # noqa: S608
                cursor.executemany(insert, rows)

    def put(self, rows: Iterable[Row]) -> None:
        """Prepare and write."""
        self.write(self.prepared(rows))


def _line(row: Row) -> str:
    return "\t".join([_COPY[type(value)](value) for value in row]) + "\n"


def _as_it_is(value: Any) -> Any:
    return value


def _naive_utc(moment: datetime) -> str:
    """As Django writes a moment into SQLite."""
    return str(moment.astimezone(UTC).replace(tzinfo=None))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _json(value: Any) -> str:
    # Most are empty, and the encoder takes its time for that too.
    return json.dumps(value) if value else "[]" if type(value) is list else "{}"


def _escaped_json(value: Any) -> str:
    return _escaped(_json(value))


_SQLITE: dict[type, Callable[[Any], Any]] = {
    UUID: lambda value: value.hex,
    datetime: _naive_utc,
    date: date.isoformat,
    list: _json,
    dict: _json,
    **dict.fromkeys((str, int, bool, bytes, type(None)), _as_it_is),
}
_COPY: dict[type, Callable[[Any], str]] = {
    UUID: str,
    datetime: datetime.isoformat,
    date: date.isoformat,
    list: _escaped_json,
    dict: _escaped_json,
    str: _escaped,
    int: str,
    bool: str,
    bytes: lambda value: f"\\\\x{value.hex()}",
    type(None): lambda _value: "\\N",
}


@contextmanager
def room_for_indexes() -> Iterator[None]:
    """SQLite keeps 2 MB of pages by default; the indexes of large tables are then read again and again."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size = -{SQLITE_CACHE_KIB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")


def analyse() -> None:
    """Let the database look at what it holds now, so that it plans its queries by it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
