"""Tomorrow: what would go wrong, with the way out, and how right our foresight was."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.models import Company, Person
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import portal
from declarations.models import Declaration
from declarations.querysets import declarations_visible_to
from registrations import cells
from registrations.models import Employment, Remark
from registrations.naming import PeopleNames
from registrations.preflight.foreseeing import WINDOW, rates_of
from registrations.preflight.tomorrow import Trouble, preflight_of
from registrations.remarks import Words, meaning_of
from registrations.rules.hit_rate import HitRate
from registrations.rules.preflight.facts import About

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A trouble in words: whom or what it is about, where, and the page on which it is put right."""

    title: Promise
    advice: Promise
    subject: str
    works: str
    people: int
    is_usual: bool
    url: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A filter: only the troubles that one check found."""

    key: str
    title: Promise
    count: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How right we were about one remark."""

    words: Words
    rate: HitRate


@requires(Permission.VIEW)
@require_GET
def preflight(request: HttpRequest) -> HttpResponse:
    """Tomorrow as it is known at this moment; `?kind=` shows what one check found."""
    company, now = portal(request).company, timezone.now()
    today = brussels_day(now)
    found = preflight_of(company, day=today + timedelta(days=1), now=now)
    kinds = _kinds(found.troubles)
    chosen = request.GET.get("kind", "")
    shown = [one for one in found.troubles if one.check.key == chosen] if chosen else list(found.troubles)
    context = {
        "title": _("Tomorrow"),
        "lead": cells.full_day(found.day),
        "preflight": found,
        "kinds": kinds,
        "chosen": chosen,
        "rows": _rows(company, shown[:MOST_ROWS], today=today),
        "more": max(len(shown) - MOST_ROWS, 0),
        "rates": [
            Rate(meaning_of(Remark(code=one.code)).words, one) for one in rates_of(company, today=today)
        ],
        "window": WINDOW.days,
    }
    return render(request, "registrations/preflight.html", context)


def _kinds(troubles: Iterable[Trouble]) -> list[Kind]:
    checks = {one.check.key: one.check for one in troubles}
    counts = Counter(one.check.key for one in troubles)
    return [Kind(key, checks[key].title, count) for key, count in counts.most_common()]


def _rows(company: Company, troubles: list[Trouble], *, today: date) -> list[Row]:
    """Four queries, however many rows."""
    shifts = [one.shift for one in troubles]
    works = declarations_visible_to(company).in_bulk({shift.works.key for shift in shifts})
    firms = Company.objects.in_bulk({shift.employer for shift in shifts})
    people = Person.objects.in_bulk({shift.person for shift in shifts})
    called = names_of_companies(company, set(firms.values()))
    names = PeopleNames.of(people.values(), company=company, day=today)
    pages = _pages(people)
    return [
        Row(
            title=one.check.title,
            advice=one.check.advice,
            subject={
                About.WORKER: names[people[one.shift.person]],
                About.WORKS: str(works[one.shift.works.key]),
                About.FIRM: called[firms[one.shift.employer]],
            }[one.check.about],
            works=str(works[one.shift.works.key]) if one.check.about is not About.WORKS else "",
            people=one.people,
            is_usual=one.is_usual,
            url=_way_out(one, works[one.shift.works.key], pages),
        )
        for one in troubles
    ]


def _pages(people: Iterable[UUID]) -> dict[UUID, UUID]:
    """By person, the company's own latest employment: the page of the worker."""
    rows = Employment.objects.filter(person__in=list(people)).order_by("starts_on", "id")
    return dict(rows.values_list("person", "pk"))


def _way_out(trouble: Trouble, works: Declaration, pages: dict[UUID, UUID]) -> str:
    """Where it is put right; for people of other firms and unknown people, the declaration."""
    shift = trouble.shift
    if trouble.check.about is About.WORKER and shift.is_own:
        page = pages.get(shift.person)
        if page is None:
            return reverse("registrations:worker-new")
        return reverse("registrations:worker-detail", args=[page])
    return reverse("declarations:detail", args=[works.pk])
