"""How each finding about the traffic with the NSSO reads: a word, what is known of it, and what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day, brussels_time
from registrations import cells
from registrations.failures import failure_of
from registrations.models import NssoLine
from registrations.rules.traffic import TABLE, Signal, State, Topic, Traffic, last_sign, skew_s
from registrations.wording import Words


@dataclass(frozen=True, slots=True)
class Known:
    """What the words need beside the facts: `waiting` counts registrations, `failing` does not work."""

    traffic: Traffic
    lender: str = ""
    failing: NssoLine | None = None
    success: datetime | None = None
    waiting: int = 0
    days_to_read: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the page; `detail` and `meaning` may be empty."""

    state: State
    signal: Signal
    topic: Words
    word: Words
    detail: str
    meaning: Words
    advice: Words


TOPICS: Mapping[Topic, Words] = {
    Topic.ACCESS: _("Access"),
    Topic.REACH: _("The NSSO"),
    Topic.QUEUE: _("On the way"),
    Topic.SENDER: _("Sender"),
    Topic.REST: _("Pause between calls"),
    Topic.TOKEN: _("Token"),
    Topic.CLOCK: _("Clocks"),
    Topic.READING: _("Reading back"),
}

_NOTHING = _("Nothing to do.")

# A word, and what to do.
WORDS: Mapping[State, tuple[Words, Words]] = {
    State.ACCESS_OWN: (_("Own access"), _NOTHING),
    State.ACCESS_BORROWED: (
        _("Access of another company"),
        _("Nothing to do. With an access of its own, your company sends in its own name."),
    ),
    State.ACCESS_MISSING: (
        _("No access"),
        _("Set up the access under Settings, Access to the NSSO, before the first registration."),
    ),
    State.ACCESS_MISSED: (
        _("No access"),
        _("Set up the access under Settings, Access to the NSSO. What waits is sent by itself afterwards."),
    ),
    State.ANSWERS: (_("Answers"), _NOTHING),
    State.NOT_ASKED: (
        _("Not asked yet"),
        _("Nothing to do: the first registration shows whether it answers."),
    ),
    State.STUMBLES: (
        _("Does not answer"),
        _("Nothing to do: registrations are kept and sent by themselves as soon as it answers."),
    ),
    State.SILENT: (
        _("Does not answer"),
        _(
            "Nothing to do: let everybody go on registering, nothing is lost. "
            "If it lasts, follow the emergency procedure of the NSSO."
        ),
    ),
    State.REFUSES: (
        _("Does not let us in"),
        _("Let everybody go on registering, nothing is lost. Solve the cause: waiting does not help here."),
    ),
    State.NOTHING_WAITS: (_("Nothing waits"), _NOTHING),
    State.WAITS: (_("Waiting"), _("Nothing to do: they usually leave within seconds.")),
    State.WAITS_LONG: (
        _("Waiting for long"),
        _("Nothing to do here: they are kept, and sent by themselves as soon as that is possible."),
    ),
    State.SENDER_WORKS: (_("Works"), _NOTHING),
    State.SENDER_IDLE: (
        _("Nothing to send"),
        _("Nothing to do: it shows itself with the next registration."),
    ),
    State.SENDER_STOPPED: (
        _("Stopped"),
        _("Ask whoever operates the portal to start the sender. What waits is sent by itself afterwards."),
    ),
    State.RUNS: (_("None"), _NOTHING),
    State.ACCESS_RESTS: (
        _("This access rests"),
        _("Nothing to do: after failures the portal waits a little before it tries again."),
    ),
    State.SERVICE_RESTS: (
        _("All calls rest"),
        _("Nothing to do: after failures the portal waits a little before it tries again."),
    ),
    State.TOKEN_HELD: (_("Valid"), _NOTHING),
    State.TOKEN_ENDED: (_("Run out"), _("Nothing to do: a new one is asked for with the next call.")),
    State.TOKEN_NEVER: (_("None yet"), _("Nothing to do: it is asked for with the first call.")),
    State.CLOCK_RIGHT: (_("Alike"), _NOTHING),
    State.CLOCK_UNKNOWN: (_("Not compared yet"), _("Nothing to do: the next answer of the NSSO shows it.")),
    State.CLOCK_DOUBTFUL: (
        _("In doubt"),
        _("Ask whoever operates the portal to check that the server sets its clock by the network."),
    ),
    State.CLOCK_WRONG: (
        _("Far apart"),
        _(
            "Ask whoever operates the portal to set the server's clock by the network today: "
            "the NSSO refuses times in the future."
        ),
    ),
    State.READ: (_("Up to date"), _NOTHING),
    State.NOT_READ_YET: (_("Not read yet"), _("Nothing to do: it begins with the first registration.")),
    State.READING_NOW: (_("Under way"), _("Nothing to do: it takes a moment.")),
    State.READING_WAITS: (
        _("Behind"),
        _("Nothing to do: remarks of the NSSO appear here later than usual, registrations come first."),
    ),
}


def worded(state: State, signal: Signal, known: Known, *, now: datetime) -> Finding:
    """The finding in words; `now` is aware."""
    topic = TABLE[state][0]
    word, advice = WORDS[state]
    failure = failure_of(known.failing.last_failure) if known.failing is not None else None
    meaning: Words = ""
    if failure is not None and state in (State.STUMBLES, State.SILENT, State.REFUSES):
        meaning = failure.meaning
        advice = failure.advice if state is State.REFUSES else advice
    return Finding(state, signal, TOPICS[topic], word, DETAILS[topic](known, now), meaning, advice)


def _access(known: Known, _now: datetime) -> str:
    return gettext("of %(company)s") % {"company": known.lender} if known.lender else ""


def _reach(known: Known, now: datetime) -> str:
    if known.failing is not None and known.failing.failing_since is not None:
        since = cells.near_moment(known.failing.failing_since, today=brussels_day(now))
        return gettext("since %(moment)s") % {"moment": since}
    if known.success is not None:
        return gettext("last answer %(moment)s") % {"moment": cells.ago(known.success, now=now)}
    return ""


def _queue(known: Known, now: datetime) -> str:
    if known.traffic.waiting_since is None:
        return ""
    words = ngettext(
        "%(number)s registration, received %(moment)s",
        "%(number)s registrations, the oldest received %(moment)s",
        known.waiting,
    )
    return words % {"number": known.waiting, "moment": cells.ago(known.traffic.waiting_since, now=now)}


def _sender(known: Known, now: datetime) -> str:
    sign = last_sign(known.traffic)
    return gettext("last seen %(moment)s") % {"moment": cells.ago(sign, now=now)} if sign else ""


def _rest(known: Known, now: datetime) -> str:
    lines = (known.traffic.service, known.traffic.access)
    rests = (line.rest_until for line in lines if line is not None)
    until = max((moment for moment in rests if moment is not None and moment > now), default=None)
    return gettext("until %(moment)s") % {"moment": f"{brussels_time(until):%H:%M:%S}"} if until else ""


def _token(known: Known, now: datetime) -> str:
    line = known.traffic.access
    if line is None or line.token_fetched_at is None or line.token_ends_at is None:
        return ""
    return gettext("fetched %(moment)s, valid until %(end)s") % {
        "moment": cells.ago(line.token_fetched_at, now=now),
        "end": cells.near_moment(line.token_ends_at, today=brussels_day(now)),
    }


def _clock(known: Known, _now: datetime) -> str:
    skew = skew_s(known.traffic)
    if skew is None:
        return ""
    if abs(skew) < 1:
        return gettext("alike to the second")
    words = (
        ngettext("ours is %(seconds)s second behind", "ours is %(seconds)s seconds behind", round(skew))
        if skew > 0
        else ngettext("ours is %(seconds)s second ahead", "ours is %(seconds)s seconds ahead", round(-skew))
    )
    return words % {"seconds": round(abs(skew))}


def _reading(known: Known, now: datetime) -> str:
    parts = []
    if known.days_to_read:
        words = ngettext("%(number)s day waiting", "%(number)s days waiting", known.days_to_read)
        parts.append(words % {"number": known.days_to_read})
    if known.traffic.read_at is not None:
        moment = cells.ago(known.traffic.read_at, now=now)
        parts.append(gettext("last reading %(moment)s") % {"moment": moment})
    return " · ".join(parts)


DETAILS: Mapping[Topic, Callable[[Known, datetime], str]] = {
    Topic.ACCESS: _access,
    Topic.REACH: _reach,
    Topic.QUEUE: _queue,
    Topic.SENDER: _sender,
    Topic.REST: _rest,
    Topic.TOKEN: _token,
    Topic.CLOCK: _clock,
    Topic.READING: _reading,
}
