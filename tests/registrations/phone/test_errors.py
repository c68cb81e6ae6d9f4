"""Errors that workers report until day 30, and the answers they read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ciao_portal.days import brussels_day
from ciao_portal.errors import DomainError
from ciao_portal.models import AuditEvent, Company
from ciao_portal.tenancy import company_scope
from registrations.models import Device, Employment, ErrorKind, ErrorReport, Registration
from registrations.services.errors import ErrorFacts, report_error
from tests.cast import SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.races import LOCK_OF_A_PERSON, just_before
from tests.registrations.phone.afterwards import paired, words
from tests.works import Works, all_registrations, declare, tap

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(cast: Cast) -> Works:
    return declare(cast.main)


def wrong(row: Registration, kind: str = "time", text: str = "It was 17:30") -> dict[str, str]:
    return {
        "day": row.happened_day.isoformat(),
        "registration": str(row.pk),
        "kind": kind,
        "text": text,
    }


def reports(company: Company) -> list[ErrorReport]:
    with company_scope(company):
        return list(ErrorReport.objects.all())


def registered(works: Works, device: Device, *, days_ago: int = 0) -> Registration:
    return tap(works, device.person, now=timezone.now() - timedelta(days=days_ago)).registration


def test_of_two_equal_words_at_once_one_is_refused(cast: Cast, works: Works) -> None:
    _phone, device = paired(cast.main)
    row = registered(works, device)
    facts = ErrorFacts(ErrorKind.TIME, row.happened_day, cast.main, row)

    def report() -> None:
        report_error(device=device, facts=facts, now=timezone.now())

    with just_before(LOCK_OF_A_PERSON, report), pytest.raises(DomainError) as error:
        report()
    assert error.value.code == "report.again"


def test_an_error_is_reported_answered_and_read(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    row = registered(works, device)
    before = [one.__dict__.copy() for one in all_registrations()]

    assert phone.post("/me/report/", wrong(row)).status_code == 303
    (report,) = reports(cast.main)
    assert (report.kind, report.registration_id, report.text) == ("time", row.pk, "It was 17:30")
    assert report.last_day == row.happened_day + timedelta(days=30)
    page = words(phone.get("/me/"))
    assert "You reported: Wrong time It was 17:30 Your employer has not answered yet." in page

    office = cast.browser(cast.office)
    assert "Wrong time" in words(office.get("/remarks/reported/"))
    shown = words(office.get(f"/remarks/reported/{report.pk}/"))
    assert "It was 17:30" in shown
    assert "Voorbeeld" in shown
    answered = office.post(f"/remarks/reported/{report.pk}/answer/", {"answer": "We pay until 17:30."})
    assert answered.status_code == 302

    assert "Answer: We pay until 17:30." in words(phone.get("/me/"))
    actions = AuditEvent.objects.filter(subject_id=str(report.pk)).values_list("action", flat=True)
    assert set(actions) == {"error.reported", "error.answered"}
    for old, new in zip(before, all_registrations(), strict=True):
        assert {key: value for key, value in new.__dict__.items() if key != "_state"} == {
            key: value for key, value in old.items() if key != "_state"
        }


@pytest.mark.parametrize(("days_ago", "status"), [(30, 303), (31, 422)])
def test_until_day_thirty(cast: Cast, works: Works, days_ago: int, status: int) -> None:
    phone, device = paired(cast.main)
    row = registered(works, device, days_ago=days_ago)

    response = phone.post("/me/report/", wrong(row))

    assert response.status_code == status
    assert len(reports(cast.main)) == (status == 303)
    month = phone.get(f"/me/?month={row.happened_day:%Y-%m}").content.decode()
    assert (f"/me/report/?day={row.happened_day}" in month) == (status == 303)


def test_something_forgotten_needs_no_registration(cast: Cast, works: Works) -> None:
    phone, _device = paired(cast.main)
    day = brussels_day(timezone.now()) - timedelta(days=2)

    form = {"day": day.isoformat(), "registration": "forgotten", "text": "06:00 to 08:00"}
    assert phone.post("/me/report/", form).status_code == 303

    (report,) = reports(cast.main)
    assert (report.kind, report.registration, report.day) == ("forgotten", None, day)
    assert "You reported: I forgot to register" in words(phone.get("/me/"))
    assert all_registrations() == []


def test_with_several_employers_one_is_chosen(cast: Cast) -> None:
    phone, _device = paired(cast.main)
    make_worker(cast.sub, SSINS[0], now=timezone.now())
    form = {"day": brussels_day(timezone.now()).isoformat(), "registration": "forgotten"}

    assert phone.post("/me/report/", form).status_code == 422
    assert phone.post("/me/report/", {**form, "company": str(cast.stranger.pk)}).status_code == 422
    assert phone.post("/me/report/", {**form, "company": str(cast.sub.pk)}).status_code == 303
    assert len(reports(cast.sub)) == 1


def test_nothing_of_anybody_else_can_be_reported(cast: Cast, works: Works) -> None:
    phone, _device = paired(cast.main)
    _other, colleague = paired(cast.main, SSINS[1])
    row = registered(works, colleague)

    assert phone.post("/me/report/", wrong(row)).status_code == 422
    assert phone.post("/me/report/", {"day": row.happened_day.isoformat()}).status_code == 422
    assert reports(cast.main) == []


def test_the_same_word_twice_is_one_report(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    row = registered(works, device)
    phone.post("/me/report/", wrong(row))

    again = phone.post("/me/report/", wrong(row))

    assert "You reported this already." in words(again)
    assert len(reports(cast.main)) == 1
    assert phone.post("/me/report/", wrong(row, "workplace")).status_code == 303


def test_a_day_to_come_has_nothing_to_report(cast: Cast) -> None:
    phone, _device = paired(cast.main)
    tomorrow = brussels_day(timezone.now()) + timedelta(days=1)

    response = phone.post("/me/report/", {"day": tomorrow.isoformat(), "registration": "forgotten"})

    assert response.status_code == 422


def test_an_answer_is_given_once_and_not_empty(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    phone.post("/me/report/", wrong(registered(works, device)))
    (report,) = reports(cast.main)
    office = cast.browser(cast.office)
    address = f"/remarks/reported/{report.pk}/answer/"

    assert office.post(address, {"answer": "  "}).status_code == 200
    assert office.post(address, {"answer": "First."}).status_code == 302
    late = office.post(address, {"answer": "Second."})
    assert "A colleague has answered this meanwhile." in words(late)
    assert "First." in words(late)
    assert "Second.</textarea>" in late.content.decode()
    assert reports(cast.main)[0].answer == "First."
    assert reports(cast.main)[0].answered_by == cast.office


def test_the_auditor_reads_and_strangers_do_not(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    phone.post("/me/report/", wrong(registered(works, device)))
    (report,) = reports(cast.main)
    address = f"/remarks/reported/{report.pk}/"

    auditor = cast.browser(cast.auditor)
    assert "Send the answer" not in words(auditor.get(address))
    assert auditor.post(f"{address}answer/", {"answer": "No."}).status_code == 403
    assert cast.browser(cast.stranger_office).get(address).status_code == 404
    listed = cast.browser(cast.stranger_office).get("/remarks/reported/?state=all")
    assert "data-id=" not in listed.content.decode()


def test_answered_ones_leave_the_list_unless_asked_for(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    phone.post("/me/report/", wrong(registered(works, device)))
    (report,) = reports(cast.main)
    office = cast.browser(cast.office)
    office.post(f"/remarks/reported/{report.pk}/answer/", {"answer": "Done."})

    assert str(report.pk) not in office.get("/remarks/reported/").content.decode()
    for state in ("answered", "all"):
        assert str(report.pk) in office.get(f"/remarks/reported/?state={state}").content.decode()


def test_the_workers_page_shows_what_was_reported(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    phone.post("/me/report/", wrong(registered(works, device)))
    (report,) = reports(cast.main)
    with company_scope(cast.main):
        worker = Employment.objects.get(person=device.person)

    page = cast.browser(cast.office).get(f"/workers/{worker.pk}/").content.decode()

    assert f"/remarks/reported/{report.pk}/" in page


def test_few_queries(cast: Cast, works: Works) -> None:
    phone, device = paired(cast.main)
    for minutes in range(0, 60, 5):
        tap(works, device.person, now=timezone.now() - timedelta(minutes=minutes))
    with at_most_queries(3):
        phone.get("/me/report/")
    for row in all_registrations():
        phone.post("/me/report/", wrong(row))
    office = cast.browser(cast.office)
    with at_most_queries(8):
        office.get("/remarks/reported/")
