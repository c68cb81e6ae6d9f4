"""A contract that takes over another at a minute: which days each has, and to which a tap belongs.

The old codes stay on walls and in phones for a while. From the minute on they lead to the new declaration;
what belongs to a presence that still runs on the old one stays there, because an interval is paired by
person, employer and declaration (architecture, decision 7).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ciao_portal.days import brussels_day
from declarations.rules.chain import Period

# How long it is watched who still scans the old codes; our own decision, as long as two pay weeks.
RADAR = timedelta(days=14)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class OldCodeTap:
    """A tap by an old code. `at` (aware) is the time that counts.

    `begins`: it is a start, which never continues a presence. `runs_on_old`: the person's presence on the
    old declaration still runs at that time. `is_stored_on_old`: the same tap is stored there already.
    """

    at: datetime
    begins: bool
    runs_on_old: bool
    is_stored_on_old: bool


def stays_on_old(tap: OldCodeTap, taken_over_at: datetime) -> bool:
    """Whether the tap belongs to the old declaration, though its code leads on from that minute."""
    if tap.at < taken_over_at or tap.is_stored_on_old:
        return True
    return tap.runs_on_old and not tap.begins


def last_day_of_old(taken_over_at: datetime) -> date:
    """The last Brussels day with time left to the old contract."""
    return brussels_day(taken_over_at - _TICK)


def first_day_of_new(taken_over_at: datetime) -> date:
    """The first Brussels day of the new contract; the old one's last when the minute is inside a day."""
    return brussels_day(taken_over_at)


def is_watched(taken_over_at: datetime, now: datetime) -> bool:
    """Whether the old codes are looked after: from the minute on, for 14 days."""
    return taken_over_at <= now < taken_over_at + RADAR


def days_of_new(taken_over_at: datetime, ends_on: date | None) -> Period:
    """The new contract's days; what a place of the old chain shares with them, it has on the new one."""
    return Period(first_day_of_new(taken_over_at), ends_on or date.max)
