"""Companies in the chain that are silent today, though they usually register on this day of the week."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery

from ciao_portal.days import brussels_day, day_bounds
from ciao_portal.models import Company
from ciao_portal.prepared import TODAY, VIEWER, Given, Prepared
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView, Declaration
from declarations.models.declarations import DeclarationState
from declarations.querysets import declarations_visible_to, in_state
from registrations.models import NssoPresence, Registration
from registrations.rules.silence import WEEKS, Silence, silence_of

NO_TIME = timedelta(0)
# The weeks before today's, by their number; today is 0.
STARTS = range(1, len(WEEKS) + 1)


@dataclass(frozen=True, slots=True)
class ChainGap:
    """Nobody of this company registered on this declaration today, though somebody usually has by now."""

    declaration: Declaration
    company: Company
    silence: Silence


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
    """Links without a start today, with `start_1`, `elsewhere_1`, … of the same day in the weeks before."""
    links = ChainView.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=TODAY),
        viewer=VIEWER,
        valid_from__lte=TODAY,
        declaration__in=in_state(declarations_visible_to(VIEWER), DeclarationState.ACTIVE, TODAY),
    ).exclude(member=VIEWER)
    return (
        links.alias(start_today=_first_start(0), elsewhere_today=_first_start(0, elsewhere=True))
        .filter(start_today__isnull=True, elsewhere_today__isnull=True)
        .annotate(**{f"start_{number}": _first_start(number) for number in STARTS})
        .annotate(**{f"elsewhere_{number}": _first_start(number, elsewhere=True) for number in STARTS})
        .select_related("declaration", "member")
        .order_by("declaration__title", "pk")
    )


_SILENT_TODAY = Prepared(_silent_today)


def _first_start(number: int, *, elsewhere: bool = False) -> Subquery:
    """The first registration of a link's company on its declaration between the bounds of this number.

    The bounds are moments, not the day: so one index gives the order and the bounds.
    """
    moment = "registered_at" if elsewhere else "happened_at"
    rows: QuerySet[Any] = (
        NssoPresence.objects.filter(registration__isnull=True, missed_since__isnull=True)
        if elsewhere
        else Registration.objects.all()
    )
    within = rows.filter(
        **{
            f"{moment}__gte": Given(f"from_{number}", DateTimeField()),
            f"{moment}__lt": Given(f"to_{number}", DateTimeField()),
        },
        employer=OuterRef("member"),
        declaration=OuterRef("declaration"),
    )
    return Subquery(within.order_by(moment).values(moment)[:1])


def _gap(row: Any, *, now: datetime) -> ChainGap | None:
    silence = silence_of([_first(row, number) for number in STARTS], now=now)
    return ChainGap(row.declaration, row.member, silence) if silence else None


def _first(row: Any, number: int) -> datetime | None:
    """Whichever came first, made here or elsewhere."""
    found = (getattr(row, f"start_{number}"), getattr(row, f"elsewhere_{number}"))
    return min((moment for moment in found if moment is not None), default=None)
