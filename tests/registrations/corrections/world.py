"""Remarks that call for a request, and requests about them."""

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day
from ciao_portal.models import Company, User
from ciao_portal.tenancy import company_scope
from registrations.corrections.acts import Act, acts_of_remarks
from registrations.models import Correction, CorrectionEvidence, EvidenceKind, Remark
from registrations.querysets import remarks_visible_to
from registrations.rules.corrections import Error
from registrations.services import corrections
from registrations.services.correction_evidence import add_evidence
from registrations.services.correction_settings import change_settings
from tests.cast import NOW, SUB_NUMBER, make_user

RIGHT = SUB_NUMBER
NEW_NUMBER = "9B0ABCDEFGHJM"


def acts_about(company: Company, *remarks: Remark) -> list[Act]:
    """As the company's pages look them up."""
    keys = [remark.pk for remark in remarks]
    return acts_of_remarks(remarks_visible_to(company).filter(pk__in=keys))


def begin(
    company: Company,
    *remarks: Remark,
    error: Error = Error.ENTERPRISE,
    right_value: str = RIGHT,
    user: User | None = None,
    now: datetime = NOW,
) -> Correction:
    """A request of this company about these remarks."""
    with company_scope(company):
        return corrections.open_correction(
            company=company,
            acts=acts_about(company, *remarks),
            error=error,
            right_value=right_value,
            actor=Actor(company, user),
            now=now,
        )


def send(correction: Correction, actor: Actor, *, now: datetime = NOW, **facts: object) -> None:
    """Ready and noted as sent on that day."""
    corrections.prepare(correction=correction, actor=actor, now=now)
    given = {"sent_on": brussels_day(now), "sent_by": "Otto Office", "reference": "R-1", **facts}
    corrections.note_sent(correction=correction, actor=actor, now=now, **given)  # type: ignore[arg-type]


PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64)


def prove(
    correction: Correction, actor: Actor, *, name: str = "Rooster.jpg", now: datetime = NOW
) -> CorrectionEvidence:
    """A photo of the schedule beside the request."""
    upload = SimpleUploadedFile(name, PHOTO)
    return add_evidence(
        correction=correction, upload=upload, kind=EvidenceKind.SCHEDULE, actor=actor, now=now
    )


def now_of(correction: Correction) -> Correction:
    """The request as it stands in the database."""
    return corrections.locked(correction)


def four_eyes(company: Company, *, now: datetime = NOW) -> User:
    """A second person is needed from now on; answers a second one of that company."""
    facts = {"office_language": "", "has_four_eyes": True}
    change_settings(company=company, facts=facts, actor=Actor(company), now=now)
    return make_user(f"second@{company.pk}.example", company)
