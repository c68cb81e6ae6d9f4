"""A correction's states: which moves are allowed, and the one function that makes them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from ciao_portal.errors import DomainError
from registrations.models import Correction, CorrectionState

DRAFT = CorrectionState.DRAFT
READY = CorrectionState.READY
APPROVED = CorrectionState.APPROVED
SENT = CorrectionState.SENT
SOLVED = CorrectionState.SOLVED
REFUSED = CorrectionState.REFUSED
WITHDRAWN = CorrectionState.WITHDRAWN
LATE = CorrectionState.LATE

# Whatever people do meanwhile, the remark may vanish: then it is solved.
MOVES: Mapping[str, frozenset[CorrectionState]] = MappingProxyType(
    {
        DRAFT: frozenset({DRAFT, READY, SOLVED, WITHDRAWN, LATE}),
        READY: frozenset({DRAFT, APPROVED, SENT, SOLVED, WITHDRAWN, LATE}),
        APPROVED: frozenset({DRAFT, SENT, SOLVED, WITHDRAWN, LATE}),
        SENT: frozenset({SOLVED, REFUSED, WITHDRAWN}),
        # What was sent in time may be noted afterwards.
        LATE: frozenset({SENT, SOLVED}),
        SOLVED: frozenset(),
        REFUSED: frozenset(),
        WITHDRAWN: frozenset(),
    }
)
CLOSED = frozenset({SOLVED, REFUSED, WITHDRAWN, LATE})
# Its text and its facts may change until it is on its way.
CHANGEABLE = frozenset({DRAFT, READY, APPROVED})


def move(correction: Correction, to: CorrectionState, *, now: datetime) -> None:
    """Put the correction into another state (not saved).

    Raises DomainError `correction.state` for a move that is not in `MOVES`.
    """
    if to not in MOVES[correction.state]:
        raise DomainError(
            "correction.state",
            _("This request has moved on meanwhile: it is “%(state)s”."),
            params={"state": CorrectionState(correction.state).label},
        )
    correction.state = to
    correction.closed_at = now if to in CLOSED else None
    if to == DRAFT:
        # What was prepared and approved is not what stands there now.
        correction.prepared_by = correction.approved_by = None
