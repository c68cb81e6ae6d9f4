"""One line for each request, and one name for everything it logs: no path, no query string, no body."""

import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import structlog
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

logger = structlog.stdlib.get_logger(__name__)

# Asked every few seconds by machines; its answers are theirs to keep.
UNTOLD_ROUTES = frozenset({"health"})


class BrokenOffError(Exception):
    """The rest of a streamed answer could not be made; what was wrong stands in the line before."""


class RequestLogMiddleware:
    """Outermost of ours, so that the time it tells is the whole one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=uuid4().hex[:12]):
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse) and not response.is_async:
                response.streaming_content = _guarded(iter(response), structlog.contextvars.get_contextvars())
            _tell(request, response, ms=(time.perf_counter() - started) * 1000)
        return response


def _tell(request: HttpRequest, response: HttpResponseBase, *, ms: float) -> None:
    """The route is the pattern, not the path: paths hold secrets and codes."""
    match = request.resolver_match
    route = match.route if match else "unknown"
    if route in UNTOLD_ROUTES:
        return
    known: dict[str, str | int] = {}
    # Phone pages never look for a session; asking here for the person would make them.
    if hasattr(request, "company") and request.user.is_authenticated:
        known["user"] = str(request.user.pk)
        if request.company:
            known["company"] = str(request.company.pk)
    logger.info(
        "request", method=request.method, route=route, status=response.status_code, ms=round(ms, 1), **known
    )


def _guarded(parts: Iterator[bytes], context: dict[str, object]) -> Iterator[bytes]:
    """The web server writes down the text of whatever breaks a stream: give it nothing to repeat."""
    try:
        yield from parts
    except Exception as error:
        with structlog.contextvars.bound_contextvars(**context):
            logger.error("An answer broke off", exc_info=error)
        raise BrokenOffError from None
