"""Whatever a peer does, it becomes one of the three errors, with the evidence."""

import gzip
import json
import socket
from datetime import UTC, datetime

import pytest
import requests

from ciao_portal.nsso import contract, transport
from ciao_portal.nsso.classification import failure_of, nonsense, retry_after_s
from ciao_portal.nsso.contract import ContractError, ProblemType
from ciao_portal.nsso.environment import EnvironmentName, NssoEnvironment
from ciao_portal.nsso.errors import NssoCode, NssoError, NssoLater, NssoMisconfigured, NssoRefused
from ciao_portal.nsso.transport import Call, NssoTransport, why_no_answer
from tests.ciao_portal.nsso.hostile import HostileServer, answer
from tests.ciao_portal.nsso.world import item

TIMEOUT_S = 0.5


def environment(address: str) -> NssoEnvironment:
    return NssoEnvironment(EnvironmentName.SIMULATOR, address, address, TIMEOUT_S)


def ask(address: str, *, writes: bool = True) -> NssoError:
    """Register one item there without a token; the error it ends in."""
    body = json.dumps(contract.bulk_to_wire([item()])).encode()
    headers = {"Content-Type": "application/json"}
    call = Call("POST", address + "/bulk", "/bulk", headers, {}, body, writes)
    session = NssoTransport(environment(address), real_performance=False)
    try:
        reply = session.send(call)
        if reply.status != 200 or reply.document is None:
            return failure_of(reply, writes=writes)
        try:
            contract.parse_bulk(reply.document, [item()])
        except ContractError as violation:
            return nonsense(reply, violation, writes=writes)
    except NssoError as error:
        return error
    finally:
        session.close()
    raise AssertionError("it went well")


def problem(kind: str, status: str, more: str = "") -> bytes:
    body = json.dumps({"type": kind, "status": int(status[:3]), "title": "x"}).encode()
    return answer(body, status=status, media_type="application/problem+json", more=more)


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
LATER_UNKNOWN: list[tuple[str, bytes, NssoCode]] = [
    ("truncated by length", answer(b'{"items": [')[:-4], NssoCode.CONNECTION_LOST),
    ("truncated JSON", answer(b'{"items": ['), NssoCode.NOT_JSON),
    ("HTML", answer(b"<html>", media_type="text/html"), NssoCode.NOT_JSON),
    ("no content", b"HTTP/1.1 204 No Content\r\n\r\n", NssoCode.UNEXPECTED_STATUS),
    ("accepted", answer(status="202 Accepted"), NssoCode.UNEXPECTED_STATUS),
    ("a list", answer(b"[]"), NssoCode.NONSENSE),
    ("no items", answer(b"{}"), NssoCode.NONSENSE),
    ("too few results", answer(b'{"items": []}'), NssoCode.NONSENSE),
    ("null results", answer(b'{"items": [null]}'), NssoCode.NONSENSE),
    ("not UTF-8", answer(b'{"items": "\xff"}'), NssoCode.NOT_JSON),
    ("deep", answer(b"[" * 200_000), NssoCode.NOT_JSON),
    ("huge number", answer(b'{"items": ' + b"9" * 5000 + b"}"), NssoCode.NOT_JSON),
    ("broken gzip", answer(b"no gzip", more="Content-Encoding: gzip\r\n"), NssoCode.CONNECTION_LOST),
    ("no HTTP", b"SSH-2.0-OpenSSH_9.2\r\n", NssoCode.CONNECTION_LOST),
    ("empty", b"", NssoCode.CONNECTION_LOST),
    ("two lengths", answer(more="Content-Length: 7\r\n"), NssoCode.CONNECTION_LOST),
    ("bad chunks", CHUNKED + b"zz\r\n{}\r\n", NssoCode.CONNECTION_LOST),
    ("endless headers", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n", NssoCode.CONNECTION_LOST),
    ("500", problem(ProblemType.INTERNAL_SERVER_ERROR, "500 X"), NssoCode.SERVER_ERROR),
    ("502 of a gateway", answer(b"<html>", status="502 X", media_type="text/html"), NssoCode.SERVER_ERROR),
    ("504", answer(status="504 X"), NssoCode.SERVER_ERROR),
]


@pytest.mark.parametrize(
    ("reply", "code"), [row[1:] for row in LATER_UNKNOWN], ids=[r[0] for r in LATER_UNKNOWN]
)
def test_later_and_the_outcome_is_unknown(reply: bytes, code: NssoCode) -> None:
    with HostileServer(reply) as server:
        error = ask(server.address)
        assert isinstance(error, NssoLater), error
        assert (error.code, error.outcome_unknown) == (code, True)
        assert error.exchange is not None
        assert error.exchange.trace_id.encode() in server.heard[0]
        reading = ask(server.address, writes=False)
        assert isinstance(reading, NssoLater)
        assert not reading.outcome_unknown


@pytest.mark.parametrize(
    ("reply", "code", "retry_after"),
    [
        (
            problem(ProblemType.TOO_MANY_REQUESTS, "429 X", "Retry-After: 7\r\n"),
            NssoCode.TOO_MANY_REQUESTS,
            7,
        ),
        (problem(ProblemType.TOO_MANY_FAILED_REQUESTS, "429 X"), NssoCode.TOO_MANY_REQUESTS, None),
        (
            problem(ProblemType.SERVICE_UNAVAILABLE, "503 X", "Retry-After: soon\r\n"),
            NssoCode.SERVICE_UNAVAILABLE,
            None,
        ),
        (answer(b"<html>", status="503 X", media_type="text/html"), NssoCode.SERVICE_UNAVAILABLE, None),
        (answer(status="302 X", more="Location: http://127.0.0.1:9/\r\n"), NssoCode.REDIRECTED, None),
        (answer(status="302 X", more="Location: http://[::1\r\n"), NssoCode.REDIRECTED, None),
    ],
)
def test_later_and_nothing_was_stored(reply: bytes, code: NssoCode, retry_after: float | None) -> None:
    with HostileServer(reply) as server:
        error = ask(server.address)
    assert isinstance(error, NssoLater), error
    assert (error.code, error.outcome_unknown, error.retry_after) == (code, False, retry_after)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (problem(ProblemType.BAD_REQUEST, "400 X"), NssoCode.BAD_REQUEST),
        (problem(ProblemType.RESOURCE_NOT_FOUND, "404 X"), NssoCode.NOT_FOUND),
        (answer(b"<html>", status="413 X", media_type="text/html"), NssoCode.PAYLOAD_TOO_LARGE),
    ],
)
def test_refused(reply: bytes, code: NssoCode) -> None:
    with HostileServer(reply) as server:
        error = ask(server.address)
    assert isinstance(error, NssoRefused), error
    assert error.code == code


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (problem(ProblemType.NO_ACCESS_TOKEN, "401 X"), NssoCode.TOKEN_NOT_ACCEPTED),
        (problem(ProblemType.MISSING_SCOPE, "403 X"), NssoCode.PERMISSION_MISSING),
        (answer(b"<html>", status="404 X", media_type="text/html"), NssoCode.ADDRESS_UNKNOWN),
        (answer(b"<html>", status="400 X", media_type="text/html"), NssoCode.ADDRESS_UNKNOWN),
        (answer(status="405 X"), NssoCode.NOT_SUPPORTED),
        (answer(status="308 X", more="Location: /elsewhere\r\n"), NssoCode.REDIRECTED),
    ],
)
def test_misconfigured(reply: bytes, code: NssoCode) -> None:
    with HostileServer(reply) as server:
        error = ask(server.address)
    assert isinstance(error, NssoMisconfigured), error
    assert error.code == code


def test_redirects_are_not_followed() -> None:
    with HostileServer(answer()) as target:
        with HostileServer(answer(status="307 X", more=f"Location: {target.address}/\r\n")) as server:
            ask(server.address)
        assert target.heard == []


def test_silence_is_a_timeout() -> None:
    with HostileServer(None) as server:
        error = ask(server.address)
    assert isinstance(error, NssoLater)
    assert (error.code, error.outcome_unknown) == (NssoCode.TIMEOUT, True)
    assert error.exchange is not None
    assert error.exchange.http_status is None
    assert error.exchange.duration_ms >= TIMEOUT_S * 1000


def test_an_answer_that_drips_is_a_timeout() -> None:
    with HostileServer(answer(b"{" + b" " * 1000 + b"}"), pace_s=0.01) as server:
        error = ask(server.address)
    assert isinstance(error, NssoLater)
    assert (error.code, error.outcome_unknown) == (NssoCode.TIMEOUT, True)
    assert error.exchange is not None
    # Given up long before the whole answer was there, after 10 s.
    assert error.exchange.duration_ms < 5000


def test_reset_is_a_lost_connection() -> None:
    with HostileServer(None, reset=True) as server:
        error = ask(server.address)
    assert isinstance(error, NssoLater)
    assert (error.code, error.outcome_unknown) == (NssoCode.CONNECTION_LOST, True)


def test_refused_connection_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    error = ask(address)
    assert isinstance(error, NssoLater)
    assert (error.code, error.outcome_unknown) == (NssoCode.CONNECTION_REFUSED, False)
    assert error.exchange is not None


def test_plain_http_where_tls_is_spoken() -> None:
    with HostileServer(answer()) as server:
        error = ask(server.address.replace("http:", "https:"))
    assert isinstance(error, NssoLater)
    assert error.code in {NssoCode.TLS, NssoCode.CONNECTION_LOST}


def test_unresolved_name_sent_nothing() -> None:
    # The name is reserved for never existing (RFC 2606); the guard on addresses would not let it through.
    with requests.Session() as session:
        session.trust_env = False
        with pytest.raises(requests.ConnectionError) as caught:
            session.get("http://nobody.invalid/", timeout=TIMEOUT_S)
    assert why_no_answer(caught.value) == (NssoCode.NAME_NOT_RESOLVED, False)


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER_BYTES", 100_000)


@pytest.mark.usefixtures("small_limit")
def test_too_large_answers_are_dropped() -> None:
    with HostileServer(answer(b'{"items": "' + b"x" * 200_000)) as server:
        error = ask(server.address)
    assert error.code == NssoCode.TOO_LARGE
    bomb = gzip.compress(b" " * 5_000_000)
    with HostileServer(answer(bomb, more="Content-Encoding: gzip\r\n")) as server:
        error = ask(server.address)
    assert error.code == NssoCode.TOO_LARGE


def test_clock_skew_and_names_come_from_the_headers() -> None:
    more = "Date: Tue, 03 Mar 2020 10:00:00 GMT\r\nServer: gate\x01way\r\nBelGov-Trace-Id: theirs\r\n"
    with HostileServer(answer(more=more)) as server:
        exchange = ask(server.address).exchange
    assert exchange is not None
    expected = (datetime(2020, 3, 3, 10, tzinfo=UTC) - datetime.now(UTC)).total_seconds()
    assert exchange.clock_skew_s == pytest.approx(expected, abs=5)
    assert exchange.server_name == "gateway"
    assert exchange.related_trace_id == "theirs"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("999999999", 86400),
        ("Sat, 21 Nov 2026 10:02:00 GMT", 120),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(text: str | None, seconds: float | None) -> None:
    assert retry_after_s(text, datetime(2026, 11, 21, 10, tzinfo=UTC)) == seconds
