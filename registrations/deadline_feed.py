"""Last days for a calendar (RFC 5545): one event a day with how many of which kind, nobody's name."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from uuid import uuid5

from django.utils.translation import ngettext
from icalendar import Calendar, Event

from ciao_portal.models import Membership
from registrations.deadlines import Counted, counted_deadlines, page_url


def feed_of(member: Membership, *, today: date, now: datetime) -> bytes:
    """Every last day from today on, in the language at hand. Call inside the company's scope."""
    calendar = Calendar()
    calendar.add("prodid", "-//CIaO portal//last days//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"CIaO · {member.company}")
    counted = counted_deadlines(member.company, today=today)
    for last, of_day in groupby(counted, key=lambda one: one.last_day):
        calendar.add_component(_event(member, last, list(of_day), now=now))
    content: bytes = calendar.to_ical()
    return content


def _event(member: Membership, last: date, of_day: Iterable[Counted], *, now: datetime) -> Event:
    kinds = list(of_day)
    count = sum(kind.count for kind in kinds)
    event = Event()
    # Always the same for the same day, so that a calendar changes it instead of adding another one.
    event.add("uid", f"{uuid5(member.pk, last.isoformat())}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", last)
    event.add("dtend", last + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    words = ngettext("Last day for %(count)d matter", "Last day for %(count)d matters", count)
    event.add("summary", f"CIaO: {words % {'count': count}}")
    event.add("description", "\n".join(f"{kind.count} x {kind.what}" for kind in kinds))
    event.add("url", page_url("registrations:remark-list"))
    return event
