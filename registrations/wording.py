"""How states, kinds and flags look and read in the office: a signal, an icon and a word each.

Signals have one meaning everywhere: `ok` kept or done, `wait` waiting or due within seven days, `late`
overdue or failed, `info` information; none for what asks for nothing.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ciao_portal.nsso.contract import Validity
from registrations.meanings import meaning_table, own_words
from registrations.models import Submission
from registrations.models.nsso import SubmissionState
from registrations.models.registrations import KindChoice
from registrations.nsso.attempts import STUMBLED
from registrations.nsso.items import NUMBER_UNREADABLE
from registrations.rules.clock import CLOCK_DOUBT, SENT_LATE
from registrations.rules.flags import Doubt
from registrations.rules.presence import Flag
from registrations.rules.reconciliation import Reason
from registrations.rules.taps import KEY_REUSED

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Badge:
    """A word with its signal and icon; the solid form is for the most pressing."""

    words: Words
    signal: str = ""
    icon: str = ""
    is_solid: bool = False


KIND_ICONS = {"IN": "in", "OUT": "out", "BREAK_START": "break", "BREAK_END": "back"}

STATE_BADGES = {
    SubmissionState.WAITING: Badge(_("Waiting"), "wait", "clock"),
    SubmissionState.SENDING: Badge(_("On its way"), "wait", "clock"),
    SubmissionState.UNCERTAIN: Badge(_("Being looked up"), "wait", "search"),
    SubmissionState.ACCEPTED: Badge(_("Received"), "ok", "check"),
    SubmissionState.REFUSED: Badge(_("Refused"), "late", "error"),
    SubmissionState.MISCONFIGURED: Badge(_("No access"), "late", "lock"),
    SubmissionState.HELD: Badge(_("Held"), "wait", "lock"),
    SubmissionState.NUMBER_PENDING: Badge(_("Number pending"), "wait", "card"),
    SubmissionState.NOT_DUE: Badge(_("Not for the NSSO"), "", ""),
}

# What the office does about a registration that is not at the NSSO yet.
STATE_ADVICE = {
    SubmissionState.WAITING: _("Nothing to do: they are sent by themselves as soon as the NSSO answers."),
    SubmissionState.SENDING: _("Nothing to do: the answer of the NSSO is awaited."),
    SubmissionState.UNCERTAIN: _(
        "Nothing to do: the answer got lost, so we ask the NSSO what it has before anything is sent again."
    ),
    SubmissionState.REFUSED: _("Open each one to read why the NSSO refused it, and solve the cause."),
    SubmissionState.HELD: _(
        "Many different numbers were typed at one point within an hour, or the phone was withdrawn before it "
        "sent. Check them, then release each one."
    ),
    SubmissionState.MISCONFIGURED: _(
        "The employer, or a company above it in the chain, needs access to the NSSO. "
        "They are sent by themselves once it is set up."
    ),
    SubmissionState.NUMBER_PENDING: _(
        "The national number of the worker is not known yet. They are sent once it is."
    ),
    SubmissionState.ACCEPTED: _("Nothing to do: the NSSO has the registration."),
    SubmissionState.NOT_DUE: _("Nothing to do: this declaration only counts hours."),
}

# The same where the reason of the last failure asks for something else.
REASON_ADVICE = {
    STUMBLED: _(
        "The portal itself failed on it and goes on trying. Tell whoever runs the portal; "
        "the registration is kept and nothing is lost."
    ),
    NUMBER_UNREADABLE: _(
        "The national number of the worker cannot be read because a key of the portal is missing. "
        "Tell whoever runs the portal."
    ),
}

VALIDITY_BADGES = {
    Validity.PENDING.value: Badge(_("Being checked"), "wait", "clock"),
    Validity.VALID.value: Badge(_("In order"), "ok", "check"),
    Validity.VALID_WITH_REMARKS.value: Badge(_("With remarks"), "wait", "remark"),
    Validity.INVALID.value: Badge(_("Not valid"), "late", "error"),
}

# The icon of a validity that brings its own signal.
SIGNAL_ICONS = {"ok": "check", "wait": "clock", "late": "error", "info": "info"}

# A short word for the list, a sentence for the registration's own page.
FLAGS: dict[str, tuple[Words, Words]] = {
    Flag.IN_WHILE_PRESENT.value: (
        _("start while on site"),
        _("A start although the worker was on site already."),
    ),
    Flag.OUT_WITHOUT_IN.value: (_("stop without start"), _("A stop without a start before it.")),
    Flag.OUT_DURING_BREAK.value: (
        _("stop during a break"),
        _("A stop during a break: the end of the break was not registered."),
    ),
    Flag.BREAK_WITHOUT_IN.value: (_("break without start"), _("A break without a start before it.")),
    Flag.BREAK_DURING_BREAK.value: (
        _("break during a break"),
        _("A break although the worker was on a break already."),
    ),
    Flag.BREAK_END_WITHOUT_BREAK.value: (
        _("back without break"),
        _("Back from a break that was not registered."),
    ),
    Flag.CHECK_OUT_MISSING.value: (
        _("check-out missing before"),
        _("The presence before this registration was never ended by a check-out."),
    ),
    Flag.OUT_OF_ORDER.value: (
        _("arrived out of order"),
        _("It arrived after a later registration of the same worker."),
    ),
    SENT_LATE: (_("sent late"), _("The phone was offline and sent it later.")),
    CLOCK_DOUBT: (
        _("clock in doubt"),
        _("The clock of the phone was far off, never compared or set meanwhile: the time is doubtful."),
    ),
    KEY_REUSED: (
        _("page used again"),
        _("The phone sent the key of an earlier registration again, with other content. Both were kept."),
    ),
    Doubt.IDENTITY_TYPED.value: (
        _("number typed"),
        _("The worker was known by a typed national number only."),
    ),
    Doubt.SHARED_PHONE.value: (
        _("shared phone"),
        _("The phone had registered somebody else that day, or belongs to somebody else."),
    ),
    Doubt.EMPLOYER_ASSUMED.value: (
        _("employer assumed"),
        _("Several employers were possible; the declaring company was assumed."),
    ),
    Doubt.WORKPLACE_ASSUMED.value: (
        _("workplace assumed"),
        _("Several workplaces were possible; the first of the declaration was assumed."),
    ),
    Doubt.WORKER_UNKNOWN.value: (
        _("worker not on file"),
        _("The employer has no such worker on file on this day."),
    ),
    Doubt.PHONE_REVOKED.value: (
        _("phone withdrawn"),
        _("The phone that kept it was no longer the worker's when it was sent."),
    ),
    Doubt.NUMBER_PENDING.value: (
        _("number pending"),
        _("The national number of the worker was not known yet."),
    ),
    Doubt.DECLARATION_ENDED.value: (_("declaration ended"), _("The declaration had ended on this day.")),
    Doubt.DECLARATION_CANCELLED.value: (
        _("declaration cancelled"),
        _("The declaration had been cancelled by this day."),
    ),
    Doubt.DECLARATION_NOT_STARTED.value: (
        _("declaration not started"),
        _("The declaration had not started on this day."),
    ),
    Doubt.DECLARATION_WITHOUT_NUMBER.value: (
        _("declaration number missing"),
        _("The declaration had no number yet."),
    ),
    Doubt.EMPLOYER_NOT_IN_CHAIN.value: (
        _("employer not in the chain"),
        _("The employer does not stand in the chain of the declaration on this day."),
    ),
    Doubt.OLD_CODE.value: (
        _("old code"),
        _("The code of a contract that was taken over: its poster still hangs, or the phone remembers it."),
    ),
    Doubt.FORMER_EMPLOYER.value: (
        _("former employer"),
        _(
            "Under the number of the contractor that had the works before, though another company employs "
            "the worker. Ask the NSSO to correct the enterprise number."
        ),
    ),
    Doubt.ENDED_ELSEWHERE.value: (
        _("ended from elsewhere"),
        _("The worker ended the presence on the own phone, without the code of this point."),
    ),
}


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """A difference with the NSSO: in a word for the list, as a title, and what to do about it."""

    short: Words
    title: Words
    advice: Words


REASONS = {
    Reason.ON_ITS_WAY: ReasonWords(
        _("on its way"), _("On its way to the NSSO"), STATE_ADVICE[SubmissionState.WAITING]
    ),
    Reason.ANSWER_LOST: ReasonWords(
        _("being looked up"), _("Answer lost"), STATE_ADVICE[SubmissionState.UNCERTAIN]
    ),
    Reason.NO_ACCESS: ReasonWords(
        _("without access"), _("Waiting for access to the NSSO"), STATE_ADVICE[SubmissionState.MISCONFIGURED]
    ),
    Reason.REFUSED: ReasonWords(
        _("refused"), _("Refused by the NSSO"), STATE_ADVICE[SubmissionState.REFUSED]
    ),
    Reason.HELD: ReasonWords(
        _("held"), _("Held for release by the office"), STATE_ADVICE[SubmissionState.HELD]
    ),
    Reason.NUMBER_PENDING: ReasonWords(
        _("number pending"), _("National number pending"), STATE_ADVICE[SubmissionState.NUMBER_PENDING]
    ),
    Reason.HOURS_ONLY: ReasonWords(
        _("not for the NSSO"), _("Not for the NSSO"), STATE_ADVICE[SubmissionState.NOT_DUE]
    ),
    Reason.NOT_READ_YET: ReasonWords(
        _("not read back yet"),
        _("Accepted, not read back yet"),
        _("Nothing to do: the NSSO gave it a number, and its list of the day has not been read since."),
    ),
    Reason.NOT_SEEN: ReasonWords(
        _("not shown to this access"),
        _("Accepted, but not shown to the access that reads"),
        _(
            "The access it was sent with no longer reads. Set that access up again, "
            "or look the number up in the NSSO's management application."
        ),
    ),
    Reason.NOT_LISTED: ReasonWords(
        _("not in the NSSO's list"),
        _("Accepted under a number, but not in the NSSO's list"),
        _(
            "The NSSO gave it a number and does not list it now. It is looked for at every reading. "
            "When it stays away for days, ask the NSSO about the number."
        ),
    ),
    Reason.OTHER_REFERENCE: ReasonWords(
        _("under another declaration"),
        _("Registered here, too, but under another declaration"),
        _(
            "The same person, time and employer stand here under another declaration. "
            "When the NSSO's is the wrong one, ask it to correct the declaration number."
        ),
    ),
    Reason.UNKNOWN_DECLARATION: ReasonWords(
        _("declaration unknown here"),
        _("Under a declaration that is not known here"),
        _("Enter the declaration with its reference here, or ask the employer where the work was done."),
    ),
    Reason.UNKNOWN_EMPLOYER: ReasonWords(
        _("employer not in the chain"),
        _("By an employer that does not stand in the chain"),
        _("When the company really works there, declare it as a subcontractor."),
    ),
    Reason.ELSEWHERE: ReasonWords(
        _("registered elsewhere"),
        _("Registered elsewhere"),
        _("Nothing to do: it was registered on the NSSO's own page or in another system, and counts."),
    ),
    Reason.TWIN: ReasonWords(
        _("second number"),
        _("Second number of a registration"),
        _("Nothing to do: the NSSO stored one registration twice and knows it."),
    ),
}


def kind_badge(kind: str) -> Badge:
    """The kind (ours, or the NSSO's `IN` and `OUT`) with its icon, no signal; an unknown one as it came."""
    if kind not in KIND_ICONS:
        return Badge(kind, "", "registration")
    return Badge(KindChoice(kind).label, "", KIND_ICONS[kind])


def state_badge(submission: Submission | None) -> Badge:
    """Where the journey to the NSSO stands; no journey means that there is none to make."""
    state = SubmissionState(submission.state) if submission else SubmissionState.NOT_DUE
    return STATE_BADGES[state]


def advice(state: str, reason: str) -> Words:
    """What the office does about it; `reason` is the stable code of the last failure, or empty."""
    is_open = state not in (SubmissionState.ACCEPTED, SubmissionState.REFUSED)
    known = REASON_ADVICE.get(reason) if is_open else None
    return known or STATE_ADVICE[SubmissionState(state)]


def validity_badge(validity: str) -> Badge:
    """What the NSSO thinks of it; a value nobody knows is shown as it came."""
    row = meaning_table().validities.get(validity)
    if row is None:
        return VALIDITY_BADGES.get(validity) or _as_it_came(validity)
    like = VALIDITY_BADGES.get(row.known_as) or _as_it_came(validity)
    signal = row.signal or like.signal
    return Badge(own_words(row, "title") or like.words, signal, SIGNAL_ICONS.get(signal, like.icon))


def _as_it_came(validity: str) -> Badge:
    return Badge(validity, "info", "info") if validity else Badge("")


def known_validities() -> set[str]:
    """Values with words of ours."""
    return set(VALIDITY_BADGES) | set(meaning_table().validities)


def flag_words(flag: str) -> Words:
    """A flag in few words; an unknown one as it stands."""
    return FLAGS[flag][0] if flag in FLAGS else flag


def flag_sentence(flag: str) -> Words:
    """A flag explained; an unknown one as it stands."""
    return FLAGS[flag][1] if flag in FLAGS else flag
