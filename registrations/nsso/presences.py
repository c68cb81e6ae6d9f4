"""Keeping what the NSSO shows: presences, ours or registered elsewhere, their validity and their remarks."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ciao_portal.companies import company_with_number
from ciao_portal.days import brussels_day
from ciao_portal.models import Company, NssoCredentials, Person
from ciao_portal.nsso.contract import ENTERPRISE_NUMBER, REFERENCE, Enterprise, PresenceRegistration
from ciao_portal.people import people_with_ssins
from declarations.models import ChainView, Declaration
from registrations.models import NssoPresence, Registration, Submission
from registrations.nsso.columns import save_columns
from registrations.nsso.remarks import keep_remarks
from registrations.nsso.states import (
    ACCEPTED,
    MISCONFIGURED,
    MOVED_FIELDS,
    UNCERTAIN,
    WAITING,
    accept,
)
from registrations.rules.presence import Kind, nsso_type

logger = logging.getLogger(__name__)

CHUNK = 500
# What the NSSO may change on a presence it showed before.
FACTS = (
    "registration_id",
    "person_id",
    "employer_id",
    "declaration_id",
    "reference",
    "type",
    "registered_at",
    "day",
    "validity",
    "validated_at",
    "shown_by_id",
)
KEPT_WHEN_EMPTY = ("registration_id", "declaration_id", "shown_by_id")
LONGEST_VAT_NUMBER = 20

View = PresenceRegistration


@dataclass(frozen=True)
class _Key:
    """What makes a presence and a registration the same act: who, IN or OUT, the second, for whom."""

    person: UUID
    type: str
    second: datetime
    employer: UUID


@dataclass(frozen=True)
class _Shown:
    """A view with the people and companies it speaks of."""

    view: View
    person: Person
    employer: Company

    @property
    def key(self) -> _Key:
        second = _second(self.view.registration_date)
        return _Key(self.person.pk, self.view.type.value, second, self.employer.pk)

    @property
    def reference(self) -> str:
        reference = self.view.reference or ""
        return reference if REFERENCE.fullmatch(reference) else ""


def keep_presences(
    views: Iterable[View],
    *,
    reader: Company,
    read_at: datetime,
    now: datetime,
    shown_by: NssoCredentials | None = None,
) -> None:
    """Keep presences as `reader` was shown them; a few queries for every 500.

    `read_at` is when the reading began: what a later reading has written already is left alone. `shown_by` is
    the access that read a list; an answer to what was sent says it by itself. Call outside any company's
    scope.
    """
    ordered = sorted(views, key=lambda view: view.id)
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        _keep(chunk, reader=reader, shown_by=shown_by, read_at=read_at, now=now)


@transaction.atomic
def _keep(
    views: Sequence[View],
    *,
    reader: Company,
    shown_by: NssoCredentials | None,
    read_at: datetime,
    now: datetime,
) -> None:
    shown = _shown(views, now=now)
    known = _stored(shown)
    fresh = {
        number: one
        for number, one in shown.items()
        if number not in known or known[number].last_seen_at <= read_at
    }
    ours = _ours(fresh, now=now)
    declarations = _declarations(fresh.values(), reader)
    drafts = {number: _draft(one, ours.get(number), declarations, now) for number, one in fresh.items()}
    for draft in drafts.values():
        draft.shown_by_id = shown_by.pk if shown_by else _sent_with(draft.registration)
    new = [draft for number, draft in drafts.items() if number not in known]
    NssoPresence.objects.bulk_create(new, ignore_conflicts=True)
    kept = known if not new else _stored(shown)
    _update([kept[number] for number in fresh], drafts, now=now)
    _copy_validity([kept[number] for number in fresh])
    keep_remarks({kept[number]: one.view.remarks for number, one in fresh.items()}, now=now)


def _shown(views: Sequence[View], *, now: datetime) -> dict[int, _Shown]:
    """By the NSSO's number, each view with its person and employer, kept if not known yet."""
    usable = [view for view in views if _has_usable_employer(view)]
    if len(usable) < len(views):
        logger.warning("%s presences name an employer no column can hold", len(views) - len(usable))
    people = people_with_ssins((view.ssin for view in usable), now=now)
    companies = _companies(usable, now=now)
    return {view.id: _Shown(view, people[view.ssin], companies[view.employer]) for view in usable}


def _has_usable_employer(view: View) -> bool:
    if isinstance(view.employer, Enterprise):
        return bool(ENTERPRISE_NUMBER.fullmatch(view.employer.number))
    return len(view.employer.number) <= LONGEST_VAT_NUMBER


def _companies(views: Sequence[View], *, now: datetime) -> dict[object, Company]:
    employers = {view.employer for view in views}
    enterprise = {one.number for one in employers if isinstance(one, Enterprise)}
    foreign = {one.number for one in employers if not isinstance(one, Enterprise)}
    known = Company.objects.filter(Q(enterprise_number__in=enterprise) | Q(foreign_vat_number__in=foreign))
    by_number = {(row.enterprise_number, row.foreign_vat_number): row for row in known}
    found: dict[object, Company] = {}
    for one in employers:
        numbers = (one.number, None) if isinstance(one, Enterprise) else (None, one.number)
        found[one] = by_number.get(numbers) or company_with_number(
            enterprise_number=numbers[0], foreign_vat_number=numbers[1], now=now
        )
    return found


def _stored(shown: Mapping[int, _Shown]) -> dict[int, NssoPresence]:
    """Rows kept already, locked in one order by everybody."""
    rows = NssoPresence.objects.select_for_update().filter(nsso_id__in=shown).order_by("nsso_id")
    return {row.nsso_id: row for row in rows}


def _ours(shown: Mapping[int, _Shown], *, now: datetime) -> dict[int, Registration]:
    """Which of our registrations each is: by its number, else by the act (a lost answer, a twin)."""
    by_number = Submission.objects.filter(nsso_id__in=shown).select_related("registration__declaration")
    found = {
        row.nsso_id: row.registration
        for row in by_number
        # The same number for another person comes from another store (a simulator begun anew).
        if row.nsso_id is not None and row.person_id == shown[row.nsso_id].person.pk
    }
    rest = {number: one for number, one in shown.items() if number not in found}
    return {**found, **_by_act(rest, now=now)} if rest else found


def _by_act(shown: Mapping[int, _Shown], *, now: datetime) -> dict[int, Registration]:
    found: dict[int, Registration] = {}
    changed: dict[UUID, Submission] = {}
    candidates = _sent_by_us(shown.values())
    for number, one in shown.items():
        row = next((row for row in candidates[one.key] if _fits(row, one)), None)
        if row is None:
            continue
        found[number] = row.registration
        if number in row.twin_nsso_ids:
            continue
        # While somebody is sending it, the answer to that call tells its number.
        if row.state in (WAITING, UNCERTAIN, MISCONFIGURED, ACCEPTED):
            accept(row, nsso_id=number, validity=one.view.validity[:40], now=now)
            changed[row.pk] = row
    save_columns(changed.values(), MOVED_FIELDS)
    return found


def _sent_by_us(shown: Iterable[_Shown]) -> Mapping[_Key, list[Submission]]:
    """Submissions that were on their way at least once, by what they say, locked."""
    listed = list(shown)
    seconds = [one.key.second for one in listed]
    rows = Submission.objects.select_for_update(of=("self",)).filter(
        person__in={one.person.pk for one in listed},
        happened_at__gte=min(seconds),
        happened_at__lt=max(seconds) + timedelta(seconds=1),
        attempt_count__gt=0,
    )
    found: dict[_Key, list[Submission]] = defaultdict(list)
    for row in rows.select_related("registration__declaration").order_by("pk"):
        registration = row.registration
        type_ = nsso_type(Kind(registration.kind))
        key = _Key(row.person_id, type_, _second(row.happened_at), registration.employer_id)
        found[key].append(row)
    return found


def _fits(row: Submission, one: _Shown) -> bool:
    """The reference may have become known, or been corrected to another, only after sending."""
    return one.reference in ("", row.registration.declaration.technical_reference)


def _declarations(shown: Iterable[_Shown], reader: Company) -> dict[str, Declaration]:
    """Declarations by reference that the reader owns or works on; what other tenants typed does not count."""
    references = {one.reference for one in shown} - {""}
    if not references:
        return {}
    chained = ChainView.objects.filter(viewer=reader, member=reader).values("declaration")
    rows = Declaration.objects.filter(
        Q(company=reader) | Q(pk__in=chained), technical_reference__in=references
    ).order_by("technical_reference", "-created_at", "id")
    found = {}
    for reference, same in groupby(rows, key=lambda row: row.technical_reference):
        candidates = list(same)
        found[reference] = next((row for row in candidates if row.company_id == reader.pk), candidates[0])
    return found


def _draft(
    one: _Shown, ours: Registration | None, declarations: Mapping[str, Declaration], now: datetime
) -> NssoPresence:
    """The row as it would be if the NSSO showed this presence for the first time."""
    view = one.view
    return NssoPresence(
        nsso_id=view.id,
        registration=ours,
        person=one.person,
        employer=one.employer,
        declaration=ours.declaration if ours else declarations.get(one.reference),
        reference=one.reference,
        type=view.type.value,
        registered_at=view.registration_date,
        day=brussels_day(view.registration_date),
        validity=view.validity[:40],
        validated_at=view.last_validation_date,
        first_seen_at=now,
        last_seen_at=now,
    )


def _sent_with(registration: Registration | None) -> UUID | None:
    """The access our registration travelled with; it sees what it brought."""
    return registration.submission.credentials_id if registration else None


def _update(rows: Sequence[NssoPresence], drafts: Mapping[int, NssoPresence], *, now: datetime) -> None:
    changes = {row: names for row in rows if (names := _take_over(row, drafts[row.nsso_id]))}
    save_columns(changes, sorted(set().union(*changes.values())))
    seen = [row.pk for row in rows if row.last_seen_at != now]
    NssoPresence.objects.filter(pk__in=seen).update(last_seen_at=now, missed_since=None)


def _take_over(row: NssoPresence, draft: NssoPresence) -> set[str]:
    """Copy what differs; answers the names of that. What was matched once stays matched."""
    changed = set()
    for name in FACTS:
        value = getattr(draft, name)
        if value is None and name in KEPT_WHEN_EMPTY:
            continue
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed.add(name)
    return changed


def _copy_validity(rows: Sequence[NssoPresence]) -> None:
    """What the office sees on its registration is what the NSSO says of its first number."""
    validities = {row.nsso_id: row.validity for row in rows if row.registration_id is not None}
    people = {row.nsso_id: row.person_id for row in rows}
    stale = [
        submission
        for submission in Submission.objects.filter(nsso_id__in=validities).order_by("pk")
        if submission.nsso_id is not None
        and people[submission.nsso_id] == submission.person_id
        and submission.validity != validities[submission.nsso_id]
    ]
    for submission in stale:
        if submission.nsso_id is not None:
            submission.validity = validities[submission.nsso_id]
    save_columns(stale, ["validity"])


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
