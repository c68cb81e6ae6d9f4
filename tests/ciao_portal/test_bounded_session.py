"""A peer that answers without end, or a byte at a time, is left."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from ciao_portal import bounded_session
from ciao_portal.bounded_session import MOST_BYTES, TooMuchError, bound

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
# Between two bytes; so many of them that a time-out for each would never be reached.
PAUSE_S, SECONDS = 0.02, 4.0


@contextmanager
def answering(at_once: bytes, drips: bytes = b"", at_last: bytes = b"") -> Iterator[str]:
    """The address of a peer that answers one request: a part at once, a part byte by byte, then the rest."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        peer, _address = listener.accept()
        with peer:
            peer.recv(65536)
            peer.sendall(at_once)
            for number in range(len(drips)):
                # Whoever cut the connection is not spoken to any more.
                if select.select([peer], [], [], PAUSE_S)[0]:
                    return
                peer.sendall(drips[number : number + 1])
            peer.sendall(at_last)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        thread.join(10)
        listener.close()


def fetched(url: str) -> bytes:
    with bound(requests.Session()) as session:
        return session.get(url).content


def test_a_plain_reply_is_read_whole() -> None:
    with answering(HEAD + b"Content-Length: 5\r\n\r\nhello") as url:
        assert fetched(url) == b"hello"


@pytest.mark.parametrize("length", [b"Content-Length: %d\r\n" % (MOST_BYTES + 1), b""])
def test_a_reply_that_is_too_long_is_left(length: bytes) -> None:
    with answering(HEAD + length + b"\r\n" + b"x" * (MOST_BYTES + 1)) as url, pytest.raises(TooMuchError):
        fetched(url)


def test_the_longest_reply_is_read() -> None:
    with answering(HEAD + b"\r\n" + b"x" * MOST_BYTES) as url:
        assert len(fetched(url)) == MOST_BYTES


def test_a_reply_that_is_no_gzip_is_refused_as_every_other() -> None:
    spoiled = HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"
    with answering(spoiled) as url, pytest.raises(requests.RequestException):
        fetched(url)


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_reply_that_drips_is_cut_in_time(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    monkeypatch.setattr(bounded_session, "TIMEOUT_S", 0.5)
    drips = b"x" * int(SECONDS / PAUSE_S)
    length = b"Content-Length: %d\r\n" % (len(drips) + 1)
    if part == "head":
        peer = answering(HEAD + b"X-Slow: ", drips, b"\r\nContent-Length: 2\r\n\r\nok")
    else:
        peer = answering(HEAD + length + b"\r\n", drips, b"!")
    with peer as url, pytest.raises(requests.RequestException):
        fetched(url)
