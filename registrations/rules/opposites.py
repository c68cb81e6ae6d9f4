"""Two taps that undo each other within moments: perhaps the finger slipped. Both are kept; the phone asks."""

from datetime import datetime, timedelta

from registrations.rules.presence import Kind

# Our own decision: nobody works, or rests, for less.
QUICK = timedelta(minutes=2)

_OPPOSITE = {
    Kind.IN: Kind.OUT,
    Kind.OUT: Kind.IN,
    Kind.BREAK_START: Kind.BREAK_END,
    Kind.BREAK_END: Kind.BREAK_START,
}


def is_quick_opposite(before: Kind, before_at: datetime, kind: Kind, at: datetime) -> bool:
    """Whether the second of two taps of one person undoes the first within two minutes, both included."""
    return _OPPOSITE[before] is kind and timedelta() <= at - before_at <= QUICK
