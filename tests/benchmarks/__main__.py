"""Run the parts that were asked for (all of them by default) on services of our own, one after the other.

Each part is a program of its own, so that it has its own database and its own memory. Everything listens on
127.0.0.1 only and ends with this run.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from tests.benchmarks.figures import QUICK, RESULT, say
from tests.benchmarks.programs import REPOSITORY, ending_with_us, redis
from tests.services import Cluster, postgres_cluster

RESULTS = REPOSITORY / "build" / "bench.json"
PART_S = 900
HOUR_S = 3600
SMALL, LARGE = 10_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """One program: which module, on which database, over how many registrations."""

    part: str
    module: str
    database: str
    registrations: int = 0
    longest_s: int = PART_S

    @property
    def title(self) -> str:
        size = f", {self.registrations:,} registrations" if self.registrations else ""
        return f"{self.part} on {self.database}{size}"


def runs_of(part: str, *, quick: bool) -> Iterator[Run]:
    large = SMALL if quick else LARGE
    if part == "phone":
        yield Run(part, "tests.benchmarks.phone", "PostgreSQL")
        yield Run(part, "tests.benchmarks.phone", "SQLite")
    elif part == "lists":
        yield Run(part, "tests.benchmarks.lists", "SQLite", SMALL)
        yield Run(part, "tests.benchmarks.lists", "PostgreSQL", SMALL)
        if not quick:
            yield Run(part, "tests.benchmarks.lists", "PostgreSQL", large)
    elif part == "csv":
        yield Run(part, "tests.benchmarks.export", "PostgreSQL", large)
    elif part == "report":
        yield Run(part, "tests.benchmarks.report", "PostgreSQL", large)
    elif part == "face":
        yield Run(part, "tests.benchmarks.face", "PostgreSQL")
    elif part == "simulator":
        yield Run(part, "tests.benchmarks.simulator", "SQLite")
    else:
        yield Run(part, "tests.benchmarks.nsso", "PostgreSQL", longest_s=HOUR_S)


PARTS = ("phone", "face", "lists", "csv", "report", "simulator", "nsso")


class Services:
    """The databases of this run: parts over the same many registrations share one."""

    def __init__(self, cluster: Cluster, folder: Path, redis_url: str) -> None:
        self._cluster = cluster
        self._folder = folder
        self._redis_url = redis_url
        self._urls: dict[str, str] = {}

    def environment(self, run: Run, *, quick: bool, result: Path) -> dict[str, str]:
        name = f"scale{run.registrations}" if run.registrations else run.part
        key = f"{run.database}{name}".lower()
        if key not in self._urls:
            self._urls[key] = self._create(run.database, key)
        folder = self._folder / key
        folder.mkdir(exist_ok=True)
        return {
            **os.environ,
            "DATABASE_URL": self._urls[key],
            "DJANGO_SETTINGS_MODULE": "ciao_portal.settings",
            "DEBUG": "False",
            "VAR_DIR": str(folder),
            "REDIS_URL": self._redis_url,
            "NSSO_ENVIRONMENT": "simulator",
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "PUBLIC_URL": "http://127.0.0.1",
            "TYPED_IDENTITIES_PER_HOUR": "1000000",
            "BENCH_REGISTRATIONS": str(run.registrations),
            QUICK: "1" if quick else "0",
            RESULT: str(result),
        }

    def _create(self, database: str, name: str) -> str:
        if database == "SQLite":
            return f"sqlite:///{self._folder / f'{name}.sqlite3'}"
        return self._cluster.create_database(name)


def run_all(parts: list[str], *, quick: bool) -> list[str]:
    """Answers the titles of the runs that failed."""
    failed = []
    figures: dict[str, Any] = {"made_at": datetime.now(UTC).isoformat(), "machine": machine(), "runs": {}}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ciao-bench-")))
        cluster = stack.enter_context(postgres_cluster())
        services = Services(cluster, folder, stack.enter_context(redis(folder)))
        for part in parts:
            for run in runs_of(part, quick=quick):
                say(f"\n== {run.title}")
                result = folder / "result.json"
                result.unlink(missing_ok=True)
                command = ending_with_us([sys.executable, "-m", "tests.benchmarks.part", run.module])
                env = services.environment(run, quick=quick, result=result)
                if not _succeeds(command, env, longest_s=run.longest_s):
                    failed.append(run.title)
                if result.exists():
                    figures["runs"][run.title] = json.loads(result.read_text(encoding="utf-8"))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    say(f"\nThe figures are in {RESULTS.relative_to(REPOSITORY)}.")
    return failed


def _succeeds(command: list[str], env: dict[str, str], *, longest_s: int) -> bool:
    try:
        subprocess.run(command, cwd=REPOSITORY, env=env, timeout=longest_s, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        say(error)
        return False
    return True


def machine() -> dict[str, str | int | None]:
    return {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()}


def on_sigterm(_number: int, _frame: FrameType | None) -> None:
    # An ordinary exception, so that the services are stopped and deleted on the way out.
    raise SystemExit("ended by SIGTERM")


def main() -> None:
    signal.signal(signal.SIGTERM, on_sigterm)
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="short rounds and small data")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    if failed := run_all(options.parts or list(PARTS), quick=options.quick):
        raise SystemExit(f"make bench failed in: {', '.join(failed)}")


if __name__ == "__main__":
    main()
