"""Schemathesis compares the running simulator with its own description: all checks, stateful included."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ciao_portal.nsso.auth import TokenSource
from ciao_portal.nsso.transport import NssoTransport
from tests.ciao_portal.nsso.world import MAIN, reference_data
from tests.simulator import REPOSITORY, SimulatorProcess

CONFIG = Path(__file__).parent / "schemathesis.toml"
PROGRAM = Path(sys.executable).parent / "schemathesis"
PHASES = ("examples", "coverage", "fuzzing", "stateful")
LONGEST_S = 240

# It needs no database of ours: once is enough.


@pytest.fixture
def simulator(tmp_path: Path) -> SimulatorProcess:
    return SimulatorProcess(tmp_path, seed=1)


def test_the_simulator_does_what_it_describes(simulator: SimulatorProcess, tmp_path: Path) -> None:
    with simulator:
        simulator.put_reference(**reference_data())
        transport = NssoTransport(simulator.environment(), real_performance=False)
        token = TokenSource(simulator.token_url, simulator.credentials_for(MAIN)).token(transport)
        transport.close()
        run = subprocess.run(
            [
                *(str(PROGRAM), "--config-file", str(CONFIG), "run"),
                f"{simulator.base_url}/doc/openapi.json",
                *("--header", f"Authorization: Bearer {token}", "--phases", ",".join(PHASES)),
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
    assert run.returncode == 0, run.stdout + run.stderr
    for phase in PHASES:
        assert f"✅ {phase.capitalize()}" in run.stdout
