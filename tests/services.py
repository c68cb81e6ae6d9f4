"""Programs that tests need beside Python: PostgreSQL clusters and Redis of their own, Chromium."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 60
STOP_SECONDS = 30


def postgres_programs() -> Path:
    """The folder of the newest server's programs; Debian keeps them off the PATH.

    Raises FileNotFoundError when no PostgreSQL server is installed.
    """
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True
    )
    candidates = [*folders, *([Path(found).parent] if (found := shutil.which("initdb")) else [])]
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    message = "No PostgreSQL server is installed: apt-get install postgresql"
    raise FileNotFoundError(message)


def free_port() -> int:
    """A TCP port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def chromium_path() -> str:
    """The system's Chromium. Raises FileNotFoundError when there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    message = "No Chromium is installed: apt-get install chromium"
    raise FileNotFoundError(message)


def _server_user() -> pwd.struct_passwd | None:
    """Who runs the server: ourselves, but not root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    message = "PostgreSQL refuses to run as root, and neither of the users postgres and nobody exists"
    raise LookupError(message)


@dataclass
class Cluster:
    """A private PostgreSQL server on 127.0.0.1 that a test may kill and start again.

    `is_durable` (fsync on) as in earnest; without it, making and dropping databases is quicker.
    """

    folder: Path
    port: int
    programs: Path
    user: pwd.struct_passwd | None
    is_durable: bool
    _server: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """The DATABASE_URL of the database `postgres`."""
        return self.database_url("postgres")

    def database_url(self, name: str) -> str:
        return f"postgres://ciao@127.0.0.1:{self.port}/{name}"

    @property
    def pid(self) -> int:
        """The process id of the running server (the postmaster)."""
        if self._server is None:
            message = "the cluster is not running"
            raise RuntimeError(message)
        return self._server.pid

    @property
    def is_running(self) -> bool:
        return self._server is not None

    def _as_server(self, *command: str) -> list[str]:
        if self.user is None:
            return list(command)
        switch = ["setpriv", f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups"]
        return [*switch, *command]

    def initialise(self) -> None:
        if self.user is not None:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        options = ("--username=ciao", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        self._run(str(self.programs / "initdb"), "--pgdata", str(self.folder / "data"), *options)

    def _run(self, *command: str) -> None:
        result = subprocess.run(
            self._as_server(*command), cwd=self.folder, capture_output=True, text=True, check=False
        )
        if result.returncode:
            message = f"{command[0]} failed: {result.stderr or result.stdout}"
            raise RuntimeError(message)

    def start(self) -> None:
        """Start the server and wait until it answers (after a kill: until it has recovered)."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            "fsync": "on" if self.is_durable else "off",
            "max_connections": "120",
        }
        switches = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                self._as_server(str(self.programs / "postgres"), "-D", str(self.folder / "data"), *switches),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        ready = (
            str(self.programs / "pg_isready"),
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            "ciao",
        )
        deadline = time.monotonic() + START_SECONDS
        while subprocess.run(ready, check=False).returncode:
            if self._server is None or self._server.poll() is not None or time.monotonic() > deadline:
                log = (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")
                message = f"PostgreSQL did not start:\n{log[-2000:]}"
                raise RuntimeError(message)
            time.sleep(0.05)

    def create_database(self, name: str) -> str:
        """Create an empty database and return its DATABASE_URL."""
        self._run(
            str(self.programs / "createdb"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "ciao", name
        )
        return self.database_url(name)

    def kill(self) -> None:
        """SIGKILL the server and everything it started, as a power cut would."""
        pid = self.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        for one in (pid, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self._reap()

    def stop(self) -> None:
        if self._server is not None and self._server.poll() is None:
            # SIGINT is PostgreSQL's fast shutdown: connections are cut, everything is written.
            self._server.send_signal(signal.SIGINT)
            self._reap()

    def _reap(self) -> None:
        if self._server is not None:
            self._server.wait(STOP_SECONDS)
            self._server = None


@contextlib.contextmanager
def postgres_cluster(*, is_durable: bool = True) -> Iterator[Cluster]:
    """A fresh cluster in a temporary folder; stopped and deleted afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ciao-postgres-"))
    cluster = Cluster(folder, free_port(), postgres_programs(), _server_user(), is_durable)
    try:
        cluster.initialise()
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class RedisServer:
    """A private Redis on 127.0.0.1 that a test may stop and start again; it forgets everything then."""

    folder: Path
    port: int
    _server: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder))
        self._server = subprocess.Popen(
            ["redis-server", *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                message = "redis-server did not start"
                raise RuntimeError(message)
            time.sleep(0.05)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as client:
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False

    def stop(self) -> None:
        if self._server is not None:
            self._server.kill()
            self._server.wait(STOP_SECONDS)
            self._server = None


@contextlib.contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A running Redis on a free port; ended afterwards."""
    with tempfile.TemporaryDirectory(prefix="ciao-redis-") as folder:
        server = RedisServer(Path(folder), free_port())
        server.start()
        try:
            yield server
        finally:
            server.stop()
