"""The life of a request in steps, from what was audited; each company's people are named to it alone."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.models import AuditEvent, Company
from registrations import cells
from registrations.models import Correction, CorrectionState
from registrations.wording import Words

# What stands on the line, its signal and its icon.
STEPS: dict[str, tuple[Words, str, str]] = {
    "correction.opened": (_("Begun"), "info", "plus"),
    "correction.changed": (_("Changed"), "", "edit"),
    "correction.ready": (_("Ready"), "ok", "document"),
    "correction.approved": (_("Approved"), "ok", "check"),
    "correction.sent": (_("Sent to the NSSO"), "ok", "mail"),
    "correction.solved": (_("Corrected"), "ok", "check"),
    "correction.refused": (_("Refused by the NSSO"), "late", "error"),
    "correction.withdrawn": (_("Withdrawn"), "", "close"),
    "correction.late": (_("The last day passed"), "late", "clock"),
    "correction.offered": (_("Offered to the other company"), "wait", "company"),
    "correction.claimed": (_("Taken over"), "info", "company"),
    "correction.offer_ended": (_("The offer ended"), "", "close"),
    "correction.evidence_added": (_("Supporting document added"), "", "document"),
    "correction.evidence_removed": (_("Supporting document taken away"), "", "remove"),
}


def journey_of(
    correction: Correction, *, viewer: Company, names: dict[Company, str]
) -> list[dict[str, object]]:
    """All steps, the first one first; `names` has both companies as the viewer calls them."""
    events = AuditEvent.objects.filter(
        subject_type=Correction._meta.label_lower, subject_id=str(correction.pk)
    )
    return [
        _step(event, correction, viewer, names)
        for event in events.select_related("company", "user").order_by("at", "id")
    ]


def _step(
    event: AuditEvent, correction: Correction, viewer: Company, names: dict[Company, str]
) -> dict[str, object]:
    title, signal, icon = STEPS.get(event.action, (event.action, "", "info"))
    parts = [_who(event, viewer, names), *_details(event, correction, viewer)]
    return {
        "time": cells.moment(event.at),
        "title": title,
        "signal": signal,
        "icon": icon,
        "detail": " · ".join(filter(None, parts)),
    }


def _who(event: AuditEvent, viewer: Company, names: dict[Company, str]) -> str:
    """The person for colleagues, the company for the other one, the portal for what happened by itself."""
    if event.user is None:
        return gettext("by itself")
    if event.company == viewer:
        return str(event.user)
    return names.get(event.company, "") if event.company else ""


def _details(event: AuditEvent, correction: Correction, viewer: Company) -> list[str]:
    if event.action == "correction.sent":
        day = cells.full_day(date.fromisoformat(event.payload["sentOn"]))
        is_ours = correction.sent_by and viewer == correction.owner
        by = gettext("by %(person)s") % {"person": correction.sent_by} if is_ours else ""
        return [day, by, correction.sent_reference]
    is_last = correction.state in (
        CorrectionState.REFUSED,
        CorrectionState.WITHDRAWN,
        CorrectionState.SOLVED,
    ) and event.action.endswith(correction.state)
    return [correction.outcome] if is_last else []
