"""Agreements on the worker's own phone: asked after pairing and here, never before a tap."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, Person
from ciao_portal.tenancy import unscoped
from registrations.information import STEPS
from registrations.models import Agreement, Device, Employment
from registrations.phone import identity
from registrations.phone.pages import page, phone_language
from registrations.phone.web import SeeOther, phone_view
from registrations.querysets import employed_on
from registrations.rules.agreements import OWN_PHONE_EUR, Answer, Subject, latest
from registrations.services.agreements import answer_agreement


@dataclass(frozen=True, slots=True)
class Asked:
    """One subject with one company, and the answer that counts ("" before the first)."""

    subject: str
    answer: str


@dataclass(frozen=True, slots=True)
class CompanyAsks:
    """What one company asks the person."""

    company: Company
    asked: list[Asked]


@phone_view
@require_http_methods(["GET", "HEAD", "POST"])
def agreements(request: HttpRequest) -> HttpResponse:
    """Read, accept or refuse, and change one's mind later."""
    device = identity.paired_device(request)
    if device is None:
        return page(request, "mine", {"device": None}, status=403)
    now = timezone.now()
    error = None
    if request.method == "POST":
        try:
            _take(request, device, now=now)
        except DomainError as refusal:
            error = refusal
        else:
            return SeeOther(reverse("phone:agreements"))
    context = {
        "companies": list(_asked(device.person, now=now)),
        "steps": STEPS,
        "amount": OWN_PHONE_EUR,
        "error": error,
    }
    return page(request, "agreements", context, status=422 if error else 200)


def companies_with_questions(person: Person, *, now: datetime) -> int:
    """How many of the person's companies have not been answered everything; two queries."""
    return sum(any(not one.answer for one in company.asked) for company in _asked(person, now=now))


def companies_of(person: Person, *, now: datetime) -> list[Company]:
    """For whom the person works today, each once, by name."""
    with unscoped(reason="a person's own employers, shown on their own paired phone"):
        rows = Employment.objects.filter(employed_on(brussels_day(now)), person=person)
        companies = dict.fromkeys(row.company for row in rows.select_related("company"))
    return sorted(companies, key=lambda company: (str(company).casefold(), company.pk))


def _asked(person: Person, *, now: datetime) -> Iterator[CompanyAsks]:
    companies = companies_of(person, now=now)
    with unscoped(reason="a person's own answers, shown on their own paired phone"):
        rows = list(
            Agreement.objects.filter(person=person, company__in=companies)
            .order_by("-answered_at", "-id")
            .values_list("company", "kind", "answer")
        )
    for company in companies:
        answers = latest((kind, answer) for pk, kind, answer in rows if pk == company.pk)
        asked = [Asked(one.value, answers[one].value if one in answers else "") for one in Subject]
        yield CompanyAsks(company, asked)


def _take(request: HttpRequest, device: Device, *, now: datetime) -> None:
    company = _chosen(request.POST.get("company", ""), device.person, now=now)
    try:
        subject, answer = Subject(request.POST.get("subject", "")), Answer(request.POST.get("answer", ""))
    except ValueError:
        raise DomainError("agreement.answer", _("Press one of the buttons.")) from None
    language = phone_language(request)
    answer_agreement(
        device=device, company=company, subject=subject, answer=answer, language=language, now=now
    )


def _chosen(text: str, person: Person, *, now: datetime) -> Company:
    """One of the person's own companies. Raises DomainError `agreement.company`."""
    try:
        wanted = UUID(text)
    except ValueError:
        wanted = None
    for company in companies_of(person, now=now):
        if company.pk == wanted:
            return company
    raise DomainError("agreement.company", _("Press one of the buttons."))
