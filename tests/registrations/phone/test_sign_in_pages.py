"""Pairing a phone by the company's own OpenID Connect provider, which runs here over HTTP."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client as Browser
from django.utils import timezone

from ciao_portal.audit import Actor
from ciao_portal.bounded_session import MOST_BYTES
from ciao_portal.models import Company
from ciao_portal.sign_in_provider import ProviderFacts, check_provider, keep_provider
from ciao_portal.tenancy import company_scope
from registrations.models import Device, Employment
from tests.cast import SSINS, Cast, make_worker, person
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider
from tests.registrations.phone.means import new_phone, post
from tests.works import Works, all_registrations, declare, subcontract_to

pytestmark = pytest.mark.django_db

BACK = "/p/sign-in/back/"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        running.claims["ssin"] = "85.07.30-033.28"
        yield running


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


def set_up(company: Company, provider: Provider) -> None:
    now = timezone.now()
    with company_scope(company):
        facts = ProviderFacts(provider.issuer, CLIENT_ID, CLIENT_SECRET, "ssin")
        kept = keep_provider(company=company, facts=facts, actor=Actor(company), now=now)
        assert check_provider(provider=kept, actor=Actor(company), now=now) is None


def employ(cast: Cast, company: Company | None = None) -> Employment:
    return make_worker(company or cast.main, SSINS[0], now=timezone.now())


def start(phone: Browser, works: Works, company: Company) -> Any:
    point = works.point()
    phone.get(f"/r/{point.code}/")
    return phone.get(f"/p/sign-in/{point.code}/{company.pk}/")


def go(phone: Browser, works: Works, company: Company) -> Any:
    """To the provider and back, as a browser follows."""
    away = start(phone, works, company)
    assert away.status_code == 302
    back = requests.get(away["Location"], timeout=5, allow_redirects=False).headers["Location"]
    parts = urlsplit(back)
    assert parts.path == BACK
    return phone.get(f"{parts.path}?{parts.query}")


def test_signing_in_pairs_after_a_button(
    works: Works, cast: Cast, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    employ(cast)
    set_up(cast.main, provider)
    phone = new_phone()
    phone.get(f"/r/{works.point().code}/")
    with caplog.at_level(logging.DEBUG):
        assert "Sign in with Helder Main" in phone.get("/p/").content.decode()
        back = go(phone, works, cast.main)
        assert "Helder Main knows you." in back.content.decode()
        assert not Device.objects.exists()
        paired = phone.post("/p/sign-in/")
    post(phone, works.point())

    assert paired["Location"] == f"/r/{works.point().code}/"
    assert (Device.objects.get().person, Device.objects.get().paired_by) == (person(), "provider")
    assert all_registrations()[0].means == "paired"
    told = " ".join([caplog.text, back.content.decode(), *(one.value for one in phone.cookies.values())])
    assert SSINS[0] not in told
    assert "85.07.30" not in told


def test_what_is_asked_of_the_provider(works: Works, cast: Cast, provider: Provider) -> None:
    set_up(cast.main, provider)
    asked = parse_qs(urlsplit(start(new_phone(), works, cast.main)["Location"]).query)

    assert asked["redirect_uri"] == [f"http://portal.test{BACK}"]
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 32
    assert len(asked["nonce"][0]) >= 32
    again = parse_qs(urlsplit(start(new_phone(), works, cast.main)["Location"]).query)
    assert not {asked["state"][0], asked["nonce"][0]} & {again["state"][0], again["nonce"][0]}


@pytest.mark.parametrize(
    "lie",
    [
        *("issuer", "audience", "wide audience", "nonce", "no nonce", "expired", "key", "unsigned"),
        *("discovery issuer", "no keys", "endless token"),
    ],
)
def test_a_token_that_is_not_exactly_ours_pairs_nothing(
    works: Works, cast: Cast, provider: Provider, lie: str
) -> None:
    employ(cast)
    set_up(cast.main, provider)
    phone = new_phone()
    away = start(phone, works, cast.main)
    provider.lie = lie
    back = urlsplit(requests.get(away["Location"], timeout=5, allow_redirects=False).headers["Location"])

    refused = phone.get(f"{back.path}?{back.query}")

    assert refused.status_code == 422
    assert "Signing in does not work now." in refused.content.decode()
    assert phone.post("/p/sign-in/").status_code == 422
    assert not Device.objects.exists()


def test_an_answer_belongs_to_one_phone_and_one_flow(works: Works, cast: Cast, provider: Provider) -> None:
    employ(cast)
    set_up(cast.main, provider)
    victim, thief = new_phone(), new_phone()
    away = start(victim, works, cast.main)
    back = urlsplit(requests.get(away["Location"], timeout=5, allow_redirects=False).headers["Location"])
    start(thief, works, cast.main)

    assert thief.get(f"{back.path}?{back.query}").status_code == 422  # another state
    assert new_phone().get(f"{back.path}?{back.query}").status_code == 422  # no flow at all
    assert victim.get(f"{back.path}?{back.query}").status_code == 200
    assert victim.get(f"{back.path}?{back.query}").status_code == 422  # a second time


def test_a_provider_speaks_for_its_own_company_only(works: Works, cast: Cast, provider: Provider) -> None:
    subcontract_to(works, cast.sub)
    employ(cast, cast.sub)
    set_up(cast.main, provider)
    phone = new_phone()

    refused = go(phone, works, cast.main)

    assert "Ask the office, or register with your number." in refused.content.decode()
    assert phone.post("/p/sign-in/").status_code == 422
    # The sub has no provider, and a stranger's is not offered at this point.
    set_up(cast.stranger, provider)
    for company in (cast.sub, cast.stranger):
        assert start(new_phone(), works, company).status_code == 404


@pytest.mark.parametrize("claim", [None, "", "kapot", "90.20.15-123.02"])
def test_without_a_known_number_the_answer_is_the_same(
    works: Works, cast: Cast, provider: Provider, claim: str | None
) -> None:
    employ(cast)
    set_up(cast.main, provider)
    provider.claims["ssin"] = claim

    refused = go(new_phone(), works, cast.main).content.decode()

    assert "Your employer does not know you here yet." in refused
    assert not Device.objects.exists()


def test_whoever_left_between_signing_in_and_the_button_pairs_nothing(
    works: Works, cast: Cast, provider: Provider
) -> None:
    worker = employ(cast)
    set_up(cast.main, provider)
    phone = new_phone()
    go(phone, works, cast.main)
    with company_scope(cast.main):
        Employment.objects.filter(pk=worker.pk).update(ends_on=date.today() - timedelta(days=2))  # noqa: DTZ011

    assert phone.post("/p/sign-in/").status_code == 422
    assert not Device.objects.exists()


def test_the_number_may_stand_in_the_user_info(works: Works, cast: Cast, provider: Provider) -> None:
    employ(cast)
    set_up(cast.main, provider)
    del provider.claims["ssin"]
    provider.userinfo = {"sub": "worker-1", "ssin": SSINS[0]}
    assert go(new_phone(), works, cast.main).status_code == 200

    provider.userinfo = {"sub": "somebody-else", "ssin": SSINS[0]}
    assert go(new_phone(), works, cast.main).status_code == 422


def test_user_info_without_an_end_is_passed_over(works: Works, cast: Cast, provider: Provider) -> None:
    employ(cast)
    set_up(cast.main, provider)
    del provider.claims["ssin"]
    provider.userinfo = {"sub": "worker-1", "ssin": SSINS[0], "more": "x" * MOST_BYTES}
    assert go(new_phone(), works, cast.main).status_code == 422


def test_the_way_back_leads_nowhere_else(works: Works, cast: Cast, provider: Provider) -> None:
    employ(cast)
    set_up(cast.main, provider)
    phone = new_phone()
    go(phone, works, cast.main)
    paired = phone.post("/p/sign-in/?next=https://elsewhere.example/", {"next": "https://elsewhere.example/"})
    assert paired["Location"] == f"/r/{works.point().code}/"


def test_a_provider_that_is_down_is_told_and_registering_goes_on(works: Works, cast: Cast) -> None:
    with running_provider() as gone:
        set_up(cast.main, gone)
    phone = new_phone()
    refused = start(phone, works, cast.main)
    assert refused.status_code == 422
    assert "Register with my number" in refused.content.decode()
    assert post(phone, works.point(), ssin=SSINS[0]).status_code == 303
