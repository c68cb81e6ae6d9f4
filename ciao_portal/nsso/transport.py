"""The one place that speaks HTTP with the NSSO. No call without time-outs, no redirect is followed."""

from __future__ import annotations

import json
import socket
import ssl
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
import urllib3

from ciao_portal.nsso.contract import JsonObject, Wire
from ciao_portal.nsso.contracts import DEFAULT
from ciao_portal.nsso.environment import NssoEnvironment
from ciao_portal.nsso.errors import Exchange, NssoCode, NssoLater

MAX_ANSWER_BYTES = 20 * 1024 * 1024
MAX_CONNECT_S = 5.0
_CHUNK = 64 * 1024
_MAX_HEADER = 64


@dataclass(frozen=True)
class Call:
    """One request. ``path`` is for the evidence; ``writes`` tells that the NSSO may store what is sent."""

    method: str
    url: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes | None = None
    writes: bool = False


@dataclass(frozen=True)
class Reply:
    """An answer that arrived. ``document`` is None when it holds no JSON object; then ``flaw`` tells why."""

    status: int
    headers: Mapping[str, str]
    document: JsonObject | None
    flaw: NssoCode | None
    exchange: Exchange


class _Session(requests.Session):
    """Never looks where a redirect leads: reading ahead for it would skip our limits on an answer."""

    def get_redirect_target(self, _resp: requests.Response) -> None:
        return None


class NssoTransport:
    """One HTTP session of one company. Not shared between threads.

    ``contract_version`` is what its client speaks; it is kept with every exchange.
    """

    def __init__(
        self,
        environment: NssoEnvironment,
        *,
        real_performance: bool,
        contract_version: str = DEFAULT.VERSION,
    ) -> None:
        environment.refuse_practice(real_performance=real_performance)
        self.environment = environment
        self._contract_version = contract_version
        self._session = _Session()
        # The simulator is on this machine: a proxy of the surroundings must not carry its calls elsewhere.
        self._session.trust_env = not environment.is_simulator

    def close(self) -> None:
        self._session.close()

    def send(self, call: Call) -> Reply:
        """Send once. Returns whatever answer arrived; raises ``NssoLater`` when none did."""
        trace = _Trace(call, self._contract_version)
        try:
            with self._open(call, trace) as response:
                trace.answered(response)
                content = self._read(response, trace)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _no_answer(error, call, trace) from error
        return _reply(response, content, trace)

    def _open(self, call: Call, trace: _Trace) -> requests.Response:
        timeout_s = self.environment.timeout_s
        return self._session.request(
            call.method,
            call.url,
            params=dict(call.query),
            data=call.body,
            headers={"Accept": "application/json", Wire.TRACE_ID: trace.trace_id, **call.headers},
            timeout=(min(timeout_s, MAX_CONNECT_S), timeout_s),
            allow_redirects=False,
            stream=True,
            auth=_leave_headers_alone,
        )

    def _read(self, response: requests.Response, trace: _Trace) -> bytes | None:
        """The whole answer; None when it is larger than allowed."""
        content = bytearray()
        for chunk in _chunks(response):
            content += chunk
            if len(content) > MAX_ANSWER_BYTES:
                return None
            # The time-out of a socket starts anew with every byte; the whole answer has its limit too.
            if trace.elapsed_s() > 2 * self.environment.timeout_s:
                raise requests.ReadTimeout("the answer dripped in too slowly")
        return bytes(content)


class _Trace:
    """Collects the evidence of one exchange while it runs."""

    def __init__(self, call: Call, contract_version: str) -> None:
        self._call = call
        self._contract_version = contract_version
        self._response: requests.Response | None = None
        self._begun = time.monotonic()
        self.started_at = datetime.now(UTC)
        self.trace_id = str(uuid.uuid4())

    def elapsed_s(self) -> float:
        return time.monotonic() - self._begun

    def answered(self, response: requests.Response) -> None:
        self._response = response

    def exchange(self, note: str = "") -> Exchange:
        headers: Mapping[str, str] = self._response.headers if self._response is not None else {}
        return Exchange(
            started_at=self.started_at,
            duration_ms=round(self.elapsed_s() * 1000),
            method=self._call.method,
            path=self._call.path,
            http_status=self._response.status_code if self._response is not None else None,
            trace_id=self.trace_id,
            related_trace_id=self._related(headers),
            contract_version=self._contract_version,
            server_name=_clean(headers.get("Server")),
            clock_skew_s=_clock_skew(headers.get("Date"), self.started_at),
            note=note,
        )

    def _related(self, headers: Mapping[str, str]) -> str | None:
        """The server's own trace id, in whichever of the two headers it did not repeat ours."""
        found = (_clean(headers.get(name)) for name in (Wire.RELATED_TRACE_ID, Wire.TRACE_ID))
        return next((value for value in found if value and value != self.trace_id), None)


def _leave_headers_alone(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps a ``.netrc`` of the surroundings from replacing the token."""
    return request


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """The answer as it arrives: `iter_content` would wait for a whole chunk, however slowly it drips in."""
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        yield chunk


def _clean(value: str | None) -> str | None:
    if not value:
        return None
    return "".join(char for char in value if " " <= char <= "~")[:_MAX_HEADER] or None


def _clock_skew(date_header: str | None, now: datetime) -> float | None:
    server = parse_http_date(date_header)
    return round((server - now).total_seconds(), 1) if server else None


def parse_http_date(text: str | None) -> datetime | None:
    """An HTTP date as aware UTC; None when absent or nonsense."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _reply(response: requests.Response, content: bytes | None, trace: _Trace) -> Reply:
    document, flaw = _document(response.headers.get("Content-Type", ""), content)
    return Reply(response.status_code, response.headers, document, flaw, trace.exchange())


def _document(content_type: str, content: bytes | None) -> tuple[JsonObject | None, NssoCode | None]:
    if content is None:
        return None, NssoCode.TOO_LARGE
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        return None, NssoCode.NOT_JSON
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None, NssoCode.NOT_JSON
    return (document, None) if isinstance(document, dict) else (None, NssoCode.NONSENSE)


def _no_answer(error: Exception, call: Call, trace: _Trace) -> NssoLater:
    code, sent = why_no_answer(error)
    return NssoLater(
        code,
        type(error).__name__,
        exchange=trace.exchange(note=code),
        outcome_unknown=sent and call.writes,
    )


def why_no_answer(error: BaseException) -> tuple[NssoCode, bool]:
    """Why no answer came, and whether bytes may have reached the NSSO; in doubt they did."""
    causes = list(_causes(error))
    for code, kinds in _NOTHING_SENT:
        if any(isinstance(cause, kinds) for cause in causes):
            return code, False
    if any(isinstance(cause, _TIMEOUTS) for cause in causes):
        return NssoCode.TIMEOUT, True
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return NssoCode.TLS, True
    return NssoCode.CONNECTION_LOST, True


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it wraps: requests and urllib3 keep the cause in ``args`` or ``reason``."""
    pending: list[object] = [error]
    while pending:
        current = pending.pop()
        if isinstance(current, BaseException):
            yield current
            pending += [*current.args, getattr(current, "reason", None)]


_NOTHING_SENT: tuple[tuple[NssoCode, tuple[type[BaseException], ...]], ...] = (
    (NssoCode.NAME_NOT_RESOLVED, (urllib3.exceptions.NameResolutionError, socket.gaierror)),
    (NssoCode.CONNECT_TIMEOUT, (requests.ConnectTimeout,)),
    (NssoCode.TLS, (ssl.SSLCertVerificationError,)),
    (NssoCode.CONNECTION_REFUSED, (urllib3.exceptions.NewConnectionError, requests.exceptions.ProxyError)),
    (NssoCode.ADDRESS_FORBIDDEN, (requests.exceptions.InvalidURL,)),
)
_TIMEOUTS = (requests.Timeout, urllib3.exceptions.ReadTimeoutError, TimeoutError)
