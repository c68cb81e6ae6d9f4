"""The file of a backup: a ZIP whose members are age files.

`identity.age` is an age identity (X25519) under the passphrase; the other members are encrypted for it, so
that they can be written and read as streams of any length, also by the ordinary `age` program.
"""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import pyrage

IDENTITY = "identity.age"
SUFFIX = ".age"
READ_ME = """A backup of a CIaO portal. `manage.py restore` reads it, and so do unzip and age
(age-encryption.org):

    unzip FILE
    age -d -i identity.age manifest.age          asks for the passphrase; names the kind of database
    age -d -i identity.age database.age > database
    age -d -i identity.age folder.tar.age | tar x

`database` is an SQLite file, or what pg_restore reads.
"""


class BackupError(Exception):
    """Why a backup or a restore is not possible, in words for the operator."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member in clear: bytes and SHA-256 in hexadecimal."""

    size: int
    sha256: str


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Writable(Protocol):
    def write(self, data: bytes, /) -> int: ...


class Parts:
    """Pieces that are made one after the other, read like a file."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts: Iterator[bytes] = iter(parts)
        self._rest = b""

    def read(self, size: int = -1, /) -> bytes:
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return b""
            self._rest = part
        cut = len(self._rest) if size < 0 else size
        given, self._rest = self._rest[:cut], self._rest[cut:]
        return given


class _Counted:
    """What passes, counted and hashed; an error is kept, because pyrage tells only its text."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._size = 0
        self.error: Exception | None = None

    def _count(self, data: bytes) -> None:
        self._hash.update(data)
        self._size += len(data)

    @property
    def member(self) -> Member:
        return Member(self._size, self._hash.hexdigest())


class _CountedReader(_Counted):
    def __init__(self, source: Readable) -> None:
        super().__init__()
        self._source = source

    def read(self, size: int = -1, /) -> bytes:
        try:
            data = self._source.read(size)
        except Exception as error:
            self.error = error
            raise
        self._count(data)
        return data


class _CountedWriter(_Counted):
    def __init__(self, target: Writable | None) -> None:
        super().__init__()
        self._target = target

    def write(self, data: bytes, /) -> int:
        self._count(data)
        try:
            return len(data) if self._target is None else self._target.write(data)
        except Exception as error:
            self.error = error
            raise

    def flush(self) -> None:
        """pyrage asks for it; the target is flushed by whoever opened it."""


class Writer:
    """Writes a backup into an open file, member by member."""

    def __init__(self, file: BinaryIO, *, passphrase: str) -> None:
        identity = pyrage.x25519.Identity.generate()
        self._recipient = identity.to_public()
        self._zip = zipfile.ZipFile(file, "w")
        self._zip.writestr("README.txt", READ_ME)
        sealed = pyrage.passphrase.encrypt(str(identity).encode(), passphrase, armored=True)
        self._zip.writestr(IDENTITY, sealed)

    def add(self, name: str, source: Readable) -> Member:
        """Encrypt everything the source gives. Raises what the source raises."""
        reader = _CountedReader(source)
        with self._zip.open(name + SUFFIX, "w", force_zip64=True) as member:
            try:
                pyrage.encrypt_io(reader, member, [self._recipient])
            except pyrage.EncryptError as error:
                raise reader.error or BackupError(f"{name} could not be encrypted: {error}") from error
        return reader.member

    def close(self) -> None:
        self._zip.close()


class Reader:
    """Reads a backup.

    Raises BackupError when it is none, when it is cut short, or when the passphrase does not open it.
    """

    def __init__(self, path: Path, *, passphrase: str) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            sealed = self._zip.read(IDENTITY)
        except FileNotFoundError:
            raise BackupError(f"{path} does not exist.") from None
        except OSError as error:
            raise BackupError(f"{path} cannot be read: {error.strerror}.") from error
        except (zipfile.BadZipFile, KeyError):
            raise BackupError(f"{path} is no backup of this portal, or it is cut short.") from None
        try:
            identity = pyrage.passphrase.decrypt(sealed, passphrase).decode()
            self._identity = pyrage.x25519.Identity.from_str(identity)
        except (pyrage.DecryptError, pyrage.IdentityError, ValueError):
            raise BackupError(f"The passphrase does not open {path}.") from None

    def close(self) -> None:
        self._zip.close()

    def pour(self, name: str, target: Writable | None = None) -> Member:
        """Decrypt a member into the target (None: only look at it). Raises what the target raises."""
        writer = _CountedWriter(target)
        try:
            with self._zip.open(name + SUFFIX) as member:
                pyrage.decrypt_io(member, writer, [self._identity])
        except (pyrage.DecryptError, zipfile.BadZipFile, KeyError, EOFError, OSError) as error:
            raise writer.error or BackupError(f"The backup is damaged: {name} cannot be read.") from error
        return writer.member
