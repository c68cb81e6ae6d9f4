"""A second version of the contract that exists only in tests, and a peer that speaks it beside the first.

The gateway passes everything on to the simulator. What arrives under the pilot's base path it translates,
both ways: there the national number is called `insz` and registering has another address.
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import requests

from ciao_portal.nsso import contract
from ciao_portal.nsso.contract import HealthStatus, Item, JsonObject, Page, PresenceRegistration, Result
from tests.simulator import SimulatorProcess

OLD_NAME, NEW_NAME = "ssin", "insz"


def renamed(value: object, old: str, new: str) -> Any:
    """The same JSON with one member under another name."""
    if isinstance(value, dict):
        return {new if name == old else name: renamed(inner, old, new) for name, inner in value.items()}
    return [renamed(inner, old, new) for inner in value] if isinstance(value, list) else value


class Pilot:
    """Mostly the contract there is."""

    VERSION = "9.0.0-pilot"
    BASE_PATH = "/REST/presenceRegistration/v9"
    REGISTER_IN_BULK = "/presenceRegistrations/bulk"
    COLLECTION = contract.COLLECTION
    HEALTH = contract.HEALTH

    def registration_path(self, registration_id: int) -> str:
        return contract.registration_path(registration_id)

    def search_query(
        self,
        start: date,
        end: date,
        *,
        page: int,
        page_size: int,
        enterprise_number: str | None = None,
        reference: str | None = None,
    ) -> dict[str, str]:
        return contract.search_query(
            start,
            end,
            page=page,
            page_size=page_size,
            enterprise_number=enterprise_number,
            reference=reference,
        )

    def bulk_to_wire(self, items: Sequence[Item]) -> JsonObject:
        wire: JsonObject = renamed(contract.bulk_to_wire(items), OLD_NAME, NEW_NAME)
        return wire

    def parse_bulk(self, body: object, sent: Sequence[Item]) -> tuple[Result, ...]:
        return contract.parse_bulk(renamed(body, NEW_NAME, OLD_NAME), sent)

    def parse_registration(self, body: object) -> PresenceRegistration:
        return contract.parse_registration(renamed(body, NEW_NAME, OLD_NAME))

    def parse_page(self, body: object) -> Page:
        return contract.parse_page(renamed(body, NEW_NAME, OLD_NAME))

    def parse_health(self, body: object) -> HealthStatus:
        return contract.parse_health(body)


PILOT = Pilot()


@dataclass(frozen=True)
class Seen:
    """A request as it came: its path without the query, and its body."""

    path: str
    body: str


class Gateway(ThreadingHTTPServer):
    """In front of a simulator, on a free port; used as a context manager."""

    daemon_threads = True

    def __init__(self, simulator: SimulatorProcess) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = simulator
        self.seen: list[Seen] = []
        self.base_url = f"http://127.0.0.1:{self.server_port}{contract.BASE_PATH}"
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> "Gateway":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.shutdown()
        self._thread.join(timeout=10)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Gateway
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Silent."""

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.seen.append(Seen(self.path.partition("?")[0], body.decode()))
        is_piloted = self.path.startswith(PILOT.BASE_PATH)
        path = self.path.replace(PILOT.BASE_PATH, contract.BASE_PATH, 1) if is_piloted else self.path
        if is_piloted and body:
            path = path.replace(PILOT.REGISTER_IN_BULK, contract.REGISTER_IN_BULK)
            body = json.dumps(renamed(json.loads(body), NEW_NAME, OLD_NAME)).encode()
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in {"host", "content-length", "connection"}
        }
        with requests.Session() as session:
            session.trust_env = False
            url = self.server.behind.address + path
            answer = session.request(self.command, url, data=body, headers=headers, timeout=10)
        document = answer.json()
        self._answer(answer, renamed(document, OLD_NAME, NEW_NAME) if is_piloted else document)

    do_GET = do_POST = _pass_on  # noqa: N815 - names http.server looks for

    def _answer(self, answer: requests.Response, document: object) -> None:
        content = json.dumps(document).encode()
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
