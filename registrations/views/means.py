"""Cards, codes and links of workers: given, printed, taken back."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.forms import ServiceForm
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, portal, say
from ciao_portal.web.pdf import pdf_from, pdf_response
from registrations import cells
from registrations.means_papers import (
    card_face,
    cards_html,
    first_name_and_initial,
    letter_of,
    letters_html,
)
from registrations.models import Badge, Employment, PairingCode, PairingLink
from registrations.rules.guessing import CODE_LIFE
from registrations.services.cards import issue_cards, revoke_card, set_chip, valid_cards
from registrations.services.pairing import LETTER_LIFE, offer_pairings, revoke_link
from registrations.services.pairing_codes import give_code, revoke_code
from registrations.views.own_workers import own_worker, ticked_workers


class ChipForm(ServiceForm):
    """The number of a card's chip, typed or read by a reader that types."""

    chip = forms.CharField(
        label=_("Number of the chip"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
        help_text=_("Put the cursor here and hold the card to a reader that types, or copy its number."),
    )


@requires(Permission.MANAGE_WORKERS)
@require_POST
@never_cache
def worker_code(request: HttpRequest, worker: UUID) -> HttpResponse:
    """Make six digits to read out, and show them once."""
    employment, now = own_worker(worker), timezone.now()
    code = give_code(
        company=portal(request).company, person=employment.person, actor=actor_of(request), now=now
    )
    context = {
        "employment": employment,
        "title": _("Give a code"),
        "code": f"{code[:3]} {code[3:]}",
        "address": f"{settings.PUBLIC_URL}{reverse('phone:pair-by-code')}",
        "until": cells.moment(now + CODE_LIFE),
        "back": _back_to(employment),
    }
    return render(request, "registrations/pairing_code.html", context)


@requires(Permission.MANAGE_WORKERS)
@require_POST
def code_revoke(request: HttpRequest, worker: UUID, code: UUID) -> HttpResponse:
    """Take an unused code back."""
    employment = own_worker(worker)
    found = get_object_or_404(PairingCode, pk=code, person=employment.person)
    revoke_code(code=found, actor=actor_of(request), now=timezone.now())
    say(request, gettext("The code no longer works."))
    return redirect("registrations:worker-detail", employment.pk)


@requires(Permission.MANAGE_WORKERS)
@require_POST
def link_revoke(request: HttpRequest, worker: UUID, link: UUID) -> HttpResponse:
    """Take an unused link back."""
    employment = own_worker(worker)
    found = get_object_or_404(PairingLink, pk=link, person=employment.person)
    revoke_link(link=found, actor=actor_of(request), now=timezone.now())
    say(request, gettext("The link no longer works."))
    return redirect("registrations:worker-detail", employment.pk)


@requires(Permission.MANAGE_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def card_revoke(request: HttpRequest, worker: UUID, card: UUID) -> HttpResponse:
    """A lost card: asked first, because phones paired with it go too."""
    employment = own_worker(worker)
    badge = _valid_card(employment, card)
    if request.method == "POST":
        revoke_card(badge=badge, actor=actor_of(request), now=timezone.now())
        say(request, gettext("Card no. %(number)s no longer works.") % {"number": badge.number})
        return redirect("registrations:worker-detail", employment.pk)
    phones = badge.phones.filter(revoked_at__isnull=True).count()
    consequences = [gettext("Nobody registers with this card any more, from now on.")]
    if phones:
        consequences.append(
            gettext("Phones that were paired with this card are revoked too. They can be paired again.")
        )
    consequences.append(gettext("Registrations made with it stay as they are."))
    context = {
        "title": gettext("Revoke card no. %(number)s?") % {"number": badge.number},
        "back": _back_to(employment),
        "consequences": consequences,
        "submit_label": _("Revoke the card"),
        "cancel_url": reverse("registrations:worker-detail", args=[employment.pk]),
    }
    return render(request, "generic/confirm.html", context)


@requires(Permission.MANAGE_WORKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def card_chip(request: HttpRequest, worker: UUID, card: UUID) -> HttpResponse:
    """Let the chip in a card stand for it."""
    employment = own_worker(worker)
    badge = _valid_card(employment, card)
    form = ChipForm(request.POST or None)
    if form.is_valid():
        try:
            set_chip(badge=badge, chip=form.cleaned_data["chip"], actor=actor_of(request), now=timezone.now())
        except DomainError as error:
            form.refuse(error)
        else:
            say(request, gettext("The chip now stands for card no. %(number)s.") % {"number": badge.number})
            return redirect("registrations:worker-detail", employment.pk)
    context = {
        "title": gettext("Chip of card no. %(number)s") % {"number": badge.number},
        "lead": _("Only a keyed hash of the number is kept."),
        "back": _back_to(employment),
        "form": form,
        "submit_label": _("Save the chip"),
        "cancel_url": reverse("registrations:worker-detail", args=[employment.pk]),
    }
    return render(request, "generic/form.html", context)


@requires(Permission.MANAGE_WORKERS)
@require_POST
def workers_cards(request: HttpRequest) -> HttpResponse:
    """Who gets a new card: those without one are proposed, because a new card ends the former."""
    workers = ticked_workers(request)
    if not workers:
        return redirect("registrations:worker-list")
    cards = {
        card.person_id: card for card in valid_cards().filter(person__in=[one.person for one in workers])
    }
    context = {
        "title": _("Make cards"),
        "lead": _("Ten cards of the size of a bank card on each sheet, with marks to cut along."),
        "back": {"url": reverse("registrations:worker-list"), "label": _("Workers")},
        "rows": [
            {
                "worker": worker,
                "printed": first_name_and_initial(worker),
                "card": cards.get(worker.person_id),
                "is_proposed": len(workers) == 1 or worker.person_id not in cards,
            }
            for worker in workers
        ],
    }
    return render(request, "registrations/cards_new.html", context)


@requires(Permission.MANAGE_WORKERS)
@require_POST
@never_cache
def workers_cards_pdf(request: HttpRequest) -> HttpResponse:
    """Make a card for each of the ticked workers; their codes exist in this document alone."""
    workers, now = ticked_workers(request), timezone.now()
    if not workers:
        return redirect("registrations:worker-list")
    company = portal(request).company
    # Somebody with two periods gets one card.
    by_person = {worker.person: worker for worker in workers}
    # Codes that were printed nowhere are not to end anybody's former card: both, or nothing.
    with transaction.atomic():
        cards = issue_cards(company=company, people=by_person, actor=actor_of(request), now=now)
        day = brussels_day(now)
        faces = [card_face(by_person[card.badge.person], card, day=day) for card in cards]
        content = pdf_from(cards_html(faces, company))
    return pdf_response(content, "cards.pdf")


@requires(Permission.MANAGE_WORKERS)
@require_POST
@never_cache
def workers_pair(request: HttpRequest) -> HttpResponse:
    """A letter with a pairing code for each of the ticked workers, in the worker's language."""
    workers, now = ticked_workers(request), timezone.now()
    if not workers:
        return redirect("registrations:worker-list")
    company = portal(request).company
    by_person = {worker.person: worker for worker in workers}
    with transaction.atomic():
        secrets = offer_pairings(
            company=company, people=by_person, actor=actor_of(request), now=now, life=LETTER_LIFE
        )
        letters = [
            letter_of(worker, secrets[person], until=now + LETTER_LIFE)
            for person, worker in by_person.items()
        ]
        content = pdf_from(letters_html(letters, company, day=brussels_day(now)))
    return pdf_response(content, "pairing-letters.pdf")


def _valid_card(employment: Employment, card: UUID) -> Badge:
    return get_object_or_404(valid_cards(), pk=card, person=employment.person)


def _back_to(employment: Employment) -> dict[str, Any]:
    return {"url": reverse("registrations:worker-detail", args=[employment.pk]), "label": str(employment)}
