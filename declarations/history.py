"""What was done about a declaration, by whom and when.

People's names stay with their company: a deed of another company names the company only. Whoever is not the
declarer sees the deeds of the own company alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from ciao_portal.audit import ACTIONS
from ciao_portal.days import day_label
from ciao_portal.models import AuditEvent, Company, Invitation
from declarations.amounts import euros
from declarations.models import Attachment, Cancellation, Declaration, RegistrationMeans, Subcontract
from declarations.models.declarations import Regime

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
    events = list(events)
    firms = {str(place.pk): names[place.company] for place in subcontracts}
    typed = _typed(events)
    return [
        Deed(
            event.at,
            ACTIONS.get(event.action, event.action),
            _joined(firms.get(event.subject_id), _details(event), typed.get(event.pk)),
            _who(event, names, viewer),
        )
        for event in events
    ]


def _who(event: AuditEvent, names: dict[Company, str], viewer: Company) -> str:
    if event.company_id == viewer.pk and event.user:
        return str(event.user)
    return names[event.company] if event.company else ""


def _typed(events: list[AuditEvent]) -> dict[object, str]:
    """Reasons and titles of papers, by the key of the event: the audit itself holds no typed text."""
    reasons = {
        str(row.pk): row.reason for row in Cancellation.objects.filter(pk__in=_named(events, "cancellation"))
    }
    papers = {
        str(row.pk): row
        for row in Attachment.objects.filter(pk__in=_named(events, "attachment")).select_related("paper")
    }
    found: dict[object, str] = {}
    for event in events:
        if key := event.payload.get("cancellation"):
            found[event.pk] = reasons.get(key, "")
        elif paper := papers.get(event.payload.get("attachment", "")):
            is_over = event.action == "declaration.paper_withdrawn"
            found[event.pk] = _joined(paper.paper.title, paper.withdrawal_reason if is_over else "")
    return found


def _named(events: list[AuditEvent], name: str) -> list[str]:
    return [event.payload[name] for event in events if name in event.payload]


def _joined(*details: str | None) -> str:
    return " · ".join(detail for detail in details if detail)


def _details(event: AuditEvent) -> str:
    codes = event.payload.get("codes")
    if isinstance(codes, list):
        return ngettext("%(count)s code", "%(count)s codes", len(codes)) % {"count": len(codes)}
    if "workplace_added" in event.payload:
        return gettext("Workplace added")
    if event.subject_type == Subcontract._meta.label_lower and (words := _of_place(event)):
        return words
    if event.action == "declaration.amount_agreed":
        return _amounts(event)
    values = event.payload.get("values")
    if isinstance(values, dict):
        return _joined(*(_change(str(name), *pair) for name, pair in values.items()))
    changed = event.payload.get("changed")
    model = Subcontract if event.subject_type == Subcontract._meta.label_lower else Declaration
    return ", ".join(_column(model, str(name)) for name in changed) if isinstance(changed, list) else ""


def _of_place(event: AuditEvent) -> str:
    """By what its people register, or its last day; empty when it is about neither."""
    if "means" in event.payload:
        return str(RegistrationMeans(event.payload["means"]).label)
    if "ends_on" in event.payload:
        return day_label(date.fromisoformat(str(event.payload["ends_on"])))
    return ""


def _change(name: str, old: str, new: str) -> str:
    words = {"column": _column(Declaration, name), "old": _value(name, old), "new": _value(name, new)}
    return gettext("%(column)s: %(old)s → %(new)s") % words


def _amounts(event: AuditEvent) -> str:
    old, new = (
        euros(Decimal(event.payload[side]["amount"]), per_year=event.payload[side]["per_year"])
        for side in ("before", "after")
    )
    words = {"day": day_label(date.fromisoformat(event.payload["from_day"])), "old": old, "new": new}
    if event.payload["corrected"]:
        return gettext("corrected, from %(day)s: %(old)s → %(new)s") % words
    return gettext("from %(day)s: %(old)s → %(new)s") % words


def _value(name: str, value: str) -> str:
    """A value that the audit keeps, as people read it."""
    if not value:
        return "–"
    if name.endswith("_on"):
        return day_label(date.fromisoformat(value))
    return str(Regime(value).label) if name == "regime" else value


def _column(model: type[Model], name: str) -> str:
    """The column in the words of its form; as it stands when there is none."""
    try:
        return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except (AttributeError, FieldDoesNotExist):
        return name
