"""Which version of a poster this is: the number counts up whenever the paper would say something else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from json import dumps


@dataclass(frozen=True, slots=True)
class Version:
    """A wording of a poster: its number, and the Brussels day on which it was first printed."""

    number: int
    since: date
    fingerprint: str


def fingerprint_of(printed: Mapping[str, object]) -> str:
    """64 characters that stand for what the paper says; the order of the facts does not matter."""
    return sha256(dumps(printed, sort_keys=True, default=str).encode()).hexdigest()


def version_now(latest: Version | None, fingerprint: str, *, today: date) -> Version:
    """The latest version while the paper still says the same, else the next one, of today."""
    if latest is not None and latest.fingerprint == fingerprint:
        return latest
    return Version(latest.number + 1 if latest else 1, today, fingerprint)
