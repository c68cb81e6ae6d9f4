"""What a company adds to the emergency procedure."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.models import Company
from ciao_portal.tenancy import unscoped
from registrations.models import EmergencyProcedure

FACTS = (
    "contact_name",
    "contact_phone",
    "contact_hours",
    "second_name",
    "second_phone",
    "second_hours",
    "for_cleaners",
    "for_office",
)


@transaction.atomic
def change_procedure(*, company: Company, facts: Mapping[str, str], actor: Actor, now: datetime) -> list[str]:
    """Keep the company's contacts and additions (`FACTS`); answers the names of what changed."""
    # Two owners may write the first one at the same moment.
    Company.objects.select_for_update().get(pk=company.pk)
    kept = procedure_of(company) or EmergencyProcedure(company=company)
    changed = [name for name in FACTS if getattr(kept, name) != facts[name]]
    if changed:
        for name in changed:
            setattr(kept, name, facts[name])
        kept.changed_at = now
        kept.save()
        audit.record("emergency.changed", kept, actor=actor, now=now, payload={"changed": changed})
    return changed


def procedure_of(company: Company) -> EmergencyProcedure | None:
    """What the company has written; None as long as it wrote nothing."""
    with unscoped(reason="the company's own procedure, named by the company itself"):
        return EmergencyProcedure.objects.filter(company=company).first()
