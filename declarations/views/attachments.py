"""The papers of a declaration: add, open, withdraw. They are the declarer's alone."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ciao_portal.papers import open_paper, paper_response
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, say
from declarations.attachment_forms import AttachForm, WithdrawForm
from declarations.models import Attachment, Declaration
from declarations.views.access import detail_frame, own_or_refused
from declarations.views.foreseeing import saved


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def attach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One more paper with the declaration."""
    declaration = own_or_refused(request, pk)
    form = AttachForm(request.POST or None, request.FILES or None)
    attach_it = partial(form.attach, declaration=declaration)
    if form.is_valid() and saved(request, declaration, None, attach_it):
        say(request, _("The paper was added."))
        return redirect("declarations:detail", pk=pk)
    context = {"form": form, "title": _("Add a paper"), "submit_label": _("Add the paper")}
    return render(request, "generic/form.html", context | detail_frame(declaration))


@requires(Permission.VIEW)
@require_GET
def paper(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """The file itself, withdrawn or not; who opened it is recorded."""
    found = _of(own_or_refused(request, pk), attachment).paper
    return paper_response(found, open_paper(found, actor=actor_of(request), now=timezone.now()))


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: UUID, attachment: UUID) -> HttpResponse:
    """Ask why, then take the paper off the list."""
    declaration = own_or_refused(request, pk)
    found = _of(declaration, attachment)
    form = WithdrawForm(request.POST or None)
    withdraw_it = partial(form.withdraw, attachment=found)
    if form.is_valid() and saved(request, declaration, None, withdraw_it):
        say(request, _("The paper was withdrawn."))
        return redirect("declarations:detail", pk=pk)
    context = {
        "form": form,
        "title": _("Withdraw this paper?"),
        "consequences": [
            _("It stands among the withdrawn ones, with your name and the reason. Nothing is deleted.")
        ],
        "facts": [{"label": _("Paper"), "value": found.paper.title}],
        "submit_label": _("Withdraw the paper"),
        "submit_icon": "remove",
    }
    return render(request, "generic/confirm.html", context | detail_frame(declaration))


def _of(declaration: Declaration, attachment: UUID) -> Attachment:
    rows = Attachment.objects.filter(declaration=declaration).select_related("paper", "declaration")
    return get_object_or_404(rows, pk=attachment)
