"""The NSSO's operations as functions. Every failure is one of the three classes of ``errors``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from types import TracebackType
from typing import NamedTuple

from ciao_portal.nsso import contract
from ciao_portal.nsso.auth import Credentials, shared_token_source
from ciao_portal.nsso.classification import failure_of, nonsense, problem_of
from ciao_portal.nsso.contract import (
    ContractError,
    HealthStatus,
    Item,
    Page,
    PresenceRegistration,
    ProblemType,
    Result,
    Wire,
)
from ciao_portal.nsso.environment import NssoEnvironment
from ciao_portal.nsso.errors import Exchange, NssoCode, NssoMisconfigured, NssoRefused
from ciao_portal.nsso.transport import Call, NssoTransport, Reply

_TOKEN_WORN_OUT = {ProblemType.EXPIRED_ACCESS_TOKEN, ProblemType.INVALID_ACCESS_TOKEN}


class BulkAnswer(NamedTuple):
    """The results of a bulk call, one per item and in the order of the items."""

    results: tuple[Result, ...]
    exchange: Exchange


class Found(NamedTuple):
    """One registration as the NSSO shows it now."""

    registration: PresenceRegistration
    exchange: Exchange


class SearchAnswer(NamedTuple):
    """All registrations of a search, oldest first, each once; one exchange per page."""

    registrations: tuple[PresenceRegistration, ...]
    exchanges: tuple[Exchange, ...]


class PageAnswer(NamedTuple):
    """One page of a search, oldest first; the last one says so."""

    registrations: tuple[PresenceRegistration, ...]
    is_last: bool
    exchange: Exchange


class HealthAnswer(NamedTuple):
    """How the service says it is doing."""

    status: HealthStatus
    exchange: Exchange


class NssoClient:
    """Speaks with the NSSO for one company, over one HTTP session; use one per thread.

    ``real_performance`` is False for demo and practice data: such a client is refused with
    ``NssoMisconfigured`` unless the environment is the simulator.
    """

    def __init__(
        self, environment: NssoEnvironment, credentials: Credentials, *, real_performance: bool
    ) -> None:
        self._transport = NssoTransport(environment, real_performance=real_performance)
        self._base_url = environment.base_url
        self._tokens = shared_token_source(environment, credentials)

    def __enter__(self) -> NssoClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def prepare(self) -> None:
        """Fetch a token when there is none with a minute to live, so that what follows leaves at once."""
        self._tokens.token(self._transport)

    def register_in_bulk(self, items: Sequence[Item]) -> BulkAnswer:
        """Register 1 to 200 items (else ``ValueError``)."""
        body = json.dumps(contract.bulk_to_wire(items)).encode()
        reply = self._ask("POST", contract.REGISTER_IN_BULK, body=body, writes=True)
        try:
            return BulkAnswer(contract.parse_bulk(reply.document, items), reply.exchange)
        except ContractError as violation:
            raise nonsense(reply, violation, writes=True) from violation

    def get(self, registration_id: int) -> Found:
        """One registration; ``NssoRefused`` (``notFound``, ``notVisible``) when it is not ours to see."""
        try:
            reply = self._ask("GET", contract.registration_path(registration_id))
        except NssoMisconfigured as error:
            raise _as_not_visible(error) from error
        try:
            return Found(PresenceRegistration.from_wire(reply.document), reply.exchange)
        except ContractError as violation:
            raise nonsense(reply, violation, writes=False) from violation

    def search(
        self,
        start: date,
        end: date,
        *,
        enterprise_number: str | None = None,
        reference: str | None = None,
        page_size: int = contract.MAX_PAGE_SIZE,
    ) -> SearchAnswer:
        """All registrations of our company and its chain on these Brussels days (inclusive, at most 100)."""
        # Pages shift while registrations come in: the id makes sure each is there once.
        found: dict[int, PresenceRegistration] = {}
        exchanges: list[Exchange] = []
        pages = self.pages(
            start, end, enterprise_number=enterprise_number, reference=reference, page_size=page_size
        )
        for page in pages:
            found.update((registration.id, registration) for registration in page.registrations)
            exchanges.append(page.exchange)
        return SearchAnswer(tuple(found.values()), tuple(exchanges))

    def pages(
        self,
        start: date,
        end: date,
        *,
        enterprise_number: str | None = None,
        reference: str | None = None,
        page_size: int = contract.MAX_PAGE_SIZE,
    ) -> Iterator[PageAnswer]:
        """The same search page by page, each asked for when it is wanted; at least one.

        Pages shift while registrations come in: one may be shown twice.
        """
        query = {
            Wire.START_DATE: start.isoformat(),
            Wire.END_DATE: end.isoformat(),
            Wire.ENTERPRISE_NUMBER: enterprise_number or "",
            Wire.REFERENCE: reference or "",
            Wire.PAGE_SIZE: str(page_size),
            Wire.SORT: contract.Sort.OLDEST_FIRST.value,
        }
        query = {name: value for name, value in query.items() if value}
        for number in count(1):
            page, exchange = self._page(query, number=number)
            yield PageAnswer(tuple(page.items), not page.has_next, exchange)
            if not page.has_next:
                return

    def health(self) -> HealthAnswer:
        """How the service is doing; needs no token. ``NssoLater`` when it cannot be reached."""
        reply = self._transport.send(self._call("GET", contract.HEALTH))
        if reply.status not in {200, 503} or reply.document is None:
            raise failure_of(reply, writes=False)
        try:
            return HealthAnswer(contract.parse_health(reply.document), reply.exchange)
        except ContractError as violation:
            raise nonsense(reply, violation, writes=False) from violation

    def _page(self, query: Mapping[str, str], *, number: int) -> tuple[Page, Exchange]:
        reply = self._ask("GET", contract.COLLECTION, query={**query, Wire.PAGE: str(number)})
        try:
            page = contract.parse_page(reply.document)
            if page.page != number or (page.has_next and not page.items):
                raise ContractError("the page is not the one asked for")
        except ContractError as violation:
            raise nonsense(reply, violation, writes=False) from violation
        return page, reply.exchange

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        writes: bool = False,
    ) -> Reply:
        """Send with a token; when it is worn out, renew it once and send again. Returns only a success."""
        token = self._tokens.token(self._transport)
        reply = self._transport.send(self._call(method, path, token, query, body, writes=writes))
        if _is_worn_out(reply):
            self._tokens.discard(token)
            token = self._tokens.token(self._transport)
            reply = self._transport.send(self._call(method, path, token, query, body, writes=writes))
            reply = replace(reply, exchange=replace(reply.exchange, note="token renewed"))
        if reply.status != 200 or reply.document is None:
            raise failure_of(reply, writes=writes)
        return reply

    def _call(
        self,
        method: str,
        path: str,
        token: str | None = None,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        *,
        writes: bool = False,
    ) -> Call:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return Call(method, self._base_url + path, path, headers, query or {}, body, writes)


def _is_worn_out(reply: Reply) -> bool:
    problem = problem_of(reply) if reply.status == 401 else None
    return problem is not None and problem.type in _TOKEN_WORN_OUT


def _as_not_visible(error: NssoMisconfigured) -> NssoRefused | NssoMisconfigured:
    """For a single registration, a missing permission speaks of that registration only."""
    if error.problem and error.exchange and error.problem.type == ProblemType.MISSING_PERMISSION:
        return NssoRefused(NssoCode.NOT_VISIBLE, exchange=error.exchange, problem=error.problem)
    return error
