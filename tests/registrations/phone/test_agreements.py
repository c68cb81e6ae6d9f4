"""Agreements on the own phone: read, answered, changed, seen by the office, never in the way of a tap."""

import pytest
from django.test import Client as Browser
from django.utils import timezone

from ciao_portal.audit import Actor
from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import company_scope
from registrations.models import Agreement, Employment
from registrations.rules.agreements import TEXT_VERSION, Answer, Subject
from registrations.services.agreements import answers_of, note_informed
from tests.cast import SSINS, Cast, make_worker, person
from tests.queries import at_most_queries
from tests.registrations.phone.afterwards import agree, paired, press, words
from tests.works import all_registrations, declare

pytestmark = pytest.mark.django_db


def post(phone: Browser, company: object, subject: str, answer: str) -> int:
    form = {"company": str(company), "subject": subject, "answer": answer}
    return phone.post("/me/agreements/", form).status_code


def test_answers_are_kept_with_their_text_and_language(cast: Cast) -> None:
    phone, device = paired(cast.main, language="fr")
    for subject, answer in (("informed", "accepted"), ("own_phone", "refused"), ("place", "accepted")):
        assert post(phone, cast.main.pk, subject, answer) == 303

    assert answers_of(device.person, cast.main) == {
        Subject.INFORMED: Answer.ACCEPTED,
        Subject.OWN_PHONE: Answer.REFUSED,
        Subject.PLACE: Answer.ACCEPTED,
    }
    with company_scope(cast.main):
        row = Agreement.objects.get(kind="place")
    assert (row.language, row.text_version, row.device) == ("fr", TEXT_VERSION, device)
    recorded = AuditEvent.objects.filter(action="agreement.answered", company=cast.main)
    assert {event.payload["about"] for event in recorded} == {"informed", "own_phone", "place"}


def test_the_latest_answer_counts_and_every_one_is_kept(cast: Cast) -> None:
    phone, device = paired(cast.main)
    for answer in ("accepted", "refused", "accepted"):
        post(phone, cast.main.pk, "place", answer)

    assert answers_of(device.person, cast.main)[Subject.PLACE] is Answer.ACCEPTED
    with company_scope(cast.main):
        assert Agreement.objects.count() == 3


def test_whoever_refuses_the_own_phone_reads_the_way_out(cast: Cast) -> None:
    phone, _device = paired(cast.main)
    before = words(phone.get("/me/agreements/"))
    assert "your employer pays you 7 euro a month" in before
    assert "Ask your employer for a card" not in before.replace("Ask for a card", "")

    post(phone, cast.main.pk, "own_phone", "refused")

    page = words(phone.get("/me/agreements/"))
    assert "Ask your employer for a card, or use the tablet at the workplace." in page
    assert "You said no." in page


def test_the_sheet_is_read_not_refused(cast: Cast) -> None:
    phone, _device = paired(cast.main)
    assert post(phone, cast.main.pk, "informed", "refused") == 422
    assert post(phone, cast.main.pk, "nonsense", "accepted") == 422
    with company_scope(cast.main):
        assert not Agreement.objects.exists()


@pytest.mark.parametrize("whose", ["stranger", "nobody"])
def test_one_answers_the_own_employers_only(cast: Cast, whose: str) -> None:
    phone, _device = paired(cast.main)
    company = cast.stranger.pk if whose == "stranger" else "nonsense"

    assert post(phone, company, "place", "accepted") == 422
    with company_scope(cast.stranger):
        assert not Agreement.objects.exists()


def test_each_employer_is_answered_apart(cast: Cast) -> None:
    phone, device = paired(cast.main)
    make_worker(cast.sub, SSINS[0], now=timezone.now())
    post(phone, cast.sub.pk, "place", "accepted")

    page = words(phone.get("/me/agreements/"))
    assert "Helder Main" in page
    assert "Zuiver Sub" in page
    assert Subject.PLACE not in answers_of(device.person, cast.main)


def test_it_is_asked_on_the_own_page_and_after_the_tap_never_before(cast: Cast) -> None:
    works = declare(cast.main)
    phone, device = paired(cast.main)
    asks = "Your employer has a question for you"

    assert asks not in words(phone.get(f"/r/{works.point().code}/"))
    confirmation = press(phone, works.point())
    assert len(all_registrations()) == 1
    assert asks in words(phone.get(confirmation))
    assert asks in words(phone.get("/me/"))
    for subject in Subject:
        agree(device, cast.main, subject, Answer.ACCEPTED, now=timezone.now())
    assert asks not in words(phone.get(confirmation))
    assert asks not in words(phone.get("/me/"))


def test_the_office_sees_who_was_informed_and_who_was_not(cast: Cast) -> None:
    _phone, device = paired(cast.main)
    make_worker(cast.main, SSINS[1], "Bea", now=timezone.now())
    agree(device, cast.main, Subject.INFORMED, Answer.ACCEPTED, now=timezone.now())
    office = cast.browser(cast.office)

    not_informed = words(office.get("/workers/?agreed=informed:none"))
    informed = words(office.get("/workers/?agreed=informed:accepted"))
    assert "Voorbeeld, Bea" in not_informed
    assert "Voorbeeld, Ada" not in not_informed
    assert "Voorbeeld, Ada" in informed
    assert "Voorbeeld, Bea" not in informed
    response = office.get("/workers/?columns=name,informed,own_phone&format=csv")
    sheet = b"".join(response).decode("utf-8-sig").splitlines()
    assert sheet == [
        '"Name";"Informed";"Own phone"',
        '"Voorbeeld, Ada";"Yes";"–"',
        '"Voorbeeld, Bea";"No";"–"',
    ]


def test_the_workers_page_tells_each_answer(cast: Cast) -> None:
    _phone, device = paired(cast.main)
    agree(device, cast.main, Subject.OWN_PHONE, Answer.REFUSED, now=timezone.now())
    with company_scope(cast.main):
        worker = Employment.objects.get(person=device.person)

    page = words(cast.browser(cast.auditor).get(f"/workers/{worker.pk}/"))

    assert "Own phone on " in page
    assert "Refused" in page
    assert page.count("Not answered yet") == 2


def test_the_sheet_signed_on_paper_is_noted_once(cast: Cast) -> None:
    worker = make_worker(cast.main, SSINS[0], now=timezone.now())
    stranger = make_worker(cast.stranger, SSINS[1], now=timezone.now())
    office = cast.browser(cast.office)
    for _twice in range(2):
        form = {"row": [str(worker.pk), str(stranger.pk)], "next": "/workers/"}
        assert office.post("/workers/informed/", form).status_code == 302

    with company_scope(cast.main):
        row = Agreement.objects.get()
    assert (row.person, row.kind, row.noted_by, row.device) == (person(), "informed", cast.office, None)
    assert answers_of(person(SSINS[1]), cast.stranger) == {}
    assert "noted from paper" in words(office.get(f"/workers/{worker.pk}/"))


def test_who_was_informed_before_is_found_out_at_once(cast: Cast) -> None:
    workers = [make_worker(cast.main, ssin, now=timezone.now()) for ssin in SSINS[:3]]
    people = [(worker.person, "nl") for worker in workers]

    def note() -> int:
        return note_informed(company=cast.main, people=people, actor=Actor(cast.main), now=timezone.now())

    assert note() == 3
    # A savepoint and its end, and one question in between.
    with at_most_queries(3):
        assert note() == 0


def test_the_sheets_are_printed_in_the_workers_own_language(cast: Cast) -> None:
    worker = make_worker(cast.main, SSINS[0], now=timezone.now())
    worker.person.language = "fr"
    worker.person.save()

    response = cast.browser(cast.office).post("/workers/information-sheets/", {"row": [str(worker.pk)]})

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert SSINS[0].encode() not in response.content


def test_few_queries(cast: Cast) -> None:
    phone, _device = paired(cast.main)
    with at_most_queries(3):
        phone.get("/me/agreements/")
