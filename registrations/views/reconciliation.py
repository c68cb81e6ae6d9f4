"""Days compared with the NSSO: a list of them, and every difference of one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ciao_portal.days import brussels_day
from ciao_portal.models import Company, Person
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import portal
from ciao_portal.web.csv import csv_response
from ciao_portal.web.lists import Empty, PortalListView
from registrations import cells
from registrations.filters import ReconciliationFilter
from registrations.models import ReconciledDay, Remark
from registrations.naming import Naming, masked_number, naming
from registrations.reconciliation import Difference, Reconciliation, reconcile
from registrations.rules.reconciliation import ONLY_THERE, SETTLED, Reason
from registrations.tables import ReconciliationTable
from registrations.wording import REASONS, Badge, Words, kind_badge

# Rows of each reason on the page; the CSV has them all.
SHOWN = 25
CSV_BLOCK = 500
HEADER = (
    _("Reason"),
    _("What to do"),
    _("Time"),
    _("Registration"),
    _("Worker"),
    _("National number"),
    _("Employer"),
    _("Number at the NSSO"),
    _("Declaration"),
)


class ReconciliationList(PortalListView):
    permission = Permission.VIEW
    table_class = ReconciliationTable
    filterset_class = ReconciliationFilter
    title = _("Compared with the NSSO")
    empty = Empty(
        _("No day compared yet"),
        _("Every night the day before is compared with what the NSSO lists."),
    )

    def get_queryset(self) -> QuerySet[ReconciledDay]:
        return ReconciledDay.objects.all()


@dataclass(frozen=True, slots=True)
class Row:
    """One difference as the page shows it; `url` leads to the registration or a remark, if there is one."""

    at: str
    kind: Badge
    worker: str
    employer: str
    nsso_id: int | None
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """All differences with one reason, the first of them as rows."""

    reason: Reason
    title: Words
    advice: Words
    badge: Badge
    count: int
    rows: Sequence[Row]

    @property
    def hidden(self) -> int:
        return self.count - len(self.rows)


@requires(Permission.VIEW)
@require_GET
def reconciliation_day(request: HttpRequest, day: str) -> HttpResponse:
    """The differences of one Brussels day as they are now."""
    company, now = portal(request).company, timezone.now()
    chosen, today = _day(day), brussels_day(now)
    found = reconcile(company, chosen)
    context = {
        "title": cells.full_day(chosen),
        "found": found,
        "day": day,
        "parts": _parts(company, found),
        "before": (chosen - timedelta(days=1)).isoformat(),
        "after": (chosen + timedelta(days=1)).isoformat() if chosen < today else "",
        "facts": [
            {"label": _("Registered here"), "value": found.here},
            {"label": _("At the NSSO"), "value": found.there},
            {"label": _("On both sides"), "value": found.both},
            {"label": _("Differences open"), "value": found.open_count},
        ],
        "as_of": cells.near_moment(now, today=today),
    }
    return render(request, "registrations/reconciliation_day.html", context)


@requires(Permission.VIEW)
@require_GET
def reconciliation_file(request: HttpRequest, day: str) -> HttpResponseBase:
    """Every difference of one Brussels day as CSV."""
    company = portal(request).company
    chosen = _day(day)
    lines = _lines(company, reconcile(company, chosen))
    return csv_response(lines, file_name=f"differences-{chosen.isoformat()}.csv", company=company)


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or day > brussels_day(timezone.now()):
        raise Http404
    return day


def _parts(company: Company, found: Reconciliation) -> list[Part]:
    by_reason: dict[Reason, list[Difference]] = {}
    for one in found.differences:
        by_reason.setdefault(one.reason, []).append(one)
    shown = {reason: list(islice(by_reason[reason], SHOWN)) for reason in Reason if reason in by_reason}
    all_shown = [one for some in shown.values() for one in some]
    people, firms, names = _named(company, all_shown)
    remarked = _remarked(all_shown)
    return [
        Part(
            reason,
            REASONS[reason].title,
            REASONS[reason].advice,
            _side(reason),
            len(by_reason[reason]),
            [
                Row(
                    at=cells.moment(one.at),
                    kind=kind_badge(one.kind),
                    worker=names.people[people[one.person]],
                    employer=names.companies[firms[one.employer]],
                    nsso_id=one.nsso_id,
                    url=_url(one, remarked),
                )
                for one in some
            ],
        )
        for reason, some in shown.items()
    ]


def _side(reason: Reason) -> Badge:
    words = _("only at the NSSO") if reason in ONLY_THERE else _("only here")
    return Badge(words, "info" if reason in SETTLED else "wait", "nsso" if reason in ONLY_THERE else "site")


def _url(one: Difference, remarked: dict[UUID, UUID]) -> str:
    if one.registration:
        return reverse("registrations:registration-detail", args=[one.registration])
    remark = remarked.get(one.presence) if one.presence else None
    return reverse("registrations:remark-detail", args=[remark]) if remark else ""


def _remarked(differences: Iterable[Difference]) -> dict[UUID, UUID]:
    """An open remark of each presence registered elsewhere that has one."""
    presences = [one.presence for one in differences if one.presence and not one.registration]
    rows = Remark.objects.filter(presence__in=presences, gone_at__isnull=True).order_by("-last_day", "-id")
    return dict(rows.values_list("presence", "pk"))


def _named(
    company: Company, differences: Sequence[Difference]
) -> tuple[dict[UUID, Person], dict[UUID, Company], Naming]:
    people = Person.objects.in_bulk({one.person for one in differences})
    firms = Company.objects.in_bulk({one.employer for one in differences})
    return people, firms, naming(company, people.values(), firms.values(), now=timezone.now())


def _lines(company: Company, found: Reconciliation) -> Iterator[list[object]]:
    yield [str(words) for words in HEADER]
    for start in range(0, len(found.differences), CSV_BLOCK):
        block = found.differences[start : start + CSV_BLOCK]
        people, firms, names = _named(company, block)
        for one in block:
            person = people[one.person]
            yield [
                str(REASONS[one.reason].title),
                str(REASONS[one.reason].advice),
                one.at,
                str(kind_badge(one.kind).words),
                names.people[person] if names.people.has(person) else "",
                masked_number(person),
                names.companies[firms[one.employer]],
                one.nsso_id,
                one.reference,
            ]
