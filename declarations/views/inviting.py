"""A firm of the chain is invited to an account of its own by whoever stands above it."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ciao_portal import invitations
from ciao_portal.errors import DomainError
from ciao_portal.letters import LetterError
from ciao_portal.models import CompanyCard
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, portal, say, warn
from declarations.chain_forms import FirstOwnerForm
from declarations.models import ChainInvitation
from declarations.services.inviting import invite_from_chain, send_chain_invitation
from declarations.views.access import SeenPlace, seen_place_or_404


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, pk: UUID, place: UUID) -> HttpResponse:
    """Invite the first owner of the firm."""
    seen = seen_place_or_404(request, pk, place)
    card = CompanyCard.objects.filter(subject=seen.place.company).first()
    initial = {"email": card.contact_email if card else "", "language": portal(request).company.language}
    form = FirstOwnerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            sent, secret = invite_from_chain(
                inviter=portal(request).company,
                company=seen.place.company,
                invited_by=portal(request).user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as error:
            form.refuse(error)
        else:
            _send(request, seen, sent, secret)
            return redirect(f"{seen.address}#account")
    context = {
        "form": form,
        "title": _("Invite %(company)s into the portal") % {"company": seen.name},
        "lead": _("They get a letter with a link that works once, for seven days."),
        "back": {"url": seen.address, "label": seen.name},
        "submit_label": _("Send the invitation"),
        "cancel_url": seen.address,
    }
    return render(request, "generic/form.html", context)


@requires(Permission.DECLARE)
@require_POST
def again(request: HttpRequest, pk: UUID, place: UUID, invitation: UUID) -> HttpResponse:
    """Send an invitation once more, under a new link."""

    def renew(seen: SeenPlace, sent: ChainInvitation) -> None:
        invitations.check_without_people(seen.place.company)
        renewed, secret = invitations.renew(
            invitation=sent.invitation, actor=actor_of(request), now=timezone.now()
        )
        sent.invitation = renewed
        _send(request, seen, sent, secret)

    return _deed(request, pk, place, invitation, renew)


@requires(Permission.DECLARE)
@require_POST
def withdraw(request: HttpRequest, pk: UUID, place: UUID, invitation: UUID) -> HttpResponse:
    """Make the link of an invitation useless."""

    def take_back(_seen: SeenPlace, sent: ChainInvitation) -> None:
        invitations.withdraw(invitation=sent.invitation, actor=actor_of(request), now=timezone.now())
        say(request, _("The invitation of %(person)s was withdrawn.") % {"person": sent.invitation.email})

    return _deed(request, pk, place, invitation, take_back)


def _deed(
    request: HttpRequest,
    pk: UUID,
    place: UUID,
    invitation: UUID,
    deed: Callable[[SeenPlace, ChainInvitation], None],
) -> HttpResponse:
    seen = seen_place_or_404(request, pk, place)
    rows = ChainInvitation.objects.filter(invitation__company=seen.place.company)
    sent = get_object_or_404(rows.select_related("invitation", "inviter"), pk=invitation)
    try:
        deed(seen, sent)
    except DomainError as error:
        warn(request, error)
    return redirect(f"{seen.address}#account")


def _send(request: HttpRequest, seen: SeenPlace, sent: ChainInvitation, secret: str) -> None:
    person = {"person": sent.invitation.email}
    try:
        send_chain_invitation(sent, secret, called=seen.name)
    except LetterError:
        words = _(
            "The invitation of %(person)s was kept, but the mail server did not take the letter. "
            "Send it again later."
        )
        warn(request, words % person)
    else:
        say(request, _("The invitation was sent to %(person)s.") % person)
