"""The simulator's HTTP server: threads, keep-alive, loopback only."""

from __future__ import annotations

import json
import logging
import re
import signal
import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from ciao_portal.nsso.contract import ProblemType, Wire
from ciao_portal.nsso.simulator.chance import Chance
from ciao_portal.nsso.simulator.control import PREFIX
from ciao_portal.nsso.simulator.incoming import Request
from ciao_portal.nsso.simulator.problems import PROBLEM_MEDIA_TYPE, Answer, Delivery, Refusal, by_status
from ciao_portal.nsso.simulator.service import Simulator

HOST = "127.0.0.1"
_MAX_BODY = 2 * 1024 * 1024
_MAX_CONTROL_BODY = 64 * 1024 * 1024
_IDLE_S = 120
_TRACE_ID = re.compile(r"[\x21-\x7e]{1,36}")

logger = logging.getLogger(__name__)


class Handler(BaseHTTPRequestHandler):
    """One connection; answers request after request until the client leaves."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_S
    # Head and body leave in one piece: two would wait for each other's acknowledgement on a kept connection.
    wbufsize = -1
    disable_nagle_algorithm = True

    def version_string(self) -> str:
        """The header ``Server`` of every answer: the portal shows "simulation" by it."""
        return "nsso-simulator"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Silent: one line when ready is all the simulator prints."""

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def send_error(self, code: int, *_texts: str | None) -> None:
        """For requests that are no HTTP: http.server would send a web page."""
        self.close_connection = True
        self._deliver(by_status(code).answer())

    def answer(self) -> None:
        try:
            request = self._request()
            answer = self.server.simulator.answer(request)
        except Refusal as refusal:
            self.close_connection = True
            answer = refusal.answer()
        except Exception:
            logger.exception("The simulator failed on %s", self.command)
            answer = Refusal(ProblemType.INTERNAL_SERVER_ERROR).answer()
        self._deliver(answer)

    # http.server looks for these names; it answers 501 to a method that is none of them.
    do_GET = do_HEAD = do_QUERY = answer  # noqa: N815
    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = answer  # noqa: N815

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        limit = _MAX_CONTROL_BODY if parts.path.startswith(PREFIX) else _MAX_BODY
        body = self._body(limit)
        try:
            query = parse_qs(parts.query, keep_blank_values=True, max_num_fields=50)
        except ValueError:
            raise Refusal(ProblemType.BAD_REQUEST) from None
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, parts.path, query, headers, body)

    def _body(self, limit: int) -> bytes:
        """The body by its length; refused when its length is unknown or too large."""
        text = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (text.isascii() and text.isdigit()):
            raise Refusal(ProblemType.BAD_REQUEST, detail="Send a Content-Length.")
        length = int(text[:18])
        if length > limit:
            # What is on its way is read and dropped: a client still sending would never see the answer.
            self._drop(min(length, _MAX_CONTROL_BODY))
            raise Refusal(ProblemType.PAYLOAD_TOO_LARGE, more={Wire.LIMIT: limit})
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionError("the client left while sending")
        return body

    def _drop(self, length: int) -> None:
        while length > 0:
            dropped = len(self.rfile.read(min(length, 64 * 1024)))
            length = length - dropped if dropped else 0

    def _deliver(self, answer: Answer) -> None:
        if answer.after_s:
            self.server.stopping.wait(answer.after_s)
        if answer.afterwards and not self.server.stopping.is_set():
            answer.afterwards()
        if answer.delivery is Delivery.RESET:
            # Closing with a linger of 0 seconds sends a reset instead of an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        if answer.delivery in (Delivery.RESET, Delivery.NEVER):
            self.close_connection = True
            return
        trace_id = self.server.chance.trace_id()
        document = answer.document
        if answer.media_type == PROBLEM_MEDIA_TYPE and isinstance(document, dict):
            document = {**document, Wire.INSTANCE: f"urn:uuid:{trace_id}"}
        content = (document if isinstance(document, str) else json.dumps(document)).encode()
        if answer.delivery is Delivery.HALF:
            content = content[: len(content) // 2]
        self._write(answer, content, trace_id)

    def _write(self, answer: Answer, content: bytes, trace_id: str) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header(Wire.TRACE_ID, trace_id)
        if asked := self._asked_trace_id():
            self.send_header(Wire.RELATED_TRACE_ID, asked)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        self.wfile.flush()

    def _asked_trace_id(self) -> str:
        """The client's own trace id, if it is one: the answer has another and refers to this."""
        # A request that was no HTTP has no headers.
        headers = getattr(self, "headers", None)
        asked = headers.get(Wire.TRACE_ID, "") if headers else ""
        return asked if _TRACE_ID.fullmatch(asked) else ""


class Server(ThreadingHTTPServer):
    """Listens on loopback. Port 0 takes a free one; raises OSError when the port is taken."""

    request_queue_size = 128
    daemon_threads = True

    def __init__(self, port: int, *, data: Path, delay_s: float, seed: int | None = None) -> None:
        self.stopping = threading.Event()
        super().__init__((HOST, port), Handler)
        self.chance = Chance(seed)
        self.simulator = Simulator(data, port=self.server_port, delay_s=delay_s, chance=self.chance)

    def run(self, when_ready: Callable[[str], None]) -> None:
        """Serve until SIGTERM or SIGINT; ``when_ready`` gets the address once connections are taken."""
        checking = threading.Thread(target=self.simulator.keep_checking, args=(self.stopping,), daemon=True)
        checking.start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop())
        when_ready(self.simulator.address)
        self.serve_forever(poll_interval=0.1)
        self.server_close()
        checking.join()
        self.simulator.close()

    def _stop(self) -> None:
        self.stopping.set()
        # shutdown() waits for the loop, which runs in the thread this signal interrupts.
        threading.Thread(target=self.shutdown, daemon=True).start()
