"""How a company prepares its requests."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.models import Company
from ciao_portal.tenancy import unscoped
from registrations.corrections.wording import OFFICE_LANGUAGES
from registrations.models import CorrectionSettings

FACTS = ("office_language", "has_four_eyes")


def settings_of(company: Company) -> CorrectionSettings | None:
    """What the company has set; None as long as it set nothing."""
    with unscoped(reason="the company's own settings, named by the company itself"):
        return CorrectionSettings.objects.filter(company=company).first()


def office_language(company: Company) -> str:
    """The language of the company's office of the NSSO: as set, else its own, else Dutch."""
    kept = settings_of(company)
    wishes = (kept.office_language if kept else "", company.language)
    known = dict(OFFICE_LANGUAGES)
    return next((wish for wish in wishes if wish in known), OFFICE_LANGUAGES[0][0])


def has_four_eyes(company: Company) -> bool:
    """Whether a second person approves each request."""
    kept = settings_of(company)
    return kept is not None and kept.has_four_eyes


@transaction.atomic
def change_settings(*, company: Company, facts: Mapping[str, Any], actor: Actor, now: datetime) -> list[str]:
    """Keep the settings (`FACTS`); answers the names of what changed."""
    # Two owners may write the first ones at the same moment.
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    kept = settings_of(company) or CorrectionSettings(company=company)
    changed = [name for name in FACTS if getattr(kept, name) != facts[name]]
    if changed:
        for name in changed:
            setattr(kept, name, facts[name])
        kept.changed_at = now
        kept.save()
        payload = {"changed": changed}
        audit.record("correction_settings.changed", kept, actor=actor, now=now, payload=payload)
    return changed
