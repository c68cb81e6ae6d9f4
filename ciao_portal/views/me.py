"""What people change about themselves: name, language, password, and leaving a company."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.forms import PersonForm
from ciao_portal.languages import language_of
from ciao_portal.members import end_membership
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import portal, say, warn


@requires(Permission.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """My name and language, my companies and roles."""
    user = portal(request).user
    initial = {"name": user.name, "language": language_of(user.language, portal(request).company.language)}
    form = PersonForm(request.POST or None, initial=initial)
    if form.is_valid():
        user.name, user.language = form.cleaned_data["name"], form.cleaned_data["language"]
        user.save(update_fields=["name", "language"])
        say(request, gettext("The changes were saved."))
        return redirect("settings-me")
    context = {
        "title": _("My settings"),
        "lead": user.email,
        "back": {"url": reverse("settings"), "label": _("Settings")},
        "form": form,
        "submit_label": _("Save changes"),
    }
    return render(request, "settings/me.html", context)


@requires(Permission.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leave one of my companies, after a page that says what it means."""
    membership = next((one for one in portal(request).memberships if one.pk == pk), None)
    if membership is None:
        raise Http404
    if request.method == "POST":
        actor = Actor(membership.company, portal(request).user)
        try:
            end_membership(membership=membership, actor=actor, now=timezone.now())
        except DomainError as error:
            warn(request, error)
            return redirect("settings-me")
        say(request, gettext("You left %(company)s.") % {"company": membership.company})
        return redirect("dashboard")
    context = {
        "title": gettext("Leave %(company)s?") % {"company": membership.company},
        "back": {"url": reverse("settings-me"), "label": _("My settings")},
        "consequences": (
            _("From that moment you can open nothing of this company any more. Your account stays."),
            _("Only an owner of the company can let you in again."),
        ),
        "submit_label": _("Leave the company"),
        "cancel_url": reverse("settings-me"),
    }
    return render(request, "generic/confirm.html", context)
