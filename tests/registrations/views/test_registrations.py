"""`/registrations/` and the page of one registration."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from ciao_portal.models import AuditEvent
from ciao_portal.nsso.errors import NssoCode
from ciao_portal.web.lists import PAGE_SIZE
from registrations.failures import FAILURES
from registrations.journey import journey_of
from registrations.models import Attempt, SealLeaf, Statement, Submission
from registrations.models.nsso import SubmissionState
from registrations.models.registrations import StatementKind
from registrations.rules.location import Position
from registrations.rules.presence import Kind
from registrations.services.registering import register
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import Page, rows, text, turn
from tests.registrations.views.scene import accepted, remark_on
from tests.works import tap, tap_at


def ids(page: Page) -> list[str]:
    return [str(row["data-id"]) for row in rows(page, "registrations")]


def test_newest_first_with_own_names_and_masked_numbers_of_the_chain(cast: Cast, morning: Morning) -> None:
    out = tap(morning.works, morning.ada.person, Kind.OUT, now=NOW).registration
    page = cast.browser(cast.office).get("/registrations/")
    assert ids(page)[0] == str(out.pk)
    assert len(ids(page)) == 3
    words = text(page)
    assert "Ada Voorbeeld" in words
    # Bea works for the subcontractor: her name is not the main contractor's to know.
    assert "Bea" not in words
    assert "17.07.30-•••.••" in words
    assert "17073003384" not in page.content.decode()


def test_the_subcontractor_sees_its_own_people_by_name(cast: Cast, morning: Morning) -> None:
    page = cast.browser(cast.sub_office).get("/registrations/")
    assert ids(page) == [str(morning.of_bea.pk)]
    assert "Bea Onderaan" in text(page)


def test_a_stranger_sees_nothing_and_finds_nothing(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.stranger_office)
    assert ids(browser.get("/registrations/")) == []
    assert browser.get(f"/registrations/{morning.of_ada.pk}/").status_code == 404
    # A company in the chain sees those below it, never those above.
    assert cast.browser(cast.sub_office).get(f"/registrations/{morning.of_ada.pk}/").status_code == 404
    signed_out = cast.browser().get(f"/registrations/{morning.of_ada.pk}/")
    assert signed_out.status_code == 302
    assert signed_out.headers["Location"].startswith("/accounts/login/")


def test_filters_narrow_the_list(cast: Cast, morning: Morning) -> None:
    early = tap(morning.works, morning.ada.person, now=NOW - timedelta(days=3)).registration
    accepted(early, nsso_id=3)
    browser = cast.browser(cast.office)
    ada, bea = str(morning.of_ada.pk), str(morning.of_bea.pk)
    today = {ada, bea}
    declaration, workplace = morning.works.declaration, morning.works.workplaces[1]
    for query, expected in [
        ("from_day=2026-11-23", today),
        ("to_day=2026-11-20", {str(early.pk)}),
        ("from_day=2026-11-20&to_day=2026-11-20", {str(early.pk)}),
        ("q=ada", {ada, str(early.pk)}),
        ("q=voor+ada", {ada, str(early.pk)}),
        ("q=bea", set()),
        ("kind=OUT", set()),
        (f"employer={cast.sub.pk}", {bea}),
        (f"declaration={declaration.pk}", {ada, bea, str(early.pk)}),
        (f"workplace={workplace.pk}", {bea}),
        ("nsso=accepted", {str(early.pk)}),
        ("nsso=open", today),
        ("presence=now", today),
    ]:
        assert set(ids(browser.get(f"/registrations/?{query}"))) == expected, query


def test_what_waits_is_found_among_what_one_may_see(cast: Cast, morning: Morning) -> None:
    """These are found by their journeys, which know whose they are."""
    both = {str(morning.of_ada.pk), str(morning.of_bea.pk)}
    for member, expected in [
        (cast.office, both),
        (cast.sub_office, {str(morning.of_bea.pk)}),
        (cast.stranger_office, set()),
    ]:
        found = ids(cast.browser(member).get("/registrations/?nsso=open"))
        assert set(found) == expected, member


@pytest.mark.parametrize("query", ["from_day=2026-11-23&to_day=2026-11-01", "from_day=soon"])
def test_a_wrong_filter_is_explained_and_shows_no_rows(cast: Cast, morning: Morning, query: str) -> None:
    page = cast.browser(cast.office).get(f"/registrations/?{query}")
    assert page.status_code == 200
    assert ids(page) == []
    assert 'class="field__errors"' in page.content.decode()


def test_filters_offer_only_what_one_may_see(cast: Cast, morning: Morning) -> None:
    words = text(cast.browser(cast.sub_office).get("/registrations/"))
    assert "Gebouw 2" in words
    assert "Helder Main" not in words
    strange = text(cast.browser(cast.stranger_office).get("/registrations/"))
    assert "Zuiver Sub" not in strange
    assert "Gebouw" not in strange
    # A foreign employer typed into the address is refused, not obeyed.
    page = cast.browser(cast.stranger_office).get(f"/registrations/?employer={cast.sub.pk}")
    assert ids(page) == []


def test_a_full_page_needs_no_more_queries_than_one(cast: Cast, morning: Morning) -> None:
    for index in range(51):
        tap(morning.works, morning.ada.person, now=NOW - timedelta(hours=2 + 2 * index))
    browser = cast.browser(cast.office)
    with at_most_queries(12):
        assert len(ids(browser.get("/registrations/"))) == PAGE_SIZE
    page = browser.get("/registrations/")
    assert len(ids(browser.get(f"/registrations/{turn(page, 'next')}"))) == 53 - PAGE_SIZE


def test_the_journey_of_a_registration(cast: Cast, morning: Morning) -> None:
    submission = Submission.objects.get(registration=morning.of_ada)
    Attempt.objects.create(
        submission=submission,
        started_at=NOW,
        duration_ms=87,
        operation="register",
        http_status=200,
        trace_id="0b0f2f6e-1111-4a4a-8888-000000000001",
        related_trace_id="0b0f2f6e-2222-4a4a-8888-000000000002",
        contract_version="1",
        outcome="created",
    )
    presence = accepted(morning.of_ada, nsso_id=17611, validity="validWithRemarks")
    remark_on(presence, "dimonaNotFound", gone_at=NOW)
    remark_on(presence, "strangeNewCode", description={"nl": "Iets nieuws", "fr": "Du neuf"})
    Statement.objects.create(
        person=morning.ada.person,
        registration=morning.of_ada,
        kind=StatementKind.STOPPED_AT,
        stopped_at=NOW,
        given_at=NOW,
    )
    page = cast.browser(cast.auditor).get(f"/registrations/{morning.of_ada.pk}/")
    words = text(page)
    for expected in (
        "Start · Mon 23 Nov 05:02",
        "Ada Voorbeeld",
        "Sent to the NSSO: taken in",
        "HTTP status 200 in 87 ms",
        "Trace id 0b0f2f6e-1111-4a4a-8888-000000000001",
        "Trace id of the NSSO 0b0f2f6e-2222-4a4a-8888-000000000002",
        "Contract version 1",
        "Received and kept Mon 23 Nov 05:02:11 Key of the tap",
        "The registration still is what was sealed.",
        "The NSSO has it as no. 17611",
        "With remarks",
        "Remark gone: No Dimona declaration for this day",
        "Iets nieuws",
        "When I stopped",
        "never sent to the NSSO",
    ):
        assert expected in words, expected


def test_a_refusal_says_why(cast: Cast, morning: Morning) -> None:
    Submission.objects.filter(registration=morning.of_ada).update(
        state=SubmissionState.REFUSED, due_at=None, refusal={"source": "nsso", "reason": "workplace"}
    )
    words = text(cast.browser(cast.office).get(f"/registrations/{morning.of_ada.pk}/"))
    assert "The NSSO did not take this registration in." in words
    assert "The address of the workplace is not complete" in words
    assert "is not sent again" in words


def test_flags_are_explained(cast: Cast, morning: Morning) -> None:
    unknown = make_worker(cast.stranger, SSINS[3]).person
    odd = tap(morning.works, unknown, Kind.OUT).registration
    words = text(cast.browser(cast.office).get(f"/registrations/{odd.pk}/"))
    assert "The employer has no such worker on file on this day." in words
    assert "A stop without a start before it." in words


def test_the_office_releases_what_was_held(cast: Cast, morning: Morning) -> None:
    Submission.objects.filter(registration=morning.of_ada).update(state=SubmissionState.HELD, due_at=None)
    here = f"/registrations/{morning.of_ada.pk}/"
    assert "Release to the NSSO" not in text(cast.browser(cast.auditor).get(here))
    assert cast.browser(cast.auditor).post(f"{here}release/").status_code == 403
    assert cast.browser(cast.stranger_office).post(f"{here}release/").status_code == 404
    browser = cast.browser(cast.office)
    assert "Release to the NSSO" in text(browser.get(here))
    assert browser.get(f"{here}release/").status_code == 405
    assert "on its way to the NSSO" in text(browser.post(f"{here}release/", follow=True))
    assert Submission.objects.get(registration=morning.of_ada).state == SubmissionState.WAITING
    assert AuditEvent.objects.filter(action="registration.released", user=cast.office).count() == 1
    assert "no longer held" in text(browser.post(f"{here}release/", follow=True))


def test_the_page_of_a_registration_needs_few_queries(cast: Cast, morning: Morning) -> None:
    presence = accepted(morning.of_ada, nsso_id=17611, validity="validWithRemarks")
    for code in ("dimonaNotFound", "limosaNotFound", "missingOut"):
        remark_on(presence, code)
    browser = cast.browser(cast.office)
    with at_most_queries(13):
        browser.get(f"/registrations/{morning.of_ada.pk}/")


def test_the_clock_of_the_phone_and_the_place_are_shown(cast: Cast, morning: Morning) -> None:
    late = register(
        replace(
            tap_at(morning.works, morning.ada.person, Kind.OUT),
            claimed_at=NOW - timedelta(hours=2),
            offset=timedelta(seconds=95),
            kept_offline=True,
            place=Position(latitude=Decimal("51.05"), longitude=Decimal("3.72"), accuracy_m=12),
        ),
        now=NOW,
    ).registration
    words = text(cast.browser(cast.auditor).get(f"/registrations/{late.pk}/"))
    assert "Time on the phone Mon 23 Nov 04:02:11" in words
    assert "Clock of the phone 1 min 35 s behind" in words
    assert "The phone was offline: it kept the tap and sent it later." in words
    assert "After the tap 1 h 58 min" in words
    assert "51.0500, 3.7200, within 12 m" in words


def test_a_registration_changed_past_the_portal_is_seen(cast: Cast, morning: Morning) -> None:
    # The triggers keep the row as it is, so the fingerprint of another row stands in for a changed one.
    of_bea = SealLeaf.objects.get(registration_key=morning.of_bea.pk)
    steps = journey_of(morning.of_ada, [], of_bea)
    sealed = next(step for step in steps if step.icon == "lock")
    assert sealed.signal == "late"
    assert "no longer is what was sealed" in sealed.lines[0]


@pytest.mark.parametrize("code", [*NssoCode, "notCreated"])
def test_every_failure_on_the_journey_is_explained(cast: Cast, morning: Morning, code: str) -> None:
    submission = Submission.objects.get(registration=morning.of_ada)
    failed_try = Attempt(
        submission=submission,
        started_at=NOW,
        duration_ms=87,
        operation="register",
        trace_id="t",
        contract_version="1",
        outcome=str(code),
    )
    failed_try.save()
    steps = journey_of(morning.of_ada, [], None)
    step = next(step for step in steps if step.at == NOW)
    assert step.title == f"Sent to the NSSO: {FAILURES[code].title}"
    assert step.lines[0] == FAILURES[code].meaning


def test_an_access_that_is_refused_asks_for_something_else_than_a_missing_one(
    cast: Cast, morning: Morning
) -> None:
    path = f"/registrations/{morning.of_ada.pk}/"
    journey = Submission.objects.filter(registration=morning.of_ada)
    journey.update(state=SubmissionState.MISCONFIGURED, last_error="credentialsMissing")
    assert "needs access to the NSSO" in text(cast.browser(cast.office).get(path))
    journey.update(last_error=NssoCode.TOKEN_REFUSED.value)
    words = text(cast.browser(cast.office).get(path))
    assert "Check under Settings, Access to the NSSO" in words
    assert "needs access to the NSSO" not in words
