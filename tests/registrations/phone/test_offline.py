"""What a phone keeps beforehand, and what becomes of taps that it kept without signal."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone

from ciao_portal.audit import Actor
from ciao_portal.crypto import new_field_key
from ciao_portal.days import BRUSSELS
from ciao_portal.models.people import field_keys
from registrations.models import Device, Means
from registrations.models.nsso import SubmissionState
from registrations.phone import replay
from registrations.phone.identity import Identity
from registrations.phone.offline_tickets import ticket_for
from registrations.phone.replay import LARGEST_BODY, MOST_ITEMS, Sender
from registrations.services.pairing import revoke_device
from tests.cast import NOW, SSINS, Cast, make_worker, person
from tests.envelopes import close_envelope
from tests.registrations.phone.means import card_of
from tests.registrations.phone.test_pages import TYPED, pair, post
from tests.works import Works, all_registrations, declare, subcontract_to

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


@pytest.fixture
def phone() -> Browser:
    return Browser(headers={"accept-language": "en"})


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def item(works: Works, *, ago: timedelta = HOUR, **fields: Any) -> dict[str, Any]:
    """A start kept so long ago on a phone whose clock is right."""
    return {
        "clientKey": str(uuid4()),
        "code": works.point().code,
        "kind": "IN",
        "claimedAt": milliseconds(timezone.now() - ago),
        "offset": 0,
    } | fields


def sealed(raw: dict[str, Any], number: str = TYPED) -> dict[str, Any]:
    return raw | {"number": close_envelope(number, raw["clientKey"], field_keys())}


def send(phone: Browser, *items: Any, **body: Any) -> Any:
    content = {"sentAt": milliseconds(timezone.now()), "items": list(items)} | body
    return phone.post("/r/replay/", json.dumps(content), content_type="application/json")


def answers(phone: Browser, *items: Any, **body: Any) -> list[dict[str, Any]]:
    response = send(phone, *items, **body)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    return list(response.json()["items"])


def kit(phone: Browser, works: Works) -> dict[str, Any]:
    response = phone.get(f"/r/{works.point().code}/kit")
    assert response.status_code == 200
    return dict(response.json())


def ticket(phone: Browser, works: Works) -> str:
    return str(kit(phone, works)["known"]["ticket"])


# --- What is kept beforehand ---


def test_a_stranger_keeps_names_from_the_poster_and_a_public_key(
    phone: Browser, cast: Cast, works: Works
) -> None:
    subcontract_to(works, cast.sub)

    found = kit(phone, works)

    assert found["known"] is None
    assert found["site"]["title"] == "Gebouw 1"
    assert found["site"]["workplaces"] == []
    assert [pk for pk, _name in found["site"]["employers"]] == [str(cast.main.pk), str(cast.sub.pk)]
    assert abs(found["now"] - milliseconds(timezone.now())) < 5_000
    assert set(found["key"]) == {"id", "point"}


def test_a_paired_phone_keeps_a_ticket_that_tells_nothing(phone: Browser, cast: Cast, works: Works) -> None:
    pair(phone, cast)

    known = kit(phone, works)["known"]

    assert known["isPaired"] is True
    assert known["endsAt"] is None
    device = Device.objects.get()
    for secret in (device.pk, device.person.pk):
        assert secret.hex not in known["ticket"]
    assert "Ada" not in json.dumps(known)


def test_after_a_typed_number_the_ticket_ends_when_the_cookie_does(phone: Browser, works: Works) -> None:
    post(phone, works.point(), ssin=TYPED)

    known = kit(phone, works)["known"]

    assert known["isPaired"] is False
    left = timedelta(milliseconds=known["endsAt"]) - timedelta(milliseconds=milliseconds(timezone.now()))
    assert timedelta(hours=15, minutes=59) < left <= timedelta(hours=16)


def test_what_a_card_lets_do_once_is_known_by_a_ticket_of_its_own(cast: Cast, works: Works) -> None:
    make_worker(cast.main, SSINS[1])
    card = card_of(cast.main, SSINS[1]).badge
    shown = Identity(card.person, Means.CARD, badge=card)
    kept = item(works, ticket=ticket_for(shown, works.point(), now=timezone.now()))
    owner = Browser()
    pair(owner, cast)

    assert answers(owner, kept)[0]["state"] == "stored"

    [stored] = all_registrations()
    assert (stored.person, stored.means, stored.badge) == (card.person, Means.CARD, card)
    assert "sharedPhone" in stored.flags


def test_what_was_kept_by_a_card_withdrawn_since_is_held(cast: Cast, works: Works, phone: Browser) -> None:
    make_worker(cast.main, SSINS[1])
    card = card_of(cast.main, SSINS[1]).badge
    shown = Identity(card.person, Means.CARD, badge=card)
    kept = item(works, ticket=ticket_for(shown, works.point(), now=timezone.now()))
    card.revoked_at = timezone.now()
    card.save(update_fields=["revoked_at"])

    assert answers(phone, kept)[0]["state"] == "stored"

    [stored] = all_registrations()
    assert stored.badge == card
    assert stored.submission.state == SubmissionState.HELD


def test_the_phones_own_person_is_kept_and_nothing_for_once(phone: Browser, cast: Cast, works: Works) -> None:
    pair(phone, cast)
    assert kit(phone, works)["once"] is None


def test_an_unknown_code_has_nothing_to_keep(phone: Browser) -> None:
    assert phone.get("/r/nonsense/kit").status_code == 404


def test_the_page_for_no_signal_is_the_same_for_everybody(phone: Browser, cast: Cast, works: Works) -> None:
    before = phone.get("/r/offline/").content
    pair(phone, cast)
    post(phone, works.point())

    assert phone.get("/r/offline/").content == before


def test_the_service_worker_stands_above_all_pages_and_is_asked_for_at_every_visit(phone: Browser) -> None:
    response = phone.get("/sw.js")

    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    script = response.content.decode()
    assert '"/r/offline/"' in script
    assert "importScripts(" in script
    for address in ("/r/offline/", "/r/hand-over/", "/r/take-over/"):
        assert phone.get(address).status_code == 200


# --- A tap by script ---


def test_a_tap_by_script_is_answered_with_a_receipt_that_names_its_key(phone: Browser, works: Works) -> None:
    key = str(uuid4())
    form = {"action": "IN", "client_key": key, "key_origin": "tap", "ssin": TYPED}

    response = phone.post(f"/r/{works.point().code}/", form, headers={"accept": "application/json"})

    [stored] = all_registrations()
    assert response.status_code == 201
    told = response.json()
    assert (told["clientKey"], told["state"], told["registration"]) == (key, "stored", str(stored.pk))
    assert told["url"] == f"/r/{works.point().code}/{stored.pk}/"
    assert response.cookies["ticket"]["httponly"]
    assert phone.get(told["url"]).status_code == 200


def test_a_tap_by_script_that_says_nobody_is_refused_in_words(phone: Browser, works: Works) -> None:
    key = str(uuid4())
    form = {"action": "IN", "client_key": key}

    response = phone.post(f"/r/{works.point().code}/", form, headers={"accept": "application/json"})

    assert response.status_code == 422
    told = response.json()
    assert (told["clientKey"], told["state"], told["code"]) == (key, "refused", "ssin.missing")


# --- Sent later ---


def test_a_kept_tap_is_registered_once_with_its_claimed_time(
    phone: Browser, cast: Cast, works: Works
) -> None:
    pair(phone, cast)
    kept = item(works, ago=8 * HOUR, ticket=ticket(phone, works))

    first, second = answers(phone, kept)[0], answers(phone, kept)[0]

    [stored] = all_registrations()
    assert first == second
    assert (first["clientKey"], first["state"]) == (kept["clientKey"], "stored")
    assert first["registration"] == str(stored.pk)
    assert milliseconds(stored.happened_at) == kept["claimedAt"]
    assert stored.client_key == UUID(kept["clientKey"])
    assert stored.offset_ms == 0
    assert set(stored.flags) >= {"sentLate"}
    assert "clockDoubt" not in stored.flags
    assert (stored.means, stored.person) == (Means.PAIRED, person())


def test_a_tap_whose_answer_was_lost_is_the_same_when_it_comes_again(
    phone: Browser, cast: Cast, works: Works
) -> None:
    pair(phone, cast)
    kept = item(works, ago=timedelta(minutes=5))
    post(phone, works.point(), client_key=kept["clientKey"], key_origin="tap")
    [stored] = all_registrations()

    [again] = answers(phone, kept)

    assert again["registration"] == str(stored.pk)
    assert all_registrations() == [stored]
    assert "sentLate" not in stored.flags


def test_the_cookie_of_a_paired_phone_is_enough(phone: Browser, cast: Cast, works: Works) -> None:
    pair(phone, cast)

    assert answers(phone, item(works))[0]["state"] == "stored"


def test_a_ticket_knows_the_person_on_whatever_phone_sends_it(
    phone: Browser, cast: Cast, works: Works
) -> None:
    pair(phone, cast)
    kept = item(works, ticket=ticket(phone, works), takenOver=True)
    helper = Browser()
    pair(helper, cast, SSINS[1])

    assert answers(helper, kept)[0]["state"] == "stored"

    [stored] = all_registrations()
    assert stored.person == person(SSINS[0])


def test_a_tap_taken_over_is_never_the_helpers_own(phone: Browser, cast: Cast, works: Works) -> None:
    pair(phone, cast)

    unsealed, damaged = answers(
        phone, item(works, takenOver=True), item(works, ticket="nonsense", takenOver=True)
    )

    assert (unsealed["code"], damaged["code"]) == ("ssin.missing", "item.unreadable")
    assert all_registrations() == []


def test_a_ticket_after_a_typed_number_is_good_days_later_and_at_its_point_only(
    phone: Browser, works: Works
) -> None:
    post(phone, works.point(), ssin=TYPED)
    sealed_ticket = ticket(phone, works)
    stranger = Browser()

    here, there = answers(
        stranger,
        item(works, kind="OUT", ticket=sealed_ticket),
        item(works, kind="OUT", ticket=sealed_ticket, code=works.point(1).code),
    )

    assert (here["state"], there["state"]) == ("stored", "refused")
    assert [row.means for row in all_registrations()] == [Means.TYPED, Means.TICKET]


def test_a_number_typed_without_signal_is_opened_here_only(phone: Browser, works: Works) -> None:
    kept = sealed(item(works))

    assert answers(phone, kept)[0]["state"] == "stored"

    [stored] = all_registrations()
    assert stored.person.ssin == "85073003328"
    assert stored.means == Means.TYPED
    assert {"identityTyped", "sentLate"} <= set(stored.flags)


def test_an_enclosed_number_belongs_to_its_own_tap(phone: Browser, works: Works) -> None:
    stolen = item(works, number=sealed(item(works))["number"])

    [answer] = answers(phone, stolen)

    assert (answer["state"], answer["code"]) == ("refused", "item.unreadable")


def test_a_number_that_is_none_is_refused_in_words(phone: Browser, works: Works) -> None:
    [answer] = answers(phone, sealed(item(works), "85.07.30-033.29"))

    assert answer["code"].startswith("ssin.")
    assert "85" not in answer["message"]


def test_a_key_that_was_changed_since_still_reads(phone: Browser, works: Works, settings: Any) -> None:
    kept = sealed(item(works))
    settings.FIELD_KEYS = f"{new_field_key('k9')},{settings.FIELD_KEYS}"

    assert answers(phone, kept)[0]["state"] == "stored"


def test_a_withdrawn_phone_is_heard_flagged_and_held(phone: Browser, cast: Cast, works: Works) -> None:
    pair(phone, cast)
    kept = item(works, ticket=ticket(phone, works))
    revoke_device(device=Device.objects.get(), actor=Actor(cast.main), now=timezone.now())

    [answer] = answers(phone, kept)

    assert answer["state"] == "stored"
    [stored] = all_registrations()
    assert {"phoneRevoked", "sentLate"} <= set(stored.flags)
    assert stored.submission.state == "held"


def test_one_that_cannot_be_stored_holds_up_no_other(phone: Browser, cast: Cast, works: Works) -> None:
    pair(phone, cast)
    good = item(works)

    found = answers(
        phone,
        "no item",
        {"clientKey": "no key", "kind": "IN"},
        item(works, kind="LUNCH"),
        item(works, code="AAAAAAAAAA"),
        item(works, claimedAt=1e300, offset=-1e15),
        good,
    )

    states = [answer["state"] for answer in found]
    assert states == ["refused", "refused", "refused", "refused", "stored", "stored"]
    assert found[-1]["clientKey"] == good["clientKey"]
    assert all(answer["message"] for answer in found[:4])


def test_a_failure_of_our_own_leaves_the_tap_on_the_phone(
    phone: Browser, cast: Cast, works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(phone, cast)
    monkeypatch.setattr("registrations.services.registering.TRIES", "broken")
    kept = item(works)

    [answer] = answers(phone, kept)

    assert answer == {"clientKey": kept["clientKey"], "state": "later"}


@pytest.mark.parametrize("body", [b"", b"[]", b'{"items": 3}', b"\xff", b"[" * 30_000])
def test_what_is_no_list_is_refused(phone: Browser, body: bytes) -> None:
    assert phone.post("/r/replay/", body, content_type="application/json").status_code == 400


def test_too_much_at_once_is_refused(phone: Browser, works: Works) -> None:
    assert send(phone, *[{}] * (MOST_ITEMS + 1)).status_code == 413
    assert send(phone, "x" * LARGEST_BODY).status_code == 413
    assert all_registrations() == []


def test_another_website_cannot_send(phone: Browser, works: Works) -> None:
    response = phone.post(
        "/r/replay/", "{}", content_type="application/json", headers={"sec-fetch-site": "cross-site"}
    )

    assert response.status_code == 403


@pytest.mark.parametrize(
    ("offset", "ahead", "doubt"),
    [
        (timedelta(), timedelta(), False),
        (timedelta(minutes=3), timedelta(minutes=3), False),
        (timedelta(days=1), timedelta(days=1), True),
        (timedelta(days=-1), timedelta(days=-1), True),
        (timedelta(), timedelta(minutes=5), True),
        (None, timedelta(), True),
    ],
    ids=[
        "right",
        "steady",
        "slow by a day",
        "fast by a day",
        "set meanwhile",
        "measured at the sending only",
    ],
)
def test_the_clock_of_the_phone_is_corrected_and_doubted(
    cast: Cast, works: Works, offset: timedelta | None, ahead: timedelta, *, doubt: bool
) -> None:
    phone = Browser()
    pair(phone, cast)
    happened = timezone.now() - 2 * HOUR
    claimed = milliseconds(happened - (ahead if offset is None else offset))
    told = None if offset is None else round(offset / timedelta(milliseconds=1))

    answers(
        phone,
        item(works, claimedAt=claimed, offset=told),
        sentAt=milliseconds(timezone.now() - ahead),
    )

    [stored] = all_registrations()
    assert abs(stored.happened_at - happened) < timedelta(seconds=5)
    assert ("clockDoubt" in stored.flags) is doubt
    assert milliseconds(stored.claimed_at or NOW) == claimed


def test_the_two_hours_of_one_name_are_two_starts(cast: Cast, works: Works, phone: Browser) -> None:
    pair(phone, cast)
    device = Device.objects.get()
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BRUSSELS)
    second = first.replace(fold=1)
    kept = [
        item(works, kind="IN", claimedAt=milliseconds(first.astimezone(UTC))),
        item(works, kind="OUT", claimedAt=milliseconds(second.astimezone(UTC))),
    ]

    replay.replay(kept, Sender(device, timedelta()), now=first.astimezone(UTC) + 6 * HOUR)

    stored = sorted(all_registrations(), key=lambda row: row.happened_at)
    assert [row.kind for row in stored] == ["IN", "OUT"]
    assert stored[1].happened_at - stored[0].happened_at == HOUR
    assert {row.happened_day for row in stored} == {first.date()}


def test_an_old_tap_is_stored_and_flagged(phone: Browser, cast: Cast, works: Works) -> None:
    pair(phone, cast)

    answers(phone, item(works, ago=timedelta(days=40)))

    [stored] = all_registrations()
    assert {"sentLate", "clockDoubt"} <= set(stored.flags)
