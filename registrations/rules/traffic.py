"""How traffic with the NSSO stands: facts in, one finding for each topic out, worst first. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Usually a registration leaves within seconds.
LATE = timedelta(minutes=5)
# Beyond these many seconds a clock is doubtful, then wrong: tokens are refused and times lie in the future.
CLOCK_DOUBTFUL_S = 5.0
CLOCK_WRONG_S = 60.0


class Signal(StrEnum):
    """The four signals of the look; the order is that of the page, worst first."""

    LATE = "late"
    WAIT = "wait"
    INFO = "info"
    OK = "ok"


class Topic(StrEnum):
    """What is looked at, in the order of the page among findings of the same signal."""

    ACCESS = "access"
    REACH = "reach"
    QUEUE = "queue"
    SENDER = "sender"
    REST = "rest"
    TOKEN = "token"  # noqa: S105 - a topic, no secret
    CLOCK = "clock"
    READING = "reading"


class State(StrEnum):
    """What can be found; each belongs to one topic and has one signal (`TABLE`)."""

    ACCESS_OWN = "accessOwn"
    ACCESS_BORROWED = "accessBorrowed"
    ACCESS_MISSING = "accessMissing"
    ACCESS_MISSED = "accessMissed"
    ANSWERS = "answers"
    NOT_ASKED = "notAsked"
    STUMBLES = "stumbles"
    SILENT = "silent"
    REFUSES = "refuses"
    NOTHING_WAITS = "nothingWaits"
    WAITS = "waits"
    WAITS_LONG = "waitsLong"
    SENDER_WORKS = "senderWorks"
    SENDER_IDLE = "senderIdle"
    SENDER_STOPPED = "senderStopped"
    RUNS = "runs"
    ACCESS_RESTS = "accessRests"
    SERVICE_RESTS = "serviceRests"
    TOKEN_HELD = "tokenHeld"  # noqa: S105 - a state, no secret
    TOKEN_ENDED = "tokenEnded"  # noqa: S105 - a state, no secret
    TOKEN_NEVER = "tokenNever"  # noqa: S105 - a state, no secret
    CLOCK_RIGHT = "clockRight"
    CLOCK_UNKNOWN = "clockUnknown"
    CLOCK_DOUBTFUL = "clockDoubtful"
    CLOCK_WRONG = "clockWrong"
    READ = "read"
    NOT_READ_YET = "notReadYet"
    READING_NOW = "readingNow"
    READING_WAITS = "readingWaits"


TABLE: dict[State, tuple[Topic, Signal]] = {
    State.ACCESS_OWN: (Topic.ACCESS, Signal.OK),
    State.ACCESS_BORROWED: (Topic.ACCESS, Signal.INFO),
    State.ACCESS_MISSING: (Topic.ACCESS, Signal.WAIT),
    State.ACCESS_MISSED: (Topic.ACCESS, Signal.LATE),
    State.ANSWERS: (Topic.REACH, Signal.OK),
    State.NOT_ASKED: (Topic.REACH, Signal.INFO),
    State.STUMBLES: (Topic.REACH, Signal.WAIT),
    State.SILENT: (Topic.REACH, Signal.LATE),
    State.REFUSES: (Topic.REACH, Signal.LATE),
    State.NOTHING_WAITS: (Topic.QUEUE, Signal.OK),
    State.WAITS: (Topic.QUEUE, Signal.WAIT),
    State.WAITS_LONG: (Topic.QUEUE, Signal.LATE),
    State.SENDER_WORKS: (Topic.SENDER, Signal.OK),
    State.SENDER_IDLE: (Topic.SENDER, Signal.INFO),
    State.SENDER_STOPPED: (Topic.SENDER, Signal.LATE),
    State.RUNS: (Topic.REST, Signal.OK),
    State.ACCESS_RESTS: (Topic.REST, Signal.WAIT),
    State.SERVICE_RESTS: (Topic.REST, Signal.WAIT),
    State.TOKEN_HELD: (Topic.TOKEN, Signal.OK),
    State.TOKEN_ENDED: (Topic.TOKEN, Signal.INFO),
    State.TOKEN_NEVER: (Topic.TOKEN, Signal.INFO),
    State.CLOCK_RIGHT: (Topic.CLOCK, Signal.OK),
    State.CLOCK_UNKNOWN: (Topic.CLOCK, Signal.INFO),
    State.CLOCK_DOUBTFUL: (Topic.CLOCK, Signal.WAIT),
    State.CLOCK_WRONG: (Topic.CLOCK, Signal.LATE),
    State.READ: (Topic.READING, Signal.OK),
    State.NOT_READ_YET: (Topic.READING, Signal.INFO),
    State.READING_NOW: (Topic.READING, Signal.INFO),
    State.READING_WAITS: (Topic.READING, Signal.WAIT),
}


@dataclass(frozen=True, slots=True)
class Line:
    """How calls go, under one access or with the service as a whole. All moments are aware.

    `skew_s` is the NSSO's clock minus ours. `must_be_solved`: the last failure does not pass by waiting.
    """

    last_success_at: datetime | None = None
    last_failure_at: datetime | None = None
    failing_since: datetime | None = None
    must_be_solved: bool = False
    rest_until: datetime | None = None
    skew_s: float | None = None
    token_fetched_at: datetime | None = None
    token_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """What is known. Without an own access, `access` is the one the company's registrations travel with.

    `waiting_since` is when the oldest registration on its way was received, `missing_access` whether some
    wait for an access; `untaken_since` is since when the longest due row was taken by no sender, `taken_at`
    when one took a row that it still holds. The readings back are those of the company's own access.
    """

    access: Line | None = None
    is_own: bool = True
    service: Line | None = None
    missing_access: bool = False
    waiting_since: datetime | None = None
    untaken_since: datetime | None = None
    taken_at: datetime | None = None
    reading_due_since: datetime | None = None
    read_at: datetime | None = None


def judge(traffic: Traffic, *, now: datetime) -> list[tuple[State, Signal]]:
    """One finding for each topic that concerns the company, the worst first."""
    found = [
        _access(traffic),
        _reach(traffic, now=now),
        _queue(traffic, now=now),
        _sender(traffic, now=now),
        _rest(traffic, now=now),
        *_of_own_access(traffic, now=now),
        _clock(traffic),
    ]
    topics, signals = list(Topic), list(Signal)
    found.sort(key=lambda state: (signals.index(TABLE[state][1]), topics.index(TABLE[state][0])))
    return [(state, TABLE[state][1]) for state in found]


def is_late(since: datetime | None, *, now: datetime) -> bool:
    """Whether something that began then lasts longer than it should."""
    return since is not None and now - since >= LATE


def _access(traffic: Traffic) -> State:
    if traffic.access is None:
        return State.ACCESS_MISSED if traffic.missing_access else State.ACCESS_MISSING
    return State.ACCESS_OWN if traffic.is_own else State.ACCESS_BORROWED


def _reach(traffic: Traffic, *, now: datetime) -> State:
    failing = [line for line in _lines(traffic) if line.failing_since is not None]
    if any(line.must_be_solved for line in failing):
        return State.REFUSES
    if any(is_late(line.failing_since, now=now) for line in failing):
        return State.SILENT
    if failing:
        return State.STUMBLES
    answered = any(line.last_success_at for line in _lines(traffic)) or traffic.read_at
    return State.ANSWERS if answered else State.NOT_ASKED


def _queue(traffic: Traffic, *, now: datetime) -> State:
    if traffic.waiting_since is None:
        return State.NOTHING_WAITS
    return State.WAITS_LONG if is_late(traffic.waiting_since, now=now) else State.WAITS


def _sender(traffic: Traffic, *, now: datetime) -> State:
    sign = last_sign(traffic)
    if sign is not None and not is_late(sign, now=now):
        return State.SENDER_WORKS
    if is_late(traffic.untaken_since, now=now) and _rest(traffic, now=now) is State.RUNS:
        return State.SENDER_STOPPED
    return State.SENDER_IDLE


def last_sign(traffic: Traffic) -> datetime | None:
    """When a sender last showed that it works."""
    signs = [traffic.taken_at, traffic.read_at]
    signs += [moment for line in _lines(traffic) for moment in (line.last_success_at, line.last_failure_at)]
    return max((moment for moment in signs if moment is not None), default=None)


def _rest(traffic: Traffic, *, now: datetime) -> State:
    if traffic.service is not None and _rests(traffic.service, now=now):
        return State.SERVICE_RESTS
    if traffic.access is not None and _rests(traffic.access, now=now):
        return State.ACCESS_RESTS
    return State.RUNS


def _rests(line: Line, *, now: datetime) -> bool:
    return line.rest_until is not None and line.rest_until > now


def _of_own_access(traffic: Traffic, *, now: datetime) -> Iterable[State]:
    """Another company's token and readings are its own business."""
    if traffic.access is None or not traffic.is_own:
        return
    if traffic.access.token_ends_at is None:
        yield State.TOKEN_NEVER
    else:
        yield State.TOKEN_HELD if traffic.access.token_ends_at > now else State.TOKEN_ENDED
    if is_late(traffic.reading_due_since, now=now):
        yield State.READING_WAITS
    elif traffic.reading_due_since is not None:
        yield State.READING_NOW
    else:
        yield State.READ if traffic.read_at else State.NOT_READ_YET


def _clock(traffic: Traffic) -> State:
    skew = skew_s(traffic)
    if skew is None:
        return State.CLOCK_UNKNOWN
    if abs(skew) > CLOCK_WRONG_S:
        return State.CLOCK_WRONG
    return State.CLOCK_DOUBTFUL if abs(skew) > CLOCK_DOUBTFUL_S else State.CLOCK_RIGHT


def skew_s(traffic: Traffic) -> float | None:
    """The NSSO's clock minus ours as the access's last answer showed it, else the service's."""
    return next((line.skew_s for line in _lines(traffic) if line.skew_s is not None), None)


def _lines(traffic: Traffic) -> list[Line]:
    return [line for line in (traffic.access, traffic.service) if line is not None]
