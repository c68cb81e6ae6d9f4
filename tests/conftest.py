"""Databases for the tests, and what every test file may rely on.

Each run (and each of its parallel workers) has a database file or a PostgreSQL database of its own. A test
that commits (`transaction=True`, `live_server`) leaves rows that append-only triggers rightly refuse to
delete, so after such a test the whole database is replaced by a copy of the freshly migrated one.
"""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from registrations import meanings
from tests.cast import cast

__all__ = ["cast"]

# A busy machine makes slow examples, and that says nothing about the code.
hypothesis_settings.register_profile("clockless", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("clockless")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for no database is the same on each of them, and runs once."""
    for item in items:
        if isinstance(item, pytest.Function) and not _asks_for_a_database(item):
            item.add_marker(pytest.mark.once)


def _asks_for_a_database(item: pytest.Function) -> bool:
    asked = {"db", "transactional_db", "live_server", "django_db_setup"}
    return bool(asked & set(item.fixturenames)) or item.get_closest_marker("django_db") is not None


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Words are compared in English, whatever language a request of an earlier test was answered in."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def no_meanings_of_an_earlier_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of meanings as if it had just been read, empty: it is kept beyond a test's rollback."""
    kept = meanings._Kept(meanings.MeaningTable({}, {}), time.monotonic())
    monkeypatch.setattr(meanings, "_kept", kept)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A database of its own for each worker; on SQLite a file, because threads and processes share it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    database = settings.DATABASES["default"]
    is_sqlite = connection.vendor == "sqlite"
    name = str(Path(os.environ["VAR_DIR"]) / f"test-{worker}.sqlite3") if is_sqlite else f"test_ciao_{worker}"
    database["TEST"] = {**database.get("TEST", {}), "NAME": name}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """pytest-django's migrated database, plus a pristine copy that committing tests are followed by."""
    pristine = PristineSqlite() if connection.vendor == "sqlite" else PristinePostgres()
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        pristine.keep()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: pristine.put_back())
        yield
        pristine.discard()


class PristineSqlite:
    def __init__(self) -> None:
        self.path = Path(connection.settings_dict["NAME"])
        self.copy = self.path.with_suffix(".pristine")

    def keep(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(self.path, self.copy)

    def put_back(self) -> None:
        connection.close()
        # A new file, not new bytes in the old one: a thread that still has the old one open keeps reading it.
        fresh = self.path.with_suffix(".fresh")
        shutil.copyfile(self.copy, fresh)
        for suffix in ("-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        fresh.replace(self.path)

    def discard(self) -> None:
        self.copy.unlink(missing_ok=True)


class PristinePostgres:
    def __init__(self) -> None:
        self.name = connection.settings_dict["NAME"]
        self.copy = f"{self.name}_pristine"

    def _execute(self, *statements: str) -> None:
        connection.close()
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def keep(self) -> None:
        self._execute(
            f'DROP DATABASE IF EXISTS "{self.copy}"', f'CREATE DATABASE "{self.copy}" TEMPLATE "{self.name}"'
        )

    def put_back(self) -> None:
        self._execute(
            f'DROP DATABASE "{self.name}" WITH (FORCE)',
            f'CREATE DATABASE "{self.name}" TEMPLATE "{self.copy}"',
        )

    def discard(self) -> None:
        self._execute(f'DROP DATABASE "{self.copy}"')
