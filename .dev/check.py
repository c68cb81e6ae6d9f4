"""`make check`: style, types, import rules, migrations, templates, catalogues. All of it, every time."""

import os
import subprocess
import sys
import time

import bootstrap
from bootstrap import ROOT, VENV, say

# Each check and the command (below .venv/bin) that makes it.
CHECKS: dict[str, tuple[str, ...]] = {
    "lint": ("ruff", "check", "--quiet"),
    "format": ("ruff", "format", "--check", "--quiet"),
    "types": ("mypy",),
    "imports": ("lint-imports",),
    "django": ("python", "manage.py", "check"),
    "migrations": ("python", "manage.py", "makemigrations", "--check", "--dry-run"),
    "templates": ("djlint", "templates", "--lint", "--quiet"),
    "catalogues": ("python", ".dev/catalogues.py"),
}


def main() -> bool:
    """Run every check and print a line for each, with its output when it fails. Whether all passed."""
    say("== Checks")
    bin_folder = VENV / "bin"
    env = os.environ | {"PATH": f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    passed = True
    for name, (program, *arguments) in CHECKS.items():
        started = time.monotonic()
        result = subprocess.run(
            [str(bin_folder / program), *arguments],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        ok = result.returncode == 0
        passed = passed and ok
        say(f"  {'ok    ' if ok else 'FAILED'}  {name:<11}{time.monotonic() - started:5.1f} s")
        if not ok:
            say(result.stdout.strip())
    return passed


if __name__ == "__main__":
    bootstrap.check_python()
    bootstrap.install_system_packages(
        [*bootstrap.pdf_engine(), *(one for one in bootstrap.TEST_TOOLS if one.name in {"git", "gettext"})]
    )
    bootstrap.make_venv()
    bootstrap.install_locked("requirements-dev.lock")
    bootstrap.compile_catalogues()
    sys.exit(0 if main() else 1)
