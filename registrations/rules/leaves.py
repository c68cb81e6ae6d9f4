"""The leaf of a registration in the evidence chain: a salted hash over the fact.

A leaf outlives its registration. The salt is deleted with the row, and without it the leaf tells nothing:
the fields cannot be guessed from the hash. No national number, name, place or text goes in.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from uuid import UUID

# What a leaf of this version covers never changes; another content is another version.
VERSION = 1
_DOMAIN = b"\x00ciao leaf 1\x00"


@dataclass(frozen=True, slots=True)
class Fact:
    """What a registration says. Moments are aware; ids are ours."""

    registration: UUID
    person: UUID
    employer: UUID
    declaration: UUID
    workplace: UUID
    point: UUID
    device: UUID | None
    kind: str
    means: str
    happened_at: datetime
    claimed_at: datetime | None
    offset_ms: int | None
    received_at: datetime
    happened_day: date
    client_key: UUID
    flags: tuple[str, ...]


# Read once: `asdict` copies every value deeply, which takes ten times as long as the hash.
_NAMES = tuple(field.name for field in fields(Fact))


def leaf_digest(fact: Fact, *, salt: bytes) -> str:
    """SHA-256, 64 hexadecimal characters. `salt` is 16 random bytes kept with the registration.

    Raises ValueError for a salt of another length or a naive moment.
    """
    if len(salt) != 16:
        raise ValueError("A salt has 16 bytes.")
    content = {name: _plain(getattr(fact, name)) for name in _NAMES}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(_DOMAIN + salt + text.encode()).hexdigest()


def _plain(value: object) -> object:
    """As it stands in the hashed text: ids and days as ISO text, moments in UTC to the microsecond."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID | date):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
