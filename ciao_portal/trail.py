"""Reading the audit list: what an event says in words, and what it was about."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.audit import ACTIONS
from ciao_portal.models import AuditEvent, Company, Role
from ciao_portal.models.credentials import TEST_PASSED

# Deeds without a person of the office that a worker did on a phone; all others are the portal's own.
PHONE_ACTIONS = frozenset(
    {
        *("registration.received", "statement.given", "device.paired", "place.given"),
        *("agreement.answered", "error.reported", "calendar.made", "calendar.revoked"),
    }
)


@dataclass(frozen=True, slots=True)
class Group:
    """Actions one looks for together: whole families (`export.`) or single ones."""

    key: str
    words: Promise
    beginnings: tuple[str, ...]

    @property
    def actions(self) -> list[str]:
        return [action for action in ACTIONS if action.startswith(self.beginnings)]


GROUPS = (
    Group(
        "seen",
        _("Looked up or taken out"),
        (
            "ssin.revealed",
            "export.",
            "report.opened",
            "paper.opened",
            "outage.attempts_fetched",
            "pairing.offered",
            "pairing.code_given",
            "card.issued",
        ),
    ),
    Group(
        "people",
        _("People and company"),
        (
            "company.",
            "member.",
            "invitation.",
            "credentials.",
            "status_address.",
            "provider.",
            "deadline_calendar.",
        ),
    ),
    Group("sign-ins", _("Sign-ins"), ("user.",)),
    Group(
        "declarations",
        _("Declarations"),
        (
            *("client.", "workplace.", "declaration.", "subcontract.", "chain.", "point.", "assessment."),
            *("means.", "paper.", "takeover."),
        ),
    ),
    Group(
        "workers",
        _("Workers and their means"),
        (
            *("employment.", "ssin.", "pairing.", "device.", "card.", "terminal."),
            *("agreement.", "calendar."),
        ),
    ),
    Group("registrations", _("Registrations"), ("registration.", "statement.", "place.", "error.")),
    Group("corrections", _("Corrections"), ("correction.", "correction_settings.", "remark.")),
    Group("exports", _("Exports and reports"), ("export.", "report.")),
    Group("outages", _("Outages and emergencies"), ("outage.", "emergency.")),
    Group("letters", _("Letters sent"), ("letter.",)),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event was about; without an address when there is no page for it."""

    words: str
    url: str = ""


# Subjects of one kind by their id, as far as they still exist and the company may see them.
Finder = Callable[[Company, set[str]], Mapping[str, Subject]]


def subjects_of(company: Company, events: Iterable[AuditEvent]) -> dict[tuple[str, str], Subject]:
    """By kind and id; a query or two for each kind, however many events."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for event in events:
        wanted[event.subject_type].add(event.subject_id)
    return {
        (kind, subject_id): subject
        for kind, ids in wanted.items()
        if (finder := _finders().get(kind))
        for subject_id, subject in finder(company, ids).items()
    }


def what_of(event: AuditEvent) -> str:
    """The deed in words."""
    return str(ACTIONS.get(event.action, event.action))


def who_without_user(event: AuditEvent) -> str:
    """In words, for an event without a person of the office."""
    return gettext("A worker's phone") if event.action in PHONE_ACTIONS else gettext("The portal itself")


def details_of(event: AuditEvent) -> str:
    """What the payload adds to the deed; empty when it adds nothing for people."""
    formatter = DETAILS.get(event.action)
    return formatter(event) if formatter else ""


def _role(event: AuditEvent) -> str:
    role = _role_words(event.payload.get("role"))
    return gettext("%(role)s, sent again") % {"role": role} if event.payload.get("again") else role


def _roles(event: AuditEvent) -> str:
    words = {side: _role_words(event.payload.get(side)) for side in ("from", "to")}
    return gettext("%(from)s → %(to)s") % words


def _role_words(role: object) -> str:
    return str(dict(Role.choices).get(str(role), role or ""))


def _changed(event: AuditEvent) -> str:
    """The names of the columns as forms show them."""
    model = apps.get_model(event.subject_type)
    return ", ".join(_field_words(model, name) for name in event.payload.get("changed", ()))


def _field_words(model: Any, name: str) -> str:
    try:
        return str(capfirst(model._meta.get_field(name).verbose_name))
    except FieldDoesNotExist:
        return name


def _client_id(event: AuditEvent) -> str:
    return str(event.payload.get("client_id", ""))


def _fingerprint(event: AuditEvent) -> str:
    fingerprint = event.payload.get("fingerprint", "")
    return gettext("certificate %(fingerprint)s") % {"fingerprint": fingerprint} if fingerprint else ""


def _test_result(event: AuditEvent) -> str:
    result = event.payload.get("result", "")
    return gettext("passed") if result == TEST_PASSED else gettext("not passed: %(code)s") % {"code": result}


def _codes(event: AuditEvent) -> str:
    return ", ".join(event.payload.get("codes", ()))


def _numbers(event: AuditEvent) -> str:
    return gettext("with national numbers in full") if event.payload.get("fullNumbers") else ""


# A formatter for each action whose payload says something to people.
DETAILS: dict[str, Callable[[AuditEvent], str]] = {
    "member.added": _role,
    "member.changed": _roles,
    "member.left": _role,
    "invitation.sent": _role,
    "invitation.accepted": _role,
    "company.changed": _changed,
    "declaration.changed": _changed,
    "employment.changed": _changed,
    "emergency.changed": _changed,
    "correction_settings.changed": _changed,
    "credentials.stored": _client_id,
    "credentials.spare_made": _fingerprint,
    "credentials.switched": _fingerprint,
    "credentials.spare_discarded": _fingerprint,
    "credentials.tested": _test_result,
    "point.created": _codes,
    "export.made": _numbers,
    "report.requested": _numbers,
    "report.opened": _numbers,
}


@cache
def _finders() -> dict[str, Finder]:
    """Of every app: named as text because the foundation never imports the apps above it."""
    found: dict[str, Finder] = {}
    for dotted in settings.AUDIT_SUBJECTS:
        found |= import_string(dotted)
    return found
