"""A peer that answers whatever bytes a test wants, over a real socket."""

import socket
import struct
import threading
import time
from types import TracebackType

HEAD = "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n{more}\r\n"


def answer(
    body: bytes = b"{}", *, status: str = "200 OK", media_type: str = "application/json", more: str = ""
) -> bytes:
    head = HEAD.format(status=status, media_type=media_type, length=len(body), more=more)
    return head.encode() + body


class HostileServer:
    """Answers every request with ``reply``, then closes; with ``reset`` the connection is reset instead.

    ``pace_s`` is the pause after every byte. ``heard`` holds the heads of the requests.
    """

    def __init__(self, reply: bytes | None, *, reset: bool = False, pace_s: float = 0.0) -> None:
        self._reply = reply
        self._reset = reset
        self._pace_s = pace_s
        self.heard: list[bytes] = []
        self._ending = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> "HostileServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ending.set()
        with socket.create_connection(self._socket.getsockname()):
            self._thread.join(timeout=10)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection:
                if self._ending.is_set():
                    return
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        self.heard.append(connection.recv(65536))
        if self._reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif self._reply is None:
            self._ending.wait(10)
        else:
            self._send(connection, self._reply)

    def _send(self, connection: socket.socket, reply: bytes) -> None:
        try:
            if not self._pace_s:
                connection.sendall(reply)
                # What the client still sends is read, so that closing is orderly.
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(1)
                while connection.recv(65536):
                    pass
                return
            for byte in reply:
                connection.send(bytes([byte]))
                time.sleep(self._pace_s)
        except OSError:
            return
