"""Connections to SQLite are kept from request to request, as long as nothing speaks against it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

# About a database of its own, the same beside every other.
pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "some.sqlite3"


@pytest.fixture
def database(file: Path) -> Iterator[BaseDatabaseWrapper]:
    """With a table of one row, as the first request leaves it."""
    kept = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    handler = ConnectionHandler({"default": {"ENGINE": "ciao_portal.sqlite", "NAME": str(file), **kept}})
    database = handler["default"]
    with database.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (number int)")
        cursor.execute("INSERT INTO kept VALUES (1)")
    database.close_if_unusable_or_obsolete()
    yield database
    database.close()


def ask(database: BaseDatabaseWrapper) -> list[tuple[int]]:
    """One request: what is in the table."""
    try:
        with database.cursor() as cursor:
            return list(cursor.execute("SELECT number FROM kept").fetchall())
    finally:
        database.close_if_unusable_or_obsolete()


def test_a_connection_is_kept(database: BaseDatabaseWrapper) -> None:
    before = database.connection

    assert ask(database) == ask(database) == [(1,)]
    assert database.connection is before


def test_another_file_under_the_name_is_noticed(database: BaseDatabaseWrapper, file: Path) -> None:
    file.rename(file.with_suffix(".away"))
    with pytest.raises(OperationalError, match="no such table"):
        ask(database)

    file.with_suffix(".away").replace(file)
    assert ask(database) == [(1,)]


def test_an_error_ends_the_connection(database: BaseDatabaseWrapper) -> None:
    before = database.connection
    with pytest.raises(OperationalError), database.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    database.close_if_unusable_or_obsolete()

    assert ask(database) == [(1,)]
    assert database.connection is not before
