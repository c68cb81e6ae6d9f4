"""Backups for real: our own commands as processes, into an empty folder and an empty database."""

import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.utils import ConnectionHandler, DatabaseError
from django.utils import timezone

from ciao_portal import files
from ciao_portal.append_only import expected_triggers
from ciao_portal.audit import Actor
from ciao_portal.backup.archive import BackupError, Member, Reader
from ciao_portal.backup.folder import scratch_folder
from ciao_portal.backup.making import make, read_through
from ciao_portal.backup.manifest import Manifest
from ciao_portal.companies import store_credentials
from ciao_portal.env import env
from ciao_portal.nsso.auth import generate_key_pair
from registrations.models import Submission
from registrations.nsso.restored import look_up_first
from tests.cast import NOW, SSINS, build_cast, person
from tests.portal import REPOSITORY, database_url
from tests.works import Works, declare, tap

PASSPHRASE = "a long way home in the rain"
CANARY = b"canary of a private file"

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Place:
    """A folder and a database of a portal."""

    var: Path
    url: str

    def manage(
        self, *command: str, settings: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        own = {"VAR_DIR": str(self.var), "DATABASE_URL": self.url, "BACKUP_PASSPHRASE": PASSPHRASE}
        kept = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "FIELD_KEYS")}
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=REPOSITORY,
            env=kept | own | dict(settings or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def contents(self) -> dict[str, list[str]]:
        """Every row of every table."""
        database = self._connection()
        try:
            with database.cursor() as cursor:
                tables = database.introspection.table_names(cursor)
                return {table: _rows(cursor, table) for table in tables}
        finally:
            database.close()

    def execute(self, statement: str) -> Any:
        database = self._connection()
        try:
            with database.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone()
        finally:
            database.close()

    def _connection(self) -> Any:
        handler = ConnectionHandler({"default": {}, "there": env.db_url_config(self.url)})
        return handler["there"]


def _rows(cursor: Any, table: str) -> list[str]:
    cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # a name of our own
    return sorted(
        repr([bytes(value) if isinstance(value, memoryview) else value for value in row])
        for row in cursor.fetchall()
    )


@pytest.fixture
def works() -> Works:
    works = declare(build_cast().main, now=NOW)
    for number in SSINS:
        tap(works, person(number), now=NOW)
    return works


@pytest.fixture
def here(tmp_path: Path, works: Works) -> Place:
    """A portal that made its own secrets, with registrations and a private file."""
    var = tmp_path / "here"
    var.mkdir()
    (var / "field_keys").write_text(settings.FIELD_KEYS)
    (var / "secret_key").write_text(settings.SECRET_KEY)
    return Place(var, database_url())


@pytest.fixture
def empty(tmp_path: Path) -> Place:
    """Nothing yet; on PostgreSQL a database of an ordinary role."""
    if connection.vendor == "sqlite":
        return Place(tmp_path / "there", f"sqlite:///{tmp_path}/there/portal.sqlite3")
    known = connection.settings_dict
    # The cluster is shared with tests that run beside this one.
    name = f"restored_{secrets.token_hex(6)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'plain' NOSUPERUSER")
        cursor.execute(f"CREATE DATABASE {name} OWNER {name}")
    return Place(tmp_path / "there", f"postgres://{name}:plain@{known['HOST']}:{known['PORT']}/{name}")


def _keep_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> str:
    name = files.new_name()
    with monkeypatch.context() as patch:
        patch.setattr(settings, "FILES_URL", str(place.var / "files"))
        files.keep(name, CANARY)
    return name


def _assert_it_shows_nothing(backup: Path) -> None:
    content = backup.read_bytes()
    assert backup.stat().st_mode & 0o077 == 0
    secrets = (CANARY, b"AGE-SECRET", settings.SECRET_KEY.encode(), *settings.FIELD_KEYS.encode().split(b","))
    for plain in (b"Helder Main", b"CREATE TABLE", b"SQLite format", b"PGDMP", *secrets):
        # Shorter ones turn up by chance among so many encrypted bytes.
        assert len(plain) > 4
        assert plain not in content


def test_everything_comes_back_in_an_empty_folder(
    here: Place, empty: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = _keep_file(here, monkeypatch)
    backup = tmp_path / "portal.backup"

    made = here.manage("backup", str(backup))
    assert made.returncode == 0, made.stderr
    _assert_it_shows_nothing(backup)
    restored = empty.manage("restore", str(backup))
    assert restored.returncode == 0, restored.stderr

    assert empty.contents() == here.contents()
    assert len(here.contents()["registrations_registration"]) == len(SSINS)
    for secret in ("field_keys", "secret_key", f"files/{name}"):
        assert (empty.var / secret).read_bytes() == (here.var / secret).read_bytes()
        assert (empty.var / secret).stat().st_mode & 0o077 == 0
    for table in ("registrations_registration", "ciao_portal_auditevent"):
        with pytest.raises(DatabaseError, match="append-only"):
            empty.execute(f"DELETE FROM {table}")  # noqa: S608  # a name of our own
    assert not list(here.var.glob("backup-scratch*"))
    assert not list(empty.var.glob("*restor*"))
    assert expected_triggers(connection.vendor)
    again = empty.manage("restore", str(backup))
    assert again.returncode == 1
    assert "The database is not empty" in again.stderr


def test_a_backup_of_a_busy_portal_is_of_one_moment(
    here: Place, empty: Place, works: Works, tmp_path: Path
) -> None:
    ending = threading.Event()
    written = threading.Event()

    def write() -> None:
        moment = NOW
        try:
            while not ending.is_set():
                moment += timedelta(minutes=2)
                tap(works, person(SSINS[0]), now=moment)
                written.set()
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert written.wait(30)
        made = here.manage("backup", str(tmp_path / "portal.backup"))
    finally:
        ending.set()
        writer.join()
    assert made.returncode == 0, made.stderr
    restored = empty.manage("restore", str(tmp_path / "portal.backup"))
    assert restored.returncode == 0, restored.stderr

    counts = {
        table: empty.execute(f"SELECT count(*) FROM registrations_{table}")[0]  # noqa: S608  # the same
        for table in ("registration", "sealleaf", "submission")
    }
    assert len(set(counts.values())) == 1, counts
    assert len(SSINS) < counts["registration"] < len(here.contents()["registrations_registration"])


def test_what_is_no_whole_backup_is_refused_with_one_line(works: Works, tmp_path: Path) -> None:
    backup = tmp_path / "portal.backup"
    make(backup, passphrase=PASSPHRASE, now=NOW)
    whole = backup.read_bytes()
    with pytest.raises(BackupError, match=r"^The passphrase does not open .*portal\.backup\.$"):
        Reader(backup, passphrase="another")
    with pytest.raises(BackupError, match="exists already"):
        make(backup, passphrase=PASSPHRASE, now=NOW)
    backup.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupError, match="cut short"):
        Reader(backup, passphrase=PASSPHRASE)
    middle = len(whole) // 2
    backup.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    with pytest.raises(BackupError, match="damaged"):
        read_through(Reader(backup, passphrase=PASSPHRASE))
    with pytest.raises(BackupError, match="does not exist"):
        Reader(tmp_path / "nowhere", passphrase=PASSPHRASE)


def test_a_backup_of_elsewhere_is_refused_before_anything_is_touched(works: Works) -> None:
    manifest = Manifest.of_now({"database": Member(1, "0")}, now=NOW)
    assert Manifest.from_bytes(manifest.to_bytes()) == manifest
    manifest.refuse_other_vendor()
    manifest.refuse_newer_version()
    manifest.refuse_missing_keys(settings.FIELD_KEYS)
    with pytest.raises(BackupError, match="The backup is of oracle"):
        replace(manifest, vendor="oracle").refuse_other_vendor()
    with pytest.raises(BackupError, match="newer than this one"):
        replace(manifest, product="999.0.0").refuse_newer_version()
    with pytest.raises(BackupError, match=r"registrations\.9999_later is not known here"):
        replace(manifest, migrations=[["registrations", "9999_later"]]).refuse_newer_version()
    newest = settings.FIELD_KEYS.split(",")[0]
    with pytest.raises(BackupError, match="FIELD_KEYS lacks the key k1"):
        manifest.refuse_missing_keys(newest)


def test_without_a_passphrase_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BACKUP_PASSPHRASE", raising=False)
    with pytest.raises(CommandError, match="BACKUP_PASSPHRASE"):
        call_command("backup", tmp_path / "portal.backup")
    assert not list(tmp_path.iterdir())


def test_one_backup_at_a_time(works: Works, tmp_path: Path) -> None:
    with scratch_folder() as scratch:
        (scratch / "leftover").touch()
        with pytest.raises(BackupError, match="Another backup"):
            make(tmp_path / "portal.backup", passphrase=PASSPHRASE, now=NOW)
    with scratch_folder() as scratch:
        assert not list(scratch.iterdir())
    assert not list(tmp_path.iterdir())


def test_what_waited_is_looked_up_before_it_is_sent(works: Works) -> None:
    """It may have reached the NSSO after the backup was made."""
    assert look_up_first(now=NOW) == 0
    keys = generate_key_pair()
    store_credentials(
        company=works.declaration.company,
        client_id="client",
        private_key_pem=keys.private_pem,
        public_key_pem=keys.public_pem,
        actor=Actor(works.declaration.company),
        now=NOW,
    )
    assert look_up_first(now=timezone.now()) == len(SSINS)
    assert {row.state for row in Submission.objects.all()} == {"uncertain"}
    assert all(row.credentials_id and row.due_at for row in Submission.objects.all())
