"""What to do when registering does not work: the page, the company's own part, and the sheet on paper."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from ciao_portal import languages
from ciao_portal.days import brussels_day
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say
from ciao_portal.web.pdf import pdf_from, pdf_response
from declarations.models import Declaration
from declarations.models.declarations import DeclarationState
from declarations.querysets import declarations_visible_to, in_state, places_of
from declarations.views.access import seen_or_404
from registrations import cells
from registrations.emergency_sheet import Sheet, contacts_of, sheet_of, sheets_html
from registrations.models import Outage
from registrations.outage_forms import EmergencyForm
from registrations.services.emergency import change_procedure, procedure_of

# Where the NSSO tells of its own emergency procedure (its questions and answers on the service, question 13).
NSSO_PROCEDURE_URL = (
    "https://www.socialsecurity.be/site_nl/employer/applics/check-in-and-out-at-work/index.htm"
)
# A page takes the PDF engine about a quarter of a second, while somebody waits.
MOST_SHEETS = 40
# More declarations are reached through their own pages.
MOST_DECLARATIONS = 50


@requires(Permission.VIEW)
@require_GET
def emergency(request: HttpRequest) -> HttpResponse:
    """Whom to call, what cleaners and the office do, and the way to everything needed then."""
    company = portal(request).company
    procedure = procedure_of(company)
    may_change = may(request, Permission.MANAGE_COMPANY)
    actions = []
    if may_change:
        edit = reverse("registrations:emergency-edit")
        actions = [{"url": edit, "label": _("Change"), "icon": "edit", "primary": True}]
    context = {
        "title": _("When registering does not work"),
        "lead": company,
        "actions": actions,
        "contacts": contacts_of(procedure),
        "procedure": procedure,
        "changed": cells.moment(procedure.changed_at) if procedure else "",
        "may_change": may_change,
        "may_declare": may(request, Permission.DECLARE_OUTAGES),
        "worker_url": settings.NSSO_WORKER_URL,
        "nsso_procedure_url": NSSO_PROCEDURE_URL,
        "works": _running_works(request),
        "open_outages": Outage.objects.filter(ended_at__isnull=True).count(),
    }
    return render(request, "registrations/emergency.html", context)


@requires(Permission.MANAGE_COMPANY)
@require_http_methods(["GET", "HEAD", "POST"])
def emergency_edit(request: HttpRequest) -> HttpResponse:
    """Name whom to call, and add to the portal's words."""
    company = portal(request).company
    # The form writes nothing: the service does.
    form = EmergencyForm(request.POST or None, instance=procedure_of(company))
    here = reverse("registrations:emergency")
    if form.is_valid():
        change_procedure(
            company=company, facts=form.cleaned_data, actor=actor_of(request), now=timezone.now()
        )
        say(request, gettext("The changes were saved."))
        return redirect(here)
    context = {
        "title": _("Change the emergency procedure"),
        "lead": _("The steps of the portal stay; what you write here stands beside them and on the sheets."),
        "back": {"url": here, "label": _("When registering does not work")},
        "form": form,
        "submit_label": _("Save changes"),
        "cancel_url": here,
    }
    return render(request, "generic/form.html", context)


@requires(Permission.VIEW)
@require_GET
def emergency_sheet(request: HttpRequest) -> HttpResponse:
    """A sheet for each workplace of `?declaration=`, or a blank one."""
    company = portal(request).company
    html = sheets_html(
        _sheets(request),
        procedure_of(company),
        printed_on=brussels_day(timezone.now()),
        language=languages.language_of(company.language),
    )
    return pdf_response(pdf_from(html), "emergency-sheet.pdf")


def _sheets(request: HttpRequest) -> list[Sheet]:
    company = portal(request).company
    wanted = request.GET.get("declaration", "")
    if not wanted:
        return [sheet_of(company, None, None)]
    try:
        declaration = seen_or_404(request, UUID(wanted))
    except ValueError:
        raise Http404 from None
    places = [place.workplace for place in places_of(declaration)]
    if not 0 < len(places) <= MOST_SHEETS:
        # Too many for one document: the workplace is written by hand.
        return [sheet_of(company, declaration, None)]
    return [sheet_of(company, declaration, workplace) for workplace in places]


def _running_works(request: HttpRequest) -> list[Declaration]:
    company, today = portal(request).company, brussels_day(timezone.now())
    rows = in_state(declarations_visible_to(company), DeclarationState.ACTIVE, today)
    return list(rows.order_by("title", "pk")[:MOST_DECLARATIONS])
