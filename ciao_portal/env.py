"""Reading settings from the environment, from `.env`, and from files that hold a secret."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# Everything the portal writes for itself lives here unless a setting says otherwise.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))


# Secrets that did not exist before this process: nothing can depend on them yet.
made_just_now: set[Path] = set()


def new_secret_key() -> str:
    return secrets.token_urlsafe(50)


def secret(name: str, *, make: Callable[[], str] | None = None) -> str:
    """The secret `name` from the environment or from the file named by `<name>_FILE`.

    With `make`, a missing secret is made once and kept in `var/` (readable by the owner alone), so that
    a fresh clone works at once. Without it, a missing secret is the empty string.

    Raises ImproperlyConfigured when `<name>_FILE` names a file that cannot be read.
    """
    value: str = env.str(name, default="")
    if value:
        return value
    if file_name := env.str(f"{name}_FILE", default=""):
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}_FILE names {file_name}, which cannot be read: {error}"
            ) from error
    if make is None:
        return ""
    return _kept_secret(VAR_DIR / name.lower(), make)


def _kept_secret(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(make())
        try:
            # Several processes may start at once: the first link wins, the others read it.
            os.link(draft, path)
            made_just_now.add(path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()
