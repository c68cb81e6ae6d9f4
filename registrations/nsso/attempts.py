"""The evidence of every call, one row per submission it spoke of."""

import traceback
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from uuid import UUID

from ciao_portal.nsso.contract import VERSION
from ciao_portal.nsso.contracts import registering_paths
from ciao_portal.nsso.errors import Exchange, NssoError
from registrations.models import Attempt

REGISTER = "register"
SEARCH = "search"
TOKEN = "token"  # noqa: S105 - an operation, no secret
# Work of the portal itself, without a call.
PREPARE = "prepare"
STUMBLED = "internalError"


def attempt(
    submission: UUID, exchange: Exchange, *, operation: str, outcome: str, detail: str = ""
) -> Attempt:
    """The row for one submission (not saved). `detail` holds types and places, never a value."""
    return Attempt(
        submission_id=submission,
        started_at=exchange.started_at,
        duration_ms=exchange.duration_ms,
        operation=operation,
        http_status=exchange.http_status,
        trace_id=exchange.trace_id,
        related_trace_id=(exchange.related_trace_id or "")[:36],
        contract_version=exchange.contract_version,
        outcome=outcome[:40],
        detail=(detail or exchange.note)[:300],
    )


def keep_failure(submissions: Iterable[UUID], error: NssoError, *, operation: str) -> None:
    """Keep a failed call; nothing when nothing was sent."""
    exchange = error.exchange
    if exchange is None:
        return
    if operation == REGISTER and exchange.path not in registering_paths():
        operation = TOKEN
    Attempt.objects.bulk_create(
        attempt(pk, exchange, operation=operation, outcome=error.code.value, detail=error.why)
        for pk in submissions
    )


def keep_stumble(submissions: Iterable[UUID], error: BaseException, *, operation: str, now: datetime) -> None:
    """Keep an error of our own: its type and the places it went through, never its text."""
    Attempt.objects.bulk_create(
        Attempt(
            submission_id=pk,
            started_at=now,
            duration_ms=0,
            operation=operation,
            trace_id="",
            contract_version=VERSION,
            outcome=STUMBLED,
            detail=_places(error),
        )
        for pk in submissions
    )


def stumbles(submission: UUID) -> int:
    """How often the portal itself failed on this submission."""
    return Attempt.objects.filter(submission=submission, outcome=STUMBLED).count()


def _places(error: BaseException) -> str:
    """The type and the last places, innermost first: no values."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    places = (f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    return ", ".join([type(error).__name__, *places])[:300]
