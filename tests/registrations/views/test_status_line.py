"""The public status line `/status/<secret>/`: calm, in the visitor's language, about nobody."""

from datetime import timedelta

import pytest

from ciao_portal.audit import Actor
from ciao_portal.tenancy import company_scope
from registrations.models import Outage, OutageOrigin
from registrations.services.status_addresses import make_address
from tests.cast import NOW, Cast
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import text
from tests.registrations.views.scene import accepted
from tests.registrations.views.test_traffic import give_access, line

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def address(cast: Cast) -> str:
    with company_scope(cast.main):
        secret = make_address(company=cast.main, actor=Actor(cast.main, cast.owner), now=NOW)
    return f"/status/{secret}/"


def test_all_is_well(cast: Cast, morning: Morning, address: str) -> None:
    accepted(morning.of_ada, nsso_id=1)
    words = text(cast.browser().get(address, headers=ENGLISH))
    assert "Helder Main" in words
    assert "Registrations are being kept and reach the NSSO." in words
    assert "Last answer of the NSSO 05:02" in words
    assert "This page was made at 06:02" in words
    assert "Since" not in words


def test_before_the_first_answer(cast: Cast, address: str, morning: Morning) -> None:
    words = text(cast.browser().get(address, headers=ENGLISH))
    assert "Registrations are being kept." in words
    assert "Last answer" not in words


def test_the_nsso_does_not_answer(cast: Cast, morning: Morning, address: str) -> None:
    line(give_access(cast.main), failing_since=NOW - timedelta(minutes=52), last_failure="timeout")
    words = text(cast.browser().get(address, headers=ENGLISH))
    assert "The NSSO does not answer. Since 05:10" in words
    assert "go on registering" in words


def test_another_cause_is_not_told_to_outsiders(cast: Cast, morning: Morning, address: str) -> None:
    with company_scope(cast.main):
        Outage.objects.create(
            company=cast.main,
            origin=OutageOrigin.FOUND,
            started_at=NOW - timedelta(minutes=20),
            reason="tokenRefused",
            recorded_at=NOW,
        )
    words = text(cast.browser().get(address, headers=ENGLISH))
    assert "reach the NSSO later. Since 05:42" in words
    assert "access" not in words


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_it_speaks_the_visitor_s_language(cast: Cast, address: str, language: str) -> None:
    page = cast.browser().get(address, headers={"Accept-Language": f"{language},en;q=0.1"})
    assert page.headers["Content-Language"] == language
    assert f'<html lang="{language}"' in page.content.decode()


def test_no_cookie_no_index_no_referrer_no_cache(cast: Cast, address: str) -> None:
    for path in (address, "/status/nobody-s-secret/"):
        page = cast.browser().get(path)
        assert not page.cookies
        assert page.headers["Referrer-Policy"] == "strict-origin"
        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert b'name="robots"' in page.content


def test_it_names_no_worker_and_no_other_firm(cast: Cast, morning: Morning, address: str) -> None:
    words = text(cast.browser().get(address, headers=ENGLISH))
    for name in ("Ada", "Bea", "Voorbeeld", "Zuiver", "Gebouw", "Stad"):
        assert name not in words


def test_signed_in_people_see_the_same(cast: Cast, address: str) -> None:
    strange, own = (cast.browser(user).get(address).content for user in (cast.stranger_office, cast.owner))
    assert strange == own


def test_a_stranger_s_secret_is_told_nothing(cast: Cast, address: str) -> None:
    answers = [cast.browser().get(f"/status/{secret}/") for secret in ("x", "A" * 32, "é")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "Helder" not in text(answers[0])
    assert len({answer.content for answer in answers}) == 1


def test_it_only_reads(cast: Cast, address: str) -> None:
    assert cast.browser().post(address).status_code == 405
    assert cast.browser().head(address).status_code == 200


def test_a_ceiling_for_the_queries(cast: Cast, morning: Morning, address: str) -> None:
    with at_most_queries(9):
        cast.browser().get(address)
    line(give_access(cast.main), last_success_at=NOW)
    with at_most_queries(4):
        cast.browser().get(address)
