"""The letters of a portal that keeps its mail in files: a list, and each as plain text."""

from typing import cast

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from ciao_portal.mailbox import Letter, is_file_based, letters_of
from ciao_portal.middleware import PortalRequest
from ciao_portal.models import Company, Invitation, Membership, User
from ciao_portal.permissions import Permission, requires

# The folder is read anew for each page; older letters are still in it.
SHOWN = 100


@requires(Permission.MANAGE_COMPANY)
@require_GET
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """Letters to the people of the company and to whom it invited, newest first."""
    context = {
        "title": _("Outgoing mail"),
        "back": {"url": reverse("settings"), "label": _("Settings")},
        "keeps_mail": is_file_based(),
        "letters": _letters(cast(PortalRequest, request).company)[:SHOWN],
    }
    return render(request, "settings/outbox.html", context)


@requires(Permission.MANAGE_COMPANY)
@require_GET
@never_cache
def letter(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One letter; somebody else's is not found."""
    for found in _letters(cast(PortalRequest, request).company):
        if (found.name, found.number) == (name, number):
            context = {
                "title": found.subject,
                "back": {"url": reverse("settings-outbox"), "label": _("Outgoing mail")},
                "letter": found,
            }
            return render(request, "settings/letter.html", context)
    raise Http404


def _letters(company: Company) -> list[Letter]:
    """To people who work for this company alone: a letter to others may concern another company."""
    now = timezone.now()
    open_memberships = Membership.objects.current(now).filter(user=OuterRef("pk"))
    people = User.objects.filter(Exists(open_memberships.filter(company=company)))
    alone = people.exclude(Exists(open_memberships.exclude(company=company)))
    # The manager is scoped: this company's invitations only.
    invited = Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    return letters_of(company=str(company.pk), people=_addresses(alone), invited=_addresses(invited))


def _addresses(rows: QuerySet[User] | QuerySet[Invitation]) -> set[str]:
    return {address.lower() for address in rows.values_list("email", flat=True)}
