"""Who is expected on a day, and what would go wrong: read live, so every change is seen at the next look.

Expected is everybody who registered in the last four weeks and neither left nor saw the works end since;
*usual* are those who registered on at least two of the four same days of the week. The page says which.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import Any
from uuid import UUID

from django.db.models import F, Max, Min, Q

from ciao_portal.days import brussels_day, day_bounds
from ciao_portal.models import Company, Person
from declarations.models import ChainView
from declarations.querysets import declarations_visible_to
from registrations.models import Employment, PresenceState
from registrations.preflight.facts import has_number, running_on, with_means, worker_of, works_of
from registrations.querysets import registrations_visible_to, seen_by
from registrations.rules.preflight import troubles_of
from registrations.rules.preflight.facts import About, Check, Shift, Works, is_expected
from registrations.rules.silence import WEEKS

RECENT = timedelta(days=28)
# On how many of the four same days of the week somebody must have registered to be usual.
USUAL = 2

KEY = ("person", "employer", "declaration")
Key = tuple[UUID, UUID, UUID]
# From midnight in Brussels to the first and to the last registration of a day.
Hours = tuple[timedelta, timedelta]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One check about one worker, declaration or firm, and how many people it concerns."""

    check: Check
    shift: Shift
    people: int
    is_usual: bool


@dataclass(frozen=True, slots=True)
class Preflight:
    """What was looked at for one day and what was found, usual people first."""

    day: date
    expected: int
    usual: int
    troubles: Sequence[Trouble]


def preflight_of(company: Company, *, day: date, now: datetime) -> Preflight:
    """Everything wrong with this Brussels day as it is known now; at most seven queries.

    Call inside the company's scope.
    """
    habits = _habits(company, day=day)
    usual = {key for key, habit in habits.items() if len(habit) >= USUAL}
    shifts = _shifts(company, _recent(company, now=now), usual, habits, day=day, today=brussels_day(now))
    return Preflight(
        day=day, expected=len(shifts), usual=len(usual & set(shifts)), troubles=_troubles(shifts, usual)
    )


def _recent(company: Company, *, now: datetime) -> dict[Key, date]:
    """Who registered last for whom and where, and on which day: from the states, not from the history."""
    states = PresenceState.objects.alias(day=F("last_registration__happened_day"))
    rows = states.filter(seen_by(company, day="day"), last_at__gt=now - RECENT)
    return {
        (person, employer, declaration): brussels_day(last)
        for person, employer, declaration, last in rows.values_list(*KEY, "last_at")
    }


def _habits(company: Company, *, day: date) -> dict[Key, list[Hours]]:
    """The hours on those of the four same days of the week before on which somebody registered."""
    before = [day - week for week in WEEKS]
    rows = registrations_visible_to(company).filter(happened_day__in=before).order_by()
    days = rows.values_list(*KEY, "happened_day").annotate(Min("happened_at"), Max("happened_at"))
    found: dict[Key, list[Hours]] = defaultdict(list)
    for person, employer, declaration, on, first, last in days:
        midnight, _next = day_bounds(on)
        found[person, employer, declaration].append((first - midnight, last - midnight))
    return found


def _shifts(
    company: Company,
    recent: dict[Key, date],
    usual: set[Key],
    habits: dict[Key, list[Hours]],
    *,
    day: date,
    today: date,
) -> dict[Key, Shift]:
    works = _works(company, {declaration for _person, _employer, declaration in recent})
    people = Person.objects.in_bulk({person for person, _employer, _declaration in recent})
    staff = _staff(today=today)
    employed, keeps_dimona = running_on(staff, day), any(row.dimona_number for row in staff)
    left = {row.person_id: row.ends_on for row in staff if row.ends_on and row.person_id not in employed}
    in_chain = _in_chain(company, day=day)
    doubled = overlapping({key: habits[key] for key in usual})
    shifts: dict[Key, Shift] = {}
    for key, registered_on in recent.items():
        person, employer, declaration = key
        is_own = employer == company.pk
        if declaration not in works or (is_own and person in left and registered_on <= left[person]):
            continue
        if not is_expected(works[declaration], registered_on=registered_on, day=day):
            continue
        row = employed.get(person) if is_own else None
        shifts[key] = Shift(
            person=person,
            employer=employer,
            day=day,
            works=works[declaration],
            is_own=is_own,
            worker=worker_of(row, keeps_dimona=keeps_dimona, has_means=row.has_means) if row else None,
            has_number=has_number(people[person], today=today),
            in_chain=(declaration, employer) in in_chain,
            overlaps=key in doubled,
        )
    return shifts


def _works(company: Company, keys: set[UUID]) -> dict[UUID, Works]:
    rows = declarations_visible_to(company).filter(pk__in=keys).select_related("taken_over_by")
    return {row.pk: works_of(row) for row in rows}


def _staff(*, today: date) -> list[Any]:
    """The company's own employments that run, begin later or ended lately; the latest last."""
    rows = Employment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today - RECENT))
    return list(with_means(rows).order_by("starts_on", "id"))


def _in_chain(company: Company, *, day: date) -> set[tuple[UUID, UUID]]:
    """Declaration and firm of every place in a chain that the company sees on this day."""
    rows = ChainView.objects.filter(viewer=company, valid_from__lte=day)
    standing = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    return set(standing.values_list("declaration", "member"))


def overlapping(habits: dict[Key, list[Hours]]) -> set[Key]:
    """Of these, whom two employers expect at the same hours of the day."""
    by_person: dict[UUID, list[Key]] = defaultdict(list)
    for key in habits:
        by_person[key[0]].append(key)
    return {
        key
        for keys in by_person.values()
        for key in keys
        for other in keys
        if other[1] != key[1] and _share_hours(habits[key], habits[other])
    }


def _share_hours(one: list[Hours], other: list[Hours]) -> bool:
    start, end = _usual_hours(one)
    other_start, other_end = _usual_hours(other)
    return start < other_end and other_start < end


def _usual_hours(days: list[Hours]) -> Hours:
    """The middle of the starts and of the ends: one odd day counts for nothing."""
    return median_low(start for start, _end in days), median_low(end for _start, end in days)


def _troubles(shifts: dict[Key, Shift], usual: set[Key]) -> list[Trouble]:
    """Each check once for each worker, declaration or firm it is about; those usual on this day first."""
    found: dict[tuple[object, ...], list[Key]] = defaultdict(list)
    checks: dict[str, Check] = {}
    for key, shift in shifts.items():
        for check in troubles_of(shift):
            checks[check.key] = check
            found[check.key, *_subject(check, shift)].append(key)
    troubles = [
        Trouble(
            check=checks[str(subject[0])],
            shift=shifts[keys[0]],
            people=len({person for person, _employer, _declaration in keys}),
            is_usual=any(key in usual for key in keys),
        )
        for subject, keys in found.items()
    ]
    return sorted(troubles, key=lambda one: (not one.is_usual, one.check.key, -one.people))


def _subject(check: Check, shift: Shift) -> tuple[object, ...]:
    match check.about:
        case About.WORKER:
            return (shift.person, shift.employer)
        case About.WORKS:
            return (shift.works.key,)
        case About.FIRM:
            return (shift.works.key, shift.employer)
