"""Saving some columns of many rows at once, fast where the rows have them in common."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

# Up to so many different values a column is written by one UPDATE for each.
FEW_VALUES = 4
# So many rows in one statement: well below the number of parameters any database takes.
ROWS_AT_ONCE = 500


def save_columns(rows: Iterable[models.Model], columns: Iterable[str]) -> None:
    """Save these columns of the (locked) rows, all of one model. Call inside `atomic`.

    The same as `bulk_update`, which makes expressions of a case for each row and column: for a portion of 200
    rows that takes longer than everything else. Rows of a portion mostly get the same state, time and sender.
    """
    kept = list(rows)
    if not kept:
        return
    manager = type(kept[0])._default_manager
    known = {field.name: field for field in kept[0]._meta.concrete_fields}
    known |= {field.attname: field for field in known.values()}
    common: dict[str, Any] = {}
    various: list[models.Field[Any, Any]] = []
    for field in (known[column] for column in columns):
        name = field.attname
        groups = _by_value(kept, name, is_json=isinstance(field, models.JSONField))
        if len(groups) == 1:
            common[name] = getattr(kept[0], name)
        elif len(groups) <= FEW_VALUES:
            for some in groups:
                found = manager.filter(pk__in=[row.pk for row in some])
                found.update(**{name: getattr(some[0], name)})
        else:
            various.append(field)
    if common:
        manager.filter(pk__in=[row.pk for row in kept]).update(**common)
    if various:
        for start in range(0, len(kept), ROWS_AT_ONCE):
            _write_each(kept[start : start + ROWS_AT_ONCE], various)


def _write_each(rows: Sequence[models.Model], fields: Sequence["models.Field[Any, Any]"]) -> None:
    """Every row's own values in one statement. PostgreSQL and SQLite both name them column1, column2 …"""
    meta, quote = rows[0]._meta, connection.ops.quote_name
    pk = next(field for field in meta.concrete_fields if field.primary_key)
    names = [quote(str(field.column)) for field in (pk, *fields)]
    key, *sources = (
        f"CAST(new.column{place} AS {field.cast_db_type(connection)})"
        for place, field in enumerate((pk, *fields), start=1)
    )
    changes = ", ".join(f"{name} = {source}" for name, source in zip(names[1:], sources, strict=True))
    line = f"({', '.join(['%s'] * (1 + len(fields)))})"
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for row in rows
        for field in (pk, *fields)
    ]
    table = quote(meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {changes} FROM (VALUES {', '.join([line] * len(rows))}) AS new"  # noqa: S608  # names of ours only
            f" WHERE {table}.{names[0]} = {key}",
            values,
        )


def _by_value(rows: Sequence[models.Model], name: str, *, is_json: bool) -> list[list[models.Model]]:
    """The rows in groups with the same value; a JSON value counts by its text."""
    groups: dict[object, list[models.Model]] = defaultdict(list)
    for row in rows:
        value = getattr(row, name)
        groups[repr(value) if is_json else value].append(row)
    return list(groups.values())
