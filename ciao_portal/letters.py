"""Letters by e-mail: plain text with a simple HTML part, in the language of whoever receives them."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.languages import language_of
from ciao_portal.mailbox import COMPANY_HEADER
from ciao_portal.models import Company, SentLetter

logger = logging.getLogger(__name__)


class LetterError(Exception):
    """The mail server did not take the letter; nothing was delivered."""


@dataclass(frozen=True, slots=True)
class Words:
    """A letter in one language, before it is sent: for a page that shows it first."""

    subject: str
    text: str
    html: str


def words_of(template: str, *, company: Company, language: str, context: Mapping[str, Any]) -> Words:
    """Fill `templates/mail/<template>.{subject.txt,txt,html}`, on behalf of a company."""
    filled = {**context, "company": company, "portal_url": settings.PUBLIC_URL}
    with translation.override(language_of(language)):
        return Words(
            subject=" ".join(render_to_string(f"mail/{template}.subject.txt", filled).split()),
            text=render_to_string(f"mail/{template}.txt", filled),
            html=render_to_string(f"mail/{template}.html", filled),
        )


def send_letter(
    template: str, *, to: str, company: Company, language: str, context: Mapping[str, Any]
) -> None:
    """Send a letter to one address, on behalf of a company.

    Call it after the commit: a letter cannot be taken back. Raises LetterError.
    """
    _send(words_of(template, company=company, language=language, context=context), to, company, make_msgid())


def send_with_proof(
    template: str,
    *,
    to: str,
    company: Company,
    language: str,
    context: Mapping[str, Any],
    recipient: Company | None = None,
    actor: Actor,
    now: datetime,
) -> SentLetter:
    """The same, and keep what was written to whom, when, and whether the mail server took it.

    Call it outside a transaction and inside the company's scope. A letter that was not taken is kept too:
    see `is_taken`. `recipient` is the firm it goes to, None for the company's own people.
    """
    words = words_of(template, company=company, language=language, context=context)
    message_id = make_msgid()
    try:
        _send(words, to, company, message_id)
        is_taken = True
    except LetterError:
        is_taken = False
    letter = SentLetter(
        company=company,
        recipient=recipient,
        address=to,
        template=template,
        language=language_of(language),
        subject=words.subject,
        text=words.text,
        message_id=message_id,
        sent_by=actor.user,
        at=now,
        is_taken=is_taken,
    )
    with transaction.atomic():
        letter.save(force_insert=True)
        action = "letter.sent" if is_taken else "letter.failed"
        audit.record(action, letter, actor=actor, now=now, payload={"template": template})
    return letter


def _send(words: Words, to: str, company: Company, message_id: str) -> None:
    headers = {COMPANY_HEADER: str(company.pk), "Message-ID": message_id}
    message = EmailMultiAlternatives(words.subject, words.text, to=[to], headers=headers)
    message.attach_alternative(words.html, "text/html")
    try:
        message.send()
    except (OSError, SMTPException) as error:
        # Without its text: mail servers repeat the address in their answers.
        logger.warning("A letter could not be sent: %s", type(error).__name__)
        raise LetterError from error
