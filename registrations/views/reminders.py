"""Reminding a subcontractor, what was sent, and the papers one makes of it."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from ciao_portal import languages
from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, CompanyCard
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, portal, say, warn
from declarations.querysets import declarations_visible_to
from registrations import cells
from registrations.exports.forms import asked_days, with_part
from registrations.gaps.forms import ChainPaperForm, ReminderForm
from registrations.gaps.gathering import watch
from registrations.gaps.letters import Draft, Letter
from registrations.gaps.reminded import about_words, outcome_of
from registrations.gaps.rows import can_be_reminded, gap_key, list_url
from registrations.gaps.wording import BADGES, letter_line
from registrations.models import ChainReminder, ReportKind
from registrations.reports.forms import uuid_or_none
from registrations.reports.services import request_chain_paper
from registrations.rules.windows import Window, longest_until
from registrations.services.reminders import kinds_reminded_today, remind
from registrations.views.gaps import LAST_DAYS, last_days
from registrations.views.periods import asked_for, period_context


@requires(Permission.DECLARE)
@require_http_methods(["GET", "POST"])
def reminder_new(request: HttpRequest, declaration: UUID, company: UUID) -> HttpResponse:
    """Write to a subcontractor; the letter is shown before it goes, word by word."""
    now = timezone.now()
    window = _asked_window(request)
    draft = _draft(request, declaration, company, window, now=now)
    form = _reminder_form(request, draft, now=now)
    letter = _letter(request, draft, form)
    if letter and form.is_bound:
        if form.cleaned_data["shown"] != letter.fingerprint:
            warn(request, _("The letter changed. Read it below, then send it."))
        elif sent := _sent(request, draft, form, letter, now=now):
            if sent.letter and sent.letter.is_taken:
                say(request, gettext("The reminder was sent."))
            else:
                warn(request, _("The mail server did not take the reminder. Try again later."))
            return redirect("registrations:reminder", sent.pk)
    back_url = list_url(window, declaration=draft.works.pk, company=company)
    context = {
        "title": gettext("Remind %(company)s") % {"company": draft.watched.names[company]},
        "lead": draft.works.title,
        "back": {"url": back_url, "label": _("Chain gaps")},
        "form": form,
        "letter": letter,
        "has_gaps": bool(draft.gaps),
        "address": draft.to,
        "card_url": reverse("declarations:company-edit", args=[company]),
        "cancel_url": back_url,
    }
    return render(request, "gaps/reminder_new.html", context)


@requires(Permission.VIEW)
@require_GET
def reminder_detail(request: HttpRequest, reminder: UUID) -> HttpResponse:
    """A reminder as it was sent, with what proves it."""
    # The manager is scoped: only the company's own are found.
    rows = ChainReminder.objects.select_related("subject", "declaration", "letter", "sent_by")
    found = get_object_or_404(rows, pk=reminder)
    name = names_of_companies(portal(request).company, {found.subject})[found.subject]
    badge, letter = outcome_of(found), found.letter
    day = brussels_day(found.created_at)
    wish = {
        "paper": ReportKind.REMINDERS.value,
        "declaration": found.declaration_id,
        "subject": found.subject_id,
        "first_day": day,
        "last_day": brussels_day(timezone.now()),
    }
    context = {
        "title": gettext("Reminder to %(company)s") % {"company": name},
        "lead": cells.moment(found.created_at),
        "back": {
            "url": reverse("declarations:detail", args=[found.declaration_id]),
            "label": found.declaration.title,
        },
        "state": {"signal": badge.signal, "icon": badge.icon, "label": badge.words},
        "actions": [
            {
                "url": f"{reverse('registrations:chain-paper-new')}?{urlencode(wish)}",
                "label": _("Attestation of reminders"),
                "icon": "document",
            }
        ],
        "facts": [
            {"label": _("Sent to"), "value": letter.address if letter else ""},
            {"label": _("Handed over"), "value": cells.moment(letter.at) if letter else ""},
            {"label": _("Sent by"), "value": found.sent_by},
            {"label": _("Message id"), "value": letter.message_id if letter else "", "wide": True},
            {"label": _("About"), "value": about_words(found), "wide": True},
        ],
        "letter": letter,
    }
    return render(request, "gaps/reminder.html", context)


@requires(Permission.VIEW)
@require_http_methods(["GET", "POST"])
def chain_paper_new(request: HttpRequest) -> HttpResponse:
    """Ask for a paper about a chain; it is made in the background."""
    now, company = timezone.now(), portal(request).company
    form = _paper_form(request, company, now=now)
    if report := asked_for(request, form, request_chain_paper, now=now):
        return redirect("registrations:report-detail", report.pk)
    context = period_context(request, form, now=now) | {
        "title": _("Paper about a chain"),
        "lead": _("As a PDF that others can read: what was registered, who was silent, what was tried."),
        "back": {"url": reverse("chain-gaps"), "label": _("Chain gaps")},
        "form": form,
        "submit_label": _("Make the PDF"),
        "submit_icon": "document",
        "cancel_url": reverse("chain-gaps"),
    }
    return render(request, "gaps/paper_new.html", context)


def _paper_form(request: HttpRequest, company: Company, *, now: datetime) -> ChainPaperForm:
    if request.method == "POST":
        return ChainPaperForm(with_part(request.POST), company=company)
    asked = request.GET
    wanted = uuid_or_none(asked.get("subject", ""))
    subject = Company.objects.filter(pk=wanted).first() if wanted else None
    initial: dict[str, Any] = {
        "paper": asked.get("paper", ReportKind.CHAIN_DAYS.value),
        "declaration": uuid_or_none(asked.get("declaration", "")),
        "subject": wanted,
        # Of the company it is about, when it goes there.
        "language": languages.language_of(subject.language if subject else company.language),
        **asked_days(asked, longest_until(brussels_day(now))),
    }
    return ChainPaperForm(initial=initial, company=company)


def _draft(request: HttpRequest, declaration: UUID, company: UUID, window: Window, *, now: datetime) -> Draft:
    """What there is to write about; 404 for whoever does not stand below the company on that declaration."""
    viewer = portal(request).company
    works = get_object_or_404(declarations_visible_to(viewer).select_related("company"), pk=declaration)
    watched = watch(viewer, window, now=now, declaration=works)
    if not can_be_reminded(watched, works.pk, company):
        raise Http404
    card = CompanyCard.objects.filter(subject=company).first()
    return Draft(
        watched=watched,
        works=works,
        subject=watched.firms[company],
        to=card.contact_email if card else "",
        gaps={gap_key(gap): gap for gap in watched.gaps() if gap.addressee == company},
    )


def _reminder_form(request: HttpRequest, draft: Draft, *, now: datetime) -> ReminderForm:
    """At first with the gap one came from, else with all of them."""
    firms, chosen = draft.watched.numbered(), request.GET.get("gap", "")
    reminded = kinds_reminded_today(draft.watched.company, draft.works, draft.subject, now=now)
    return ReminderForm(
        request.POST or None,
        choices=[
            (key, f"{BADGES[gap.kind].words}: {letter_line(gap, firms)}") for key, gap in draft.gaps.items()
        ],
        was_reminded=bool(reminded),
        initial={
            "gaps": [chosen] if chosen in draft.gaps else list(draft.gaps),
            "language": languages.language_of(draft.subject.language),
        },
    )


def _letter(request: HttpRequest, draft: Draft, form: ReminderForm) -> Letter | None:
    """The letter as it would go out, None while the form says what is missing."""
    if form.is_bound and not form.is_valid():
        return None
    data = form.cleaned_data if form.is_bound else {**form.initial, "note": ""}
    return draft.letter(
        gaps=data["gaps"],
        note=data["note"],
        language=data["language"],
        sender=draft.watched.company.contact_email or portal(request).user.email,
    )


def _sent(
    request: HttpRequest, draft: Draft, form: ReminderForm, letter: Letter, *, now: datetime
) -> ChainReminder | None:
    try:
        return remind(
            draft=draft,
            gaps=[draft.gaps[key] for key in form.cleaned_data["gaps"]],
            letter=letter,
            is_again=bool(form.cleaned_data.get("is_again")),
            actor=actor_of(request),
            now=now,
        )
    except DomainError as error:
        form.refuse(error)
        return None


def _asked_window(request: HttpRequest) -> Window:
    """What a link may ask for: never more than fits, never backwards."""
    days = asked_days(request.GET, last_days(LAST_DAYS))
    first: date = max(days["first_day"], longest_until(days["last_day"]).first)
    return Window(min(first, days["last_day"]), days["last_day"])
