"""The control addresses, for whoever runs the simulator: on loopback only."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from ciao_portal.nsso.contract import ContractError, JsonObject, ProblemType, Wire, format_moment
from ciao_portal.nsso.simulator.faults import FaultList, parse_faults
from ciao_portal.nsso.simulator.incoming import Request, bad_request, malformed
from ciao_portal.nsso.simulator.intake import envelope_issues, item_issues
from ciao_portal.nsso.simulator.problems import Answer, Refusal, method_not_allowed
from ciao_portal.nsso.simulator.reference import client_from_json, parse_sections
from ciao_portal.nsso.simulator.rows import Stored, as_moment
from ciao_portal.nsso.simulator.store import Store
from ciao_portal.nsso.simulator.validation import Validation

PREFIX = "/_simulator"
_LOOPBACK_HOSTS = {"127.0.0.1", "localhost", "[::1]"}
_LONGEST_ADVANCE_S = 10 * 366 * 24 * 3600.0


class Control:
    def __init__(self, store: Store, validation: Validation, faults: FaultList) -> None:
        self._store = store
        self._validation = validation
        self._faults = faults
        self._changing = threading.Lock()
        self.cleared = 0
        """How often everything was forgotten; a write held back since before must not land."""

    def answer(self, request: Request) -> Answer:
        # A web page whose name was pointed at this machine is told apart by the host it asks for.
        if request.headers.get("host", "").rsplit(":", 1)[0] not in _LOOPBACK_HOSTS:
            raise Refusal(ProblemType.MISSING_PERMISSION)
        actions = {
            ("GET", "/registrations"): self._registrations,
            ("GET", "/reference"): self._show_reference,
            ("PUT", "/reference"): self._put_reference,
            ("POST", "/clients"): self._add_client,
            ("GET", "/presences"): self._presences,
            ("POST", "/presences"): self._add_presences,
            ("GET", "/faults"): self._show_faults,
            ("PUT", "/faults"): self._put_faults,
            ("POST", "/advance"): self._advance,
            ("DELETE", ""): self._clear,
        }
        path = request.path.removeprefix(PREFIX).rstrip("/")
        action = actions.get((request.method, path))
        if action is None:
            allowed = [method for method, other in actions if other == path]
            raise method_not_allowed(allowed) if allowed else Refusal(ProblemType.RESOURCE_NOT_FOUND)
        try:
            return Answer(200, action(request))
        except ContractError as violation:
            raise malformed(violation) from None

    def _registrations(self, _request: Request) -> JsonObject:
        return _shown(self._store.taken_in())

    def _presences(self, _request: Request) -> JsonObject:
        return _shown(self._store.registered_elsewhere())

    def _add_presences(self, request: Request) -> JsonObject:
        body = request.json()
        issues = envelope_issues(body)
        if issues or not isinstance(body, dict):
            raise bad_request(issues)
        rows: list[JsonObject] = body[Wire.ITEMS]
        now = datetime.now(UTC)
        issues = [issue for index, row in enumerate(rows) for issue in item_issues(row, index, now)]
        if issues:
            raise bad_request(issues)
        with self._changing:
            numbers = self._validation.add_presences(rows)
        return {Wire.ITEMS: [{**row, Wire.ID: number} for row, number in zip(rows, numbers, strict=True)]}

    def _show_reference(self, _request: Request) -> JsonObject:
        return dict(self._store.sections())

    def _put_reference(self, request: Request) -> JsonObject:
        sections = parse_sections(request.json())
        with self._changing:
            self._validation.change_reference(sections)
        return {name: len(rows) for name, rows in sections.items()}

    def _add_client(self, request: Request) -> JsonObject:
        row = request.json()
        client = client_from_json(row, "client")
        with self._changing:
            others = [
                other
                for other in self._store.sections().get("clients", [])
                if not isinstance(other, dict) or other.get("clientId") != client.client_id
            ]
            self._validation.change_reference({"clients": [*others, row]})
        return {"clients": len(others) + 1}

    def _show_faults(self, _request: Request) -> JsonObject:
        return self._faults.to_json()

    def _put_faults(self, request: Request) -> JsonObject:
        self._faults.replace(parse_faults(request.json()))
        return self._faults.to_json()

    def _advance(self, request: Request) -> JsonObject:
        document = request.json()
        seconds = document.get("seconds") if isinstance(document, dict) else None
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            raise ContractError("seconds is not a number")
        if not 0 <= seconds <= _LONGEST_ADVANCE_S:
            raise ContractError("seconds must lie between 0 and ten years")
        self._validation.advance(float(seconds))
        return {"validationClock": format_moment(as_moment(self._validation.now()))}

    def _clear(self, _request: Request) -> JsonObject:
        with self._changing:
            self.cleared += 1
            self._faults.replace([])
            self._validation.clear()
        return {}


def _shown(rows: Sequence[Stored]) -> JsonObject:
    return {
        Wire.ITEMS: [
            {**stored.wire, Wire.ID: stored.id, "receivedAt": _to_the_millisecond(stored.received)}
            for stored in rows
        ]
    }


def _to_the_millisecond(seconds: float) -> str:
    return as_moment(seconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")
