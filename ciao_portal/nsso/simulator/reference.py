"""The simulator's reference data: parsing and the questions the checks ask of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from ciao_portal.nsso.contract import (
    ContractError,
    Item,
    JsonObject,
    Wire,
    parse_date,
    parse_employer,
)

T = TypeVar("T")
Record = TypeVar("Record", "Dimona", "Limosa")

SECTIONS = ("people", "dimona", "limosa", "enterprises", "declarations", "clients", "presences")


@dataclass(frozen=True)
class Period:
    """Brussels days, both ends included; None is open."""

    start: date | None
    end: date | None

    def holds(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Person:
    ssin: str
    posted: bool
    self_employed_for: frozenset[str] | None


@dataclass(frozen=True)
class Dimona:
    ssin: str
    enterprise: str
    period: Period
    self_employed: bool


@dataclass(frozen=True)
class Limosa:
    ssin: str
    period: Period


@dataclass(frozen=True)
class KnownEnterprise:
    number: str
    period: Period


@dataclass(frozen=True)
class Member:
    """A company's place in a chain; both numbers may be enterprise or foreign VAT numbers."""

    number: str
    parent: str
    period: Period


@dataclass(frozen=True)
class Declaration:
    reference: str
    declarer: str
    period: Period
    subject: bool
    chain: tuple[Member, ...]

    def takes_part(self, number: str, day: date) -> bool:
        """Whether the company is the declarer or in the chain on that day."""
        return number == self.declarer or any(
            member.number == number and member.period.holds(day) for member in self.chain
        )

    def below(self, number: str) -> frozenset[str]:
        """All companies anywhere below this one; a cycle does no harm."""
        found: set[str] = set()
        level = {number}
        while level:
            level = {member.number for member in self.chain if member.parent in level} - found - {number}
            found |= level
        return frozenset(found)


@dataclass(frozen=True)
class Client:
    """Who may ask for tokens, and for which company."""

    client_id: str
    public_key_pem: str
    enterprise: str


class Reference:
    """All sections, read once; never changed afterwards. Raises ``ContractError`` when malformed."""

    def __init__(self, sections: Mapping[str, list[object]]) -> None:
        self.people = {one.ssin: one for one in _read(sections, "people", _person)}
        self.dimona = _by_ssin(_read(sections, "dimona", _dimona))
        self.limosa = _by_ssin(_read(sections, "limosa", _limosa))
        self.enterprises: dict[str, list[KnownEnterprise]] = defaultdict(list)
        for enterprise in _read(sections, "enterprises", _enterprise):
            self.enterprises[enterprise.number].append(enterprise)
        self.declarations = {one.reference: one for one in _read(sections, "declarations", _declaration)}
        self.clients = {one.client_id: one for one in _read(sections, "clients", client_from_json)}
        self.presences = _read(sections, "presences", Item.from_wire)
        self._views: dict[str, ChainView] = {}

    def view_of(self, enterprise: str) -> ChainView:
        """What this company may see beside its own workers."""
        if enterprise not in self._views:
            self._views[enterprise] = ChainView(enterprise, self.declarations.values())
        return self._views[enterprise]


class ChainView:
    """What a company may see of others: those down its chains, and all on its own declarations."""

    def __init__(self, enterprise: str, declarations: Iterable[Declaration]) -> None:
        self.enterprise = enterprise
        self._declarations = tuple(declarations)

    @cached_property
    def own_references(self) -> frozenset[str]:
        return frozenset(one.reference for one in self._declarations if one.declarer == self.enterprise)

    @cached_property
    def below(self) -> Mapping[str, frozenset[str]]:
        """Companies below this one by reference, for declarations of others."""
        others = {
            one.reference: one.below(self.enterprise)
            for one in self._declarations
            if one.declarer != self.enterprise
        }
        return {reference: companies for reference, companies in others.items() if companies}

    def includes(self, employer: str, reference: str | None) -> bool:
        if employer == self.enterprise:
            return True
        if reference is None:
            return False
        return reference in self.own_references or employer in self.below.get(reference, ())


def parse_sections(document: object) -> dict[str, list[object]]:
    """The sections of a reference document; raises ``ContractError`` when it is not made of sections."""
    if not isinstance(document, dict):
        raise ContractError("the reference data are not an object")
    for name, rows in document.items():
        if name not in SECTIONS:
            raise ContractError(f"there is no section {str(name)[:40]!r}")
        if not isinstance(rows, list):
            raise ContractError(f"{name} is not a list")
    return document


def _read(sections: Mapping[str, list[object]], name: str, build: Callable[[object, str], T]) -> list[T]:
    return [build(row, f"{name}[{index}]") for index, row in enumerate(sections.get(name, []))]


def _by_ssin(rows: list[Record]) -> Mapping[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        found[row.ssin].append(row)
    return found


def _row(value: object, where: str) -> JsonObject:
    if not isinstance(value, dict):
        raise ContractError(f"{where} is not an object")
    return value


def _text(row: JsonObject, name: str, where: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value:
        raise ContractError(f"{where}.{name} is not a text")
    return value


def _flag(row: JsonObject, name: str, where: str, *, default: bool) -> bool:
    value = row.get(name, default)
    if not isinstance(value, bool):
        raise ContractError(f"{where}.{name} is neither true nor false")
    return value


def _rows(row: JsonObject, name: str, where: str) -> list[object]:
    value = row.get(name, [])
    if not isinstance(value, list):
        raise ContractError(f"{where}.{name} is not a list")
    return value


def _day(row: JsonObject, name: str, where: str) -> date | None:
    return parse_date(_text(row, name, where), f"{where}.{name}") if row.get(name) is not None else None


def _period(row: JsonObject, where: str) -> Period:
    return Period(_day(row, Wire.START_DATE, where), _day(row, Wire.END_DATE, where))


def _person(value: object, where: str) -> Person:
    row = _row(value, where)
    firms = _rows(row, "selfEmployedFor", where)
    return Person(
        ssin=_text(row, Wire.SSIN, where),
        posted=_flag(row, "posted", where, default=False),
        self_employed_for=frozenset(map(str, firms)) if "selfEmployedFor" in row else None,
    )


def _dimona(value: object, where: str) -> Dimona:
    row = _row(value, where)
    status = row.get("status", "employee")
    if status not in ("employee", "selfEmployed"):
        raise ContractError(f"{where}.status is neither employee nor selfEmployed")
    return Dimona(
        ssin=_text(row, Wire.SSIN, where),
        enterprise=_text(row, Wire.ENTERPRISE_NUMBER, where),
        period=_period(row, where),
        self_employed=status == "selfEmployed",
    )


def _limosa(value: object, where: str) -> Limosa:
    row = _row(value, where)
    return Limosa(_text(row, Wire.SSIN, where), _period(row, where))


def _enterprise(value: object, where: str) -> KnownEnterprise:
    row = _row(value, where)
    return KnownEnterprise(_text(row, Wire.ENTERPRISE_NUMBER, where), _period(row, where))


def _declaration(value: object, where: str) -> Declaration:
    row = _row(value, where)
    declarer = _text(row, Wire.ENTERPRISE_NUMBER, where)
    chain = enumerate(_rows(row, "chain", where))
    return Declaration(
        reference=_text(row, Wire.REFERENCE, where),
        declarer=declarer,
        period=_period(row, where),
        subject=_flag(row, "subject", where, default=True),
        chain=tuple(_member(one, f"{where}.chain[{index}]", declarer) for index, one in chain),
    )


def _member(value: object, where: str, declarer: str) -> Member:
    row = _row(value, where)
    parent = _text(row, "parentEnterpriseNumber", where) if row.get("parentEnterpriseNumber") else declarer
    return Member(parse_employer(row, where).number, parent, _period(row, where))


def client_from_json(value: object, where: str) -> Client:
    """One row of the section ``clients``. Raises ``ContractError`` when malformed."""
    row = _row(value, where)
    return Client(
        client_id=_text(row, "clientId", where),
        public_key_pem=_text(row, "publicKeyPem", where),
        enterprise=_text(row, Wire.ENTERPRISE_NUMBER, where),
    )
