"""Practice looks like the real thing and leaves nothing behind."""

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from ciao_portal.errors import DomainError
from declarations.rules.codes import parse_point_code
from registrations.practice_poster import WORD
from tests.cast import SSINS, Cast, make_worker
from tests.registrations.views.pages import text
from tests.works import Works, declare

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]
TYPED = "85.07.30-033.28"


@pytest.fixture
def phone() -> Browser:
    return Browser(headers={"accept-language": "en"})


@pytest.fixture
def works(cast: Cast) -> Works:
    make_worker(cast.main, SSINS[0])
    return declare(cast.main)


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table there is, read past all managers."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  # names of our own tables
            found[model._meta.label] = sorted(cursor.fetchall(), key=repr)
    return found


def act(phone: Browser, action: str, ssin: str = "") -> str:
    answer = phone.post("/practice/", {"action": action, "ssin": ssin, "client_key": "x"})
    assert (answer.status_code, answer["Location"]) == (303, "/practice/done/")
    return phone.get("/practice/done/").content.decode()


def test_no_row_of_any_table_changes_and_nobody_is_looked_up(phone: Browser, works: Works) -> None:
    before = everything()
    assert before["registrations.Employment"]

    with CaptureQueriesContext(connection) as captured:
        phone.get("/practice/")
        act(phone, "IN", TYPED)
        for action in ("BREAK_START", "BREAK_END", "OUT"):
            act(phone, action)
        # A number nobody has either.
        act(phone, "IN", SSINS[3])

    assert captured.captured_queries == []
    assert everything() == before


def test_it_calls_no_service_and_writes_no_model() -> None:
    tree = ast.parse((ROOT / "registrations/phone/practice.py").read_text())
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [name for name in modules if ".services" in name or name == "registrations.models"]


def test_a_whole_day_is_practised(phone: Browser) -> None:
    first = phone.get("/practice/").content.decode()
    assert re.findall(r'data-action="(\w+)"', first) == ["IN", "BREAK_START", "BREAK_END", "OUT"]
    assert 'name="ssin"' in first

    page = act(phone, "IN", TYPED)
    assert "Start registered" in page
    assert re.search(r"<time>\d\d:\d\d</time>", page)
    again = phone.get("/practice/").content.decode()
    assert 'name="ssin"' not in again, "as on a real phone, the number is typed once"
    assert "Break registered" in act(phone, "BREAK_START")
    assert "Stop registered" in act(phone, "OUT")


def test_every_page_says_that_nothing_is_registered(phone: Browser) -> None:
    pages = [phone.get("/practice/").content.decode(), act(phone, "IN", TYPED)]
    pages.append(phone.get("/practice/").content.decode())
    pages.append(phone.post("/practice/", {"action": "IN", "ssin": "1"}).content.decode())
    assert [page.count("Practice: nothing is registered") for page in pages] == [1] * 4


def test_nothing_by_which_a_real_page_is_known(phone: Browser) -> None:
    """Neither the queue of a phone nor anybody who reads pages takes it for a registration."""
    for page in (phone.get("/practice/").content.decode(), act(phone, "IN", TYPED)):
        assert "data-registration" not in page
        assert "data-state" not in page
        assert "data-confirmed-at" not in page
        assert 'id="tap"' not in page
        assert "client_key" not in page
        assert "<script" not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [("85.07.30-033.29", "97"), ("850730", "11 digits"), ("", "Type your national number first.")],
)
def test_a_malformed_number_is_explained_as_the_real_page_does(
    phone: Browser, works: Works, typed: str, words: str
) -> None:
    practised = phone.post("/practice/", {"action": "IN", "ssin": typed})
    real = phone.post(f"/r/{works.point().code}/", {"action": "IN", "ssin": typed})

    def alert(body: str) -> str:
        found = re.search(r'role="alert">.*?<span>(.*?)</span>', body, re.DOTALL)
        assert found
        return found[1]

    assert (practised.status_code, real.status_code) == (422, 422)
    assert words in alert(practised.content.decode())
    assert alert(practised.content.decode()) == alert(real.content.decode())


def test_the_cookie_holds_no_number_and_is_worth_nothing_elsewhere(phone: Browser, works: Works) -> None:
    cookie = phone.post("/practice/", {"action": "IN", "ssin": TYPED}).cookies["practice"]
    assert SSINS[0] not in cookie.value
    assert (cookie["path"], cookie["httponly"]) == ("/practice/", True)

    thief = Browser(headers={"accept-language": "en"})
    for name in ("ticket", "phone", "tablet"):
        thief.cookies[name] = cookie.value
    assert thief.post(f"/r/{works.point().code}/", {"action": "IN"}).status_code == 422
    assert thief.get("/kiosk/").status_code == 403
    assert thief.get("/me/").status_code == 403


@pytest.mark.parametrize("word", [WORD, "practice", "PRACTICE00"])
def test_the_word_is_no_code_of_a_point(phone: Browser, works: Works, word: str) -> None:
    with pytest.raises(DomainError):
        parse_point_code(word)
    assert phone.get(f"/r/{word}/").status_code == 404
    assert phone.post(f"/r/{word}/", {"action": "IN", "ssin": TYPED}).status_code == 404
    assert phone.post("/r/", {"code": word}).status_code == 422


def test_nonsense_is_no_practice(phone: Browser) -> None:
    phone.cookies["practice"] = "nonsense"
    assert phone.get("/practice/").status_code == 200
    assert phone.get("/practice/done/")["Location"] == "/practice/"
    assert phone.post("/practice/", {"action": "LEAP", "ssin": TYPED}).status_code == 422


def test_whoever_types_codes_finds_it(phone: Browser) -> None:
    assert 'href="/practice/"' in phone.get("/r/").content.decode()


def test_the_office_finds_it_and_prints_its_poster(cast: Cast) -> None:
    browser = cast.browser(cast.auditor)
    assert "/settings/practice/" in browser.get("/settings/").content.decode()
    sheet = browser.get("/settings/practice/")
    assert "/practice/" in text(sheet)
    assert "<svg" in sheet.content.decode()

    printed = PdfReader(BytesIO(browser.get("/settings/practice/poster.pdf").content))
    words = printed.pages[0].extract_text()
    assert len(printed.pages) == 1
    assert WORD in words
    assert "/practice/" in words
    assert "For practice only: nothing is registered." in words
