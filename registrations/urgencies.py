"""Lists by how pressing a row is: remarks and workers' reports alike, by their column `last_day`."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ciao_portal.days import brussels_day
from registrations.rules.deadlines import SOON, Urgency

URGENCY_CHOICES = [
    (Urgency.OVERDUE.value, _("Over")),
    (Urgency.TODAY.value, _("Today")),
    (Urgency.SOON.value, _("Within 7 days")),
    (Urgency.LATER.value, _("Later")),
]


def in_urgency(rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
    """The method of a filter: rows in this urgency today."""
    today = brussels_day(timezone.now())
    soon = today + SOON
    return {
        Urgency.OVERDUE: rows.filter(last_day__lt=today),
        Urgency.TODAY: rows.filter(last_day=today),
        Urgency.SOON: rows.filter(last_day__gt=today, last_day__lte=soon),
        Urgency.LATER: rows.filter(last_day__gt=soon),
    }[Urgency(value)]
