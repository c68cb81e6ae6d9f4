"""The firms, people and works of the large tenant. Few rows through the services, people in portions."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from ciao_portal.audit import Actor
from ciao_portal.companies import add_member, company_with_number
from ciao_portal.days import brussels_day
from ciao_portal.ids import new_id
from ciao_portal.models import AuditEvent, Company, Role, User
from ciao_portal.people import people_with_ssins
from ciao_portal.tenancy import company_scope
from declarations.models import Client, Declaration, RegistrationPoint, Workplace
from declarations.services.chain import add_subcontract
from declarations.services.clients import create_client, create_workplace
from declarations.services.declaring import declare_work
from registrations.demo.cast import PASSWORD, Firm
from registrations.demo.writing import TableWriter
from registrations.models import Device, Employment
from registrations.models.means import PairedBy
from registrations.models.workers import WorkerStatus
from registrations.services.pairing import SECRET_BYTES, hash_secret

SCALE = Firm("Demo Schaal NV", "0999000525", "nl")
SUBS = (Firm("Demo Schaal Propre SRL", "0999000624", "fr"), Firm("Demo Schaal Klein BV", "0999000723", "nl"))
OWNER_EMAIL = "scale@demo.example"
FOUNDED_BEFORE = timedelta(days=120)
WORKERS_PER_DECLARATION = 25
DECLARATIONS_PER_CLIENT = 4
PEOPLE_AT_ONCE = 500
ACTIVITIES = ("buildings", "windows", "floors", "cleanRooms")
MUNICIPALITIES = (
    ("9000", "Gent"),
    ("5000", "Namur"),
    ("4700", "Eupen"),
    ("3000", "Leuven"),
    ("4000", "Liège"),
)
STATUSES = (*[WorkerStatus.EMPLOYEE] * 8, WorkerStatus.TEMPORARY, WorkerStatus.STUDENT)
FIRST_NAMES = ("Anna", "Bram", "Chloé", "Daan", "Elif", "Fien", "Georges", "Hanne", "Ivo", "Jeanne", "Kato")
LAST_NAMES = ("Voorbeeld", "Exemple", "Muster", "Verzonnen", "Fictif", "Erfunden", "Nepnaam")

# Invented national numbers: born from 1960 on, with a counter beyond the births of one day.
FIRST_BIRTH = date(1960, 1, 1)
BIRTHDAYS = 14_000
FIRST_COUNTER, LAST_COUNTER = 950, 990


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who cleans, and where. `number` counts from 0, `reference` is the technical one."""

    number: int
    person: UUID
    employer: UUID
    declaration: UUID
    declarer: UUID
    reference: str
    workplace: UUID
    point: UUID
    device: UUID | None


@dataclass(frozen=True, slots=True)
class _Site:
    """A declaration with its workplaces and, for each company of its chain, the points that hang there."""

    declaration: Declaration
    companies: Sequence[Company]
    points: dict[tuple[UUID, UUID], RegistrationPoint]
    workplaces: Sequence[UUID]


def is_founded() -> bool:
    return Company.objects.filter(enterprise_number=SCALE.number).exists()


def found(workers: int, *, now: datetime) -> list[Hand]:
    """Firms, sign-in, works and so many workers, as if entered before `now`; answers who works where."""
    then = now - FOUNDED_BEFORE
    company = _firm(SCALE, now=then)
    owner = User.objects.create_user(OWNER_EMAIL, PASSWORD, name="Sien Schaal", language="nl")
    add_member(company=company, user=owner, role=Role.OWNER, actor=Actor(company), now=then)
    actor = Actor(company, owner)
    subs = [_firm(firm, now=then) for firm in SUBS]
    with company_scope(company):
        count = -(-workers // WORKERS_PER_DECLARATION)
        clients = _clients(count, company, actor, then)
        sites = [_declare(number, one, subs, actor, now=then) for number, one in enumerate(clients)]
    hands: list[Hand] = []
    for start in range(0, workers, PEOPLE_AT_ONCE):
        numbers = range(start, min(workers, start + PEOPLE_AT_ONCE))
        hands += _employ(numbers, sites, now=then)
    return hands


def _firm(firm: Firm, *, now: datetime) -> Company:
    """Without access to the NSSO, so that nothing of it ever leaves."""
    company = company_with_number(enterprise_number=firm.number, now=now)
    company.name, company.language, company.is_demo = firm.name, firm.language, True
    company.save(update_fields=["name", "language", "is_demo"])
    return company


def _clients(declarations: int, company: Company, actor: Actor, now: datetime) -> Iterator[Client]:
    """One for each declaration, several times the same."""
    for first in range(0, declarations, DECLARATIONS_PER_CLIENT):
        name = f"Demo Klant {first // DECLARATIONS_PER_CLIENT + 1:03}"
        client = create_client(company=company, name=name, actor=actor, now=now)
        yield from [client] * min(DECLARATIONS_PER_CLIENT, declarations - first)


def _declare(number: int, client: Client, subs: Sequence[Company], actor: Actor, *, now: datetime) -> _Site:
    """One to six workplaces; two of three declarations with a subcontractor, one of six with both."""
    company = client.company
    places = [_add_place(number, place, client, actor, now=now) for place in range(number % 6 + 1)]
    declaration = declare_work(
        company=company,
        client=client,
        title=f"Schoonmaak {client.name} {number + 1:04}",
        activity=ACTIVITIES[number % len(ACTIVITIES)],
        amount=Decimal(30_000 + 500 * (number % 300)),
        amount_per_year=True,
        starts_on=brussels_day(now),
        workplaces=places,
        declared_number=f"9B0SCHAAL{number:04}",
        technical_reference=f"1Y1SCHAAL{number:04}",
        actor=actor,
        now=now,
    )
    chain = {0: [subs[0]], 1: [subs[1]], 3: [subs[0]], 4: list(subs)}.get(number % 6, [])
    above = None
    for sub in chain:
        above = add_subcontract(
            declaration=declaration,
            enterprise_number=sub.enterprise_number or "",
            name=sub.name,
            parent=above,
            has_clause=True,
            actor=actor,
            now=now,
        )
    rows = RegistrationPoint.objects.filter(declaration=declaration, workplace__isnull=False)
    points = {(row.workplace_id, row.company_id or company.pk): row for row in rows if row.workplace_id}
    return _Site(declaration, [company, *chain], points, [place.pk for place in places])


def _add_place(number: int, place: int, client: Client, actor: Actor, *, now: datetime) -> Workplace:
    post_code, municipality = MUNICIPALITIES[(number + place) % len(MUNICIPALITIES)]
    return create_workplace(
        company=client.company,
        client=client,
        name=f"Gebouw {number + 1:04}-{place + 1}",
        street="Voorbeeldlaan",
        house_number=str(number * 6 + place + 1),
        post_code=post_code,
        municipality=municipality,
        actor=actor,
        now=now,
    )


def _employ(numbers: range, sites: Sequence[_Site], *, now: datetime) -> Iterator[Hand]:
    people = people_with_ssins(map(invented_ssin, numbers), now=now)
    hands = []
    for number in numbers:
        site = sites[number // WORKERS_PER_DECLARATION]
        place_in_team = number % WORKERS_PER_DECLARATION
        # Half of the people of a declaration with subcontractors are theirs: a third of everybody.
        is_sub = len(site.companies) > 1 and place_in_team % 2 == 1
        firm = (
            site.companies[1 + place_in_team // 2 % (len(site.companies) - 1)]
            if is_sub
            else site.companies[0]
        )
        workplace = site.workplaces[place_in_team % len(site.workplaces)]
        hands.append(
            Hand(
                number=number,
                person=people[invented_ssin(number)].pk,
                employer=firm.pk,
                declaration=site.declaration.pk,
                declarer=site.declaration.company_id,
                reference=site.declaration.technical_reference,
                workplace=workplace,
                point=site.points[workplace, firm.pk].pk,
                device=new_id() if number % 3 else None,
            )
        )
    _write(hands, now=now)
    return iter(hands)


def _write(hands: Sequence[Hand], *, now: datetime) -> None:
    """What `add_employment` and `pair_phone` would have written, except the pairing links."""
    employed = TableWriter(
        Employment,
        *(
            "id",
            "company_id",
            "person_id",
            "first_name",
            "last_name",
            "payroll_number",
            "status",
            "agency_id",
        ),
        *("starts_on", "ends_on", "dimona_number", "dimona_ends_on", "limosa_number", "limosa_ends_on"),
    )
    paired = TableWriter(
        Device,
        *("id", "person_id", "secret_hash", "label", "paired_by", "badge_id", "paired_at", "revoked_at"),
    )
    deeds = TableWriter(
        AuditEvent, "id", "at", "company_id", "user_id", "action", "subject_type", "subject_id", "payload"
    )
    by_link = {"by": PairedBy.LINK.value}
    first_day = brussels_day(now)
    ids = [new_id() for _hand in hands]
    employed.put(
        (
            *(pk, hand.employer, hand.person, *_name(hand.number), f"{hand.number + 1:05}"),
            *(STATUSES[hand.number % len(STATUSES)].value, None, first_day, None, "", None, "", None),
        )
        for pk, hand in zip(ids, hands, strict=True)
    )
    paired.put(
        (
            *(hand.device, hand.person, hash_secret(secrets.token_urlsafe(SECRET_BYTES)), "Android"),
            *(PairedBy.LINK.value, None, now, None),
        )
        for hand in hands
        if hand.device
    )
    deeds.put(
        (new_id(), now, hand.employer, None, "employment.created", Employment._meta.label_lower, str(pk), {})
        for pk, hand in zip(ids, hands, strict=True)
    )
    deeds.put(
        (
            new_id(),
            now,
            hand.employer,
            None,
            "device.paired",
            Device._meta.label_lower,
            str(hand.device),
            by_link,
        )
        for hand in hands
        if hand.device
    )


def _name(number: int) -> tuple[str, str]:
    return FIRST_NAMES[number % len(FIRST_NAMES)], LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)]


def invented_ssin(number: int) -> str:
    """The well-formed national number (11 digits) of the worker with this number.

    Raises ValueError when there are no invented numbers left.
    """
    counter = FIRST_COUNTER + number // BIRTHDAYS
    if counter > LAST_COUNTER:
        raise ValueError("So many people cannot be invented.")
    born = FIRST_BIRTH + timedelta(days=number % BIRTHDAYS)
    body = f"{born:%y%m%d}{counter:03}"
    return f"{body}{97 - int(body) % 97:02}"
