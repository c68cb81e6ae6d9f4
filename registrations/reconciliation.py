"""A day of a company laid beside what the NSSO lists: how much is on both sides, and every difference.

Read along the indexes by firm, works or person and time, in as many queries for a large company as for a
small one. Nothing is changed at either side.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from ciao_portal.days import day_bounds
from ciao_portal.models import Company
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView
from registrations.models import NssoPresence, ReadBack, Registration
from registrations.models.nsso import SubmissionState
from registrations.querysets import listed_elsewhere, parts_visible_to
from registrations.rules.presence import Kind, nsso_type
from registrations.rules.reconciliation import (
    SETTLED,
    OnlyHere,
    OnlyThere,
    Reason,
    why_only_here,
    why_only_there,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One registration or presence that stands on one side only; the ids say which of both it is."""

    reason: Reason
    at: datetime
    kind: str
    person: UUID
    employer: UUID
    registration: UUID | None = None
    presence: UUID | None = None
    nsso_id: int | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How many registrations are here, there and on both sides; differences in order of time."""

    here: int
    there: int
    both: int
    differences: list[Difference] = field(default_factory=list)

    @property
    def counts(self) -> dict[Reason, int]:
        return dict(Counter(one.reason for one in self.differences))

    @property
    def open_count(self) -> int:
        """Differences that may still settle or ask for somebody."""
        return sum(one.reason not in SETTLED for one in self.differences)


def reconcile(company: Company, day: date) -> Reconciliation:
    """Compare this Brussels day of everything the company may see."""
    start, end = day_bounds(day)
    parts = [
        part.order_by().filter(happened_at__gte=start, happened_at__lt=end)
        for part in parts_visible_to(company)
    ]
    counted = _union(part.values(listed=Exists(_listed())).annotate(number=Count("pk")) for part in parts)
    numbers: Counter[bool] = Counter()
    for row in counted.iterator():
        numbers[bool(row["listed"])] += row["number"]
    twins = list(_twins(parts))
    elsewhere = list(_elsewhere(company, start, end))
    differences = [
        *_only_here(company, parts, day),
        *(_difference(one, OnlyThere(is_twin=True)) for one in twins),
        *_only_there(company, elsewhere, day),
    ]
    return Reconciliation(
        here=numbers.total(),
        there=numbers[True] + len(twins) + len(elsewhere),
        both=numbers[True],
        differences=sorted(differences, key=lambda one: (one.at, str(one.registration or one.presence))),
    )


def _listed() -> QuerySet[NssoPresence]:
    return NssoPresence.objects.filter(registration=OuterRef("pk"), missed_since__isnull=True)


def _union(parts: Iterable[Any]) -> Any:
    """Parts that share no row, each along an index of its own."""
    first, *others = parts
    return first.union(*others, all=True) if others else first


def _only_here(company: Company, parts: Sequence[QuerySet[Registration]], day: date) -> Iterator[Difference]:
    columns = ("pk", "happened_at", "kind", "person", "employer")
    journey = ("state", "nsso_id", "accepted_at", "credentials")
    names = (*columns, *(f"submission__{name}" for name in journey))
    rows = list(_union(part.filter(~Exists(_listed())).values_list(*names) for part in parts).iterator())
    read = _readings(company, {row[-1] for row in rows}, day) if rows else {}
    for pk, at, kind, person, employer, state, nsso_id, accepted_at, access in rows:
        since = {
            reader for reader, moment in read.items() if accepted_at is not None and moment >= accepted_at
        }
        found = OnlyHere(
            state or SubmissionState.NOT_DUE.value,
            is_read_by_own=access in since,
            is_read_by_other=bool(since - {access}),
        )
        yield Difference(why_only_here(found), at, kind, person, employer, registration=pk, nsso_id=nsso_id)


def _readings(company: Company, accesses: set[UUID | None], day: date) -> dict[UUID, datetime]:
    """When each access concerned read the day last: the company's own, and those registrations left with."""
    concerned = Q(credentials__in=accesses - {None}) | Q(credentials__company=company)
    rows = ReadBack.objects.filter(concerned, day=day)
    read = rows.values_list("credentials", "read_at")
    return {access: moment for access, moment in read if moment is not None}


def _twins(parts: Sequence[QuerySet[Registration]]) -> QuerySet[NssoPresence]:
    """Further numbers under which the NSSO lists a registration of ours."""
    several = _union(part.filter(~Q(submission__twin_nsso_ids=[])).values("pk") for part in parts)
    return NssoPresence.objects.filter(registration__in=several, missed_since__isnull=True).exclude(
        nsso_id=F("registration__submission__nsso_id")
    )


def _elsewhere(company: Company, start: datetime, end: datetime) -> QuerySet[NssoPresence]:
    rows = NssoPresence.objects.filter(
        registration__isnull=True,
        missed_since__isnull=True,
        registered_at__gte=start,
        registered_at__lt=end,
    )
    return listed_elsewhere(company, rows)


def _only_there(company: Company, rows: Sequence[NssoPresence], day: date) -> Iterator[Difference]:
    if not rows:
        return
    members = _members(company, {row.declaration_id for row in rows}, day)
    acts = _acts({row.person_id for row in rows}, day)
    for row in rows:
        is_own = row.employer_id == company.pk
        found = OnlyThere(
            is_ours_but_for_reference=(row.person_id, row.employer_id, row.type, _second(row.registered_at))
            in acts,
            is_declaration_known=row.declaration_id is not None,
            is_employer_known=is_own or (row.declaration_id, row.employer_id) in members,
        )
        yield _difference(row, found)


def _difference(row: NssoPresence, found: OnlyThere) -> Difference:
    return Difference(
        why_only_there(found),
        row.registered_at,
        row.type,
        row.person_id,
        row.employer_id,
        registration=row.registration_id,
        presence=row.pk,
        nsso_id=row.nsso_id,
        reference=row.reference,
    )


def _members(company: Company, works: set[UUID | None], day: date) -> set[tuple[UUID, UUID]]:
    """Who stands in the chains of these works on that day, as far as the company sees them."""
    rows = ChainView.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        viewer=company,
        declaration__in=works - {None},
        valid_from__lte=day,
    )
    return set(rows.values_list("declaration", "member"))


def _acts(people: set[UUID], day: date) -> set[tuple[UUID, UUID, str, datetime]]:
    """What these people registered here that day: who, for whom, IN or OUT, the second."""
    start, end = day_bounds(day)
    with unscoped(reason="whether a presence the company may see was registered here too; nothing is shown"):
        rows = Registration.objects.filter(person__in=people, happened_at__gte=start, happened_at__lt=end)
    columns = rows.order_by().values_list("person", "employer", "kind", "happened_at")
    return {
        (person, employer, nsso_type(Kind(kind)), _second(at))
        for person, employer, kind, at in columns.iterator()
    }


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
