"""After a restore: what waited when the backup was made may have reached the NSSO since."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ciao_portal.tenancy import unscoped
from registrations.models import Submission
from registrations.nsso.claims import search_after
from registrations.nsso.credentials import credentials_for
from registrations.nsso.states import (
    MISCONFIGURED,
    MOVED_FIELDS,
    SENDING,
    UNCERTAIN,
    WAITING,
    move,
)

PORTION = 1000
REASON = "restored"


def look_up_first(*, now: datetime) -> int:
    """Have everything that waits looked up at the NSSO before it is sent; answers how many rows that are.

    Rows without credentials never left the house under any. A claim the backup caught is older than any
    living sender's, so it is looked up without our doing.
    """
    ids = list(Submission.objects.filter(state__in=(WAITING, MISCONFIGURED)).values_list("pk", flat=True))
    with unscoped(reason="a restore concerns every company at once"):
        return sum(_doubt(ids[start : start + PORTION], now=now) for start in range(0, len(ids), PORTION))


@transaction.atomic
def _doubt(ids: list[UUID], *, now: datetime) -> int:
    rows = list(Submission.objects.filter(pk__in=ids).select_related("registration__declaration__company"))
    accesses = credentials_for(row.registration for row in rows)
    doubted = []
    for row in rows:
        row.credentials = accesses[row.registration_id]
        if row.credentials is not None:
            move(row, SENDING)
            move(row, UNCERTAIN, due_at=now + search_after(), reason=REASON)
            doubted.append(row)
    Submission.objects.bulk_update(doubted, MOVED_FIELDS)
    return len(doubted)
