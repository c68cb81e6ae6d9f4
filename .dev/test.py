"""`make test`: installs what the suite needs, then checks, SQLite, PostgreSQL, browser. One exit code.

With arguments (`make test ARGS="tests/registrations -k doubles"`) only those tests run, on SQLite, or on the
database that DATABASE_URL names.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from types import FrameType

import bootstrap
import check
from bootstrap import ROOT, VENV_PYTHON, say, stop

sys.path.insert(0, str(ROOT))

from tests.services import postgres_cluster

# Two workers: browsers, simulators and senders of the tests need room beside them. What shares a fixture that
# takes long is marked as a group (`xdist_group`) and stays with one of them.
PARALLEL = ("-n", "2", "--dist", "loadgroup")


def prepare() -> None:
    bootstrap.check_python()
    bootstrap.install_system_packages((*bootstrap.pdf_engine(), *bootstrap.TEST_TOOLS))
    bootstrap.make_venv()
    bootstrap.install_locked("requirements-dev.lock")
    bootstrap.compile_catalogues()


def pytest(*arguments: str, env: Mapping[str, str] | None = None) -> bool:
    """Whether pytest found tests and all of them passed."""
    command = [str(VENV_PYTHON), "-m", "pytest", "--quiet", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode == 0


def whole_suite() -> list[str]:
    """Run every part, also after a failure. Returns the names of the parts that failed."""
    plain = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    failed = []
    if not check.main():
        failed.append("check")
    say("\n== SQLite")
    if not pytest("-m", "not browser", *PARALLEL, env=plain):
        failed.append("SQLite")
    say("\n== PostgreSQL")
    # What has to survive a kill brings a cluster of its own.
    with postgres_cluster(is_durable=False) as cluster:
        env = plain | {"DATABASE_URL": cluster.database_url("ciao")}
        if not pytest("-m", "not browser and not once", *PARALLEL, env=env):
            failed.append("PostgreSQL")
    say("\n== Browser")
    if not pytest("-m", "browser", *PARALLEL, env=plain):
        failed.append("browser")
    return failed


def on_sigterm(_number: int, _frame: FrameType | None) -> None:
    # An ordinary exception, so that the temporary PostgreSQL is stopped and deleted on the way out.
    raise SystemExit("ended by SIGTERM")


def main(arguments: list[str]) -> None:
    signal.signal(signal.SIGTERM, on_sigterm)
    prepare()
    if arguments:
        sys.exit(0 if pytest(*arguments) else 1)
    if failed := whole_suite():
        stop(f"\nmake test failed in: {', '.join(failed)}")


if __name__ == "__main__":
    main(sys.argv[1:])
