"""What is fetched from a peer that nobody vouches for: bounded in bytes and in time, however it answers.

The time-out of a socket starts again with every byte. Here a thread of its own cuts the connection when the
head of a reply or its body takes longer than that altogether.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

# For connecting, for the head of the reply and for its body, each.
TIMEOUT_S = 5.0
MOST_BYTES = 256 * 1024

S = TypeVar("S", bound=requests.Session)


class TooMuchError(requests.RequestException):
    """The reply is longer than MOST_BYTES."""


def bound(session: S) -> S:
    """The same session, which reads no more and waits no longer than this module says.

    It uses no proxies and no passwords from the machine's own surroundings either. Its calls raise
    requests.RequestException.
    """
    session.trust_env = False
    for scheme in ("https://", "http://"):
        session.mount(scheme, _BoundedAdapter())
    return session


class _BoundedAdapter(HTTPAdapter):
    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _HttpsConnection if pool.scheme == "https" else _HttpConnection
        return pool

    def send(self, request: requests.PreparedRequest, *_args: Any, **kwargs: Any) -> requests.Response:
        kwargs |= {"stream": True, "timeout": TIMEOUT_S}
        reply = super().send(request, **kwargs)
        try:
            with _cut_in_time(reply.raw.shutdown):
                content = reply.raw.read(MOST_BYTES + 1, decode_content=True)
        except (HTTPError, OSError) as error:
            raise requests.ConnectionError(type(error).__name__, request=request) from None
        finally:
            reply.raw.close()
        if len(content) > MOST_BYTES:
            raise TooMuchError(request=request)
        reply.raw = BytesIO(content)
        return reply


class _HttpConnection(HTTPConnection):
    def getresponse(self) -> Any:
        with _cut_in_time(self.sock.shutdown, socket.SHUT_RD):
            return super().getresponse()


class _HttpsConnection(HTTPSConnection):
    def getresponse(self) -> Any:
        with _cut_in_time(self.sock.shutdown, socket.SHUT_RD):
            return super().getresponse()


@contextmanager
def _cut_in_time(cut: Callable[..., object], *given: object) -> Iterator[None]:
    """Raises TimeoutError after a cut: what was read until then may look whole."""
    is_late = threading.Event()

    def cut_off() -> None:
        is_late.set()
        # Reading may have ended just before.
        with suppress(OSError, RuntimeError, ValueError):
            cut(*given)

    timer = threading.Timer(TIMEOUT_S, cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if is_late.is_set():
        raise TimeoutError
