"""A national number goes in at every door of the running portal; no log, no file and no task shows it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.db import connection
from django.utils import timezone
from django_q.models import Task
from django_q.tasks import async_task

from ciao_portal.audit import Actor
from ciao_portal.tenancy import company_scope
from registrations.models import Employment
from registrations.services.cards import issue_cards
from registrations.services.pairing import offer_pairing
from tests.cast import Cast, make_worker
from tests.crash.taps import wait_until_all_accepted
from tests.portal import Portal, wait_for

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

CANARY = "98472899765"
WRITINGS = (CANARY, "98.47.28-997.65", "984728 997 65", "98/47/28-997/65")
# What fails: digits swapped, cut off, letters behind.
MISTYPED = ("98472899756", "9847289976", "98.47.28-997.65 x")
SEPARATORS = re.compile(r"[\s./_-]")
TOKEN = "c" * 32


def stumble(number: str) -> None:
    """A task that fails with the number in its words; told where to find it, not what it is."""
    raise ValueError(f"{WRITINGS[int(number)]} cannot be used")


def _written(folder: Path) -> dict[str, str]:
    """What all processes wrote, without separators; the simulator's own store is the NSSO's."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and "simulator.sqlite3" not in path.name and "static" not in path.parts:
            found[str(path)] = SEPARATORS.sub("", path.read_bytes().decode("latin-1"))
    with connection.cursor() as cursor:
        for table in ("django_q_task", "django_q_ormq", "django_session", "ciao_portal_auditevent"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  # a name of our own
            rows = [
                bytes(value) if isinstance(value, memoryview) else value
                for row in cursor.fetchall()
                for value in row
            ]
            found[table] = SEPARATORS.sub("", repr(rows))
    return found


@pytest.fixture
def portal(transactional_db: None, tmp_path: Path) -> Iterator[Portal]:
    with Portal(tmp_path, settings={"LOG_FORMAT": "json"}) as portal:
        yield portal


@pytest.fixture
def cast(company_of_all: Cast) -> Cast:
    return company_of_all


def _type_on_the_phone(portal: Portal, code: str, secret: str, card: str) -> None:
    with requests.Session() as phone:
        phone.trust_env = False
        for typed in (*WRITINGS, *MISTYPED):
            form = {"ssin": typed, "action": "IN"}
            phone.post(f"{portal.url}/r/{code}/", data=form, timeout=30)
            phone.post(f"{portal.url}/r/", data={"code": typed}, timeout=30)
            phone.get(f"{portal.url}/r/{typed}/", timeout=30)
            phone.post(f"{portal.url}/p/", data={"ssin": typed, "code": "000000"}, timeout=30)
        phone.get(f"{portal.url}/p/{secret}/", timeout=30)
        assert phone.post(f"{portal.url}/p/{secret}/", timeout=30).url.endswith("/me/")
        phone.get(f"{portal.url}/p/{secret}/", timeout=30)
        phone.get(f"{portal.url}/c/{card}/", timeout=30)
        assert phone.post(f"{portal.url}/c/{card}/", data={"use": "once"}, timeout=30).status_code == 200


def _type_in_the_office(portal: Portal, cast: Cast, worker: Employment) -> None:
    with requests.Session() as office:
        office.trust_env = False
        signed_in = cast.browser(cast.office).cookies["sessionid"].value
        office.cookies.update({"sessionid": signed_in, "csrftoken": TOKEN})
        for typed in (*WRITINGS, *MISTYPED):
            for method in ("GET", "POST"):
                form = {"q": typed, "csrfmiddlewaretoken": TOKEN}
                office.request(method, f"{portal.url}/search/", params={"q": typed}, data=form, timeout=30)
            form = {"ssin": typed, "first_name": "Ada", "csrfmiddlewaretoken": TOKEN}
            assert office.post(f"{portal.url}/workers/new/", data=form, timeout=30).status_code == 200
        reveal = f"{portal.url}/workers/{worker.pk}/number/"
        assert CANARY in SEPARATORS.sub(
            "", office.post(reveal, data={"csrfmiddlewaretoken": TOKEN}, timeout=30).text
        )
        assert office.get(f"{portal.url}/nowhere/{CANARY}/", timeout=30).status_code == 404


def _fail_in_the_background() -> None:
    for index in range(len(WRITINGS)):
        async_task("tests.crash.test_canary.stumble", str(index))
    wait_for(
        lambda: Task.objects.filter(success=False).count() == len(WRITINGS),
        seconds=60,
        what="the tasks have failed",
        every=0.2,
    )
    assert all("ValueError" in task.result for task in Task.objects.all())


def test_nothing_written_shows_a_number_or_a_secret(
    cast: Cast, portal: Portal, code: str, tmp_path: Path
) -> None:
    now = timezone.now()
    worker = make_worker(cast.main, CANARY, now=now)
    with company_scope(cast.main):
        by = Actor(cast.main)
        secret = offer_pairing(company=cast.main, person=worker.person, actor=by, now=now)
        (card,) = issue_cards(company=cast.main, people=[worker.person], actor=by, now=now)
    portal.start_web()
    portal.start_sender()
    portal.start_worker()

    _type_on_the_phone(portal, code, secret, card.secret)
    _type_in_the_office(portal, cast, worker)
    _fail_in_the_background()
    wait_until_all_accepted(1, seconds=60)
    portal.stop()

    written = _written(tmp_path)
    logged = written[str(tmp_path / "web.log")]
    assert "r<str:code>" in logged
    assert "p<str:secret>" in logged
    assert "c<str:secret>" in logged
    for name, text in written.items():
        assert CANARY not in text, name
        assert secret not in text, name
        assert SEPARATORS.sub("", card.secret) not in text, name
        if name.endswith(".log"):
            assert SEPARATORS.sub("", code) not in text, name
