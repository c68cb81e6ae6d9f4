"""On which days of the week a company expects the people of a subcontract below it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.models import Company
from declarations.models import Subcontract
from registrations.models import ExpectedDays


@transaction.atomic
def expect_on(
    *, company: Company, subcontract: Subcontract, weekdays: Iterable[int], actor: Actor, now: datetime
) -> None:
    """Keep the days (1 for Monday); none takes the expectation away.

    The caller looked the place up among those the company sees.
    """
    days = "".join(map(str, sorted(set(weekdays))))
    kept = ExpectedDays.objects.filter(company=company, subcontract=subcontract)
    if days:
        kept.update_or_create(
            company=company,
            subcontract=subcontract,
            defaults={"weekdays": days, "set_by": actor.user, "set_at": now},
        )
    else:
        kept.delete()
    payload = {"company": str(subcontract.company_id), "weekdays": days}
    audit.record("subcontract.expected", subcontract, actor=actor, now=now, payload=payload)
