"""The people and companies most tests play with, built through the services of the portal.

A chain of three (Helder Main declares, Zuiver Sub works below it, Klein Subsub below that) and a stranger.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client as Browser

from ciao_portal.audit import Actor
from ciao_portal.companies import add_member, company_with_number
from ciao_portal.models import Company, Person, Role, User
from ciao_portal.people import person_with_ssin
from ciao_portal.tenancy import company_scope
from registrations.models import Employment

MAIN_NUMBER = "0206731645"
SUB_NUMBER = "0202239951"
SUBSUB_NUMBER = "0400000086"
STRANGER_NUMBER = "0409536968"
PASSWORD = "correct-horse-battery"

# Well-formed numbers of nobody (the first ones are the official examples).
SSINS = ("85073003328", "17073003384", "98472899765", "01490700185", "53480200724", "90201512302")

NOW = datetime(2026, 11, 23, 5, 2, 11, tzinfo=UTC)  # Monday 23 November, 06:02:11 in Brussels


def make_company(name: str, number: str, *, now: datetime = NOW) -> Company:
    """A company that has an account and calls itself `name`."""
    company = company_with_number(enterprise_number=number, now=now)
    company.name = name
    company.save(update_fields=["name"])
    return company


def make_user(
    email: str, company: Company | None = None, role: str = Role.OFFICE, *, now: datetime = NOW
) -> User:
    """Somebody who can sign in, with a role in the company when one is given."""
    user = User.objects.create(
        email=email, password=_hashed_password(), name=email.partition("@")[0].title(), language="en"
    )
    if company is not None:
        since = now - timedelta(days=365)
        add_member(company=company, user=user, role=role, actor=Actor(company), now=since)
    return user


@cache
def _hashed_password() -> str:
    """Slow on purpose, so that one hash serves everybody in the tests."""
    return make_password(PASSWORD)


def make_worker(
    company: Company, ssin: str, first_name: str = "Ada", last_name: str = "Voorbeeld", *, now: datetime = NOW
) -> Employment:
    """A worker employed for a year."""
    with company_scope(company):
        return Employment.objects.create(
            company=company,
            person=person_with_ssin(ssin, now=now),
            first_name=first_name,
            last_name=last_name,
            starts_on=(now - timedelta(days=365)).date(),
        )


def person(ssin: str = SSINS[0]) -> Person:
    return person_with_ssin(ssin, now=NOW)


@dataclass(frozen=True)
class Cast:
    main: Company
    sub: Company
    subsub: Company
    stranger: Company
    owner: User
    office: User
    auditor: User
    sub_office: User
    stranger_office: User

    def browser(self, user: User | None = None) -> Browser:
        """A browser signed in as this person; without one, nobody is signed in."""
        browser = Browser()
        if user is not None:
            browser.force_login(user)
        return browser


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def build_cast() -> Cast:
    main = make_company("Helder Main", MAIN_NUMBER)
    sub = make_company("Zuiver Sub", SUB_NUMBER)
    stranger = make_company("Vreemd", STRANGER_NUMBER)
    return Cast(
        main=main,
        sub=sub,
        subsub=make_company("Klein Subsub", SUBSUB_NUMBER),
        stranger=stranger,
        owner=make_user("owner@main.example", main, Role.OWNER),
        office=make_user("office@main.example", main, Role.OFFICE),
        auditor=make_user("auditor@main.example", main, Role.AUDITOR),
        sub_office=make_user("office@sub.example", sub, Role.OFFICE),
        stranger_office=make_user("office@stranger.example", stranger, Role.OFFICE),
    )
