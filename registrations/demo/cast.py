"""Who and what the demo is about: firms, sign-ins, workers, works. Facts only.

All numbers are well-formed, and invented: enterprise numbers of the range 0999, national numbers with a
counter beyond the births of one day (the number to type by hand is an official example).
"""

from dataclasses import dataclass
from decimal import Decimal

from ciao_portal.models import Role
from registrations.models.workers import WorkerStatus

# Published in the README; the demo runs with the simulator only.
PASSWORD = "ciao-demo-2026"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Firm:
    name: str
    number: str
    language: str


MAIN = Firm("Demo Helder NV", "0999000129", "nl")
SUB = Firm("Demo Propre SRL", "0999000228", "fr")
SUBSUB = Firm("Demo Klein BV", "0999000327", "nl")
STRANGER = Firm("Demo Vreemd NV", "0999000426", "nl")
FIRMS = (MAIN, SUB, SUBSUB, STRANGER)


@dataclass(frozen=True, slots=True)
class SignIn:
    email: str
    name: str
    firm: Firm
    role: Role
    language: str


SIGN_INS = (
    SignIn("owner@demo.example", "Olga Voorbeeld", MAIN, Role.OWNER, "en"),
    SignIn("office@demo.example", "Otto Fictief", MAIN, Role.OFFICE, "nl"),
    SignIn("auditor@demo.example", "Aude Exemple", MAIN, Role.AUDITOR, "fr"),
    SignIn("sub-office@demo.example", "Odile Modèle", SUB, Role.OFFICE, "fr"),
)


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who cleans. `is_paired`: with a phone of their own, else the number is typed."""

    ssin: str
    first_name: str
    last_name: str
    firm: Firm
    status: WorkerStatus = WorkerStatus.EMPLOYEE
    is_paired: bool = False
    has_dimona: bool = True


ARNE = Worker("79031499175", "Arne", "Voorbeeld", MAIN, is_paired=True)
BEA = Worker("88112399249", "Bea", "Verzonnen", MAIN, is_paired=True)
CEM = Worker("94050699360", "Cem", "Muster", MAIN, has_dimona=False)
DIRK = Worker("85073003328", "Dirk", "Tijdelijk", MAIN, WorkerStatus.TEMPORARY)
EMMA = Worker("91481999404", "Emma", "Fictief", MAIN)
FARID = Worker("83102799508", "Farid", "Exemple", SUB, is_paired=True)
GINA = Worker("97041299630", "Gina", "Modèle", SUB)
HUGO = Worker("86421799711", "Hugo", "Muestra", SUB, WorkerStatus.POSTED)
INES = Worker("75120899041", "Inès", "Fictive", SUB, WorkerStatus.SELF_EMPLOYED)
JAN = Worker("01062998976", "Jan", "Nepnaam", SUBSUB)
WORKERS = (ARNE, BEA, CEM, DIRK, EMMA, FARID, GINA, HUGO, INES, JAN)

# At home whenever the demo is loaded or goes on, so that checking in is what the phone offers first.
TYPES_BY_HAND = DIRK


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    street: str
    house_number: str
    post_code: str
    municipality: str


@dataclass(frozen=True, slots=True)
class Works:
    """A declaration of the main contractor; `chain` from the top down, each firm below the one before it."""

    title: str
    client: str
    declared_number: str
    reference: str
    activity: str
    amount: Decimal
    places: tuple[Place, ...]
    chain: tuple[Firm, ...]
    # What the declaration at the NSSO says of the chain: somebody was forgotten there.
    chain_at_the_nsso: tuple[Firm, ...]


GENT = Place("Kantoor Voorbeeld", "Voorbeeldstraat", "12", "9000", "Gent")
NAMUR = Place("Agence Exemple", "Rue de l’Exemple", "8", "5000", "Namur")
EUPEN = Place("Geschäftsstelle Muster", "Musterstraße", "3", "4700", "Eupen")
LEUVEN = Place("School De Fictie", "Fictielaan", "27", "3000", "Leuven")

OFFICES = Works(
    title="Schoonmaak kantoren Demo Bank",
    client="Demo Bank NV",
    declared_number="9B0DEM0BANK01",
    reference="1Y1DEM0BANK01",
    activity="buildings",
    amount=Decimal("186000"),
    places=(GENT, NAMUR, EUPEN),
    chain=(SUB, SUBSUB),
    chain_at_the_nsso=(SUB,),
)
SCHOOL = Works(
    title="Ramen en klassen School De Fictie",
    client="Demo Scholengroep",
    declared_number="9B0DEM0SCH001",
    reference="1Y1DEM0SCH001",
    activity="windows",
    amount=Decimal("34500"),
    places=(LEUVEN,),
    chain=(SUB,),
    chain_at_the_nsso=(),
)
WORKS = (OFFICES, SCHOOL)
