"""Letters that may have to be proven: their words, their fate."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone
from pytest_django import Settings

from ciao_portal.audit import Actor
from ciao_portal.letters import send_with_proof
from ciao_portal.models import AuditEvent, SentLetter
from ciao_portal.tenancy import company_scope
from tests.cast import Cast

pytestmark = pytest.mark.django_db

# A letter that exists: what a certificate's owner is told.
TEMPLATE = "certificate_ends"


def sent(cast: Cast) -> SentLetter:
    now = timezone.now()
    with company_scope(cast.main):
        return send_with_proof(
            TEMPLATE,
            to="office@sub.example",
            company=cast.main,
            recipient=cast.sub,
            language="fr",
            context={"ends_on": now.date() + timedelta(days=7), "days": 7},
            actor=Actor(cast.main, cast.office),
            now=now,
        )


def test_what_was_written_is_kept_as_it_was_sent(cast: Cast) -> None:
    letter = sent(cast)
    [message] = mail.outbox
    assert letter.is_taken
    assert (letter.address, letter.recipient, letter.language) == ("office@sub.example", cast.sub, "fr")
    assert (letter.subject, letter.text) == (message.subject, message.body)
    assert message.extra_headers["Message-ID"] == letter.message_id
    assert AuditEvent.objects.filter(subject_id=str(letter.pk), action="letter.sent").exists()


def test_a_letter_that_was_not_taken_is_proof_of_the_try(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    # Nobody listens there.
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    letter = sent(cast)
    assert not letter.is_taken
    assert AuditEvent.objects.filter(subject_id=str(letter.pk), action="letter.failed").exists()


def test_proof_is_never_changed_and_never_another_companys(cast: Cast) -> None:
    letter = sent(cast)
    with company_scope(cast.sub):
        assert not SentLetter.objects.exists()
    with company_scope(cast.main):
        for change in (lambda: SentLetter.objects.update(text=""), SentLetter.objects.all().delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        assert SentLetter.objects.get().pk == letter.pk
