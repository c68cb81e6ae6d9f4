"""What the first page answers: what must I do now, who is on site, what is on its way to the NSSO.

Every read is bounded: open remarks, presence states and unfinished journeys are small sets with an index of
their own, the rest looks at today. Nothing here walks through the history.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day, clock_time
from ciao_portal.models import Company
from ciao_portal.prepared import NOW, TODAY, VIEWER, Prepared, totals
from ciao_portal.tenancy import unscoped
from declarations.models import Declaration
from declarations.querysets import declarations_visible_to, ending_soon, papers_missing
from registrations import cells
from registrations.chain_gaps import chain_gaps
from registrations.day_hours import HourBar, hour_bars
from registrations.models import Employment, PresenceState, Remark
from registrations.models.nsso import SubmissionState
from registrations.naming import masked_number
from registrations.nsso.attempts import STUMBLED
from registrations.nsso.states import UNFINISHED
from registrations.nsso.status import last_success
from registrations.querysets import (
    MISSING_CHECK_OUT_WINDOW,
    UNFINISHED_STATES,
    former_number_used,
    not_out,
    open_remarks,
    present_elsewhere,
    totals_of_open_remarks,
    unfinished_journeys,
)
from registrations.remark_trend import WeekTable, remark_trend
from registrations.remarks import Meaning, meaning_of
from registrations.rules.deadlines import SOON, Urgency, days_left
from registrations.rules.presence import LONGEST_PRESENCE
from registrations.site_plan import MOST_DOTS, SitePlan, site_plan
from registrations.wording import STATE_BADGES, Badge, Words, advice
from registrations.worker_papers import NO_DIMONA, NO_LIMOSA, POSTED, not_ended

# How many rows each card shows; the number beside its title leads to all of them.
TO_DO_ROWS = 8
SITE_ROWS = 10


@dataclass(frozen=True, slots=True)
class ToDo:
    """One open remark: the days until its last day as a badge, what it means, whom and what it is about."""

    remark: Remark
    days_left: SafeString
    meaning: Meaning
    worker: str
    works: str


@dataclass(frozen=True, slots=True)
class Urgent:
    """How many open remarks are in one urgency."""

    urgency: Urgency
    count: int


@dataclass(frozen=True, slots=True)
class Site:
    """People on site at one workplace, and since when the first of them is there (in words).

    Those who registered elsewhere stand by works: the NSSO shows no workplace. `url` leads to the people.
    """

    id: UUID | None
    name: str
    count: int
    since: str
    url: str
    is_elsewhere: bool = False
    # WGS 84, latitude and longitude, where they are known.
    coordinates: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """Declarations that end within 30 days, and those that lack a number or a clause.

    `former`: own ones at which the number of the contractor before was used; `former_url` leads to one.
    """

    ending: int
    papers: int
    former: int
    former_url: str


@dataclass(frozen=True, slots=True)
class WorkersPapers:
    """How many workers lack a number; None while nobody is posted, or no Dimona number is kept at all."""

    limosa: int | None
    dimona: int | None


@dataclass(frozen=True, slots=True)
class Queue:
    """Registrations in one state of their journey, the oldest moment among them, and what to do."""

    state: SubmissionState
    badge: Badge
    count: int
    oldest: datetime
    advice: Words
    # The oldest moment in words.
    since: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything the page shows, as of one moment."""

    today: date
    nsso_success: str
    queues: Sequence[Queue]
    to_do: Sequence[ToDo]
    urgent: Sequence[Urgent]
    sites: Sequence[Site]
    plan: SitePlan | None
    on_site: int
    # How many of them registered elsewhere.
    elsewhere: int
    hours: Sequence[HourBar]
    missing: int
    gaps: int
    watched: Watched
    papers: WorkersPapers
    trend: WeekTable
    # When it was read, in words.
    as_of: str

    @property
    def on_site_here(self) -> int:
        """Those whose registrations the list shows."""
        return self.on_site - self.elsewhere

    @property
    def unfinished(self) -> int:
        return sum(queue.count for queue in self.queues)

    @property
    def is_bare(self) -> bool:
        """Nothing to be seen: perhaps nothing was ever registered."""
        return not (self.queues or self.to_do or self.sites or self.missing)

    @property
    def oldest_unfinished(self) -> str:
        """In words; empty when nothing is on its way."""
        return min(self.queues, key=lambda queue: queue.oldest).since if self.queues else ""

    @property
    def nsso_signal(self) -> str:
        """Green only while nothing is on its way: an answer of an hour ago says nothing about now."""
        if any(queue.state in UNFINISHED for queue in self.queues):
            return "wait"
        return "ok" if self.nsso_success else "quiet"

    @property
    def open_remarks(self) -> int:
        return sum(part.count for part in self.urgent)


def dashboard_of(company: Company, *, now: datetime) -> Dashboard:
    """The first page of this company; `now` is aware. Call inside the company's scope."""
    today = brussels_day(now)
    remarks = _rows(_MOST_PRESSING, company, today=today)
    firms = names_of_companies(company, {remark.employer for remark in remarks if not _place(remark)})
    places = _places(company, now=now)
    on_site = sum(place["present"] for place in places)
    elsewhere = sum(place["present"] for place in places if place["is_elsewhere"])
    manned = [place for place in places if place["present"]]
    here = [place for place in manned if not place["is_elsewhere"]]
    others = [place for place in manned if place["is_elsewhere"]]
    success = last_success(company, today=today)
    return Dashboard(
        today=today,
        nsso_success=cells.ago(success, now=now) if success else "",
        queues=_queues(company, today=today),
        to_do=[_to_do(remark, firms, today=today) for remark in remarks],
        urgent=_urgent(company, today=today),
        sites=[_site(place, today=today) for place in (*here[:SITE_ROWS], *others[:SITE_ROWS])],
        plan=_plan(here, today=today),
        on_site=on_site,
        elsewhere=elsewhere,
        hours=hour_bars(company, now=now, now_present=on_site),
        missing=sum(place["missing"] for place in places),
        gaps=len(chain_gaps(company, now=now)),
        watched=_watched(company, today=today),
        papers=_papers(company, today=today),
        trend=remark_trend(company, today=today),
        as_of=clock_time(now),
    )


def _rows(query: Prepared[Any], company: Company, **values: Any) -> list[Any]:
    with unscoped(reason="each query takes the company that looks and gives what it may see"):
        return query.all(viewer=company.pk, **values)


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What a new company has done already of what comes before the first registration."""

    has_declaration: bool
    has_worker: bool
    declaration_id: UUID | None


def first_steps(company: Company) -> FirstSteps | None:
    """What to do next while nothing was ever registered; None once something was.

    Call inside the company's scope.
    """
    if PresenceState.objects.filter(Q(employer=company) | Q(declaration__company=company)).exists():
        return None
    declaration = Declaration.objects.order_by("created_at").first()
    return FirstSteps(
        has_declaration=declaration is not None,
        has_worker=Employment.objects.exists(),
        declaration_id=declaration.pk if declaration else None,
    )


_JOURNEYS = Prepared(
    lambda: (
        unfinished_journeys(VIEWER)
        .order_by()
        .values("state")
        .annotate(
            count=Count("pk"),
            oldest=Min("happened_at"),
            stumbled=Count("pk", filter=Q(state=SubmissionState.MISCONFIGURED, last_error=STUMBLED)),
        )
        .values_list("state", "count", "oldest", "stumbled")
    )
)


def _queues(company: Company, *, today: date) -> list[Queue]:
    found = {row[0]: row for row in _rows(_JOURNEYS, company)}
    return [_queue(*found[state], today=today) for state in UNFINISHED_STATES if state in found]


def _queue(state: str, count: int, oldest: datetime, stumbled: int, *, today: date) -> Queue:
    return Queue(
        SubmissionState(state),
        STATE_BADGES[SubmissionState(state)],
        count,
        oldest,
        advice(state, STUMBLED if stumbled else ""),
        cells.near_moment(oldest, today=today),
    )


def _most_pressing() -> QuerySet[Remark]:
    """The remarks to do first, with all that is shown of them; the others are sorted without their rows.

    What can still be corrected, the nearest last day first; then what is over, the latest first.
    """
    is_over = Case(When(last_day__lt=TODAY, then=1), default=0)
    still_open = Case(When(last_day__gte=TODAY, then=F("last_day")))
    order = (is_over, still_open, "-last_day", "id")
    nearest = open_remarks(VIEWER).order_by(*order).values("pk")[:TO_DO_ROWS]
    rows = Remark.objects.filter(pk__in=nearest).order_by(*order)
    # As `registrations.naming` names people, without a query of its own.
    named = (
        Employment.objects.filter(company=VIEWER, person=OuterRef("presence__person"), starts_on__lte=TODAY)
        .order_by("-starts_on")
        .annotate(name=Concat("first_name", Value(" "), "last_name"))
    )
    return rows.select_related(
        "presence__person", "presence__registration__workplace", "declaration", "employer"
    ).annotate(worker_name=Subquery(named.values("name")[:1]))


_MOST_PRESSING = Prepared(_most_pressing)


def _to_do(remark: Any, firms: dict[Company, str], *, today: date) -> ToDo:
    return ToDo(
        remark=remark,
        days_left=cells.days_left(days_left(remark.last_day, today)),
        meaning=meaning_of(remark),
        worker=remark.worker_name or masked_number(remark.presence.person),
        works=_place(remark) or firms[remark.employer],
    )


def _place(remark: Remark) -> str:
    """Where it is about: the workplace, else the works; empty when the NSSO alone knows of the presence."""
    registration = remark.presence.registration
    place = registration.workplace if registration else remark.declaration
    return str(place) if place else ""


# In the order of `Urgency`; days are counted, not keys: the indexes of the open remarks hold them.
_URGENT = Prepared(
    lambda: totals_of_open_remarks(
        overdue=Count("last_day", filter=Q(last_day__lt=TODAY)),
        today=Count("last_day", filter=Q(last_day=TODAY)),
        soon=Count("last_day", filter=Q(last_day__gt=TODAY, last_day__lte=TODAY + SOON)),
        later=Count("last_day", filter=Q(last_day__gt=TODAY + SOON)),
    )
)


def _urgent(company: Company, *, today: date) -> list[Urgent]:
    counts = map(sum, zip(*_rows(_URGENT, company, today=today), strict=True))
    return [Urgent(urgency, count) for urgency, count in zip(Urgency, counts, strict=True)]


PLACE = ("place", "name", "present", "missing", "first", "is_elsewhere", "latitude", "longitude")


def _manned() -> QuerySet[Any, Any]:
    """Each workplace with the number on site, since when, and the number of missing check-outs.

    Beside them each declaration with people who registered elsewhere: the NSSO shows no workplace.
    """
    states = not_out(VIEWER, now=NOW).filter(last_at__gt=NOW - MISSING_CHECK_OUT_WINDOW)
    present = Q(last_at__gt=NOW - LONGEST_PRESENCE)
    here = (
        states.order_by()
        .values(
            place=F("workplace"),
            name=F("workplace__name"),
            latitude=F("workplace__latitude"),
            longitude=F("workplace__longitude"),
        )
        .annotate(
            present=Count("pk", filter=present),
            missing=Count("pk", filter=~present),
            first=Min("since", filter=present),
            is_elsewhere=Value(0),
        )
    )
    nowhere = Value(None, DecimalField(max_digits=9, decimal_places=6))
    elsewhere = (
        present_elsewhere(VIEWER, now=NOW)
        .order_by()
        .values(place=F("declaration"), name=F("declaration__title"))
        .annotate(
            present=Count("pk"),
            missing=Value(0),
            first=Min("registered_at"),
            is_elsewhere=Value(1),
            latitude=nowhere,
            longitude=nowhere,
        )
    )
    return here.values_list(*PLACE).union(elsewhere.values_list(*PLACE), all=True)


_MANNED = Prepared(_manned)


def _places(company: Company, *, now: datetime) -> list[dict[str, Any]]:
    """Workplaces with the most people first, then where people registered elsewhere."""
    rows = _rows(_MANNED, company, now=now)
    places = [dict(zip(PLACE, row, strict=True)) for row in rows]
    return sorted(places, key=lambda row: (row["is_elsewhere"], -row["present"], row["name"] or ""))


def _site(place: dict[str, Any], *, today: date) -> Site:
    key, since = place["place"], place["first"]
    is_elsewhere = bool(place["is_elsewhere"])
    if is_elsewhere:
        url = reverse("registrations:declaration-now", args=[key]) if key else ""
    else:
        url = f"{_registrations()}?presence=now&workplace={key}"
    return Site(
        id=key,
        name=place["name"] or gettext("Works we do not know"),
        count=place["present"],
        since=cells.near_moment(since, today=today) if since else "",
        url=url,
        is_elsewhere=is_elsewhere,
        coordinates=_coordinates(place),
    )


@lru_cache(maxsize=1)
def _registrations() -> str:
    """To look an address up takes longer than all the rest of a site."""
    return reverse("registrations:registration-list")


def _plan(here: Sequence[dict[str, Any]], *, today: date) -> SitePlan | None:
    placed = [place for place in here if _coordinates(place)]
    return site_plan(
        [_site(place, today=today) for place in placed[:MOST_DOTS]],
        unplaced=[place["name"] for place in here if not _coordinates(place)],
        left_out=max(0, len(placed) - MOST_DOTS),
    )


def _coordinates(place: dict[str, Any]) -> tuple[float, float] | None:
    latitude, longitude = place["latitude"], place["longitude"]
    return None if latitude is None or longitude is None else (float(latitude), float(longitude))


_WATCHED = Prepared(
    lambda: totals(
        declarations_visible_to(VIEWER),
        ending=Count("pk", filter=ending_soon(TODAY)),
        papers=Count("pk", filter=papers_missing(VIEWER, TODAY)),
        former=Count("pk", filter=former_number_used(VIEWER, TODAY)),
        # As text: not every database has a greatest UUID.
        one=Max(Cast("pk", TextField()), filter=former_number_used(VIEWER, TODAY)),
    )
)


def _watched(company: Company, *, today: date) -> Watched:
    rows = _rows(_WATCHED, company, today=today)
    ending, papers, former, one = rows[0]
    url = reverse("registrations:takeover-radar", args=[UUID(one)]) if one else ""
    return Watched(ending, papers, former, url)


# Posted workers and those without Limosa; whether Dimona numbers are kept at all, and those without.
_PAPERS = Prepared(
    lambda: totals(
        Employment.objects.filter(not_ended(TODAY), company=VIEWER),
        posted=Count("pk", filter=POSTED),
        limosa=Count("pk", filter=NO_LIMOSA),
        kept=Count("pk", filter=~Q(dimona_number="")),
        dimona=Count("pk", filter=NO_DIMONA),
    )
)


def _papers(company: Company, *, today: date) -> WorkersPapers:
    ((posted, limosa, kept, dimona),) = _rows(_PAPERS, company, today=today)
    return WorkersPapers(limosa if posted else None, dimona if kept else None)
