"""Phones, cards and codes for tests of the cleaner's pages."""

from typing import Any
from uuid import uuid4

from django.test import Client as Browser
from django.utils import timezone

from ciao_portal.audit import Actor
from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope
from declarations.models import RegistrationPoint
from registrations.services.cards import IssuedCard, issue_cards
from registrations.services.pairing import offer_pairing
from registrations.services.pairing_codes import give_code
from tests.cast import SSINS, person


def new_phone() -> Browser:
    """A phone that was never here."""
    return Browser(headers={"accept-language": "en"})


def post(phone: Browser, point: RegistrationPoint, action: str = "IN", **fields: str) -> Any:
    """Press a button of the point's page as a plain form does."""
    form = {"action": action, "client_key": str(uuid4()), "key_origin": "page", **fields}
    return phone.post(f"/r/{point.code}/", form)


def card_of(company: Company, ssin: str = SSINS[0]) -> IssuedCard:
    with company_scope(company):
        people = [person(ssin)]
        return issue_cards(company=company, people=people, actor=Actor(company), now=timezone.now())[0]


def code_of(company: Company, ssin: str = SSINS[0]) -> str:
    with company_scope(company):
        return give_code(company=company, person=person(ssin), actor=Actor(company), now=timezone.now())


def pair(phone: Browser, company: Company, ssin: str = SSINS[0]) -> None:
    """Make this the own phone of the person with this number."""
    with company_scope(company):
        now = timezone.now()
        secret = offer_pairing(company=company, person=person(ssin), actor=Actor(company), now=now)
    assert phone.post(f"/p/{secret}/").status_code == 303
