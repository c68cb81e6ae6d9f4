"""The hub of the settings, the company's own facts, and its access to the NSSO."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciao_portal.access import keep_client_id, make_key
from ciao_portal.companies import change_company
from ciao_portal.errors import DomainError
from ciao_portal.forms import ClientIdForm, CompanyForm
from ciao_portal.languages import PORTAL_LANGUAGES
from ciao_portal.models import Company, NssoCredentials
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say, warn

ENVIRONMENTS = {
    "simulator": _("Simulator: nothing reaches the real NSSO"),
    "simulation": _("Simulation of the NSSO"),
    "production": _("Production: real registrations"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the settings, as the hub shows it to whoever may open it."""

    url_name: str
    title: Promise
    text: Promise
    icon: str
    permission: Permission


ENTRIES = (
    Entry(
        "settings-me",
        _("My settings"),
        _("Name, language, password, my companies"),
        "worker",
        Permission.VIEW,
    ),
    Entry(
        "settings-company",
        _("Company"),
        _("Name, number, language of letters, contact"),
        "company",
        Permission.VIEW,
    ),
    Entry("settings-people", _("People"), _("Who works here in which role"), "people", Permission.VIEW),
    Entry(
        "settings-nsso", _("Access to the NSSO"), _("Key, client id, environment"), "nsso", Permission.VIEW
    ),
    Entry(
        "registrations:emergency",
        _("Emergency procedure"),
        _("Whom to call and what to do when registering does not work"),
        "warning",
        Permission.VIEW,
    ),
    Entry(
        "settings-audit",
        _("Audit list"),
        _("Who did, saw or revealed what"),
        "audit",
        Permission.VIEW_AUDIT,
    ),
    Entry(
        "settings-retention",
        _("Retention"),
        _("What is kept for how long, and what went"),
        "history",
        Permission.VIEW_AUDIT,
    ),
    Entry(
        "settings-outbox",
        _("Outgoing mail"),
        _("Letters the portal wrote, when no mail server is set up"),
        "mail",
        Permission.MANAGE_COMPANY,
    ),
    Entry(
        "settings-style-guide",
        _("Style guide"),
        _("For those who build on the portal: colours, icons, elements"),
        "edit",
        Permission.VIEW,
    ),
)


@requires(Permission.VIEW)
@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    """What the person may open, one line for each page."""
    context = {
        "title": _("Settings"),
        "lead": portal(request).company,
        "entries": [entry for entry in ENTRIES if may(request, entry.permission)],
    }
    return render(request, "settings/settings.html", context)


@requires(Permission.VIEW)
@require_GET
def company(request: HttpRequest) -> HttpResponse:
    """What the company says of itself."""
    context = {
        "title": _("Company"),
        "back": {"url": reverse("settings"), "label": _("Settings")},
        "facts": _company_facts(portal(request).company),
    }
    if may(request, Permission.MANAGE_COMPANY):
        context["actions"] = [
            {"url": reverse("settings-company-edit"), "label": _("Change"), "icon": "edit", "primary": True}
        ]
    return render(request, "generic/detail.html", context)


@requires(Permission.MANAGE_COMPANY)
@require_http_methods(["GET", "HEAD", "POST"])
def company_edit(request: HttpRequest) -> HttpResponse:
    """Change what the company says of itself; its number stays."""
    own = portal(request).company
    form = CompanyForm.of(own, request.POST or None)
    if form.is_valid():
        change_company(company=own, facts=form.cleaned_data, actor=actor_of(request), now=timezone.now())
        say(request, gettext("The changes were saved."))
        return redirect("settings-company")
    context = {
        "title": _("Change the company"),
        "lead": own.number,
        "back": {"url": reverse("settings-company"), "label": _("Company")},
        "form": form,
        "submit_label": _("Save changes"),
        "cancel_url": reverse("settings-company"),
    }
    return render(request, "generic/form.html", context)


@requires(Permission.VIEW)
@require_GET
def nsso(request: HttpRequest) -> HttpResponse:
    """How far the company's own access to the NSSO is."""
    return _nsso_page(request, _access())


@requires(Permission.MANAGE_COMPANY)
@require_POST
def nsso_key(request: HttpRequest) -> HttpResponse:
    """Make the company's key."""
    try:
        make_key(company=portal(request).company, actor=actor_of(request), now=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        say(request, gettext("The key was made. Give its public half to Chaman."))
    return redirect("settings-nsso")


@requires(Permission.MANAGE_COMPANY)
@require_POST
def nsso_client(request: HttpRequest) -> HttpResponse:
    """Enter or correct the client id that Chaman gave."""
    access = get_object_or_404(NssoCredentials)
    form = ClientIdForm(request.POST)
    if not form.is_valid():
        return _nsso_page(request, access, form)
    keep_client_id(
        access=access,
        client_id=form.cleaned_data["client_id"],
        actor=actor_of(request),
        now=timezone.now(),
    )
    say(request, gettext("The client id was saved. Registrations travel with it from now on."))
    return redirect("settings-nsso")


@requires(Permission.MANAGE_COMPANY)
@require_GET
def nsso_public_key(_request: HttpRequest) -> HttpResponse:
    """The public half of the key as a file, for Chaman."""
    access = get_object_or_404(NssoCredentials)
    response = HttpResponse(access.public_key_pem, content_type="application/x-pem-file")
    response.headers["Content-Disposition"] = 'attachment; filename="nsso-public-key.pem"'
    return response


def _nsso_page(
    request: HttpRequest, access: NssoCredentials | None, form: ClientIdForm | None = None
) -> HttpResponse:
    may_manage = may(request, Permission.MANAGE_COMPANY)
    if form is None and access is not None:
        form = ClientIdForm(initial={"client_id": access.client_id})
    context = {
        "title": _("Access to the NSSO"),
        "back": {"url": reverse("settings"), "label": _("Settings")},
        "state": _access_state(access),
        "facts": _access_facts(access),
        "access": access,
        "form": form if may_manage else None,
        "may_manage": may_manage,
    }
    return render(request, "settings/nsso.html", context)


def _access() -> NssoCredentials | None:
    # The manager is scoped: this is the company's own access or none.
    return NssoCredentials.objects.first()


def _company_facts(own: Company) -> list[dict[str, object]]:
    return [
        {"label": _("Name"), "value": own.name},
        {"label": _("Enterprise number"), "value": own.number, "number": True},
        {"label": _("Language of letters"), "value": dict(PORTAL_LANGUAGES).get(own.language, "")},
        {"label": _("E-mail address"), "value": own.contact_email},
        {"label": _("Telephone"), "value": own.contact_phone, "number": True},
    ]


def _access_state(access: NssoCredentials | None) -> dict[str, object]:
    if access is None:
        return {"signal": "wait", "label": _("Not set up"), "icon": "lock"}
    if not access.client_id:
        return {"signal": "wait", "label": _("Waiting for the client id"), "icon": "clock"}
    return {"signal": "ok", "label": _("Set up"), "icon": "check"}


def _access_facts(access: NssoCredentials | None) -> list[dict[str, object]]:
    return [
        {"label": _("Environment"), "value": ENVIRONMENTS.get(settings.NSSO_ENVIRONMENT, "")},
        {"label": _("Address"), "value": settings.NSSO_BASE_URL},
        {"label": _("Client id"), "value": access.client_id if access else ""},
        {"label": _("Key made on"), "value": access.created_at.date() if access else ""},
    ]
