"""The first view of the phone page on an old phone with a bad signal: Chromium, six times slower, slow 3G.

A fresh browser each time: nothing cached, no connection open. The median of the rounds counts.
"""

import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks import programs
from tests.benchmarks.figures import Table, is_quick, keep
from tests.benchmarks.people import found_site
from tests.services import chromium_path

ROUNDS = 1 if is_quick() else 5
SLOWER = 6
# What Chromium's own tools call slow 3G, times as the phone sees them.
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
GOAL_S, GOAL_PLAIN, GOAL_ALL = 3.0, 20_000, 50_000
# A headless browser has no finger: the largest text or picture that was painted is what the eye waits for.
LARGEST = """() => new Promise((tell) => new PerformanceObserver((list) => {
  const all = list.getEntries(); tell(all[all.length - 1].startTime);
}).observe({type: "largest-contentful-paint", buffered: true}))"""
SHIFTS = """() => new Promise((tell) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => tell(sum), 300);
})"""


class Fetched:
    """What came over the wire, heads and bodies, as compressed as it came."""

    def __init__(self) -> None:
        self.bytes = 0

    def add(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])


def view(browser: Browser, address: str, *, cookie: str, has_script: bool) -> tuple[float, float, int]:
    """Seconds to the largest paint, how much moved, and the bytes of one first view."""
    context = browser.new_context(
        viewport={"width": 360, "height": 640},
        device_scale_factor=3,
        is_mobile=True,
        java_script_enabled=has_script,
    )
    if cookie:
        context.add_cookies([{"name": "phone", "value": cookie, "url": address}])
    page = context.new_page()
    session = context.new_cdp_session(page)
    fetched = Fetched()
    session.send("Network.enable")
    session.on("Network.loadingFinished", fetched.add)
    session.send("Network.emulateNetworkConditions", SLOW_3G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="networkidle")
    # Asked from outside, so that it answers without the page's own script as well.
    seconds = page.evaluate(LARGEST) / 1000 if has_script else 0.0
    moved = page.evaluate(SHIFTS) if has_script else 0.0
    context.close()
    return seconds, moved, fetched.bytes


def main() -> None:
    call_command("migrate", verbosity=0)
    worker = found_site(now=timezone.now())[0]
    table = Table(
        f"First view at 360 px, processor {SLOWER} times slower, slow 3G (goal {GOAL_S:g} s)",
        ("page", "s (median)", "s (worst)", "moved", "bytes", "goal"),
    )
    with (
        tempfile.TemporaryDirectory(prefix="ciao-bench-") as name,
        programs.portal(Path(name), env={**os.environ, "VAR_DIR": name}) as port,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        address = f"http://127.0.0.1:{port}/r/{worker.code}/"
        for what, cookie, has_script in (
            ("number to type", "", True),
            ("own phone", worker.secret, True),
            ("own phone, without script", worker.secret, False),
        ):
            rounds = [view(browser, address, cookie=cookie, has_script=has_script) for _ in range(ROUNDS)]
            seconds = [one[0] for one in rounds]
            table.add(
                what,
                statistics.median(seconds) if has_script else None,
                max(seconds) if has_script else None,
                max(one[1] for one in rounds),
                max(one[2] for one in rounds),
                GOAL_ALL if has_script else GOAL_PLAIN,
            )
        browser.close()
    keep([table])
    connections.close_all()
