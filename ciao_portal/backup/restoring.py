"""Restoring a backup into an empty place."""

import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from ciao_portal.backup import databases, folder
from ciao_portal.backup.archive import BackupError, Reader
from ciao_portal.backup.making import read_through
from ciao_portal.backup.manifest import Manifest
from ciao_portal.env import BASE_DIR


def restore(path: Path, *, passphrase: str, now: datetime) -> list[str]:
    """Bring database, private files and secrets back; answers what the operator should know.

    Nothing is touched before the whole backup was read and found fit for this place. The web, the sender and
    the worker must not be running. Raises BackupError.
    """
    databases.refuse_unless_fresh()
    with closing(Reader(path, passphrase=passphrase)) as reader, folder.scratch_folder() as scratch:
        manifest = read_through(reader)
        manifest.refuse_other_vendor()
        manifest.refuse_newer_version()
        notes = _bring_back(reader, manifest, scratch)
    # A fresh process reads the secrets that were just brought back.
    _manage("migrate", "--no-input", "--verbosity", "0")
    _manage("check", "--database", "default")
    for step in settings.AFTER_RESTORE:
        import_string(step)(now=now)
    return [f"Restored: made at {manifest.made_at} by version {manifest.product}.", *notes]


def _bring_back(reader: Reader, manifest: Manifest, scratch: Path) -> list[str]:
    archive = scratch / "folder.tar"
    with archive.open("wb") as file:
        reader.pour("folder.tar", file)
    manifest.refuse_missing_keys(folder.packed_field_keys(archive) or settings.FIELD_KEYS)
    notes = folder.unpack(archive)
    # Last: as long as the database is empty, an interrupted restore can simply be repeated.
    databases.load(lambda target: reader.pour("database", target))
    return notes


def _manage(*command: str) -> None:
    result = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, str(BASE_DIR / "manage.py"), *command], capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise BackupError(f"manage.py {command[0]} failed after the restore:\n{result.stderr.strip()}")
