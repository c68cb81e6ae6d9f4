"""The attempts of a period as a file, for whoever wants to work with them; who fetched it is recorded."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.models import Company
from ciao_portal.web.csv import Row
from registrations.dossiers.lines import dossier_rows
from registrations.exports.services import check_days
from registrations.rules.windows import Window


@transaction.atomic
def fetch_attempts(*, company: Company, period: Window, actor: Actor, now: datetime) -> Iterator[Row]:
    """Record the fetching; the rows are read as they are taken.

    Raises DomainError `window.order` or `window.long` (more than 100 days).
    """
    check_days(period.first, period.last)
    payload = {"firstDay": period.first.isoformat(), "lastDay": period.last.isoformat()}
    audit.record("outage.attempts_fetched", company, actor=actor, now=now, payload=payload)
    return dossier_rows(company, period, now=now)
