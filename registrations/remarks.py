"""What each remark of the NSSO means in plain words, and what the office does about it.

The NSSO's own catalogue for Check In and Out at Work is not public: this table is ours, modelled on the
remarks of the older service, and replaced without touching code elsewhere. Only a wrong enterprise number
and a wrong or missing declaration number call for a request (NSSO, Check In and Out at Work, question 17);
everything else is solved at its source. A code that is not in the table is shown in the NSSO's own words.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ciao_portal.nsso.contract import RemarkCode
from registrations.models import Remark

Words = str | Promise


class Request(StrEnum):
    """Whether a remark is solved by a request to the NSSO."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A remark in the office's words: what is wrong, what to do, and whether the NSSO must be asked."""

    words: Words
    action: Words
    request: Request


MEANINGS = {
    RemarkCode.DIMONA_NOT_FOUND.value: Meaning(
        _("No Dimona declaration for this day"),
        _("File the Dimona, or correct it. The remark leaves by itself at the NSSO's next check."),
        Request.NO,
    ),
    RemarkCode.WORKER_UNKNOWN.value: Meaning(
        _("National number unknown to the NSSO"),
        _("Compare the number with the worker's identity document."),
        Request.NO,
    ),
    RemarkCode.ENTERPRISE_UNKNOWN.value: Meaning(
        _("Enterprise number does not exist"),
        _("Ask the NSSO to correct the enterprise number of this registration."),
        Request.YES,
    ),
    RemarkCode.ENTERPRISE_NOT_ACTIVE.value: Meaning(
        _("Enterprise not active on this day"),
        _(
            "Check in the Crossroads Bank when the enterprise was active. "
            "When the wrong enterprise was used, ask the NSSO to correct it."
        ),
        Request.PERHAPS,
    ),
    RemarkCode.ENTERPRISE_NOT_ON_DECLARATION.value: Meaning(
        _("Enterprise not in the chain of the declaration"),
        _(
            "When the enterprise really works there, declare it as a subcontractor. "
            "When the wrong enterprise was used, ask the NSSO to correct it."
        ),
        Request.PERHAPS,
    ),
    RemarkCode.DECLARATION_MISSING.value: Meaning(
        _("No declaration number sent"),
        _("Ask the NSSO to add the declaration number to this registration."),
        Request.YES,
    ),
    RemarkCode.DECLARATION_UNKNOWN.value: Meaning(
        _("Declaration number does not exist"),
        _("Ask the NSSO to correct the declaration number of this registration."),
        Request.YES,
    ),
    RemarkCode.DECLARATION_NOT_ACTIVE.value: Meaning(
        _("Outside the period of the declaration"),
        _(
            "When the works really go on, extend the declaration. "
            "When the wrong declaration was used, ask the NSSO to correct it."
        ),
        Request.PERHAPS,
    ),
    RemarkCode.SITE_NOT_SUBJECT.value: Meaning(
        _("Declaration not subject to registration"),
        _("Check the amount and the subcontractors of the declaration against the thresholds."),
        Request.NO,
    ),
    RemarkCode.DUPLICATE_REGISTRATION.value: Meaning(
        _("The same registration twice"),
        _("Nothing needs to be done: the NSSO recognised the repetition."),
        Request.NO,
    ),
    RemarkCode.LIMOSA_NOT_FOUND.value: Meaning(
        _("No Limosa declaration found"),
        _("File the Limosa declaration (L1) of the posted worker."),
        Request.NO,
    ),
    RemarkCode.LIMOSA_NOT_ACTIVE.value: Meaning(
        _("Outside the period of the Limosa declaration"),
        _("Extend the Limosa declaration (L1) of the posted worker."),
        Request.NO,
    ),
    RemarkCode.SELF_EMPLOYED_NOT_KNOWN.value: Meaning(
        _("Self-employed person not linked to the enterprise"),
        _("Check the status of this person and the enterprise number that was used."),
        Request.NO,
    ),
    RemarkCode.MISSING_OUT.value: Meaning(
        _("Check-out missing"),
        _(
            "Talk to the worker and keep what the worker says. "
            "The check-out itself cannot be added afterwards."
        ),
        Request.NO,
    ),
    RemarkCode.MISSING_IN.value: Meaning(
        _("Check-in missing"),
        _(
            "Talk to the worker and keep what the worker says. "
            "The check-in itself cannot be added afterwards."
        ),
        Request.NO,
    ),
    RemarkCode.OVERLAPPING_REGISTRATIONS.value: Meaning(
        _("Present on two declarations at once"),
        _("Check with the worker where the work was really done."),
        Request.NO,
    ),
}

UNKNOWN_ACTION = _(
    "We do not know this remark yet and show it as the NSSO wrote it. "
    "Look it up in the NSSO's own management application."
)


def meaning_of(remark: Remark) -> Meaning:
    """Our words for the remark; for an unknown code the NSSO's description, else the code as it came."""
    known = MEANINGS.get(remark.code)
    return known or Meaning(nsso_words(remark) or remark.code, UNKNOWN_ACTION, Request.UNKNOWN)


def nsso_words(remark: Remark) -> str:
    """The NSSO's own description: in the reader's language when it has one, else in any; empty without."""
    given = remark.description if isinstance(remark.description, dict) else {}
    wanted = (get_language() or "").partition("-")[0]
    return next((str(given[code]) for code in (wanted, "nl", "fr", "de", *given) if given.get(code)), "")


def code_choices(codes: set[str]) -> list[tuple[str, Words]]:
    """Codes with their words for a choice field; unknown ones stand as they came."""
    named = [(code, MEANINGS[code].words if code in MEANINGS else code) for code in codes]
    return sorted(named, key=lambda choice: str(choice[1]))
