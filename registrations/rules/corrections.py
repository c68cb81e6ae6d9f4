"""The two errors the NSSO corrects on request: which one fits, the right value, who asks, and until when.

Sources: NSSO, Check In and Out at Work, questions 15 to 18, in force since 1 September 2024: only a wrong
enterprise number and a wrong or missing declaration number call for a request; the enterprise for which the
registration was made asks; when another one sees it too, they agree. Which value is proposed is our own
reading of the company's own data, always with its reason, and people decide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_declaration_number, parse_enterprise_number
from registrations.rules.deadlines import days_left, last_day


class Error(StrEnum):
    """What the NSSO corrects on request."""

    ENTERPRISE = "enterprise"
    DECLARATION = "declaration"


class Reason(StrEnum):
    """Why a value is proposed."""

    STATED_EMPLOYER = "statedEmployer"
    OWN_EMPLOYMENT = "ownEmployment"
    AGENCY = "agency"
    ONLY_IN_CHAIN = "onlyInChain"
    STATED_WORKPLACE = "statedWorkplace"
    NUMBER_NOW = "numberNow"
    SUCCESSOR = "successor"
    UNDECIDED = "undecided"


# Of an enterprise, from the worker's own word down to mere likelihood.
SURE_OF_ENTERPRISE = frozenset({Reason.STATED_EMPLOYER, Reason.OWN_EMPLOYMENT, Reason.AGENCY})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one registration, as far as the company that asks may know it.

    Enterprise numbers have 10 digits, declaration numbers 13 characters; empty where there is none.
    `possible` are the errors the NSSO's remark may mean, the likelier one first.
    """

    possible: Sequence[Error]
    used_enterprise: str
    # The worker's later word for whom the work was done.
    stated_enterprise: str = ""
    # The company that asks, and the agency, when the worker was employed there on that day.
    own_enterprise: str = ""
    agency_enterprise: str = ""
    # Those on the declaration on that day.
    chain_enterprises: Sequence[str] = ()
    # The number the declaration has now, when it is not what was sent.
    number_now: str = ""
    # Other declarations for the same workplace (or the one the worker named) that run on that day.
    successors: Sequence[str] = ()
    stated_declarations: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The error, the right value (empty when people must find it) and why it is proposed."""

    error: Error
    value: str
    reason: Reason


def propose(facts: Facts) -> Proposal:
    """The error that fits and its right value."""
    enterprise, declaration = right_enterprise(facts), right_declaration(facts)
    if Error.DECLARATION not in facts.possible:
        return enterprise
    if Error.ENTERPRISE not in facts.possible:
        return declaration
    if enterprise.reason in SURE_OF_ENTERPRISE:
        return enterprise
    if declaration.value:
        return declaration
    return enterprise if facts.possible[0] is Error.ENTERPRISE or enterprise.value else declaration


def right_enterprise(facts: Facts) -> Proposal:
    """The enterprise the worker named, else the one that employed the worker, else the only one left."""
    candidates = (
        (facts.stated_enterprise, Reason.STATED_EMPLOYER),
        (facts.own_enterprise, Reason.OWN_EMPLOYMENT),
        (facts.agency_enterprise, Reason.AGENCY),
        (_only(set(facts.chain_enterprises) - {facts.used_enterprise}), Reason.ONLY_IN_CHAIN),
    )
    found = (one for one in candidates if one[0] and one[0] != facts.used_enterprise)
    value, reason = next(found, ("", Reason.UNDECIDED))
    return Proposal(Error.ENTERPRISE, value, reason)


def right_declaration(facts: Facts) -> Proposal:
    """The declaration of the place the worker named, else its own number by now, else what followed it."""
    candidates = (
        (_only(facts.stated_declarations), Reason.STATED_WORKPLACE),
        (facts.number_now, Reason.NUMBER_NOW),
        (_only(facts.successors), Reason.SUCCESSOR),
    )
    value, reason = next((one for one in candidates if one[0]), ("", Reason.UNDECIDED))
    return Proposal(Error.DECLARATION, value, reason)


def _only(values: Iterable[str]) -> str:
    """The one value there is; empty when there are several, because then nobody knows."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else ""


def one_proposal(proposals: Sequence[Proposal]) -> Proposal:
    """The proposal that holds for all of them.

    Raises DomainError `correction.mixed` when they are about different errors or different values.
    """
    first = proposals[0]
    if any((one.error, one.value) != (first.error, first.value) for one in proposals):
        raise DomainError(
            "correction.mixed",
            _(
                "These registrations need different corrections. Put those together that have the same error "
                "and the same right value, and prepare a request for each group."
            ),
        )
    return (
        first
        if all(one.reason == first.reason for one in proposals)
        else Proposal(first.error, first.value, Reason.UNDECIDED)
    )


def check_value(error: Error, text: str) -> str:
    """The right value as it is stored: 10 digits, or 13 characters.

    Raises DomainError with the codes of `ciao_portal.identifiers`, at the field `right_value`.
    """
    parse = parse_enterprise_number if error is Error.ENTERPRISE else parse_declaration_number
    try:
        return parse(text)
    except DomainError as refusal:
        raise refusal.on_field("right_value") from None


@dataclass(frozen=True, slots=True)
class Parties:
    """The companies a correction concerns, by their keys: one of the two owns it at any time.

    `has_agreed`: the employer agreed that the other company asks.
    """

    employer: UUID
    partner: UUID | None
    owner: UUID
    offered_to: UUID | None = None
    has_agreed: bool = False

    def other(self, company: UUID) -> UUID | None:
        """The other one of the two."""
        return self.partner if company == self.employer else self.employer


def may_claim(parties: Parties, company: UUID) -> bool:
    """Whoever it was offered to; and the employer, who must ask, unless it left that to the other one."""
    if company == parties.owner:
        return False
    if company == parties.offered_to:
        return True
    return company == parties.employer and not parties.has_agreed


def needs_agreement(parties: Parties, *, employer_exists: bool) -> bool:
    """Whether the employer's agreement must be noted before the owner sends the request.

    The enterprise for which the registration was made asks; when both see it, they agree (question 18). An
    enterprise number that does not exist has nobody who could agree.
    """
    return parties.owner != parties.employer and not parties.has_agreed and employer_exists


def deadline(days: Iterable[date]) -> date:
    """The last day on which all of these registrations (Brussels days) can be corrected."""
    return last_day(min(days))


class Possible(StrEnum):
    """What can still be done."""

    ASK = "ask"
    ASK_TODAY = "askToday"
    NOTE_SENT_IN_TIME = "noteSentInTime"
    NSSO_DECIDES = "nssoDecides"
    KEEP_FILE = "keepFile"
    NEXT_TIME = "nextTime"


def still_possible(last: date, today: date) -> tuple[Possible, ...]:
    """What remains of a request that was not sent yet; after the last day nothing fails, it means less."""
    left = days_left(last, today)
    if left > 0:
        return (Possible.ASK,)
    if left == 0:
        return (Possible.ASK_TODAY,)
    return (Possible.NOTE_SENT_IN_TIME, Possible.NSSO_DECIDES, Possible.KEEP_FILE, Possible.NEXT_TIME)


def is_solved(spells: Iterable[tuple[bool, bool]]) -> bool:
    """Whether the remarks on one registration say that it was corrected; each is (gone, with its presence).

    No remark at all proves nothing yet, and one that went because the NSSO no longer lists the presence was
    solved by nobody.
    """
    found = list(spells)
    return all(gone for gone, _with in found) and any(not with_presence for _gone, with_presence in found)
