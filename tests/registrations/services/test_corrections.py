"""Requests for a correction: who may begin one about what, its text, its states, and who owns it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from ciao_portal.audit import Actor
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent, Company
from ciao_portal.tenancy import company_scope
from registrations.corrections.proposing import proposal_for
from registrations.corrections.querysets import (
    correction_of,
    correction_of_registration,
    corrections_visible_to,
)
from registrations.models import Correction, CorrectionLine, CorrectionState, Employment, Remark
from registrations.models.registrations import Registration
from registrations.rules.corrections import Error, Reason
from registrations.services import correction_owners as owners
from registrations.services import corrections
from registrations.services.correction_settings import change_settings
from registrations.services.corrections import Wish
from registrations.services.statements import state_employer
from tests.cast import MAIN_NUMBER, NOW, SSINS, STRANGER_NUMBER, SUB_NUMBER, Cast, make_worker
from tests.registrations.corrections.world import (
    NEW_NUMBER,
    RIGHT,
    acts_about,
    begin,
    four_eyes,
    now_of,
    send,
)
from tests.registrations.views.scene import accepted, elsewhere, remark_on
from tests.works import REFERENCE, Works, declare, subcontract_to, tap


@pytest.fixture
def works(cast: Cast) -> Works:
    found = declare(cast.main)
    subcontract_to(found, cast.sub)
    return found


@pytest.fixture
def ada(cast: Cast) -> Employment:
    return make_worker(cast.main, SSINS[0])


@pytest.fixture
def tapped(works: Works, ada: Employment) -> Registration:
    return tap(works, ada.person, now=NOW - timedelta(hours=1)).registration


@pytest.fixture
def remark(tapped: Registration) -> Remark:
    return remark_on(accepted(tapped, nsso_id=17611), "enterpriseNotActive")


@pytest.fixture
def of_sub(cast: Cast, works: Works) -> Remark:
    """Bea works for the subcontractor."""
    bea = make_worker(cast.sub, SSINS[1], "Bea", "Onderaan")
    row = tap(works, bea.person, employer=cast.sub, now=NOW - timedelta(hours=1)).registration
    return remark_on(accepted(row, nsso_id=17612), "enterpriseNotActive")


def refused(deed: Callable[..., object], *args: object, **facts: object) -> str:
    """The code with which the deed is refused."""
    with pytest.raises(DomainError) as refusal, transaction.atomic():
        deed(*args, **facts)
    return refusal.value.code


def test_a_request_knows_what_it_is_about(cast: Cast, remark: Remark, tapped: Registration) -> None:
    correction = begin(cast.main, remark, user=cast.office)
    assert (correction.state, correction.error) == (CorrectionState.DRAFT, "enterprise")
    assert correction.right_value == SUB_NUMBER
    assert (correction.owner, correction.employer, correction.partner) == (cast.main, cast.main, None)
    assert correction.last_day == remark.last_day
    (line,) = CorrectionLine.objects.all()
    assert (line.registration, line.presence, line.used) == (tapped, None, MAIN_NUMBER)
    assert line.code == "enterpriseNotActive"
    assert correction_of(remark, viewer=cast.main) == correction
    assert correction_of_registration(tapped, viewer=cast.main) == correction
    assert correction_of(remark, viewer=cast.sub) is None
    (event,) = AuditEvent.objects.filter(action="correction.opened")
    assert event.payload == {"error": "enterprise", "registrations": 1}


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("nl", "ondernemingsnummer", "Hoogachtend,"),
        ("fr", "numéro d’entreprise", "Madame, Monsieur,"),
        ("de", "Unternehmensnummer", "Sehr geehrte Damen und Herren,"),
    ],
)
def test_the_text_is_in_the_language_of_the_office(
    cast: Cast, remark: Remark, language: str, subject: str, words: str
) -> None:
    facts = {"office_language": language, "has_four_eyes": False}
    change_settings(company=cast.main, facts=facts, actor=Actor(cast.main), now=NOW)
    correction = begin(cast.main, remark)
    assert correction.language == language
    assert subject in correction.subject
    for part in (words, "0202.239.951", "0206.731.645", "17611", "23/11/2026", "Helder Main"):
        assert part in correction.body, part


def test_no_name_and_no_national_number_stands_in_the_text(cast: Cast, remark: Remark) -> None:
    correction = begin(cast.main, remark)
    for part in ("Ada", "Voorbeeld", SSINS[0], "85.07.30"):
        assert part not in correction.body


def test_why_a_value_is_right_is_kept_only_when_the_portal_knows_it(
    cast: Cast, remark: Remark, tapped: Registration
) -> None:
    state_employer(registration=tapped, employer=cast.sub, now=NOW)
    known = begin(cast.main, remark, right_value="0202.239.951")
    assert known.reason == Reason.STATED_EMPLOYER
    corrections.withdraw(correction=known, words="", actor=Actor(cast.main), now=NOW)
    assert begin(cast.main, remark, right_value=STRANGER_NUMBER).reason == Reason.UNDECIDED


def test_a_missing_declaration_number_is_the_one_of_the_code(cast: Cast, tapped: Registration) -> None:
    presence = accepted(tapped, nsso_id=5)
    remark = remark_on(presence, "declarationMissing")
    correction = begin(cast.main, remark, error=Error.DECLARATION, right_value="9B0ABCDEFGHJK")
    assert correction.reason == Reason.NUMBER_NOW
    assert [line.used for line in correction.lines.all()] == [""]


def test_the_declaration_that_followed_is_proposed(cast: Cast, works: Works, tapped: Registration) -> None:
    presence = accepted(tapped, nsso_id=5)
    presence.reference = REFERENCE
    presence.save()
    remark = remark_on(presence, "declarationNotActive")
    later = declare(cast.main, declared_number=NEW_NUMBER, technical_reference="1Y1003SQ5VSSA")
    with company_scope(cast.main):
        assert proposal_for(acts_about(cast.main, remark), cast.main).value == ""
        place = works.workplaces[0]
        later.declaration.places.create(declaration=later.declaration, workplace=place, position=9)
        proposal = proposal_for(acts_about(cast.main, remark), cast.main)
    assert (proposal.value, proposal.reason) == (NEW_NUMBER, Reason.SUCCESSOR)


def test_what_cannot_be_asked_is_refused_in_words(
    cast: Cast, works: Works, ada: Employment, remark: Remark, of_sub: Remark
) -> None:
    assert refused(begin, cast.main) == "correction.none"
    assert refused(begin, cast.main, remark, of_sub) == "correction.employers"
    assert refused(begin, cast.main, remark, right_value=MAIN_NUMBER) == "correction.sameValue"
    assert refused(begin, cast.main, remark, right_value="0202239952") == "enterprise.check"
    assert refused(begin, cast.main, remark, error=Error.DECLARATION) == "correction.notCorrectable"
    dimona = remark_on(accepted(tap(works, ada.person, now=NOW).registration, nsso_id=9), "dimonaNotFound")
    assert refused(begin, cast.main, dimona) == "correction.notCorrectable"
    begin(cast.main, remark)
    assert refused(begin, cast.main, remark) == "correction.already"


def test_what_the_other_company_prepares_is_not_prepared_twice(cast: Cast, of_sub: Remark) -> None:
    begin(cast.main, of_sub, right_value=STRANGER_NUMBER)
    assert refused(begin, cast.sub, of_sub, right_value=STRANGER_NUMBER) == "correction.already"


def test_a_presence_registered_elsewhere_can_be_corrected(cast: Cast, tapped: Registration) -> None:
    presence = elsewhere(tapped, nsso_id=900)
    remark = remark_on(presence, "enterpriseUnknown")
    correction = begin(cast.main, remark)
    (line,) = correction.lines.all()
    assert (line.registration, line.presence) == (None, presence)
    assert correction_of(remark, viewer=cast.main) == correction


def test_the_text_follows_the_facts_until_somebody_writes(cast: Cast, remark: Remark) -> None:
    actor = Actor(cast.main, cast.office)
    correction = begin(cast.main, remark, right_value="")
    wish = Wish(RIGHT, "fr", correction.subject, correction.body)
    changed = corrections.change_request(correction=correction, wish=wish, actor=actor, now=NOW)
    assert "0202.239.951" in changed.body
    assert changed.language == "fr"
    own = Wish(RIGHT, "fr", changed.subject, "Bonjour,\r\nmerci.")
    changed = corrections.change_request(correction=correction, wish=own, actor=actor, now=NOW)
    assert (changed.body, changed.has_own_text) == ("Bonjour,\nmerci.", True)
    other = Wish(STRANGER_NUMBER, "fr", changed.subject, changed.body)
    changed = corrections.change_request(correction=correction, wish=other, actor=actor, now=NOW)
    assert changed.body == "Bonjour,\nmerci."
    anew = Wish(STRANGER_NUMBER, "fr", changed.subject, changed.body, anew=True)
    changed = corrections.change_request(correction=correction, wish=anew, actor=actor, now=NOW)
    assert "0409.536.968" in changed.body


def test_the_way_of_a_request(cast: Cast, remark: Remark) -> None:
    actor = Actor(cast.main, cast.office)
    correction = begin(cast.main, remark, right_value="", user=cast.office)
    today = correction.opened_at.date()
    assert refused(corrections.prepare, correction=correction, actor=actor, now=NOW) == "correction.value"
    wish = Wish(RIGHT, "nl", correction.subject, correction.body)
    corrections.change_request(correction=correction, wish=wish, actor=actor, now=NOW)
    note = {"correction": correction, "sent_on": today, "sent_by": "Otto", "actor": actor, "now": NOW}
    assert refused(corrections.note_sent, **note) == "correction.state"
    send(correction, actor)
    kept = now_of(correction)
    assert (kept.state, kept.sent_on, kept.sent_by, kept.sent_reference) == (
        "sent",
        today,
        "Otto Office",
        "R-1",
    )
    assert refused(send, correction, actor) == "correction.state"
    assert (
        refused(corrections.change_request, correction=correction, wish=wish, actor=actor, now=NOW)
        == "correction.state"
    )
    outcome = partial(
        corrections.note_outcome,
        correction=correction,
        outcome=CorrectionState.REFUSED,
        actor=actor,
        now=NOW,
    )
    assert refused(outcome, words=" ") == "correction.reason"
    outcome(words="Te laat.")
    kept = now_of(correction)
    assert (kept.state, kept.outcome, kept.closed_at) == ("refused", "Te laat.", NOW)
    assert (
        refused(corrections.withdraw, correction=correction, words="", actor=actor, now=NOW)
        == "correction.state"
    )
    # What was refused can be asked anew.
    assert begin(cast.main, remark) != correction


def test_changing_what_was_approved_asks_for_approval_again(cast: Cast, remark: Remark) -> None:
    second = Actor(cast.main, four_eyes(cast.main))
    first = Actor(cast.main, cast.office)
    correction = begin(cast.main, remark)
    assert refused(send, correction, first) == "correction.needsApproval"
    corrections.prepare(correction=correction, actor=first, now=NOW)
    assert refused(corrections.approve, correction=correction, actor=first, now=NOW) == "correction.sameEyes"
    corrections.approve(correction=correction, actor=second, now=NOW)
    wish = Wish(RIGHT, "nl", "Onderwerp", "Tekst")
    corrections.change_request(correction=correction, wish=wish, actor=second, now=NOW)
    kept = now_of(correction)
    assert (kept.state, kept.prepared_by, kept.approved_by) == ("draft", None, None)
    corrections.prepare(correction=correction, actor=second, now=NOW)
    corrections.approve(correction=correction, actor=first, now=NOW)
    today = NOW.date()
    corrections.note_sent(correction=correction, sent_on=today, sent_by="Otto", actor=first, now=NOW)
    assert now_of(correction).state == CorrectionState.SENT


@pytest.mark.parametrize(("days", "code"), [(1, "correction.sentAhead"), (-1, "correction.sentBefore")])
def test_a_day_on_which_it_cannot_have_been_sent(cast: Cast, remark: Remark, days: int, code: str) -> None:
    correction = begin(cast.main, remark)
    day = NOW.date() + timedelta(days=days)
    assert refused(send, correction, Actor(cast.main), sent_on=day) == code


def test_who_sees_a_request(cast: Cast, of_sub: Remark) -> None:
    correction = begin(cast.main, of_sub, right_value=STRANGER_NUMBER)
    assert (correction.employer, correction.partner, correction.owner) == (cast.sub, cast.main, cast.main)
    for company, seen in ((cast.main, 1), (cast.sub, 1), (cast.subsub, 0), (cast.stranger, 0)):
        assert corrections_visible_to(company).count() == seen, company
        assert (correction_of(of_sub, viewer=company) is not None) is bool(seen)


def test_the_one_above_needs_the_employers_word(cast: Cast, of_sub: Remark) -> None:
    correction = begin(cast.main, of_sub, right_value=STRANGER_NUMBER)
    main = Actor(cast.main, cast.office)
    assert refused(send, correction, main) == "correction.needsAgreement"
    send(correction, main, employer_agrees=True)
    assert now_of(correction).agreed_at == NOW


def test_a_number_nobody_has_needs_nobodys_word(cast: Cast, of_sub: Remark) -> None:
    Remark.objects.update(code="enterpriseUnknown")
    correction = begin(cast.main, of_sub, right_value=STRANGER_NUMBER)
    send(correction, Actor(cast.main))
    assert now_of(correction).state == CorrectionState.SENT


def test_a_request_changes_hands_and_has_one_owner(cast: Cast, of_sub: Remark) -> None:
    main, sub = Actor(cast.main, cast.office), Actor(cast.sub, cast.sub_office)
    correction = begin(cast.sub, of_sub, right_value=STRANGER_NUMBER)
    assert correction.partner is None
    assert refused(owners.claim, correction=correction, actor=main, now=NOW) == "correction.notOffered"
    owners.offer(correction=correction, to=cast.main, actor=sub, now=NOW)
    owners.end_offer(correction=correction, actor=sub, now=NOW)
    assert refused(owners.claim, correction=correction, actor=main, now=NOW) == "correction.notOffered"
    owners.offer(correction=correction, to=cast.main, actor=sub, now=NOW)
    assert now_of(correction).owner == cast.sub
    owners.claim(correction=correction, actor=main, now=NOW)
    kept = now_of(correction)
    assert (kept.owner, kept.offered_to, kept.agreed_at) == (cast.main, None, NOW)
    # What nobody wrote by hand speaks for whoever has it in hand.
    assert "Helder Main" in kept.body
    assert "Zuiver Sub" not in kept.body
    assert refused(corrections.prepare, correction=correction, actor=sub, now=NOW) == "correction.notOwner"
    assert refused(owners.claim, correction=correction, actor=sub, now=NOW) == "correction.notOffered"
    owners.offer(correction=correction, to=cast.sub, actor=main, now=NOW)
    owners.claim(correction=correction, actor=sub, now=NOW)
    assert now_of(correction).owner == cast.sub
    assert now_of(correction).agreed_at is None
    send(correction, sub)
    assert (
        refused(owners.offer, correction=correction, to=cast.main, actor=sub, now=NOW) == "correction.closed"
    )


def test_the_employer_may_take_what_the_other_one_began(cast: Cast, of_sub: Remark) -> None:
    correction = begin(cast.main, of_sub, right_value=STRANGER_NUMBER)
    owners.claim(correction=correction, actor=Actor(cast.sub, cast.sub_office), now=NOW)
    assert now_of(correction).owner == cast.sub


def test_it_is_offered_to_whom_the_employer_knows_alone(cast: Cast, of_sub: Remark) -> None:
    correction = begin(cast.sub, of_sub, right_value=STRANGER_NUMBER)
    assert list(owners.can_be_offered_to(correction)) == [cast.main]
    sub = Actor(cast.sub, cast.sub_office)
    for company in (cast.stranger, cast.subsub):
        code = refused(owners.offer, correction=correction, to=company, actor=sub, now=NOW)
        assert code == "correction.nobody"


def test_nobody_else_can_own_it(cast: Cast, of_sub: Remark) -> None:
    correction = begin(cast.main, of_sub, right_value=STRANGER_NUMBER)

    def give(to: Company) -> None:
        with transaction.atomic(), company_scope(cast.main):
            Correction.objects.filter(pk=correction.pk).update(owner=to)

    with pytest.raises(IntegrityError):
        give(cast.stranger)


def test_audit_holds_no_words_of_people(cast: Cast, remark: Remark) -> None:
    actor = Actor(cast.main, cast.office)
    correction = begin(cast.main, remark)
    send(correction, actor, reference="SECRET-REFERENCE")
    corrections.note_outcome(
        correction=correction, outcome=CorrectionState.REFUSED, words="SECRET", actor=actor, now=NOW
    )
    assert not any("SECRET" in str(event.payload) for event in AuditEvent.objects.all())
