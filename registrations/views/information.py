"""The information sheet: printed for signing, one for each ticked worker, and noted once it is signed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from ciao_portal import languages
from ciao_portal.days import brussels_day
from ciao_portal.languages import worker_language
from ciao_portal.permissions import Permission, requires
from ciao_portal.views.base import actor_of, portal, say, warn
from ciao_portal.web.lists import back_to_list
from ciao_portal.web.pdf import STATIC_SCHEME, pdf_from, pdf_response
from registrations.information import STEPS
from registrations.models import Employment
from registrations.rules.agreements import OWN_PHONE_EUR, TEXT_VERSION
from registrations.services.agreements import note_informed
from registrations.views.own_workers import ticked_workers


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worker's page; `texts` are in the worker's language."""

    worker: str
    language: str
    direction: str
    texts: dict[str, str]
    steps: Sequence[str]


@requires(Permission.MANAGE_WORKERS)
@require_POST
def information_sheets(request: HttpRequest) -> HttpResponse:
    """The sheets of the ticked workers as one PDF, each in the worker's own language."""
    workers = ticked_workers(request)
    if not workers:
        return redirect("registrations:worker-list")
    company = portal(request).company
    context = {
        "sheets": [_sheet(worker) for worker in workers],
        "company": company,
        "version": TEXT_VERSION,
        "printed_on": brussels_day(timezone.now()),
        "stylesheets": [f"{STATIC_SCHEME}css/print.css", f"{STATIC_SCHEME}css/own-file.css"],
    }
    content = pdf_from(render_to_string("registrations/information_sheets.html", context))
    return pdf_response(content, "information-sheets.pdf")


@requires(Permission.MANAGE_WORKERS)
@require_POST
def workers_informed(request: HttpRequest) -> HttpResponse:
    """Note that the ticked workers signed the sheet on paper."""
    people = [(worker.person, _language(worker)) for worker in ticked_workers(request)]
    company = portal(request).company
    noted = note_informed(company=company, people=people, actor=actor_of(request), now=timezone.now())
    if noted:
        words = ngettext(
            "%(count)s worker is noted as informed on paper.",
            "%(count)s workers are noted as informed on paper.",
            noted,
        )
        say(request, words % {"count": noted})
    else:
        warn(request, gettext("All ticked workers were informed before."))
    return back_to_list(request, reverse("registrations:worker-list"))


def _language(worker: Employment) -> str:
    return worker_language(worker.person.language, worker.company.language)


def _sheet(worker: Employment) -> Sheet:
    language = _language(worker)
    with translation.override(language):
        return Sheet(
            worker=str(worker),
            language=language,
            direction=languages.direction(language),
            texts={
                "title": gettext("How to register"),
                "own_phone": gettext(
                    "If you say yes, your employer pays you %(amount)s euro a month. You may say no."
                )
                % {"amount": OWN_PHONE_EUR},
                "phone_question": gettext("May your own phone be used to register?"),
                "read": gettext("I have read this"),
                "day": gettext("Day"),
                "signature": gettext("Signature"),
            },
            steps=[_text(step) for step in STEPS],
        )


def _text(words: str | Promise) -> str:
    return str(words)
