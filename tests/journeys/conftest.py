import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.cast import Cast, build_cast
from tests.journeys.proxy import Proxy
from tests.portal import REPOSITORY, Portal
from tests.services import chromium_path

# As root Chromium has no sandbox; everything else keeps it from asking the outside world for anything.
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def collected_static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compressed files with hashed names: collected once, which takes longer than most journeys."""
    folder = tmp_path_factory.mktemp("collected")
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    env = {**os.environ, "VAR_DIR": str(folder)}
    subprocess.run(command, cwd=REPOSITORY, env=env, check=True, capture_output=True)
    return folder / "static"


@pytest.fixture
def portal(transactional_db: None, tmp_path: Path, collected_static: Path) -> Iterator[Portal]:
    """A running portal, its files compressed and named as a real installation serves them."""
    with Portal(tmp_path) as portal:
        portal.take_static(collected_static)
        portal.start_web()
        yield portal


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast, in a database that other processes see."""
    return build_cast()


@pytest.fixture
def proxy(portal: Portal) -> Iterator[Proxy]:
    """A line to the portal that can be cut."""
    opened = Proxy(urlsplit(portal.url).port or 0)
    yield opened
    opened.close()
