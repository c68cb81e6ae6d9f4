"""What a log line may tell, and what it never tells."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import path

from ciao_portal import logs
from ciao_portal.permissions import Permission, requires
from ciao_portal.request_log import BrokenOffError, RequestLogMiddleware
from ciao_portal.tasks import forget_words
from tests.architecture.addresses import all_patterns
from tests.cast import SSINS, Cast

NUMBER = "85073003328"
WRITINGS = (
    "85073003328",
    "85.07.30-033.28",
    "850730 033 28",
    "85/07/30-033/28",
    "85 07 30 - 033 - 28",
    "٨٥٠٧٣٠٠٣٣٢٨",
)


@requires(Permission.ANYONE)
def broken(request: HttpRequest, number: str) -> HttpResponse:
    try:
        int(f"{number} is no number")
    except ValueError as error:
        raise RuntimeError(number) from error
    raise AssertionError


urlpatterns = [path("broken/<str:number>/", broken)]


class Lines:
    """What was written, line by line."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    def as_json(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture(params=["json", "text"])
def lines(request: pytest.FixtureRequest) -> Iterator[Lines]:
    """Everything that is logged, as it is written in this form."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter(as_json=request.param == "json"))
    logging.getLogger().addHandler(handler)
    yield Lines(stream)
    logging.getLogger().removeHandler(handler)


only_json = pytest.mark.parametrize("lines", ["json"], indirect=True)


@pytest.mark.parametrize("writing", WRITINGS)
def test_a_national_number_is_masked_in_every_writing(writing: str) -> None:
    for text in (
        writing,
        f"of 2026-11-22 {writing}, 12",
        f"ssin={writing}&x",
        f"1 {writing}",
        f"'{writing}'",
    ):
        masked = logs.mask(text)
        assert writing not in masked
        assert masked.replace(logs.MASK, writing) == text


@pytest.mark.parametrize(
    "text",
    [
        "85073003329",
        "2026-11-22T02:10:31.867665Z",
        "0197f0c2-1234-5678-9012-123456789012",
        "0206.731.645",
        "17611",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert logs.mask(text) == text


def test_every_address_with_a_secret_is_masked() -> None:
    routes = [
        route
        for _name, route, _view in all_patterns()
        if any(word in route for word in ("<str:secret>", "<str:code>", "<key>"))
    ]
    assert len(routes) >= 8
    plain = {"<str:secret>": "CANARY", "<str:code>": "CANARY", r"(?P<key>[-:\w]+)": "CANARY"}
    plain |= {r"(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)": "1-CANARY", "^": "", "$": ""}
    for route in routes:
        address = f"/{route}"
        for pattern, value in plain.items():
            address = address.replace(pattern, value)
        assert "CANARY" in address
        assert "CANARY" not in logs.mask(f"Not Found: {address}?next=CANARY")


def test_no_line_holds_the_number_wherever_it_is_put(lines: Lines) -> None:
    log = structlog.stdlib.get_logger("canary")
    with structlog.contextvars.bound_contextvars(who=NUMBER):
        log.info(
            f"in the words {NUMBER}", value=NUMBER, whole=int(NUMBER), inside={"list": [NUMBER], NUMBER: 1}
        )
    logging.getLogger("canary").warning("as an argument: %s, %r", NUMBER, {"ssin": NUMBER})
    assert NUMBER not in lines.text
    assert lines.text.count(logs.MASK) == 8


def test_an_exception_is_told_by_type_and_place(lines: Lines) -> None:
    try:
        try:
            raise KeyError("Ada Voorbeeld")
        except KeyError as error:
            raise ValueError("of Ada") from error
    except ValueError:
        logging.getLogger("canary").exception("It went wrong", stack_info=True)
    assert "Ada" not in lines.text
    for word in ("It went wrong", "builtins.ValueError", "builtins.KeyError", "test_logs.py"):
        assert word in lines.text


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_an_error_page_leaves_no_words(lines: Lines) -> None:
    browser = Browser(raise_request_exception=False)
    assert browser.get(f"/broken/{NUMBER}/?name=Ada").status_code == 500
    assert NUMBER not in lines.text
    assert "Ada" not in lines.text
    assert "broken/<str:number>/" in lines.text
    assert "builtins.RuntimeError" in lines.text


@only_json
@pytest.mark.django_db
def test_a_request_is_told_by_its_route(lines: Lines, cast: Cast) -> None:
    Browser().get("/p/CANARY/", {"q": "CANARY"})
    cast.browser(cast.office).get("/registrations/", {"q": "CANARY"})
    Browser().get("/nowhere/CANARY/")
    Browser().get("/health")
    assert "CANARY" not in lines.text
    phone, office, nowhere = [line for line in lines.as_json() if line["event"] == "request"]
    assert (phone["route"], phone["status"], phone["method"]) == ("p/<str:secret>/", 410, "GET")
    assert (office["route"], office["status"]) == ("registrations/", 200)
    assert (office["user"], office["company"]) == (str(cast.office.pk), str(cast.main.pk))
    assert (nowhere["route"], nowhere["status"]) == ("unknown", 404)
    assert len({line["request_id"] for line in (phone, office, nowhere)}) == 3
    assert all(line["ms"] > 0 for line in (phone, office, nowhere))
    assert "user" not in phone


def test_a_stream_that_breaks_tells_the_web_server_nothing(lines: Lines) -> None:
    def rows() -> Iterator[bytes]:
        yield b"first"
        raise ValueError(NUMBER)

    stream = rows()
    middleware = RequestLogMiddleware(lambda _request: StreamingHttpResponse(stream))
    response = middleware(RequestFactory().get("/exports/"))
    assert isinstance(response, StreamingHttpResponse)
    sent = iter(response)
    assert next(sent) == b"first"
    with pytest.raises(BrokenOffError) as caught:
        next(sent)
    assert caught.value.__suppress_context__
    assert NUMBER not in lines.text
    assert "builtins.ValueError" in lines.text


def test_what_the_worker_keeps_of_a_failed_task_has_no_words() -> None:
    told = (
        f"{SSINS[0]} : Traceback (most recent call last):\n"
        '  File "worker.py", line 1, in worker\n'
        "    res = f()\n"
        f"builtins.ValueError: of {SSINS[0]}\n"
        "Ada Voorbeeld lives here\n"
    )
    task = {"success": False, "result": told}
    forget_words(task=task)
    assert task["result"] == '  File "worker.py", line 1, in worker\nbuiltins.ValueError'
    done = {"success": True, "result": 3}
    forget_words(task=done)
    assert done["result"] == 3


def test_a_line_that_cannot_be_written_repeats_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    handler = logs.Console()
    handler.setFormatter(logs.formatter(as_json=True))
    handler.handle(logging.LogRecord("canary", logging.INFO, "", 1, "two: %s %s", (NUMBER,), None))
    assert capsys.readouterr().err == "A log line of canary could not be written.\n"
