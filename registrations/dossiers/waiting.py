"""Which of the journeys waited for the NSSO: what the office held, or what lacked a number, is left out."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from ciao_portal.models import AuditEvent
from registrations.dossiers.journeys import PORTION, Journey, bounds_of
from registrations.models import Registration
from registrations.models.nsso import SubmissionState
from registrations.rules.flags import Doubt
from registrations.rules.waits import Wait
from registrations.rules.windows import Window

# These wait for people, not for the NSSO.
WAITING_FOR_PEOPLE = (SubmissionState.HELD, SubmissionState.NUMBER_PENDING, SubmissionState.NOT_DUE)


class Waited(NamedTuple):
    """A registration and its wait."""

    journey: Journey
    wait: Wait


def waits_among(journeys: Iterable[Journey], period: Window, *, now: datetime) -> list[Waited]:
    """Those that waited within the period, in their order."""
    start, end = bounds_of(period)
    found = [Waited(one, wait) for one in journeys if (wait := _wait_of(one, since=one.received_at))]
    found = [one for one in found if one.wait.counts(start, end, now=now)]
    released = _released([one.journey.registration for one in found])
    for place, (journey, _wait) in enumerate(found):
        if (since := released.get(journey.registration)) and (wait := _wait_of(journey, since=since)):
            found[place] = Waited(journey, wait)
    return [one for one in found if one.wait.counts(start, end, now=now)]


def _wait_of(journey: Journey, *, since: datetime) -> Wait | None:
    if journey.state in WAITING_FOR_PEOPLE or Doubt.NUMBER_PENDING.value in journey.flags:
        return None
    if journey.accepted_at is not None:
        return Wait(since, journey.accepted_at, got_through=True)
    if journey.state == SubmissionState.REFUSED:
        return Wait(since, journey.tries[-1].ended_at) if journey.tries else None
    return Wait(since, None)


def _released(registrations: list[UUID]) -> dict[UUID, datetime]:
    """When the office let go of what it had held, by registration."""
    moments: dict[UUID, datetime] = {}
    for place in range(0, len(registrations), PORTION):
        ids = [str(one) for one in registrations[place : place + PORTION]]
        events = AuditEvent.objects.filter(
            subject_type=Registration._meta.label_lower, subject_id__in=ids, action="registration.released"
        )
        moments |= {
            UUID(subject): at for subject, at in events.order_by("at").values_list("subject_id", "at")
        }
    return moments
