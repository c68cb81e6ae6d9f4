"""Registrations held back from the NSSO because of a flood of typed numbers."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from registrations.models import Registration, Submission
from registrations.models.nsso import SubmissionState
from registrations.nsso.states import move


@transaction.atomic
def release_held(*, registration: Registration, actor: Actor, now: datetime) -> None:
    """Let a held registration travel.

    Raises DomainError `submission.notHeld` when it is not (or no longer) held.
    """
    submission = Submission.objects.select_for_update().get(registration=registration)
    if submission.state != SubmissionState.HELD:
        raise DomainError(
            "submission.notHeld", _("This registration is no longer held: it is already on its way.")
        )
    move(submission, SubmissionState.WAITING, due_at=now)
    submission.save(update_fields=["state", "due_at"])
    audit.record("registration.released", registration, actor=actor, now=now)


@transaction.atomic
def release_all_held(*, registrations: Iterable[Registration], actor: Actor, now: datetime) -> int:
    """Let those travel that are held, each audited; returns how many. The others stay as they are."""
    released = 0
    for registration in registrations:
        try:
            release_held(registration=registration, actor=actor, now=now)
        except DomainError:
            continue
        released += 1
    return released
