"""The scope advisor's words: for its questions, its answers and their sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import day_label
from declarations.amounts import euros
from declarations.rules.advising import Advice, Customer, Duty, Reason
from declarations.rules.scope import SERVICES, SERVICES_BY_CODE
from declarations.rules.sectors import WORKS, WORKS_BY_CODE
from declarations.rules.thresholds import Sector, Source

SECTORS: dict[Sector, Promise] = {
    Sector.CLEANING: _("Cleaning"),
    Sector.CONSTRUCTION: _("Construction"),
    Sector.MEAT: _("Meat"),
    Sector.CONCRETE: _("Ready-mixed concrete"),
    Sector.OTHER: _("Another sector"),
}
CUSTOMERS: dict[Customer, Promise] = {
    Customer.BUSINESS: _("A company, an authority or another organisation"),
    Customer.PRIVATE: _("A private person, for private purposes"),
    Customer.OWN: _("Our own company, in our own buildings"),
}
DUTIES: dict[Duty, Promise] = {
    Duty.CIAO: _("Check In and Out at Work applies"),
    Duty.CIAW: _("CheckIn@Work applies"),
    Duty.NONE: _("No duty to register presences"),
}
# For a column and a filter.
SHORT_DUTIES: dict[Duty, str | Promise] = {
    Duty.CIAO: "Check In and Out",
    Duty.CIAW: "CheckIn@Work",
    Duty.NONE: _("No duty"),
}
DUTY_LEADS: dict[Duty, Promise] = {
    Duty.CIAO: _(
        "Declare the works; everybody who cleans registers start, breaks and end, on the spot and in person."
    ),
    Duty.CIAW: _("Declare the works; everybody registers once a day, before beginning."),
    Duty.NONE: _(
        "By these facts nobody has to register. Keep this answer: inspectors want to see the reasoning."
    ),
}
# With the moment from which the duty holds for these works.
SINCE = _("Since %(day)s")

REASONS: dict[str, Promise] = {
    "serviceIn": _("The service stands in the NSSO's table as one that is registered."),
    "serviceOut": _("The service stands in the NSSO's table as one that is not registered."),
    "ownBuildings": _("The firm's own staff cleans its own buildings: that is outside the table."),
    "contractedOut": _("If another firm does the cleaning, the duty may apply to it."),
    "otherService": _("Another service in the same contract may be in scope: look at each of them."),
    "severalSubcontractors": _("With two or more subcontractors the amount no longer matters."),
    "always": _("In this sector the duty applies whatever the amount."),
    "reached": _("The amount reaches the threshold of %(amount)s."),
    "notReached": _("The amount is below the threshold of %(amount)s."),
    "workIn": _("This kind of work is within the duty of the sector."),
    "workOut": _("This kind of work is outside the duty."),
    "generalDuty": _(
        "A general duty to record working hours has been announced. Hours can be registered here already, "
        "without anything going to the NSSO."
    ),
    "belowAmount": _("Below %(amount)s the duty would not apply."),
    "fromAmount": _("From %(amount)s the duty applies; a continuing contract counts its price for a year."),
    "firstSubcontractor": _(
        "With one subcontractor the duty applies from %(amount)s: it would apply at once."
    ),
    "secondSubcontractor": _("With a second subcontractor the duty applies whatever the amount."),
    "fewerSubcontractors": _("With one subcontractor fewer the duty would not apply."),
    "privateDoubt": _(
        "Payroll offices say that cleaning for private persons is outside the duty. The NSSO's table says "
        "that it is inside. We follow the table; have it confirmed by the NSSO."
    ),
    "whateverTheAmount": _(
        "A vendor writes that cleaning counts whatever the amount. That was so while a royal decree was "
        "missing; the thresholds are back. We follow the NSSO."
    ),
    "greyArea": _("Guides call this a grey area. Whoever registers without having to, breaks no rule."),
    "dayOfTheChange": _(
        "One guide lets the lower threshold begin after 1 March 2016, the official text after 29 February "
        "2016. We follow the official text: works begun on 1 March fall under the lower threshold."
    ),
    "subcontractOf5000": _(
        "A vendor also counts every subcontract from %(amount)s. The NSSO's text knows the amount of the "
        "whole site only. We follow the NSSO; registering all the same breaks no rule."
    ),
    "twoSubcontractors": _(
        "A vendor writes that two subcontractors suffice, whatever the amount. The NSSO says so of cleaning, "
        "not of construction. We follow the NSSO; registering all the same breaks no rule."
    ),
    "meatFrom5000": _(
        "A vendor lets the duty begin at %(amount)s. The NSSO names no amount for this sector. We follow "
        "the NSSO."
    ),
}
SOURCES: dict[Source, Promise] = {
    Source.NSSO_TABLE: _("NSSO, Check In and Out at Work: table of services"),
    Source.NSSO_THRESHOLDS: _("NSSO, declaration of works for cleaning: thresholds"),
    Source.NSSO_CHECKIN: _("NSSO, CheckIn@Work"),
    Source.NSSO_SERVICE: _("NSSO, Check In and Out at Work: page of the service"),
    Source.NSSO_QUESTIONS: _("NSSO, Check In and Out at Work: frequent questions"),
    Source.SECTOR_GUIDE: _("Guides of the sector"),
    Source.VENDOR_GUIDE: _("Guides of vendors"),
    Source.PAYROLL_OFFICES: _("Payroll offices"),
    Source.ANNOUNCED: _("Announced by the government, not yet law"),
    Source.PENAL_CODE: _("Social Criminal Code, as public guides quote it"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A reason as people read it; `since` is empty when no day is known."""

    text: str
    source: str
    since: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The advisor's answer in words, in the language of the moment."""

    applies: bool
    headline: str
    lead: str
    since: str
    reasons: list[Line]
    disagreements: list[Line]
    changes: list[Line]


def in_words(advice: Advice) -> Answer:
    return Answer(
        applies=advice.applies,
        headline=str(DUTIES[advice.duty]),
        lead=str(DUTY_LEADS[advice.duty]),
        since=str(SINCE % {"day": day_label(advice.since)}) if advice.since else "",
        reasons=[_line(one) for one in advice.reasons],
        disagreements=[_line(one) for one in advice.disagreements],
        changes=[_line(one) for one in advice.changes],
    )


def work_label(code: str) -> str:
    """The kind of work as the question offers it."""
    work = SERVICES_BY_CODE.get(code) or WORKS_BY_CODE[code]
    return str(work.label)


def work_note(code: str) -> str:
    work = SERVICES_BY_CODE.get(code) or WORKS_BY_CODE[code]
    return str(work.note or "")


def work_choices(sector: Sector) -> list[tuple[str, Promise]]:
    """The kinds of work of a sector, in the order of its table."""
    if sector is Sector.CLEANING:
        return [(service.code, service.label) for service in SERVICES]
    return [(work.code, work.label) for work in WORKS if work.sector is sector]


def facts(inputs: Mapping[str, object]) -> list[dict[str, object]]:
    """The case as it was put, for a page or a document."""
    amount = euros(Decimal(str(inputs["amount"])), per_year=bool(inputs["per_year"]))
    return [
        {"label": gettext("Sector"), "value": str(SECTORS[Sector(str(inputs["sector"]))])},
        {"label": gettext("Service"), "value": work_label(str(inputs["work"]))},
        {"label": gettext("For whom"), "value": str(CUSTOMERS[Customer(str(inputs["customer"]))])},
        {
            "label": gettext("By our own staff"),
            "value": gettext("yes") if inputs["own_staff"] else gettext("no"),
        },
        {"label": gettext("Amount excluding VAT"), "value": amount, "number": True},
        {"label": gettext("Subcontractors"), "value": inputs["subcontractors"], "number": True},
        {"label": gettext("First day"), "value": day_label(date.fromisoformat(str(inputs["starts_on"])))},
    ]


def _line(reason: Reason) -> Line:
    words = str(REASONS[reason.code])
    if reason.amount is not None:
        words = words % {"amount": euros(reason.amount)}
    return Line(words, str(SOURCES[reason.source]), day_label(reason.in_force) if reason.in_force else "")
