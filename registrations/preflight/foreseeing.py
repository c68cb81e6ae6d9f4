"""Remarks foretold for registrations, and how often that was right.

Foretold from our own data alone, by the rules that look at tomorrow, in a task after the tap; nothing the
NSSO said is looked at. What is foretold is written once and stays.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet

from ciao_portal.days import brussels_day, periods_overlap
from ciao_portal.models import Company
from ciao_portal.nsso.contract import Validity
from ciao_portal.tenancy import unscoped
from declarations.models import ChainView
from registrations.models import Employment, ExpectedRemark, NssoPresence, Registration, Remark
from registrations.preflight.facts import has_number, running_on, worker_of, works_of
from registrations.rules.hit_rate import HitRate, hit_rates
from registrations.rules.preflight import predicted_codes
from registrations.rules.preflight.facts import Shift

# Taken at a time, so that a long backlog holds nobody up; the rest comes a minute later.
AT_A_TIME = 500
# Older ones were there before anybody foretold: the facts of their day are no longer known.
REACH = timedelta(days=1)
WINDOW = timedelta(days=90)


def foretell(*, now: datetime) -> int:
    """Note what we expect of registrations of today and yesterday; answers for how many. May run twice."""
    with unscoped(reason="registrations of every company, each judged by its own employer's data"):
        rows = _without_word(now)
        if not rows:
            return 0
        codes = _codes(rows)
        expected = [
            ExpectedRemark(registration=row, code=code, expected_at=now)
            for row in rows
            for code in sorted(codes[row.pk]) or [""]
        ]
        with transaction.atomic():
            ExpectedRemark.objects.bulk_create(expected, ignore_conflicts=True)
    return len(rows)


def _without_word(now: datetime) -> list[Registration]:
    looked_at = ExpectedRemark.objects.filter(registration=OuterRef("pk"))
    rows = Registration.objects.filter(~Exists(looked_at), happened_day__gte=brussels_day(now) - REACH)
    fetched = rows.select_related("person", "declaration__taken_over_by")
    return list(fetched.order_by("happened_day", "employer", "pk")[:AT_A_TIME])


def _codes(rows: Sequence[Registration]) -> dict[UUID, set[str]]:
    firms, people = {row.employer_id for row in rows}, {row.person_id for row in rows}
    employments = Employment.objects.filter(company__in=firms).order_by("starts_on", "id")
    keeps_dimona = set(employments.exclude(dimona_number="").order_by().values_list("company", flat=True))
    staff: dict[UUID, list[Employment]] = defaultdict(list)
    for employment in employments.filter(person__in=people):
        staff[employment.company_id].append(employment)
    chain = _chain(rows)
    return {
        row.pk: predicted_codes(
            _shift(
                row,
                running_on(staff[row.employer_id], row.happened_day).get(row.person_id),
                keeps_dimona=row.employer_id in keeps_dimona,
                places=chain[row.declaration_id, row.employer_id],
            )
        )
        for row in rows
    }


def _chain(rows: Sequence[Registration]) -> dict[tuple[UUID, UUID], list[ChainView]]:
    """By declaration and firm, the places that the declarer sees: all there are."""
    found: dict[tuple[UUID, UUID], list[ChainView]] = defaultdict(list)
    places = ChainView.objects.filter(
        declaration__in={row.declaration_id for row in rows},
        member__in={row.employer_id for row in rows},
        viewer=F("declaration__company"),
    )
    for place in places:
        found[place.declaration_id, place.member_id].append(place)
    return found


def _shift(
    row: Registration, employment: Employment | None, *, keeps_dimona: bool, places: Sequence[ChainView]
) -> Shift:
    day = row.happened_day
    # By what means the person registered is no matter afterwards.
    worker = worker_of(employment, keeps_dimona=keeps_dimona, has_means=True) if employment else None
    return Shift(
        person=row.person_id,
        employer=row.employer_id,
        day=day,
        works=works_of(row.declaration),
        is_own=True,
        worker=worker,
        has_number=has_number(row.person, today=day),
        in_chain=any(periods_overlap(day, day, place.valid_from, place.valid_to) for place in places),
    )


def rates_of(company: Company, *, today: date) -> list[HitRate]:
    """How right we were about the company's own registrations of the last 90 days that the NSSO checked.

    Three queries over the remarks, foretold and real: never over the registrations.
    """
    since = today - WINDOW
    checked = NssoPresence.objects.filter(registration=OuterRef("registration")).exclude(
        validity__in=("", Validity.PENDING)
    )
    foretold = ExpectedRemark.objects.exclude(code="").filter(
        Exists(checked), registration__employer=company, registration__happened_day__gte=since
    )
    judged = ExpectedRemark.objects.filter(registration=OuterRef("presence__registration"))
    came = Remark.objects.filter(
        Exists(judged), employer=company, happened_day__gte=since, presence__registration__isnull=False
    )
    hit = came.filter(Exists(judged.filter(code=OuterRef("code"))))
    return hit_rates(
        _by_code(foretold, "registration"),
        _by_code(came, "presence__registration"),
        _by_code(hit, "presence__registration"),
    )


def _by_code(rows: QuerySet[Any], registration: str) -> list[tuple[str, int]]:
    """How many registrations for each code: a remark that came back is one."""
    counted = rows.order_by().values_list("code").annotate(Count(registration, distinct=True))
    return list(counted)
