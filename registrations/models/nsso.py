"""A registration's journey to the NSSO, and what the NSSO says of it and of presences made elsewhere."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.append_only import AppendOnly
from ciao_portal.ids import new_id
from ciao_portal.models import Company, NssoCredentials, Person, User
from ciao_portal.models.outbox import OutboxRow
from declarations.models import Declaration
from registrations.models.registrations import Registration


class SubmissionState(models.TextChoices):
    """Where the journey stands. `MOVES` in `registrations.nsso.states` lists the allowed moves."""

    WAITING = "waiting", _("Waiting for the NSSO")
    SENDING = "sending", _("On its way")
    UNCERTAIN = "uncertain", _("Sent, answer lost: looking it up")
    ACCEPTED = "accepted", _("The NSSO has it")
    REFUSED = "refused", _("Refused by the NSSO")
    MISCONFIGURED = "misconfigured", _("Waiting for NSSO credentials")
    HELD = "held", _("Held for release by the office")
    NUMBER_PENDING = "number_pending", _("National number pending")
    NOT_DUE = "not_due", _("Not for the NSSO")


class Submission(OutboxRow):
    """The one journey of one registration to the NSSO."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="submission")
    # Copied from the registration, for order per worker and for claiming without a join.
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    # Copied as well: who may see it and whose access it takes, so that a long backlog is counted and claimed
    # without its registrations. Those hold the keys; here they are neither checked again nor looked up.
    employer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    declarer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    happened_day = models.DateField()
    state = models.CharField(max_length=16, choices=SubmissionState.choices, default=SubmissionState.WAITING)
    # Whose access it travelled with (the employer's, else the nearest company above it).
    credentials = models.ForeignKey(
        NssoCredentials, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    nsso_id = models.BigIntegerField(null=True, blank=True)
    # A second id under which the NSSO stored the same tap (see the contract on lost answers).
    twin_nsso_ids = models.JSONField(default=list)
    accepted_at = models.DateTimeField(null=True, blank=True)
    # As it came: a value never seen before is kept and shown.
    validity = models.CharField(max_length=40, blank=True)
    refusal = models.JSONField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "happened_at"],
                condition=models.Q(due_at__isnull=False),
                name="submission_due",
            ),
            # A long backlog of one access is never walked through for the sake of the others.
            models.Index(
                fields=["credentials", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="submission_access_due",
            ),
            models.Index(
                fields=["person", "happened_at"],
                condition=models.Q(state__in=["waiting", "sending", "uncertain"]),
                name="submission_unfinished",
            ),
            models.Index(fields=["nsso_id"], name="submission_nsso_id"),
            models.Index(
                fields=["state"],
                condition=~models.Q(state__in=["accepted", "not_due"]),
                name="submission_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.registration_id}"

    @classmethod
    def of(cls, registration: Registration, *, state: SubmissionState, due_at: datetime | None) -> Self:
        """The journey of a registration at its start, with everything it copies from it; not stored yet."""
        return cls(
            registration=registration,
            person_id=registration.person_id,
            happened_at=registration.happened_at,
            employer_id=registration.employer_id,
            declarer_id=registration.declarer_id,
            declaration_id=registration.declaration_id,
            happened_day=registration.happened_day,
            state=state,
            due_at=due_at,
        )


# What a call brought when it did not fail.
GOOD_OUTCOMES = ("created", "found", "notFound")


class Attempt(AppendOnly):
    """One try to bring one submission over, with the answer and both trace ids. Holds no national number."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="attempts")
    started_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    operation = models.CharField(max_length=20)
    http_status = models.PositiveSmallIntegerField(null=True)
    trace_id = models.CharField(max_length=36)
    related_trace_id = models.CharField(max_length=36, blank=True)
    contract_version = models.CharField(max_length=40)
    outcome = models.CharField(max_length=40)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["started_at", "id"]
        indexes: ClassVar = [
            # Failures are few; the many that went well cost nothing here.
            models.Index(
                fields=["started_at"],
                condition=~models.Q(outcome__in=GOOD_OUTCOMES),
                name="attempt_failed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.outcome}"


class NssoPresence(models.Model):
    """A registration the NSSO shows us for our company or chain: ours, or registered elsewhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    nsso_id = models.BigIntegerField(unique=True)
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, null=True, related_name="nsso_presences"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=13, blank=True)
    type = models.CharField(max_length=10)
    registered_at = models.DateTimeField()
    day = models.DateField()
    validity = models.CharField(max_length=40)
    validated_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    # The access the NSSO showed it to last: only a reading by that one can tell that it is there no longer.
    shown_by = models.ForeignKey(
        NssoCredentials, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # When the first of the last readings began that did not bring it; empty while the NSSO lists it.
    missed_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["employer", "day"], name="presence_employer_day"),
            models.Index(fields=["shown_by", "day"], name="presence_shown_day"),
            # Registered elsewhere: by person for who is there now, by firm and works for lists.
            models.Index(
                fields=["person", "registered_at"],
                condition=models.Q(registration__isnull=True),
                name="elsewhere_person",
            ),
            models.Index(
                fields=["employer", "registered_at"],
                condition=models.Q(registration__isnull=True),
                name="elsewhere_employer",
            ),
            models.Index(
                fields=["declaration", "registered_at"],
                condition=models.Q(registration__isnull=True),
                name="elsewhere_declaration",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nsso_id} {self.validity}"


class Remark(models.Model):
    """One spell of one remark by the NSSO on one presence; never deleted.

    A remark that vanishes gets `gone_at`; when it returns, that is a new spell.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    presence = models.ForeignKey(NssoPresence, on_delete=models.PROTECT, related_name="remarks")
    # Copied from the presence, for lists by company and deadline.
    employer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    code = models.CharField(max_length=60)
    # As the NSSO worded it: {"nl": …, "fr": …, "de": …}.
    description = models.JSONField(default=dict)
    # The date the NSSO puts on it, as it came.
    dated = models.DateField(null=True)
    # Brussels day of the registration (day 0) and the last day for a correction (day 0 + 30, inclusive).
    happened_day = models.DateField()
    last_day = models.DateField()
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)
    # It went because the NSSO no longer lists the presence itself, which is not the same as being solved.
    gone_with_presence = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering: ClassVar = ["last_day", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["presence", "code"], condition=models.Q(gone_at__isnull=True), name="one_open_remark"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["employer", "last_day"],
                condition=models.Q(gone_at__isnull=True),
                name="remark_open_employer",
            ),
            models.Index(
                fields=["declaration", "last_day", "employer"],
                condition=models.Q(gone_at__isnull=True),
                name="remark_open_works",
            ),
            # The trend by week, without a look at the rows.
            models.Index(fields=["employer", "happened_day", "code"], name="remark_employer_day"),
            models.Index(fields=["declaration", "happened_day", "code", "employer"], name="remark_works_day"),
        ]

    def __str__(self) -> str:
        return self.code


class EarlierWording(models.Model):
    """How the NSSO worded or dated an open remark before it changed that; never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, related_name="earlier_wordings")
    description = models.JSONField(default=dict)
    dated = models.DateField(null=True)
    # When the change was read.
    until = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-until", "-id"]

    def __str__(self) -> str:
        return f"{self.remark_id} until {self.until}"


class ReadBack(OutboxRow):
    """One day of one access to be read back: validities, remarks, presences made elsewhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    credentials = models.ForeignKey(NssoCredentials, on_delete=models.PROTECT, related_name="+")
    # Brussels day of the registrations.
    day = models.DateField()
    # Pending registrations seen in the last reading: they ask for another look soon.
    pending = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["credentials", "day"], name="one_read_back_per_day")
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="read_back_due")
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class NssoLine(models.Model):
    """How traffic goes under one access, or (without one) with the service as a whole.

    Written by the senders of every host, so that all of them rest together and one page can tell how it goes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Empty in the one row that speaks of the service as a whole.
    credentials = models.OneToOneField(
        NssoCredentials, on_delete=models.PROTECT, null=True, related_name="line"
    )
    # Failures in a row; 0 while it works.
    failures = models.PositiveIntegerField(default=0)
    # Nothing but a probe is sent before this moment.
    rest_until = models.DateTimeField(null=True, blank=True)
    # The first failure of the row of failures; empty while it works.
    failing_since = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_failure_at = models.DateTimeField(null=True, blank=True)
    # A stable reason (`ciao_portal.nsso.errors.NssoCode`).
    last_failure = models.CharField(max_length=40, blank=True)
    # The NSSO's clock minus ours, in seconds, as the last answer showed it.
    clock_skew_s = models.FloatField(null=True, blank=True)
    token_fetched_at = models.DateTimeField(null=True, blank=True)
    token_ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(credentials__isnull=True), name="one_line_of_the_service"
            )
        ]

    def __str__(self) -> str:
        return f"{self.credentials_id or 'service'}: {self.failures}"


class OutageOrigin(models.TextChoices):
    """Who says that there was an outage."""

    FOUND = "found", _("Found by the portal")
    DECLARED = "declared", _("Declared by a person")


class Outage(models.Model):
    """A time in which a company's registrations did not reach the NSSO; evidence, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="outages")
    origin = models.CharField(max_length=10, choices=OutageOrigin.choices)
    # Found: when the oldest registration that waited was received. Declared: as the person says.
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Found: the stable reason of the last failure (`NssoCode`), empty when nothing was sent at all.
    reason = models.CharField(max_length=40, blank=True)
    # Declared: what the person writes of it.
    note = models.TextField(blank=True)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    # When the company's people were told by e-mail; once for each outage that was found.
    told_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Outage"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-started_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company"],
                condition=models.Q(origin="found", ended_at__isnull=True),
                name="one_found_outage_at_a_time",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "-started_at", "-id"], name="outage_company_start")
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.started_at}"
