"""The trail of deeds: append-only, held by database triggers."""

from typing import ClassVar

from django.db import models

from ciao_portal.append_only import AppendOnly
from ciao_portal.ids import new_id
from ciao_portal.models.accounts import Company, User

MOST_FREQUENT = "registration.received"


class AuditEvent(AppendOnly):
    """One deed. Never changed, never deleted; holds no national number."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "-at", "-id"], name="audit_company_time"),
            # What people did, among the many events that came from phones.
            models.Index(
                fields=["company", "-at", "-id"],
                condition=models.Q(user__isnull=False),
                name="audit_people_at",
            ),
            # Everything but the bulk: `MOST_FREQUENT` stands a thousand times beside each other action.
            models.Index(
                fields=["company", "-at", "-id"],
                condition=~models.Q(action=MOST_FREQUENT),
                name="audit_rare_at",
            ),
            models.Index(fields=["subject_type", "subject_id"], name="audit_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"
