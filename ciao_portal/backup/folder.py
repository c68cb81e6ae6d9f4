"""What belongs to a portal beside its database: private files, its own secrets, the simulator's store."""

import fcntl
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from ciao_portal import files
from ciao_portal.backup.archive import BackupError, Parts
from ciao_portal.backup.databases import sqlite_file_copy
from ciao_portal.env import VAR_DIR, made_just_now

CHUNK = 1 << 20
SECRETS = ("secret_key", "field_keys")
SIMULATOR = ("simulator.sqlite3", "simulator-reference.json")
# What the working folder is called while a backup or a restore runs; a killed one leaves it behind.
SCRATCH = "backup-scratch"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for copies in clear, readable by the portal alone, deleted at the end.

    What a killed run left there is deleted first. Raises BackupError while another one is running.
    """
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (VAR_DIR / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BackupError("Another backup or restore is running.") from None
        path = VAR_DIR / SCRATCH
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(mode=0o700)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)


def own_secrets() -> list[str]:
    """Names of the secrets the portal made itself and uses; others come from the environment."""
    used = {"secret_key": settings.SECRET_KEY, "field_keys": settings.FIELD_KEYS}
    return [
        name
        for name in SECRETS
        if (VAR_DIR / name).exists() and (VAR_DIR / name).read_text(encoding="utf-8").strip() == used[name]
    ]


@dataclass
class Packed:
    """The folder as a tar stream, and how many private files went into it so far."""

    stream: Parts
    file_count: int = 0


def pack(scratch: Path) -> Packed:
    """Read while the portal runs: private files are never changed, only added and deleted."""
    packed = Packed(Parts(()))

    def parts() -> Iterator[bytes]:
        for name in own_secrets():
            yield from _entry(f"secrets/{name}", VAR_DIR / name)
        for path in sorted(files.folder().glob("*")) if files.folder().is_dir() else ():
            if files.NAME.fullmatch(path.name):
                yield from _entry(f"files/{path.name}", path)
                packed.file_count += 1
        if settings.NSSO_ENVIRONMENT == "simulator":
            yield from _simulator(scratch)
        yield b"\0" * 2 * tarfile.BLOCKSIZE

    packed.stream = Parts(parts())
    return packed


def _simulator(scratch: Path) -> Iterator[bytes]:
    """Without its store the simulator would deny the registrations it has taken in."""
    store, reference = (VAR_DIR / name for name in SIMULATOR)
    if store.exists():
        with sqlite_file_copy(store, scratch) as copy:
            yield from _open_entry(f"simulator/{store.name}", copy)
    if reference.exists():
        yield from _entry(f"simulator/{reference.name}", reference)


def _entry(name: str, path: Path) -> Iterator[bytes]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return  # expired since the folder was listed
    with file:
        yield from _open_entry(name, file)


def _open_entry(name: str, file: BinaryIO) -> Iterator[bytes]:
    header = tarfile.TarInfo(name)
    header.size = os.fstat(file.fileno()).st_size
    header.mode = 0o600
    yield header.tobuf(tarfile.GNU_FORMAT)
    left = header.size
    while left:
        data = file.read(min(CHUNK, left))
        if not data:
            raise BackupError(f"{name} became shorter while it was read.")
        left -= len(data)
        yield data
    yield b"\0" * (-header.size % tarfile.BLOCKSIZE)


def unpack(archive: Path) -> list[str]:
    """Put everything where it belongs; answers what the operator should know.

    A former `field_keys` that differs is kept beside: another database may need it.
    """
    notes: list[str] = []
    with ExitStack() as stack:
        tar = stack.enter_context(tarfile.open(archive))
        for member in tar:
            kind, _slash, name = member.name.partition("/")
            target = _target(kind, name)
            content = tar.extractfile(member)
            if target is None or content is None:
                raise BackupError(f"The backup holds {member.name}, which has no place here.")
            if name == "field_keys" and (note := _keep_former(target, content.read())):
                notes.append(note)
            content.seek(0)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = target.with_name(f"{target.name}.restoring")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                shutil.copyfileobj(content, file)
            draft.replace(target)
    return notes


def packed_field_keys(archive: Path) -> str | None:
    """The text of the field keys inside, None when they are the operator's to keep."""
    with tarfile.open(archive) as tar:
        try:
            content = tar.extractfile("secrets/field_keys")
        except KeyError:
            return None
        return content.read().decode().strip() if content else None


def _target(kind: str, name: str) -> Path | None:
    if kind == "files" and files.NAME.fullmatch(name):
        return files.folder() / name
    if (kind == "secrets" and name in SECRETS) or (kind == "simulator" and name in SIMULATOR):
        return VAR_DIR / name
    return None


def _keep_former(path: Path, restored: bytes) -> str | None:
    if not path.exists() or path in made_just_now or path.read_bytes().strip() == restored.strip():
        return None
    kept = path.with_name(f"{path.name}.before-restore")
    path.replace(kept)
    return f"The former {path.name} is kept as {kept}: delete it when no other database needs it."
