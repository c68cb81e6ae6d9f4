"""What a bare machine needs before anything of ours can run. Standard library only.

Every function either leaves the thing it names in place or ends the program with one line that says what to
do. Nothing is skipped in silence.
"""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
VAR = ROOT / "var"
OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class SystemPackage:
    """Something outside Python: how to see that it is there, and the Debian package that brings it."""

    name: str
    present: Callable[[], bool]


def stop(line: str) -> NoReturn:
    """End the program with one clear line and exit code 1."""
    sys.stdout.flush()
    raise SystemExit(line)


def say(line: str) -> None:
    print(line, flush=True)


def run(*command: str, env: Mapping[str, str] | None = None) -> None:
    """Run a program in the repository; its failure ends ours, naming the command."""
    result = subprocess.run(command, cwd=ROOT, env=env, check=False)
    if result.returncode:
        stop(f"This failed (exit code {result.returncode}): {' '.join(command)}")


def run_quietly(*command: str, env: Mapping[str, str]) -> None:
    """Like `run`, for programs that talk a lot: what they said is shown only when they fail."""
    result = subprocess.run(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if result.returncode:
        say(result.stdout.decode(errors="replace"))
        stop(f"This failed (exit code {result.returncode}): {' '.join(command)}")


def check_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        found = ".".join(map(str, sys.version_info[:3]))
        stop(f"Python {wanted} or newer is needed, this is {found}. Try: make PYTHON=python{wanted} …")


# --- the package manager ---------------------------------------------------------------------------------


def apt_prefix() -> list[str] | None:
    """How apt-get may be called here: directly, through passwordless sudo, or not at all (None)."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        # sudo drops the environment, so the answer to apt's questions travels on the command line.
        return [sudo, "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    return None


def install_system_packages(packages: Iterable[SystemPackage]) -> None:
    """Install those that are missing, or end with the line that installs them."""
    missing = [package for package in packages if not package.present()]
    if not missing:
        return
    names = [package.name for package in missing]
    prefix = apt_prefix()
    if prefix is None:
        stop(
            f"Please install these first: {' '.join(names)}"
            f"  (Debian, Ubuntu: sudo apt-get install {' '.join(names)})"
        )
    say(f"Installing {', '.join(names)} …")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    quiet = ("-qq", "-o", "Dpkg::Use-Pty=0")
    run_quietly(*prefix, "apt-get", "update", *quiet, env=env)
    run_quietly(*prefix, "apt-get", "install", "-y", "--no-install-recommends", *quiet, *names, env=env)
    still_missing = [package.name for package in missing if not package.present()]
    if still_missing:
        stop(f"Installed, but still not usable: {' '.join(still_missing)}. Please look at them by hand.")


def library(soname: str) -> Callable[[], bool]:
    def present() -> bool:
        try:
            ctypes.CDLL(soname)
        except OSError:
            return False
        return True

    return present


def program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def file_below(*folders: str, pattern: str) -> Callable[[], bool]:
    def present() -> bool:
        return any(next(Path(folder).expanduser().glob(pattern), None) for folder in folders)

    return present


PDF_ENGINE = (
    SystemPackage("libpango-1.0-0", library("libpango-1.0.so.0")),
    SystemPackage("libpangoft2-1.0-0", library("libpangoft2-1.0.so.0")),
    SystemPackage("libharfbuzz-subset0", library("libharfbuzz-subset.so.0")),
    SystemPackage(
        "fonts-dejavu-core",
        file_below(
            "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", pattern="**/*.[ot]tf"
        ),
    ),
)
TEST_TOOLS = (
    SystemPackage("git", program("git")),
    SystemPackage("gettext", program("xgettext")),
    SystemPackage("poppler-utils", program("pdftoppm")),
    SystemPackage("chromium", program("chromium", "chromium-browser", "google-chrome")),
    # Playwright's driver needs it, and a bare Debian has it not.
    SystemPackage("libatomic1", library("libatomic.so.1")),
    # Debian keeps the server's programs off the PATH.
    SystemPackage("redis-server", program("redis-server")),
    SystemPackage("postgresql", file_below("/usr/lib/postgresql", pattern="*/bin/initdb")),
)


def pdf_engine() -> tuple[SystemPackage, ...]:
    """The libraries WeasyPrint loads; elsewhere than on Linux they have other names and WeasyPrint tells."""
    return PDF_ENGINE if sys.platform == "linux" else ()


# --- Python packages -------------------------------------------------------------------------------------


def make_venv() -> None:
    # Through its script: when the clone was moved, the scripts point to where it stood before.
    if _runs(VENV / "bin" / "pip", "--version"):
        return
    say("Creating .venv …")
    if not _runs(Path(sys.executable), "-m", "venv", "--clear", str(VENV)):
        # Debian ships Python without ensurepip; the module that makes environments is a package of its own.
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        install_system_packages([SystemPackage(f"python{version}-venv", _can_make_venvs)])
        run(sys.executable, "-m", "venv", "--clear", str(VENV))


def _can_make_venvs() -> bool:
    return _runs(Path(sys.executable), "-c", "import ensurepip, venv")


def _runs(executable: Path, *arguments: str) -> bool:
    try:
        return subprocess.run([str(executable), *arguments], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install_locked(*lock_names: str) -> None:
    """Install exactly what the lock files say, hashes checked; a stamp makes the next time instant."""
    for lock_name in lock_names:
        lock = ROOT / lock_name
        stamp = VENV / f".installed-{lock.stem}"
        digest = hashlib.sha256(lock.read_bytes()).hexdigest()
        if stamp.exists() and stamp.read_text() == digest:
            continue
        say(f"Installing the Python packages of {lock_name} …")
        pip = (str(VENV_PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input")
        run(*pip, "install", "--quiet", "--require-hashes", "--requirement", str(lock))
        stamp.write_text(digest)


def compile_catalogues() -> None:
    """Compile the translations with Babel, which needs no gettext on the machine."""
    pybabel = VENV / "bin" / "pybabel"
    run(str(pybabel), "--quiet", "compile", "--directory", "ciao_portal/locale", "--domain", "django")
