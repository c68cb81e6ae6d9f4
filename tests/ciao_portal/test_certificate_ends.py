"""Owners hear in time that a certificate ends: once for each threshold, each in their own language."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from ciao_portal.access import keep_client_id, make_key
from ciao_portal.audit import Actor
from ciao_portal.certificate_ends import ending_for, tell_owners
from ciao_portal.models import Company, NssoCredentials, Role
from ciao_portal.nsso.certificates import VALID_FOR
from ciao_portal.tenancy import company_scope, unscoped
from tests.cast import NOW, Cast, make_user
from tests.queries import at_most_queries

ENDS_AT = NOW + VALID_FOR


def give_access(company: Company, client_id: str = "self_service_chaman_1_a") -> NssoCredentials:
    with company_scope(company):
        access = make_key(company=company, actor=Actor(company), now=NOW)
        if client_id:
            keep_client_id(access=access, client_id=client_id, actor=Actor(company), now=NOW)
    return access


def told(days_before: float) -> list[str]:
    """Who got a letter when the job ran so many days before the end."""
    mail.outbox.clear()
    count = tell_owners(now=ENDS_AT - timedelta(days=days_before))
    assert count == len(mail.outbox)
    return sorted(letter.to[0] for letter in mail.outbox)


def test_each_threshold_is_told_once_to_every_owner(cast: Cast) -> None:
    second = make_user("second@main.example", cast.main, Role.OWNER)
    give_access(cast.main)
    both = [cast.owner.email, second.email]
    assert told(61) == []
    assert told(60) == both
    assert told(59) == []
    assert told(58) == []
    assert told(30) == both
    assert told(14) == both
    assert told(3) == both
    assert told(1) == both
    assert told(0) == []
    assert told(-1) == both
    assert told(-2) == []


def test_letters_speak_the_language_of_whoever_gets_them(cast: Cast) -> None:
    cast.owner.language = ""
    cast.owner.save()
    cast.main.language = "fr"
    cast.main.save()
    second = make_user("second@main.example", cast.main, Role.OWNER)
    give_access(cast.main)
    tell_owners(now=ENDS_AT - timedelta(days=30))
    letters = {letter.to[0]: letter for letter in mail.outbox}
    english = letters[second.email]
    assert english.subject == "Access to the NSSO: the certificate ends soon"
    assert "ends in 30 days" in str(english.body)
    assert "/settings/nsso/" in str(english.body)
    french = letters[cast.owner.email]
    assert isinstance(french, EmailMultiAlternatives)
    assert 'lang="fr"' in str(french.alternatives[0][0])


def test_only_owners_of_an_access_in_use_are_told(cast: Cast) -> None:
    make_user("left@main.example", cast.main, Role.OWNER).memberships.update(ended_at=NOW)
    gone = make_user("gone@main.example", cast.main, Role.OWNER)
    gone.is_active = False
    gone.save()
    make_user("owner@sub.example", cast.sub, Role.OWNER)
    give_access(cast.main)
    give_access(cast.sub, client_id="")
    assert told(7) == [cast.owner.email]


def test_after_the_key_was_replaced_nobody_is_told(cast: Cast) -> None:
    access = give_access(cast.main)
    assert told(60) == [cast.owner.email]
    with unscoped(reason="a test moves the end"):
        NssoCredentials.objects.filter(pk=access.pk).update(
            certificate_ends_at=ENDS_AT + VALID_FOR, told_threshold=None
        )
    assert told(30) == []


def test_a_letter_that_could_not_go_is_tried_again(cast: Cast, settings: Settings) -> None:
    give_access(cast.main)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert tell_owners(now=ENDS_AT - timedelta(days=60)) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert told(59) == [cast.owner.email]
    assert told(58) == []


@pytest.mark.parametrize(
    ("days_before", "signal", "words"),
    [
        (61, None, ""),
        (60, "info", "ends in 60 days"),
        (7, "wait", "ends in 7 days"),
        (1, "wait", "ends in 1 day,"),
        (0, "wait", "ends today"),
        (-1, "late", "ended on"),
    ],
)
def test_what_owners_see(cast: Cast, days_before: int, signal: str | None, words: str) -> None:
    give_access(cast.main)
    with company_scope(cast.main), at_most_queries(1):
        ending = ending_for(cast.main, now=ENDS_AT - timedelta(days=days_before))
    assert (ending.signal if ending else None) == signal
    assert words in (ending.words if ending else "")


def test_the_banner_stands_on_the_first_page_and_in_the_settings_for_owners(cast: Cast) -> None:
    access = give_access(cast.main)
    with unscoped(reason="a test moves the end"):
        NssoCredentials.objects.filter(pk=access.pk).update(certificate_ends_at=NOW - timedelta(days=900))
    words = b"The certificate of your access to the NSSO ended on"
    pages = {"/": True, "/settings/": True, "/settings/people/": True, "/workers/": False}
    for address, shown in pages.items():
        assert (words in cast.browser(cast.owner).get(address).content) is shown, address
        assert words not in cast.browser(cast.office).get(address).content
    # The page of the access says it once.
    page = cast.browser(cast.owner).get("/settings/nsso/").content
    assert page.count(words) == 1
