"""Builds the demo's firms, people and works, through the services of the portal."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from ciao_portal.audit import Actor
from ciao_portal.companies import add_member, company_with_number, store_credentials
from ciao_portal.days import brussels_day
from ciao_portal.models import Company, User
from ciao_portal.nsso.auth import generate_key_pair
from ciao_portal.tenancy import company_scope
from declarations.models import Client, Declaration, Workplace
from declarations.services.chain import add_subcontract
from declarations.services.clients import create_client, create_workplace
from declarations.services.declaring import declare_work
from registrations.demo.cast import (
    FIRMS,
    MAIN,
    PASSWORD,
    SIGN_INS,
    WORKERS,
    WORKS,
    Firm,
    Place,
    Worker,
    Works,
)
from registrations.models import Employment
from registrations.services.pairing import offer_pairing, pair_phone
from registrations.services.workers import EmploymentFacts, add_employment

# Before everything that is registered, remarks on their last day included.
FOUNDED_BEFORE = timedelta(days=60)
EMPLOYED_BEFORE = timedelta(days=400)


def found(*, now: datetime) -> None:
    """Everything but the registrations, as if it had been entered 60 days before `now`."""
    then = now - FOUNDED_BEFORE
    actors = {firm: _found_firm(firm, now=then) for firm in FIRMS}
    for works in WORKS:
        _declare(works, actors, now=then)
    for worker in WORKERS:
        _employ(worker, actors[worker.firm], now=then)


def _found_firm(firm: Firm, *, now: datetime) -> Actor:
    """The firm with its sign-ins and its access to the NSSO; answers who acts for it."""
    company = company_with_number(enterprise_number=firm.number, now=now)
    company.name, company.language, company.is_demo = firm.name, firm.language, True
    company.save(update_fields=["name", "language", "is_demo"])
    users = _add_users(firm, company, now=now)
    actor = Actor(company, users[0] if users else None)
    keys = generate_key_pair()
    store_credentials(
        company=company,
        client_id=f"self_service_chaman_{firm.number}_{secrets.token_hex(5)}",
        private_key_pem=keys.private_pem,
        public_key_pem=keys.public_pem,
        actor=actor,
        now=now,
    )
    return actor


def _add_users(firm: Firm, company: Company, *, now: datetime) -> list[User]:
    users = []
    for one in SIGN_INS:
        if one.firm == firm:
            user = User.objects.create_user(one.email, PASSWORD, name=one.name, language=one.language)
            add_member(company=company, user=user, role=one.role, actor=Actor(company), now=now)
            users.append(user)
    return users


def _declare(works: Works, actors: Mapping[Firm, Actor], *, now: datetime) -> None:
    actor = actors[MAIN]
    company = _company(actor)
    with company_scope(company):
        client = create_client(company=company, name=works.client, actor=actor, now=now)
        declaration = declare_work(
            company=company,
            client=client,
            title=works.title,
            activity=works.activity,
            amount=works.amount,
            amount_per_year=True,
            starts_on=brussels_day(now),
            workplaces=[_add_place(place, client, actor, now=now) for place in works.places],
            declared_number=works.declared_number,
            technical_reference=works.reference,
            actor=actor,
            now=now,
        )
        _add_chain(works, declaration, actor, now=now)


def _add_place(place: Place, client: Client, actor: Actor, *, now: datetime) -> Workplace:
    return create_workplace(
        company=_company(actor),
        client=client,
        name=place.name,
        street=place.street,
        house_number=place.house_number,
        post_code=place.post_code,
        municipality=place.municipality,
        actor=actor,
        now=now,
    )


def _add_chain(works: Works, declaration: Declaration, actor: Actor, *, now: datetime) -> None:
    above = None
    for firm in works.chain:
        above = add_subcontract(
            declaration=declaration,
            enterprise_number=firm.number,
            name=firm.name,
            parent=above,
            has_clause=True,
            actor=actor,
            now=now,
        )


def _employ(worker: Worker, actor: Actor, *, now: datetime) -> None:
    company = _company(actor)
    facts = EmploymentFacts(
        first_name=worker.first_name,
        last_name=worker.last_name,
        status=worker.status,
        starts_on=brussels_day(now - EMPLOYED_BEFORE),
        payroll_number=f"{WORKERS.index(worker) + 1:04}",
    )
    with company_scope(company):
        employment = add_employment(company=company, ssin=worker.ssin, facts=facts, actor=actor, now=now)
        if worker.is_paired:
            _pair(employment, actor, now=now)


def _pair(employment: Employment, actor: Actor, *, now: datetime) -> None:
    """With a phone that exists in the story only: nobody keeps its secret."""
    secret = offer_pairing(company=employment.company, person=employment.person, actor=actor, now=now)
    pair_phone(secret=secret, label="Android", now=now)


def _company(actor: Actor) -> Company:
    if actor.company is None:
        raise ValueError("Somebody of a firm acts here.")
    return actor.company
