"""Which workers lack a paper that the company's own file should hold: the numbers of Limosa and Dimona.

A missing one never refuses a registration; it is called to mind before the NSSO remarks on it. Dimona is the
employer's own for employees and students; a temporary worker's is the agency's.
"""

from django.db.models import Q

from ciao_portal.prepared import Day
from registrations.models.workers import WorkerStatus

POSTED = Q(status=WorkerStatus.POSTED)
NO_LIMOSA = POSTED & Q(limosa_number="")
NO_DIMONA = Q(status__in=(WorkerStatus.EMPLOYEE, WorkerStatus.STUDENT), dimona_number="")


def not_ended(today: Day) -> Q:
    """Those who work for the company on the Brussels day, or will: both numbers come before the first day."""
    return Q(ends_on__isnull=True) | Q(ends_on__gte=today)
