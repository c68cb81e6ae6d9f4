"""Keeping, changing and deleting saved views; each answer leads back to the list itself."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from ciao_portal.errors import DomainError
from ciao_portal.middleware import PortalRequest
from ciao_portal.models import SavedView
from ciao_portal.permissions import ROLE_PERMISSIONS, Permission, requires
from ciao_portal.saved_views import change_view, own_view, save_view
from ciao_portal.web.list_address import view_link
from ciao_portal.web.lists import back_to_list, list_at


@requires(Permission.VIEW)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is shown, under a name; POST next, query, name, is_shared, is_default."""
    portal = cast(PortalRequest, request)
    path = request.POST.get("next", "").partition("?")[0]
    shown = list_at(path)
    if shown is None:
        raise Http404
    try:
        view = save_view(
            company=portal.company,
            user=portal.user,
            list_name=shown.table_class.list_name,
            name=request.POST.get("name", ""),
            query=request.POST.get("query", ""),
            is_shared=_is_shared(portal),
            is_default="is_default" in request.POST,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.warning(request, str(error))
        return back_to_list(request, path)
    messages.success(request, gettext("The view “%(name)s” was saved.") % {"name": view.name})
    return redirect(f"{path}{view_link(view.query, view.pk)}")


@requires(Permission.VIEW)
@require_POST
def change(request: HttpRequest, view: UUID) -> HttpResponse:
    """Rename one's view, share it or not, make it the usual one or not."""
    portal = cast(PortalRequest, request)
    try:
        change_view(
            view=_own_or_404(portal, view),
            name=request.POST.get("name", ""),
            is_shared=_is_shared(portal),
            is_default="is_default" in request.POST,
        )
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, gettext("The view was changed."))
    return back_to_list(request, "dashboard")


@requires(Permission.VIEW)
@require_POST
def delete(request: HttpRequest, view: UUID) -> HttpResponse:
    """Delete one's view; what it showed stays where it is."""
    found = _own_or_404(cast(PortalRequest, request), view)
    found.delete()
    messages.success(request, gettext("The view “%(name)s” was deleted.") % {"name": found.name})
    return back_to_list(request, "dashboard")


def _own_or_404(portal: PortalRequest, view: UUID) -> SavedView:
    found = own_view(company=portal.company, user=portal.user, view=view)
    if found is None:
        raise Http404
    return found


def _is_shared(portal: PortalRequest) -> bool:
    """Only roles that may share do; from others the field is not asked and not believed."""
    may_share = Permission.SHARE_VIEWS in ROLE_PERMISSIONS[portal.membership.role]
    return may_share and "is_shared" in portal.POST
