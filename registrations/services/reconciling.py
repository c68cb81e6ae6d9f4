"""Keeping the comparison of each day with the NSSO, and which days are compared again."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from ciao_portal.days import brussels_day, day_bounds
from ciao_portal.models import Company, Membership
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView
from registrations.models import NssoPresence, ReconciledDay, Registration
from registrations.reconciliation import reconcile
from registrations.rules.deadlines import CORRECTION_DAYS

# A night that was missed is made up for; older days were compared while they were new.
CATCH_UP_DAYS = 7


def keep_comparison(*, company: Company, day: date, now: datetime) -> ReconciledDay | None:
    """Compare the day and write the counts down; None for a day without anything on either side.

    One row, replaced as a whole. Call inside the company's scope.
    """
    found = reconcile(company, day)
    if not found.here and not found.there:
        return None
    row, _is_new = ReconciledDay.objects.update_or_create(
        company=company,
        day=day,
        defaults={
            "here": found.here,
            "there": found.there,
            "both": found.both,
            "counts": {reason.value: number for reason, number in sorted(found.counts.items())},
            "open_count": found.open_count,
            "compared_at": now,
        },
    )
    return row


def days_to_compare(*, now: datetime) -> dict[UUID, list[date]]:
    """By company, the days to compare: yesterday, those missed of the last week, those with open differences.

    A difference is followed as long as a correction can be asked of the NSSO.
    """
    today = brussels_day(now)
    yesterday = today - timedelta(days=1)
    wanted: dict[UUID, set[date]] = defaultdict(set)
    with unscoped(reason="every company's days are compared, each in a task of its own"):
        kept = ReconciledDay.objects.filter(day__gte=today - timedelta(days=CORRECTION_DAYS))
        for company, day in kept.filter(open_count__gt=0).values_list("company", "day"):
            wanted[company].add(day)
        week = [yesterday - timedelta(days=age) for age in range(CATCH_UP_DAYS)]
        done = set(kept.filter(day__in=week).exclude(day=yesterday).values_list("company", "day"))
        for day in week:
            for company in _with_something_on(day):
                if (company, day) not in done:
                    wanted[company].add(day)
    return {company: sorted(days) for company, days in sorted(wanted.items())}


def _with_something_on(day: date) -> set[UUID]:
    """Companies with people of their own here that may see something of that day."""
    found: set[UUID] = set()
    works: set[UUID] = set()
    registered = Registration.objects.filter(happened_day=day).order_by()
    for employer, declarer, declaration in registered.values_list(
        "employer", "declarer", "declaration"
    ).distinct():
        found |= {employer, declarer}
        works.add(declaration)
    start, end = day_bounds(day)
    elsewhere = NssoPresence.objects.filter(
        registration__isnull=True, registered_at__gte=start, registered_at__lt=end
    )
    for employer, declaration in elsewhere.order_by().values_list("employer", "declaration").distinct():
        found.add(employer)
        works |= {declaration} - {None}
    views = ChainView.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), declaration__in=works)
    found |= set(views.values_list("viewer", flat=True).distinct())
    tenants = Membership.objects.filter(company__in=found).values_list("company", flat=True)
    return set(tenants.distinct())
