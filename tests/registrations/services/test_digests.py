"""The morning letter: each warning once for each person, in the person's language, never a number."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from ciao_portal.audit import Actor
from ciao_portal.days import brussels_day
from ciao_portal.members import choose_digest
from ciao_portal.models import Company, Membership, Role, SentLetter
from ciao_portal.tenancy import company_scope
from registrations.models import DeadlineWarning, Device, Digest, ErrorKind, Remark
from registrations.services.digests import companies_to_tell, tell
from registrations.services.errors import ErrorFacts, answer_error, report_error
from tests.cast import NOW, SSINS, Cast, make_user, make_worker
from tests.queries import at_most_queries
from tests.races import just_before
from tests.registrations.phone.afterwards import paired
from tests.registrations.views.scene import accepted, remark_on
from tests.works import Works, declare, subcontract_to, tap

pytestmark = pytest.mark.django_db
TODAY = brussels_day(NOW)
# How the claim of a letter begins: whoever waits there finds what was claimed meanwhile.
LOCK_OF_A_MEMBER = 'SELECT "ciao_portal_membership"."id" FROM'


@pytest.fixture
def works(cast: Cast) -> Works:
    works = declare(cast.main)
    subcontract_to(works, cast.sub)
    return works


def remark(
    works: Works,
    *,
    days_ago: int,
    ssin: str = SSINS[0],
    employer: Company | None = None,
    nsso_id: int = 17611,
) -> Remark:
    """A remark on a registration made so many days before `NOW`."""
    firm = employer or works.declaration.company
    worker = make_worker(firm, ssin)
    at = NOW - timedelta(days=days_ago)
    row = tap(works, worker.person, now=at, employer=firm).registration
    return remark_on(accepted(row, nsso_id=nsso_id), seen_at=at)


def told(company: Company, *, later: int = 0) -> list[str]:
    """Who got a letter when the job ran so many days after `NOW`."""
    mail.outbox.clear()
    with company_scope(company):
        count = tell(company, now=NOW + timedelta(days=later))
    assert count == len(mail.outbox)
    return sorted(letter.to[0] for letter in mail.outbox)


def test_each_warning_day_is_told_once_to_those_who_can_act(cast: Cast, works: Works) -> None:
    remark(works, days_ago=0)
    both = [cast.office.email, cast.owner.email]
    letters = {day: told(cast.main, later=day) for day in range(33)}
    assert {day for day, people in letters.items() if people} == {15, 23, 27, 29, 30}
    assert all(people == both for people in letters.values() if people)
    with company_scope(cast.main):
        days = DeadlineWarning.objects.filter(digest__user=cast.owner).values_list("warning_day", flat=True)
        assert sorted(days) == [15, 23, 27, 29, 30]


def test_a_run_repeated_the_same_day_tells_nobody_again(cast: Cast, works: Works) -> None:
    remark(works, days_ago=15)
    assert told(cast.main)
    assert told(cast.main) == []


def test_what_appears_after_the_letter_waits_for_the_next_one(cast: Cast, works: Works) -> None:
    remark(works, days_ago=15)
    told(cast.main)
    remark(works, days_ago=20, ssin=SSINS[1], nsso_id=17612)
    assert told(cast.main) == []
    assert told(cast.main, later=1) == [cast.office.email, cast.owner.email]


def test_a_run_killed_before_the_letter_went_out_is_not_made_up_for(cast: Cast, works: Works) -> None:
    remark(works, days_ago=15)
    told(cast.main)
    with company_scope(cast.main):
        Digest.objects.update(is_taken=None)
    assert told(cast.main) == []
    assert told(cast.main, later=1) == []
    assert told(cast.main, later=8) == [cast.office.email, cast.owner.email]


def test_a_letter_the_mail_server_refused_is_written_again(
    cast: Cast, works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    remark(works, days_ago=15)
    with monkeypatch.context() as patch:

        def refuse(_message: EmailMultiAlternatives) -> None:
            raise OSError

        patch.setattr(EmailMultiAlternatives, "send", refuse)
        assert told(cast.main) == []
    assert told(cast.main) == [cast.office.email, cast.owner.email]
    with company_scope(cast.main):
        assert SentLetter.objects.filter(template="deadlines", is_taken=False).count() == 2


def test_of_two_runs_at_once_one_writes(cast: Cast, works: Works) -> None:
    remark(works, days_ago=15)
    mail.outbox.clear()

    def run() -> None:
        with company_scope(cast.main):
            tell(cast.main, now=NOW)

    with just_before(LOCK_OF_A_MEMBER, run):
        run()
    assert sorted(letter.to[0] for letter in mail.outbox) == [cast.office.email, cast.owner.email]


def test_a_missed_day_is_made_up_for_and_who_comes_later_is_told_of_what_stands(
    cast: Cast, works: Works
) -> None:
    remark(works, days_ago=18)
    assert told(cast.main) == [cast.office.email, cast.owner.email]
    newcomer = make_user("new@main.example", cast.main, Role.OFFICE)
    assert told(cast.main, later=1) == [newcomer.email]


def test_nothing_due_no_letter(cast: Cast, works: Works) -> None:
    remark(works, days_ago=14)
    assert told(cast.main) == []
    gone = remark(works, days_ago=30, ssin=SSINS[1], nsso_id=17612)
    Remark.objects.filter(pk=gone.pk).update(gone_at=NOW)
    nothing_to_do = remark(works, days_ago=15, ssin=SSINS[2], nsso_id=17613)
    Remark.objects.filter(pk=nothing_to_do.pk).update(code="duplicateRegistration")
    assert told(cast.main) == []


def test_switched_off_or_left_or_only_reading_no_letter(cast: Cast, works: Works) -> None:
    remark(works, days_ago=15)
    with company_scope(cast.main):
        mine = Membership.objects.get(user=cast.office)
        choose_digest(membership=mine, wants=False, actor=Actor(cast.main, cast.office), now=NOW)
    Membership.objects.filter(user=cast.owner).update(ended_at=NOW)
    assert told(cast.main) == []
    assert cast.main.pk not in companies_to_tell(now=NOW)
    assert cast.sub.pk in companies_to_tell(now=NOW)


def test_the_letter_names_own_people_only_and_no_number(cast: Cast, works: Works) -> None:
    remark(works, days_ago=15)
    remark(works, days_ago=30, ssin=SSINS[1], employer=cast.sub, nsso_id=17612)
    told(cast.main)
    letter = mail.outbox[0]
    text = str(letter.body)
    assert letter.subject == "Helder Main: 2 matters to settle, the first by Mon 23 Nov 2026"
    # Worst first.
    assert text.index("Last day: today, Mon 23 Nov 2026") < text.index("Last day: Tue 8 Dec 2026, in 15 days")
    assert text.count("No Dimona declaration for this day") == 2
    assert text.count("Ada Voorbeeld") == 1
    assert "Gebouw 1" in text
    assert "/remarks/" in text
    assert "/settings/me/deadlines/" in text
    assert not any(ssin in text or ssin[:6] in text or "•" in text for ssin in SSINS)
    # Who registered lately has neither phone nor card.
    assert "For tomorrow 1 trouble is foreseen:" in text
    # The sub is told of its own only, and calls its worker by name.
    assert told(cast.sub) == [cast.sub_office.email]
    assert "1 matter to settle, by" in mail.outbox[0].subject
    assert "Ada Voorbeeld" in str(mail.outbox[0].body)
    assert told(cast.stranger) == []


def test_each_in_the_own_language(cast: Cast, works: Works) -> None:
    remark(works, days_ago=29)
    cast.office.language = "fr"
    cast.office.save()
    told(cast.main)
    words = {letter.to[0]: str(letter.body) for letter in mail.outbox}
    assert "Good day," in words[cast.owner.email]
    assert "Bonjour," in words[cast.office.email]
    assert "Good day," not in words[cast.office.email]


def test_workers_reports_are_told_with_the_same_last_day(cast: Cast, works: Works) -> None:
    _phone, device = paired(cast.main)
    report = said(works, device, day=TODAY - timedelta(days=15))
    assert told(cast.main) == [cast.office.email, cast.owner.email]
    text = str(mail.outbox[0].body)
    assert "Wrong time" in text
    assert "Answer the worker." in text
    assert f"/remarks/reported/{report}/" in text
    assert "It was 17:30" not in text
    assert told(cast.main, later=1) == []


def said(works: Works, device: Device, *, day: date) -> object:
    at = NOW - (TODAY - day)
    row = tap(works, device.person, now=at).registration
    facts = ErrorFacts(ErrorKind.TIME, day, works.declaration.company, row, "It was 17:30")
    return report_error(device=device, facts=facts, now=at).pk


def test_an_answered_report_is_told_no_more(cast: Cast, works: Works) -> None:
    _phone, device = paired(cast.main)
    facts = ErrorFacts(ErrorKind.FORGOTTEN, TODAY - timedelta(days=15), cast.main)
    report = report_error(device=device, facts=facts, now=NOW)
    with company_scope(cast.main):
        answer_error(report=report, answer="Done.", actor=Actor(cast.main, cast.office), now=NOW)
    assert told(cast.main) == []


def test_few_queries_however_many_remarks(cast: Cast, works: Works) -> None:
    for number, ssin in enumerate(SSINS[:4]):
        remark(works, days_ago=15, ssin=ssin, nsso_id=17611 + number)
    with company_scope(cast.main), at_most_queries(42):
        tell(cast.main, now=NOW)


def test_a_long_letter_leads_to_the_list(cast: Cast, works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registrations.services.digests.MOST_LINES", 1)
    remark(works, days_ago=15)
    remark(works, days_ago=30, ssin=SSINS[1], nsso_id=17612)
    told(cast.main)
    text = str(mail.outbox[0].body)
    assert "Last day: today" in text
    assert "in 15 days" not in text
    assert "And 1 more." in text
    # The rest counts as told, too: it stands in the list that the letter leads to.
    assert told(cast.main, later=1) == []
