"""The journey of one registration: from the tap to what the NSSO says of it today."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_time
from registrations import cells
from registrations.failures import failure_of
from registrations.leaves import digest_of
from registrations.models import Attempt, NssoPresence, Registration, Remark, SealLeaf, Submission
from registrations.models.nsso import SubmissionState
from registrations.nsso.attempts import PREPARE, REGISTER, SEARCH, STUMBLED, TOKEN
from registrations.nsso.refusals import refusal_text
from registrations.remarks import meaning_of
from registrations.rules.clock import CLOCK_DOUBT, SENT_LATE
from registrations.wording import FLAGS, Words, advice, state_badge, validity_badge


@dataclass(frozen=True, slots=True)
class Step:
    """One stop of the journey; `signal` is ok, wait, late, info or empty, `at` aware or None.

    `lines` are sentences; `facts` are pairs of a word and a value to compare or to copy.
    """

    title: Words
    icon: str
    signal: str = ""
    at: datetime | None = None
    lines: list[str] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def clock(self) -> str:
        """`Mon 23 Nov 06:02:11` in Brussels."""
        return _clock(self.at) if self.at else ""


TITLES = {
    REGISTER: _("Sent to the NSSO: %(outcome)s"),
    SEARCH: _("Looked up at the NSSO: %(outcome)s"),
    TOKEN: _("Access to the NSSO asked for: %(outcome)s"),
    PREPARE: _("Made ready for the NSSO: %(outcome)s"),
}

# What a call brought that did not fail, in words.
OUTCOMES: dict[object, Words] = {
    "created": _("taken in"),
    STUMBLED: _("failure of the portal itself"),
    (SEARCH, "found"): _("found"),
    (SEARCH, "notFound"): _("not found, so it is sent again"),
}


def journey_of(
    registration: Registration, presences: Iterable[NssoPresence], leaf: SealLeaf | None
) -> list[Step]:
    """All stops in order; `presences` come with their remarks fetched. Reads the attempts (one query)."""
    submission: Submission | None = getattr(registration, "submission", None)
    steps = [_tapped(registration), _received(registration)]
    if leaf is not None:
        steps.append(_sealed(registration, leaf))
    if submission is not None:
        steps += [_tried(attempt) for attempt in submission.attempts.all()]
        steps.append(_standing(submission))
    for presence in presences:
        steps += _judged(presence)
    return steps


def _clock(moment: datetime) -> str:
    local = brussels_time(moment)
    return f"{date_format(local, 'SHORT_DATE_FORMAT')} {local:%H:%M:%S}"


def _tapped(registration: Registration) -> Step:
    facts = [(gettext("Means"), str(registration.get_means_display()))]
    if registration.device is not None and registration.device.label:
        facts.append((gettext("Phone"), registration.device.label))
    lines = []
    if registration.claimed_at is not None:
        facts.append((gettext("Time on the phone"), _clock(registration.claimed_at)))
    if registration.offset_ms is not None:
        facts.append((gettext("Clock of the phone"), _offset(registration.offset_ms)))
    if SENT_LATE in registration.flags:
        lines.append(gettext("The phone was offline: it kept the tap and sent it later."))
        lines.append(gettext("The time is the phone's own, corrected by how far its clock was off."))
    if CLOCK_DOUBT in registration.flags:
        lines.append(str(FLAGS[CLOCK_DOUBT][1]))
    return Step(gettext("Tapped"), "phone", "ok", registration.happened_at, lines, facts)


def _offset(milliseconds: int) -> str:
    """How far the phone's clock was off; the stored figure is the server's clock minus the phone's."""
    seconds = round(abs(milliseconds) / 1000)
    if seconds == 0:
        return gettext("right to the second")
    words = gettext("%(length)s behind") if milliseconds > 0 else gettext("%(length)s ahead")
    return words % {"length": length_words(timedelta(seconds=seconds))}


def length_words(length: timedelta) -> str:
    """`48 s`, `12 min 5 s`, `3 h 20 min`."""
    seconds = int(length.total_seconds())
    hours, minutes = divmod(seconds // 60, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def _received(registration: Registration) -> Step:
    delay = registration.received_at - registration.happened_at
    facts = []
    if delay >= timedelta(seconds=1):
        facts.append((gettext("After the tap"), length_words(delay)))
    facts.append((gettext("Key of the tap"), str(registration.client_key)))
    return Step(gettext("Received and kept"), "check", "ok", registration.received_at, facts=facts)


def _sealed(registration: Registration, leaf: SealLeaf) -> Step:
    """The fingerprint, compared with the row as it stands now."""
    is_same = digest_of(registration) == leaf.digest
    line = (
        gettext("The registration still is what was sealed.")
        if is_same
        else gettext("The registration no longer is what was sealed: it was changed past the portal.")
    )
    return Step(
        gettext("Sealed with the fingerprint %(start)s…") % {"start": leaf.digest[:12]},
        "lock",
        "ok" if is_same else "late",
        leaf.created_at,
        [line],
        [(gettext("Fingerprint"), leaf.digest)],
    )


def _tried(attempt: Attempt) -> Step:
    lines = [gettext("Answered in %(count)s ms") % {"count": attempt.duration_ms}]
    if not attempt.trace_id:
        lines = [gettext("No call was made.")]
    elif attempt.http_status:
        lines[0] = gettext("HTTP status %(status)s in %(count)s ms") % {
            "status": attempt.http_status,
            "count": attempt.duration_ms,
        }
    if attempt.detail:
        lines.append(attempt.detail)
    facts = [(gettext("Trace id"), attempt.trace_id)] if attempt.trace_id else []
    if attempt.related_trace_id:
        facts.append((gettext("Trace id of the NSSO"), attempt.related_trace_id))
    facts.append((gettext("Contract version"), attempt.contract_version))
    failure = failure_of(attempt.outcome)
    if failure is not None:
        lines.insert(0, str(failure.meaning))
    title = attempt_words(attempt.operation, attempt.outcome)
    return Step(title, "nsso", "", attempt.started_at, lines, facts)


def attempt_words(operation: str, outcome: str) -> str:
    """`Sent to the NSSO: no answer in time`."""
    return str(TITLES.get(operation, TITLES[REGISTER])) % {"outcome": outcome_words(operation, outcome)}


def outcome_words(operation: str, outcome: str) -> str:
    """What a call brought; a code that nobody here knows stands as it is."""
    failure = failure_of(outcome)
    if failure is not None:
        return str(failure.title)
    return str(OUTCOMES.get((operation, outcome)) or OUTCOMES.get(outcome) or outcome)


def _standing(submission: Submission) -> Step:
    look = state_badge(submission)
    if submission.state == SubmissionState.ACCEPTED:
        lines = []
        if submission.twin_nsso_ids:
            numbers = ", ".join(str(number) for number in submission.twin_nsso_ids)
            twins = gettext("The NSSO keeps it a second time as no. %(numbers)s.")
            lines.append(twins % {"numbers": numbers})
        title = gettext("The NSSO has it as no. %(number)s") % {"number": submission.nsso_id}
        return Step(title, "check", "ok", submission.accepted_at, lines)
    lines = [refusal_text(submission) or _advice(submission)]
    if submission.due_at is not None and submission.attempt_count:
        lines.append(gettext("Next try: %(moment)s") % {"moment": cells.moment(submission.due_at)})
    return Step(submission.get_state_display(), look.icon or "info", look.signal, None, lines)


def _advice(submission: Submission) -> str:
    """What to do now: an access that does not work asks for something else than one that is missing."""
    failure = failure_of(submission.last_error)
    if submission.state == SubmissionState.MISCONFIGURED and failure is not None:
        return str(failure.advice)
    return str(advice(submission.state, submission.last_error))


def _judged(presence: NssoPresence) -> Iterator[Step]:
    look = validity_badge(presence.validity)
    title = gettext("Checked by the NSSO: %(validity)s") % {"validity": look.words}
    yield Step(title, look.icon or "info", look.signal, presence.validated_at or presence.last_seen_at)
    for remark in sorted(presence.remarks.all(), key=lambda spell: (spell.first_seen_at, spell.pk)):
        yield from _remarked(remark)


def _remarked(remark: Remark) -> Iterator[Step]:
    words = meaning_of(remark).words
    yield Step(
        gettext("Remark: %(meaning)s") % {"meaning": words},
        "remark",
        "" if remark.gone_at else "wait",
        remark.first_seen_at,
    )
    if remark.gone_at:
        yield Step(gettext("Remark gone: %(meaning)s") % {"meaning": words}, "check", "ok", remark.gone_at)
