"""What a request is about: registrations of ours, or presences registered elsewhere, seen alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from ciao_portal.models import Company, Person
from ciao_portal.nsso.contract import PresenceType
from declarations.models import Declaration, Workplace
from registrations.corrections.remarks import possible_errors
from registrations.models import CorrectionLine, NssoPresence, Registration, Remark
from registrations.models.registrations import KindChoice
from registrations.rules.corrections import Error


@dataclass(frozen=True, slots=True)
class Act:
    """One act with what the NSSO shows of it; either may be missing, never both."""

    registration: Registration | None
    presence: NssoPresence | None
    # The remark that called for the request, empty without one.
    code: str = ""

    @property
    def _known(self) -> Registration | NssoPresence:
        known = self.registration or self.presence
        if known is None:
            raise ValueError("An act without registration and presence")
        return known

    @property
    def person(self) -> Person:
        return self._known.person

    @property
    def employer(self) -> Company:
        return self._known.employer

    @property
    def declaration(self) -> Declaration | None:
        return self._known.declaration

    @property
    def workplace(self) -> Workplace | None:
        return self.registration.workplace if self.registration else None

    @property
    def day(self) -> date:
        """The Brussels day the 30 days are counted from."""
        return self.registration.happened_day if self.registration else self._presence.day

    @property
    def at(self) -> datetime:
        return self.registration.happened_at if self.registration else self._presence.registered_at

    @property
    def kind(self) -> str:
        """As a kind of registration; the NSSO knows no breaks."""
        if self.registration:
            return self.registration.kind
        return KindChoice.IN if self._presence.type == PresenceType.IN.value else KindChoice.OUT

    @property
    def nsso_id(self) -> int | None:
        if self.presence:
            return self.presence.nsso_id
        submission = getattr(self.registration, "submission", None)
        return submission.nsso_id if submission else None

    @property
    def reference(self) -> str:
        """The reference of the declaration as it was sent."""
        if self.presence:
            return self.presence.reference
        return self.declaration.technical_reference if self.declaration else ""

    def used(self, error: Error) -> str:
        """The number that was sent and that the request is about."""
        return self.employer.enterprise_number or "" if error is Error.ENTERPRISE else self.reference

    @property
    def _presence(self) -> NssoPresence:
        if self.presence is None:
            raise ValueError("An act without registration and presence")
        return self.presence


# What an act reads of its row.
_OF_REGISTRATION = ("person", "employer", "declaration", "workplace", "submission")
_OF_PRESENCE = ("person", "employer", "declaration")


def _below(column: str, names: Iterable[str]) -> list[str]:
    return [f"{column}__{name}" for name in names]


def acts_of_remarks(remarks: QuerySet[Remark]) -> list[Act]:
    """One act for each presence, by its first remark that calls for a request (else its first)."""
    rows = remarks.select_related(
        *_below("presence", _OF_PRESENCE), *_below("presence__registration", _OF_REGISTRATION)
    )
    found: dict[object, Act] = {}
    for remark in rows.order_by("happened_day", "id"):
        presence = remark.presence
        key = presence.registration_id or presence.pk
        if key not in found or (possible_errors(remark.code) and not possible_errors(found[key].code)):
            found[key] = Act(presence.registration, presence, remark.code)
    return list(found.values())


def acts_of_registrations(registrations: QuerySet[Registration]) -> list[Act]:
    """With what the NSSO shows of each."""
    rows = registrations.select_related(*_OF_REGISTRATION).prefetch_related("nsso_presences__remarks")
    return [_act_of(row) for row in rows]


def acts_of_lines(lines: QuerySet[CorrectionLine]) -> list[Act]:
    """In the order of the lines; a fixed number of queries."""
    rows = lines.select_related(
        *_below("registration", _OF_REGISTRATION), *_below("presence", _OF_PRESENCE)
    ).prefetch_related("registration__nsso_presences__remarks")
    return [Act(row.registration, row.presence or _latest(row.registration), row.code) for row in rows]


def _act_of(registration: Registration) -> Act:
    presence = _latest(registration)
    standing = [row.code for row in presence.remarks.all() if row.gone_at is None] if presence else []
    code = next((code for code in standing if possible_errors(code)), "")
    return Act(registration, presence, code)


def _latest(registration: Registration | None) -> NssoPresence | None:
    """What the NSSO shows of it; of twins, what it showed last."""
    if registration is None:
        return None
    presences = sorted(registration.nsso_presences.all(), key=lambda row: (row.last_seen_at, row.nsso_id))
    return presences[-1] if presences else None
