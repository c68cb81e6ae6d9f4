"""The company's own access to the NSSO: where it stands, its keys, the test of the connection, the guide."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from ciao_portal import access as services
from ciao_portal.errors import DomainError
from ciao_portal.forms import ClientIdForm
from ciao_portal.models import NssoCredentials
from ciao_portal.models.credentials import HeldKey
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say, warn
from ciao_portal.views.nsso_shown import (
    access_facts,
    access_state,
    ending_notice,
    key_facts,
    shown_report,
    spare_facts,
)


@requires(Permission.VIEW)
@require_GET
def access_page(request: HttpRequest) -> HttpResponse:
    """How far the company's own access to the NSSO is."""
    return _page(request, _own_access())


@requires(Permission.VIEW)
@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """How a company gets its access, in plain words."""
    context = {
        "title": _("How to get access to the NSSO"),
        "back": {"url": reverse("settings-nsso"), "label": _("Access to the NSSO")},
        "access": _own_access(),
    }
    return render(request, "settings/nsso_guide.html", context)


@requires(Permission.MANAGE_COMPANY)
@require_POST
def key(request: HttpRequest) -> HttpResponse:
    """Make the company's first key and its certificate."""
    words = gettext("The key and its certificate were made. Upload the certificate in Chaman.")
    return _done(
        request,
        lambda: services.make_key(company=portal(request).company, **_by(request)),
        words,
    )


@requires(Permission.MANAGE_COMPANY)
@require_POST
def client(request: HttpRequest) -> HttpResponse:
    """Enter or correct the client id that Chaman gave."""
    access = get_object_or_404(NssoCredentials)
    form = ClientIdForm(request.POST)
    if not form.is_valid():
        return _page(request, access, form)
    client_id = form.cleaned_data["client_id"]
    services.keep_client_id(access=access, client_id=client_id, **_by(request))
    say(request, gettext("The client id was saved. Registrations travel with it from now on."))
    if not services.looks_usual(client_id):
        words = gettext(
            "This client id looks different from those that Chaman usually gives. Compare it once more, then "
            "test the connection."
        )
        warn(request, words)
    return redirect("settings-nsso")


@requires(Permission.MANAGE_COMPANY)
@require_GET
def certificate(_request: HttpRequest) -> HttpResponse:
    """The certificate of the key in use as a file, for Chaman."""
    return _certificate_file(get_object_or_404(NssoCredentials), "nsso-certificate.pem")


@requires(Permission.MANAGE_COMPANY)
@require_GET
def public_key(_request: HttpRequest) -> HttpResponse:
    """The public half of the key in use as a file: what a simulator is told."""
    return _pem_file(get_object_or_404(NssoCredentials).public_key_pem, "nsso-public-key.pem")


@requires(Permission.MANAGE_COMPANY)
@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Try the connection with the key in use."""
    access = get_object_or_404(NssoCredentials.objects.select_related("company"))
    return _tested(request, access, access)


@requires(Permission.MANAGE_COMPANY)
@require_POST
def spare(request: HttpRequest) -> HttpResponse:
    """Make a second key beside the one in use."""
    access = get_object_or_404(NssoCredentials)
    words = gettext("The second key was made. Upload its certificate in Chaman, beside the one in use.")
    return _done(request, lambda: services.make_spare_key(access=access, **_by(request)), words)


@requires(Permission.MANAGE_COMPANY)
@require_GET
def spare_certificate(_request: HttpRequest) -> HttpResponse:
    """The certificate of the second key as a file."""
    return _certificate_file(_own_spare(get_object_or_404(NssoCredentials)), "nsso-certificate-second.pem")


@requires(Permission.MANAGE_COMPANY)
@require_POST
def spare_test(request: HttpRequest) -> HttpResponse:
    """Try the connection with the second key; the one in use stays in use."""
    access = get_object_or_404(NssoCredentials.objects.select_related("company"))
    return _tested(request, access, _own_spare(access))


@requires(Permission.MANAGE_COMPANY)
@require_POST
def spare_switch(request: HttpRequest) -> HttpResponse:
    """Use the second key from now on, and keep the former one as the second."""
    access = get_object_or_404(NssoCredentials)
    words = gettext("The keys were switched. The former one is kept, so that you can go back.")
    return _done(request, lambda: services.switch_keys(access=access, **_by(request)), words)


@requires(Permission.MANAGE_COMPANY)
@require_POST
def spare_discard(request: HttpRequest) -> HttpResponse:
    """Delete the second key."""
    access = get_object_or_404(NssoCredentials)
    words = gettext("The second key was discarded. Remove its certificate in Chaman too.")
    return _done(request, lambda: services.discard_spare_key(access=access, **_by(request)), words)


def _own_access() -> NssoCredentials | None:
    # The manager is scoped: this is the company's own access or none.
    return NssoCredentials.objects.first()


def _own_spare(access: NssoCredentials) -> HeldKey:
    found = services.spare_of(access)
    if found is None:
        raise Http404
    return found


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"actor": actor_of(request), "now": timezone.now()}


def _done(request: HttpRequest, deed: Callable[[], object], words: str) -> HttpResponse:
    """Back to the page, with what was done or why it was refused."""
    try:
        deed()
    except DomainError as error:
        warn(request, error)
    else:
        say(request, words)
    return redirect("settings-nsso")


def _page(
    request: HttpRequest, access: NssoCredentials | None, form: ClientIdForm | None = None
) -> HttpResponse:
    may_manage = may(request, Permission.MANAGE_COMPANY)
    now = timezone.now()
    if form is None and access is not None:
        form = ClientIdForm(initial={"client_id": access.client_id})
    second = services.spare_of(access) if access and may_manage else None
    context = {
        "title": _("Access to the NSSO"),
        "back": {"url": reverse("settings"), "label": _("Settings")},
        "actions": [{"url": reverse("settings-nsso-guide"), "label": _("Guide"), "icon": "info"}],
        "state": access_state(access, now=now),
        "facts": access_facts(access),
        "ending": ending_notice(access, now=now),
        "access": access,
        "key_facts": key_facts(access) if access else [],
        "spare": second,
        "spare_facts": spare_facts(second) if second else [],
        "form": form if may_manage else None,
        "may_manage": may_manage,
        "is_simulator": settings.NSSO_ENVIRONMENT == "simulator",
    }
    return render(request, "settings/nsso.html", context)


def _tested(request: HttpRequest, access: NssoCredentials, held: HeldKey) -> HttpResponse:
    try:
        report = services.run_test(access=access, held=held, **_by(request))
    except DomainError as error:
        warn(request, error)
        return redirect("settings-nsso")
    is_spare = held is not access
    context = {
        "title": _("Test with the second key") if is_spare else _("Test of the connection"),
        "back": {"url": reverse("settings-nsso"), "label": _("Access to the NSSO")},
        "again_url": request.path,
        "has_passed": report.failure is None,
        "is_spare": is_spare,
        **shown_report(report),
    }
    return render(request, "settings/nsso_test.html", context)


def _certificate_file(held: HeldKey, name: str) -> HttpResponse:
    if not held.certificate_pem:
        raise Http404
    return _pem_file(held.certificate_pem, name)


def _pem_file(pem: str, name: str) -> HttpResponse:
    response = HttpResponse(pem, content_type="application/x-pem-file")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
