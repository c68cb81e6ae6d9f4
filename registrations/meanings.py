"""The table of meanings as pages read it: what the operator loaded goes before what is delivered.

Kept in memory for half a minute, so that a page asks for it once at most and a new table is seen everywhere
without a restart. It is small and the same for every company.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from registrations.models import MeaningKind, NssoMeaning

FRESH_S = 30.0


@dataclass(frozen=True, slots=True)
class MeaningTable:
    """The rows by code, for remarks and for validities."""

    remarks: Mapping[str, NssoMeaning]
    validities: Mapping[str, NssoMeaning]


@dataclass(slots=True)
class _Kept:
    table: MeaningTable | None = None
    read_at: float = 0.0


_kept = _Kept()


def meaning_table() -> MeaningTable:
    """The table as it was at most half a minute ago."""
    if _kept.table is None or time.monotonic() - _kept.read_at > FRESH_S:
        rows = list(NssoMeaning.objects.all())
        _kept.table = MeaningTable(
            {row.code: row for row in rows if row.kind == MeaningKind.REMARK},
            {row.code: row for row in rows if row.kind == MeaningKind.VALIDITY},
        )
        _kept.read_at = time.monotonic()
    return _kept.table


def forget_table() -> None:
    """Have it read again by the next page of this process."""
    _kept.table = None


def own_words(row: NssoMeaning, field: str) -> str:
    """What the row says itself in the reader's language; empty where it leaves that to what is known."""
    given: dict[str, str] = row.words.get(field, {})
    return given.get((get_language() or "").partition("-")[0], "") or given.get("en", "")
