"""How many people were on site in each hour of today: the figures and the picture of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, DateTimeField, Exists, JSONField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncHour
from django.utils.translation import gettext

from ciao_portal.days import brussels_day, brussels_time, day_bounds
from ciao_portal.models import Company
from ciao_portal.prepared import NOW, VIEWER, Given, Prepared
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView
from registrations.models import NssoPresence, Registration
from registrations.querysets import listed_elsewhere
from registrations.rules.hours import Tally, people_by_hour
from registrations.rules.presence import Kind

# The picture is 240 by 48 units: ten for each hour, a bar of eight in the middle.
HOUR_WIDTH, BAR_WIDTH, HEIGHT = 10, 8, 48
_START = Given("start", DateTimeField())


@dataclass(frozen=True, slots=True)
class HourBar:
    """One hour: its words for those who point at it, the number of people, and the rectangle in units."""

    words: str
    # `06:00–07:00`
    clock: str
    people: int
    x: int
    y: int
    height: int
    is_now: bool


def hour_bars(company: Company, *, now: datetime, now_present: int) -> list[HourBar]:
    """One bar for each hour of today until now; call inside the company's scope."""
    this_hour = brussels_time(now).hour
    people = people_by_hour(_tallies(company, now=now), now_present=now_present, this_hour=this_hour)
    return _drawn(people)


def _tallies(company: Company, *, now: datetime) -> list[Tally]:
    start, _end = day_bounds(brussels_day(now))
    with unscoped(reason="the company's own registrations and works, and those ChainView lets it see"):
        rows = _COUNTED.all(viewer=company.pk, start=start, now=now)
    return [
        Tally(brussels_time(hour).hour, Kind(kind), frozenset(flags), number)
        for hour, kind, flags, number in rows
    ]


def _all_counted() -> Any:
    """Own and declared, and below: parts with an index each, while the condition over both has none.

    Then what the NSSO shows as registered elsewhere, because those people are counted as on site, too.
    """
    today = Registration.objects.filter(happened_at__gte=_START, happened_at__lte=NOW)
    own = Q(employer=VIEWER) | Q(declarer=VIEWER)
    return _counted(today.filter(own)).union(_counted(_below(today.exclude(own))), _elsewhere(), all=True)


_COUNTED = Prepared(_all_counted)


def _elsewhere() -> Any:
    listed = NssoPresence.objects.filter(
        registration__isnull=True,
        missed_since__isnull=True,
        registered_at__gte=_START,
        registered_at__lte=NOW,
    )
    hour = TruncHour("registered_at", tzinfo=UTC)
    none = Value([], output_field=JSONField())
    rows = listed_elsewhere(VIEWER, listed).order_by().annotate(hour=hour).values("hour", "type")
    counted = rows.annotate(flags=none, number=Count("pk"))
    return counted.values_list("hour", "type", "flags", "number")


def _below(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """What the companies below this one register on works that others declared."""
    views = ChainView.objects.filter(viewer=VIEWER).exclude(declaration__company=VIEWER)
    seen = views.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("happened_day")),
        declaration=OuterRef("declaration"),
        member=OuterRef("employer"),
        valid_from__lte=OuterRef("happened_day"),
    )
    return rows.filter(Exists(seen), declaration__in=views.exclude(member=VIEWER).values("declaration"))


def _counted(rows: QuerySet[Registration]) -> Any:
    # In UTC: every hour there is one in Brussels, and the database need not find the offset for each row.
    hour = TruncHour("happened_at", tzinfo=UTC)
    counted = rows.order_by().annotate(hour=hour).values("hour", "kind", "flags").annotate(number=Count("pk"))
    return counted.values_list("hour", "kind", "flags", "number")


def _drawn(people: Sequence[int]) -> list[HourBar]:
    most = max(people) or 1
    heights = [round(number * (HEIGHT - 2) / most) for number in people]
    return [
        HourBar(
            words=gettext("%(hour)02d:00 to %(next)02d:00: %(people)d")
            % {"hour": hour, "next": hour + 1, "people": number},
            clock=f"{hour:02d}:00–{hour + 1:02d}:00",
            people=number,
            x=hour * HOUR_WIDTH + 1,
            y=HEIGHT - heights[hour],
            height=heights[hour],
            is_now=hour == len(people) - 1,
        )
        for hour, number in enumerate(people)
    ]
