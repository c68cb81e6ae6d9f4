"""What the NSSO remarked, with the last day for a request."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from ciao_portal.permissions import Permission, requires
from ciao_portal.prepared import KEYS, VIEWER, Among, Prepared
from ciao_portal.tenancy import unscoped
from ciao_portal.views.base import may, portal
from ciao_portal.web.bulk import BulkAction
from ciao_portal.web.lists import Empty, PortalTable
from declarations.querysets import companies_known_to
from registrations import cells
from registrations.causes.gathering import Found, Looking
from registrations.causes.ways import ways_of
from registrations.causes.wording import cause_words, who_words
from registrations.corrections.journey import journey_of
from registrations.corrections.querysets import correction_of
from registrations.corrections.remarks import possible_errors
from registrations.filter_choices import offered_to
from registrations.filters import RemarkFilter
from registrations.models import Correction, Remark
from registrations.naming import Naming, PeopleNames
from registrations.querysets import open_remarks, remark_sources, remarks_visible_to
from registrations.remark_life import in_order, life_of
from registrations.remarks import PATH_WORDS, Path, Request, meaning_of, nsso_words
from registrations.rules.deadlines import CORRECTION_DAYS, days_left, is_born_late
from registrations.tables import RemarkTable
from registrations.timeline import percent
from registrations.views.base import NamedListView
from registrations.views.shown import remark_rows
from registrations.wording import Badge, kind_badge, validity_badge

SHOWN_ALIKE = 6
# What `RemarkTable` shows, and no more.
_SHOWN = (
    "code",
    "description",
    "happened_day",
    "last_day",
    "first_seen_at",
    "gone_at",
    "presence__registration__means",
    "presence__registration__flags",
    "presence__validity",
    "presence__reference",
    "presence__type",
    "presence__day",
    "presence__registered_at",
    "presence__person__ssin_ciphertext",
    "employer__name",
    "employer__enterprise_number",
    "employer__foreign_vat_number",
    "presence__employer",
    "presence__declaration",
    "declaration__title",
    "declaration__regime",
    "declaration__amount",
    "declaration__technical_reference",
    "declaration__starts_on",
    "declaration__ends_on",
    "declaration__takes_over_at",
    "declaration__former_company__enterprise_number",
    "declaration__company__name",
    "declaration__company__enterprise_number",
    "declaration__company__foreign_vat_number",
)
_ROWS = Prepared(
    lambda: (
        remarks_visible_to(VIEWER)
        .filter(Among("pk", KEYS))
        .order_by()
        .select_related(
            *("presence__person", "presence__registration", "employer"),
            *("declaration__company", "declaration__former_company"),
        )
        .only(*_SHOWN)
    )
)


class RemarkList(NamedListView):
    permission = Permission.VIEW
    table_class = RemarkTable
    filterset_class = RemarkFilter
    title = _("Remarks")
    empty = Empty(_("No open remarks"), _("The NSSO has nothing to say about your registrations."))

    bulk = (
        BulkAction(
            "registrations:remarks-correct", _("Prepare a request"), Permission.CORRECT, icon="document"
        ),
        BulkAction("registrations:remarks-remind", _("Remind the company"), Permission.CORRECT, icon="mail"),
    )

    def get_sources(self) -> list[QuerySet[Remark]]:
        return remark_sources(portal(self.request).company, self.offered.members_below)

    def load_rows(self, keys: list[UUID]) -> list[Remark]:
        with unscoped(reason="of these keys, what the company may see"):
            return _ROWS.all(viewer=portal(self.request).company.pk, keys=keys)

    def get_table(self, records: list[Any]) -> PortalTable:
        # Employments are read once: for the causes, and for the names.
        self.looking = Looking(records, offered=self.offered)
        table = super().get_table(records)
        if isinstance(table, RemarkTable):
            table.found = {row.pk: self.looking.found(row) for row in records}
            table.may = partial(may, self.request)
        return table

    def names_of(self, _records: list[Remark], *, today: date) -> PeopleNames:
        return self.looking.names(today=today)

    def can_tick(self, record: Remark) -> bool:
        """What stands, and is corrected on request or is another company's, which can be reminded."""
        is_others = record.employer_id != portal(self.request).company.pk
        return record.gone_at is None and (is_others or bool(possible_errors(record.code)))

    def firms_of(self, record: Remark) -> set[Company]:
        return {record.employer} | ({record.declaration.company} if record.declaration else set())


@requires(Permission.VIEW)
@require_GET
def remark_detail(request: HttpRequest, remark: UUID) -> HttpResponse:
    """One remark: what it means, what to do, and until when."""
    company, now = portal(request).company, timezone.now()
    rows = remarks_visible_to(company).select_related(
        *("presence__person", "presence__registration__workplace", "employer"),
        *("declaration__company", "declaration__former_company"),
    )
    row = get_object_or_404(rows, pk=remark)
    correction = correction_of(row, viewer=company)
    looking = Looking([row], offered=offered_to(company))
    found = looking.found(row)
    today = brussels_day(now)
    firms = names_of_companies(company, _firms(row, correction))
    names = Naming(looking.names(today=today), firms, today)
    meaning = meaning_of(row)
    left = days_left(row.last_day, names.today)
    alike = open_remarks(company).filter(code=row.code).exclude(pk=row.pk)
    of_worker = alike.filter(presence__person=row.presence.person).order_by("-happened_day", "id")
    steps = journey_of(correction, viewer=company, names=names.companies) if correction else []
    context = {
        "remark": row,
        "title": meaning.words,
        "meaning": meaning,
        "nsso_words": nsso_words(row),
        "history": in_order(life_of([row]), steps),
        "cause": cause_words(found.finding.cause),
        "who": _who(found, row, names),
        "ways": [] if row.gone_at else list(ways_of(row, found, may=partial(may, request))),
        "days": left,
        "facts": _facts(row, names, company, found, meaning.path),
        "same_worker": remark_rows(of_worker[:SHOWN_ALIKE], today=names.today),
        "same_code": alike.count(),
        "passed": percent(100 * min(max(CORRECTION_DAYS - left, 0), CORRECTION_DAYS) / CORRECTION_DAYS),
        "day_number": min(CORRECTION_DAYS - left, CORRECTION_DAYS),
        "validity": validity_badge(row.presence.validity),
        "asking": asking(meaning.request, last_day=row.last_day, today=names.today),
        "correction_days": CORRECTION_DAYS,
        "born_late": is_born_late(row.last_day, brussels_day(row.first_seen_at)),
        "last_day": cells.full_day(row.last_day),
        "happened_day": cells.full_day(row.happened_day),
        "correction": correction,
        "may_ask": may(request, Permission.CORRECT) and not row.gone_at and possible_errors(row.code),
    }
    return render(request, "registrations/remark_detail.html", context)


def _firms(row: Remark, correction: Correction | None) -> set[Company]:
    """All the page calls by name."""
    works = row.declaration
    firms = {row.employer, works.company if works else None}
    if correction:
        firms |= {correction.employer, correction.partner, correction.owner}
    return {firm for firm in firms if firm}


def _who(found: Found, row: Remark, names: Naming) -> str:
    declarer = names.companies[row.declaration.company] if row.declaration else ""
    return who_words(found.finding.who, employer=names.companies[row.employer], declarer=declarer)


def asking(request: Request, *, last_day: date, today: date) -> Badge:
    """Whether the NSSO can still be asked, in words; the page explains the rule beside it."""
    if request is Request.NO:
        return Badge(_("No request needed"), "", "info")
    if days_left(last_day, today) < 0:
        return Badge(_("Too late for a request"), "late", "error")
    if request is Request.YES:
        return Badge(_("Request needed"), "wait", "mail")
    if request is Request.PERHAPS:
        return Badge(_("Request possible"), "wait", "mail")
    return Badge(_("Find out whether a request is needed"), "info", "info")


def _facts(
    row: Remark, names: Naming, company: Company, found: Found, path: Path | None
) -> list[dict[str, object]]:
    registration = row.presence.registration
    place = registration.workplace if registration else None
    # A firm outside the chain does not get into the works it was named on, nor is it one of our firms.
    works = row.declaration
    is_firm = row.employer != company and companies_known_to(company).filter(pk=row.employer_id).exists()
    return [
        {
            "label": _("Worker"),
            "value": names.people[row.presence.person],
            # Only the company's own employment has a page to go to.
            "url": reverse("registrations:worker-detail", args=[found.worker]) if found.worker else "",
        },
        {
            "label": _("Employer"),
            "value": names.companies[row.employer],
            "url": _to("declarations:company-detail", row.employer if is_firm else None),
        },
        {
            "label": _("Registration"),
            "value": f"{kind_badge(row.presence.type).words} · {cells.moment(row.presence.registered_at)}",
            "url": reverse("registrations:registration-detail", args=[registration.pk])
            if registration
            else "",
        },
        {"label": _("Number at the NSSO"), "value": row.presence.nsso_id, "number": True},
        {
            "label": _("Declaration"),
            "value": works.title if works else "",
            "url": _to("declarations:detail", works if found.sees_works else None),
        },
        {
            "label": _("Workplace"),
            "value": place.name if place else "",
            "url": _to("declarations:workplace-detail", place if found.sees_works else None),
        },
        {"label": _("Put right"), "value": PATH_WORDS[path] if path else _("Not known yet")},
        {
            "label": _("Date at the NSSO"),
            "value": cells.full_day(row.dated) if row.dated else "",
        },
        {"label": _("First seen"), "value": cells.moment(row.first_seen_at)},
        {"label": _("Last seen"), "value": cells.moment(row.last_seen_at)},
        {"label": _("Gone since"), "value": cells.moment(row.gone_at) if row.gone_at else _("Still there")},
        *_unlisted(row),
    ]


def _unlisted(row: Remark) -> list[dict[str, object]]:
    since = row.presence.missed_since
    return [{"label": _("No longer listed by the NSSO since"), "value": cells.moment(since)}] if since else []


def _to(name: str, subject: Model | None) -> str:
    """The page of a record; empty without one."""
    return reverse(name, args=[subject.pk]) if subject else ""
