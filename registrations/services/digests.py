"""The morning letter about last days that come near: one for each person and company, each warning once.

What a letter tells is written and committed before the letter goes out, so that a run that is repeated,
killed or doubled tells nobody the same twice. What a mail server refused was told to nobody: the next run
takes it up again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import translation

from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day
from ciao_portal.languages import language_of
from ciao_portal.letters import send_with_proof
from ciao_portal.models import Company, Membership
from registrations.deadlines import Deadline, deadlines_of, page_url, remarks_to_settle, reports_to_answer
from registrations.models import DeadlineWarning, Digest
from registrations.preflight.tomorrow import preflight_of
from registrations.rules.deadlines import CORRECTION_DAYS, FIRST_WARNING, warning_due
from registrations.services.outages import TOLD_ROLES

# A longer letter is read by nobody; the list has them all.
MOST_LINES = 40
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Group:
    """What has the same last day."""

    last_day: date
    days_left: int
    lines: list[Deadline]


@dataclass(frozen=True, slots=True)
class Standing:
    """What may need a warning: last days by key, nearest first."""

    remarks: Mapping[UUID, date]
    reports: Mapping[UUID, date]


def companies_to_tell(*, now: datetime) -> list[UUID]:
    """Companies with somebody who wants the letter."""
    wanted = _wanted(now).order_by().values_list("company", flat=True)
    return list(wanted.distinct())


def tell(company: Company, *, now: datetime) -> int:
    """Write to the company's people what is due; answers how many letters went out.

    Call inside the company's scope and outside a transaction.
    """
    standing = _standing(company, today=brussels_day(now))
    if not standing.remarks and not standing.reports:
        return 0
    tomorrow = len(preflight_of(company, day=brussels_day(now) + ONE_DAY, now=now).troubles)
    people = _wanted(now).filter(company=company).select_related("user").order_by("since", "id")
    return sum(_told(person, company, standing, tomorrow=tomorrow, now=now) for person in people)


def _wanted(now: datetime) -> QuerySet[Membership]:
    people = Membership.objects.current(now).filter(role__in=TOLD_ROLES, user__is_active=True)
    return people.filter(wants_digest=True)


def _standing(company: Company, *, today: date) -> Standing:
    latest = today + FIRST_WARNING
    remarks, reports = remarks_to_settle(company, today=today), reports_to_answer(today=today)
    order = ("last_day", "pk")
    return Standing(
        dict(remarks.filter(last_day__lte=latest).order_by(*order).values_list("pk", "last_day")),
        dict(reports.filter(last_day__lte=latest).order_by(*order).values_list("pk", "last_day")),
    )


def _told(person: Membership, company: Company, standing: Standing, *, tomorrow: int, now: datetime) -> bool:
    claimed = _claim(person, standing, now=now)
    if claimed is None:
        return False
    digest, warnings = claimed
    language = language_of(person.user.language, company.language)
    with translation.override(language):
        context = _context(company, warnings, standing, tomorrow=tomorrow, today=digest.day)
    letter = send_with_proof(
        "deadlines",
        to=person.user.email,
        company=company,
        language=language,
        context=context,
        actor=Actor(company),
        now=now,
    )
    Digest.objects.filter(pk=digest.pk).update(is_taken=letter.is_taken)
    return letter.is_taken


@transaction.atomic
def _claim(
    person: Membership, standing: Standing, *, now: datetime
) -> tuple[Digest, list[DeadlineWarning]] | None:
    """The letter and what it tells, kept; None when nothing is due or today's letter was written."""
    today = brussels_day(now)
    # One run after the other about the same person.
    Membership.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)
    counting = Digest.objects.filter(company=person.company_id, user=person.user_id)
    counting = counting.filter(Q(is_taken__isnull=True) | Q(is_taken=True))
    if counting.filter(day=today).exists():
        return None
    warned = _warned(counting, today=today)
    digest = Digest(company_id=person.company_id, user_id=person.user_id, day=today, claimed_at=now)
    warnings = [
        *(
            DeadlineWarning(digest=digest, remark_id=key, warning_day=day)
            for key, day in _due(standing.remarks, warned, today=today)
        ),
        *(
            DeadlineWarning(digest=digest, report_id=key, warning_day=day)
            for key, day in _due(standing.reports, warned, today=today)
        ),
    ]
    if not warnings:
        return None
    digest.save(force_insert=True)
    DeadlineWarning.objects.bulk_create(warnings)
    return digest, warnings


def _warned(digests: QuerySet[Digest], *, today: date) -> dict[UUID, date]:
    """The day of the last letter about each remark or report."""
    told = DeadlineWarning.objects.filter(digest__in=digests.filter(day__gte=today - FIRST_WARNING))
    about = told.annotate(about=Coalesce("remark_id", "report_id")).order_by("digest__day")
    return dict(about.values_list("about", "digest__day"))


def _due(
    last_days: Mapping[UUID, date], warned: Mapping[UUID, date], *, today: date
) -> Iterator[tuple[UUID, int]]:
    """Key and warning day of each for which a warning is due."""
    for key, last in last_days.items():
        day = warning_due(last, today, warned_on=warned.get(key))
        if day is not None:
            yield key, day


def _context(
    company: Company,
    warnings: Sequence[DeadlineWarning],
    standing: Standing,
    *,
    tomorrow: int,
    today: date,
) -> dict[str, object]:
    last_days = {**standing.remarks, **standing.reports}
    pressing = sorted(warnings, key=lambda one: last_days[_key(one)])
    shown = {_key(one) for one in pressing[:MOST_LINES]}
    found = deadlines_of(
        company, remarks=shown & set(standing.remarks), reports=shown & set(standing.reports), today=today
    )
    return {
        "groups": groups_of(found),
        "count": len(warnings),
        "more": max(len(warnings) - MOST_LINES, 0),
        "tomorrow": tomorrow,
        "preflight_url": page_url("registrations:preflight"),
        "first_day": last_days[_key(pressing[0])],
        "remarks_url": page_url("registrations:remark-list"),
        "settings_url": page_url("registrations:my-deadlines"),
        "correction_days": CORRECTION_DAYS,
    }


def _key(warning: DeadlineWarning) -> UUID:
    # The table holds no warning of neither.
    return cast(UUID, warning.remark_id or warning.report_id)


def groups_of(deadlines: Iterable[Deadline]) -> list[Group]:
    """By last day; in the order given, which is by last day."""
    by_day = groupby(deadlines, key=lambda one: (one.last_day, one.days_left))
    return [Group(last, left, list(lines)) for (last, left), lines in by_day]
