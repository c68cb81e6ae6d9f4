"""A load generator that costs little: one thread, keep-alive sockets, requests written in advance.

It shares the machine with what it measures, so every microsecond it saves is one less to explain.
"""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

ANSWER_S = 30.0
LONGEST_READ = 65536


@dataclass
class Traffic:
    """What came back: the seconds each answer took, how many were no good, and the seconds in all."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    elapsed: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def milliseconds(self, share: float) -> float:
        """The time within which this share of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


class _Client:
    """One keep-alive connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self._received = b""

    def send(self, request: bytes) -> None:
        self._received = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def answer(self) -> bytes | None:
        """The whole answer once it is there. Raises ConnectionError when the server hung up."""
        data = self.socket.recv(LONGEST_READ)
        if not data:
            raise ConnectionError("the server closed the connection")
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank:
            return None
        return self._received if len(body) >= _length(head) else None


def _length(head: bytes) -> int:
    _before, name, after = head.lower().partition(b"content-length:")
    return int(after.split(b"\r\n", 1)[0]) if name else 0


def drive(
    port: int, *, clients: int, seconds: float, request: Callable[[], bytes], is_good: Callable[[bytes], bool]
) -> Traffic:
    """Keep so many clients asking for so long; every request that was sent is waited for."""
    traffic = Traffic()
    selector = selectors.DefaultSelector()
    everybody = [_Client(port) for _ in range(clients)]
    started = time.perf_counter()
    deadline = started + seconds
    for client in everybody:
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.send(request())
    under_way = clients
    while under_way:
        ready = selector.select(ANSWER_S)
        if not ready:
            traffic.errors += under_way
            break
        for key, _mask in ready:
            client = key.data
            answer = client.answer()
            if answer is None:
                continue
            now = time.perf_counter()
            if is_good(answer):
                traffic.seconds.append(now - client.sent_at)
            else:
                traffic.errors += 1
            if now < deadline:
                client.send(request())
            else:
                under_way -= 1
    traffic.elapsed = time.perf_counter() - started
    for client in everybody:
        client.socket.close()
    selector.close()
    return traffic
