"""Who is there: the state machine of one person's taps, and what the phone offers next.

Every sequence is accepted (the NSSO accepts every registration); an odd one is flagged. Only IN and
OUT exist at the NSSO: a break is an OUT at its start and an IN at its end (NSSO's page for citizens).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

# A presence without a sign of life for longer is a forgotten check-out, not a presence. Our own
# decision: longer than any lawful day of work (Labour Act of 16 March 1971: 12 hours in shifts), shorter
# than the gap to the same shift on the next day.
LONGEST_PRESENCE = timedelta(hours=16)


class Kind(StrEnum):
    """What a worker can register; the values travel in our forms."""

    IN = "IN"
    OUT = "OUT"
    BREAK_START = "BREAK_START"
    BREAK_END = "BREAK_END"


class State(StrEnum):
    """Where the person is after the last event."""

    OUT = "OUT"
    PRESENT = "PRESENT"
    ON_BREAK = "ON_BREAK"


class Flag(StrEnum):
    """What is odd about an event in its sequence. Stored on registrations: values never change."""

    IN_WHILE_PRESENT = "inWhilePresent"
    OUT_WITHOUT_IN = "outWithoutIn"
    OUT_DURING_BREAK = "outDuringBreak"
    BREAK_WITHOUT_IN = "breakWithoutIn"
    BREAK_DURING_BREAK = "breakDuringBreak"
    BREAK_END_WITHOUT_BREAK = "breakEndWithoutBreak"
    CHECK_OUT_MISSING = "checkOutMissing"
    OUT_OF_ORDER = "outOfOrder"


STATE_AFTER = {
    Kind.IN: State.PRESENT,
    Kind.OUT: State.OUT,
    Kind.BREAK_START: State.ON_BREAK,
    Kind.BREAK_END: State.PRESENT,
}

ODD = {
    (State.PRESENT, Kind.IN): Flag.IN_WHILE_PRESENT,
    (State.ON_BREAK, Kind.IN): Flag.IN_WHILE_PRESENT,
    (State.OUT, Kind.OUT): Flag.OUT_WITHOUT_IN,
    (State.ON_BREAK, Kind.OUT): Flag.OUT_DURING_BREAK,
    (State.OUT, Kind.BREAK_START): Flag.BREAK_WITHOUT_IN,
    (State.ON_BREAK, Kind.BREAK_START): Flag.BREAK_DURING_BREAK,
    (State.OUT, Kind.BREAK_END): Flag.BREAK_END_WITHOUT_BREAK,
    (State.PRESENT, Kind.BREAK_END): Flag.BREAK_END_WITHOUT_BREAK,
}

# What the phone offers: the expected action, then the others in the order in which they are likely.
OFFERED = {
    State.OUT: (Kind.IN, Kind.OUT, Kind.BREAK_START, Kind.BREAK_END),
    State.PRESENT: (Kind.OUT, Kind.BREAK_START, Kind.BREAK_END, Kind.IN),
    State.ON_BREAK: (Kind.BREAK_END, Kind.OUT, Kind.BREAK_START, Kind.IN),
}


@dataclass(frozen=True, slots=True)
class Presence:
    """The state after the last event and when that was (aware); nothing registered yet by default."""

    state: State = State.OUT
    last_at: datetime | None = None

    @classmethod
    def of(cls, last_kind: str | None, last_at: datetime | None) -> "Presence":
        """From the stored last event; None for a person without events."""
        return cls(STATE_AFTER[Kind(last_kind)], last_at) if last_kind else cls()


@dataclass(frozen=True, slots=True)
class Event:
    """A registration as the rules see it: ``id`` (time-ordered) decides between equal moments."""

    id: UUID
    kind: Kind
    at: datetime


def nsso_type(kind: Kind) -> str:
    """``IN`` or ``OUT``, the only types the NSSO knows."""
    return "IN" if STATE_AFTER[kind] is State.PRESENT else "OUT"


def is_stale(presence: Presence, at: datetime) -> bool:
    """True when somebody never checked out: not OUT, and the last event is over 16 hours old."""
    return (
        presence.state is not State.OUT
        and presence.last_at is not None
        and at - presence.last_at > LONGEST_PRESENCE
    )


def is_present(last_kind: str | None, last_at: datetime | None, at: datetime) -> bool:
    """True when on site at that moment; somebody on a break counts as on site."""
    presence = Presence.of(last_kind, last_at)
    return presence.state is not State.OUT and not is_stale(presence, at)


def after(presence: Presence, kind: Kind, at: datetime) -> tuple[Presence, frozenset[Flag]]:
    """The presence after one more event, and what is odd about it.

    An event older than the last one (sent late) leaves the state alone and is flagged: the caller
    rebuilds from the history with ``replay``.
    """
    if presence.last_at is not None and at < presence.last_at:
        return presence, frozenset({Flag.OUT_OF_ORDER})
    flags = set()
    state = presence.state
    if is_stale(presence, at):
        flags.add(Flag.CHECK_OUT_MISSING)
        state = State.OUT
    if (state, kind) in ODD:
        flags.add(ODD[state, kind])
    return Presence(STATE_AFTER[kind], at), frozenset(flags)


def in_order(events: Iterable[Event]) -> list[Event]:
    """By the moment that counts, then by id: the one order in which histories are read."""
    return sorted(events, key=lambda event: (event.at, event.id))


def replay(events: Iterable[Event]) -> tuple[Presence, dict[UUID, frozenset[Flag]]]:
    """The presence after a whole history in any order, and the flags each event deserves in it."""
    presence = Presence()
    flags = {}
    for event in in_order(events):
        presence, flags[event.id] = after(presence, event.kind, event.at)
    return presence, flags


def expected_next(presence: Presence, at: datetime) -> Kind:
    """The action the phone puts first."""
    return _offered(presence, at)[0]


def other_actions(presence: Presence, at: datetime) -> tuple[Kind, ...]:
    """The three other actions, likely ones first: all four are always possible."""
    return _offered(presence, at)[1:]


def _offered(presence: Presence, at: datetime) -> tuple[Kind, ...]:
    return OFFERED[State.OUT if is_stale(presence, at) else presence.state]
