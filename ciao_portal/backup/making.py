"""Making a backup."""

import os
from contextlib import closing
from datetime import datetime
from pathlib import Path

from ciao_portal.backup import databases, folder
from ciao_portal.backup.archive import BackupError, Member, Parts, Reader, Writer
from ciao_portal.backup.manifest import NAME, Manifest


def make(path: Path, *, passphrase: str, now: datetime) -> list[str]:
    """Write the backup, read it back, and only then give it its name; answers what it holds, in words.

    Works while the portal runs. Raises BackupError and leaves nothing under `path` then.
    """
    if path.exists():
        raise BackupError(f"{path} exists already: choose another name.")
    draft = path.with_name(f"{path.name}.draft")
    try:
        with folder.scratch_folder() as scratch:
            told = _write(draft, scratch, passphrase=passphrase, now=now)
        with closing(Reader(draft, passphrase=passphrase)) as reader:
            read_through(reader)
        draft.rename(path)
    except OSError as error:
        raise BackupError(f"{error.filename or path}: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return told


def read_through(reader: Reader) -> Manifest:
    """Everything once, compared with the manifest. Raises BackupError."""
    manifest = _manifest(reader)
    for name, expected in manifest.members.items():
        if reader.pour(name) != expected:
            raise BackupError(f"The backup is damaged: {name} is not what the manifest says.")
    return manifest


def _manifest(reader: Reader) -> Manifest:
    text = _Gathered()
    reader.pour(NAME, text)
    return Manifest.from_bytes(bytes(text.data))


class _Gathered:
    """A small member in memory."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes, /) -> int:
        self.data += data
        return len(data)


def _write(draft: Path, scratch: Path, *, passphrase: str, now: datetime) -> list[str]:
    members: dict[str, Member] = {}
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        writer = Writer(file, passphrase=passphrase)
        with databases.dump(scratch) as database:
            members["database"] = writer.add("database", database)
        # After the database: whatever file its rows name is there already.
        packed = folder.pack(scratch)
        members["folder.tar"] = writer.add("folder.tar", packed.stream)
        manifest = Manifest.of_now(members, now=now)
        writer.add(NAME, Parts([manifest.to_bytes()]))
        writer.close()
        file.flush()
        os.fsync(file.fileno())
    size = members["database"].size
    told = [f"Database ({manifest.vendor}): {size:,} bytes. Private files: {packed.file_count}."]
    if outside := [name.upper() for name in folder.SECRETS if name not in folder.own_secrets()]:
        told.append(f"Not inside, because they were given to the portal: {', '.join(outside)}.")
        told.append("Keep them elsewhere: a restore needs the same FIELD_KEYS.")
    return told
