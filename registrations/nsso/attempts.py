"""The evidence of every call, one row per submission it spoke of."""

from collections.abc import Iterable
from uuid import UUID

from ciao_portal.nsso.contracts import registering_paths
from ciao_portal.nsso.errors import Exchange, NssoError
from registrations.models import Attempt

REGISTER = "register"
SEARCH = "search"
TOKEN = "token"  # noqa: S105 - an operation, no secret


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
