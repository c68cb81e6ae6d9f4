"""A chain of four levels with everything that makes it hard to say who sees what, and a stranger.

    A declares            > B > C > D        four levels
                          > E > D            the same firm on a second branch
                            B > L            a link added late, after its people registered
                            B > N            a link that ended: one registration before that day, one after
    S                                        a stranger with works of its own

Every firm has a worker who registered, a remark on each registration, and names that no other firm may read.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.test import Client as Browser

from ciao_portal.audit import Actor
from ciao_portal.companies import write_card
from ciao_portal.days import brussels_day
from ciao_portal.models import Company, Person, Role, User
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Subcontract
from declarations.rules.advising import Case, Customer
from declarations.rules.thresholds import Sector
from declarations.services.assessing import assess
from declarations.services.chain import add_subcontract, end_subcontract
from registrations.exports.services import make_export
from registrations.models import (
    ChainReminder,
    Device,
    Employment,
    ErrorKind,
    Registration,
    RemarkReminder,
)
from registrations.reports.services import request_report
from registrations.services.declared_outages import declare_outage
from registrations.services.errors import ErrorFacts, report_error
from registrations.services.pairing import offer_pairing, pair_phone
from tests.cast import NOW, make_company, make_user, make_worker
from tests.registrations.corrections.world import begin
from tests.registrations.views.scene import accepted, remark_on
from tests.tablets import add
from tests.works import Works, declare, tap

FIRMS = "ABCDELNS"
TODAY = brussels_day(NOW)
ENDED_ON = date(2026, 10, 31)
BEFORE_THE_END = NOW - timedelta(days=30)
# Rows of the kinds that a company makes for itself alone are made for these two: who else sees them is asked.
KEEPERS = "AB"
CASE = Case(
    sector=Sector.CLEANING,
    work="buildings",
    customer=Customer.BUSINESS,
    own_staff=True,
    amount=Decimal(30_000),
    per_year=True,
    subcontractors=0,
    starts_on=TODAY,
)


@dataclass(frozen=True)
class Chain:
    """`rows` holds the keys by kind and label, `words` what only the firm of that letter may read."""

    firms: dict[str, Company]
    browsers: dict[str, Browser]
    works: dict[str, Works]
    rows: dict[str, dict[str, UUID]]
    words: dict[str, list[str]]


def build_chain() -> Chain:
    firms = {letter: make_company(f"Firma {letter}", _enterprise_number(letter)) for letter in FIRMS}
    users = {
        letter: make_user(f"eigenaar-{letter.lower()}@firma.example", firm, Role.OWNER)
        for letter, firm in firms.items()
    }
    browsers = {letter: Browser() for letter in FIRMS}
    for letter, browser in browsers.items():
        browser.force_login(users[letter])
    people = {
        letter: make_worker(firm, _ssin(letter), "Jo", f"Achternaam{letter}")
        for letter, firm in firms.items()
    }
    works = {
        "works": declare(firms["A"]),
        "own works of S": declare(firms["S"], declared_number="", technical_reference=""),
    }
    places = _places(works["works"], firms)
    registrations = _registrations(works, firms, {letter: row.person for letter, row in people.items()})
    places["L"] = _add(works["works"], firms["L"], places["B"])
    with company_scope(firms["A"]):
        end_subcontract(subcontract=places["N"], ends_on=ENDED_ON, actor=Actor(firms["A"]), now=NOW)
    with company_scope(firms["B"]):
        write_card(company=firms["B"], subject=firms["C"], name="Kaart van B over C")
    remarks = {
        label: remark_on(accepted(registration, nsso_id=number), _code_of_remark(label))
        for number, (label, registration) in enumerate(registrations.items(), start=1)
    }
    rows = {
        "registration": {label: one.pk for label, one in registrations.items()},
        "remark": {label: remark.pk for label, remark in remarks.items()},
        "worker": {letter: one.pk for letter, one in people.items()},
        "works": {label: one.declaration.pk for label, one in works.items()},
        "workplace": {
            f"{label} {number}": place.pk
            for label, one in works.items()
            for number, place in enumerate(one.workplaces)
        },
        "place": {label: one.pk for label, one in places.items()},
        "firm": {letter: firm.pk for letter, firm in firms.items()},
    }
    for letter in KEEPERS:
        own = _own_rows(firms[letter], users[letter], works["works"], people[letter])
        own |= _own_letters(firms[letter], users[letter], works["works"], to=firms[_below(letter)])
        own["correction"] = begin(firms[letter], remarks[letter], user=users[letter]).pk
        for kind, key in own.items():
            rows.setdefault(kind, {})[letter] = key
    words = {letter: [f"Achternaam{letter}", users[letter].name] for letter in FIRMS}
    words["A"] += [f"Kaart van A over {letter}" for letter in "BCDELN"]
    words["B"].append("Kaart van B over C")
    return Chain(firms, browsers, works, rows, words)


def _enterprise_number(letter: str) -> str:
    first = f"0777{ord(letter):04}"
    return f"{first}{97 - int(first) % 97:02}"


def _ssin(letter: str) -> str:
    first = f"850101{ord(letter):03}"
    return f"{first}{97 - int(first) % 97:02}"


def _code_of_remark(label: str) -> str:
    """Those of whom a correction is told have a remark that a correction can be asked for."""
    return "enterpriseNotActive" if label in KEEPERS else "dimonaNotFound"


def _below(letter: str) -> str:
    return FIRMS[FIRMS.index(letter) + 1]


def _add(works: Works, firm: Company, parent: Subcontract | None) -> Subcontract:
    declarer = works.declaration.company
    with company_scope(declarer):
        return add_subcontract(
            declaration=works.declaration,
            enterprise_number=firm.enterprise_number or "",
            name=f"Kaart van A over {firm.name[-1]}",
            parent=parent,
            actor=Actor(declarer),
            now=NOW,
        )


def _places(works: Works, firms: dict[str, Company]) -> dict[str, Subcontract]:
    places = {"B": _add(works, firms["B"], None)}
    places["C"] = _add(works, firms["C"], places["B"])
    places["D below C"] = _add(works, firms["D"], places["C"])
    places["E"] = _add(works, firms["E"], None)
    places["D below E"] = _add(works, firms["D"], places["E"])
    places["N"] = _add(works, firms["N"], places["B"])
    return places


def _registrations(
    works: dict[str, Works], firms: dict[str, Company], people: dict[str, Person]
) -> dict[str, Registration]:
    chain = works["works"]
    earlier = NOW - timedelta(minutes=30)
    made = {
        letter: tap(chain, people[letter], employer=firms[letter], now=earlier).registration
        for letter in "ABCDEL"
    }
    made["N before"] = tap(chain, people["N"], employer=firms["N"], now=BEFORE_THE_END).registration
    made["N after"] = tap(chain, people["N"], employer=firms["N"], now=earlier).registration
    made["S"] = tap(works["own works of S"], people["S"], now=earlier).registration
    return made


def _own_rows(firm: Company, user: User, works: Works, worker: Employment) -> dict[str, UUID]:
    """What a company makes for itself: a report, an export, an assessment, an outage, a tablet, an error."""
    first, last = TODAY - timedelta(days=60), TODAY
    actor = Actor(firm, user)
    with company_scope(firm):
        report = request_report(
            company=firm,
            user=user,
            declaration=works.declaration,
            first_day=first,
            last_day=last,
            language="en",
            now=NOW,
        )
        export = make_export(
            company=firm,
            user=user,
            first_day=first,
            last_day=last,
            selection={},
            language="en",
            has_full_numbers=False,
            has_machine_keys=True,
            now=NOW,
        )
        assessment = assess(company=firm, user=user, title="Contract", case=CASE, now=NOW)
        outage = declare_outage(
            company=firm, started_at=NOW, ended_at=None, note="Router", actor=actor, now=NOW
        )
        secret = offer_pairing(company=firm, person=worker.person, actor=actor, now=NOW)
    pair_phone(secret=secret, label="Android", now=NOW)
    with unscoped(reason="a test looks up the phone"):
        phone = Device.objects.get(person=worker.person)
    error = report_error(device=phone, facts=ErrorFacts(ErrorKind.FORGOTTEN, TODAY, firm, None), now=NOW)
    point = works.point(0, None if firm == works.declaration.company else firm)
    return {
        "report": report.pk,
        "export": export.pk,
        "assessment": assessment.pk,
        "outage": outage.pk,
        "tablet": add(firm, point)[0].pk,
        "error": error.pk,
    }


def _own_letters(firm: Company, user: User, works: Works, *, to: Company) -> dict[str, UUID]:
    """Reminders to the company below, which only who wrote them sees here."""
    facts = {"company": firm, "subject": to, "sent_by": user, "created_at": NOW}
    with company_scope(firm):
        return {
            "reminder": ChainReminder.objects.create(declaration=works.declaration, **facts).pk,
            "remark reminder": RemarkReminder.objects.create(**facts).pk,
        }
