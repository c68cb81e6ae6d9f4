"""Background work about registrations, run by the worker (`manage.py qcluster`)."""

from uuid import UUID

from django.utils import timezone

from ciao_portal.tenancy import company_scope
from registrations.reports import services
from registrations.reports.gathering import gather
from registrations.reports.rendering import render
from registrations.services import outages


def make_report(report_id: str) -> None:
    """Make the report with this id; queued twice or taken up again after a kill, it is made once."""
    report = services.claim(UUID(report_id), now=timezone.now())
    if report is None:
        return
    try:
        with company_scope(report.company):
            now = timezone.now()
            gathered = gather(report.company, report.declaration, report.first_day, report.last_day, now=now)
            document = render(report, gathered, now=now)
        services.finish(report, document, now=timezone.now())
    except Exception:
        services.give_up(report, now=timezone.now())
        raise


def watch_for_outages() -> None:
    """Tell companies whose registrations do not reach the NSSO, and note when they do again."""
    outages.watch(now=timezone.now())
