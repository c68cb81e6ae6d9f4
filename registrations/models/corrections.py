"""Requests to the NSSO for a correction, prepared here and taken there by people. No registration changes."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.ids import new_id
from ciao_portal.models import Company, Paper, User
from registrations.models.nsso import NssoPresence
from registrations.models.registrations import Registration
from registrations.rules.corrections import Error, Parties, Reason

LONGEST_VALUE = 20
LONGEST_SUBJECT = 200
LONGEST_TEXT = 6000
LONGEST_NOTE = 1000


class CorrectionError(models.TextChoices):
    """The two errors that call for a request."""

    ENTERPRISE = Error.ENTERPRISE.value, _("Wrong enterprise number")
    DECLARATION = Error.DECLARATION.value, _("Wrong or missing declaration number")


class CorrectionState(models.TextChoices):
    """Where a request stands. `MOVES` in `registrations.corrections.states` lists the allowed moves."""

    DRAFT = "draft", _("Being prepared")
    READY = "ready", _("Ready")
    APPROVED = "approved", _("Approved")
    SENT = "sent", _("Sent to the NSSO")
    SOLVED = "solved", _("Corrected")
    REFUSED = "refused", _("Refused by the NSSO")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LATE = "late", _("Too late")


# Somebody still has something to do or to wait for.
OPEN_STATES = (CorrectionState.DRAFT, CorrectionState.READY, CorrectionState.APPROVED, CorrectionState.SENT)


class Correction(models.Model):
    """A request for one or several registrations with the same error and the same right value.

    Two companies at most see it: the employer on the registrations, and `partner`, one above it that sees
    them too. One of the two owns it: prepares, sends, follows. Never deleted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    error = models.CharField(max_length=12, choices=CorrectionError.choices)
    state = models.CharField(max_length=10, choices=CorrectionState.choices, default=CorrectionState.DRAFT)
    employer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    offered_to = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # When the employer agreed that the partner asks.
    agreed_at = models.DateTimeField(null=True)
    # An enterprise or a declaration number, normalised; empty while nobody knows it.
    right_value = models.CharField(_("Right number"), max_length=LONGEST_VALUE, blank=True)
    # Why it was proposed (`registrations.rules.corrections.Reason`); `undecided` for what people typed.
    reason = models.CharField(max_length=20, default=Reason.UNDECIDED.value)
    # The language of the NSSO office of the company that prepared it.
    language = models.CharField(_("Language of the request"), max_length=2)
    subject = models.CharField(_("Subject"), max_length=LONGEST_SUBJECT)
    body = models.TextField(_("Text"), max_length=LONGEST_TEXT)
    # Written by people: a change of the facts leaves it alone.
    has_own_text = models.BooleanField(default=False)
    # Brussels day; the earliest of its registrations.
    last_day = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    # As people note it: on which Brussels day, by whom, and under which reference it went to the NSSO.
    sent_on = models.DateField(_("Sent on"), null=True)
    sent_by = models.CharField(_("Sent by"), max_length=120, blank=True)
    sent_reference = models.CharField(_("Reference"), max_length=60, blank=True)
    outcome = models.TextField(_("Outcome"), max_length=LONGEST_NOTE, blank=True)
    closed_at = models.DateTimeField(null=True)

    # Inside a scope: what the company owns. Everything wider goes through `corrections_visible_to`.
    objects: ClassVar[models.Manager["Correction"]] = ScopedManager(company="owner")

    class Meta:
        ordering: ClassVar = ["last_day", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(owner=F("employer")) | Q(partner__isnull=False, owner=F("partner")),
                name="correction_owned_by_a_party",
            ),
            models.CheckConstraint(
                condition=Q(partner__isnull=True) | ~Q(partner=F("employer")),
                name="correction_of_two_companies",
            ),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.SENT) | Q(sent_on__isnull=False),
                name="correction_sent_on_a_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "last_day"], name="correction_state_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_error_display()} {self.last_day}"

    @property
    def parties(self) -> Parties:
        """The companies it concerns, for the rules."""
        return Parties(
            self.employer_id, self.partner_id, self.owner_id, self.offered_to_id, self.agreed_at is not None
        )

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class CorrectionLine(models.Model):
    """One registration a request is about: ours, or a presence registered elsewhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="lines")
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, null=True, related_name="correction_lines"
    )
    presence = models.ForeignKey(
        NssoPresence, on_delete=models.PROTECT, null=True, related_name="correction_lines"
    )
    # The remark that called for it; empty when somebody saw the error before the NSSO did.
    code = models.CharField(max_length=60, blank=True)
    # The enterprise number, or the reference of the declaration, that was sent; empty when none was.
    used = models.CharField(max_length=LONGEST_VALUE, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(registration__isnull=False) ^ Q(presence__isnull=False),
                name="line_is_about_one_act",
            ),
            models.UniqueConstraint(fields=["correction", "registration"], name="one_line_per_registration"),
            models.UniqueConstraint(fields=["correction", "presence"], name="one_line_per_presence"),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id or self.presence_id}"


class EvidenceKind(models.TextChoices):
    """What a supporting document is."""

    SCHEDULE = "schedule", _("Schedule")
    CONTRACT = "contract", _("Contract")
    STATEMENT = "statement", _("Statement")
    PHOTO = "photo", _("Photo")
    OTHER = "other", _("Other")


class CorrectionEvidence(models.Model):
    """A supporting document of a request; taken away, it stays kept and no longer goes along."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="evidence")
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("What it is"), max_length=10, choices=EvidenceKind.choices)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.paper_id}"


class CorrectionSettings(models.Model):
    """How a company prepares its requests; without a row: its own language, two eyes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="+")
    # Of the office of the NSSO that handles the company's file; empty: the company's own language.
    office_language = models.CharField(_("Language of your NSSO office"), max_length=2, blank=True)
    has_four_eyes = models.BooleanField(_("A second person approves each request"), default=False)
    changed_at = models.DateTimeField()

    objects: ClassVar[models.Manager["CorrectionSettings"]] = ScopedManager(company="company")

    def __str__(self) -> str:
        return f"{self.company_id}"
