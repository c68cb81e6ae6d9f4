"""Letters that are shown before they go."""

import re
from smtplib import SMTPException
from typing import Any

from django.test import Client as Browser

from tests.registrations.views.pages import Page


def shown_in(page: Page) -> str:
    """The fingerprint of the letter on the page."""
    (found,) = re.findall(r'name="shown" value="(\w+)"', page.content.decode())
    return str(found)


def send(browser: Browser, here: str, form: dict[str, Any]) -> Any:
    """Look at the letter, then send what was shown."""
    return browser.post(here, {**form, "shown": shown_in(browser.post(here, form))})


def post_as_shown(browser: Browser, here: str, form: dict[str, Any]) -> Any:
    """Send what was shown, when the form let it be shown at all."""
    page = browser.post(here, form)
    if 'name="shown" value' in page.content.decode():
        page = browser.post(here, {**form, "shown": shown_in(page)})
    return page


class Refusing:
    """A mail server that is down."""

    def __init__(self, **_options: object) -> None:
        pass

    def send_messages(self, _messages: object) -> int:
        raise SMTPException
