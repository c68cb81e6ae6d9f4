"""When an outage may be declared, and whether it touches a period. Pure: no database, no clock."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from ciao_portal.errors import DomainError

# As long as one dossier reaches: what is declared later can hardly be remembered to the minute.
LONGEST_AGO = timedelta(days=100)


def check_declared(started_at: datetime, ended_at: datetime | None, *, now: datetime) -> None:
    """Refuse times that cannot be, pinned to the field to change.

    Raises DomainError `outage.startAhead`, `outage.startLongAgo`, `outage.endAhead` or `outage.order`.
    """
    if started_at > now:
        raise DomainError(
            "outage.startAhead",
            _("The start lies in the future. Declare an outage once it has begun."),
            field="started_at",
        )
    if started_at < now - LONGEST_AGO:
        raise DomainError(
            "outage.startLongAgo",
            _("The start lies more than %(days)s days back. Check the date."),
            field="started_at",
            params={"days": LONGEST_AGO.days},
        )
    if ended_at is not None:
        check_end(started_at, ended_at, now=now)


def check_end(started_at: datetime, ended_at: datetime, *, now: datetime) -> None:
    """Raises DomainError `outage.endAhead` or `outage.order`."""
    if ended_at > now:
        raise DomainError(
            "outage.endAhead",
            _("The end lies in the future. Leave it empty as long as the outage goes on."),
            field="ended_at",
        )
    if ended_at <= started_at:
        raise DomainError(
            "outage.order",
            _("The end is not after the start. Check both times."),
            field="ended_at",
        )
