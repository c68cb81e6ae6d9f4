"""Tablets and cards, made through the services of the portal as far as there are any."""

from datetime import datetime

from django.test import Client as Browser

from ciao_portal.audit import Actor
from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope
from declarations.models import RegistrationPoint
from registrations.models import Badge, Employment, Terminal
from registrations.services import cards
from registrations.services.terminals import add_terminal, pair_terminal
from tests.cast import NOW


def add(
    company: Company, point: RegistrationPoint, *, name: str = "Entrance", now: datetime = NOW
) -> tuple[Terminal, str]:
    """A tablet that is not paired yet, and the secret of its link."""
    with company_scope(company):
        return add_terminal(company=company, point=point, name=name, actor=Actor(company), now=now)


def paired(
    company: Company, point: RegistrationPoint, *, name: str = "Entrance", now: datetime
) -> tuple[Terminal, str]:
    """A paired tablet and the secret of its cookie."""
    terminal, link = add(company, point, name=name, now=now)
    return terminal, pair_terminal(secret=link, now=now)


def browser_of(secret: str) -> Browser:
    """The browser of a tablet, without script."""
    browser = Browser(headers={"accept-language": "en"})
    browser.cookies["tablet"] = secret
    return browser


def card_for(worker: Employment, *, chip: str = "", now: datetime = NOW) -> tuple[Badge, str]:
    """A card of the worker and the secret in its QR."""
    company, actor = worker.company, Actor(worker.company)
    with company_scope(company):
        [card] = cards.issue_cards(company=company, people=[worker.person], actor=actor, now=now)
        if chip:
            cards.set_chip(badge=card.badge, chip=chip, actor=actor, now=now)
    return card.badge, card.secret


def revoke_card(badge: Badge, *, now: datetime = NOW) -> None:
    with company_scope(badge.company):
        cards.revoke_card(badge=badge, actor=Actor(badge.company), now=now)
