"""Refusals of the simulator, as Belgif problems with their headers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from types import MappingProxyType

from ciao_portal.nsso.contract import Issue, JsonObject, Problem, ProblemType, Wire

PROBLEM_MEDIA_TYPE = "application/problem+json"
_STATUS: Mapping[ProblemType, tuple[int, str]] = {
    ProblemType.BAD_REQUEST: (400, "Bad Request"),
    ProblemType.NO_ACCESS_TOKEN: (401, "No Access Token"),
    ProblemType.INVALID_ACCESS_TOKEN: (401, "Invalid Access Token"),
    ProblemType.EXPIRED_ACCESS_TOKEN: (401, "Expired Access Token"),
    ProblemType.MISSING_PERMISSION: (403, "Missing Permission"),
    ProblemType.RESOURCE_NOT_FOUND: (404, "Resource Not Found"),
    ProblemType.PAYLOAD_TOO_LARGE: (413, "Payload Too Large"),
    ProblemType.TOO_MANY_REQUESTS: (429, "Too Many Requests"),
    ProblemType.INTERNAL_SERVER_ERROR: (500, "Internal Server Error"),
    ProblemType.SERVICE_UNAVAILABLE: (503, "Service Unavailable"),
}
_CHALLENGE = 'Bearer realm="presenceRegistration"'
_CHALLENGES = {
    # RFC 6750, section 3.1: whoever sent no token at all is told nothing but to send one.
    ProblemType.NO_ACCESS_TOKEN: _CHALLENGE,
    ProblemType.INVALID_ACCESS_TOKEN: f'{_CHALLENGE}, error="invalid_token"',
    ProblemType.EXPIRED_ACCESS_TOKEN: f'{_CHALLENGE}, error="invalid_token"',
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
        status: int = 0,
        issues: Sequence[Issue] = (),
        detail: str | None = None,
        headers: Mapping[str, str] | None = None,
        more: JsonObject | None = None,
    ) -> None:
        super().__init__(kind)
        number, title = _STATUS[kind] if kind in _STATUS else (status, HTTPStatus(status).phrase)
        self.problem = Problem(kind, number, title, detail, tuple(issues))
        challenge = {"WWW-Authenticate": _CHALLENGES[kind]} if kind in _CHALLENGES else {}
        self._headers = {**challenge, **(headers or {})}
        self._more = more or {}

    def answer(self) -> Answer:
        document = {**self.problem.to_wire(), **self._more}
        return Answer(self.problem.status, document, self._headers, PROBLEM_MEDIA_TYPE)


def by_status(status: int, headers: Mapping[str, str] | None = None) -> Refusal:
    """For what the guide has no problem type of its own."""
    return Refusal(ProblemType.BY_STATUS, status=status, headers=headers)


def method_not_allowed(allowed: Sequence[str]) -> Refusal:
    return by_status(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": ", ".join(sorted(allowed))})


def not_found(name: str, value: object) -> Refusal:
    """A path that leads nowhere because of this part of it."""
    issue = Issue(ProblemType.RESOURCE_NOT_FOUND, name, "path", value=value)
    return Refusal(ProblemType.RESOURCE_NOT_FOUND, issues=[issue])


def too_many_requests(retry_after_s: int) -> Refusal:
    return Refusal(
        ProblemType.TOO_MANY_REQUESTS,
        headers={"Retry-After": str(retry_after_s)},
        more={Wire.LIMIT: 1, Wire.RETRY_AFTER_SEC: retry_after_s},
    )


def service_unavailable(retry_after_s: int | None) -> Refusal:
    headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
    return Refusal(ProblemType.SERVICE_UNAVAILABLE, headers=headers)
