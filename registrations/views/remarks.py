"""What the NSSO remarked, with the last day for a request."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ciao_portal.days import brussels_day
from ciao_portal.models import Company, Person
from ciao_portal.permissions import Permission, requires
from ciao_portal.prepared import KEYS, VIEWER, Prepared
from ciao_portal.tenancy import unscoped
from ciao_portal.views.base import may, portal
from ciao_portal.web.bulk import BulkAction
from ciao_portal.web.lists import Empty
from declarations.querysets import companies_known_to, declarations_visible_to
from registrations import cells
from registrations.corrections.querysets import correction_of
from registrations.corrections.remarks import possible_errors
from registrations.filters import RemarkFilter
from registrations.models import Employment, Remark
from registrations.naming import Naming, naming
from registrations.querysets import open_remarks, remark_sources, remarks_visible_to
from registrations.remarks import PATH_WORDS, Path, Request, meaning_of, nsso_words, words_in
from registrations.rules.deadlines import CORRECTION_DAYS, days_left, is_born_late
from registrations.tables import RemarkTable
from registrations.timeline import percent
from registrations.views.base import NamedListView
from registrations.views.shown import remark_rows
from registrations.wording import Badge, Words, kind_badge, validity_badge

SHOWN_ALIKE = 6
# What `RemarkTable` shows, and no more.
_SHOWN = (
    "code",
    "description",
    "happened_day",
    "last_day",
    "first_seen_at",
    "gone_at",
    "presence__registration",
    "presence__validity",
    "presence__person__ssin_ciphertext",
    "employer__name",
    "employer__enterprise_number",
    "employer__foreign_vat_number",
    "declaration__title",
)
_ROWS = Prepared(
    lambda: (
        remarks_visible_to(VIEWER)
        .filter(pk__in=KEYS)
        .order_by()
        .select_related("presence__person", "employer", "declaration")
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
    )

    def get_queryset(self) -> QuerySet[Remark]:
        return remarks_visible_to(portal(self.request).company)

    def get_sources(self) -> list[QuerySet[Remark]]:
        return remark_sources(portal(self.request).company, self.offered.members_below)

    def load_rows(self, keys: list[UUID]) -> list[Remark]:
        with unscoped(reason="of these keys, what the company may see"):
            return _ROWS.all(viewer=portal(self.request).company.pk, keys=keys)

    def can_tick(self, record: Remark) -> bool:
        """Only what stands, and what the NSSO corrects on request."""
        return record.gone_at is None and bool(possible_errors(record.code))

    def person_of(self, record: Remark) -> Person:
        return record.presence.person


@requires(Permission.VIEW)
@require_GET
def remark_detail(request: HttpRequest, remark: UUID) -> HttpResponse:
    """One remark: what it means, what to do, and until when."""
    company, now = portal(request).company, timezone.now()
    rows = remarks_visible_to(company).select_related(
        "presence__person", "presence__registration__workplace", "employer", "declaration"
    )
    row = get_object_or_404(rows, pk=remark)
    names = naming(company, [row.presence.person], [row.employer], now=now)
    meaning = meaning_of(row)
    left = days_left(row.last_day, names.today)
    # The manager is scoped: only the company's own employment has a page to go to.
    employment = Employment.objects.filter(person=row.presence.person).order_by("-starts_on").first()
    alike = open_remarks(company).filter(code=row.code).exclude(pk=row.pk)
    of_worker = alike.filter(presence__person=row.presence.person).order_by("-happened_day", "id")
    correction = correction_of(row, viewer=company)
    context = {
        "remark": row,
        "title": meaning.words,
        "meaning": meaning,
        "nsso_words": nsso_words(row),
        "history": _history(row),
        "days": left,
        "facts": _facts(row, names, company, employment, meaning.path),
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


def _history(row: Remark) -> list[dict[str, object]]:
    """The life of the remark in steps, the first one first."""
    steps = [_step(row.first_seen_at, _("First seen"), "wait", "remark")]
    for earlier in row.earlier_wordings.order_by("until", "id"):
        before = _before(words_in(earlier.description), earlier.dated)
        steps.append(_step(earlier.until, _("Changed by the NSSO"), "wait", "edit", before))
    if row.gone_with_presence and row.gone_at:
        steps.append(_step(row.gone_at, _("The presence is no longer listed"), "info", "info"))
    elif row.gone_at:
        steps.append(_step(row.gone_at, _("Gone"), "ok", "check"))
    return steps


def _step(at: datetime, title: Words, signal: str, icon: str, detail: str = "") -> dict[str, object]:
    return {"time": cells.moment(at), "title": title, "signal": signal, "icon": icon, "detail": detail}


def _before(said: str, dated: date | None) -> str:
    """How it was until then."""
    if dated is None:
        return gettext("Before, the NSSO said: %(words)s") % {"words": said}
    return gettext("Before, the NSSO said, with the date %(day)s: %(words)s") % {
        "day": cells.full_day(dated),
        "words": said,
    }


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
    row: Remark, names: Naming, company: Company, employment: Employment | None, path: Path | None
) -> list[dict[str, object]]:
    registration = row.presence.registration
    place = registration.workplace if registration else None
    # A firm outside the chain does not get into the works it was named on, nor is it one of our firms.
    works = row.declaration
    sees_works = works is not None and declarations_visible_to(company).filter(pk=works.pk).exists()
    is_firm = row.employer != company and companies_known_to(company).filter(pk=row.employer_id).exists()
    return [
        {
            "label": _("Worker"),
            "value": names.people[row.presence.person],
            "url": _to("registrations:worker-detail", employment),
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
            "url": _to("declarations:detail", works if sees_works else None),
        },
        {
            "label": _("Workplace"),
            "value": place.name if place else "",
            "url": _to("declarations:workplace-detail", place if sees_works else None),
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
