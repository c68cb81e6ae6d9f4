"""The people of the company: who they are, who is invited, and what an owner changes about that."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciao_portal import invitations
from ciao_portal.errors import DomainError
from ciao_portal.forms import InvitationForm, RoleForm
from ciao_portal.languages import PORTAL_LANGUAGES
from ciao_portal.letters import LetterError
from ciao_portal.members import change_role, end_membership
from ciao_portal.models import Invitation, Membership
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say, warn

SHOWN_LEFT = 100


@requires(Permission.VIEW)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a role now, whom an owner invited, and who left."""
    now, may_manage = timezone.now(), may(request, Permission.MANAGE_COMPANY)
    company, languages = portal(request).company, dict(PORTAL_LANGUAGES)
    left = Membership.objects.filter(company=company, ended_at__lte=now).select_related("user")
    context = {
        "title": _("People"),
        "back": {"url": reverse("settings"), "label": _("Settings")},
        "people": [
            {
                "membership": one,
                "language": languages.get(one.user.language),
                "is_me": one.user_id == portal(request).user.pk,
            }
            for one in _current(request).order_by("user__name", "user__email")
        ],
        "invitations": [
            {
                "invitation": one,
                "language": languages.get(one.language),
                "has_run_out": one.expires_at <= now,
            }
            for one in _open().select_related("invited_by")
            if may_manage
        ],
        "left": left.order_by("-ended_at", "-id")[:SHOWN_LEFT],
    }
    if may_manage:
        invite_url = reverse("settings-invite")
        context |= {
            "may_manage": True,
            "actions": [{"url": invite_url, "label": _("Invite somebody"), "icon": "plus", "primary": True}],
        }
    return render(request, "settings/people.html", context)


@requires(Permission.MANAGE_COMPANY)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by e-mail."""
    company = portal(request).company
    form = InvitationForm(request.POST or None, initial={"language": company.language})
    if form.is_valid():
        try:
            invitation, secret = invitations.invite(
                company=company,
                email=form.cleaned_data["email"],
                role=form.cleaned_data["role"],
                language=form.cleaned_data["language"],
                invited_by=portal(request).user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            _send(request, invitation, secret)
            return redirect("settings-people")
    context = {
        "title": _("Invite somebody"),
        "lead": _("They get a letter with a link that works once, for seven days."),
        "back": {"url": reverse("settings-people"), "label": _("People")},
        "form": form,
        "submit_label": _("Send the invitation"),
        "cancel_url": reverse("settings-people"),
    }
    return render(request, "generic/form.html", context)


@requires(Permission.MANAGE_COMPANY)
@require_POST
def invitation_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send an invitation once more, under a new link."""
    found = get_object_or_404(_open(), pk=pk)
    try:
        invitation, secret = invitations.renew(invitation=found, actor=actor_of(request), now=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        _send(request, invitation, secret)
    return redirect("settings-people")


@requires(Permission.MANAGE_COMPANY)
@require_POST
def invitation_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the link of an invitation useless."""
    found = get_object_or_404(_open(), pk=pk)
    try:
        invitations.withdraw(invitation=found, actor=actor_of(request), now=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        say(request, gettext("The invitation of %(person)s was withdrawn.") % {"person": found.email})
    return redirect("settings-people")


@requires(Permission.MANAGE_COMPANY)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change somebody's role."""
    membership = get_object_or_404(_current(request), pk=pk)
    form = RoleForm(request.POST or None, initial={"role": membership.role})
    if form.is_valid():
        try:
            change_role(
                membership=membership,
                role=form.cleaned_data["role"],
                actor=actor_of(request),
                now=timezone.now(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            say(request, gettext("The changes were saved."))
            return redirect("settings-people")
    context = {
        "title": str(membership.user),
        "lead": membership.user.email,
        "back": {"url": reverse("settings-people"), "label": _("People")},
        "form": form,
        "submit_label": _("Save the role"),
        "cancel_url": reverse("settings-people"),
        "membership_shown": membership,
    }
    return render(request, "settings/person.html", context)


@requires(Permission.MANAGE_COMPANY)
@require_http_methods(["GET", "HEAD", "POST"])
def person_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take somebody out of the company, after a page that says what it means."""
    membership = get_object_or_404(_current(request), pk=pk)
    if request.method == "POST":
        try:
            end_membership(membership=membership, actor=actor_of(request), now=timezone.now())
        except DomainError as error:
            warn(request, error)
            return redirect("settings-person", pk)
        say(request, gettext("%(person)s left the company.") % {"person": membership.user})
        return redirect("settings-people")
    context = {
        "title": gettext("Take %(person)s out of the company?") % {"person": membership.user},
        "back": {"url": reverse("settings-person", args=[pk]), "label": str(membership.user)},
        "consequences": (
            _("From then on nothing of the company can be opened, also where they are still signed in."),
            _("What this person did stays in the audit list. You can invite them again later."),
        ),
        "submit_label": _("Take out of the company"),
        "cancel_url": reverse("settings-person", args=[pk]),
    }
    return render(request, "generic/confirm.html", context)


def _current(request: HttpRequest) -> QuerySet[Membership]:
    """Memberships are no scoped table: a person reads them before a company is known."""
    current = Membership.objects.current(timezone.now())
    return current.filter(company=portal(request).company).select_related("user")


def _open() -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn; those that ran out can still be sent again. The manager is scoped."""
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None)


def _send(request: HttpRequest, invitation: Invitation, secret: str) -> None:
    try:
        invitations.send_invitation(invitation, secret)
    except LetterError:
        words = gettext(
            "The invitation of %(person)s was kept, but the mail server did not take the letter. "
            "Send it again later."
        )
        warn(request, words % {"person": invitation.email})
    else:
        say(request, gettext("The invitation was sent to %(person)s.") % {"person": invitation.email})
