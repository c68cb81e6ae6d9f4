"""Where the chains are broken: over all works, the part on the page of works or a firm, and day by day."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say
from declarations.models import Declaration, Subcontract
from declarations.querysets import companies_known_to, declarations_visible_to, subcontracts_seen_by
from registrations import cells
from registrations.gaps.days import table_of
from registrations.gaps.forms import DaysForm, ExpectedDaysForm, GapsForm
from registrations.gaps.gathering import watch
from registrations.gaps.reminded import reminders_to_show
from registrations.gaps.rows import counts_of, list_url, rows_of
from registrations.models import ExpectedDays
from registrations.rules.windows import Window
from registrations.services.expected_days import expect_on

# A week is what one still remembers; two fill a screen.
LAST_DAYS, TABLE_DAYS = 7, 14
# Beyond, one narrows the list.
MOST_ROWS = 200


@requires(Permission.VIEW)
@require_GET
def chain_gap_list(request: HttpRequest) -> HttpResponse:
    """Every gap of the chains below the company, what weighs most first."""
    is_today = request.GET.get("days") == "today"
    form = GapsForm(request.GET, default=last_days(1 if is_today else LAST_DAYS))
    window = form.window
    watched = watch(portal(request).company, window, now=timezone.now())
    gaps = watched.gaps()
    form.offer(watched, gaps)
    fitting = sorted(
        (gap for gap in gaps if form.fits(gap)),
        key=lambda gap: (gap.rank, watched.names[gap.company].casefold()),
    )
    context = {
        "title": _("Chain gaps"),
        "lead": _("Where what is registered does not fit what you declared, and who is expected and silent."),
        "back": {"url": reverse("dashboard"), "label": _("Today")},
        "form": form,
        "counts": counts_of(gaps, window),
        "rows": rows_of(watched, fitting[:MOST_ROWS], window),
        "number": len(fitting),
        "is_cut": len(fitting) > MOST_ROWS,
        "is_filtered": len(fitting) < len(gaps),
        "clear_url": list_url(window),
        "may_remind": may(request, Permission.DECLARE),
    }
    return render(request, "gaps/list.html", context)


@requires(Permission.VIEW)
@require_GET
def declaration_gaps(request: HttpRequest, declaration: UUID) -> HttpResponse:
    """The gaps of one chain and the reminders about it: a part of the declaration's page."""
    row = _seen(request, declaration)
    return _part(request, reverse("declarations:detail", args=[row.pk]), declaration=row)


@requires(Permission.VIEW)
@require_GET
def company_gaps(request: HttpRequest, subject: UUID) -> HttpResponse:
    """The gaps of one firm and the reminders to it: a part of the firm's page."""
    row = get_object_or_404(companies_known_to(portal(request).company), pk=subject)
    return _part(request, reverse("declarations:company-detail", args=[row.pk]), subject=row.pk)


def _part(
    request: HttpRequest,
    back_url: str,
    *,
    declaration: Declaration | None = None,
    subject: UUID | None = None,
) -> HttpResponse:
    window, company = last_days(LAST_DAYS), portal(request).company
    watched = watch(company, window, now=timezone.now(), declaration=declaration, subject=subject)
    label = declaration.title if declaration else watched.names[subject or company.pk]
    gaps = [gap for gap in watched.gaps() if subject in (None, gap.company)]
    filters = {"declaration": declaration.pk} if declaration else {"company": subject}
    context = {
        "title": _("Chain gaps"),
        "lead": label,
        "back": {"url": back_url, "label": label},
        "counts": counts_of(gaps, window, **filters),
        "number": len(gaps),
        "list_url": list_url(window, **filters),
        "days_url": reverse("registrations:chain-days", args=[declaration.pk]) if declaration else "",
        "papers_url": _papers_url(declaration, subject),
        "reminders": reminders_to_show(watched, declaration=declaration, subject=subject),
        "has_chain": bool(gaps) or any(_stands(look.below, subject) for look in watched.looks.values()),
    }
    is_part = bool(request.headers.get("HX-Request"))
    response = render(request, "gaps/_part.html" if is_part else "gaps/part.html", context)
    # Part and page share one address.
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires(Permission.VIEW)
@require_GET
def chain_days(request: HttpRequest, declaration: UUID) -> HttpResponse:
    """Who of the chain registered on which day, and who was expected and did not."""
    row = _seen(request, declaration)
    form = DaysForm(request.GET, default=last_days(TABLE_DAYS))
    window, company = form.window, portal(request).company
    watched = watch(company, window, now=timezone.now(), declaration=row)
    wish = {"declaration": row.pk, "paper": "chain_days", "first_day": window.first, "last_day": window.last}
    context = {
        "title": _("Chain day by day"),
        "lead": row.title,
        "back": {"url": reverse("declarations:detail", args=[row.pk]), "label": row.title},
        "actions": [
            {"url": list_url(window, declaration=row.pk), "label": _("Chain gaps"), "icon": "chain"},
            {
                "url": f"{reverse('registrations:chain-paper-new')}?{urlencode(wish)}",
                "label": _("As PDF"),
                "icon": "document",
                "primary": True,
            },
        ],
        "form": form,
        "table": table_of(watched, watched.looks[row.pk]),
        "days_words": cells.period(window.first, window.last),
        "may_expect": may(request, Permission.DECLARE),
    }
    return render(request, "gaps/days.html", context)


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def expected_days(request: HttpRequest, declaration: UUID, place: UUID) -> HttpResponse:
    """Say on which days of the week the people of a subcontract are expected."""
    company, row = portal(request).company, _seen(request, declaration)
    subcontract = _place_below(request, row, place)
    name = names_of_companies(company, {subcontract.company})[subcontract.company]
    kept = ExpectedDays.objects.filter(subcontract=subcontract).first()
    initial = {"weekdays": sorted(kept.weekdays) if kept else []}
    here = reverse("registrations:chain-days", args=[row.pk])
    form = ExpectedDaysForm(request.POST or None, initial=initial)
    if form.is_valid():
        days = [int(number) for number in form.cleaned_data["weekdays"]]
        now, actor = timezone.now(), actor_of(request)
        expect_on(company=company, subcontract=subcontract, weekdays=days, actor=actor, now=now)
        say(request, gettext("The expected days of %(company)s were kept.") % {"company": name})
        return redirect(here)
    context = {
        "title": gettext("When %(company)s is expected") % {"company": name},
        "lead": row.title,
        "back": {"url": here, "label": _("Chain day by day")},
        "form": form,
        "submit_label": _("Keep the days"),
        "cancel_url": here,
    }
    return render(request, "generic/form.html", context)


def _seen(request: HttpRequest, declaration: UUID) -> Declaration:
    rows = declarations_visible_to(portal(request).company).select_related("company", "client")
    return get_object_or_404(rows, pk=declaration)


def _stands(below: tuple[UUID, ...], subject: UUID | None) -> bool:
    """Whether there is anybody to look at: the firm, or on the page of works any at all."""
    return bool(below) if subject is None else subject in below


def _papers_url(declaration: Declaration | None, subject: UUID | None) -> str:
    """The form for an attestation or a refusal file."""
    wish = {
        "declaration": declaration.pk if declaration else "",
        "subject": subject or "",
        "paper": "refusal",
    }
    return f"{reverse('registrations:chain-paper-new')}?{urlencode(wish)}"


def _place_below(request: HttpRequest, declaration: Declaration, place: UUID) -> Subcontract:
    """A place the company sees; its own it may not judge."""
    company = portal(request).company
    seen = subcontracts_seen_by(company, declaration)
    found = next((one for one in seen if one.pk == place), None)
    if found is None:
        raise Http404
    if found.company_id == company.pk:
        raise PermissionDenied
    return found


def last_days(count: int) -> Window:
    """So many days, today the last."""
    today = brussels_day(timezone.now())
    return Window(today - timedelta(days=count - 1), today)
