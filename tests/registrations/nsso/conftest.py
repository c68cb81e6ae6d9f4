from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.registrations.nsso.world import World, built_world
from tests.simulator import SimulatorProcess


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorProcess]:
    with SimulatorProcess(tmp_path_factory.mktemp("simulator")) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: SimulatorProcess, settings: Settings) -> SimulatorProcess:
    """The running simulator, and the portal's settings pointing at it."""
    settings.NSSO_ENVIRONMENT = "simulator"
    settings.NSSO_BASE_URL = running.base_url
    settings.NSSO_TOKEN_URL = running.token_url
    settings.NSSO_TIMEOUT_S = 10.0
    return running


@pytest.fixture
def bare_world(db: None, simulator: SimulatorProcess) -> Iterator[World]:
    """Nobody has credentials yet."""
    with built_world(simulator) as world:
        yield world


@pytest.fixture
def world(bare_world: World) -> World:
    """The declarer has credentials; they serve its whole chain."""
    bare_world.store_credentials(bare_world.cast.main)
    return bare_world
