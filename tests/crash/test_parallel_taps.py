"""One tap is one registration, however many copies of it arrive at once."""

import pytest
import requests

from tests.crash.taps import Tap, all_at_once, numbers, send
from tests.portal import Portal
from tests.works import all_registrations

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

COPIES = 50


def test_fifty_copies_of_one_tap_are_one_registration(portal: Portal, code: str) -> None:
    portal.start_web()
    tap = Tap(numbers(1)[0])

    answers = all_at_once(COPIES, lambda _index: send(portal, code, tap))

    stored = all_registrations()
    assert [row.client_key for row in stored] == [tap.key]
    assert answers == [str(stored[0].pk)] * COPIES
    page = requests.get(f"{portal.url}/r/{code}/{stored[0].pk}/", timeout=10, proxies={"http": ""})
    assert f'data-registration="{stored[0].pk}"' in page.text


def test_fifty_keys_for_the_same_within_a_minute_are_one_registration(portal: Portal, code: str) -> None:
    portal.start_web()
    ssin = numbers(1)[0]

    answers = all_at_once(COPIES, lambda _index: send(portal, code, Tap(ssin)))

    stored = all_registrations()
    assert answers == [str(stored[0].pk)] * COPIES
    assert len(stored) == 1


def test_fifty_people_at_once_are_fifty_registrations(portal: Portal, code: str) -> None:
    portal.start_web()
    people = numbers(COPIES)

    answers = all_at_once(COPIES, lambda index: send(portal, code, Tap(people[index])))

    stored = all_registrations()
    assert sorted(answers, key=str) == sorted(str(row.pk) for row in stored)
    assert sorted(row.person.ssin or "" for row in stored) == people
