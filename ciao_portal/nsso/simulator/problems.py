"""Refusals of the simulator, as Belgif problems with their headers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from types import MappingProxyType

from ciao_portal.nsso.contract import Issue, JsonObject, Problem, ProblemType, Wire

_STATUS: Mapping[ProblemType, tuple[int, str]] = {
    ProblemType.BAD_REQUEST: (400, "Bad Request"),
    ProblemType.NO_ACCESS_TOKEN: (401, "No Access Token"),
    ProblemType.INVALID_ACCESS_TOKEN: (401, "Invalid Access Token"),
    ProblemType.EXPIRED_ACCESS_TOKEN: (401, "Expired Access Token"),
    ProblemType.MISSING_PERMISSION: (403, "Missing Permission"),
    ProblemType.RESOURCE_NOT_FOUND: (404, "Resource Not Found"),
    ProblemType.METHOD_NOT_ALLOWED: (405, "Method Not Allowed"),
    ProblemType.PAYLOAD_TOO_LARGE: (413, "Payload Too Large"),
    ProblemType.UNSUPPORTED_MEDIA_TYPE: (415, "Unsupported Media Type"),
    ProblemType.TOO_MANY_REQUESTS: (429, "Too Many Requests"),
    ProblemType.INTERNAL_SERVER_ERROR: (500, "Internal Server Error"),
    ProblemType.SERVICE_UNAVAILABLE: (503, "Service Unavailable"),
}


class Delivery(Enum):
    """How an answer reaches the client."""

    WHOLE = auto()
    HALF = auto()
    NEVER = auto()
    RESET = auto()


@dataclass(frozen=True)
class Answer:
    """What goes back: a JSON object, or a text as it is. ``after_s`` is how long the client waits for it."""

    status: int
    document: JsonObject | str
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    media_type: str = "application/json"
    delivery: Delivery = Delivery.WHOLE
    after_s: float = 0.0
    afterwards: Callable[[], None] | None = None


class Refusal(Exception):  # noqa: N818 - an answer, no failure
    """Raised anywhere below a request to answer it with a problem."""

    def __init__(
        self,
        kind: ProblemType,
        *,
        issues: Sequence[Issue] = (),
        detail: str | None = None,
        headers: Mapping[str, str] | None = None,
        more: JsonObject | None = None,
    ) -> None:
        super().__init__(kind)
        status, title = _STATUS[kind]
        self.problem = Problem(kind, status, title, detail, tuple(issues))
        self._headers = dict(headers or {})
        self._more = more or {}

    def answer(self) -> Answer:
        headers = self._headers
        if self.problem.status == 401:
            headers = {"WWW-Authenticate": "Bearer", **headers}
        document = {**self.problem.to_wire(), **self._more}
        return Answer(self.problem.status, document, headers, "application/problem+json")


def too_many_requests(retry_after_s: int) -> Refusal:
    return Refusal(
        ProblemType.TOO_MANY_REQUESTS,
        headers={"Retry-After": str(retry_after_s)},
        more={Wire.LIMIT: 1, Wire.RETRY_AFTER_SEC: retry_after_s},
    )


def service_unavailable(retry_after_s: int | None) -> Refusal:
    headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
    return Refusal(ProblemType.SERVICE_UNAVAILABLE, headers=headers)
