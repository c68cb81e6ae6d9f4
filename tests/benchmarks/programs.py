"""The programs that are measured, each started for one part and ended with it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.services import free_port

REPOSITORY = Path(__file__).resolve().parents[2]
START_S = 40.0
STOP_S = 20.0
WORKERS = 2


def ending_with_us(command: list[str]) -> list[str]:
    """The command, asked by the system to end when this process does, however that comes."""
    return ["setpriv", "--pdeathsig", "TERM", *command] if shutil.which("setpriv") else command


@contextlib.contextmanager
def running(command: list[str], *, port: int, env: Mapping[str, str], log: Path) -> Iterator[int]:
    """A program that listens on this port; gives its process id; ended by its process group.

    Raises RuntimeError with what it wrote when it does not start.
    """
    with log.open("ab") as out:
        process = subprocess.Popen(
            ending_with_us(command),
            cwd=REPOSITORY,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        _wait_for(process, port, log)
        yield process.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def processor_s(pid: int) -> float:
    """Seconds of processor time a running process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise RuntimeError(f"{process.args!r} did not start:\n{said}")
        time.sleep(0.05)


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis of our own, nothing kept; gives its REDIS_URL."""
    port = free_port()
    server = shutil.which("redis-server") or "redis-server"
    command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with running(command, port=port, env=os.environ, log=folder / "redis.log"):
        yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def portal(folder: Path, *, env: Mapping[str, str]) -> Iterator[int]:
    """The portal as it is served in earnest; gives its port."""
    port = free_port()
    manage = [sys.executable, "manage.py"]
    collect = [*manage, "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, cwd=REPOSITORY, env=dict(env), check=True)
    command = [*manage, "serve", "--port", str(port), "--workers", str(WORKERS)]
    with running(command, port=port, env=env, log=folder / "portal.log"):
        yield port


@contextlib.contextmanager
def ordinary(folder: Path, *, env: Mapping[str, str], threads: int) -> Iterator[int]:
    """The ordinary application under the same server with as many workers and threads; gives its port."""
    port = free_port()
    own = {**env, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.ordinary.settings"}
    seed = [sys.executable, "-m", "tests.benchmarks.part", "tests.benchmarks.ordinary.seed"]
    subprocess.run(seed, cwd=REPOSITORY, env=own, check=True)
    command = [
        *(sys.executable, "-m", "granian", "tests.benchmarks.ordinary.wsgi:application"),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"),
        *("--workers", str(WORKERS), "--blocking-threads", str(threads)),
        *("--blocking-threads-idle-timeout", "600", "--no-access-log"),
    ]
    with running(command, port=port, env=own, log=folder / "ordinary.log"):
        yield port
