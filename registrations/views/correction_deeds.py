"""What people do with a request for a correction; and how their company prepares its requests."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.forms import ServiceForm
from ciao_portal.models import Company
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, may, portal, say, warn
from registrations.corrections.bundles import request_bundle
from registrations.corrections.forms import (
    BundleForm,
    CorrectionSettingsForm,
    OfferForm,
    OutcomeForm,
    RequestForm,
    SentForm,
    WithdrawForm,
)
from registrations.corrections.wording import OFFICE_LANGUAGES, value_words
from registrations.models import Correction, CorrectionState
from registrations.rules.corrections import needs_agreement
from registrations.services import correction_owners, corrections
from registrations.services.correction_settings import (
    change_settings,
    has_four_eyes,
    office_language,
    settings_of,
)
from registrations.services.corrections import Wish, employer_exists
from registrations.views.corrections import seen

Words = str | Promise

# Deeds of one button: the service, and what is said once it is done.
DEEDS: dict[str, tuple[Callable[..., None], Words]] = {
    "ready": (corrections.prepare, _("The request is ready.")),
    "approve": (corrections.approve, _("The request is approved.")),
    "claim": (correction_owners.claim, _("The request is in your hands now.")),
    "offer-end": (correction_owners.end_offer, _("The offer ended; the request stays where it is.")),
}


@requires(Permission.CORRECT)
@require_POST
def correction_deed(request: HttpRequest, correction: UUID, deed: str) -> HttpResponse:
    """One of `DEEDS`."""
    service, done = DEEDS[deed]
    found = seen(request, correction)
    try:
        service(correction=found, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        warn(request, refusal)
    else:
        say(request, str(done))
    return _to(found)


@requires(Permission.CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_edit(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Change the right number and the text."""
    found = seen(request, correction)
    initial = {
        "right_value": value_words(found.error, found.right_value),
        "language": found.language,
        "subject": found.subject,
        "body": found.body,
    }
    form = RequestForm(request.POST or None, initial=initial)

    def change() -> None:
        wish = Wish(**form.cleaned_data)
        corrections.change_request(correction=found, wish=wish, actor=actor_of(request), now=timezone.now())

    if _done(request, form, change, gettext("The request was saved.")):
        return _to(found)
    return _form_page(request, found, form, _("Change the request"), _("Save the request"))


@requires(Permission.CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_sent(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Note that somebody took it to the NSSO."""
    found, now = seen(request, correction), timezone.now()
    form = SentForm(
        request.POST or None,
        initial={"sent_on": brussels_day(now), "sent_by": str(portal(request).user)},
        asks_agreement=needs_agreement(found.parties, employer_exists=employer_exists(found)),
    )

    def note() -> None:
        corrections.note_sent(correction=found, actor=actor_of(request), now=now, **form.cleaned_data)

    words = gettext("Noted. The request closes by itself once the NSSO no longer makes the remark.")
    if _done(request, form, note, words):
        return _to(found)
    return _form_page(request, found, form, _("Note that it was sent"), _("Save the note"))


@requires(Permission.CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_outcome(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Note what the NSSO answered."""
    found = seen(request, correction)
    form = OutcomeForm(request.POST or None)

    def note() -> None:
        corrections.note_outcome(
            correction=found,
            outcome=CorrectionState(form.cleaned_data["outcome"]),
            words=form.cleaned_data["words"],
            actor=actor_of(request),
            now=timezone.now(),
        )

    if _done(request, form, note, gettext("The outcome was noted.")):
        return _to(found)
    return _form_page(request, found, form, _("Note the outcome"), _("Save the outcome"))


@requires(Permission.CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_withdraw(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Give a request up."""
    found = seen(request, correction)
    form = WithdrawForm(request.POST or None)

    def withdraw() -> None:
        corrections.withdraw(
            correction=found, actor=actor_of(request), now=timezone.now(), **form.cleaned_data
        )

    if _done(request, form, withdraw, gettext("The request was withdrawn; it stays readable.")):
        return _to(found)
    return _form_page(request, found, form, _("Withdraw the request"), _("Withdraw it"))


@requires(Permission.CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_offer(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Ask the other company to take it over."""
    found = seen(request, correction)
    firms = set(correction_owners.can_be_offered_to(found))
    form = OfferForm(request.POST or None, names=names_of_companies(portal(request).company, firms))

    def offer() -> None:
        to = Company.objects.get(pk=UUID(form.cleaned_data["company"]))
        correction_owners.offer(correction=found, to=to, actor=actor_of(request), now=timezone.now())

    if _done(request, form, offer, gettext("Offered. It stays with you until the other company takes it.")):
        return _to(found)
    return _form_page(request, found, form, _("Offer the request"), _("Offer it"))


@requires(Permission.CORRECT)
@require_POST
def correction_bundle(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Have the document made that people take to the NSSO; for the company that has the request in hand."""
    found = seen(request, correction)
    if found.owner != portal(request).company:
        warn(request, gettext("The company that has the request in hand makes its document."))
        return _to(found)
    form = BundleForm(request.POST)
    wants_numbers = form.is_valid() and form.cleaned_data["has_full_numbers"]
    report = request_bundle(
        correction=found,
        user=portal(request).user,
        company=portal(request).company,
        has_full_numbers=wants_numbers and may(request, Permission.REVEAL_NUMBERS),
        now=timezone.now(),
    )
    return redirect("registrations:report-detail", report.pk)


@requires(Permission.VIEW)
@require_GET
def correction_settings(request: HttpRequest) -> HttpResponse:
    """How the company prepares its requests."""
    company = portal(request).company
    context: dict[str, Any] = {
        "title": _("Corrections"),
        "back": {"url": reverse("settings"), "label": _("Settings")},
        "facts": [
            {
                "label": _("Language of your NSSO office"),
                "value": dict(OFFICE_LANGUAGES)[office_language(company)],
            },
            {
                "label": _("A second person approves each request"),
                "value": _("Yes") if has_four_eyes(company) else _("No"),
            },
        ],
    }
    if may(request, Permission.MANAGE_COMPANY):
        edit = reverse("registrations:correction-settings-edit")
        context["actions"] = [{"url": edit, "label": _("Change"), "icon": "edit", "primary": True}]
    return render(request, "generic/detail.html", context)


@requires(Permission.MANAGE_COMPANY)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_settings_edit(request: HttpRequest) -> HttpResponse:
    """Change how the company prepares its requests."""
    company, here = portal(request).company, reverse("registrations:correction-settings")
    kept = settings_of(company)
    initial = {
        "office_language": kept.office_language if kept else "",
        "has_four_eyes": kept is not None and kept.has_four_eyes,
    }
    form = CorrectionSettingsForm(request.POST or None, initial=initial)
    if form.is_valid():
        change_settings(company=company, facts=form.cleaned_data, actor=actor_of(request), now=timezone.now())
        say(request, gettext("The changes were saved."))
        return redirect(here)
    context = {
        "title": _("Change the settings of corrections"),
        "back": {"url": here, "label": _("Corrections")},
        "form": form,
        "submit_label": _("Save changes"),
        "cancel_url": here,
    }
    return render(request, "generic/form.html", context)


def _done(request: HttpRequest, form: ServiceForm, deed: Callable[[], None], words: str) -> bool:
    """Whether the form was sent and its deed done; a refusal stands in the form."""
    if not form.is_valid():
        return False
    try:
        deed()
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    say(request, words)
    return True


def _to(correction: Correction) -> HttpResponse:
    return redirect("registrations:correction-detail", correction.pk)


def _form_page(
    request: HttpRequest, found: Correction, form: ServiceForm, title: Words, submit_label: Words
) -> HttpResponse:
    here = reverse("registrations:correction-detail", args=[found.pk])
    context = {
        "title": title,
        "lead": found.get_error_display(),
        "back": {"url": here, "label": _("Correction")},
        "form": form,
        "submit_label": submit_label,
        "cancel_url": here,
    }
    return render(request, "generic/form.html", context)
