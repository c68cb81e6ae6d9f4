"""Rows the NSSO's answers would leave behind, and a clock that stands still."""

from datetime import date, datetime, timedelta

import pytest

from ciao_portal.days import brussels_day
from registrations.models import NssoPresence, Registration, Remark, Submission
from registrations.models.nsso import SubmissionState
from registrations.rules.deadlines import last_day
from registrations.rules.presence import Kind, nsso_type
from tests.cast import NOW


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Let the pages believe that it is `now`."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def accepted(registration: Registration, *, nsso_id: int, validity: str = "valid") -> NssoPresence:
    """What stands in the database once the NSSO took the registration in and checked it."""
    Submission.objects.filter(registration=registration).update(
        state=SubmissionState.ACCEPTED,
        nsso_id=nsso_id,
        validity=validity,
        accepted_at=registration.received_at + timedelta(seconds=2),
        due_at=None,
    )
    return NssoPresence.objects.create(
        nsso_id=nsso_id,
        registration=registration,
        person=registration.person,
        employer=registration.employer,
        declaration=registration.declaration,
        type=nsso_type(Kind(registration.kind)),
        registered_at=registration.happened_at,
        day=registration.happened_day,
        validity=validity,
        first_seen_at=registration.received_at,
        last_seen_at=registration.received_at,
    )


def remark_on(
    presence: NssoPresence,
    code: str = "dimonaNotFound",
    *,
    happened_day: date | None = None,
    seen_at: datetime = NOW,
    gone_at: datetime | None = None,
    description: dict[str, str] | None = None,
) -> Remark:
    """A remark on this presence; `happened_day` overrides the day of the registration."""
    day = happened_day or presence.day
    return Remark.objects.create(
        presence=presence,
        employer=presence.employer,
        declaration=presence.declaration,
        code=code,
        description=description or {},
        happened_day=day,
        last_day=last_day(day),
        first_seen_at=seen_at,
        last_seen_at=seen_at,
        gone_at=gone_at,
    )


def elsewhere(registration: Registration, *, nsso_id: int, at: datetime = NOW) -> NssoPresence:
    """A presence of the same person, employer and works that was registered by other means."""
    return NssoPresence.objects.create(
        nsso_id=nsso_id,
        person=registration.person,
        employer=registration.employer,
        declaration=registration.declaration,
        type="IN",
        registered_at=at,
        day=brussels_day(at),
        validity="validWithRemarks",
        first_seen_at=at,
        last_seen_at=at,
    )
