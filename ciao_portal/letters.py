"""Letters by e-mail: plain text with a simple HTML part, in the language of whoever receives them."""

import logging
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from ciao_portal.languages import language_of
from ciao_portal.mailbox import COMPANY_HEADER
from ciao_portal.models import Company

logger = logging.getLogger(__name__)


class LetterError(Exception):
    """The mail server did not take the letter; nothing was delivered."""


def send_letter(
    template: str, *, to: str, company: Company, language: str, context: Mapping[str, Any]
) -> None:
    """Send `templates/mail/<template>.{subject.txt,txt,html}` to one address, on behalf of a company.

    Call it after the commit: a letter cannot be taken back. Raises LetterError.
    """
    filled = {**context, "company": company, "portal_url": settings.PUBLIC_URL}
    with translation.override(language_of(language)):
        subject = " ".join(render_to_string(f"mail/{template}.subject.txt", filled).split())
        plain = render_to_string(f"mail/{template}.txt", filled)
        html = render_to_string(f"mail/{template}.html", filled)
    message = EmailMultiAlternatives(subject, plain, to=[to], headers={COMPANY_HEADER: str(company.pk)})
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except (OSError, SMTPException) as error:
        # Without its text: mail servers repeat the address in their answers.
        logger.warning("A letter could not be sent: %s", type(error).__name__)
        raise LetterError from error
