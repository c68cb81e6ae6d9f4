"""Brings a request to its operation, and plays the faults."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from ciao_portal.nsso.contract import (
    BASE_PATH,
    COLLECTION,
    DOCUMENT,
    HEALTH,
    REGISTER_IN_BULK,
    TOKEN_PATH,
    ProblemType,
    Wire,
)
from ciao_portal.nsso.simulator.chance import Chance
from ciao_portal.nsso.simulator.control import PREFIX, Control
from ciao_portal.nsso.simulator.faults import Fault, FaultKind, FaultList
from ciao_portal.nsso.simulator.incoming import Request
from ciao_portal.nsso.simulator.openapi import document
from ciao_portal.nsso.simulator.operations import Operations
from ciao_portal.nsso.simulator.problems import (
    Answer,
    Delivery,
    Refusal,
    by_status,
    method_not_allowed,
    not_found,
    service_unavailable,
    too_many_requests,
)
from ciao_portal.nsso.simulator.reference import Client, parse_sections
from ciao_portal.nsso.simulator.store import Store
from ciao_portal.nsso.simulator.tokens import OauthRefusal, Tokens
from ciao_portal.nsso.simulator.validation import Validation

_ONE = re.compile(re.escape(BASE_PATH + COLLECTION) + r"/([^/]+)")
_NUMBER = re.compile(r"[0-9]{1,18}")
_METHODS = {
    TOKEN_PATH: "POST",
    BASE_PATH + REGISTER_IN_BULK: "POST",
    BASE_PATH + COLLECTION: "GET",
    BASE_PATH + HEALTH: "GET",
    BASE_PATH + DOCUMENT: "GET",
}
_QUIRKS = {FaultKind.MALFORMED_ITEM, FaultKind.UNKNOWN_VALIDITY, FaultKind.UNKNOWN_REMARK}
_PAGE = "<!doctype html><title>Maintenance</title><p>The service is being maintained.</p>"


class Simulator:
    """The whole peer but its sockets."""

    def __init__(self, data: Path, *, port: int, delay_s: float, chance: Chance) -> None:
        self.address = f"http://127.0.0.1:{port}"
        # The token addresses an assertion may name.
        audiences = [f"http://{host}:{port}{TOKEN_PATH}" for host in ("127.0.0.1", "localhost", "[::1]")]
        self._store = Store(data, first_number=chance.first_number())
        self._validation = Validation(self._store, delay_s=delay_s)
        self._faults = FaultList()
        self._tokens = Tokens(self._store, audiences, chance)
        self._operations = Operations(self._store, self._validation, self.address + BASE_PATH)
        self._control = Control(self._store, self._validation, self._faults)

    def load_reference(self, document: object) -> None:
        """Replace the sections given in a reference document. Raises ``ContractError`` when malformed."""
        self._validation.change_reference(parse_sections(document))

    def keep_checking(self, stopping: threading.Event) -> None:
        self._validation.run(stopping)

    def close(self) -> None:
        self._store.close()

    def answer(self, request: Request) -> Answer:
        """The answer to a request; never raises for anything a client can send."""
        try:
            if request.path == PREFIX or request.path.startswith(f"{PREFIX}/"):
                return self._control.answer(request)
            return self._route(request)
        except (Refusal, OauthRefusal) as refusal:
            return refusal.answer()

    def _route(self, request: Request) -> Answer:
        one = _ONE.fullmatch(request.path) if request.path not in _METHODS else None
        allowed = "GET" if one else _METHODS.get(request.path)
        if allowed is None:
            raise Refusal(ProblemType.RESOURCE_NOT_FOUND, detail="There is no such address.")
        if request.method != allowed:
            raise method_not_allowed([allowed])
        if not request.takes_json:
            raise by_status(HTTPStatus.NOT_ACCEPTABLE)
        return self._public(request) or self._for_clients(request, one[1] if one else "")

    def _public(self, request: Request) -> Answer | None:
        """What needs no token."""
        if request.path == TOKEN_PATH:
            return self._token(request)
        if request.path == BASE_PATH + HEALTH:
            return self._operations.health()
        if request.path == BASE_PATH + DOCUMENT:
            return Answer(200, document(self.address))
        return None

    def _for_clients(self, request: Request, number: str) -> Answer:
        clients = self._validation.reference.clients
        client = self._tokens.client_of(request.headers.get("authorization"), clients)
        if request.path == BASE_PATH + REGISTER_IN_BULK:
            return self._register(request, client)
        if request.path == BASE_PATH + COLLECTION:
            return self._operations.search(request, client)
        if not _NUMBER.fullmatch(number):
            raise not_found(Wire.ID, number)
        return self._operations.show(int(number), client)

    def _token(self, request: Request) -> Answer:
        if self._faults.take(for_token=True):
            raise OauthRefusal("invalid_client", 401)
        if request.media_type != "application/x-www-form-urlencoded":
            raise OauthRefusal("invalid_request")
        return self._tokens.issue(request.body, self._validation.reference.clients)

    def _register(self, request: Request, client: Client) -> Answer:
        fault = self._faults.take(for_token=False)
        if fault is None:
            return self._operations.register_in_bulk(request, client)
        if fault.kind in _QUIRKS:
            return self._operations.register_in_bulk(request, client, fault.kind)
        return self._without_write(fault, request, client) or self._after_write(fault, request, client)

    def _without_write(self, fault: Fault, request: Request, client: Client) -> Answer | None:
        """Faults that meet the client before anything is stored."""
        match fault.kind:
            case FaultKind.TOKEN_EXPIRED:
                self._tokens.expire(request.headers.get("authorization", ""))
                raise Refusal(ProblemType.EXPIRED_ACCESS_TOKEN)
            case FaultKind.TOO_MANY_REQUESTS:
                raise too_many_requests(1 if fault.retry_after is None else fault.retry_after)
            case FaultKind.SERVICE_UNAVAILABLE:
                raise service_unavailable(fault.retry_after)
            case FaultKind.CONNECTION_RESET:
                return Answer(200, {}, delivery=Delivery.RESET)
            case FaultKind.HTML_ANSWER:
                return Answer(200, _PAGE, media_type="text/html; charset=utf-8")
            case FaultKind.TIMEOUT_BEFORE_LATE_WRITE:
                return self._late_write(fault, request, client)
        return None

    def _late_write(self, fault: Fault, request: Request, client: Client) -> Answer:
        cleared = self._control.cleared

        def write() -> None:
            if self._control.cleared == cleared:
                self._operations.register_in_bulk(request, client)

        return Answer(200, {}, delivery=Delivery.NEVER, after_s=fault.seconds, afterwards=write)

    def _after_write(self, fault: Fault, request: Request, client: Client) -> Answer:
        """Faults that meet the client after the items are stored."""
        answer = self._operations.register_in_bulk(request, client)
        match fault.kind:
            case FaultKind.TIMEOUT_AFTER_WRITE:
                return replace(answer, delivery=Delivery.NEVER, after_s=fault.seconds)
            case FaultKind.TRUNCATED_JSON:
                return replace(answer, delivery=Delivery.HALF)
            case _:
                return replace(answer, after_s=fault.seconds)
