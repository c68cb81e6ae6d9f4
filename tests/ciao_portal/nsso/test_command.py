"""The simulator as a command: what it says and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import requests

from tests.ciao_portal.nsso.world import reference_data
from tests.simulator import READY, REPOSITORY, TIMEOUT_S, SimulatorProcess


def start(*options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, str(REPOSITORY / "manage.py"), "nsso_simulator", *options]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=REPOSITORY
    )


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with SimulatorProcess(tmp_path) as simulator:
        port = simulator.address.rsplit(":", 1)[1]
        second = start("--port", port, "--data", str(tmp_path / "second.sqlite3"))
        _, told = second.communicate(timeout=TIMEOUT_S)
    assert second.returncode == 1
    assert told.strip() == f"CommandError: Port {port} cannot be used: Address already in use."


def test_reference_data_are_loaded_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "reference.json"
    file.write_text(json.dumps(reference_data()))
    process = start("--port", "0", "--data", str(tmp_path / "s.sqlite3"), "--reference", str(file))
    assert process.stdout is not None
    address = process.stdout.readline().strip().removeprefix(READY)
    with requests.Session() as session:
        session.trust_env = False
        shown = session.get(f"{address}/_simulator/reference", timeout=TIMEOUT_S).json()
    process.terminate()
    process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 0
    assert shown == reference_data()


def test_reference_data_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    file = tmp_path / "reference.json"
    file.write_text('{"people": [{}]}')
    process = start("--port", "0", "--data", str(tmp_path / "s.sqlite3"), "--reference", str(file))
    _, told = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 1
    assert "people[0].ssin is not a text" in told
