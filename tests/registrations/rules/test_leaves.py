"""The leaf of a registration: every field counts, the salt hides, nothing personal goes in."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from registrations.rules.leaves import Fact, leaf_digest

SALT = bytes(range(16))
AT = datetime(2026, 11, 23, 5, 2, 11, 123456, tzinfo=UTC)
FACT = Fact(
    registration=UUID(int=1),
    person=UUID(int=2),
    employer=UUID(int=3),
    declaration=UUID(int=4),
    workplace=UUID(int=5),
    point=UUID(int=6),
    device=None,
    kind="IN",
    means="typed",
    happened_at=AT,
    claimed_at=None,
    offset_ms=None,
    received_at=AT,
    happened_day=date(2026, 11, 23),
    client_key=UUID(int=7),
    flags=("identityTyped",),
)
OTHER = {
    "device": UUID(int=8),
    "kind": "OUT",
    "means": "paired",
    "happened_at": AT + timedelta(microseconds=1),
    "claimed_at": AT,
    "offset_ms": 0,
    "received_at": AT + timedelta(microseconds=1),
    "happened_day": date(2026, 11, 24),
    "flags": (),
}


def test_the_hash_of_version_1_never_changes() -> None:
    """Leaves are compared with what was printed years ago."""
    assert leaf_digest(FACT, salt=SALT) == "4baf45c47148ccafed20b29fe38af7b6c9ed6c903eceab8e24f9c39218ab203e"


@pytest.mark.parametrize("name", [field.name for field in fields(Fact)])
def test_every_field_counts(name: str) -> None:
    changed = replace(FACT, **{name: OTHER.get(name, UUID(int=99))})  # type: ignore[arg-type]
    assert leaf_digest(changed, salt=SALT) != leaf_digest(FACT, salt=SALT)


def test_the_salt_counts_and_has_128_bits() -> None:
    assert leaf_digest(FACT, salt=SALT[::-1]) != leaf_digest(FACT, salt=SALT)
    with pytest.raises(ValueError, match="16 bytes"):
        leaf_digest(FACT, salt=SALT[:15])


def test_the_same_moment_in_another_zone_is_the_same_leaf() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=5)))
    assert leaf_digest(replace(FACT, happened_at=elsewhere), salt=SALT) == leaf_digest(FACT, salt=SALT)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        leaf_digest(replace(FACT, happened_at=AT.replace(tzinfo=None)), salt=SALT)
