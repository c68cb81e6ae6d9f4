"""Browser windows that tell what they fetched and complained about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

from tests.cast import PASSWORD
from tests.portal import Portal

WAIT_MS = 15_000
DESKTOP = (1440, 900)
PHONE = (390, 844)
SMALL_PHONE = (360, 640)

# Told to the console, where every other complaint of the page is read as well.
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("content security policy", event.violatedDirective, event.blockedURI));
"""


@dataclass
class Window:
    """A page of a browser context of its own (own cookies), with what it said and where it went."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    bytes_received: int = 0

    def count_bytes(self) -> None:
        """Count from now on what comes over the wire, head and body, compressed as it comes."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._loaded)

    def _loaded(self, event: dict[str, Any]) -> None:
        self.bytes_received += int(event["encodedDataLength"])

    def resize(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def scrolls_sideways(self) -> bool:
        inside = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self.page.evaluate(inside))

    def height(self) -> int:
        """How tall the page is, in CSS pixels."""
        return int(self.page.evaluate("document.documentElement.scrollHeight"))


@contextmanager
def window(
    browser: Browser, *, size: tuple[int, int] = DESKTOP, has_script: bool = True, scheme: str = "light"
) -> Iterator[Window]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=has_script,
        locale="en-GB",
        color_scheme="dark" if scheme == "dark" else "light",
    )
    context.set_default_timeout(WAIT_MS)
    if has_script:
        context.add_init_script(TELL_VIOLATIONS)
    opened = Window(context.new_page())
    page = opened.page
    page.on("request", lambda request: opened.addresses.append(request.url))
    page.on("pageerror", lambda error: opened.complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda message: (
            opened.complaints.append(f"{page.url}: {message.text}")
            if message.type in ("error", "warning")
            else None
        ),
    )
    try:
        yield opened
    finally:
        context.close()


def sign_in(page: Page, portal: Portal, email: str) -> None:
    """By e-mail and password, as a person does; ends on the dashboard."""
    page.goto(f"{portal.url}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{portal.url}/")
