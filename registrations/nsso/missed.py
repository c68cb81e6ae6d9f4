"""Presences the NSSO lists no longer.

One that a whole reading of its day did not bring is missed. A list may shift while it is read, and a service
in trouble may answer too little: so it counts as gone only when it was missed for most of a day, in the first
reading and in the last. Then its open remarks end, marked as ended for that reason: nobody solved them.
"""

from datetime import datetime, timedelta

from django.db import transaction

from registrations.models import NssoPresence, ReadBack, Remark

# Older days are read once a day, give or take some hours: two readings in a row.
GONE_AFTER = timedelta(hours=20)


@transaction.atomic
def note_missed(row: ReadBack, *, began: datetime, now: datetime) -> None:
    """Compare what is kept of the day with the reading of it that began then and is complete now.

    Only what the same access was shown before: another one may not be allowed to see it.
    """
    missed = NssoPresence.objects.filter(shown_by=row.credentials, day=row.day, last_seen_at__lt=began)
    if not missed.exists():
        return
    missed.filter(missed_since__isnull=True).update(missed_since=began)
    gone = missed.filter(missed_since__lte=began - GONE_AFTER).values("pk")
    Remark.objects.filter(presence__in=gone, gone_at__isnull=True).update(
        gone_at=now, gone_with_presence=True
    )
