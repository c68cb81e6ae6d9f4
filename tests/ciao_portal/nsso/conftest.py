from collections.abc import Iterator

import pytest

from ciao_portal.nsso.auth import Credentials
from ciao_portal.nsso.client import NssoClient
from tests.ciao_portal.nsso.world import MAIN, reference_data
from tests.simulator import SimulatorProcess


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    with SimulatorProcess(tmp_path_factory.mktemp("simulator")) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: SimulatorProcess) -> SimulatorProcess:
    """A simulator that has seen nothing yet and knows the small world; its checks follow intake at once."""
    running.clear()
    running.put_reference(**reference_data())
    return running


@pytest.fixture(scope="module")
def credentials(running: SimulatorProcess) -> Credentials:
    return running.credentials_for(MAIN)


@pytest.fixture
def client(simulator: SimulatorProcess, credentials: Credentials) -> Iterator[NssoClient]:
    """The main contractor's client."""
    with NssoClient(simulator.environment(), credentials, real_performance=False) as client:
        yield client
