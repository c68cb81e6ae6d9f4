"""Everything an outage dossier says: the outages of a period, who waited, and each call to the NSSO."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from registrations.dossiers.journeys import Journey, Try, bounds_of, journeys_of
from registrations.dossiers.naming import Naming
from registrations.dossiers.waiting import Waited, waits_among
from registrations.models import Outage, OutageOrigin
from registrations.rules.waits import HourOfAttempts, Tally, hour_of, tally_of
from registrations.rules.windows import Window


@dataclass(slots=True)
class Call:
    """One request to the NSSO; it may have carried many registrations, and ended differently for some."""

    first: Try
    registrations: int = 0


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the document is made of, for one company and period."""

    period: Window
    found: list[Outage]
    declared: list[Outage]
    # Every registration with an attempt in the period or a wait, in order of receipt.
    journeys: list[Journey]
    waits: list[Waited]
    tally: Tally
    calls: list[Call]
    naming: Naming = field(repr=False)

    @property
    def attempts(self) -> int:
        """One for each registration in each call: the sum over the calls."""
        return sum(call.registrations for call in self.calls)


def gather(company: Company, period: Window, *, now: datetime) -> Gathered:
    """Read it all, inside the company's scope."""
    everything = [one for block in journeys_of(company, period) for one in block]
    waits = waits_among(everything, period, now=now)
    waiting = {one.journey.registration for one in waits}
    journeys = sorted(
        (one for one in everything if one.tries or one.registration in waiting),
        key=lambda one: (one.received_at, one.registration),
    )
    naming = Naming(company, brussels_day(now))
    naming.learn(journeys)
    outages = outages_within(company, period)
    return Gathered(
        period=period,
        found=[one for one in outages if one.origin == OutageOrigin.FOUND],
        declared=[one for one in outages if one.origin == OutageOrigin.DECLARED],
        journeys=journeys,
        waits=sorted(waits, key=lambda one: (one.journey.received_at, one.journey.registration)),
        tally=tally_of((one.wait for one in waits), now=now),
        calls=calls_in(journeys),
        naming=naming,
    )


def outages_within(company: Company, period: Window) -> list[Outage]:
    """The company's outages that touch the period, in order of their start, notes fetched."""
    start, end = bounds_of(period)
    rows = Outage.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=start), company=company, started_at__lt=end
    )
    found = rows.select_related("declared_by").prefetch_related("notes__written_by")
    return list(found.order_by("started_at", "id"))


def calls_in(journeys: Iterable[Journey]) -> list[Call]:
    """One per request and way it ended, in order of time."""
    calls: dict[tuple[str, str, str], Call] = {}
    for journey in journeys:
        for one in journey.tries:
            key = (one.trace_id, one.operation, one.outcome)
            calls.setdefault(key, Call(one)).registrations += 1
    return sorted(calls.values(), key=lambda call: (call.first.started_at, call.first.trace_id))


def calls_by_hour(calls: Iterable[Call]) -> list[HourOfAttempts]:
    """One line per hour with an attempt in it, in order."""
    hours: dict[datetime, HourOfAttempts] = {}
    for call in calls:
        start = hour_of(call.first.started_at)
        hour = hours.setdefault(start, HourOfAttempts(start))
        hour.outcomes += Counter({(call.first.operation, call.first.outcome): call.registrations})
    return [hours[start] for start in sorted(hours)]
