"""`/settings/sign-in/`: the company's own sign-in provider."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from ciao_portal import oidc
from ciao_portal.keys import rotate
from ciao_portal.models import AuditEvent, IdentityProvider
from ciao_portal.oidc import OidcError, OidcStep
from ciao_portal.tenancy import company_scope, unscoped
from tests.cast import Cast
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider

PAGE = "/settings/sign-in/"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


def form(provider: Provider, **changes: str) -> dict[str, str]:
    typed = {
        "issuer": provider.issuer,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "claim": "ssin",
    }
    return typed | changes


def stored(cast: Cast) -> IdentityProvider:
    with company_scope(cast.main):
        return IdentityProvider.objects.get()


def test_saving_checks_step_by_step(cast: Cast, provider: Provider) -> None:
    browser = cast.browser(cast.owner)
    page = browser.post(PAGE, form(provider)).content.decode()

    assert page.count("in order") == 5
    assert "workers are offered to sign in with it" in page
    assert CLIENT_SECRET not in page
    assert CLIENT_SECRET not in browser.get(PAGE).content.decode()
    kept = stored(cast)
    assert kept.client_secret == CLIENT_SECRET
    assert CLIENT_SECRET.encode() not in bytes(kept.client_secret_ciphertext)
    actions = AuditEvent.objects.filter(action__startswith="provider.").order_by("id")
    assert [one.action for one in actions] == ["provider.changed", "provider.checked"]
    assert CLIENT_SECRET not in str([one.payload for one in actions])


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        ("discovery issuer", "Copy the issuer from the description letter by letter"),
        ("no token endpoint", "authorization code flow with PKCE"),
        ("no S256", "authorization code flow with PKCE"),
        ("no keys", "does not answer with keys"),
    ],
)
def test_a_failed_step_says_what_to_do(cast: Cast, provider: Provider, lie: str, words: str) -> None:
    provider.lie = lie
    page = cast.browser(cast.owner).post(PAGE, form(provider)).content.decode()

    assert words in page
    assert page.count(">failed") + page.count("failed</span>") >= 1
    assert "workers are not sent there" in page
    assert stored(cast).checked_at is None


def test_an_empty_secret_keeps_the_stored_one_and_a_change_asks_for_a_new_check(
    cast: Cast, provider: Provider
) -> None:
    browser = cast.browser(cast.owner)
    assert "This field is required" in browser.post(PAGE, form(provider, client_secret="")).content.decode()
    browser.post(PAGE, form(provider))
    provider.lie = "no keys"
    browser.post(PAGE, form(provider, client_secret="", claim="rrn"))

    kept = stored(cast)
    assert (kept.client_secret, kept.claim, kept.checked_at) == (CLIENT_SECRET, "rrn", None)
    provider.lie = ""
    browser.post(f"{PAGE}check/")
    assert stored(cast).checked_at is not None


def test_the_stored_secret_is_kept_for_its_own_issuer_only(cast: Cast, provider: Provider) -> None:
    browser = cast.browser(cast.owner)
    browser.post(PAGE, form(provider))
    elsewhere = f"{provider.issuer}/other"
    page = browser.post(PAGE, form(provider, issuer=elsewhere, client_secret="")).content.decode()

    assert "The stored secret belongs to another address." in page
    assert f'value="{elsewhere}"' in page
    assert stored(cast).issuer == provider.issuer


def test_removing_forgets_the_secret(cast: Cast, provider: Provider) -> None:
    browser = cast.browser(cast.owner)
    browser.post(PAGE, form(provider))
    browser.post(f"{PAGE}remove/")
    with unscoped(reason="a test counts everything"):
        assert not IdentityProvider.objects.exists()


def test_the_secret_follows_a_new_key(cast: Cast, provider: Provider, settings: Settings) -> None:
    newest, oldest = settings.FIELD_KEYS.split(",")
    settings.FIELD_KEYS = oldest
    cast.browser(cast.owner).post(PAGE, form(provider))
    settings.FIELD_KEYS = f"{newest},{oldest}"
    rotate()
    settings.FIELD_KEYS = newest
    assert stored(cast).client_secret == CLIENT_SECRET


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://login.example.be",
            "ftp://login.example.be",
            "https://",
            "https://user:pw@login.example.be",
        ),
        *("https://127.0.0.1/", "https://10.0.0.1/", "https://169.254.169.254/", "https://[::1]/"),
        *("https://login.example.be/#part", "http://127.0.0.1:8000"),
    ],
)
def test_with_the_real_nsso_only_the_public_internet_is_asked(settings: Settings, url: str) -> None:
    settings.NSSO_ENVIRONMENT = "production"
    with pytest.raises(OidcError) as error:
        oidc.check_address(url)
    assert error.value.step is OidcStep.ADDRESS


def test_an_endpoint_elsewhere_by_plain_http_is_refused(provider: Provider) -> None:
    provider.lie = "plain http elsewhere"
    with pytest.raises(OidcError) as error:
        oidc.discover(provider.issuer)
    assert error.value.step is OidcStep.ENDPOINTS


def test_another_company_sees_nothing_of_it(cast: Cast, provider: Provider) -> None:
    cast.browser(cast.owner).post(PAGE, form(provider))
    answers: list[Any] = [
        cast.browser(user).get(PAGE).status_code for user in (cast.office, cast.auditor, cast.sub_office)
    ]
    assert answers == [403, 403, 403]
