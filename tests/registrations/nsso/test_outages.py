"""Outages are found, told once, and end: with the simulator down and a clock that is moved."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as LocMemBackend
from pytest_django import Settings

from ciao_portal.models import Company, Role
from ciao_portal.tenancy import unscoped
from registrations.models import NssoLine, Outage, Submission
from registrations.models.nsso import SubmissionState
from registrations.rules.presence import Kind
from registrations.services.outages import watch
from tests.cast import make_user
from tests.queries import at_most_queries
from tests.registrations.nsso.world import ANNA, BILAL, T0, World, at, states

DOWN = {"kind": "serviceUnavailable", "times": 1000}


@pytest.fixture
def people(world: World) -> Company:
    """An owner and an office at the main contractor, each in an own language, and who is told nothing."""
    main = world.cast.main
    for name, role, language in (
        ("owner", Role.OWNER, "nl"),
        ("office", Role.OFFICE, "fr"),
        ("auditor", Role.AUDITOR, "en"),
    ):
        user = make_user(f"{name}@main.example", main, role, now=T0)
        user.language = language
        user.save(update_fields=["language"])
    make_user("office@stranger.example", world.cast.stranger, Role.OFFICE, now=T0)
    return main


def outages() -> list[Outage]:
    with unscoped(reason="tests look at everything"):
        return list(Outage.objects.select_related("company").order_by("company__name", "started_at"))


def recipients() -> list[str]:
    return sorted(address for letter in mail.outbox for address in letter.to)


def test_found_told_once_and_ended_once_all_got_through(world: World, people: Company) -> None:
    world.simulator.put_faults(DOWN)
    first = world.tap(ANNA)
    world.tap(BILAL, seconds=60)
    world.send(61)
    watch(now=at(300))
    assert outages() == []

    watch(now=at(301))
    [outage] = outages()
    assert (outage.company, outage.origin, outage.started_at) == (people, "found", first.received_at)
    assert (outage.reason, outage.told_at, outage.ended_at) == ("serviceUnavailable", at(301), None)
    assert recipients() == ["office@main.example", "owner@main.example"]

    for minute in range(6, 20):
        watch(now=at(60 * minute))
    assert len(outages()) == 1
    assert len(mail.outbox) == 2

    world.simulator.put_faults()
    while world.send(1201):
        pass
    watch(now=at(1260))
    [outage] = outages()
    assert outage.ended_at == at(1260)
    assert len(mail.outbox) == 2


def test_the_next_outage_is_another_one(world: World, people: Company) -> None:
    one = world.tap(ANNA)
    watch(now=at(301))
    Submission.objects.filter(registration=one).update(state=SubmissionState.ACCEPTED)
    watch(now=at(360))
    world.tap(ANNA, Kind.OUT, seconds=400)
    watch(now=at(701))
    assert [(row.started_at, row.ended_at) for row in outages()] == [(at(0), at(360)), (at(400), None)]
    assert len(mail.outbox) == 4


def test_it_lasts_until_what_came_later_gets_through_too(world: World, people: Company) -> None:
    """One that is a little late neither keeps nor begins an outage; one above two minutes keeps it."""
    first = world.tap(ANNA)
    world.tap(BILAL, seconds=240)
    watch(now=at(301))
    Submission.objects.filter(registration=first).update(state=SubmissionState.ACCEPTED)
    watch(now=at(361))
    assert outages()[0].ended_at is None
    Submission.objects.update(state=SubmissionState.ACCEPTED)
    world.tap(BILAL, Kind.OUT, seconds=370)
    watch(now=at(421))
    assert outages()[0].ended_at == at(421)
    watch(now=at(500))
    assert len(outages()) == 1


def test_employer_and_declarer_each_have_their_own(world: World, people: Company) -> None:
    make_user("office@sub.example", world.cast.sub, Role.OFFICE, now=T0)
    world.tap(ANNA, employer=world.cast.sub)
    watch(now=at(301))
    assert [row.company for row in outages()] == [world.cast.main, world.cast.sub]
    assert recipients() == ["office@main.example", "office@sub.example", "owner@main.example"]


def test_without_anybody_to_tell_it_is_kept(world: World) -> None:
    world.tap(ANNA)
    watch(now=at(301))
    assert [row.told_at for row in outages()] == [None]
    assert mail.outbox == []


def test_a_refused_access_is_an_outage_and_a_missing_one_is_not(bare_world: World) -> None:
    one = bare_world.tap(ANNA)
    bare_world.send(1)
    assert states(one) == [SubmissionState.MISCONFIGURED]
    watch(now=at(301))
    assert outages() == []

    bare_world.store_credentials(bare_world.cast.main)
    bare_world.simulator.put_faults({"kind": "tokenRefused", "times": 1000})
    bare_world.send(302)
    assert states(one) == [SubmissionState.MISCONFIGURED]
    watch(now=at(303))
    [outage] = outages()
    assert outage.reason == "tokenRefused"
    # While it is tried again it goes on.
    Submission.objects.update(state=SubmissionState.SENDING, in_flight_since=at(602))
    watch(now=at(603))
    assert [row.ended_at for row in outages()] == [None]


def test_the_reason_is_that_of_the_access_s_line(world: World) -> None:
    world.tap(ANNA)
    world.send(1)
    Submission.objects.update(state=SubmissionState.WAITING, last_error="")
    access = Submission.objects.get().credentials
    NssoLine.objects.update_or_create(
        credentials=access, defaults={"failing_since": at(1), "last_failure": "nameNotResolved"}
    )
    watch(now=at(301))
    assert outages()[0].reason == "nameNotResolved"


def test_what_was_never_tried_has_no_reason(world: World) -> None:
    world.tap(ANNA)
    watch(now=at(301))
    assert outages()[0].reason == ""


class KilledError(BaseException):
    """The process ends here."""


class Killing(BaseEmailBackend):
    """The watcher is killed when it begins to write."""

    def send_messages(self, _letters: Sequence[EmailMessage]) -> int:
        raise KilledError


class Meanwhile(LocMemBackend):
    """While a letter goes out, another worker watches too."""

    def send_messages(self, letters: Sequence[EmailMessage]) -> int:
        watch(now=at(302))
        return int(super().send_messages(letters))


def test_who_was_killed_before_writing_writes_no_second_time(
    world: World, people: Company, settings: Settings
) -> None:
    """The letter of a watcher that dies between its note and the letter is lost, not doubled."""
    world.tap(ANNA)
    settings.EMAIL_BACKEND = f"{__name__}.Killing"
    with pytest.raises(KilledError):
        watch(now=at(301))
    assert outages()[0].told_at == at(301)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    watch(now=at(360))
    assert mail.outbox == []


def test_two_who_watch_at_once_write_once(world: World, people: Company, settings: Settings) -> None:
    """While the first writes to one company, the second writes to the other: the first must not again."""
    make_user("office@sub.example", world.cast.sub, Role.OFFICE, now=T0)
    world.tap(ANNA, employer=world.cast.sub)
    settings.EMAIL_BACKEND = f"{__name__}.Meanwhile"
    watch(now=at(301))
    assert recipients() == ["office@main.example", "office@sub.example", "owner@main.example"]
    assert len(outages()) == 2


def test_what_the_mail_server_did_not_take_is_written_again(
    world: World, people: Company, settings: Settings
) -> None:
    world.tap(ANNA)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    watch(now=at(301))
    assert [row.told_at for row in outages()] == [None]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    watch(now=at(361))
    assert [row.told_at for row in outages()] == [at(361)]
    assert len(mail.outbox) == 2


def test_the_letter_says_what_since_when_and_names_nobody(world: World, people: Company) -> None:
    world.simulator.put_faults(DOWN)
    world.tap(ANNA)
    world.tap(BILAL, seconds=10)
    world.send(11)
    user = make_user("english@main.example", people, Role.OWNER, now=T0)
    assert user.language == "en"
    watch(now=at(301))
    letter = next(one for one in mail.outbox if one.to == ["english@main.example"])
    assert letter.subject == "Registrations of Helder Main wait for the NSSO"
    assert isinstance(letter, EmailMultiAlternatives)
    html = str(letter.alternatives[0][0])
    for text in (str(letter.body), html):
        assert "2 registrations have not reached the NSSO yet." in text
        assert "The NSSO says that its service is not available" in text
        assert "Nothing is lost" in text
        assert "Usually nothing." in text
        assert "/nsso/" in text
        assert ANNA not in text
        assert BILAL not in text
    assert "&#x27;" not in letter.body


def test_the_past_that_the_demo_tells_is_no_outage(world: World, people: Company) -> None:
    Company.objects.filter(pk=people.pk).update(is_demo=True)
    world.tap(ANNA)
    watch(now=at(7200))
    assert outages() == []
    # What is tapped in it is registered like anywhere else.
    since_t0 = (datetime.now(UTC) - T0).total_seconds()
    world.tap(BILAL, seconds=since_t0)
    watch(now=at(since_t0 + 301))
    assert [row.started_at for row in outages()] == [at(since_t0)]
    assert recipients() == ["office@main.example", "owner@main.example"]


def test_a_look_at_nothing_asks_little(world: World) -> None:
    with at_most_queries(7):
        watch(now=T0 + timedelta(hours=1))
