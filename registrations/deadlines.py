"""The last days of one company: remarks of the NSSO and errors reported by workers that still stand.

Shared by the morning letter and the calendar. Workers are named only as the company's own employments name
them; nobody is called by a number. Call everything here inside the company's scope.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ciao_portal.companies import names_of_companies
from ciao_portal.models import Company
from registrations.models import ErrorKind, ErrorReport, Remark
from registrations.querysets import names_of, open_remarks
from registrations.remarks import Path, Words, known_codes, known_meaning, meaning_of
from registrations.rules.deadlines import days_left

ANSWER_ACTION = _("Answer the worker. A request to the NSSO, when one is needed, goes out by the last day.")


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing to settle by its last day. `worker` is empty for people of other firms, `place` unknown."""

    key: UUID
    what: Words
    action: Words
    worker: str
    place: str
    day: date
    last_day: date
    days_left: int
    url: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of one kind have this last day."""

    last_day: date
    what: Words
    count: int


def remarks_to_settle(company: Company, *, today: date) -> QuerySet[Remark]:
    """Open remarks the company sees whose last day is not over, without those that ask for nothing."""
    codes = [code for code in known_codes() if (known := known_meaning(code)) and known.path is Path.NOWHERE]
    return open_remarks(company).filter(last_day__gte=today).exclude(code__in=codes)


def reports_to_answer(*, today: date) -> QuerySet[ErrorReport]:
    """What workers reported to the company itself, nobody answered, and is not too late."""
    return ErrorReport.objects.filter(answered_at__isnull=True, last_day__gte=today)


def deadlines_of(
    company: Company, *, remarks: Collection[UUID], reports: Collection[UUID], today: date
) -> list[Deadline]:
    """These remarks and reports in words, in the language at hand; the nearest last day first."""
    noted = remarks_to_settle(company, today=today).filter(pk__in=remarks)
    noted = noted.select_related("presence__registration__workplace", "declaration", "employer")
    said = reports_to_answer(today=today).filter(pk__in=reports).select_related("registration__workplace")
    remark_rows, report_rows = list(noted), list(said)
    people = {row.presence.person_id for row in remark_rows} | {row.person_id for row in report_rows}
    names = names_of(people, company=company, day=today)
    firms = names_of_companies(company, {row.employer for row in remark_rows if not _place(row)})
    found = [
        *(_of_remark(row, names, _place(row) or firms[row.employer], today) for row in remark_rows),
        *(_of_report(row, names, today) for row in report_rows),
    ]
    return sorted(found, key=lambda one: (one.last_day, str(one.what), one.place, one.day, one.key))


def counted_deadlines(company: Company, *, today: date) -> list[Counted]:
    """How many of each kind by last day; two queries. In the language at hand."""
    noted = _counts(remarks_to_settle(company, today=today), "code")
    said = _counts(reports_to_answer(today=today), "kind")
    words = [
        *(Counted(last, meaning_of(Remark(code=code)).words, count) for last, code, count in noted),
        *(Counted(last, ErrorKind(kind).label, count) for last, kind, count in said),
    ]
    return sorted(words, key=lambda one: (one.last_day, -one.count, str(one.what)))


def _counts(rows: QuerySet[Remark] | QuerySet[ErrorReport], kind: str) -> Iterable[tuple[date, str, int]]:
    return rows.order_by().values_list("last_day", kind).annotate(Count("pk"))


def _of_remark(row: Remark, names: dict[UUID, str], place: str, today: date) -> Deadline:
    meaning = meaning_of(row)
    return Deadline(
        key=row.pk,
        what=meaning.words,
        action=meaning.action,
        worker=names.get(row.presence.person_id, ""),
        place=place,
        day=row.happened_day,
        last_day=row.last_day,
        days_left=days_left(row.last_day, today),
        url=page_url("registrations:remark-detail", row.pk),
    )


def _of_report(row: ErrorReport, names: dict[UUID, str], today: date) -> Deadline:
    return Deadline(
        key=row.pk,
        what=ErrorKind(row.kind).label,
        action=ANSWER_ACTION,
        worker=names.get(row.person_id, ""),
        place=row.registration.workplace.name if row.registration else "",
        day=row.day,
        last_day=row.last_day,
        days_left=days_left(row.last_day, today),
        url=page_url("registrations:error-detail", row.pk),
    )


def _place(row: Remark) -> str:
    registration = row.presence.registration
    place = registration.workplace if registration else row.declaration
    return str(place) if place else ""


def page_url(name: str, *args: UUID | str) -> str:
    """A page of the portal as a letter or a calendar leads to it."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"
