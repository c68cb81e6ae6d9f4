"""The invitation of a subcontractor on its page: sent, read, sent again, withdrawn, accepted."""

import re

import pytest
from django.core import mail
from django.test import Client as Browser

from ciao_portal.tenancy import company_scope
from declarations.models import ChainInvitation, Subcontract
from tests.cast import PASSWORD, Cast
from tests.declarations.works import make_chain, make_works

NEW = {"email": "an@klein.example", "language": "en"}


@pytest.fixture
def place(cast: Cast) -> Subcontract:
    """Klein Subsub, which has no account."""
    return make_chain(cast, make_works(cast.main))[1]


@pytest.fixture
def office(cast: Cast) -> Browser:
    return cast.browser(cast.office)


def url_of(place: Subcontract, deed: str = "") -> str:
    return f"/declarations/{place.declaration_id}/chain/{place.pk}/{deed}"


def link_in(number: int) -> str:
    """The path of the link in the n-th letter."""
    found = re.search(r"https?://[^/\s]+(/invitations/\S+/)", str(mail.outbox[number].body))
    assert found is not None
    return found[1]


def the_invitation(cast: Cast) -> ChainInvitation:
    with company_scope(cast.main):
        return ChainInvitation.objects.get()


def test_from_the_letter_to_the_account(cast: Cast, office: Browser, place: Subcontract) -> None:
    assert office.post(url_of(place, "invite/"), NEW)["Location"] == f"{url_of(place)}#account"
    letter = mail.outbox[0]
    assert letter.to == ["an@klein.example"]
    assert letter.subject == "Helder Main invites Klein to the CIaO portal"
    assert "0400.000.086" in str(letter.body)
    assert "Office" not in str(letter.body)  # people's names stay with their company
    assert "valid until" in office.get(url_of(place)).content.decode()
    newcomer = Browser()
    html = newcomer.get(link_in(0)).content.decode()
    assert "Accept only if you may act for this company" in html
    answer = newcomer.post(link_in(0), {"name": "An Nieuw", "password": PASSWORD, "language": "en"})
    assert answer.status_code == 302
    assert newcomer.get(url_of(place)).status_code == 200
    html = office.get(url_of(place)).content.decode()
    assert "Has an account" in html
    assert "accepted on" in html
    assert "An Nieuw" not in html
    assert url_of(place, "invite/") not in html
    refused = office.post(url_of(place, "invite/"), NEW | {"email": "else@klein.example"})
    assert "has an account here already" in refused.content.decode()


def test_a_nameless_company_is_asked_its_name_first(cast: Cast, office: Browser, place: Subcontract) -> None:
    cast.subsub.name = ""
    cast.subsub.save(update_fields=["name"])
    office.post(url_of(place, "invite/"), NEW)
    answer = Browser().post(link_in(0), {"name": "An", "password": PASSWORD, "language": "en"})
    assert answer["Location"] == "/settings/company/edit/"


def test_sent_again_the_old_link_is_dead(cast: Cast, office: Browser, place: Subcontract) -> None:
    office.post(url_of(place, "invite/"), NEW)
    office.post(url_of(place, f"invitations/{the_invitation(cast).pk}/again/"))
    assert len(mail.outbox) == 2
    assert Browser().get(link_in(0)).status_code == 410
    assert Browser().get(link_in(1)).status_code == 200


def test_withdrawn_the_link_is_dead(cast: Cast, office: Browser, place: Subcontract) -> None:
    office.post(url_of(place, "invite/"), NEW)
    url = url_of(place, f"invitations/{the_invitation(cast).pk}/withdraw/")
    office.post(url)
    assert "withdrawn" in Browser().get(link_in(0)).content.decode()
    assert "accepted or withdrawn meanwhile" in office.post(url, follow=True).content.decode()


def test_the_invitation_of_another_inviter_is_not_there(
    cast: Cast, office: Browser, place: Subcontract
) -> None:
    office.post(url_of(place, "invite/"), NEW)
    theirs = url_of(place, f"invitations/{the_invitation(cast).pk}/withdraw/")
    assert cast.browser(cast.sub_office).post(theirs).status_code == 404
    assert "an@klein.example" not in cast.browser(cast.sub_office).get(url_of(place)).content.decode()
