"""Redis as broker and cache; losing it stops background work and signing in, never a registration."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import requests
from django_q.models import OrmQ, Task

from tests.cast import Cast
from tests.crash.taps import Tap, numbers, send, wait_until_all_accepted
from tests.portal import Portal, wait_for
from tests.services import RedisServer, redis_server

# The same on every database.
pytestmark = [pytest.mark.once, pytest.mark.crash, pytest.mark.django_db(transaction=True)]

TASK = "ciao_portal.tasks.clear_expired_sessions"
ENQUEUE = f"from django_q.tasks import async_task; async_task('{TASK}')"
TRIES = 6


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture
def portal(transactional_db: None, tmp_path: Path, server: RedisServer) -> Iterator[Portal]:
    with Portal(tmp_path, settings={"REDIS_URL": server.url}) as portal:
        yield portal


def _run_a_task(portal: Portal, *, done: int) -> None:
    portal.run("shell", "--no-imports", "-c", ENQUEUE)
    wait_for(lambda: Task.objects.filter(success=True).count() == done, seconds=60, what=f"{done} tasks done")


def _sign_in(portal: Portal, email: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        session.cookies.update({"csrftoken": "c" * 32})
        form = {"login": email, "password": "wrong", "csrfmiddlewaretoken": "c" * 32}
        return session.post(f"{portal.url}/accounts/login/", data=form, timeout=30)


def test_registrations_do_not_need_redis(
    company_of_all: Cast, portal: Portal, code: str, server: RedisServer
) -> None:
    first, second = numbers(2)
    portal.start_web()
    portal.start_sender()
    portal.start_worker()
    assert send(portal, code, Tap(first))
    _run_a_task(portal, done=1)
    tried = [_sign_in(portal, company_of_all.office.email).status_code for _ in range(TRIES)]
    assert tried[0] == 200
    with redis.Redis.from_url(server.url) as client:
        kept = " ".join(key.decode() for key in client.scan_iter())
    assert "django_q" in kept, kept
    assert "allauth:rl" in kept, kept
    assert not OrmQ.objects.exists()

    server.stop()
    assert send(portal, code, Tap(second))
    assert send(portal, code, Tap(second, "OUT"))
    with requests.Session() as session:
        session.trust_env = False
        assert session.get(f"{portal.url}/r/{code}/", timeout=30).status_code == 200
        assert session.get(f"{portal.url}/health", timeout=30).status_code == 200
    wait_until_all_accepted(3, seconds=60)

    server.start()
    _run_a_task(portal, done=2)
