"""Why a registration was refused, in words for the office. Nothing the NSSO worded is shown."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from ciao_portal.nsso.contract import Problem, Wire

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from registrations.models import Submission


class Reason(StrEnum):
    """Stable reasons, stored with the submission."""

    NATIONAL_NUMBER = "nationalNumber"
    ENTERPRISE_NUMBER = "enterpriseNumber"
    WORKPLACE = "workplace"
    REFERENCE = "reference"
    OTHER = "other"


SENTENCES: "Mapping[str, _StrPromise]" = {
    Reason.NATIONAL_NUMBER: _(
        "The national number of the worker is not correct. Check it on the identity document."
    ),
    Reason.ENTERPRISE_NUMBER: _("The enterprise or VAT number of the employer is not correct."),
    Reason.WORKPLACE: _("The address of the workplace is not complete or its coordinates are not correct."),
    Reason.REFERENCE: _("The technical reference of the declaration is not correct."),
    Reason.OTHER: _("The NSSO did not accept the content of this registration."),
}

# Which part of an item the NSSO complains about.
_PARTS = (
    (Wire.SSIN, Reason.NATIONAL_NUMBER),
    (Wire.EMPLOYER, Reason.ENTERPRISE_NUMBER),
    (Wire.PLACE_OF_WORK, Reason.WORKPLACE),
    (Wire.REFERENCE, Reason.REFERENCE),
)


def by_the_portal(reason: Reason) -> dict[str, object]:
    """What is stored when the portal itself sees that the item cannot travel."""
    return {"source": "portal", "reason": reason.value}


def by_the_nsso(problem: Problem) -> dict[str, object]:
    """What is stored of the NSSO's refusal: types and places, never a value or a text."""
    return {
        "source": "nsso",
        "reason": _reason(problem).value,
        "type": problem.type,
        "issues": [{"type": issue.type, "name": issue.name or ""} for issue in problem.issues],
    }


def refusal_text(submission: "Submission") -> str:
    """One sentence that says what is wrong; empty when the submission is not refused."""
    if not submission.refusal:
        return ""
    return str(SENTENCES.get(submission.refusal.get("reason", ""), SENTENCES[Reason.OTHER]))


def _reason(problem: Problem) -> Reason:
    places = [issue.name or "" for issue in problem.issues]
    return next((reason for part, reason in _PARTS if any(part in place for place in places)), Reason.OTHER)
