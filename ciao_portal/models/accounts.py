"""People who sign in, the companies they work for, and in which role."""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from ciao_portal.identifiers import format_enterprise_number
from ciao_portal.ids import new_id
from ciao_portal.prepared import Given, Moment


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, password: str | None = None, *, name: str = "", language: str = ""
    ) -> "User":
        user = self.model(email=email.strip().lower(), name=name, language=language)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person of an office or an auditor, known by e-mail address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("E-mail address"), unique=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    language = models.CharField(_("Language"), max_length=2, blank=True)
    is_active = models.BooleanField(_("May sign in"), default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email


class Company(models.Model):
    """A firm, known to everybody by its enterprise number (Belgian) or its VAT number (foreign).

    Global: it carries only what the firm says of itself. What a tenant wrote about it is on that tenant's
    CompanyCard.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enterprise_number = models.CharField(
        _("Enterprise number"), max_length=10, unique=True, null=True, blank=True
    )
    foreign_vat_number = models.CharField(
        _("Foreign VAT number"), max_length=20, unique=True, null=True, blank=True
    )
    name = models.CharField(_("Name"), max_length=200, blank=True)
    language = models.CharField(_("Language"), max_length=2, default="nl")
    # What the firm itself wants on its letters and reports.
    contact_email = models.EmailField(_("E-mail address"), blank=True)
    contact_phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    # Demo companies never reach a real NSSO address (see `ciao_portal.nsso.transport`).
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(enterprise_number__isnull=False)
                ^ models.Q(foreign_vat_number__isnull=False),
                name="company_has_one_number",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.number

    @property
    def number(self) -> str:
        """The number as people read it: `0206.731.645`, or the foreign VAT number."""
        if self.enterprise_number:
            return format_enterprise_number(self.enterprise_number)
        return self.foreign_vat_number or ""


class CompanyCard(models.Model):
    """What one tenant wrote about another firm: its name and whom to contact there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="cards")
    subject = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="known_as")
    name = models.CharField(_("Name"), max_length=200)
    contact_email = models.EmailField(_("E-mail address"), blank=True)
    contact_phone = models.CharField(_("Telephone"), max_length=30, blank=True)

    objects: ClassVar[models.Manager["CompanyCard"]] = ScopedManager(company="company")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "subject"], name="one_card_per_firm")
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    OFFICE = "office", _("Office")
    AUDITOR = "auditor", _("Auditor (reads only)")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, now: Moment) -> Self:
        return self.filter(models.Q(ended_at__isnull=True) | models.Q(ended_at__gt=now))

    def of(self, user: User | Given) -> Self:
        return self.filter(user=user).select_related("company").order_by("since", "id")


class Membership(models.Model):
    """A person's role in a company, for a period."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("Role"), max_length=10, choices=Role.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # A letter in the morning about last days that come near; on until the person switches it off.
    wants_digest = models.BooleanField(default=True, db_default=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "company"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_membership",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.company} · {self.get_role_display()}"


class Invitation(models.Model):
    """An invitation by e-mail to join a company in a role; used once, withdrawn or run out.

    Only the hash of the secret in the link is kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("E-mail address"))
    role = models.CharField(_("Role"), max_length=10, choices=Role.choices)
    language = models.CharField(_("Language"), max_length=2)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Invitation"]] = ScopedManager(company="company")

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.company}"
