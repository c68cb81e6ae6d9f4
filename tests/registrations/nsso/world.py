"""Registrations on real rows, made through the services, and a sender whose clock the tests hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from ciao_portal.audit import Actor
from ciao_portal.companies import store_credentials
from ciao_portal.days import BRUSSELS, brussels_day
from ciao_portal.models import Company, NssoCredentials, Person
from ciao_portal.nsso.auth import KeyPair, generate_key_pair
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Declaration, RegistrationPoint
from registrations.models import Means, NssoPresence, ReadBack, Registration, Remark, Submission
from registrations.nsso.reading import ReadBackChannel
from registrations.nsso.sending import SubmissionChannel
from registrations.rules.location import GivenPlace
from registrations.rules.presence import Kind
from registrations.rules.taps import KeyOrigin
from registrations.services.registering import TapAtPoint, register
from tests.cast import (
    MAIN_NUMBER,
    SSINS,
    STRANGER_NUMBER,
    SUB_NUMBER,
    SUBSUB_NUMBER,
    make_company,
    person,
)
from tests.declarations.works import REFERENCE, make_subcontract, make_works
from tests.simulator import SimulatorProcess


def _two_hours_ago() -> datetime:
    """Two hours ago, in the evening earlier: a story that passed midnight would be read back as two days.

    The NSSO takes nothing from the future, by the real clock, and misses a check-out after 16 hours.
    """
    moment = (datetime.now(BRUSSELS) - timedelta(hours=2)).replace(microsecond=0)
    last_start = moment.replace(hour=20, minute=30)
    return min(moment, last_start).astimezone(UTC)


T0 = _two_hours_ago()
ANNA, BILAL, CAROL = SSINS[:3]
KEYS = generate_key_pair()


def person_number(index: int) -> Person:
    """One of many people with well-formed numbers."""
    nine = f"8501{index // 400 + 1:02d}{index % 400 + 2:03d}"
    return person(f"{nine}{97 - int(nine) % 97:02d}")


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def reference_data() -> dict[str, list[dict[str, Any]]]:
    """Everything in order for three people at each company of the chain."""
    companies = (MAIN_NUMBER, SUB_NUMBER, SUBSUB_NUMBER)
    people = (ANNA, BILAL, CAROL)
    return {
        "people": [{"ssin": ssin} for ssin in people],
        "dimona": [
            {"ssin": ssin, "enterpriseNumber": company, "startDate": "2020-01-01"}
            for ssin in people
            for company in companies
        ],
        "limosa": [],
        "enterprises": [{"enterpriseNumber": number} for number in companies],
        "declarations": [
            {
                "contractualRelationshipReference": REFERENCE,
                "enterpriseNumber": MAIN_NUMBER,
                "startDate": "2020-01-01",
                "chain": [
                    {"enterpriseNumber": SUB_NUMBER, "parentEnterpriseNumber": MAIN_NUMBER},
                    {"enterpriseNumber": SUBSUB_NUMBER, "parentEnterpriseNumber": SUB_NUMBER},
                ],
            }
        ],
        "presences": [],
    }


@dataclass(frozen=True)
class Firms:
    """The chain and a stranger; nobody signs in here."""

    main: Company
    sub: Company
    subsub: Company
    stranger: Company


@dataclass
class World:
    """A chain with works, a simulator that knows it, and one sender."""

    simulator: SimulatorProcess
    cast: Firms
    declaration: Declaration
    point: RegistrationPoint
    sending: SubmissionChannel = field(default_factory=SubmissionChannel)
    reading: ReadBackChannel = field(default_factory=ReadBackChannel)

    def store_credentials(self, company: Company, keys: KeyPair = KEYS) -> NssoCredentials:
        known = self.simulator.credentials_for(str(company.enterprise_number), keys=keys)
        with company_scope(company):
            return store_credentials(
                company=company,
                client_id=known.client_id,
                private_key_pem=keys.private_pem,
                public_key_pem=keys.public_pem,
                actor=Actor(company),
                now=T0,
            )

    def tap(
        self,
        who: str | Person = ANNA,
        kind: Kind = Kind.IN,
        *,
        seconds: float = 0,
        employer: Company | None = None,
        point: RegistrationPoint | None = None,
        place: GivenPlace | None = None,
    ) -> Registration:
        """One registration, so many seconds after T0."""
        point = point or self.point
        assert point.workplace is not None
        tap = TapAtPoint(
            person=who if isinstance(who, Person) else person(who),
            kind=kind,
            point=point,
            employer=employer or self.cast.main,
            workplace=point.workplace,
            means=Means.PAIRED,
            client_key=uuid4(),
            key_origin=KeyOrigin.TAP,
            place=place,
        )
        return register(tap, now=at(seconds)).registration

    def send(self, seconds: float, *, sender: str = "sender-1") -> int:
        """One portion of the sender, so many seconds after T0."""
        return self.sending.drain(sender=sender, now=at(seconds))

    def read(self, seconds: float) -> int:
        """Portions of reading back until nothing is due at that moment."""
        total = 0
        while taken := self.reading.drain(sender="sender-1", now=at(seconds)):
            total += taken
        return total

    def at_nsso(self) -> list[tuple[str, str, int]]:
        """What the NSSO took in, in its order: ssin, type, seconds after T0."""
        return [
            (one["ssin"], one["type"], round((_moment(one["registrationDate"]) - T0).total_seconds()))
            for one in self.simulator.registrations()
        ]

    def close(self) -> None:
        self.sending.close()
        self.reading.close()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@contextmanager
def built_world(simulator: SimulatorProcess) -> Iterator[World]:
    """The world in the test's database; the simulator begins empty."""
    simulator.clear()
    simulator.put_reference(**reference_data())
    simulator.put_faults()
    cast = Firms(
        main=make_company("Helder Main", MAIN_NUMBER),
        sub=make_company("Zuiver Sub", SUB_NUMBER),
        subsub=make_company("Klein Subsub", SUBSUB_NUMBER),
        stranger=make_company("Vreemd", STRANGER_NUMBER),
    )
    declaration = make_works(cast.main)
    sub = make_subcontract(declaration, SUB_NUMBER, "Zuiver Sub")
    make_subcontract(declaration, SUBSUB_NUMBER, "Klein Subsub", parent=sub)
    world = World(simulator, cast, declaration, point_of(declaration))
    try:
        yield world
    finally:
        world.close()


def point_of(declaration: Declaration) -> RegistrationPoint:
    """The point of the first workplace."""
    with unscoped(reason="tests look at everything"):
        points = RegistrationPoint.objects.select_related("declaration__company", "workplace")
        point = points.filter(declaration=declaration, workplace__isnull=False, company__isnull=True).first()
    assert point is not None
    return point


def journey(registration: Registration) -> Submission:
    return Submission.objects.select_related("credentials").get(registration=registration)


def states(*registrations: Registration) -> list[str]:
    return [journey(one).state for one in registrations]


def outcomes(registration: Registration) -> list[tuple[str, str]]:
    """Operation and outcome of every attempt, in order."""
    return list(journey(registration).attempts.values_list("operation", "outcome"))


def presences() -> list[NssoPresence]:
    return list(NssoPresence.objects.order_by("nsso_id"))


def open_codes() -> list[str]:
    return sorted(Remark.objects.filter(gone_at__isnull=True).values_list("code", flat=True))


def read_backs() -> list[ReadBack]:
    """Of the day of the story; the month before it is read, too."""
    return list(ReadBack.objects.filter(day=brussels_day(T0)))
