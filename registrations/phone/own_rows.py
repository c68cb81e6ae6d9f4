"""One's own registrations as rows of a CSV file, one each, in the person's language."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ciao_portal.days import clock_time
from registrations.phone.confirmations import journey_words
from registrations.phone.own_days import OwnPeriod
from registrations.phone.standing import DONE_WORDS
from registrations.rules.presence import Kind


def own_rows(period: OwnPeriod) -> Iterator[list[object]]:
    """The header, then the registrations in order of time."""
    yield [
        _("Day"),
        _("Time"),
        _("Registration"),
        _("Workplace"),
        _("Employer"),
        _("Enterprise number"),
        _("Declaration number"),
        _("NSSO"),
    ]
    for row in period.registrations:
        yield [
            row.happened_day,
            clock_time(row.happened_at),
            DONE_WORDS[Kind(row.kind)],
            row.workplace.name,
            str(row.employer),
            row.employer.number,
            row.declaration.declared_number,
            journey_words(row)[1],
        ]
