"""The versions of the contract this portal speaks, so that two can run side by side.

A version is a module like ``contract``: what is the same it imports from there, what differs it spells anew.
Tokens, headers and problems follow conventions of their own and are the same for all versions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from ciao_portal.nsso import contract
from ciao_portal.nsso.contract import HealthStatus, Item, JsonObject, Page, PresenceRegistration, Result


class Contract(Protocol):
    """What the client asks of a version. Reading raises ``ContractError``, as in ``contract``."""

    VERSION: str
    BASE_PATH: str
    REGISTER_IN_BULK: str
    COLLECTION: str
    HEALTH: str

    def registration_path(self, registration_id: int) -> str: ...

    def search_query(
        self,
        start: date,
        end: date,
        *,
        page: int,
        page_size: int,
        enterprise_number: str | None = None,
        reference: str | None = None,
    ) -> dict[str, str]: ...

    def bulk_to_wire(self, items: Sequence[Item]) -> JsonObject: ...

    def parse_bulk(self, body: object, sent: Sequence[Item]) -> tuple[Result, ...]: ...

    def parse_registration(self, body: object) -> PresenceRegistration: ...

    def parse_page(self, body: object) -> Page: ...

    def parse_health(self, body: object) -> HealthStatus: ...


DEFAULT: Contract = contract
CONTRACTS: dict[str, Contract] = {DEFAULT.VERSION: DEFAULT}


def registering_paths() -> set[str]:
    """The paths under which any version registers."""
    return {one.REGISTER_IN_BULK for one in CONTRACTS.values()}
