"""What was done about a declaration, by whom and when.

People's names stay with their company: a deed of another company names the company only. Whoever is not the
declarer sees the deeds of the own company alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from ciao_portal.audit import ACTIONS
from ciao_portal.models import AuditEvent, Company, Invitation
from declarations.models import Declaration, RegistrationMeans, Subcontract

LONGEST = 30


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the history; `about` is empty when the action says it all."""

    at: datetime
    action: str | Promise
    about: str
    who: str


def events_about(
    declaration: Declaration, subcontracts: Iterable[Subcontract], *, viewer: Company
) -> list[AuditEvent]:
    """The latest deeds about the declaration and these places of its chain, as far as the viewer may know."""
    places = [str(place.pk) for place in subcontracts]
    events = AuditEvent.objects.filter(
        Q(subject_type=Declaration._meta.label_lower, subject_id=str(declaration.pk))
        | Q(subject_type=Subcontract._meta.label_lower, subject_id__in=places)
    )
    return _latest(events, declarer=declaration.company, viewer=viewer)


def events_about_place(
    place: Subcontract, invitations: Iterable[Invitation], *, declarer: Company, viewer: Company
) -> list[AuditEvent]:
    """The latest deeds about one place of a chain, and about these invitations of its firm."""
    events = AuditEvent.objects.filter(
        Q(subject_type=Subcontract._meta.label_lower, subject_id=str(place.pk))
        | Q(
            subject_type=Invitation._meta.label_lower,
            subject_id__in=[str(invitation.pk) for invitation in invitations],
        )
    )
    return _latest(events, declarer=declarer, viewer=viewer)


def _latest(events: QuerySet[AuditEvent], *, declarer: Company, viewer: Company) -> list[AuditEvent]:
    if declarer.pk != viewer.pk:
        events = events.filter(company=viewer)
    return list(events.select_related("user", "company").order_by("-at", "-id")[:LONGEST])


def history_of(
    events: Iterable[AuditEvent],
    subcontracts: Iterable[Subcontract],
    names: dict[Company, str],
    *,
    viewer: Company,
) -> list[Deed]:
    """The events in words; `names` holds how the viewer calls the firms of the chain and of the events."""
    firms = {str(place.pk): names[place.company] for place in subcontracts}
    return [
        Deed(
            event.at,
            ACTIONS.get(event.action, event.action),
            firms.get(event.subject_id) or _details(event),
            _who(event, names, viewer),
        )
        for event in events
    ]


def _who(event: AuditEvent, names: dict[Company, str], viewer: Company) -> str:
    if event.company_id == viewer.pk and event.user:
        return str(event.user)
    return names[event.company] if event.company else ""


def _details(event: AuditEvent) -> str:
    codes = event.payload.get("codes")
    if isinstance(codes, list):
        return ngettext("%(count)s code", "%(count)s codes", len(codes)) % {"count": len(codes)}
    if "workplace_added" in event.payload:
        return gettext("Workplace added")
    if "means" in event.payload:
        return str(RegistrationMeans(event.payload["means"]).label)
    if "ends_on" in event.payload:
        return date_format(date.fromisoformat(str(event.payload["ends_on"])))
    changed = event.payload.get("changed")
    model = Subcontract if event.subject_type == Subcontract._meta.label_lower else Declaration
    return ", ".join(_column(model, str(name)) for name in changed) if isinstance(changed, list) else ""


def _column(model: type[Model], name: str) -> str:
    """The column in the words of its form; as it stands when there is none."""
    try:
        return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except (AttributeError, FieldDoesNotExist):
        return name
