"""What can go wrong with the NSSO, in three classes by what to do next: later, refused, misconfigured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ciao_portal.nsso.contract import Problem


@dataclass(frozen=True)
class Exchange:
    """One HTTP exchange as evidence: what was asked when, and what came. Holds no national number.

    ``started_at`` is aware UTC. ``path`` carries no query. ``clock_skew_s`` is the server's clock minus ours
    by its ``Date`` header, exact to about a second. ``note`` is short and in English, for support.
    """

    started_at: datetime
    duration_ms: int
    method: str
    path: str
    http_status: int | None
    trace_id: str
    related_trace_id: str | None
    contract_version: str
    server_name: str | None
    clock_skew_s: float | None
    note: str


class NssoCode(StrEnum):
    """Stable reasons, for records, tables and tests."""

    NAME_NOT_RESOLVED = "nameNotResolved"
    CONNECTION_REFUSED = "connectionRefused"
    CONNECT_TIMEOUT = "connectTimeout"
    TLS = "tls"
    CONNECTION_LOST = "connectionLost"
    TIMEOUT = "timeout"
    TOO_LARGE = "tooLarge"
    NOT_JSON = "notJson"
    NONSENSE = "nonsense"
    UNEXPECTED_STATUS = "unexpectedStatus"
    REDIRECTED = "redirected"
    TOO_MANY_REQUESTS = "tooManyRequests"
    SERVER_ERROR = "serverError"
    SERVICE_UNAVAILABLE = "serviceUnavailable"
    BAD_REQUEST = "badRequest"
    NOT_FOUND = "notFound"
    NOT_VISIBLE = "notVisible"
    PAYLOAD_TOO_LARGE = "payloadTooLarge"
    ADDRESS_UNKNOWN = "addressUnknown"
    ADDRESS_FORBIDDEN = "addressForbidden"
    PRACTICE_DATA = "practiceData"
    NOT_SUPPORTED = "notSupported"
    PERMISSION_MISSING = "permissionMissing"
    TOKEN_REFUSED = "tokenRefused"  # noqa: S105 - a reason, no secret
    TOKEN_NOT_ACCEPTED = "tokenNotAccepted"  # noqa: S105 - a reason, no secret
    PRIVATE_KEY_UNREADABLE = "privateKeyUnreadable"


class NssoError(Exception):
    """Base of the three. ``exchange`` is None only when nothing was sent; the text is for support."""

    def __init__(
        self, code: NssoCode, why: str, *, exchange: Exchange | None, problem: Problem | None = None
    ) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why
        self.exchange = exchange
        self.problem = problem


class NssoLater(NssoError):  # noqa: N818 - the class says what to do next
    """Try again later.

    ``retry_after`` is the wait the NSSO asked for in seconds. With ``outcome_unknown`` the NSSO may have
    stored what was sent, so search before resending.
    """

    def __init__(
        self,
        code: NssoCode,
        why: str,
        *,
        exchange: Exchange | None,
        problem: Problem | None = None,
        retry_after: float | None = None,
        outcome_unknown: bool = False,
    ) -> None:
        super().__init__(code, why, exchange=exchange, problem=problem)
        self.retry_after = retry_after
        self.outcome_unknown = outcome_unknown


class NssoRefused(NssoError):  # noqa: N818 - the class says what to do next
    """This request is wrong as it stands: sending it again as it is cannot help. ``problem`` says why."""

    problem: Problem

    def __init__(self, code: NssoCode, *, exchange: Exchange, problem: Problem) -> None:
        super().__init__(code, problem.summary, exchange=exchange, problem=problem)


class NssoMisconfigured(NssoError):  # noqa: N818 - the class says what to do next
    """Somebody must put a setting, a credential or a permission right; then everything may be sent again."""
