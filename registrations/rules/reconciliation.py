"""What stands on one side only when a day of ours is laid beside the NSSO's, and why."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a registration or a presence stands on one side. Stored in counts: values never change."""

    # Only here.
    ON_ITS_WAY = "onItsWay"
    ANSWER_LOST = "answerLost"
    NO_ACCESS = "noAccess"
    REFUSED = "refused"
    HELD = "held"
    NUMBER_PENDING = "numberPending"
    HOURS_ONLY = "hoursOnly"
    NOT_READ_YET = "notReadYet"
    NOT_SEEN = "notSeen"
    NOT_LISTED = "notListed"
    # Only there.
    OTHER_REFERENCE = "otherReference"
    UNKNOWN_DECLARATION = "unknownDeclaration"
    UNKNOWN_EMPLOYER = "unknownEmployer"
    ELSEWHERE = "elsewhere"
    TWIN = "twin"


ONLY_THERE = frozenset(
    {
        Reason.OTHER_REFERENCE,
        Reason.UNKNOWN_DECLARATION,
        Reason.UNKNOWN_EMPLOYER,
        Reason.ELSEWHERE,
        Reason.TWIN,
    }
)
# As it should be: nobody has to do anything, and nothing will change by itself.
SETTLED = frozenset({Reason.HOURS_ONLY, Reason.ELSEWHERE, Reason.TWIN})

# By the state of the journey; an accepted registration needs a closer look.
_BY_STATE = {
    "waiting": Reason.ON_ITS_WAY,
    "sending": Reason.ON_ITS_WAY,
    "uncertain": Reason.ANSWER_LOST,
    "misconfigured": Reason.NO_ACCESS,
    "refused": Reason.REFUSED,
    "held": Reason.HELD,
    "number_pending": Reason.NUMBER_PENDING,
    "not_due": Reason.HOURS_ONLY,
}


@dataclass(frozen=True, slots=True)
class OnlyHere:
    """A registration the NSSO does not list.

    `state` is that of its journey. The other two say whether the day was read since the NSSO took it in: by
    the access it travelled with, and by another one.
    """

    state: str
    is_read_by_own: bool = False
    is_read_by_other: bool = False


@dataclass(frozen=True, slots=True)
class OnlyThere:
    """A presence the NSSO lists and that is not the one number of a registration of ours."""

    is_twin: bool = False
    # A registration of ours says the same but for the declaration.
    is_ours_but_for_reference: bool = False
    is_declaration_known: bool = True
    # The employer is the company itself or stands in the chain of the declaration that day.
    is_employer_known: bool = True


def why_only_here(one: OnlyHere) -> Reason:
    """Why the NSSO does not list it."""
    if one.state in _BY_STATE:
        return _BY_STATE[one.state]
    if one.is_read_by_own:
        return Reason.NOT_LISTED
    return Reason.NOT_SEEN if one.is_read_by_other else Reason.NOT_READ_YET


def why_only_there(one: OnlyThere) -> Reason:
    """Why we do not have it; the nearest explanation first."""
    if one.is_twin:
        return Reason.TWIN
    if one.is_ours_but_for_reference:
        return Reason.OTHER_REFERENCE
    if not one.is_declaration_known:
        return Reason.UNKNOWN_DECLARATION
    return Reason.ELSEWHERE if one.is_employer_known else Reason.UNKNOWN_EMPLOYER
