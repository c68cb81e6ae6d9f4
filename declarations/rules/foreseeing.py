"""What a change of the amount or of the chain does to the duty to register, seen before it is saved.

The thresholds speak of an amount and a number of subcontractors, and both change while a contract runs. So a
contract is asked day by day: with the amount agreed for that day and the companies that work on that day.
Source of the thresholds: the NSSO's declaration of works for cleaning (`declarations.rules.thresholds`).
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from declarations.rules.advising import Advice, Case, Customer, Duty, advise
from declarations.rules.chain import Period
from declarations.rules.thresholds import CIAO_IN_FORCE, Sector


@dataclass(frozen=True, slots=True)
class Term:
    """An amount agreed from a day on: euro excluding VAT, for one year when `per_year`."""

    from_day: date
    amount: Decimal
    per_year: bool


@dataclass(frozen=True, slots=True)
class Contract:
    """What the duty of declared cleaning depends on; its last day does not matter.

    `terms` stand in the order of their days, the first on `starts_on`. `stays` has one entry for each company
    of the chain: the days on which it works on the contract.
    """

    work: str
    starts_on: date
    terms: tuple[Term, ...]
    stays: tuple[tuple[Period, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Foreseen:
    """From `day` on the duty is another one than without the change; `case` and `advice` are of that day."""

    day: date
    before: Duty
    case: Case
    advice: Advice

    @property
    def after(self) -> Duty:
        return self.advice.duty

    @property
    def key(self) -> str:
        """Tells this consequence from any other, so that only what was read counts as seen."""
        return f"{self.after}-{self.day.isoformat()}"


def compare(before: Contract, after: Contract) -> Foreseen | None:
    """The first day on which the change makes a difference to the duty; None when it makes none."""
    days = sorted(_turning_days(before) | _turning_days(after))
    for day in days:
        advice, unchanged = advice_on(after, day), advice_on(before, day)
        if advice.duty is not unchanged.duty:
            return Foreseen(day, unchanged.duty, case_on(after, day), advice)
    return None


def advice_on(contract: Contract, day: date) -> Advice:
    """The answer of that day; `since` is the day itself when the duty applies.

    Raises KeyError for a kind of work that the table of services does not hold.
    """
    advice = advise(case_on(contract, day))
    if advice.since is None:
        return advice
    if day < advice.since:
        return Advice(Duty.NONE, None, advice.reasons, advice.disagreements)
    return replace(advice, since=day)


def case_on(contract: Contract, day: date) -> Case:
    """The contract as it stands on a day, for the advisor: cleaning for a customer, by own staff too."""
    term = term_on(contract.terms, day)
    return Case(
        sector=Sector.CLEANING,
        work=contract.work,
        customer=Customer.BUSINESS,
        own_staff=True,
        amount=term.amount,
        per_year=term.per_year,
        subcontractors=sum(_works(stay, day) for stay in contract.stays),
        starts_on=contract.starts_on,
    )


def term_on(terms: tuple[Term, ...], day: date) -> Term:
    """The amount in force on a day; before the first one counts the first."""
    return next((term for term in reversed(terms) if term.from_day <= day), terms[0])


def _works(stay: tuple[Period, ...], day: date) -> bool:
    return any(period.start <= day <= period.end for period in stay)


def _turning_days(contract: Contract) -> set[date]:
    """The days on which something may be another than the day before, from the first day of the works."""
    periods = [period for stay in contract.stays for period in stay]
    turning = {term.from_day for term in contract.terms}
    turning |= {CIAO_IN_FORCE} | {period.start for period in periods}
    turning |= {period.end + timedelta(days=1) for period in periods if period.until is not None}
    return {contract.starts_on} | {day for day in turning if day > contract.starts_on}
