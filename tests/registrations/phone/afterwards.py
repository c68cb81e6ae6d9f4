"""What the tests of the pages after the tap share: a paired phone, taps, and what a page says."""

import html
import re
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.test import Client as Browser
from django.utils import timezone

from ciao_portal.audit import Actor
from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope
from declarations.models import RegistrationPoint
from registrations.models import Device
from registrations.rules.agreements import Answer, Subject
from registrations.services.agreements import answer_agreement
from registrations.services.pairing import device_with_secret, offer_pairing, pair_phone
from tests.cast import SSINS, make_worker


def paired(company: Company, ssin: str = SSINS[0], *, language: str = "en") -> tuple[Browser, Device]:
    """A phone that is somebody's own, somebody employed by the company since a year."""
    now = timezone.now()
    worker = make_worker(company, ssin, "Ada", now=now)
    with company_scope(company):
        link = offer_pairing(company=company, person=worker.person, actor=Actor(company), now=now)
    secret = pair_phone(secret=link, label="Android", now=now)
    phone = Browser(headers={"accept-language": language})
    phone.cookies["phone"] = secret
    device = device_with_secret(secret)
    assert device is not None
    return phone, device


def press(phone: Browser, point: RegistrationPoint, action: str = "IN", **fields: str) -> str:
    """Press a button of the point's page; answers the address of the confirmation."""
    form = {"action": action, "client_key": str(uuid4()), "key_origin": "tap", **fields}
    response = phone.post(f"/r/{point.code}/", form)
    assert response.status_code == 303
    return response["Location"]


def agree(device: Device, company: Company, subject: Subject, answer: Answer, *, now: datetime) -> None:
    answer_agreement(device=device, company=company, subject=subject, answer=answer, language="en", now=now)


def words(response: Any) -> str:
    """The text of a page, on one line."""
    text = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
