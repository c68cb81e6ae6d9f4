"""Who did what. Written by services, in the transaction of the deed itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from ciao_portal.models.accounts import Company, User
from ciao_portal.models.audit import AuditEvent
from ciao_portal.prepared import store

# Every action that may be recorded, with the sentence the audit list shows.
ACTIONS = {
    "company.created": _("Company created"),
    "company.changed": _("Company details changed"),
    "member.added": _("Person added to the company"),
    "member.changed": _("Role of a person changed"),
    "member.digest_chosen": _("Morning letter switched on or off"),
    "member.left": _("Person left the company"),
    "invitation.sent": _("Invitation sent"),
    "invitation.withdrawn": _("Invitation withdrawn"),
    "invitation.accepted": _("Invitation accepted"),
    "client.created": _("Client added"),
    "workplace.created": _("Workplace added"),
    "declaration.declared": _("Works declared"),
    "declaration.changed": _("Declaration changed"),
    "declaration.amount_agreed": _("Amount of the declaration agreed"),
    "declaration.renewed": _("Contract renewed"),
    "declaration.ended": _("Works ended"),
    "declaration.reopened": _("Works reopened"),
    "declaration.cancelled": _("Declaration cancelled"),
    "declaration.taken_back": _("Cancellation taken back"),
    "declaration.paper_attached": _("Paper added"),
    "declaration.paper_withdrawn": _("Paper withdrawn"),
    "declaration.taken_over": _("Declaration taken over by a new one"),
    "declaration.former_noted": _("Former contractor noted"),
    "takeover.step_done": _("Step of a takeover done"),
    "takeover.step_undone": _("Step of a takeover taken back"),
    "declaration.nsso_address_kept": _("Address of the NSSO kept"),
    "declaration.nsso_address_removed": _("Address of the NSSO removed"),
    "subcontract.added": _("Subcontractor added to the chain"),
    "subcontract.changed": _("Subcontract changed"),
    "subcontract.end_taken_away": _("Last day of a subcontract taken away"),
    "means.agreed": _("Means of registration agreed with a subcontractor"),
    "means.withdrawn": _("Agreement on a means of registration withdrawn"),
    "subcontract.ended": _("Subcontract ended"),
    "subcontract.moved": _("Subcontract moved to another place in the chain"),
    "subcontract.expected": _("Days of the week told on which a subcontractor is expected"),
    "chain.reminded": _("Subcontractor reminded by e-mail"),
    "point.created": _("Registration code made"),
    "assessment.made": _("Scope of a contract assessed"),
    "employment.created": _("Worker added"),
    "employment.changed": _("Worker changed"),
    "ssin.revealed": _("National number revealed"),
    "pairing.offered": _("Pairing link made"),
    "pairing.revoked": _("Pairing link taken back"),
    "pairing.code_given": _("Pairing code given"),
    "pairing.code_revoked": _("Pairing code taken back"),
    "card.issued": _("Personal card made"),
    "card.revoked": _("Personal card revoked"),
    "card.chip_set": _("Chip of a card set"),
    "provider.changed": _("Sign-in provider changed"),
    "provider.checked": _("Sign-in provider checked"),
    "provider.removed": _("Sign-in provider removed"),
    "device.paired": _("Phone paired"),
    "device.revoked": _("Phone revoked"),
    "terminal.added": _("Tablet added"),
    "terminal.link_made": _("New link for a tablet made"),
    "terminal.paired": _("Tablet paired"),
    "terminal.renamed": _("Tablet renamed"),
    "terminal.revoked": _("Tablet revoked"),
    "registration.received": _("Registration received"),
    "registration.released": _("Held registration released"),
    "statement.given": _("Statement given by the worker"),
    "agreement.answered": _("Agreement answered by the worker"),
    "agreement.noted": _("Noted that the worker was informed on paper"),
    "error.reported": _("Error reported by the worker"),
    "error.answered": _("Reported error answered"),
    "correction.opened": _("Request for a correction begun"),
    "correction.changed": _("Request for a correction changed"),
    "correction.ready": _("Request for a correction ready"),
    "correction.approved": _("Request for a correction approved"),
    "correction.sent": _("Request for a correction sent to the NSSO"),
    "correction.solved": _("Request for a correction solved"),
    "correction.refused": _("Request for a correction refused by the NSSO"),
    "correction.withdrawn": _("Request for a correction withdrawn"),
    "correction.late": _("Request for a correction too late"),
    "correction.offered": _("Request for a correction offered to the other company"),
    "correction.claimed": _("Request for a correction taken over"),
    "correction.offer_ended": _("Offer of a request for a correction ended"),
    "correction.evidence_added": _("Supporting document of a request added"),
    "correction.evidence_removed": _("Supporting document of a request taken away"),
    "correction_settings.changed": _("Settings of corrections changed"),
    "remark.reminded": _("Company reminded of remarks by e-mail"),
    "place.given": _("Place of a registration given by the worker"),
    "calendar.made": _("Calendar address made by the worker"),
    "deadline_calendar.made": _("Address of a calendar of last days made"),
    "deadline_calendar.revoked": _("Address of a calendar of last days revoked"),
    "calendar.revoked": _("Calendar address revoked by the worker"),
    "export.made": _("Registrations exported"),
    "export.fetched": _("Export with full national numbers fetched"),
    "report.requested": _("Report asked for"),
    "report.opened": _("Report opened"),
    "outage.declared": _("Outage declared"),
    "outage.ended": _("Declared outage ended"),
    "outage.added_to": _("Note added to an outage"),
    "outage.attempts_fetched": _("Attempts fetched as CSV"),
    "emergency.changed": _("Emergency procedure changed"),
    "status_address.made": _("Address of the status line made"),
    "status_address.revoked": _("Address of the status line revoked"),
    "credentials.key_made": _("Key for the NSSO made"),
    "credentials.stored": _("NSSO credentials stored"),
    "credentials.spare_made": _("Second key for the NSSO made"),
    "credentials.switched": _("Switched to the second key for the NSSO"),
    "credentials.spare_discarded": _("Second key for the NSSO discarded"),
    "credentials.tested": _("Connection with the NSSO tested"),
    "paper.added": _("File added"),
    "paper.opened": _("File opened"),
    "letter.sent": _("Letter sent"),
    "letter.failed": _("Letter could not be sent"),
    "user.signed_in": _("Signed in"),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person of the office, or nobody in particular (a cleaner's phone, a task)."""

    company: Company | None = None
    user: User | None = None


def record(
    action: str, subject: models.Model, *, actor: Actor, now: datetime, payload: dict[str, Any] | None = None
) -> None:
    """Write one audit event. The payload must never hold a national number; ids and codes only.

    Raises ValueError for an action that is not registered in `ACTIONS`.
    """
    store(event_of(action, subject, actor=actor, now=now, payload=payload))


def event_of(
    action: str, subject: models.Model, *, actor: Actor, now: datetime, payload: dict[str, Any] | None = None
) -> AuditEvent:
    """The event that `record` writes, for who stores it together with other rows. Raises like `record`."""
    if action not in ACTIONS:
        raise ValueError(f"Unknown audit action {action!r}")
    return AuditEvent(
        at=now,
        company=actor.company,
        user=actor.user,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        payload=payload or {},
    )
