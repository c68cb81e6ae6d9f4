"""One chain for every log line of every process, so that nothing personal leaves by the logs.

Lines of our own, of Django, of django-q and of the web server all pass here. Exceptions are told by their
type and the places they went through: their text may repeat a value. What still looks like a national number,
or a secret in a path, is masked at the very end.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from datetime import date
from types import TracebackType
from typing import Any, TextIO

import structlog
from django.http import HttpRequest
from structlog.typing import EventDict, Processor, WrappedLogger

from ciao_portal.errors import DomainError
from ciao_portal.identifiers import parse_ssin

MASK = "•••"
# Eleven digits with up to three separators after each: every writing people use, and some they do not.
# Looked for at every position, because a date in front could otherwise swallow the first digits.
ELEVEN_DIGITS = re.compile(r"(?<!\d)(?=((?:\d[\s./_–-]{0,3}){10}\d)(?!\d))")
# Addresses whose next part is a secret, a key or a code; `tests/ciao_portal/test_logs.py` compares the table.
SECRET_PATHS = re.compile(
    r"(/(?:p/sign-in|r|p|c|kiosk/pair|status|inspect|verify|calendar|invitations|accounts/confirm-email|accounts/password/reset/key)/)[^/\s?#\"']+"
)
QUERY = re.compile(r"(/[^\s?\"']*)\?[^\s\"']+")
LEVELS = {"weasyprint": "WARNING", "fontTools": "WARNING", "django.db.backends": "WARNING"}
"""Rendering a poster tells a dozen lines of no use to anybody; SQL would hold names."""

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def mask(text: str) -> str:
    """The text without national numbers, query strings and secrets in paths."""
    # Most values of a line are a word: what is too short or no path needs no closer look.
    if "/" in text:
        text = QUERY.sub(rf"\1?{MASK}", SECRET_PATHS.sub(rf"\1{MASK}", text))
    if len(text) < 11:
        return text
    # From the end, so that the places found before stay where they are.
    for found in reversed(list(ELEVEN_DIGITS.finditer(text))):
        if _is_national_number(found[1]):
            text = text[: found.start(1)] + MASK + text[found.end(1) :]
    return text


def _is_national_number(text: str) -> bool:
    digits = "".join(sign for sign in text if sign.isdecimal())
    try:
        parse_ssin(digits, today=date.max)
    except DomainError:
        return False
    return True


def places(error: BaseException) -> str:
    """The type of an exception and where it went through, with its causes; never its text."""
    parts = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        where = "".join(
            f"\n  {frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)
        )
        parts.append(f"{type(cause).__module__}.{type(cause).__qualname__}{where}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\nafter ".join(parts)


def places_of_text(text: str) -> str:
    """The same of a traceback that somebody else has already made a text of."""
    kept = [
        line.split(": ", 1)[0] if not line.startswith(" ") else line
        for line in text.splitlines()
        if line.startswith('  File "') or re.match(r"[A-Za-z_][\w.]*(?:: |$)", line)
    ]
    return "\n".join(kept)


def tell_places(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Replace exception and stack of a line by type and places."""
    error = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = places(error)
    return event


def tell_route(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Lines that Django writes about a request name its path: name its route instead."""
    request = getattr(event.get("_record"), "request", None)
    if not isinstance(request, HttpRequest):
        return event
    match = request.resolver_match
    event["route"] = match.route if match else "unknown"
    event["event"] = str(event["event"]).replace(request.path, event["route"])
    return event


def mask_values(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """The last guard: nothing that looks like a national number or a secret passes."""
    return {name: value if name.startswith("_") else _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {_masked(name): _masked(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(part) for part in value]
    if value is None or isinstance(value, bool | float):
        return value
    shown = str(value)
    masked = mask(shown)
    return value if isinstance(value, int) and masked == shown else masked


class Console(logging.StreamHandler[TextIO]):
    """Writes to standard error."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        """A line that cannot be written is told as such: logging itself would repeat its arguments."""
        sys.stderr.write(f"A log line of {record.name} could not be written.\n")


def _chain() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]


def formatter(*, as_json: bool) -> structlog.stdlib.ProcessorFormatter:
    """What turns a record into a line: JSON for machines, readable for a terminal."""
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, timestamp_key="at", pad_event_to=0)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_chain(),
        processors=[
            tell_route,
            tell_places,
            mask_values,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            renderer,
        ],
    )


def configuration(*, as_json: bool) -> dict[str, Any]:
    """The `LOGGING` of the settings; the web server starts with the same."""
    make: Callable[..., structlog.stdlib.ProcessorFormatter] = formatter
    # These bring handlers of their own, which would pass the chain by.
    brought_along = ("django", "django.server", "_granian")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": make, "as_json": as_json}},
        "handlers": {"console": {"class": "ciao_portal.logs.Console", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            **{name: {"level": level} for name, level in LEVELS.items()},
            **{name: {"handlers": [], "propagate": True} for name in brought_along},
            # Answers below 500 stand in the line of the request already.
            "django.request": {"level": "ERROR"},
        },
    }


def configure_structlog() -> None:
    """Lead structlog's own loggers into the same chain."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_chain(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
