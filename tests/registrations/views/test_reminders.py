"""Reminding a subcontractor: seen before it goes, kept as it went."""

import re
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.test import Client as Browser
from pytest_django import Settings

from ciao_portal.companies import write_card
from ciao_portal.models import AuditEvent, SentLetter
from ciao_portal.tenancy import company_scope, unscoped
from registrations.models import ChainReminder
from registrations.services.reminders import names_a_number
from tests.cast import NOW, SSINS, Cast, person
from tests.queries import at_most_queries
from tests.registrations.views.pages import Page, text
from tests.registrations.views.scene import set_clock
from tests.works import Works, declare, subcontract_to, tap

pytestmark = pytest.mark.django_db
ADDRESS = "planning@sub.example"


@pytest.fixture
def works(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Works:
    """Sub was expected today, and has no clause; it is 07:02 in Brussels on Monday 23 November."""
    set_clock(monkeypatch, NOW + timedelta(hours=1))
    made = declare(cast.main, now=NOW - timedelta(days=60))
    subcontract_to(made, cast.sub, now=NOW - timedelta(days=60))
    with company_scope(cast.main):
        write_card(company=cast.main, subject=cast.sub, name="Zuiver Sub", contact_email=ADDRESS)
    for weeks in (1, 2, 3):
        tap(made, person(SSINS[1]), now=NOW - timedelta(weeks=weeks), employer=cast.sub)
    return made


def address(cast: Cast, works: Works) -> str:
    return f"/declarations/{works.declaration.pk}/reminders/{cast.sub.pk}/"


def shown_in(page: Page) -> str:
    """The fingerprint of the letter on the page."""
    (found,) = re.findall(r'name="shown" value="(\w+)"', page.content.decode())
    return str(found)


def silent(cast: Cast, works: Works) -> str:
    return f"silent:{works.declaration.pk}:{cast.sub.pk}"


def send(browser: Browser, here: str, form: dict[str, Any]) -> Any:
    """Look at the letter, then send what was shown."""
    page = browser.post(here, form)
    return browser.post(here, {**form, "shown": shown_in(page)})


def test_it_is_shown_word_by_word_sent_and_kept(cast: Cast, works: Works) -> None:
    browser, here = cast.browser(cast.office), address(cast, works)
    page = browser.get(f"{here}?gap={silent(cast, works)}")
    words = text(page)
    # In the language of the company it is for, about what one came from.
    assert "Er werd iemand van u verwacht, en niemand registreerde: 23/11/2026." in words
    assert ADDRESS in words
    form = {"gaps": [silent(cast, works)], "language": "en", "note": "Piet told us of a strike."}
    page = browser.post(here, form)
    assert mail.outbox == []
    assert "Read it below, then send it." in text(page)
    assert "Somebody of yours was expected, and nobody registered: 23/11/2026." in text(page)
    answer = browser.post(here, {**form, "shown": shown_in(page)})
    with company_scope(cast.main):
        reminder = ChainReminder.objects.select_related("letter").get()
    assert answer.headers["Location"] == f"/chain-gaps/reminders/{reminder.pk}/"
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert "Piet told us of a strike." in message.body
    assert "Zuiver Sub (0202.239.951)" in message.body
    assert "Answer to office@main.example" in message.body
    assert reminder.letter is not None
    assert (reminder.letter.text, reminder.letter.is_taken) == (message.body, True)
    assert reminder.letter.recipient_id == cast.sub.pk
    assert reminder.gaps == [{"kind": "silent", "days": ["2026-11-23"]}]
    event = AuditEvent.objects.get(action="chain.reminded")
    assert event.payload["kinds"] == ["silent"]


def test_another_note_is_shown_once_more(cast: Cast, works: Works) -> None:
    browser, here = cast.browser(cast.office), address(cast, works)
    form = {"gaps": [silent(cast, works)], "language": "en"}
    shown = shown_in(browser.post(here, form))
    page = browser.post(here, {**form, "note": "Something else", "shown": shown})
    assert "Read it below, then send it." in text(page)
    assert "Something else" in text(page)
    assert mail.outbox == []


def test_one_a_day_unless_one_says_so(cast: Cast, works: Works) -> None:
    browser, here = cast.browser(cast.office), address(cast, works)
    form: dict[str, Any] = {"gaps": [silent(cast, works)], "language": "en"}
    send(browser, here, form)
    page = send(browser, here, form)
    assert "You reminded this company of the same today." in text(page)
    assert len(mail.outbox) == 1
    # About something else it may go.
    send(browser, here, {**form, "gaps": [f"clause_missing:{works.declaration.pk}:{cast.sub.pk}"]})
    assert len(mail.outbox) == 2
    send(browser, here, {**form, "is_again": "on"})
    assert len(mail.outbox) == 3


def test_the_next_day_it_may_go_again(cast: Cast, works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, here = cast.browser(cast.office), address(cast, works)
    form = {"gaps": [silent(cast, works)], "language": "en"}
    send(browser, here, form)
    set_clock(monkeypatch, NOW + timedelta(days=1))
    send(browser, here, form)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("It is about 85.07.30-033.28, call me.", "A national number may not stand in an e-mail."),
        ("x" * 2001, "at most 2000 characters"),
    ],
)
def test_what_may_not_go_stays_in_the_form(cast: Cast, works: Works, note: str, words: str) -> None:
    browser, here = cast.browser(cast.office), address(cast, works)
    form = {"gaps": [silent(cast, works)], "language": "en", "note": note}
    page = browser.post(here, form)
    if "shown" in page.content.decode() and 'name="shown" value' in page.content.decode():
        page = browser.post(here, {**form, "shown": shown_in(page)})
    assert words in text(page)
    assert note in page.content.decode()
    assert mail.outbox == []


def test_without_an_address_the_card_is_offered(cast: Cast, works: Works) -> None:
    with company_scope(cast.main):
        write_card(company=cast.main, subject=cast.sub, name="Zuiver Sub")
    browser, here = cast.browser(cast.office), address(cast, works)
    page = browser.get(here)
    assert "No e-mail address is known." in text(page)
    assert f'href="/companies/{cast.sub.pk}/edit/"' in page.content.decode()
    page = send(browser, here, {"gaps": [silent(cast, works)], "language": "en"})
    assert "Give the company an e-mail address first." in text(page)


def test_a_mail_server_that_does_not_take_it_is_kept_as_such(
    cast: Cast, works: Works, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "tests.registrations.views.test_reminders.Refusing"
    browser, here = cast.browser(cast.office), address(cast, works)
    form = {"gaps": [silent(cast, works)], "language": "en"}
    answer = send(browser, here, form)
    words = text(browser.get(answer.headers["Location"]))
    assert "Not taken by the mail server" in words
    assert "The mail server did not take the reminder." in words
    # It does not count as the one of today.
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send(browser, here, form)
    assert len(mail.outbox) == 1


class Refusing:
    """A mail server that is down."""

    def __init__(self, **_options: object) -> None:
        pass

    def send_messages(self, _messages: object) -> int:
        raise SMTPException


def test_who_may_write_and_to_whom(cast: Cast, works: Works) -> None:
    here = address(cast, works)
    assert cast.browser(cast.auditor).get(here).status_code == 403
    assert cast.browser(cast.stranger_office).get(here).status_code == 404
    # A company of the chain does not write to itself, nor to those above it.
    assert cast.browser(cast.sub_office).get(here).status_code == 404
    up = f"/declarations/{works.declaration.pk}/reminders/{cast.main.pk}/"
    assert cast.browser(cast.sub_office).get(up).status_code == 404


def test_it_stands_on_the_pages_of_works_and_firm_for_the_own_company_alone(cast: Cast, works: Works) -> None:
    send(cast.browser(cast.office), address(cast, works), {"gaps": [silent(cast, works)], "language": "en"})
    with company_scope(cast.main):
        reminder = ChainReminder.objects.get()
    auditor = cast.browser(cast.auditor)
    for here in (f"/declarations/{works.declaration.pk}/gaps/", f"/companies/{cast.sub.pk}/gaps/"):
        words = text(auditor.get(here))
        assert "Mon 23 Nov 07:02 Zuiver Sub: Expected but silent Taken by the mail server" in words
    page = f"/chain-gaps/reminders/{reminder.pk}/"
    with at_most_queries(12):
        words = text(auditor.get(page))
    assert "Somebody of yours was expected" in words
    assert reminder.letter is not None
    assert reminder.letter.message_id in words
    for other in (cast.sub_office, cast.stranger_office):
        assert cast.browser(other).get(page).status_code == 404


def test_one_that_was_interrupted_says_so(cast: Cast, works: Works) -> None:
    with company_scope(cast.main):
        reminder = ChainReminder.objects.create(
            company=cast.main, declaration=works.declaration, subject=cast.sub, created_at=NOW
        )
    words = text(cast.browser(cast.auditor).get(f"/chain-gaps/reminders/{reminder.pk}/"))
    assert "Whether it arrived is not known." in words
    with unscoped(reason="a test counts letters"):
        assert not SentLetter.objects.exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("85.07.30-033.28", True),
        ("85073003328", True),
        ("85 07 30 033 28", True),
        ("0206.731.645", False),
        ("9B0 ABCDE FGHJK", False),
        ("85.07.30-033.29", False),
        ("call 0470 12 34 56 after 8", False),
    ],
)
def test_a_national_number_in_a_text(words: str, *, expected: bool) -> None:
    assert names_a_number(words, now=NOW) is expected
