"""Requests for a correction: opened, written, prepared, approved, noted as sent, closed.

No registration changes. Each deed locks the request first, asks whether the actor's company owns it, and is
audited; texts and notes of people never go into the audit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ciao_portal import audit
from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day, day_label
from ciao_portal.errors import DomainError
from ciao_portal.models import Company
from ciao_portal.nsso.contract import RemarkCode
from ciao_portal.tenancy import unscoped
from registrations.corrections.acts import Act, acts_of_lines
from registrations.corrections.proposing import proposal_for
from registrations.corrections.remarks import possible_errors
from registrations.corrections.states import (
    APPROVED,
    CHANGEABLE,
    DRAFT,
    LATE,
    READY,
    REFUSED,
    SENT,
    SOLVED,
    WITHDRAWN,
    move,
)
from registrations.corrections.wording import request_text
from registrations.models import Correction, CorrectionLine, CorrectionState
from registrations.models.corrections import OPEN_STATES
from registrations.remarks import known_meaning
from registrations.rules.corrections import Error, Reason, check_value, deadline, needs_agreement
from registrations.rules.deadlines import CORRECTION_DAYS
from registrations.services.correction_settings import has_four_eyes, office_language


@transaction.atomic
def open_correction(
    *, company: Company, acts: Sequence[Act], error: Error, right_value: str, actor: Actor, now: datetime
) -> Correction:
    """Begin a request about acts the company may see (the caller looked them up that way), with its text.

    `right_value` as typed; empty while nobody knows it. The company owns the request; when the registrations
    were made for another one, that one sees it, too.

    Raises DomainError `correction.none`, `correction.employers`, `correction.notCorrectable`,
    `correction.notAtNsso`, `correction.already`, `correction.sameValue`, and the codes of `check_value`.
    """
    _check_acts(acts, error)
    employer = acts[0].employer
    # One at a time for the same employer, so that two offices never open a request for the same registration.
    Company.objects.select_for_update(no_key=True).get(pk=employer.pk)
    _check_free(acts)
    value = _right_value(error, right_value, [act.used(error) for act in acts])
    correction = Correction(
        error=error.value,
        employer=employer,
        partner=None if company == employer else company,
        owner=company,
        right_value=value,
        reason=_reason(acts, company, error, value),
        language=office_language(company),
        last_day=deadline(act.day for act in acts),
        opened_at=now,
        opened_by=actor.user,
    )
    _write_text(correction, acts)
    correction.save(force_insert=True)
    CorrectionLine.objects.bulk_create(_line(correction, act) for act in acts)
    payload = {"error": error.value, "registrations": len(acts)}
    audit.record("correction.opened", correction, actor=actor, now=now, payload=payload)
    return correction


def _check_acts(acts: Sequence[Act], error: Error) -> None:
    if not acts:
        raise DomainError("correction.none", _("Choose at least one registration."))
    if len({act.employer.pk for act in acts}) > 1:
        words = _(
            "These registrations were made for different companies. Each company asks for its own: prepare a "
            "request for each."
        )
        raise DomainError("correction.employers", words)
    for act in acts:
        if error not in possible_errors(act.code):
            meaning = known_meaning(act.code)
            raise DomainError(
                "correction.notCorrectable",
                _(
                    "“%(remark)s” is not put right by this request. Choose the other error, or solve it at "
                    "its source."
                ),
                field="error",
                params={"remark": meaning.words if meaning else act.code},
            )
        if act.nsso_id is None:
            words = _("The NSSO does not have this registration yet, so there is nothing to correct there.")
            raise DomainError("correction.notAtNsso", words)


def _check_free(acts: Sequence[Act]) -> None:
    lines = CorrectionLine.objects.filter(correction__state__in=OPEN_STATES)
    registrations = {act.registration.pk for act in acts if act.registration}
    presences = {act.presence.pk for act in acts if act.presence and not act.registration}
    if lines.filter(registration__in=registrations).exists() or lines.filter(presence__in=presences).exists():
        words = _("A request about one of these registrations is under way already.")
        raise DomainError("correction.already", words)


def _line(correction: Correction, act: Act) -> CorrectionLine:
    return CorrectionLine(
        correction=correction,
        registration=act.registration,
        presence=None if act.registration else act.presence,
        code=act.code,
        used=act.used(Error(correction.error)),
    )


def _right_value(error: Error, typed: str, used: Sequence[str]) -> str:
    value = check_value(error, typed) if typed.strip() else ""
    if value and value in used:
        words = _("This is the number that was sent. Give the right one.")
        raise DomainError("correction.sameValue", words, field="right_value")
    return value


def _reason(acts: Sequence[Act], company: Company, error: Error, value: str) -> str:
    """Why the value is right, as far as the portal itself would have proposed it."""
    try:
        proposal = proposal_for(acts, company)
    except DomainError:
        return Reason.UNDECIDED.value
    is_ours = value and (proposal.error, proposal.value) == (error, value)
    return proposal.reason.value if is_ours else Reason.UNDECIDED.value


def _write_text(correction: Correction, acts: Sequence[Act]) -> None:
    correction.subject, correction.body = request_text(
        error=correction.error,
        acts=acts,
        right_value=correction.right_value,
        reason=correction.reason,
        company=correction.owner,
        language=correction.language,
    )
    correction.has_own_text = False


def acts_of(correction: Correction) -> list[Act]:
    """What the request is about, in the order in which it was put together."""
    return acts_of_lines(correction.lines.all())


@dataclass(frozen=True, slots=True)
class Wish:
    """A request as people want it to be; `anew`: the text is written from the facts once more."""

    right_value: str
    language: str
    subject: str
    body: str
    anew: bool = False


@transaction.atomic
def change_request(*, correction: Correction, wish: Wish, actor: Actor, now: datetime) -> Correction:
    """Change value and text; what was ready or approved must be so again.

    A text that nobody touched follows the facts. Raises DomainError `correction.notOwner`,
    `correction.state`, `correction.sameValue`, and the codes of `check_value`.
    """
    kept = owned(correction, actor)
    move(kept, DRAFT, now=now)
    acts, error = acts_of(kept), Error(kept.error)
    value = _right_value(error, wish.right_value, [line.used for line in kept.lines.all()])
    if value != kept.right_value:
        kept.right_value, kept.reason = value, _reason(acts, kept.owner, error, value)
    kept.language = wish.language
    body = wish.body.replace("\r\n", "\n").strip()
    if (wish.subject, body) != (kept.subject, kept.body):
        kept.subject, kept.body, kept.has_own_text = wish.subject, body, True
    if wish.anew or not kept.has_own_text:
        _write_text(kept, acts)
    kept.save()
    audit.record("correction.changed", kept, actor=actor, now=now)
    return kept


@transaction.atomic
def prepare(*, correction: Correction, actor: Actor, now: datetime) -> None:
    """Say that it is ready to be sent, or to be approved.

    Raises DomainError `correction.notOwner`, `correction.state` or `correction.value`.
    """
    kept = owned(correction, actor)
    if not kept.right_value:
        raise DomainError("correction.value", _("Give the right number first."), field="right_value")
    move(kept, READY, now=now)
    kept.prepared_by = actor.user
    _keep(kept, "correction.ready", actor, now)


@transaction.atomic
def approve(*, correction: Correction, actor: Actor, now: datetime) -> None:
    """The second pair of eyes.

    Raises DomainError `correction.notOwner`, `correction.state` or `correction.sameEyes`.
    """
    kept = owned(correction, actor)
    if kept.prepared_by is not None and kept.prepared_by == actor.user:
        words = _("You prepared this request yourself. Somebody else of your company approves it.")
        raise DomainError("correction.sameEyes", words)
    move(kept, APPROVED, now=now)
    kept.approved_by = actor.user
    _keep(kept, "correction.approved", actor, now)


@transaction.atomic
def note_sent(
    *,
    correction: Correction,
    sent_on: date,
    sent_by: str,
    reference: str = "",
    employer_agrees: bool = False,
    actor: Actor,
    now: datetime,
) -> None:
    """Note that somebody took the request to the NSSO on this Brussels day; also after the last day.

    Raises DomainError `correction.notOwner`, `correction.state`, `correction.needsApproval`,
    `correction.needsAgreement`, `correction.sentAhead` or `correction.sentBefore`.
    """
    kept = owned(correction, actor)
    _check_sent_on(kept, sent_on, today=brussels_day(now))
    if has_four_eyes(kept.owner) and kept.approved_by is None and kept.state != LATE:
        words = _("Your company has every request approved by a second person before it is sent.")
        raise DomainError("correction.needsApproval", words)
    if needs_agreement(kept.parties, employer_exists=employer_exists(kept)):
        if not employer_agrees:
            words = _(
                "The company for which the registrations were made must ask. Offer it the request, or say "
                "that it agrees that you ask."
            )
            raise DomainError("correction.needsAgreement", words, field="employer_agrees")
        kept.agreed_at = now
    move(kept, SENT, now=now)
    kept.sent_on, kept.sent_by, kept.sent_reference = sent_on, sent_by.strip(), reference.strip()
    kept.offered_to = None
    _keep(kept, "correction.sent", actor, now, {"sentOn": sent_on.isoformat()})


def _check_sent_on(kept: Correction, sent_on: date, *, today: date) -> None:
    if sent_on > today:
        words = _("This day is still to come. Note the request once it was sent.")
        raise DomainError("correction.sentAhead", words, field="sent_on")
    if (kept.last_day - sent_on).days > CORRECTION_DAYS:
        words = _("This is before the first of the registrations, on %(day)s. Check the date.")
        first = date.fromordinal(kept.last_day.toordinal() - CORRECTION_DAYS)
        raise DomainError("correction.sentBefore", words, field="sent_on", params={"day": day_label(first)})


def employer_exists(correction: Correction) -> bool:
    """Whether there is a company behind the number that was sent: without one nobody could agree."""
    codes = correction.lines.values_list("code", flat=True)
    return not all(code == RemarkCode.ENTERPRISE_UNKNOWN for code in codes)


@transaction.atomic
def note_outcome(
    *, correction: Correction, outcome: CorrectionState, words: str, actor: Actor, now: datetime
) -> None:
    """Note what the NSSO answered: SOLVED, or REFUSED with its reason.

    Raises DomainError `correction.notOwner`, `correction.state` or `correction.reason`.
    """
    kept = owned(correction, actor)
    note = words.strip()
    if outcome == REFUSED and not note:
        raise DomainError("correction.reason", _("Write why the NSSO refused it."), field="words")
    if kept.state != SENT or outcome not in (SOLVED, REFUSED):
        words_ = _("An outcome can be noted once the request was sent, and once only.")
        raise DomainError("correction.state", words_)
    move(kept, outcome, now=now)
    kept.outcome = note
    _keep(kept, f"correction.{outcome.value}", actor, now)


@transaction.atomic
def withdraw(*, correction: Correction, words: str, actor: Actor, now: datetime) -> None:
    """Give the request up; it stays readable.

    Raises DomainError `correction.notOwner` or `correction.state`.
    """
    kept = owned(correction, actor)
    move(kept, WITHDRAWN, now=now)
    kept.outcome, kept.offered_to = words.strip(), None
    _keep(kept, "correction.withdrawn", actor, now)


def owned(correction: Correction, actor: Actor) -> Correction:
    """The request, locked. Raises DomainError `correction.notOwner` for the other company's people."""
    kept = locked(correction)
    if actor.company != kept.owner:
        words = _("The other company has this request in hand. Ask it to offer it to you.")
        raise DomainError("correction.notOwner", words)
    return kept


def locked(correction: Correction) -> Correction:
    """The request as it stands now, for this transaction alone."""
    with unscoped(reason="one request, by the key of one its company may see"):
        rows = Correction.objects.select_for_update(of=("self",))
        return rows.select_related("owner", "employer", "partner", "prepared_by", "approved_by").get(
            pk=correction.pk
        )


def _keep(
    kept: Correction, action: str, actor: Actor, now: datetime, payload: dict[str, Any] | None = None
) -> None:
    kept.save()
    audit.record(action, kept, actor=actor, now=now, payload=payload)


def hand_over(kept: Correction, to: Company, *, now: datetime) -> None:
    """Another owner (not saved): what nobody wrote by hand is written in its name and language."""
    kept.owner, kept.offered_to = to, None
    if kept.state in CHANGEABLE:
        move(kept, DRAFT, now=now)
        if not kept.has_own_text:
            kept.language = office_language(to)
            _write_text(kept, acts_of(kept))


def may_still_change(correction: Correction) -> bool:
    """Whether text and value may still be changed."""
    return correction.state in CHANGEABLE


def may_change_hands(correction: Correction) -> bool:
    """Whether the two companies may still hand it to each other."""
    return correction.state in (*CHANGEABLE, LATE)
