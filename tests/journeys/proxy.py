"""A small proxy in front of the portal, so that a browser can lose its signal without knowing it.

What the browser says of itself (`navigator.onLine`) does not change; only the answers do.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from enum import Enum, auto

PIECE = 65_536
WAIT_S = 20.0
PORTAL_OF_A_HOTEL = b"<!doctype html><title>Welcome</title><h1>Welcome to our network</h1>"


class Line(Enum):
    """What becomes of a connection."""

    OPEN = auto()
    DEAD = auto()  # cut before anything is sent on
    ANSWER_LOST = auto()  # sent on and answered; the answer never arrives
    HOTEL = auto()  # somebody else answers, with a page of their own
    BAD_GATEWAY = auto()  # a balancer finds no server behind it


class Proxy:
    """Listens on a port of its own; `line` may be changed at any time and cuts what is open."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._line = Line.OPEN
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        # Whole requests that were sent on while answers were lost, by their first line.
        self.lost: list[str] = []
        # What came back over the wire while the line was open.
        self.bytes_back = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def line(self) -> Line:
        return self._line

    @line.setter
    def line(self, line: Line) -> None:
        self._line = line
        for connection in list(self._open):
            _shut(connection)

    def close(self) -> None:
        _shut(self._listener)
        self.line = Line.DEAD

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with self._listed(client):
            # Answers lost later are those of this connection's requests: decided when it begins.
            if self._line is Line.OPEN:
                self._pass_on(client)
            elif self._line is Line.ANSWER_LOST:
                self._lose_answer(client)
            elif self._line is not Line.DEAD and _request(client):
                client.sendall(_answer(self._line))

    def _pass_on(self, client: socket.socket) -> None:
        server = socket.create_connection(self._target, timeout=WAIT_S)
        with self._listed(server):
            back = threading.Thread(target=self._pump_back, args=(server, client), daemon=True)
            back.start()
            for _piece in _pump(client, server):
                pass
            back.join(WAIT_S)

    def _pump_back(self, server: socket.socket, client: socket.socket) -> None:
        for piece in _pump(server, client):
            self.bytes_back += len(piece)

    def _lose_answer(self, client: socket.socket) -> None:
        request = _request(client)
        if not request:
            return
        with socket.create_connection(self._target, timeout=WAIT_S) as server:
            server.sendall(request)
            server.recv(PIECE)
        self.lost.append(request.split(b"\r\n", 1)[0].decode())

    @contextlib.contextmanager
    def _listed(self, connection: socket.socket) -> Iterator[None]:
        self._open.add(connection)
        try:
            with contextlib.suppress(OSError):
                yield
        finally:
            self._open.discard(connection)
            _shut(connection)


def _pump(source: socket.socket, sink: socket.socket) -> Iterator[bytes]:
    """Hands on what comes until one side ends, telling each piece."""
    with contextlib.suppress(OSError):
        while piece := source.recv(PIECE):
            sink.sendall(piece)
            yield piece
    _shut(sink)


def _request(client: socket.socket) -> bytes:
    """One whole request; empty when the browser only tried whether somebody is there."""
    client.settimeout(WAIT_S)
    received = b""
    while b"\r\n\r\n" not in received:
        piece = client.recv(PIECE)
        if not piece:
            return b""
        received += piece
    head, _end, body = received.partition(b"\r\n\r\n")
    lines = [line.partition(b":") for line in head.lower().split(b"\r\n")]
    length = next((int(value) for name, _colon, value in lines if name == b"content-length"), 0)
    while len(body) < length:
        body += client.recv(PIECE)
    return head + b"\r\n\r\n" + body


def _answer(line: Line) -> bytes:
    status = b"200 OK" if line is Line.HOTEL else b"502 Bad Gateway"
    return b"HTTP/1.1 %b\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (
        status,
        len(PORTAL_OF_A_HOTEL),
        PORTAL_OF_A_HOTEL,
    )


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
