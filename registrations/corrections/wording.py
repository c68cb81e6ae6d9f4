"""The words of a request: as the NSSO reads it, and as the office reads about it."""

from collections.abc import Sequence
from datetime import date

from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import day_label
from ciao_portal.identifiers import format_declaration_number, format_enterprise_number
from ciao_portal.models import Company
from registrations.corrections.acts import Act
from registrations.models import Correction, CorrectionState
from registrations.rules.corrections import Error, Possible, Reason
from registrations.wording import Badge, Words

# The languages of the NSSO's offices.
OFFICE_LANGUAGES = (("nl", "Nederlands"), ("fr", "Français"), ("de", "Deutsch"))
# More numbers make no letter: the annex lists all of them.
MOST_NUMBERS = 30

BADGES = {
    CorrectionState.DRAFT: Badge(_("Being prepared"), "wait", "edit"),
    CorrectionState.READY: Badge(_("Ready"), "wait", "document"),
    CorrectionState.APPROVED: Badge(_("Approved"), "wait", "check"),
    CorrectionState.SENT: Badge(_("Sent to the NSSO"), "info", "mail"),
    CorrectionState.SOLVED: Badge(_("Corrected"), "ok", "check"),
    CorrectionState.REFUSED: Badge(_("Refused by the NSSO"), "late", "error"),
    CorrectionState.WITHDRAWN: Badge(_("Withdrawn"), "", "close"),
    CorrectionState.LATE: Badge(_("Too late"), "late", "clock"),
}

# Why a value is right; nothing to say where people decided.
REASONS: dict[str, Words] = {
    Reason.STATED_EMPLOYER: _("The worker stated afterwards to have worked for this enterprise."),
    Reason.OWN_EMPLOYMENT: _("The worker was employed by this enterprise on the day of the registration."),
    Reason.AGENCY: _("The worker was employed through this temporary agency on the day of the registration."),
    Reason.ONLY_IN_CHAIN: _("No other enterprise stood on the declaration of works on that day."),
    Reason.STATED_WORKPLACE: _(
        "The worker stated afterwards to have worked at another workplace, which this declaration is about."
    ),
    Reason.NUMBER_NOW: _("The work was done under this declaration of works, whose code was scanned."),
    Reason.SUCCESSOR: _(
        "This declaration of works ran at the workplace on the day of the registration; it is the only one."
    ),
    Reason.UNDECIDED: "",
}

POSSIBLE: dict[Possible, Words] = {
    Possible.ASK: _("The request can go to the NSSO until the last day, that day included."),
    Possible.ASK_TODAY: _(
        "Today is the last day: the request must be at the NSSO before midnight in Brussels."
    ),
    Possible.NOTE_SENT_IN_TIME: _(
        "When the request went to the NSSO in time and only the note is missing, note the day on which it "
        "went."
    ),
    Possible.NSSO_DECIDES: _(
        "Only the NSSO can change its data, and after the 30 days it need not. One may still write to it by "
        "the envelope in its management application; what it does then is for the NSSO to decide."
    ),
    Possible.KEEP_FILE: _(
        "Keep this file: it shows that the worker registered in time, what was sent, and what the right "
        "number is. Its document can still be made."
    ),
    Possible.NEXT_TIME: _(
        "Put the cause right, so that the next registrations are in order: the employment, the poster, the "
        "declaration or its chain."
    ),
}


def value_words(error: str, value: str) -> str:
    """A number as people read it; what cannot be one stands as it is."""
    if error == Error.ENTERPRISE and len(value) == 10:
        return format_enterprise_number(value)
    return format_declaration_number(value) if error == Error.DECLARATION and len(value) == 13 else value


def used_words(error: str, values: Sequence[str]) -> str:
    """What was sent, each number once."""
    distinct = dict.fromkeys(values)
    words = [value_words(error, value) or gettext("none") for value in distinct]
    return ", ".join(words)


def numbers_words(numbers: Sequence[int | None]) -> str:
    """The NSSO's numbers, at most as many as make sense in a sentence."""
    known = [str(number) for number in numbers if number is not None]
    shown = ", ".join(known[:MOST_NUMBERS])
    return f"{shown}, …" if len(known) > MOST_NUMBERS else shown


def request_text(
    *, error: str, acts: Sequence[Act], right_value: str, reason: str, company: Company, language: str
) -> tuple[str, str]:
    """Subject and body in the language of the NSSO's office. Holds no name and no national number."""
    with translation.override(language):
        return _subject(error, len(acts)), "\n\n".join(_paragraphs(error, acts, right_value, reason, company))


def _subject(error: str, count: int) -> str:
    words = (
        ngettext(
            "Check In and Out at Work: correction of the enterprise number of %(count)s registration",
            "Check In and Out at Work: correction of the enterprise number of %(count)s registrations",
            count,
        )
        if error == Error.ENTERPRISE
        else ngettext(
            "Check In and Out at Work: correction of the declaration number of %(count)s registration",
            "Check In and Out at Work: correction of the declaration number of %(count)s registrations",
            count,
        )
    )
    return words % {"count": count}


def _paragraphs(
    error: str, acts: Sequence[Act], right_value: str, reason: str, company: Company
) -> list[str]:
    count = len(acts)
    asked = (
        ngettext(
            "We ask you to correct the enterprise number of %(count)s registration.",
            "We ask you to correct the enterprise number of %(count)s registrations.",
            count,
        )
        if error == Error.ENTERPRISE
        else ngettext(
            "We ask you to correct the declaration number of %(count)s registration.",
            "We ask you to correct the declaration number of %(count)s registrations.",
            count,
        )
    )
    facts = [
        gettext("Number that was sent: %(value)s")
        % {"value": used_words(error, [a.used(Error(error)) for a in acts])},
        gettext("Right number: %(value)s") % {"value": value_words(error, right_value) or "…"},
        gettext("Days of the registrations: %(days)s") % {"days": days_words([act.day for act in acts])},
    ]
    if numbers := numbers_words([act.nsso_id for act in acts]):
        facts.append(gettext("Numbers of the registrations at the NSSO: %(numbers)s") % {"numbers": numbers})
    return [
        gettext("Dear Sir or Madam,"),
        asked % {"count": count},
        "\n".join(facts),
        *([str(REASONS[Reason(reason)])] if REASONS[Reason(reason)] else []),
        gettext(
            "The annex lists each registration with the time at which it was received, and the supporting "
            "documents."
        ),
        gettext("Yours faithfully,"),
        f"{company}\n{company.number}",
    ]


def days_words(days: Sequence[date]) -> str:
    """`23/11/2026`, or `01/11/2026 to 23/11/2026`."""
    first, last = min(days), max(days)
    if first == last:
        return day_label(first)
    return gettext("%(first)s to %(last)s") % {"first": day_label(first), "last": day_label(last)}


def still_possible_words(possible: Sequence[Possible]) -> list[Words]:
    """As sentences."""
    return [POSSIBLE[one] for one in possible]


def solved_words(correction: Correction) -> Words:
    """How it ended, for one that ended by itself."""
    if correction.sent_on is None:
        return _("The remark went before the request was sent: nothing needs to be asked any more.")
    return _("The NSSO no longer makes the remark: the registrations were corrected.")
