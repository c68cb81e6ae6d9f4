"""Reminding another company of its remarks: seen before it goes, kept as it went."""

from datetime import timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from ciao_portal.companies import write_card
from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import company_scope
from registrations.models import Remark, RemarkReminder
from tests.cast import NOW, SSINS, Cast
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.letters import post_as_shown, send, shown_in
from tests.registrations.views.pages import text
from tests.registrations.views.scene import accepted, elsewhere, remark_on, set_clock

ADDRESS = "planning@sub.example"


@pytest.fixture
def remark(cast: Cast, morning: Morning) -> Remark:
    """On a registration of the subcontractor, whose card has an address."""
    with company_scope(cast.main):
        write_card(company=cast.main, subject=cast.sub, name="Zuiver Sub", contact_email=ADDRESS)
    return remark_on(accepted(morning.of_bea, nsso_id=17612))


def address(*remarks: Remark) -> str:
    return "/remarks/reminders/new/?" + "&".join(f"remark={one.pk}" for one in remarks)


def the_reminder(cast: Cast) -> RemarkReminder:
    with company_scope(cast.main):
        return RemarkReminder.objects.select_related("letter").get()


def test_from_ticked_remarks_to_a_letter_with_proof(cast: Cast, morning: Morning, remark: Remark) -> None:
    other = remark_on(elsewhere(morning.of_bea, nsso_id=900), "enterpriseUnknown")
    browser = cast.browser(cast.office)
    answer = browser.post("/remarks/remind/", {"row": [str(remark.pk), str(other.pk)]})
    here = answer.headers["Location"]
    assert here == address(remark, other)
    words = text(browser.get(here))
    # In the language of the company it is for.
    assert "ma 23 nov 2026, Gebouw 2" in words
    form = {"language": "en", "note": "Piet told us of a new contract."}
    page = browser.post(here, form)
    assert mail.outbox == []
    assert "Read it below, then send it." in text(page)
    answer = browser.post(here, {**form, "shown": shown_in(page)})
    reminder = the_reminder(cast)
    assert answer.headers["Location"] == f"/remarks/reminders/{reminder.pk}/"
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    for part in (
        "Mon 23 Nov 2026, Gebouw 2 (number 17612 at the NSSO): No Dimona declaration for this day.",
        # Works without a workplace: registered elsewhere. It may be asked until its last day.
        "Mon 23 Nov 2026, Schoonmaak Voorbeeld (number 900 at the NSSO): Enterprise number does not exist.",
        "Last day for a request: Wed 23 Dec 2026.",
        "Piet told us of a new contract.",
        "Answer to office@main.example",
    ):
        assert part in message.body, part
    # Nobody is named: neither the worker nor the number.
    for part in ("Bea", "Onderaan", SSINS[1][:6]):
        assert part not in message.body
    assert reminder.letter is not None
    assert (reminder.letter.text, reminder.letter.is_taken) == (message.body, True)
    assert reminder.letter.recipient_id == cast.sub.pk
    assert AuditEvent.objects.get(action="remark.reminded").payload["remarks"] == 2


def test_it_stands_in_the_life_of_the_remark_for_the_own_company_alone(cast: Cast, remark: Remark) -> None:
    send(cast.browser(cast.office), address(remark), {"language": "en"})
    reminder = the_reminder(cast)
    here = f"/remarks/reminders/{reminder.pk}/"
    auditor = cast.browser(cast.auditor)
    page = auditor.get(f"/remarks/{remark.pk}/")
    assert f"Company reminded Mon 23 Nov 06:02 Taken by the mail server, {ADDRESS}" in text(page)
    assert f'href="{here}"' in page.content.decode()
    with at_most_queries(12):
        words = text(auditor.get(here))
    assert reminder.letter is not None
    for part in (reminder.letter.message_id, ADDRESS, "No Dimona declaration for this day", "30 days"):
        assert part in words, part
    assert "Company reminded" not in text(cast.browser(cast.sub_office).get(f"/remarks/{remark.pk}/"))
    for other in (cast.sub_office, cast.stranger_office):
        assert cast.browser(other).get(here).status_code == 404


def test_one_a_day_unless_one_says_so(
    cast: Cast, morning: Morning, remark: Remark, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, here = cast.browser(cast.office), address(remark)
    send(browser, here, {"language": "en"})
    page = send(browser, here, {"language": "en"})
    assert "You reminded this company of one of these today." in text(page)
    assert len(mail.outbox) == 1
    # Of another remark it may be reminded.
    send(browser, address(remark_on(accepted(morning.of_bea, nsso_id=5), "missingOut")), {"language": "en"})
    send(browser, here, {"language": "en", "is_again": "on"})
    assert len(mail.outbox) == 3
    set_clock(monkeypatch, NOW + timedelta(days=1))
    send(browser, here, {"language": "en"})
    assert len(mail.outbox) == 4


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("It is about 85.07.30-033.28, call me.", "A national number may not stand in an e-mail."),
        ("x" * 2001, "at most 2000 characters"),
    ],
)
def test_what_may_not_go_stays_in_the_form(cast: Cast, remark: Remark, note: str, words: str) -> None:
    browser, here = cast.browser(cast.office), address(remark)
    page = post_as_shown(browser, here, {"language": "en", "note": note})
    assert words in text(page)
    assert note in page.content.decode()
    assert mail.outbox == []


def test_without_an_address_the_card_is_offered(cast: Cast, remark: Remark) -> None:
    with company_scope(cast.main):
        write_card(company=cast.main, subject=cast.sub, name="Zuiver Sub")
    browser = cast.browser(cast.office)
    page = browser.get(address(remark))
    assert "No e-mail address is known." in text(page)
    assert f'href="/companies/{cast.sub.pk}/edit/"' in page.content.decode()
    page = send(browser, address(remark), {"language": "en"})
    assert "Give the company an e-mail address first." in text(page)


def test_a_mail_server_that_does_not_take_it_is_kept_as_such(
    cast: Cast, remark: Remark, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "tests.registrations.views.letters.Refusing"
    browser = cast.browser(cast.office)
    answer = send(browser, address(remark), {"language": "en"})
    words = text(browser.get(answer.headers["Location"]))
    assert "Not taken by the mail server" in words
    assert "The mail server did not take the reminder." in words
    # It does not count as the one of today.
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send(browser, address(remark), {"language": "en"})
    assert len(mail.outbox) == 1


def test_one_that_was_interrupted_says_so(cast: Cast, remark: Remark) -> None:
    with company_scope(cast.main):
        reminder = RemarkReminder.objects.create(company=cast.main, subject=cast.sub, created_at=NOW)
        reminder.remarks.set([remark])
    auditor = cast.browser(cast.auditor)
    assert "Whether it arrived is not known." in text(auditor.get(f"/remarks/reminders/{reminder.pk}/"))
    assert "Being sent" in text(auditor.get(f"/remarks/{remark.pk}/"))


def test_whom_one_can_remind_of_what(cast: Cast, morning: Morning, remark: Remark) -> None:
    own = remark_on(accepted(morning.of_ada, nsso_id=1))
    gone = remark_on(accepted(morning.of_bea, nsso_id=2), "missingOut", gone_at=NOW)
    browser = cast.browser(cast.office)
    for rows, words in [
        ([], "Tick the open remarks you want to write about."),
        ([gone], "Tick the open remarks you want to write about."),
        ([own], "Only another company can be reminded."),
        ([own, remark], "A letter goes to one company."),
    ]:
        answer = browser.post("/remarks/remind/", {"row": [str(one.pk) for one in rows]}, follow=True)
        assert answer.redirect_chain[-1][0] == "/remarks/"
        assert words in text(answer), words
    assert cast.browser(cast.auditor).get(address(remark)).status_code == 403
    # A stranger does not see it; the company itself has nobody to remind.
    for user in (cast.stranger_office, cast.sub_office):
        assert cast.browser(user).get(address(remark)).headers["Location"] == "/remarks/"
    assert mail.outbox == []
