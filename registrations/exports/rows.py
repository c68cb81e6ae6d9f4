"""What an export holds: every registration the company may see in a period, in order of time, each once.

Three sources that never share a row (own, declared, below in a chain) and what the NSSO shows as registered
elsewhere. Each is read along an index in blocks, starting behind the last row of the block before: memory
stays constant, no cursor stays open while a slow reader fetches the file, and the first row comes at once.
Ids come as text and moments as numbers: making objects of them would take longer than everything else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from ciao_portal.days import day_bounds, each_day
from ciao_portal.models import Company
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView
from registrations.exports.plain import Microseconds, UuidText, microseconds_of, moment_of
from registrations.models import NssoPresence, Registration
from registrations.querysets import seen_by

BLOCK = 5000
# Means of what the NSSO has and we did not register.
ELSEWHERE = "elsewhere"


class Row(NamedTuple):
    """One line's facts as the database gives them: ids as text, moments as microseconds since 1970 in UTC.

    The first two are the order.
    """

    at: int
    key: str
    received: int | None
    kind: str
    means: str
    # As JSON: the same few texts come again and again, and reading each costs more than the rest of a line.
    flags: str
    person: str
    employer: str
    declaration: str | None
    workplace: str | None
    reference: str
    state: str | None
    nsso_id: int | None
    validity: str | None
    latitude: Any
    longitude: Any
    street: str | None
    house_number: str | None
    post_code: str | None
    municipality: str | None
    # What the phone's clock said, and how far it was off (the server's minus the phone's).
    claimed: int | None
    offset_ms: int | None

    @property
    def id(self) -> UUID:
        """Of the registration, or of the presence that was registered elsewhere."""
        return UUID(self.key)

    @property
    def happened_at(self) -> datetime:
        return moment_of(self.at)


COLUMNS = (
    Microseconds("happened_at"),
    UuidText("id"),
    Microseconds("received_at"),
    "kind",
    "means",
    Cast("flags", TextField()),
    UuidText("person_id"),
    UuidText("employer_id"),
    UuidText("declaration_id"),
    UuidText("workplace_id"),
    "declaration__technical_reference",
    "submission__state",
    "submission__nsso_id",
    "submission__validity",
    "place__latitude",
    "place__longitude",
    "place__street",
    "place__house_number",
    "place__post_code",
    "place__municipality",
    Microseconds("claimed_at"),
    "offset_ms",
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Brussels days, both included, and what to narrow them to."""

    first_day: date
    last_day: date
    employer: UUID | None = None
    declaration: UUID | None = None
    workplace: UUID | None = None

    @classmethod
    def of(cls, first_day: date, last_day: date, ids: dict[str, str]) -> "Selection":
        """From the ids kept with an export."""
        return cls(first_day, last_day, **{name: UUID(value) for name, value in ids.items()})

    @property
    def conditions(self) -> Q:
        """For registrations; a presence registered elsewhere has no workplace."""
        chosen = {"employer": self.employer, "declaration": self.declaration, "workplace": self.workplace}
        return Q(**{name: value for name, value in chosen.items() if value is not None})


def rows_for(company: Company, selection: Selection) -> Iterator[Row]:
    """Every row the company may see, by time and id."""
    start, end = day_bounds(selection.first_day)[0], day_bounds(selection.last_day)[1]
    own, declared, below = sources_of(company, selection)
    sources = [_blocks(own, start, end), _blocks(declared, start, end)]
    if below is not None:
        # Several declarations share no index in order of time, so no more than a day of them is sorted.
        days = each_day(selection.first_day, selection.last_day)
        sources.append(row for day in days for row in _blocks(below, *day_bounds(day)))
    if selection.workplace is None:
        sources.append(_elsewhere(company, selection))
    return merge(*sources)


def sources_of(
    company: Company, selection: Selection
) -> tuple[QuerySet[Registration], QuerySet[Registration], QuerySet[Registration] | None]:
    """What the company may see in parts that share no row: own, declared, further down a chain (if any)."""
    """Own rows, those of others on declarations of one's own, and those further down somebody's chain."""
    with unscoped(reason="narrowed at once to what the company may see"):
        rows = Registration.objects.filter(selection.conditions)
    own = rows.filter(employer=company)
    others = rows.exclude(employer=company)
    chains = ChainView.objects.filter(viewer=company).exclude(member=company)
    works = set(chains.exclude(declaration__company=company).values_list("declaration", flat=True))
    below = others.filter(seen_by(company, day="happened_day"), declaration__in=works) if works else None
    return own, others.filter(declarer=company), below


def _blocks(rows: QuerySet[Registration], start: datetime, end: datetime) -> Iterator[Row]:
    ordered = rows.filter(happened_at__lt=end).order_by("happened_at", "id")
    beyond = Q(happened_at__gte=start)
    while True:
        block = list(ordered.filter(beyond).values_list(*COLUMNS)[:BLOCK])
        yield from map(Row._make, block)
        if len(block) < BLOCK:
            return
        at, last = moment_of(block[-1][0]), block[-1][1]
        beyond = Q(happened_at__gte=at) & (Q(happened_at__gt=at) | Q(id__gt=last))


def elsewhere(company: Company, selection: Selection) -> QuerySet[NssoPresence]:
    """What the NSSO shows and was not registered here, by the same rule of who sees it."""
    found = NssoPresence.objects.filter(seen_by(company, day="day"), registration__isnull=True)
    return found.filter(
        selection.conditions, day__gte=selection.first_day, day__lte=selection.last_day
    ).order_by("registered_at", "id")


def _elsewhere(company: Company, selection: Selection) -> Iterator[Row]:
    found = elsewhere(company, selection)
    if not found.order_by().exists():
        return
    for day in each_day(selection.first_day, selection.last_day):
        for presence in found.filter(day=day).select_related("declaration"):
            yield _elsewhere_row(presence)


def _elsewhere_row(presence: NssoPresence) -> Row:
    nothing: Sequence[None] = (None,) * 8
    declaration = presence.declaration
    return Row(
        microseconds_of(presence.registered_at),
        str(presence.pk),
        None,
        presence.type,
        ELSEWHERE,
        "[]",
        str(presence.person_id),
        str(presence.employer_id),
        str(declaration.pk) if declaration else None,
        None,
        presence.reference or (declaration.technical_reference if declaration else ""),
        "accepted",
        presence.nsso_id,
        presence.validity,
        *nothing,
    )
