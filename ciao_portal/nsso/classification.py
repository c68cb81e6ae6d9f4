"""Turns an answer that is not what was asked for into one of the three errors, by what to do next."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from ciao_portal.nsso.contract import ContractError, Problem, ProblemType
from ciao_portal.nsso.errors import NssoCode, NssoError, NssoLater, NssoMisconfigured, NssoRefused
from ciao_portal.nsso.transport import Reply, parse_http_date

_MAX_RETRY_AFTER_S = 24 * 3600.0

_MOVED_FOR_GOOD = {301, 308}
_NOT_SUPPORTED = {405, 406, 411, 415, 501, 505}
# These are sent by a gateway or in the middle of the work: the NSSO may have stored what was sent.
_OUTCOME_UNKNOWN = {500, 502, 504}


def failure_of(reply: Reply, *, writes: bool) -> NssoError:
    """The error this answer means. ``writes`` tells that the request could have stored something."""
    if reply.status < 300:
        return _broken_success(reply, writes=writes)
    if reply.status < 400:
        return _redirect(reply)
    if reply.status in {408, 429} or (reply.status >= 500 and reply.status not in _NOT_SUPPORTED):
        return _later(reply, writes=writes)
    return _client_error(reply)


def problem_of(reply: Reply) -> Problem | None:
    """The Belgif problem in the answer, if it holds one."""
    try:
        return Problem.from_wire(reply.document)
    except ContractError:
        return None


def nonsense(reply: Reply, violation: ContractError, *, writes: bool) -> NssoLater:
    """The answer says success and does not follow the contract: for a write, its outcome is unknown."""
    return NssoLater(NssoCode.NONSENSE, str(violation), exchange=reply.exchange, outcome_unknown=writes)


def _broken_success(reply: Reply, *, writes: bool) -> NssoLater:
    code = NssoCode.UNEXPECTED_STATUS if reply.status != 200 else reply.flaw or NssoCode.NONSENSE
    return NssoLater(code, f"status {reply.status}", exchange=reply.exchange, outcome_unknown=writes)


def _redirect(reply: Reply) -> NssoError:
    why = f"status {reply.status}"
    if reply.status in _MOVED_FOR_GOOD:
        return NssoMisconfigured(NssoCode.REDIRECTED, why, exchange=reply.exchange)
    # Services under maintenance send visitors to a notice for a while.
    return NssoLater(NssoCode.REDIRECTED, why, exchange=reply.exchange)


def _later(reply: Reply, *, writes: bool) -> NssoLater:
    codes = {408: NssoCode.TIMEOUT, 429: NssoCode.TOO_MANY_REQUESTS, 503: NssoCode.SERVICE_UNAVAILABLE}
    return NssoLater(
        codes.get(reply.status, NssoCode.SERVER_ERROR),
        f"status {reply.status}",
        exchange=reply.exchange,
        problem=problem_of(reply),
        retry_after=retry_after_s(reply.headers.get("Retry-After")),
        outcome_unknown=writes and reply.status in _OUTCOME_UNKNOWN,
    )


def _client_error(reply: Reply) -> NssoError:
    problem = problem_of(reply)
    if reply.status == 401:
        return _token_not_accepted(reply, problem)
    if reply.status == 403:
        return _misconfigured(reply, NssoCode.PERMISSION_MISSING, problem)
    if reply.status in _NOT_SUPPORTED:
        return _misconfigured(reply, NssoCode.NOT_SUPPORTED, problem)
    if reply.status == 413:
        problem = problem or Problem(ProblemType.PAYLOAD_TOO_LARGE, 413)
        return NssoRefused(NssoCode.PAYLOAD_TOO_LARGE, exchange=reply.exchange, problem=problem)
    if problem is None:
        # Not an answer of the service itself: something else listens at this address.
        return _misconfigured(reply, NssoCode.ADDRESS_UNKNOWN, None)
    code = NssoCode.NOT_FOUND if reply.status == 404 else NssoCode.BAD_REQUEST
    return NssoRefused(code, exchange=reply.exchange, problem=problem)


def _token_not_accepted(reply: Reply, problem: Problem | None) -> NssoError:
    if problem is not None and problem.type == ProblemType.EXPIRED_ACCESS_TOKEN:
        # A token fetched this moment cannot have expired: the trouble is at the NSSO, no setting is wrong.
        code = NssoCode.TOKEN_NOT_ACCEPTED
        return NssoLater(code, problem.summary, exchange=reply.exchange, problem=problem)
    return _misconfigured(reply, NssoCode.TOKEN_NOT_ACCEPTED, problem)


def _misconfigured(reply: Reply, code: NssoCode, problem: Problem | None) -> NssoMisconfigured:
    why = problem.summary if problem else f"status {reply.status}"
    return NssoMisconfigured(code, why, exchange=reply.exchange, problem=problem)


def retry_after_s(text: str | None, now: datetime | None = None) -> float | None:
    """Seconds to wait by a ``Retry-After`` header (seconds or a date), at most a day; None for nonsense."""
    if not text:
        return None
    if text.strip().isascii() and text.strip().isdigit():
        return min(float(text), _MAX_RETRY_AFTER_S)
    moment = parse_http_date(text)
    if moment is None:
        return None
    wait = (moment - (now or datetime.now(UTC))).total_seconds()
    return float(min(max(math.ceil(wait), 0), _MAX_RETRY_AFTER_S))
