"""What the simulator keeps of a registration, read from and written to the columns of its store."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from ciao_portal.nsso.contract import Enterprise, ForeignVat, Item, JsonObject, PresenceType
from ciao_portal.nsso.simulator.remarks import BRUSSELS, Known


@dataclass(frozen=True)
class Stored:
    """One registration as kept. ``remarks`` are pairs of code and the day each was first seen (ISO)."""

    id: int
    received: float
    wire: JsonObject
    validity: str
    remarks: tuple[tuple[str, str], ...]
    validated: float | None
    employer: str
    reference: str | None
    submitter: str | None

    @property
    def item(self) -> Item:
        return Item.from_wire(self.wire)


@dataclass(frozen=True)
class Due:
    """A registration to look at, and which remarks it had."""

    id: int
    ssin: str
    happened: float
    quirk: str | None
    remarks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Verdict:
    """What the checks found; ``due`` is when to look again, None when only a change elsewhere can matter."""

    id: int
    validity: str
    remarks: tuple[tuple[str, str], ...]
    due: float | None


@dataclass(frozen=True)
class Search:
    """What to look for; None leaves a condition out. Days are Brussels days, both included."""

    start: date
    end: date
    employer: str | None = None
    reference: str | None = None
    type: str | None = None
    validity: str | None = None
    remark_code: str | None = None
    newest_first: bool = False


def facts_of(wire: JsonObject, item: Item) -> dict[str, object]:
    """The columns of one item."""
    return {
        "happened": item.registration_date.timestamp(),
        "day": item.registration_date.astimezone(BRUSSELS).date().isoformat(),
        "ssin": item.ssin,
        "type": item.type.value,
        "employer": item.employer.number,
        "reference": item.reference,
        "item": json.dumps(wire),
    }


def stored_from(row: tuple[Any, ...]) -> Stored:
    number, received, wire, validity, remarks, *rest = row
    return Stored(number, received, json.loads(wire), validity, remarks_from(remarks), *rest)


def remarks_from(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((code, day) for code, day in json.loads(text))


def known_from(row: tuple[Any, ...]) -> Known:
    number, ssin, happened, kind, employer, reference, foreign = row
    who = Enterprise(employer) if foreign is None else ForeignVat(employer)
    return Known(number, ssin, as_moment(happened), PresenceType(kind), who, reference)


def as_moment(seconds: float) -> datetime:
    """Seconds since 1970 as aware UTC."""
    return datetime.fromtimestamp(seconds, UTC)
