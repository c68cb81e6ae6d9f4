"""One's own hours for a calendar (RFC 5545): where and when, no name of anybody and no number."""

from datetime import UTC, datetime
from uuid import uuid5

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from registrations.phone.own_days import OwnLine, OwnPeriod
from registrations.reports.presence import Span


def calendar_of(period: OwnPeriod, *, now: datetime) -> bytes:
    """Every stretch of work as an event; one without a registered stop has no end."""
    calendar = Calendar()
    calendar.add("prodid", "-//CIaO portal//own registrations//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("My registrations"))
    for day in period.days:
        for line in day.lines:
            for span in line.spans:
                if span.start is not None:
                    calendar.add_component(_event(line, span, span.start, now=now))
    content: bytes = calendar.to_ical()
    return content


def _event(line: OwnLine, span: Span, start: datetime, *, now: datetime) -> Event:
    event = Event()
    # Always the same for the same stretch, so that a calendar changes it instead of adding another one.
    event.add("uid", f"{uuid5(line.registrations[0].pk, start.isoformat())}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", start.astimezone(UTC))
    summary = line.places
    if span.end is not None:
        event.add("dtend", span.end.astimezone(UTC))
    elif line.is_stop_missing:
        summary = _("%(place)s: stop missing") % {"place": line.places}
    event.add("summary", summary)
    event.add("location", line.registrations[0].workplace.address)
    event.add("description", line.journey)
    return event
