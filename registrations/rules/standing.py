"""Where a person stands with one employer on one declaration: the last event and since when on site."""

from dataclasses import dataclass
from datetime import datetime

from registrations.rules.presence import Flag, Kind, Presence, State, after, is_stale


@dataclass(frozen=True, slots=True)
class Standing:
    """The last event (its moment is aware) and the start of the running presence, None when not on site."""

    last_kind: Kind
    last_at: datetime
    since: datetime | None


def advance(standing: Standing | None, kind: Kind, at: datetime) -> tuple[Standing, frozenset[Flag]]:
    """The standing after one more event, and what is odd about the event.

    An event older than the last one leaves the standing alone and is flagged `outOfOrder`: the caller
    folds the history again.
    """
    before = Presence.of(standing.last_kind, standing.last_at) if standing else Presence()
    _presence, flags = after(before, kind, at)
    if standing and Flag.OUT_OF_ORDER in flags:
        return standing, flags
    return Standing(kind, at, _since(standing, before, kind, at)), flags


def _since(standing: Standing | None, before: Presence, kind: Kind, at: datetime) -> datetime | None:
    if kind is Kind.OUT:
        return None
    was_away = before.state is State.OUT or is_stale(before, at)
    return at if was_away or standing is None else standing.since
