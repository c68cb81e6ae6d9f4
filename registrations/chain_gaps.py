"""Companies in the chain that are silent today, though they usually register on this day of the week."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day, clock_time, day_bounds
from ciao_portal.models import Company
from ciao_portal.prepared import TODAY, VIEWER, Given, Prepared
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView, Declaration
from declarations.models.declarations import DeclarationState
from declarations.querysets import declarations_visible_to, in_state
from registrations.models import Registration
from registrations.rules.silence import WEEKS, Silence, silence_of

NO_TIME = timedelta(0)
# The first moment of each week before today's, by its number.
STARTS = {number: f"start_{number}" for number in range(1, len(WEEKS) + 1)}


@dataclass(frozen=True, slots=True)
class ChainGap:
    """Nobody of this company registered on this declaration today, though somebody usually has by now."""

    declaration: Declaration
    company: Company
    silence: Silence


@dataclass(frozen=True, slots=True)
class NamedGap:
    """The same with the company's name and the usual time as words."""

    gap: ChainGap
    company: str
    usually_by: str


def chain_gaps(company: Company, *, now: datetime) -> list[ChainGap]:
    """Silent companies below this one on active declarations; one query, a few index probes per company.

    Call inside the company's scope.
    """
    today = brussels_day(now)
    bounds = {}
    for number, before in enumerate((NO_TIME, *WEEKS)):
        bounds[f"from_{number}"], bounds[f"to_{number}"] = day_bounds(today - before)
    with unscoped(reason="first moments of companies that ChainView lets the viewer see"):
        rows = _SILENT_TODAY.all(viewer=company.pk, today=today, **bounds)
    # Several places in one chain give several rows of the same company.
    found = {(row.declaration_id, row.member_id): _gap(row, now=now) for row in rows}
    return [gap for gap in found.values() if gap is not None]


def _silent_today() -> QuerySet[ChainView]:
    """Links without a start today, with `start_1`, `start_2`, … of the same day in the weeks before."""
    links = ChainView.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=TODAY),
        viewer=VIEWER,
        valid_from__lte=TODAY,
        declaration__in=in_state(declarations_visible_to(VIEWER), DeclarationState.ACTIVE, TODAY),
    ).exclude(member=VIEWER)
    return (
        links.annotate(start_today=_first_start(0), **{name: _first_start(n) for n, name in STARTS.items()})
        .filter(start_today__isnull=True)
        .select_related("declaration", "member")
        .order_by("declaration__title", "pk")
    )


_SILENT_TODAY = Prepared(_silent_today)


def named_gaps(company: Company, *, now: datetime) -> list[NamedGap]:
    """The same, as the company calls them."""
    gaps = chain_gaps(company, now=now)
    names = names_of_companies(company, {gap.company for gap in gaps})
    return [NamedGap(gap, names[gap.company], clock_time(gap.silence.usually_by)) for gap in gaps]


def _first_start(number: int) -> Subquery:
    """The first registration of a link's company on its declaration between the bounds of this number.

    The bounds are moments, not the day: so one index gives the order and the bounds.
    """
    rows = Registration.objects.filter(
        happened_at__gte=Given(f"from_{number}", DateTimeField()),
        happened_at__lt=Given(f"to_{number}", DateTimeField()),
        employer=OuterRef("member"),
        declaration=OuterRef("declaration"),
    )
    return Subquery(rows.order_by("happened_at").values("happened_at")[:1])


def _gap(row: Any, *, now: datetime) -> ChainGap | None:
    silence = silence_of([getattr(row, name) for name in STARTS.values()], now=now)
    return ChainGap(row.declaration, row.member, silence) if silence else None
