"""Reminding another company of remarks on its registrations, and what was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciao_portal import languages
from ciao_portal.companies import names_of_companies
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, CompanyCard
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, portal, say, warn
from ciao_portal.web.bulk import ids_in, ticked
from ciao_portal.web.lists import back_to_list
from registrations import cells
from registrations.models import Remark, RemarkReminder
from registrations.querysets import open_remarks, remarks_visible_to
from registrations.remark_letters import reminder_letter
from registrations.services.remark_reminders import (
    employer_to_remind,
    remind_of_remarks,
    was_reminded_today,
)
from registrations.shown_letters import LetterForm, ShownLetter, letter_badge
from registrations.views.shown import remark_rows

LIST = "registrations:remark-list"


@requires(Permission.CORRECT)
@require_POST
def remarks_remind(request: HttpRequest) -> HttpResponse:
    """From ticked remarks of one company to the letter about them."""
    keys = ticked(request)
    try:
        employer_to_remind(_asked(request, keys), company=portal(request).company)
    except DomainError as refusal:
        warn(request, refusal)
        return back_to_list(request, reverse(LIST))
    query = "&".join(f"remark={key}" for key in keys)
    return redirect(f"{reverse('registrations:remark-reminder-new')}?{query}")


@requires(Permission.CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def reminder_new(request: HttpRequest) -> HttpResponse:
    """Write about the `remark`s of the address; the letter is shown before it goes, word by word."""
    now = timezone.now()
    remarks = _asked(request, ids_in(request.GET.getlist("remark")))
    try:
        draft = _draft(request, remarks)
    except DomainError as refusal:
        warn(request, refusal)
        return redirect(LIST)
    form = LetterForm(
        request.POST or None,
        was_reminded=was_reminded_today([row.pk for row in remarks], now=now),
        initial={"language": languages.language_of(draft.subject.language)},
    )
    letter = draft.letter(form)
    if letter and form.is_bound:
        if form.cleaned_data["shown"] != letter.fingerprint:
            warn(request, _("The letter changed. Read it below, then send it."))
        elif sent := _sent(request, draft, form, letter, now=now):
            return redirect("registrations:remark-reminder", sent.pk)
    context = {
        "title": gettext("Remind %(company)s") % {"company": draft.name},
        "lead": _("Of remarks the NSSO makes on its registrations; it can put them right, you cannot."),
        "back": {"url": reverse(LIST), "label": _("Remarks")},
        "form": form,
        "letter": letter,
        "address": draft.to,
        "card_url": reverse("declarations:company-edit", args=[draft.subject.pk]),
        "cancel_url": reverse(LIST),
    }
    return render(request, "gaps/reminder_new.html", context)


@requires(Permission.VIEW)
@require_GET
def reminder_detail(request: HttpRequest, reminder: UUID) -> HttpResponse:
    """A reminder as it was sent, with what proves it."""
    # The manager is scoped: only the company's own are found.
    rows = RemarkReminder.objects.select_related("subject", "letter", "sent_by")
    found = get_object_or_404(rows, pk=reminder)
    company, letter, look = portal(request).company, found.letter, letter_badge(found.letter)
    name = names_of_companies(company, {found.subject})[found.subject]
    about = remarks_visible_to(company).filter(reminders=found.pk)
    context = {
        "title": gettext("Reminder to %(company)s") % {"company": name},
        "lead": cells.moment(found.created_at),
        "back": {"url": reverse(LIST), "label": _("Remarks")},
        "state": {"signal": look.signal, "icon": look.icon, "label": look.words},
        "facts": [
            {"label": _("Sent to"), "value": letter.address if letter else ""},
            {"label": _("Handed over"), "value": cells.moment(letter.at) if letter else ""},
            {"label": _("Sent by"), "value": found.sent_by},
            {"label": _("Message id"), "value": letter.message_id if letter else "", "wide": True},
        ],
        "letter": letter,
        "rows": remark_rows(about, today=timezone.localdate()),
    }
    return render(request, "registrations/remark_reminder.html", context)


@dataclass(frozen=True, slots=True)
class _Draft:
    """What there is to write, and to whom; `to` is empty when no address is known."""

    company: Company
    subject: Company
    name: str
    to: str
    sender: str
    remarks: Sequence[Remark]

    def letter(self, form: LetterForm) -> ShownLetter | None:
        """The letter as it would go out, None while the form says what is missing."""
        if form.is_bound and not form.is_valid():
            return None
        data: dict[str, Any] = form.cleaned_data if form.is_bound else {**form.initial, "note": ""}
        return reminder_letter(
            self.remarks,
            company=self.company,
            subject=self.name,
            to=self.to,
            note=data["note"],
            language=data["language"],
            sender=self.sender,
        )


def _draft(request: HttpRequest, remarks: Sequence[Remark]) -> _Draft:
    company = portal(request).company
    subject = employer_to_remind(remarks, company=company)
    card = CompanyCard.objects.filter(subject=subject).first()
    return _Draft(
        company=company,
        subject=subject,
        name=card.name if card else str(subject),
        to=card.contact_email if card else "",
        sender=company.contact_email or portal(request).user.email,
        remarks=remarks,
    )


def _asked(request: HttpRequest, keys: Sequence[UUID]) -> list[Remark]:
    """Of these, the open ones the company may see."""
    if not keys:
        return []
    rows = open_remarks(portal(request).company).filter(pk__in=keys)
    return list(rows.select_related("employer", "declaration", "presence__registration__workplace"))


def _sent(
    request: HttpRequest, draft: _Draft, form: LetterForm, letter: ShownLetter, *, now: datetime
) -> RemarkReminder | None:
    try:
        sent = remind_of_remarks(
            company=draft.company,
            remarks=draft.remarks,
            letter=letter,
            is_again=bool(form.cleaned_data.get("is_again")),
            actor=actor_of(request),
            now=now,
        )
    except DomainError as error:
        form.refuse(error)
        return None
    if sent.letter and sent.letter.is_taken:
        say(request, gettext("The reminder was sent."))
    else:
        warn(request, _("The mail server did not take the reminder. Try again later."))
    return sent
