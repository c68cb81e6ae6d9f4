"""Who the demo is about: firms, sign-ins, workers. Facts only.

All numbers are well-formed, and invented: enterprise numbers of the range 0999, national numbers with a
counter beyond the births of one day (the number to type by hand is an official example).
"""

from dataclasses import dataclass

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
# Those with an access of their own to the NSSO.
FIRMS = (MAIN, SUB, SUBSUB, STRANGER)

# Small ones of the chain: the Crossroads Bank does not know the first and has closed the second. A temporary
# agency beside them.
FRESH = Firm("Demo Vers BV", "0999000822", "nl")
CLOSED = Firm("Demo Clos SRL", "0999000921", "fr")
AGENCY = Firm("Demo Interim NV", "0999001020", "nl")
SMALL_FIRMS = (FRESH, CLOSED, AGENCY)


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
    is_paired: bool = True
    has_dimona: bool = True
    limosa_number: str = ""


def invented_number(born: str, counter: int) -> str:
    """The national number (11 digits) of somebody born on `born` (YYMMDD, before 2000)."""
    body = f"{born}{counter:03}"
    return f"{body}{97 - int(body) % 97:02}"


def _people(firm: Firm, names: str, *, born: int) -> tuple[Worker, ...]:
    """Employees by their names; every third types the number. `born` is the year of birth of the first."""
    return tuple(
        Worker(
            invented_number(f"{born + index:02}{1 + index % 12:02}{3 + 2 * index:02}", 991 + index % 8),
            first_name,
            last_name,
            firm,
            is_paired=index % 3 != 2,
        )
        for index, (first_name, last_name) in enumerate(name.split(" ") for name in names.split(", "))
    )


ARNE = Worker("79031499175", "Arne", "Voorbeeld", MAIN)
BEA = Worker("88112399249", "Bea", "Verzonnen", MAIN)
CEM = Worker("94050699360", "Cem", "Muster", MAIN, is_paired=False, has_dimona=False)
DIRK = Worker("85073003328", "Dirk", "Tijdelijk", MAIN, WorkerStatus.TEMPORARY, is_paired=False)
EMMA = Worker("91481999404", "Emma", "Fictief", MAIN, is_paired=False)
FARID = Worker("83102799508", "Farid", "Exemple", SUB)
GINA = Worker("97041299630", "Gina", "Modèle", SUB, is_paired=False)
HUGO = Worker("86421799711", "Hugo", "Muestra", SUB, WorkerStatus.POSTED, is_paired=False)
INES = Worker("75120899041", "Inès", "Fictive", SUB, WorkerStatus.SELF_EMPLOYED, is_paired=False)
JAN = Worker("01062998976", "Jan", "Nepnaam", SUBSUB, is_paired=False)
# Taken on without Dimona, like Cem.
KOBE = Worker(invented_number("920817", 993), "Kobe", "Nieuwkomer", MAIN, has_dimona=False)
# Their Dimona is filed for each day, and too late.
LOTTE = Worker(
    invented_number("990211", 996), "Lotte", "Studente", MAIN, WorkerStatus.STUDENT, has_dimona=False
)
MATS = Worker(invented_number("981119", 997), "Mats", "Student", MAIN, WorkerStatus.STUDENT, has_dimona=False)
NOOR = Worker(invented_number("990630", 994), "Noor", "Stagiaire", MAIN, WorkerStatus.TRAINEE)
OSCAR = Worker(invented_number("900405", 995), "Oscar", "Uitzend", MAIN, WorkerStatus.TEMPORARY)
# In the mornings for the main contractor, in the evenings for the sub's subcontractor.
PIA = Worker(invented_number("840922", 998), "Pia", "Dubbel", MAIN)
# Posted: two with a Limosa notice, one whose notice has run out, and Hugo without any.
QUENTIN = Worker(
    invented_number("874118", 991), "Quim", "Ejemplo", SUB, WorkerStatus.POSTED, limosa_number="L1-DEMO-0001"
)
RITA = Worker(
    invented_number("895207", 992), "Rita", "Exemplo", SUB, WorkerStatus.POSTED, limosa_number="L1-DEMO-0002"
)
SILVIU = Worker(
    invented_number("804625", 993),
    "Silviu",
    "Exemplu",
    SUB,
    WorkerStatus.POSTED,
    limosa_number="L1-DEMO-0003",
)
# Self-employed, but known for another firm than the one she works for.
TILDE = Worker(invented_number("780714", 994), "Tilde", "Zelfstandig", SUBSUB, WorkerStatus.SELF_EMPLOYED)
# Nobody at the NSSO knows this number.
UGO = Worker(invented_number("934309", 995), "Ugo", "Onbekend", SUBSUB, is_paired=False)
# Registers on the NSSO's own page only.
VERA = Worker(invented_number("820128", 996), "Véra", "Ailleurs", SUB, is_paired=False)
WIM = Worker(invented_number("760503", 997), "Wim", "Verseman", FRESH)
XENIA = Worker(invented_number("811216", 998), "Xénia", "Closon", CLOSED)
YARA = Worker(invented_number("880219", 991), "Yara", "Vreemdeling", STRANGER)
ZENO = Worker(invented_number("950811", 992), "Zeno", "Buitenstaander", STRANGER, is_paired=False)

# Day and night at the hospital, each team by turns.
NIGHT_AND_DAY = _people(
    MAIN,
    "Abel Proefman, Betty Proefstuk, Carlo Schijn, Dora Schijnbaar, Elio Denkbeeld, Fenna Denkbaar",
    born=70,
)
NIGHT_AND_DAY_SUB = _people(
    SUB, "Gaël Fictif, Hélène Inventée, Igor Imaginé, Jade Supposée, Kamel Prétendu, Laure Feinte", born=72
)
EARLY = _people(
    MAIN,
    "Mila Zogezegd, Nico Zogenaamd, Olga Verbeeld, Pavel Bedacht, Quinten Bedenksel, Rosa Verdicht, "
    "Sami Voorstel, Tess Verzinsel",
    born=62,
)
EVENING = _people(
    MAIN,
    "Umut Örnek, Vlad Exemplu, Wanda Przykład, Xander Sprookje, Yasmin Fabel, Zita Legende",
    born=76,
)
SUB_EARLY = _people(SUB, "Zoé Modèle, Amine Exemple, Brice Fabulé, Dalia Conte, Émile Songe", born=80)
SUBSUB_EVENING = _people(SUBSUB, "Cato Nepnaam, Dries Nepgezicht, Evi Nepperd", born=84)

WORKERS = (
    *(ARNE, BEA, CEM, DIRK, EMMA, FARID, GINA, HUGO, INES, JAN, KOBE, LOTTE, MATS, NOOR, OSCAR, PIA),
    *(QUENTIN, RITA, SILVIU, TILDE, UGO, VERA, WIM, XENIA, YARA, ZENO),
    *(*NIGHT_AND_DAY, *NIGHT_AND_DAY_SUB, *EARLY, *EVENING, *SUB_EARLY, *SUBSUB_EVENING),
)

# At home for most of the day, so that checking in is what the phone offers first.
TYPES_BY_HAND = DIRK
# Without a phone of their own: they show a card, and somebody else's phone or a tablet reads it.
WITH_CARD = (EMMA, GINA, JAN)
# Waits for the office to read a code out when the demo is loaded.
WAITS_FOR_CODE = DIRK
