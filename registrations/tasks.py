"""Background work about registrations, run by the worker (`manage.py qcluster`)."""

from uuid import UUID

from django.utils import timezone

from ciao_portal.tenancy import company_scope
from registrations.reports import services
from registrations.reports.kinds import KINDS


def make_report(report_id: str) -> None:
    """Make the report with this id; queued twice or taken up again after a kill, it is made once."""
    report = services.claim(UUID(report_id), now=timezone.now())
    if report is None:
        return
    try:
        with company_scope(report.company):
            document = KINDS[report.kind].make(report, timezone.now())
        services.finish(report, document, now=timezone.now())
    except Exception:
        services.give_up(report, now=timezone.now())
        raise
