"""A submission's states: which moves are allowed, and the one function that makes them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from registrations.models import Submission
from registrations.models.nsso import SubmissionState

WAITING = SubmissionState.WAITING
SENDING = SubmissionState.SENDING
UNCERTAIN = SubmissionState.UNCERTAIN
ACCEPTED = SubmissionState.ACCEPTED
REFUSED = SubmissionState.REFUSED
MISCONFIGURED = SubmissionState.MISCONFIGURED
HELD = SubmissionState.HELD
NUMBER_PENDING = SubmissionState.NUMBER_PENDING
NOT_DUE = SubmissionState.NOT_DUE

# A later registration of the same worker never overtakes one in these states.
UNFINISHED = (WAITING, SENDING, UNCERTAIN)

# Whatever the portal believes, the NSSO may turn out to have it: then it is accepted.
MOVES: Mapping[str, frozenset[SubmissionState]] = MappingProxyType(
    {
        WAITING: frozenset({SENDING, MISCONFIGURED, ACCEPTED}),
        SENDING: frozenset({WAITING, UNCERTAIN, ACCEPTED, REFUSED, MISCONFIGURED, NUMBER_PENDING}),
        UNCERTAIN: frozenset({WAITING, ACCEPTED}),
        MISCONFIGURED: frozenset({SENDING, MISCONFIGURED, ACCEPTED}),
        HELD: frozenset({WAITING}),
        NUMBER_PENDING: frozenset({WAITING}),
        ACCEPTED: frozenset(),
        REFUSED: frozenset(),
        NOT_DUE: frozenset(),
    }
)

# What taking a row changes, beside the time it is due.
CLAIMED_FIELDS = ("state", "in_flight_since", "claimed_by", "attempt_count", "credentials")

# What a move may change: the columns to save after it.
MOVED_FIELDS = (
    "state",
    "due_at",
    "in_flight_since",
    "claimed_by",
    "attempt_count",
    "last_error",
    "credentials",
    "nsso_id",
    "twin_nsso_ids",
    "accepted_at",
    "validity",
    "refusal",
)


def move(
    submission: Submission, to: SubmissionState, *, due_at: datetime | None = None, reason: str = ""
) -> None:
    """Put the submission into another state (not saved). `due_at` is when it is looked at next.

    `reason` is a stable code for support. Raises ValueError for a move that is not in `MOVES`.
    """
    if to not in MOVES[submission.state]:
        raise ValueError(f"A submission cannot move from {submission.state} to {to}")
    submission.state = to
    submission.due_at = due_at
    submission.last_error = reason[:200]
    if to != SENDING:
        submission.in_flight_since = None


def accept(submission: Submission, *, nsso_id: int, validity: str, now: datetime) -> None:
    """The NSSO has it under this number (not saved); a second number of the same tap is kept as a twin."""
    if submission.state != ACCEPTED:
        move(submission, ACCEPTED)
        submission.nsso_id = nsso_id
        submission.accepted_at = now
        submission.validity = validity
    elif nsso_id != submission.nsso_id and nsso_id not in submission.twin_nsso_ids:
        submission.twin_nsso_ids = [*submission.twin_nsso_ids, nsso_id]
