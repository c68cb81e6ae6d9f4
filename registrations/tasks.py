"""Background work about registrations, run by the worker (`manage.py qcluster`)."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from django_q.tasks import async_task

from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope
from registrations.corrections import following
from registrations.preflight import foreseeing
from registrations.reports import services
from registrations.reports.kinds import KINDS
from registrations.services import digests, outages
from registrations.services.reconciling import days_to_compare, keep_comparison

COMPARE_COMPANY = "registrations.tasks.compare_company"
TELL_COMPANY = "registrations.tasks.tell_company_of_deadlines"


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


def compare_with_nsso() -> None:
    """Have yesterday, and the days before that are not settled, compared with the NSSO for every company.

    A task for each company: a large one keeps nobody waiting, and one that fails spoils no other.
    """
    for company, days in days_to_compare(now=timezone.now()).items():
        async_task(COMPARE_COMPANY, str(company), [day.isoformat() for day in days])


def compare_company(company_id: str, days: list[str]) -> None:
    """Compare these Brussels days of one company; done twice, the later comparison stands."""
    company = Company.objects.get(pk=UUID(company_id))
    with company_scope(company):
        for day in days:
            keep_comparison(company=company, day=date.fromisoformat(day), now=timezone.now())


def follow_corrections() -> None:
    """Close requests that are solved, mark those that are too late, have the days of sent ones read back."""
    following.follow(now=timezone.now())


def watch_for_outages() -> None:
    """Tell companies whose registrations do not reach the NSSO, and note when they do again."""
    outages.watch(now=timezone.now())


def tell_of_deadlines() -> None:
    """Have everybody who wants it told of the last days that come near; run again, nobody is told twice."""
    for company in digests.companies_to_tell(now=timezone.now()):
        async_task(TELL_COMPANY, str(company))


def tell_company_of_deadlines(company_id: str) -> None:
    """Write to the people of one company."""
    company = Company.objects.get(pk=UUID(company_id))
    with company_scope(company):
        digests.tell(company, now=timezone.now())


def foretell_remarks() -> None:
    """Note which remarks we expect of the registrations that came in, to be compared with what comes."""
    foreseeing.foretell(now=timezone.now())
