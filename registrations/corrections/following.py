"""What becomes of a request: it closes by itself when the NSSO no longer makes the remark.

Looked at when a reading brings that a remark went, and every night for all that is open.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day
from ciao_portal.tenancy import unscoped
from registrations.corrections.querysets import lines_about
from registrations.corrections.remarks import codes_of
from registrations.corrections.states import APPROVED, DRAFT, LATE, READY, SENT, SOLVED, move
from registrations.models import Correction, CorrectionLine, NssoPresence, Remark
from registrations.models.corrections import OPEN_STATES
from registrations.nsso.read_backs import look_at_days
from registrations.rules.corrections import Error, is_solved
from registrations.rules.deadlines import CORRECTION_DAYS, days_left

# The NSSO answers in weeks; beyond half a year people look there themselves.
FOLLOWED = timedelta(days=180)


def close_solved(presences: Iterable[UUID], *, now: datetime) -> int:
    """Close the requests about these presences (keys) that are solved by now; answers how many.

    Call inside `atomic`, where the remarks were written.
    """
    lines = lines_about(NssoPresence.objects.filter(pk__in=presences)).filter(
        correction__state__in=(*OPEN_STATES, LATE)
    )
    return sum(_close(pk, now=now) for pk in set(lines.values_list("correction", flat=True)))


def follow(*, now: datetime) -> None:
    """Every night: close what is solved, mark what is too late, have old days of sent requests read back."""
    with unscoped(reason="the requests of every company are followed, each for itself"):
        for pk in list(_open().values_list("pk", flat=True)):
            with transaction.atomic():
                _close(pk, now=now)
        late = _open().filter(state__in=(DRAFT, READY, APPROVED), last_day__lt=brussels_day(now))
        for pk in list(late.values_list("pk", flat=True)):
            _mark_late(pk, now=now)
        look_at_days(_days_to_read(now), now=now)


def _open() -> QuerySet[Correction]:
    return Correction.objects.filter(state__in=OPEN_STATES)


def _locked(pk: UUID) -> Correction:
    with unscoped(reason="a request that is followed, whoever owns it"):
        return Correction.objects.select_for_update(of=("self",)).select_related("owner").get(pk=pk)


def _close(pk: UUID, *, now: datetime) -> bool:
    kept = _locked(pk)
    if kept.state not in (*OPEN_STATES, LATE) or not _is_solved(kept):
        return False
    move(kept, SOLVED, now=now)
    kept.offered_to = None
    kept.save()
    audit.record("correction.solved", kept, actor=Actor(kept.owner), now=now)
    return True


def _is_solved(correction: Correction) -> bool:
    return all(is_solved(_spells(correction, line)) for line in correction.lines.all())


def _spells(correction: Correction, line: CorrectionLine) -> list[tuple[bool, bool]]:
    """The remarks this request is about: gone or not, with the presence or not."""
    about = (
        Q(presence__registration=line.registration_id)
        if line.registration_id
        else Q(presence=line.presence_id)
    )
    codes = {line.code} if line.code else codes_of(Error(correction.error))
    rows = Remark.objects.filter(about, code__in=codes)
    return [(row.gone_at is not None, row.gone_with_presence) for row in rows]


@transaction.atomic
def _mark_late(pk: UUID, *, now: datetime) -> None:
    kept = _locked(pk)
    if kept.state not in (DRAFT, READY, APPROVED) or days_left(kept.last_day, brussels_day(now)) >= 0:
        return
    move(kept, LATE, now=now)
    kept.save()
    audit.record("correction.late", kept, actor=Actor(kept.owner), now=now)


def _days_to_read(now: datetime) -> set[tuple[UUID, date]]:
    """Days of sent requests that are too old to be read back for their own sake."""
    today = brussels_day(now)
    lines = CorrectionLine.objects.filter(correction__state=SENT, correction__sent_on__gte=today - FOLLOWED)
    about = Q(correction_lines__in=lines.values("pk")) | Q(
        registration__correction_lines__in=lines.values("pk")
    )
    rows = NssoPresence.objects.filter(
        about, shown_by__isnull=False, day__lt=today - timedelta(days=CORRECTION_DAYS)
    )
    return set(rows.values_list("shown_by", "day"))
