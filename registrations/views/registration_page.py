"""The page of one registration: its facts, its journey, what is remarkable, what the worker said later."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ciao_portal.companies import names_of_companies
from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from ciao_portal.permissions import Permission
from ciao_portal.views.base import may, portal
from registrations import cells
from registrations.corrections.querysets import correction_of_registration
from registrations.journey import journey_of
from registrations.models import Employment, NssoPresence, Registration, RegistrationPlace, SealLeaf
from registrations.models.nsso import SubmissionState
from registrations.naming import masked_number
from registrations.nearness import nearness_words
from registrations.nsso.refusals import refusal_text
from registrations.rules.flags import Doubt
from registrations.views.shown import RemarkRow, remark_rows, statement_rows
from registrations.wording import flag_sentence, kind_badge, state_badge, validity_badge

Facts = list[dict[str, object]]


def registration_page(request: HttpRequest, row: Registration) -> HttpResponse:
    """`row` is visible to the company, with everything it points to fetched."""
    company, now = portal(request).company, timezone.now()
    submission = getattr(row, "submission", None)
    # Whoever sees the registration sees what the NSSO says of it: both hang on employer, works and day.
    presences = list(row.nsso_presences.prefetch_related("remarks").order_by("first_seen_at"))
    leaf = SealLeaf.objects.filter(registration_key=row.pk).first()
    # The manager is scoped: only the company's own employment gives a name and a page to go to.
    employment = Employment.objects.filter(person=row.person).order_by("-starts_on").first()
    statements = statement_rows(
        row.statements.select_related("registration", "employer", "workplace"), company=company
    )
    employer = names_of_companies(company, {row.employer})[row.employer]
    context = {
        "registration": row,
        "title": f"{row.get_kind_display()} · {cells.moment(row.happened_at)}",
        "kind": kind_badge(row.kind),
        "worker": str(employment) if employment else masked_number(row.person),
        "employment": employment,
        "works_url": _works_url(row, company),
        "facts": _facts(row, company, employer),
        "state": state_badge(submission),
        "validity": validity_badge(submission.validity) if submission and submission.validity else None,
        "steps": journey_of(row, presences, leaf),
        "leaf": leaf,
        "flags": [flag_sentence(flag) for flag in row.flags],
        "remarks": _remarks(presences, today=brussels_day(now)),
        "statements": statements,
        "is_held": submission is not None and submission.state == SubmissionState.HELD,
        "refusal": refusal_text(submission)
        if submission and submission.state == SubmissionState.REFUSED
        else "",
        "correction": correction_of_registration(row, viewer=company),
        # The NSSO corrects only what it has.
        "may_ask": may(request, Permission.CORRECT)
        and submission is not None
        and submission.nsso_id is not None,
        "may_release": may(request, Permission.RELEASE),
    }
    return render(request, "registrations/registration_detail.html", context)


def _remarks(presences: Sequence[NssoPresence], *, today: date) -> list[RemarkRow]:
    remarks = [remark for presence in presences for remark in presence.remarks.all()]
    return remark_rows(sorted(remarks, key=lambda remark: (remark.first_seen_at, remark.pk)), today=today)


def _facts(row: Registration, company: Company, employer: str) -> Facts:
    is_own, is_outside = row.employer_id == company.pk, Doubt.EMPLOYER_NOT_IN_CHAIN in row.flags
    works_url = _works_url(row, company)
    facts: Facts = [
        {
            "label": _("Employer"),
            "value": f"{employer} ({row.employer.number})",
            "url": ""
            if is_own or is_outside
            else reverse("declarations:company-detail", args=[row.employer_id]),
        },
        {
            "label": _("Declaration"),
            "value": row.declaration.title,
            "url": works_url,
        },
        {
            "label": _("Workplace"),
            "value": row.workplace.name,
            "url": works_url and reverse("declarations:workplace-detail", args=[row.workplace_id]),
        },
        {"label": _("Address"), "value": row.workplace.address},
        {"label": _("Code on the poster"), "value": str(row.point), "number": True},
        {"label": _("Registration number"), "value": str(row.pk)},
    ]
    place = getattr(row, "place", None)
    if place is not None:
        facts.append({"label": _("Place given by the worker"), "value": _place(place), "wide": True})
        facts += [
            {"label": _("Compared with the workplace"), "value": words}
            for words in nearness_words(place, row.workplace)
        ]
    return facts


def _works_url(row: Registration, company: Company) -> str:
    """The declaration's page; empty for a firm outside the chain, which does not get into it."""
    is_outside = Doubt.EMPLOYER_NOT_IN_CHAIN in row.flags
    if is_outside and row.declarer_id != company.pk:
        return ""
    return reverse("declarations:detail", args=[row.declaration_id])


def _place(place: RegistrationPlace) -> str:
    if place.street:
        return f"{place.street} {place.house_number}, {place.post_code} {place.municipality}"
    where = f"{place.latitude:.4f}, {place.longitude:.4f}"
    if place.accuracy_m is None:
        return where
    words = gettext("%(where)s, within %(metres)s m")
    return words % {"where": where, "metres": place.accuracy_m}
