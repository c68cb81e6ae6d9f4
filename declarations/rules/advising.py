"""Does the duty to register apply to a contract, since when, why, and what would change it.

Sources: the NSSO's table of services and its thresholds for a declaration of works (Programme Law of
26 December 2022, in force since 1 September 2024); the NSSO on CheckIn@Work; where guides read it otherwise,
that is told beside the reading followed here. The answer names codes: the words for them stand in
`declarations.advice_wording`, so that an answer saved once can be read in every language.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from declarations.rules.scope import SERVICES_BY_CODE
from declarations.rules.sectors import WORKS_BY_CODE
from declarations.rules.thresholds import (
    CIAO_IN_FORCE,
    LOWERED_FROM,
    Sector,
    Source,
    Threshold,
    threshold_for,
)

# Changes whenever a rule below or its data does: an assessment names the version that made it.
RULES = "2026-11"


class Customer(StrEnum):
    """For whom the work is done; stored."""

    BUSINESS = "business"
    PRIVATE = "private"
    OWN = "own"


class Duty(StrEnum):
    """Which duty applies; the first two are regimes of a declaration."""

    CIAO = "ciao"
    CIAW = "ciaw"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Case:
    """A contract as its owner describes it. `amount` is euro excluding VAT, for a year when it continues."""

    sector: Sector
    work: str
    customer: Customer
    own_staff: bool
    amount: Decimal
    per_year: bool
    subcontractors: int
    starts_on: date


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the reasoning: what, from whom, in force since when (None: no date is known)."""

    code: str
    source: Source
    in_force: date | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """The answer. `since` is the first day of the duty; `changes` are what would turn the answer round.

    `disagreements` are readings of others that come to another answer, or might.
    """

    duty: Duty
    since: date | None
    reasons: tuple[Reason, ...]
    disagreements: tuple[Reason, ...] = ()
    changes: tuple[Reason, ...] = field(default=())

    @property
    def applies(self) -> bool:
        return self.duty is not Duty.NONE


def advise(case: Case) -> Advice:
    """The whole answer for a case. Raises KeyError for a kind of work that no table holds."""
    if case.sector is Sector.CLEANING:
        return _cleaning(case)
    return _elsewhere(case)


def _cleaning(case: Case) -> Advice:
    service = SERVICES_BY_CODE[case.work]
    table = Reason("serviceIn" if service.in_scope else "serviceOut", Source.NSSO_TABLE, CIAO_IN_FORCE)
    disagreements = _about_cleaning(case)
    if case.customer is Customer.OWN and case.own_staff:
        own = Reason("ownBuildings", Source.NSSO_TABLE, CIAO_IN_FORCE)
        return Advice(Duty.NONE, None, (own,), (), (Reason("contractedOut", Source.NSSO_TABLE),))
    if not service.in_scope:
        return Advice(Duty.NONE, None, (table,), disagreements, (Reason("otherService", Source.NSSO_TABLE),))
    threshold = _threshold(case)
    reached = case.amount >= threshold.amount
    reasons = (table, _of_threshold(threshold, case, reached=reached))
    since = max(case.starts_on, CIAO_IN_FORCE) if reached else None
    return Advice(
        Duty.CIAO if reached else Duty.NONE, since, reasons, disagreements, _flips(case, reached=reached)
    )


def _about_cleaning(case: Case) -> tuple[Reason, ...]:
    """Who reads cleaning otherwise, where that matters for this case."""
    found = []
    if case.work == "privatePurposes" or case.customer is Customer.PRIVATE:
        found.append(Reason("privateDoubt", Source.PAYROLL_OFFICES))
    if case.amount < _threshold(case).amount and SERVICES_BY_CODE[case.work].in_scope:
        found.append(Reason("whateverTheAmount", Source.VENDOR_GUIDE))
    return tuple(found)


def _elsewhere(case: Case) -> Advice:
    work = WORKS_BY_CODE[case.work]
    kind = Reason("workIn" if work.in_scope else "workOut", work.source)
    grey = (Reason("greyArea", work.source),) if work.is_grey else ()
    threshold = threshold_for(case.sector, subcontractors=case.subcontractors, starts_on=case.starts_on)
    if not work.in_scope or threshold is None:
        announced = Reason("generalDuty", Source.ANNOUNCED, date(2027, 1, 1))
        return Advice(Duty.NONE, None, (kind,), grey, (announced,))
    reached = case.amount >= threshold.amount
    reasons = (kind, _of_threshold(threshold, case, reached=reached))
    since = max(case.starts_on, threshold.in_force) if reached else None
    duty = Duty.CIAW if reached else Duty.NONE
    return Advice(
        duty, since, reasons, (*grey, *_about_checkin(case, reached=reached)), _flips(case, reached=reached)
    )


def _about_checkin(case: Case, *, reached: bool) -> tuple[Reason, ...]:
    """Who reads CheckIn@Work otherwise, where that matters for this case."""
    found = []
    if case.sector is Sector.CONSTRUCTION:
        former = threshold_for(
            case.sector, subcontractors=case.subcontractors, starts_on=LOWERED_FROM - timedelta(days=1)
        )
        if case.starts_on == LOWERED_FROM and former is not None and case.amount < former.amount:
            found.append(Reason("dayOfTheChange", Source.SECTOR_GUIDE, LOWERED_FROM))
        if not reached and case.subcontractors == 1:
            found.append(Reason("subcontractOf5000", Source.VENDOR_GUIDE, amount=Decimal(5_000)))
        if not reached and case.subcontractors >= 2:
            found.append(Reason("twoSubcontractors", Source.VENDOR_GUIDE))
    if case.sector is Sector.MEAT and case.amount < Decimal(5_000):
        found.append(Reason("meatFrom5000", Source.VENDOR_GUIDE, amount=Decimal(5_000)))
    return tuple(found)


def _of_threshold(threshold: Threshold, case: Case, *, reached: bool) -> Reason:
    if threshold.amount == 0:
        code = "severalSubcontractors" if case.sector is Sector.CLEANING else "always"
    else:
        code = "reached" if reached else "notReached"
    return Reason(code, threshold.source, threshold.in_force, threshold.amount)


def _flips(case: Case, *, reached: bool) -> tuple[Reason, ...]:
    """What would turn the answer round: the amount, and the number of subcontractors."""
    found = []
    threshold = _threshold(case)
    if threshold.amount:
        code = "belowAmount" if reached else "fromAmount"
        found.append(Reason(code, threshold.source, amount=threshold.amount))
    if case.sector is Sector.CLEANING and not reached:
        with_one = threshold_for(case.sector, subcontractors=1, starts_on=case.starts_on)
        if case.subcontractors == 0 and with_one is not None and case.amount >= with_one.amount:
            found.append(Reason("firstSubcontractor", threshold.source, amount=with_one.amount))
        else:
            found.append(Reason("secondSubcontractor", threshold.source))
    if case.sector is Sector.CLEANING and reached and case.subcontractors:
        fewer = threshold_for(case.sector, subcontractors=case.subcontractors - 1, starts_on=case.starts_on)
        if fewer is not None and case.amount < fewer.amount:
            found.append(Reason("fewerSubcontractors", threshold.source))
    return tuple(found)


def _threshold(case: Case) -> Threshold:
    found = threshold_for(case.sector, subcontractors=case.subcontractors, starts_on=case.starts_on)
    if found is None:
        raise KeyError(case.sector)
    return found
