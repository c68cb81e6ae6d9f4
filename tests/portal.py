"""The whole portal as real processes: web, sender and simulator, which a test may kill and start again.

The processes work on the very database that the test itself is connected to, so a test reads the rows through
the models. Everything that was started is ended again, by its process group.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import requests
from django.db import connection
from django.utils import timezone

from ciao_portal.audit import Actor
from ciao_portal.companies import store_credentials
from ciao_portal.models import Company
from ciao_portal.nsso.auth import generate_key_pair
from tests.services import free_port
from tests.simulator import SimulatorProcess

REPOSITORY = Path(__file__).resolve().parent.parent
READY_S = 40.0
STOP_S = 20.0
# Short, so that a lost answer is looked up within a test; the production values are minutes.
SETTINGS = {
    "NSSO_TIMEOUT_S": "2",
    "NSSO_SEARCH_MARGIN_S": "0.5",
    "NSSO_SENDER_THREADS": "4",
    "TYPED_IDENTITIES_PER_HOUR": "1000000",
}

Found = TypeVar("Found")


def wait_for(
    condition: Callable[[], Found | None], *, seconds: float, what: str, every: float = 0.05
) -> Found:
    """The first true answer of `condition`. Raises AssertionError with the last answer after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what} (last: {found!r})")
        time.sleep(every)
    return found


def database_url() -> str:
    """The DATABASE_URL of the database this test is connected to."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    secret = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
    return f"postgres://{known['USER']}{secret}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


class Program:
    """One program in a process group of its own."""

    def __init__(self, command: list[str], *, env: Mapping[str, str], log: Path) -> None:
        # Also when the tests themselves are killed, their programs end.
        self._command = ["setpriv", "--pdeathsig", "KILL", *command] if shutil.which("setpriv") else command
        self._env = dict(env)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def output(self) -> str:
        """What it has written since its last start."""
        return (
            self._log.read_bytes()[self._log_start :].decode(errors="replace") if self._log.exists() else ""
        )

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        self._log_start = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=REPOSITORY,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until(self, is_ready: Callable[[], bool], what: str) -> None:
        """Raises AssertionError with what it wrote when it ended or is not ready in time."""
        with contextlib.suppress(AssertionError):
            wait_for(lambda: is_ready() or not self.is_running, seconds=READY_S, what=what)
        assert self.is_running, f"ended before {what}:\n{self.output[-3000:]}"
        assert is_ready(), f"not {what} within {READY_S} s:\n{self.output[-3000:]}"

    def run_for(self, seconds: float) -> None:
        """Let it go on for so long; raises AssertionError when it ends by itself."""
        assert self._process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(seconds)
            raise AssertionError(f"ended by itself with {code}:\n{self.output[-3000:]}")

    def kill(self) -> None:
        """End it and all its children as a power cut would."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            # It leads its group: the number of the group is its own.
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(STOP_S)
        self._process = None

    def kill_children(self) -> int:
        """Kill what it started, but not itself; answers how many there were."""
        assert self._process is not None
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        return len(children)

    def stop(self) -> None:
        """Ask it to end; kill what is left of it, or all of it when it does not.

        It alone is asked, and ends its children itself: the master of django-q waits in vain for helpers that
        die of the same signal.
        """
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_S)
        self.kill()


class Portal:
    """Web, sender and simulator on free ports, with a folder of their own for everything they write."""

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None) -> None:
        var = folder / "var"
        (var / "static").mkdir(parents=True)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.simulator = SimulatorProcess(folder)
        self.env = {
            **os.environ,
            **SETTINGS,
            "VAR_DIR": str(var),
            "PORT": str(port),
            "PUBLIC_URL": self.url,
            "DATABASE_URL": database_url(),
            "NSSO_BASE_URL": self.simulator.base_url,
            "NSSO_TOKEN_URL": self.simulator.token_url,
            **(settings or {}),
        }
        self.web = Program(self._manage("serve", "--port", str(port)), env=self.env, log=folder / "web.log")
        self._folder = folder
        self.sender = self.another_sender("sender")
        self.worker = Program(self._manage("qcluster"), env=self.env, log=folder / "worker.log")

    def __enter__(self) -> "Portal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start_web(self) -> None:
        self.web.start()
        self.web.wait_until(self._is_healthy, "healthy")

    def another_sender(self, name: str = "second-sender") -> Program:
        """A sender beside the first, for the test to start and to stop."""
        return Program(self._manage("run_outbox"), env=self.env, log=self._folder / f"{name}.log")

    def start_sender(self) -> None:
        self.sender.start()
        self.sender.wait_until(lambda: " started" in self.sender.output, "started")

    def start_worker(self) -> None:
        """What makes reports and runs schedules."""
        self.worker.start()
        self.worker.wait_until(lambda: "running" in self.worker.output, "running")

    def stop(self) -> None:
        """End everything this portal started, whatever the test left running."""
        self.worker.stop()
        self.sender.stop()
        self.web.stop()
        if self.simulator.process.poll() is None:
            self.simulator.process.send_signal(signal.SIGCONT)
            self.simulator.kill()

    def take_static(self, collected: Path) -> None:
        """Serve these files (see `collected_static`), as a real installation does. Before the web starts."""
        shutil.copytree(
            collected, Path(self.env["VAR_DIR"]) / collected.name, copy_function=os.link, dirs_exist_ok=True
        )

    def run(self, *command: str) -> None:
        """Run a command of manage.py to its end, with the settings of this portal."""
        subprocess.run(self._manage(*command), cwd=REPOSITORY, env=self.env, check=True, capture_output=True)

    def give_access(self, company: Company) -> None:
        """Let the company's registrations travel: a fresh key, known to the simulator."""
        keys = generate_key_pair()
        credentials = self.simulator.credentials_for(company.enterprise_number or "", keys=keys)
        store_credentials(
            company=company,
            client_id=credentials.client_id,
            private_key_pem=keys.private_pem,
            public_key_pem=keys.public_pem,
            actor=Actor(company),
            now=timezone.now(),
        )

    def _manage(self, *command: str) -> list[str]:
        return [sys.executable, "manage.py", *command]

    def _is_healthy(self) -> bool:
        with requests.Session() as session:
            session.trust_env = False
            try:
                return session.get(f"{self.url}/health", timeout=5).status_code == 200
            except requests.RequestException:
                return False
