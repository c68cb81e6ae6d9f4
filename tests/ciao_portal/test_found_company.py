"""The first company on a portal without the demo."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from ciao_portal.models import Company, Membership, User
from tests.cast import MAIN_NUMBER, PASSWORD, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _typed_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _prompt: PASSWORD)


def test_the_owner_can_sign_in() -> None:
    call_command("found_company", "0206.731.645", "Helder Main", "Owner@main.example", "--language", "fr")

    browser = Browser()
    response = browser.post("/accounts/login/", {"login": "owner@main.example", "password": PASSWORD})
    assert response.status_code == 302
    membership = Membership.objects.get()
    assert (membership.company.enterprise_number, membership.company.name) == (MAIN_NUMBER, "Helder Main")
    assert (membership.role, membership.user.language) == ("owner", "fr")
    # In the language of the sign-in page it would stand on a page in another one.
    assert "Successfully signed in" not in browser.get("/").content.decode()


@pytest.mark.parametrize(
    ("number", "email", "words"),
    [
        ("0200014000", "owner@main.example", "97"),
        ("0206731645", "no address", "valid email"),
    ],
)
def test_wrong_facts_are_refused_in_words(number: str, email: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("found_company", number, "Helder Main", email)

    assert not User.objects.exists()


def test_a_company_with_people_is_left_alone(cast: Cast) -> None:
    with pytest.raises(CommandError, match="has people already"):
        call_command("found_company", MAIN_NUMBER, "Another name", "new@main.example")

    assert Company.objects.get(enterprise_number=MAIN_NUMBER).name == "Helder Main"
