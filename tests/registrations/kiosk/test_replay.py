"""Taps that a tablet kept without signal."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone

from ciao_portal.audit import Actor
from ciao_portal.models import Person
from ciao_portal.models.people import field_keys
from ciao_portal.tenancy import company_scope
from registrations.kiosk import who
from registrations.models import Employment, Means, Terminal
from registrations.models.nsso import SubmissionState
from registrations.services.terminals import revoke_terminal
from tests.cast import SSINS, Cast, make_worker, person
from tests.envelopes import close_envelope
from tests.tablets import browser_of, card_for, paired, revoke_card
from tests.works import Works, all_registrations, declare

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


@pytest.fixture
def ada(cast: Cast) -> Employment:
    return make_worker(cast.main, SSINS[0], "Ada", now=timezone.now())


@pytest.fixture
def terminal(cast: Cast, works: Works) -> tuple[Terminal, str]:
    return paired(cast.main, works.point(), now=timezone.now())


@pytest.fixture
def tablet(terminal: tuple[Terminal, str]) -> Browser:
    return browser_of(terminal[1])


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def kept(presented: str, *, at: datetime, kind: str = "IN") -> dict[str, Any]:
    """What the script keeps: the card's secret or the number, for our eyes only."""
    key = str(uuid4())
    envelope = close_envelope(presented, key, field_keys())
    return {"clientKey": key, "kind": kind, "claimedAt": milliseconds(at), "offset": 0, "number": envelope}


def send(tablet: Browser, *items: Any) -> Any:
    body = json.dumps({"sentAt": milliseconds(timezone.now()), "items": items})
    return tablet.post("/kiosk/replay/", body, content_type="application/json")


def test_a_kept_card_is_stored_at_the_time_of_the_tap(
    tablet: Browser, terminal: tuple[Terminal, str], ada: Employment
) -> None:
    badge, secret = card_for(ada)
    at = timezone.now() - timedelta(hours=8)
    item = kept(f"https://portal.example/c/{secret}/", at=at)
    assert secret not in json.dumps(item)

    answer = send(tablet, item).json()

    [stored] = all_registrations()
    assert answer["items"] == [
        {"clientKey": item["clientKey"], "state": "stored", "registration": str(stored.pk)}
    ]
    assert abs(stored.happened_at - at) < timedelta(seconds=1)
    assert (stored.means, stored.badge_id, stored.terminal_id) == (Means.CARD, badge.pk, terminal[0].pk)
    assert stored.person_id == ada.person_id


def test_sent_twice_it_is_one_registration(tablet: Browser, ada: Employment) -> None:
    item = kept(card_for(ada)[1], at=timezone.now() - timedelta(hours=1))

    answers = [send(tablet, item).json()["items"][0] for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(all_registrations()) == 1


def test_a_tap_whose_answer_was_lost_is_the_same_tap(tablet: Browser, ada: Employment) -> None:
    badge, secret = card_for(ada)
    page = tablet.post("/kiosk/who/", {"ssin": secret}).content.decode()
    ticket = page.partition('name="ticket" value="')[2].partition('"')[0]
    key, now = str(uuid4()), timezone.now()
    form = {"ticket": ticket, "action": "IN", "client_key": key, "key_origin": "tap"}
    tablet.post("/kiosk/tap/", form | {"claimed_at": str(milliseconds(now))})
    revoke_card(badge, now=now)

    item = {"clientKey": key, "kind": "IN", "claimedAt": milliseconds(now), "offset": 0, "ticket": ticket}
    assert send(tablet, item).json()["items"][0]["state"] == "stored"

    assert len(all_registrations()) == 1


def test_a_kept_ticket_outlives_its_minutes(
    tablet: Browser, ada: Employment, terminal: tuple[Terminal, str]
) -> None:
    badge, secret = card_for(ada)
    then = timezone.now() - timedelta(days=2)
    ticket = who.ticket_of(who.identify(secret, now=then), terminal[0], now=then)
    item = {"clientKey": str(uuid4()), "kind": "OUT", "claimedAt": milliseconds(then), "offset": 0}

    assert send(tablet, item | {"ticket": ticket}).json()["items"][0]["state"] == "stored"

    [stored] = all_registrations()
    assert (stored.kind, stored.badge_id) == ("OUT", badge.pk)
    assert abs(stored.happened_at - then) < timedelta(seconds=1)


def test_a_kept_number_is_flagged_as_typed(tablet: Browser) -> None:
    send(tablet, kept("85.07.30-033.28", at=timezone.now() - timedelta(minutes=20)))

    [stored] = all_registrations()
    assert (stored.person_id, stored.means) == (person(SSINS[0]).pk, Means.TYPED)
    assert "identityTyped" in stored.flags


def test_a_card_revoked_before_the_tap_waits_for_the_office(tablet: Browser, ada: Employment) -> None:
    badge, secret = card_for(ada)
    now = timezone.now()
    revoke_card(badge, now=now - timedelta(hours=2))

    send(
        tablet,
        kept(secret, at=now - timedelta(hours=3)),
        kept(secret, at=now - timedelta(hours=1), kind="OUT"),
    )

    assert [(row.kind, row.submission.state) for row in all_registrations()] == [
        ("IN", SubmissionState.WAITING),
        ("OUT", SubmissionState.HELD),
    ]


def test_a_kept_chip_is_whose_it_was_at_the_tap(tablet: Browser, ada: Employment, cast: Cast) -> None:
    now = timezone.now()
    bob = make_worker(cast.main, SSINS[1], "Bob", now=now)
    badge, _secret = card_for(ada, chip="04A2245B", now=now - timedelta(days=9))
    revoke_card(badge, now=now - timedelta(hours=4))
    next_badge, _secret = card_for(bob, chip="04A2245B", now=now - timedelta(hours=2))

    send(tablet, *(kept("04:a2:24:5b", at=now - timedelta(hours=hours)) for hours in (5, 3, 1)))

    stored = all_registrations()
    assert [row.badge_id for row in stored] == [badge.pk, badge.pk, next_badge.pk]
    assert [row.submission.state for row in stored] == [
        SubmissionState.WAITING,
        SubmissionState.HELD,
        SubmissionState.WAITING,
    ]


def test_what_cannot_be_stored_is_told_and_holds_up_nothing(tablet: Browser, ada: Employment) -> None:
    at = timezone.now() - timedelta(hours=1)
    strange = kept("Z" * 32, at=at)
    damaged = kept(card_for(ada)[1], at=at) | {"clientKey": str(uuid4())}
    good = kept("85073003328", at=at)

    answers = send(tablet, strange, damaged, "nonsense", good).json()["items"]

    assert [answer["state"] for answer in answers] == ["refused", "refused", "refused", "stored"]
    assert answers[0]["code"] == "card.unknown"
    assert "Tell your employer the time." in answers[1]["message"]
    assert len(all_registrations()) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [("[]", 400), ("{", 400), ('{"items": 3}', 400), ('{"items": [' + "1," * 60 + "1]}", 413)],
)
def test_no_list_is_refused_whole(tablet: Browser, body: str, status: int) -> None:
    answer = tablet.post("/kiosk/replay/", body, content_type="application/json")
    assert answer.status_code == status
    assert not Person.objects.exists()


def test_a_revoked_tablet_sends_nothing(
    tablet: Browser, terminal: tuple[Terminal, str], ada: Employment, cast: Cast
) -> None:
    with company_scope(cast.main):
        revoke_terminal(terminal=terminal[0], actor=Actor(cast.main), now=timezone.now())
    assert send(tablet, kept(card_for(ada)[1], at=timezone.now())).status_code == 403
    assert all_registrations() == []


def test_the_worker_keeps_the_tablets_page_and_its_files(tablet: Browser) -> None:
    script = tablet.get("/kiosk/sw.js")
    assert script["Content-Type"].startswith("text/javascript")
    words = script.content.decode()
    assert '"pages": ["/kiosk/"]' in words
    assert "kiosk.js" in words
    assert "importScripts(" in words
