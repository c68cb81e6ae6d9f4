"""Whose access a registration travels with: the employer's, else the nearest company's above it on the
declaration, up to the declarer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from ciao_portal.access import usable_accesses
from ciao_portal.models import NssoCredentials
from declarations.models import Subcontract
from registrations.models import Registration


def credentials_for(registrations: Iterable[Registration]) -> dict[UUID, NssoCredentials | None]:
    """The access of each registration by its id; None when nobody up to the declarer has one.

    Two queries however many registrations; `declaration` must be loaded. Call outside any company's scope.
    """
    wanted = list(registrations)
    chains = _chains({registration.declaration_id for registration in wanted})
    ladders = {one.pk: _ladder(one, chains[one.declaration_id]) for one in wanted}
    companies = {company for ladder in ladders.values() for company in ladder}
    found = {
        row.company_id: row
        for row in usable_accesses().filter(company__in=companies).select_related("company")
    }
    return {pk: _nearest(ladder, found) for pk, ladder in ladders.items()}


def _chains(declarations: set[UUID]) -> Mapping[UUID, list[Subcontract]]:
    chains: dict[UUID, list[Subcontract]] = defaultdict(list)
    for row in Subcontract.objects.filter(declaration__in=declarations).order_by("created_at", "id"):
        chains[row.declaration_id].append(row)
    return chains


def _ladder(registration: Registration, chain: list[Subcontract]) -> list[UUID]:
    """Company ids from the employer up to the declarer; outside the chain one stands next to the declarer."""
    by_id = {row.pk: row for row in chain}
    place = _place(registration.employer_id, chain, registration.happened_day)
    ladder = [registration.employer_id]
    climbed = set()
    while place is not None and place.parent_id is not None and place.pk not in climbed:
        climbed.add(place.pk)
        place = by_id.get(place.parent_id)
        if place is not None:
            ladder.append(place.company_id)
    return [*ladder, registration.declaration.company_id]


def _place(company: UUID, chain: list[Subcontract], day: date) -> Subcontract | None:
    """The company's place in the chain on that day, else its latest one."""
    places = [row for row in chain if row.company_id == company]
    on_day = [row for row in places if row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)]
    return next(iter((on_day or places)[-1:]), None)


def _nearest(ladder: list[UUID], found: Mapping[UUID, NssoCredentials]) -> NssoCredentials | None:
    return next((found[company] for company in ladder if company in found), None)
