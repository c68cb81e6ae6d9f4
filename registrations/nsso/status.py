"""How a company stands with the NSSO, for its first page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min

from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from ciao_portal.tenancy import unscoped
from registrations.models import ReadBack, Submission
from registrations.models.nsso import SubmissionState
from registrations.nsso.states import ACCEPTED, HELD, MISCONFIGURED, NUMBER_PENDING, REFUSED, UNFINISHED
from registrations.querysets import registrations_visible_to

OPEN_STATES = (*UNFINISHED, MISCONFIGURED, HELD, NUMBER_PENDING, REFUSED)
# How far back a last success is looked for.
LOOK_BACK = timedelta(days=31)
# Usually a registration leaves within seconds.
LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class NssoStatus:
    """Of the registrations the company may see: open ones by state, the oldest that waits, the last success.

    Moments are aware; None when there is none.
    """

    counts: dict[SubmissionState, int]
    oldest_waiting: datetime | None
    last_success: datetime | None

    @property
    def waiting(self) -> int:
        """How many are on their way, whatever keeps them."""
        return sum(count for state, count in self.counts.items() if state in (*UNFINISHED, MISCONFIGURED))


def is_behind(*, now: datetime) -> bool:
    """Whether any company's registration has waited over five minutes for the NSSO."""
    late = Submission.objects.filter(state__in=UNFINISHED, registration__received_at__lt=now - LATE)
    return late.exists()


def nsso_status(company: Company, *, now: datetime) -> NssoStatus:
    """Three queries, none of them over the whole history."""
    visible = registrations_visible_to(company)
    unfinished = Submission.objects.filter(state__in=OPEN_STATES, registration__in=visible.values("pk"))
    rows = list(unfinished.values("state").annotate(count=Count("pk"), oldest=Min("happened_at")))
    waiting = [row["oldest"] for row in rows if row["state"] in (*UNFINISHED, MISCONFIGURED)]
    return NssoStatus(
        counts={SubmissionState(row["state"]): row["count"] for row in rows},
        oldest_waiting=min(waiting, default=None),
        last_success=_last_success(company, now=now),
    )


def _last_success(company: Company, *, now: datetime) -> datetime | None:
    """The last time the NSSO took something visible, or answered a reading with the company's own access."""
    recent = registrations_visible_to(company).filter(happened_day__gte=brussels_day(now - LOOK_BACK))
    taken = recent.filter(submission__state=ACCEPTED).order_by("-happened_at", "-id")
    accepted = taken.values_list("submission__accepted_at", flat=True).first()
    with unscoped(reason="the company's own access, named by the company itself"):
        read = ReadBack.objects.filter(credentials__company=company).aggregate(at=Max("read_at"))["at"]
    return max((moment for moment in (accepted, read) if moment is not None), default=None)
