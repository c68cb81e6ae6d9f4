"""Whatever listens at the NSSO's address and whatever it answers: what becomes of the submission."""

import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from ciao_portal.nsso.contract import Created, Item, PresenceRegistration, Validity
from ciao_portal.tenancy import unscoped
from registrations.models import Submission
from registrations.nsso.items import build_item
from tests.ciao_portal.nsso.hostile import HostileServer, answer
from tests.registrations.nsso.world import ANNA, BILAL, World, journey, outcomes, presences, states
from tests.services import free_port

# The same on every database.
pytestmark = pytest.mark.once

HTML = {"media_type": "text/html"}
MB = 1024 * 1024
# Nobody knows whether it was stored: looked up before it is sent again.
UNCERTAIN = [
    ("a proxy's page", answer(b"<html>sign in</html>", **HTML), "notJson"),
    ("no content", b"HTTP/1.1 204 No Content\r\n\r\n", "unexpectedStatus"),
    ("50 MB", answer(b" " * (50 * MB)), "tooLarge"),
    ("wrong content type", answer(b'{"items": []}', media_type="text/plain"), "notJson"),
    ("too few results", answer(b'{"items": []}'), "nonsense"),
    ("truncated JSON", answer(b'{"items": [{"createdPres'), "notJson"),
    ("a gateway's 502", answer(b"<html>", status="502 X", **HTML), "serverError"),
    ("no HTTP", b"SSH-2.0-OpenSSH_9.2\r\n", "connectionLost"),
]
# Not stored, and worth another try.
WAITING = [
    ("sent elsewhere for a while", answer(status="302 X", more="Location: /notice\r\n"), "redirected"),
    ("429", answer(status="429 X"), "tooManyRequests"),
    ("503 of a proxy", answer(b"<html>", status="503 X", **HTML), "serviceUnavailable"),
]
# Somebody must put something right.
MISCONFIGURED = [
    ("moved for good", answer(status="301 X", more="Location: /new\r\n"), "redirected"),
    ("a proxy's 404", answer(b"<html>", status="404 X", **HTML), "addressUnknown"),
    ("401 of a proxy", answer(b"<html>", status="401 X", **HTML), "tokenNotAccepted"),
    ("403", answer(b"<html>", status="403 X", **HTML), "permissionMissing"),
]
ALL = [
    *((*row, "uncertain") for row in UNCERTAIN),
    *((*row, "waiting") for row in WAITING),
    *((*row, "misconfigured") for row in MISCONFIGURED),
]


def send_to(address: str, settings: Settings, world: World) -> None:
    """One portion while something else listens at the service's address; afterwards the NSSO is back."""
    real, settings.NSSO_BASE_URL = settings.NSSO_BASE_URL, f"{address}/v1"
    world.send(1)
    settings.NSSO_BASE_URL = real


def drain_until_calm(world: World) -> None:
    """Portions until nothing is due, through every rest and every look."""
    for minute in range(2, 12):
        while world.send(60 * minute):
            pass


@pytest.mark.parametrize(("reply", "code", "state"), [row[1:] for row in ALL], ids=[row[0] for row in ALL])
def test_whatever_answers(world: World, settings: Settings, reply: bytes, code: str, state: str) -> None:
    tap = world.tap()
    with HostileServer(reply) as server:
        send_to(server.address, settings, world)
    assert (journey(tap).state, journey(tap).last_error) == (state, code)
    assert outcomes(tap) == [("register", code)]
    drain_until_calm(world)
    assert states(tap) == ["accepted"]
    assert len(world.at_nsso()) == 1


def test_an_answer_that_never_comes(world: World, settings: Settings) -> None:
    settings.NSSO_TIMEOUT_S = 0.3
    tap = world.tap()
    with HostileServer(None) as server:
        send_to(server.address, settings, world)
        assert (journey(tap).state, journey(tap).last_error) == ("uncertain", "timeout")
    settings.NSSO_TIMEOUT_S = 10.0
    drain_until_calm(world)
    assert states(tap) == ["accepted"]
    assert len(world.at_nsso()) == 1


def test_a_reset(world: World, settings: Settings) -> None:
    tap = world.tap()
    with HostileServer(None, reset=True) as server:
        send_to(server.address, settings, world)
    assert (journey(tap).state, journey(tap).last_error) == ("uncertain", "connectionLost")
    drain_until_calm(world)
    assert states(tap) == ["accepted"]


def test_a_name_that_is_not_found(world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_found(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    tap = world.tap()
    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", not_found)
        send_to("http://localhost:9", settings, world)
    assert (journey(tap).state, journey(tap).last_error) == ("waiting", "nameNotResolved")
    drain_until_calm(world)
    assert states(tap) == ["accepted"]


def test_nobody_listens(world: World, settings: Settings) -> None:
    tap = world.tap()
    send_to(f"http://127.0.0.1:{free_port()}", settings, world)
    assert (journey(tap).state, journey(tap).last_error) == ("waiting", "connectionRefused")
    drain_until_calm(world)
    assert states(tap) == ["accepted"]


def test_no_tls_where_there_should_be(world: World, settings: Settings) -> None:
    tap = world.tap()
    with HostileServer(answer()) as server:
        send_to(server.address.replace("http://", "https://"), settings, world)
    # In doubt something was sent.
    assert (journey(tap).state, journey(tap).last_error) == ("uncertain", "tls")
    drain_until_calm(world)
    assert states(tap) == ["accepted"]
    assert len(world.at_nsso()) == 1


def results(items: list[Item], *, first: int = 900) -> bytes:
    """An answer that has created these, in this order."""
    created = [
        Created(
            PresenceRegistration(
                registration_date=item.registration_date,
                ssin=item.ssin,
                type=item.type,
                employer=item.employer,
                place_of_work=item.place_of_work,
                reference=item.reference,
                id=first + number,
                creation_date=datetime.now(UTC),
                validity=Validity.PENDING,
                remarks=(),
                last_validation_date=None,
            )
        ).to_wire()
        for number, item in enumerate(items)
    ]
    return answer(json.dumps({"items": created}).encode())


@pytest.mark.parametrize(
    "arranged",
    [lambda items: items[::-1], lambda items: items[:1], lambda items: [*items, items[0]]],
    ids=["wrong order", "one too few", "one too many"],
)
def test_results_that_are_not_those_of_the_items(
    world: World, settings: Settings, arranged: Callable[[list[Item]], list[Item]]
) -> None:
    """No number is ever noted on another one's registration."""
    taps = [world.tap(ANNA), world.tap(BILAL, seconds=0.5)]
    with unscoped(reason="tests look at everything"):
        items = [build_item(journey(tap)) for tap in taps]
    with HostileServer(results(arranged(items))) as server:
        send_to(server.address, settings, world)
    assert states(*taps) == ["uncertain", "uncertain"]
    assert [journey(tap).nsso_id for tap in taps] == [None, None]
    drain_until_calm(world)
    assert states(*taps) == ["accepted", "accepted"]
    assert len(world.at_nsso()) == 2


def test_a_number_that_changes_is_kept_beside_the_first(world: World, settings: Settings) -> None:
    tap = world.tap(ANNA)
    with unscoped(reason="tests look at everything"):
        item = build_item(journey(tap))
    with HostileServer(results([item], first=777)) as server:
        send_to(server.address, settings, world)
    assert journey(tap).nsso_id == 777
    # The NSSO shows the same act under another number from now on.
    client = world.simulator.client_for(str(world.cast.main.enterprise_number))
    with client:
        client.register_in_bulk([item])
    world.read(30)
    [shown] = world.simulator.registrations()
    assert (journey(tap).nsso_id, journey(tap).twin_nsso_ids) == (777, [shown["id"]])
    assert {one.nsso_id for one in presences()} == {777, shown["id"]}
    assert {one.registration_id for one in presences()} == {tap.pk}


def test_a_token_that_is_refused_in_mid_batch_stops_that_access_alone(world: World) -> None:
    world.store_credentials(world.cast.sub)
    world.simulator.put_faults({"kind": "tokenExpired", "times": 1}, {"kind": "tokenRefused", "times": 1})
    taps = [world.tap(ANNA), world.tap(BILAL, seconds=1, employer=world.cast.sub)]
    world.send(2)
    assert Submission.objects.exclude(state="accepted").count() == 1
    drain_until_calm(world)
    assert states(*taps) == ["accepted", "accepted"]
    assert len(world.at_nsso()) == 2
