"""Whose access a registration travels with: the employer's, else the nearest company's above it on the
declaration, up to the declarer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ciao_portal.access import usable_accesses
from ciao_portal.models import NssoCredentials
from declarations.models import Subcontract
from registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the chain of a declaration a registration was made, and on which day."""

    declaration: UUID
    declarer: UUID
    employer: UUID
    day: date


def credentials_for(registrations: Iterable[Registration]) -> dict[UUID, NssoCredentials | None]:
    """The access of each registration by its id; None when nobody up to the declarer has one.

    Two queries however many registrations. Call outside any company's scope.
    """
    places = {one.pk: _place_of(one) for one in registrations}
    found = credentials_at(set(places.values()))
    return {pk: found[place] for pk, place in places.items()}


def credentials_at(places: AbstractSet[Place]) -> dict[Place, NssoCredentials | None]:
    """The same by place: of a long backlog many registrations were made at the same one."""
    chains = _chains({place.declaration for place in places})
    ladders = {place: _ladder(place, chains[place.declaration]) for place in places}
    companies = {company for ladder in ladders.values() for company in ladder}
    found = {
        row.company_id: row
        for row in usable_accesses().filter(company__in=companies).select_related("company")
    }
    return {place: _nearest(ladder, found) for place, ladder in ladders.items()}


def _place_of(one: Registration) -> Place:
    return Place(one.declaration_id, one.declarer_id, one.employer_id, one.happened_day)


def _chains(declarations: set[UUID]) -> Mapping[UUID, list[Subcontract]]:
    chains: dict[UUID, list[Subcontract]] = defaultdict(list)
    for row in Subcontract.objects.filter(declaration__in=declarations).order_by("created_at", "id"):
        chains[row.declaration_id].append(row)
    return chains


def _ladder(place: Place, chain: list[Subcontract]) -> list[UUID]:
    """Company ids from the employer up to the declarer; outside the chain one stands next to the declarer."""
    by_id = {row.pk: row for row in chain}
    rung = _rung(place.employer, chain, place.day)
    ladder = [place.employer]
    climbed = set()
    while rung is not None and rung.parent_id is not None and rung.pk not in climbed:
        climbed.add(rung.pk)
        rung = by_id.get(rung.parent_id)
        if rung is not None:
            ladder.append(rung.company_id)
    return [*ladder, place.declarer]


def _rung(company: UUID, chain: list[Subcontract], day: date) -> Subcontract | None:
    """The company's place in the chain on that day, else its latest one."""
    places = [row for row in chain if row.company_id == company]
    on_day = [row for row in places if row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)]
    return next(iter((on_day or places)[-1:]), None)


def _nearest(ladder: list[UUID], found: Mapping[UUID, NssoCredentials]) -> NssoCredentials | None:
    return next((found[company] for company in ladder if company in found), None)
