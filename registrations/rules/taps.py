"""One tap is one registration: is what just arrived a tap we already have?

Two mistakes are possible and not equally bad. Storing a repeat twice can be explained to the NSSO;
taking a new tap for a repeat loses a registration, which nobody can bring back. So a doubt is
always decided for NEW, and flagged.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from registrations.rules.presence import Kind

# A second finger, a second phone, an impatient reload: the same act of the same person.
SAME_TAP = timedelta(seconds=60)
# How long the key in a page's HTML vouches for a repeated POST. A browser may restore the page of
# yesterday with yesterday's key, and then the worker really stands there again.
PAGE_KEY_LIFE = timedelta(minutes=10)
KEY_REUSED = "keyReused"


class KeyOrigin(StrEnum):
    """Where the client key was made."""

    TAP = "tap"  # by script, API or terminal at the moment of the tap: unique for ever
    PAGE = "page"  # by the server when it rendered the page: the browser may send it again at any time


@dataclass(frozen=True, slots=True)
class Tap:
    """What arrived. ``happened_at`` is the time that counts, both moments are aware."""

    key: UUID
    key_origin: KeyOrigin
    person: UUID
    kind: Kind
    point: UUID
    happened_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class KnownTap:
    """A stored registration."""

    id: UUID
    person: UUID
    kind: Kind
    point: UUID
    happened_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class TapDecision:
    """``same_as`` is the registration to confirm again; None means store a new one with ``flags``.

    A new one flagged ``keyReused`` needs a fresh key of its own: keys are unique.
    """

    same_as: KnownTap | None = None
    flags: frozenset[str] = frozenset()


def decide(new: Tap, latest: KnownTap | None, same_key: KnownTap | None) -> TapDecision:
    """Same tap or new tap.

    ``latest`` is the person's latest registration anywhere, ``same_key`` the one stored under the
    same client key. The 60 seconds are asked before a reused key counts as new: the second of two
    quick taps on a restored page would otherwise be stored twice.
    """
    if same_key and _same_content(new, same_key) and _key_vouches(new, latest, same_key):
        return TapDecision(same_as=same_key)
    if latest and _same_content(new, latest) and abs(new.happened_at - latest.happened_at) <= SAME_TAP:
        return TapDecision(same_as=latest)
    return TapDecision(flags=frozenset({KEY_REUSED}) if same_key else frozenset())


def _same_content(new: Tap, known: KnownTap) -> bool:
    return (new.person, new.kind, new.point) == (known.person, known.kind, known.point)


def _key_vouches(new: Tap, latest: KnownTap | None, same_key: KnownTap) -> bool:
    if new.key_origin is KeyOrigin.TAP:
        return True
    is_latest = latest is not None and latest.id == same_key.id
    return is_latest and new.received_at - same_key.received_at <= PAGE_KEY_LIFE
