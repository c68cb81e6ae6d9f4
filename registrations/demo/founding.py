"""Builds the demo's firms, people and works, through the services of the portal."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from ciao_portal.audit import Actor
from ciao_portal.companies import add_member, company_with_number, store_credentials
from ciao_portal.days import brussels_day
from ciao_portal.models import Company, Person, User
from ciao_portal.nsso.auth import generate_key_pair
from ciao_portal.people import person_with_ssin
from ciao_portal.tenancy import company_scope
from declarations.models import Client, Declaration, Subcontract, Workplace
from declarations.models.declarations import Move
from declarations.services.chain import add_subcontract
from declarations.services.clients import create_client, create_workplace
from declarations.services.declaring import declare_work
from declarations.services.life import Decision, decide
from registrations.demo import afterwards
from registrations.demo.cast import (
    AGENCY,
    FIRMS,
    MAIN,
    PASSWORD,
    SIGN_INS,
    SMALL_FIRMS,
    WAITS_FOR_CODE,
    WITH_CARD,
    WORKERS,
    Firm,
    Worker,
)
from registrations.demo.jobs import JOBS
from registrations.demo.tablets import hang_up
from registrations.demo.works import FOUNDED_DAYS_BEFORE, WORKS, Place, Works
from registrations.models import Device, Employment
from registrations.models.workers import WorkerStatus
from registrations.services.cards import issue_cards
from registrations.services.pairing import offer_pairing, pair_phone
from registrations.services.pairing_codes import give_code
from registrations.services.workers import EmploymentFacts, add_employment

FOUNDED_BEFORE = timedelta(days=FOUNDED_DAYS_BEFORE)
EMPLOYED_BEFORE = timedelta(days=400)


def found(*, now: datetime) -> None:
    """Everything but the registrations, as if it had been entered 130 days before `now`."""
    then = now - FOUNDED_BEFORE
    actors = {firm: _found_firm(firm, now=then) for firm in (*FIRMS, *SMALL_FIRMS)}
    for firm in FIRMS:
        _give_access(firm, actors[firm], now=then)
    _declare_all(actors, now=now)
    main = _company(actors[MAIN])
    with company_scope(main):
        hang_up(main, actors[MAIN], then=then, now=now)
    for worker in WORKERS:
        _employ(worker, actors, now=then)
    _give_means(actors, then=then, now=now)


def founded_at() -> datetime:
    """When the demo was loaded. Call outside any company's scope."""
    # Whatever the office changes: nothing of the main contractor's is older than what was founded.
    declarations = Declaration.objects.filter(company__enterprise_number=MAIN.number)
    return declarations.earliest("created_at").created_at + FOUNDED_BEFORE


def founded_works() -> dict[UUID, Works]:
    """The demo's works by their declarations. Call outside any company's scope."""
    numbers = {works.declarer.number for works in WORKS}
    founded = Declaration.objects.filter(
        company__enterprise_number__in=numbers, created_at=founded_at() - FOUNDED_BEFORE
    )
    # Found again by the order in which they were made: titles and numbers may change.
    return dict(zip(founded.order_by("id").values_list("pk", flat=True), WORKS, strict=True))


def day_of(age: int, founded_on: date) -> date:
    """The day so many days after the day on which the demo was loaded."""
    return founded_on + timedelta(days=age)


def _found_firm(firm: Firm, *, now: datetime) -> Actor:
    """The firm with its sign-ins; answers who acts for it."""
    company = company_with_number(enterprise_number=firm.number, now=now)
    company.name, company.language, company.is_demo = firm.name, firm.language, True
    company.save(update_fields=["name", "language", "is_demo"])
    users = _add_users(firm, company, now=now)
    return Actor(company, users[0] if users else None)


def _give_access(firm: Firm, actor: Actor, *, now: datetime) -> None:
    """An access of its own to the NSSO."""
    keys = generate_key_pair()
    store_credentials(
        company=_company(actor),
        client_id=f"self_service_chaman_{firm.number}_{secrets.token_hex(5)}",
        private_key_pem=keys.private_pem,
        public_key_pem=keys.public_pem,
        actor=actor,
        now=now,
    )


def _add_users(firm: Firm, company: Company, *, now: datetime) -> list[User]:
    users = []
    for one in SIGN_INS:
        if one.firm == firm:
            user = User.objects.create_user(one.email, PASSWORD, name=one.name, language=one.language)
            add_member(company=company, user=user, role=one.role, actor=Actor(company), now=now)
            users.append(user)
    return users


def _declare_all(actors: Mapping[Firm, Actor], *, now: datetime) -> None:
    clients: dict[tuple[Firm, str], Client] = {}
    places: dict[tuple[Client, Place], Workplace] = {}
    then = now - FOUNDED_BEFORE
    for works in WORKS:
        actor = actors[works.declarer]
        company = _company(actor)
        with company_scope(company):
            key = (works.declarer, works.client)
            if key not in clients:
                clients[key] = create_client(company=company, name=works.client, actor=actor, now=then)
            for place in works.places:
                if (clients[key], place) not in places:
                    places[clients[key], place] = _add_place(place, clients[key], actor, now=then)
            workplaces = [places[clients[key], place] for place in works.places]
            _declare(works, clients[key], workplaces, actor, now=now)


def _declare(
    works: Works, client: Client, workplaces: list[Workplace], actor: Actor, *, now: datetime
) -> None:
    then, today = now - FOUNDED_BEFORE, brussels_day(now)
    declaration = declare_work(
        company=_company(actor),
        client=client,
        title=works.title,
        activity=works.activity,
        amount=works.amount,
        amount_per_year=True,
        starts_on=day_of(works.first, today),
        ends_on=None if works.last is None else day_of(works.last, today),
        workplaces=workplaces,
        declared_number=works.declared_number,
        technical_reference=works.reference,
        regime=works.regime,
        actor=actor,
        now=then,
    )
    _add_chain(works, declaration, actor, now=then)
    if works.cancelled:
        called_off = Decision(Move.CANCEL, day=today, reason=works.cancelled)
        decide(declaration=declaration, decision=called_off, actor=actor, now=now)


def _add_place(place: Place, client: Client, actor: Actor, *, now: datetime) -> Workplace:
    return create_workplace(
        company=_company(actor),
        client=client,
        name=place.name,
        street=place.street,
        house_number=place.house_number,
        post_code=place.post_code,
        municipality=place.municipality,
        latitude=place.latitude,
        longitude=place.longitude,
        actor=actor,
        now=now,
    )


def _add_chain(works: Works, declaration: Declaration, actor: Actor, *, now: datetime) -> None:
    placed: dict[Firm, Subcontract] = {}
    for firm, above in works.chain:
        placed[firm] = add_subcontract(
            declaration=declaration,
            enterprise_number=firm.number,
            name=firm.name,
            parent=placed.get(above),
            has_clause=True,
            contact_email=f"planning@{firm.name.split()[1].lower()}.example",
            actor=actor,
            now=now,
        )


def _employ(worker: Worker, actors: Mapping[Firm, Actor], *, now: datetime) -> None:
    """With the worker's own firm, and with any other the worker has a job for."""
    others = {job.employer for job in JOBS if job.worker == worker} - {worker.firm}
    for firm in (worker.firm, *others):
        actor = actors[firm]
        company = _company(actor)
        with company_scope(company):
            employment = add_employment(
                company=company, ssin=worker.ssin, facts=_facts(worker, now=now), actor=actor, now=now
            )
            if worker.is_paired and firm == worker.firm:
                afterwards.agree(worker, _pair(employment, actor, now=now), company, now=now)
            elif firm == worker.firm:
                afterwards.sign(worker, employment, actor, now=now)


def _facts(worker: Worker, *, now: datetime) -> EmploymentFacts:
    return EmploymentFacts(
        first_name=worker.first_name,
        last_name=worker.last_name,
        status=worker.status,
        starts_on=brussels_day(now - EMPLOYED_BEFORE),
        payroll_number=f"{WORKERS.index(worker) + 1:04}",
        limosa_number=worker.limosa_number,
        agency_number=AGENCY.number if worker.status == WorkerStatus.TEMPORARY else "",
    )


def _pair(employment: Employment, actor: Actor, *, now: datetime) -> Device:
    """With a phone that exists in the story only: nobody keeps its secret."""
    secret = offer_pairing(company=employment.company, person=employment.person, actor=actor, now=now)
    pair_phone(secret=secret, label="Android", now=now)
    return Device.objects.get(person=employment.person)


def _give_means(actors: Mapping[Firm, Actor], *, then: datetime, now: datetime) -> None:
    """Cards, of which nobody keeps the secret either, and a code that the office has just read out."""
    for worker in WITH_CARD:
        actor = actors[worker.firm]
        company = _company(actor)
        with company_scope(company):
            issue_cards(company=company, people=[_person(worker, now=then)], actor=actor, now=then)
    actor = actors[WAITS_FOR_CODE.firm]
    company = _company(actor)
    with company_scope(company):
        give_code(company=company, person=_person(WAITS_FOR_CODE, now=then), actor=actor, now=now)


def _person(worker: Worker, *, now: datetime) -> Person:
    return person_with_ssin(worker.ssin, now=now)


def _company(actor: Actor) -> Company:
    if actor.company is None:
        raise ValueError("Somebody of a firm acts here.")
    return actor.company
