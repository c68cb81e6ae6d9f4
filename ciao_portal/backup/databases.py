"""A consistent copy of the database as a stream, and back again."""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from django.db import connection, connections
from django.db.backends.postgresql.client import DatabaseClient

from ciao_portal.backup.archive import BackupError, Readable, Writable
from ciao_portal.models import Company, User

Pour = Callable[[Writable], object]
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


def refuse_unless_fresh() -> None:
    """A restore never mixes with what is there. Raises BackupError."""
    tables = set(connection.introspection.table_names())
    ours = {Company._meta.db_table, User._meta.db_table}
    if tables and not ours <= tables:
        raise BackupError("The database holds tables of something else: restore into an empty one.")
    if tables and (Company.objects.exists() or User.objects.exists()):
        raise BackupError("The database is not empty: restore into an empty one.")


def dump(scratch: Path) -> AbstractContextManager[Readable]:
    """The database at one moment, while others go on writing. Files in between are made in `scratch`."""
    return _sqlite_copy(scratch) if connection.vendor == "sqlite" else _postgres_dump()


def load(pour: Pour) -> None:
    """Replace the (fresh) database by what `pour` writes into the given target."""
    if connection.vendor == "sqlite":
        _load_sqlite(pour)
    else:
        _load_postgres(pour)


@contextmanager
def sqlite_file_copy(path: Path, scratch: Path) -> Iterator[BinaryIO]:
    """One moment of any SQLite file."""
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as source,
        _vacuumed(source.execute, scratch) as file,
    ):
        yield file


@contextmanager
def _sqlite_copy(scratch: Path) -> Iterator[BinaryIO]:
    with connection.cursor() as cursor, _vacuumed(cursor.execute, scratch) as file:
        yield file


@contextmanager
def _vacuumed(execute: Callable[[str], object], scratch: Path) -> Iterator[BinaryIO]:
    """VACUUM INTO reads within one transaction, and leaves out what was deleted but not yet overwritten."""
    copy = Path(tempfile.mkdtemp(dir=scratch)) / "copy"
    quoted = str(copy).replace("'", "''")
    execute(f"VACUUM INTO '{quoted}'")
    try:
        with copy.open("rb") as file:
            yield file
    finally:
        copy.unlink()


def _load_sqlite(pour: Pour) -> None:
    path = Path(connection.settings_dict["NAME"])
    connections.close_all()
    draft = path.with_name(f"{path.name}.restoring")
    try:
        with draft.open("wb") as file:
            pour(file)
        with closing(sqlite3.connect(draft)) as copy:
            found = copy.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise BackupError(f"The database in the backup is damaged: {found}")
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _postgres_dump() -> Iterator[Readable]:
    command, env = _postgres("pg_dump")
    options = ("--format=custom", "--no-owner", "--no-privileges", "--no-password")
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603  # a program of PostgreSQL, with settings of the operator
            [command[0], *options, *command[1:]],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        with process:
            assert process.stdout is not None  # noqa: S101  # asked for above
            yield process.stdout
        _refuse_failure("pg_dump", process, errors)


def _load_postgres(pour: Pour) -> None:
    command, env = _postgres("pg_restore")
    _drop_everything()
    connections.close_all()
    options = ("--no-owner", "--no-privileges", "--no-password", "--single-transaction", "--exit-on-error")
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603  # a program of PostgreSQL, with settings of the operator
            [command[0], *options, *command[1:-1], "--dbname", command[-1]],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        with process:
            assert process.stdin is not None  # noqa: S101  # asked for above
            try:
                pour(process.stdin)
            except BrokenPipeError:
                process.wait()  # it says itself what is wrong
        _refuse_failure("pg_restore", process, errors)


def _refuse_failure(program: str, process: "subprocess.Popen[bytes]", errors: BinaryIO) -> None:
    if process.returncode:
        errors.seek(0)
        lines = errors.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise BackupError(f"{program} failed: {lines[0]}")


def _drop_everything() -> None:
    """Empty a database that was migrated and never used; the dump brings everything along."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT format('DROP TABLE %I CASCADE', c.relname) FROM pg_class c
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
            UNION ALL
            SELECT format('DROP FUNCTION %s CASCADE', p.oid::regprocedure) FROM pg_proc p
            WHERE p.pronamespace = current_schema()::regnamespace
            AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
            """
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def _postgres(name: str) -> tuple[list[str], dict[str, str]]:
    """The command of a PostgreSQL program with how to reach the database, and its environment."""
    connection.ensure_connection()
    server = connection.pg_version // 10_000  # type: ignore[attr-defined]  # of PostgreSQL's wrapper only
    connecting, secrets = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    # Debian keeps the programs of each version apart; the one on the PATH may be older than the server.
    found = [str(program) for program in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")]
    usual = shutil.which(name)
    versions = {_version(program): program for program in [*found, *([usual] if usual else [])]}
    fitting = [version for version in versions if version >= server]
    if not fitting:
        newest = f"only version {max(versions)} is" if versions else "none is"
        raise BackupError(
            f"{name} of PostgreSQL {server} or newer is needed and {newest} installed: "
            f"apt-get install postgresql-client-{server}"
        )
    return [versions[min(fitting)], *connecting[1:]], os.environ | (secrets or {})


def _version(program: str) -> int:
    told = subprocess.run(  # noqa: S603  # a program of PostgreSQL
        [program, "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = VERSION.search(told)
    return int(found[1]) if found else 0
