"""Expressions by which the database hands over plain text and numbers.

Making a UUID or a moment of every value read costs several times as much as reading the row.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Func, TextField

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def moment_of(microseconds: int) -> datetime:
    """The moment so many microseconds after 1970 began in UTC."""
    return _EPOCH + microseconds * _MICROSECOND


def microseconds_of(moment: datetime) -> int:
    """What `Microseconds` makes of an aware moment."""
    return (moment - _EPOCH) // _MICROSECOND


class UuidText(Func):
    """A UUID in its usual form of 36 characters; NULL stays NULL."""

    output_field = TextField()
    arity = 1
    template = "CAST(%(expressions)s AS text)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Kept there as 32 digits without hyphens.
        parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        template = " || '-' || ".join(f"substr(%(expressions)s, {at}, {size})" for at, size in parts)
        return self.as_sql(compiler, connection, template=f"({template})", **context)


class Microseconds(Func):
    """A moment as whole microseconds since 1970 in UTC."""

    output_field = BigIntegerField()
    arity = 1
    template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) * 1000000 AS bigint)"

    def get_db_converters(self, _connection: Any) -> list[Any]:
        # Both databases give an integer: nothing to make of it, value by value.
        return []

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Kept there as UTC text; the microseconds are left out when they are nought.
        template = (
            "(CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS integer) * 1000000"
            " + CAST(substr(%(expressions)s, 21) AS integer))"
        )
        return self.as_sql(compiler, connection, template=template, **context)
