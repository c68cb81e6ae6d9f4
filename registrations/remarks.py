"""What each remark of the NSSO means in plain words, and what the office does about it.

The NSSO's own catalogue for Check In and Out at Work is not public: this table is ours, modelled on the
remarks of the older service. What an operator loads into the table of meanings goes before it
(`registrations.meanings`). Only a wrong enterprise number
and a wrong or missing declaration number call for a request (NSSO, Check In and Out at Work, question 17);
everything else is solved at its source. A code that is not in the table is shown in the NSSO's own words.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ciao_portal.nsso.contract import RemarkCode
from registrations.meanings import meaning_table, own_words
from registrations.models import NssoMeaning, Remark

Words = str | Promise


class Request(StrEnum):
    """Whether a remark is solved by a request to the NSSO."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"
    UNKNOWN = "unknown"


class Path(StrEnum):
    """Where a remark is put right."""

    DIMONA = "dimona"
    LIMOSA = "limosa"
    DECLARATION = "declaration"
    ENTERPRISE = "enterprise"
    IDENTITY = "identity"
    WORKER = "worker"
    REQUEST = "request"
    NOWHERE = "nowhere"


PATH_WORDS: dict[Path, Words] = {
    Path.DIMONA: _("In the Dimona declaration"),
    Path.LIMOSA: _("In the Limosa declaration"),
    Path.DECLARATION: _("In the declaration of works"),
    Path.ENTERPRISE: _("In the Crossroads Bank for Enterprises"),
    Path.IDENTITY: _("On the worker's identity document and status"),
    Path.WORKER: _("With the worker"),
    Path.REQUEST: _("By a request to the NSSO"),
    Path.NOWHERE: _("Nowhere: nothing needs to be done"),
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """A remark in the office's words: what is wrong, what to do, whether the NSSO must be asked, and why.

    `why` is what the NSSO compared, `path` where it is put right; empty for a code nobody knows.
    """

    words: Words
    action: Words
    request: Request
    why: Words = ""
    path: Path | None = None


MEANINGS = {
    RemarkCode.DIMONA_NOT_FOUND.value: Meaning(
        _("No Dimona declaration for this day"),
        _("File the Dimona, or correct it. The remark leaves by itself at the NSSO's next check."),
        Request.NO,
        why=_("The NSSO found no Dimona of this employer for this worker on the day of the registration."),
        path=Path.DIMONA,
    ),
    RemarkCode.WORKER_UNKNOWN.value: Meaning(
        _("National number unknown to the NSSO"),
        _("Compare the number with the worker's identity document."),
        Request.NO,
        why=_("The NSSO knows nobody with this national number."),
        path=Path.IDENTITY,
    ),
    RemarkCode.ENTERPRISE_UNKNOWN.value: Meaning(
        _("Enterprise number does not exist"),
        _("Ask the NSSO to correct the enterprise number of this registration."),
        Request.YES,
        why=_("The Crossroads Bank for Enterprises does not know the enterprise number that was sent."),
        path=Path.REQUEST,
    ),
    RemarkCode.ENTERPRISE_NOT_ACTIVE.value: Meaning(
        _("Enterprise not active on this day"),
        _(
            "Check in the Crossroads Bank when the enterprise was active. "
            "When the wrong enterprise was used, ask the NSSO to correct it."
        ),
        Request.PERHAPS,
        why=_("The enterprise existed, but was not active on the day of the registration."),
        path=Path.ENTERPRISE,
    ),
    RemarkCode.ENTERPRISE_NOT_ON_DECLARATION.value: Meaning(
        _("Enterprise not in the chain of the declaration"),
        _(
            "When the enterprise really works there, declare it as a subcontractor. "
            "When the wrong enterprise was used, ask the NSSO to correct it."
        ),
        Request.PERHAPS,
        why=_(
            "The declaration of works names other companies, not this one, on the day of the registration."
        ),
        path=Path.DECLARATION,
    ),
    RemarkCode.DECLARATION_MISSING.value: Meaning(
        _("No declaration number sent"),
        _("Ask the NSSO to add the declaration number to this registration."),
        Request.YES,
        why=_("The registration was sent without a declaration number."),
        path=Path.REQUEST,
    ),
    RemarkCode.DECLARATION_UNKNOWN.value: Meaning(
        _("Declaration number does not exist"),
        _("Ask the NSSO to correct the declaration number of this registration."),
        Request.YES,
        why=_("The NSSO has no declaration of works with the number that was sent."),
        path=Path.REQUEST,
    ),
    RemarkCode.DECLARATION_NOT_ACTIVE.value: Meaning(
        _("Outside the period of the declaration"),
        _(
            "When the works really go on, extend the declaration. "
            "When the wrong declaration was used, ask the NSSO to correct it."
        ),
        Request.PERHAPS,
        why=_("The declaration had not begun or had ended on the day of the registration."),
        path=Path.DECLARATION,
    ),
    RemarkCode.SITE_NOT_SUBJECT.value: Meaning(
        _("Declaration not subject to registration"),
        _("Check the amount and the subcontractors of the declaration against the thresholds."),
        Request.NO,
        why=_(
            "By its amount and subcontractors the declared work does not fall under the registration duty."
        ),
        path=Path.DECLARATION,
    ),
    RemarkCode.DUPLICATE_REGISTRATION.value: Meaning(
        _("The same registration twice"),
        _("Nothing needs to be done: the NSSO recognised the repetition."),
        Request.NO,
        why=_("The NSSO has this registration more than once."),
        path=Path.NOWHERE,
    ),
    RemarkCode.LIMOSA_NOT_FOUND.value: Meaning(
        _("No Limosa declaration found"),
        _("File the Limosa declaration (L1) of the posted worker."),
        Request.NO,
        why=_("The worker is posted from abroad, and the NSSO found no Limosa declaration."),
        path=Path.LIMOSA,
    ),
    RemarkCode.LIMOSA_NOT_ACTIVE.value: Meaning(
        _("Outside the period of the Limosa declaration"),
        _("Extend the Limosa declaration (L1) of the posted worker."),
        Request.NO,
        why=_("There is a Limosa declaration, but not for the day of the registration."),
        path=Path.LIMOSA,
    ),
    RemarkCode.SELF_EMPLOYED_NOT_KNOWN.value: Meaning(
        _("Self-employed person not linked to the enterprise"),
        _("Check the status of this person and the enterprise number that was used."),
        Request.NO,
        why=_("The NSSO does not find this person as self-employed in the enterprise that was used."),
        path=Path.IDENTITY,
    ),
    RemarkCode.MISSING_OUT.value: Meaning(
        _("Check-out missing"),
        _(
            "Talk to the worker and keep what the worker says. "
            "The check-out itself cannot be added afterwards."
        ),
        Request.NO,
        why=_("After this check-in the NSSO received no check-out."),
        path=Path.WORKER,
    ),
    RemarkCode.MISSING_IN.value: Meaning(
        _("Check-in missing"),
        _(
            "Talk to the worker and keep what the worker says. "
            "The check-in itself cannot be added afterwards."
        ),
        Request.NO,
        why=_("Before this check-out the NSSO received no check-in."),
        path=Path.WORKER,
    ),
    RemarkCode.OVERLAPPING_REGISTRATIONS.value: Meaning(
        _("Present on two declarations at once"),
        _("Check with the worker where the work was really done."),
        Request.NO,
        why=_("The NSSO sees the same person present on two declarations at the same time."),
        path=Path.WORKER,
    ),
}

UNKNOWN_ACTION = _(
    "We do not know this remark yet and show it as the NSSO wrote it. "
    "Look it up in the NSSO's own management application."
)


def meaning_of(remark: Remark) -> Meaning:
    """Our words for the remark; for an unknown code the NSSO's description, else the code as it came."""
    known = known_meaning(remark.code)
    return known or Meaning(nsso_words(remark) or remark.code, UNKNOWN_ACTION, Request.UNKNOWN)


def known_meaning(code: str) -> Meaning | None:
    """What the loaded table says of the code, else what the portal is delivered with."""
    row = meaning_table().remarks.get(code)
    return MEANINGS.get(code) if row is None else _loaded(row)


def known_codes() -> set[str]:
    """Codes with words of ours."""
    return set(MEANINGS) | set(meaning_table().remarks)


def codes_asking(*requests: Request) -> set[str]:
    """Codes of ours whose remark is solved in one of these ways."""
    return {code for code in known_codes() if (known := known_meaning(code)) and known.request in requests}


def _loaded(row: NssoMeaning) -> Meaning:
    """In the reader's language of now, as a page needs it."""
    like = MEANINGS.get(row.known_as) or Meaning(row.code, UNKNOWN_ACTION, Request.UNKNOWN)
    return Meaning(
        own_words(row, "title") or like.words,
        own_words(row, "action") or like.action,
        Request(row.request) if row.request else like.request,
        own_words(row, "why") or like.why,
        Path(row.path) if row.path else like.path,
    )


def nsso_words(remark: Remark) -> str:
    """The NSSO's own description: in the reader's language when it has one, else in any; empty without."""
    return words_in(remark.description)


def words_in(description: object) -> str:
    """One of the languages in which the NSSO described something."""
    given = description if isinstance(description, dict) else {}
    wanted = (get_language() or "").partition("-")[0]
    return next((str(given[code]) for code in (wanted, "nl", "fr", "de", *given) if given.get(code)), "")


def code_choices(codes: set[str]) -> list[tuple[str, Words]]:
    """Codes with their words for a choice field; unknown ones stand as they came."""
    named = [(code, known.words if (known := known_meaning(code)) else code) for code in codes]
    return sorted(named, key=lambda choice: str(choice[1]))
