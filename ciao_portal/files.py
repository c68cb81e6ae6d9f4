"""Private files (reports and the like): encrypted, outside the web server's reach, under `FILES_URL`.

Names are random and say nothing; each file is AES-256-GCM under the newest field key, bound to its name.
"""

import os
import re
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ciao_portal.models.people import field_keys

NAME = re.compile(r"[0-9a-f]{32}")
# So many bytes at the start of an encrypted file tell its key.
KEY_ID_WITHIN = 64


def new_name() -> str:
    """A name nobody can guess and no other file has."""
    return secrets.token_hex(16)


def folder() -> Path:
    """The folder that `FILES_URL` names. Raises ImproperlyConfigured for an address that is no folder."""
    text: str = settings.FILES_URL
    address = urlsplit(text)
    if address.scheme == "file" and address.netloc in ("", "localhost"):
        return Path(unquote(address.path))
    if address.scheme:
        raise ImproperlyConfigured(f"FILES_URL must be a folder, as a path or as file:///…: {text}")
    return Path(text)


def keep(name: str, content: bytes) -> None:
    """Store the content under a `new_name()`, readable by the portal alone; once back, it is on the disk."""
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Complete or not there at all, also when the process is killed while it writes.
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(field_keys().encrypt_file(content, name))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read(name: str) -> bytes:
    """The content in clear. Raises FileNotFoundError, or DecryptionError when it was changed."""
    return field_keys().decrypt_file(_path(name).read_bytes(), name)


def rotate() -> int:
    """Bring every file under the newest key; answers how many were changed. May be repeated."""
    changed = 0
    for path in folder().glob("*") if folder().is_dir() else ():
        if NAME.fullmatch(path.name) and _needs_rotation(path):
            try:
                keep(path.name, read(path.name))
            except FileNotFoundError:
                continue  # expired meanwhile
            changed += 1
    return changed


def _needs_rotation(path: Path) -> bool:
    with path.open("rb") as file:
        return field_keys().needs_rotation(file.read(KEY_ID_WITHIN))


def delete(name: str) -> None:
    """Delete the file; it may be gone already."""
    _path(name).unlink(missing_ok=True)


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):  # no way out of the folder
        raise ValueError("This is not the name of a kept file.")
    return folder() / name
