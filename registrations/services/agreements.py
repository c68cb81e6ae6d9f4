"""What workers agree to and were told: answered on their own phone, or noted by the office from paper."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import Company, Person
from ciao_portal.prepared import PERSON, VIEWER, Prepared
from ciao_portal.tenancy import unscoped
from registrations.models import Agreement, Device
from registrations.rules import agreements
from registrations.rules.agreements import TEXT_VERSION, Answer, Subject


@transaction.atomic
def answer_agreement(
    *, device: Device, company: Company, subject: Subject, answer: Answer, language: str, now: datetime
) -> Agreement:
    """Keep the answer that the person gave on the own phone; the latest one counts.

    Raises DomainError `agreement.information` for a refusal of the information sheet: one reads it, or not.
    """
    if subject is Subject.INFORMED and answer is not Answer.ACCEPTED:
        raise DomainError("agreement.information", _("Press one of the buttons."))
    agreement = Agreement(
        person=device.person,
        company=company,
        kind=subject.value,
        answer=answer.value,
        language=language,
        device=device,
    )
    return _keep(agreement, "agreement.answered", Actor(company), now=now)


@transaction.atomic
def note_informed(
    *, company: Company, people: Iterable[tuple[Person, str]], actor: Actor, now: datetime
) -> int:
    """Note that these people of the company signed the information sheet on paper, in this language each.

    Who has confirmed it before is passed over. Answers how many were noted.
    """
    languages = dict(people)
    not_informed = _not_informed(languages, company)
    for person in not_informed:
        sheet = Agreement(
            person=person,
            company=company,
            kind=Subject.INFORMED.value,
            answer=Answer.ACCEPTED.value,
            language=languages[person],
            noted_by=actor.user,
        )
        _keep(sheet, "agreement.noted", actor, now=now)
    return len(not_informed)


def _not_informed(people: Iterable[Person], company: Company) -> list[Person]:
    """Those who never confirmed the information sheet to the company; one query."""
    wanted = list(people)
    with unscoped(reason="what these people answered to one company, all named"):
        rows = Agreement.objects.filter(company=company, person__in=wanted, kind=Subject.INFORMED.value)
        informed = set(rows.values_list("person", flat=True))
    return [person for person in wanted if person.pk not in informed]


def answers_of(person: Person, company: Company) -> dict[Subject, Answer]:
    """What counts between the two now; one query."""
    with unscoped(reason="what one person answered to one company, both named"):
        rows = Agreement.objects.filter(person=person, company=company).order_by("-answered_at", "-id")
        return agreements.latest(rows.values_list("kind", "answer"))


def latest_rows(person: Person, company: Company) -> dict[Subject, Agreement]:
    """The rows that count, with when and how each was answered; one query."""
    found: dict[Subject, Agreement] = {}
    with unscoped(reason="what one person answered to one company, both named"):
        for row in _ANSWERS.all(viewer=company.pk, person=person.pk):
            found.setdefault(Subject(row.kind), row)
    return found


_ANSWERS = Prepared(
    lambda: Agreement.objects.filter(person=PERSON, company=VIEWER).order_by("-answered_at", "-id")
)


def _keep(agreement: Agreement, action: str, actor: Actor, *, now: datetime) -> Agreement:
    agreement.text_version, agreement.answered_at = TEXT_VERSION, now
    agreement.save(force_insert=True)
    payload = {"about": agreement.kind, "answer": agreement.answer}
    audit.record(action, agreement, actor=actor, now=now, payload=payload)
    return agreement
