"""An outage as it lies in the database afterwards: taps by the one door, attempts as senders keep them."""

from datetime import datetime, timedelta
from uuid import uuid4

from registrations.models import Attempt, Registration, Submission
from registrations.models.nsso import SubmissionState

MINUTE = timedelta(minutes=1)


def tried(
    *registrations: Registration,
    at: datetime,
    outcome: str = "timeout",
    status: int | None = None,
    operation: str = "register",
) -> str:
    """One call for these registrations; answers its trace id."""
    trace = str(uuid4())
    for registration in registrations:
        Attempt.objects.create(
            submission=Submission.objects.get(registration=registration),
            started_at=at,
            duration_ms=250,
            operation=operation,
            http_status=status,
            trace_id=trace,
            related_trace_id=str(uuid4()) if status else "",
            contract_version="1.4.1-r1",
            outcome=outcome,
            detail="",
        )
    return trace


def through(*registrations: Registration, at: datetime, number: int = 17611) -> None:
    """The NSSO took them in, in one call."""
    tried(*registrations, at=at, outcome="created", status=200)
    for place, registration in enumerate(registrations):
        Submission.objects.filter(registration=registration).update(
            state=SubmissionState.ACCEPTED, accepted_at=at, nsso_id=number + place, due_at=None
        )


def stands(registration: Registration, state: SubmissionState) -> None:
    """The journey stands in this state now."""
    Submission.objects.filter(registration=registration).update(state=state, due_at=None)
