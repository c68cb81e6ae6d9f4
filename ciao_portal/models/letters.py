"""Proof of letters by e-mail that may matter later: reminders, warnings."""

from typing import ClassVar

from django.db import models
from django_scopes import ScopedManager

from ciao_portal.append_only import AppendOnly
from ciao_portal.ids import new_id
from ciao_portal.models.accounts import Company, User


class SentLetter(AppendOnly):
    """One try to send a letter: to whom, its exact words, when, and what the mail server answered.

    Written after the try and never changed. That the server took it is all that can be known, not whether
    somebody read it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # On whose behalf.
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="sent_letters")
    # The firm it was written to, when it was not one's own people.
    recipient = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.EmailField()
    template = models.CharField(max_length=60)
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    # The Message-ID header, by which the mail servers on the way know it.
    message_id = models.CharField(max_length=250)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    is_taken = models.BooleanField()

    objects: ClassVar[models.Manager["SentLetter"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["company", "recipient", "-at"], name="letter_to_firm")]

    def __str__(self) -> str:
        return self.subject
