"""The hub of the settings, and the company's own facts."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from ciao_portal.companies import change_company
from ciao_portal.forms import CompanyForm
from ciao_portal.languages import PORTAL_LANGUAGES
from ciao_portal.models import Company
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say


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
        "settings-nsso",
        _("Access to the NSSO"),
        _("Certificate, client id, test of the connection"),
        "nsso",
        Permission.VIEW,
    ),
    Entry(
        "settings-provider",
        _("Sign-in of workers"),
        _("Your own OpenID Connect provider, when it knows national numbers"),
        "key",
        Permission.MANAGE_COMPANY,
    ),
    Entry(
        "registrations:tablet-list",
        _("Tablets"),
        _("Tablets at the workplaces, on which people register by card"),
        "tablet",
        Permission.VIEW,
    ),
    Entry(
        "registrations:practice",
        _("Practice"),
        _("Let people try it out: nothing is registered"),
        "star",
        Permission.VIEW,
    ),
    Entry(
        "registrations:emergency",
        _("Emergency procedure"),
        _("Whom to call and what to do when registering does not work"),
        "warning",
        Permission.VIEW,
    ),
    Entry(
        "registrations:correction-settings",
        _("Corrections"),
        _("Language of your NSSO office, a second person who approves"),
        "document",
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


def _company_facts(own: Company) -> list[dict[str, object]]:
    return [
        {"label": _("Name"), "value": own.name},
        {"label": _("Enterprise number"), "value": own.number, "number": True},
        {"label": _("Language of letters"), "value": dict(PORTAL_LANGUAGES).get(own.language, "")},
        {"label": _("E-mail address"), "value": own.contact_email},
        {"label": _("Telephone"), "value": own.contact_phone, "number": True},
    ]
