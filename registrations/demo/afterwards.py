"""What the demo's people agreed to, were told, and reported afterwards. The same whenever it is told."""

from datetime import datetime, timedelta

from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day
from ciao_portal.models import Company, User
from ciao_portal.people import people_with_ssins
from registrations.demo.cast import ARNE, BEA, MAIN, SIGN_INS, WORKERS, Worker
from registrations.models import Device, Employment, ErrorKind, Registration
from registrations.rules.agreements import Answer, Subject
from registrations.services.agreements import answer_agreement, note_informed
from registrations.services.errors import ErrorFacts, answer_error, report_error

REPORTED_BEFORE = timedelta(hours=3)
FORGOTTEN_BEFORE = timedelta(days=4)


def answers_of(worker: Worker) -> dict[Subject, Answer]:
    """What a worker with a phone answers: most say yes, some no, some have not looked yet."""
    number = WORKERS.index(worker)
    if number % 9 == 4:
        return {}
    return {
        Subject.INFORMED: Answer.ACCEPTED,
        Subject.OWN_PHONE: Answer.REFUSED if number % 10 == 7 else Answer.ACCEPTED,
        Subject.PLACE: Answer.REFUSED if number % 3 == 1 else Answer.ACCEPTED,
    }


def agree(worker: Worker, device: Device, company: Company, *, now: datetime) -> None:
    """On the phone, on the day it was paired."""
    for subject, answer in answers_of(worker).items():
        answer_agreement(
            device=device,
            company=company,
            subject=subject,
            answer=answer,
            language=worker.firm.language,
            now=now,
        )


def sign(worker: Worker, employment: Employment, actor: Actor, *, now: datetime) -> None:
    """On paper, for those without a phone; every fourth has not signed yet."""
    if WORKERS.index(worker) % 4:
        people = [(employment.person, worker.firm.language)]
        note_informed(company=employment.company, people=people, actor=actor, now=now)


def report(*, now: datetime) -> None:
    """Two errors: one that was answered, one that waits. Call outside any company's scope."""
    company = Company.objects.get(enterprise_number=MAIN.number, is_demo=True)
    people = people_with_ssins((ARNE.ssin, BEA.ssin), now=now)
    devices = {
        device.person_id: device
        for device in Device.objects.filter(person__in=people.values(), revoked_at__isnull=True)
    }
    reported_at = now - REPORTED_BEFORE
    forgotten = report_error(
        device=devices[people[ARNE.ssin].pk],
        facts=ErrorFacts(
            ErrorKind.FORGOTTEN, brussels_day(now - FORGOTTEN_BEFORE), company, text="14:00 – 16:30, Gent"
        ),
        now=reported_at,
    )
    office = User.objects.get(email=next(one.email for one in SIGN_INS if one.name.startswith("Otto")))
    answer_error(
        report=forgotten,
        answer="We hebben het genoteerd en betalen deze uren.",
        actor=Actor(company, office),
        now=now - REPORTED_BEFORE / 2,
    )
    last = Registration.objects.filter(person=people[BEA.ssin], employer=company).first()
    if last is not None:
        report_error(
            device=devices[people[BEA.ssin].pk],
            facts=ErrorFacts(ErrorKind.TIME, last.happened_day, company, last, "18:30"),
            now=now,
        )
