"""The page `/nsso/`: how traffic with the NSSO stands, what waits, what failed; the address for the chain."""

import re
from datetime import datetime, timedelta

import pytest

from ciao_portal.access import keep_client_id, make_key
from ciao_portal.audit import Actor
from ciao_portal.models import AuditEvent, Company, NssoCredentials
from ciao_portal.nsso.errors import NssoCode
from ciao_portal.tenancy import company_scope, unscoped
from registrations.models import (
    Attempt,
    NssoLine,
    Outage,
    OutageOrigin,
    ReadBack,
    Registration,
    StatusAddress,
    Submission,
)
from registrations.models.nsso import SubmissionState
from registrations.rules.traffic import State, Topic
from registrations.traffic_wording import DETAILS, TOPICS, WORDS
from tests.cast import NOW, Cast
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import Page, links, text
from tests.registrations.views.scene import accepted


def give_access(company: Company) -> NssoCredentials:
    with company_scope(company):
        access = make_key(company=company, actor=Actor(company), now=NOW)
        keep_client_id(access=access, client_id="self_service_chaman_1", actor=Actor(company), now=NOW)
        access.refresh_from_db()
    return access


def line(access: NssoCredentials | None, **values: object) -> NssoLine:
    return NssoLine.objects.update_or_create(credentials=access, defaults=values)[0]


def failed(
    registration: Registration, code: str, *, at: datetime, trace: str = "t", status: int | None = None
) -> None:
    Attempt.objects.create(
        submission=Submission.objects.get(registration=registration),
        started_at=at,
        duration_ms=5,
        operation="register",
        http_status=status,
        trace_id=trace,
        contract_version="1.4.1",
        outcome=code,
    )


def found(page: Page) -> list[tuple[str, str]]:
    """State and signal of each finding, in the order of the page."""
    return re.findall(r'data-state="(\w+)" data-signal="(\w+)"', page.content.decode())


def test_every_state_and_topic_has_its_words() -> None:
    assert set(WORDS) == set(State)
    assert set(TOPICS) == set(DETAILS) == set(Topic)
    assert all(str(advice).endswith(".") for _word, advice in WORDS.values())


def test_all_is_well(cast: Cast, morning: Morning) -> None:
    access = give_access(cast.main)
    accepted(morning.of_ada, nsso_id=1)
    accepted(morning.of_bea, nsso_id=2)
    line(
        access,
        last_success_at=NOW - timedelta(seconds=2),
        clock_skew_s=0.3,
        token_fetched_at=NOW - timedelta(minutes=10),
        token_ends_at=NOW + timedelta(minutes=20),
    )
    ReadBack.objects.create(
        credentials=access,
        day=NOW.date(),
        due_at=NOW + timedelta(hours=1),
        read_at=NOW - timedelta(minutes=3),
    )
    page = cast.browser(cast.office).get("/nsso/")
    assert {signal for _state, signal in found(page)} == {"ok"}
    words = text(page)
    for part in (
        "Answers last answer 2 s ago Nothing to do.",
        "Valid fetched 10 min ago, valid until 06:22",
        "Alike alike to the second",
        "Up to date last reading 3 min ago",
        "The NSSO has every registration it should have.",
        "No call with your registrations failed",
    ):
        assert part in words, words


def test_the_nsso_is_down(cast: Cast, morning: Morning) -> None:
    access = give_access(cast.main)
    line(
        access,
        failures=9,
        failing_since=NOW - timedelta(minutes=50),
        last_failure_at=NOW - timedelta(seconds=20),
        last_failure=NssoCode.NAME_NOT_RESOLVED.value,
        rest_until=NOW + timedelta(seconds=30),
        clock_skew_s=-12,
    )
    page = cast.browser(cast.office).get("/nsso/")
    assert found(page)[:2] == [("silent", "late"), ("waitsLong", "late")]
    words = text(page)
    for part in (
        "Does not answer since 05:12 The name of the NSSO's server could not be looked up (DNS).",
        "let everybody go on registering, nothing is lost",
        "2 registrations, the oldest received 05:02",
        "This access rests until 06:02:41",
        "In doubt ours is 12 seconds ahead",
        "None yet",
    ):
        assert part in words, words
    assert links(page, "live-waiting") == ["/registrations/?nsso=waiting"]


def test_an_access_that_is_refused_says_what_to_put_right(cast: Cast, morning: Morning) -> None:
    line(
        give_access(cast.main),
        failing_since=NOW - timedelta(minutes=1),
        last_failure=NssoCode.TOKEN_REFUSED.value,
    )
    page = cast.browser(cast.office).get("/nsso/")
    assert ("refuses", "late") in found(page)
    assert "Check under Settings, Access to the NSSO" in text(page)


def test_a_sender_that_stopped(cast: Cast, morning: Morning) -> None:
    give_access(cast.main)
    page = cast.browser(cast.office).get("/nsso/")
    assert ("senderStopped", "late") in found(page)
    Submission.objects.update(in_flight_since=NOW - timedelta(seconds=1), state=SubmissionState.SENDING)
    assert ("senderWorks", "ok") in found(cast.browser(cast.office).get("/nsso/"))


def test_without_any_access(cast: Cast, morning: Morning) -> None:
    assert ("accessMissing", "wait") in found(cast.browser(cast.office).get("/nsso/"))
    Submission.objects.update(state=SubmissionState.MISCONFIGURED)
    assert ("accessMissed", "late") in found(cast.browser(cast.office).get("/nsso/"))


def test_another_company_s_access_shows_its_name_and_no_more(cast: Cast, morning: Morning) -> None:
    access = give_access(cast.main)
    line(access, last_success_at=NOW, token_fetched_at=NOW, token_ends_at=NOW + timedelta(minutes=30))
    page = cast.browser(cast.sub_office).get("/nsso/")
    states = [state for state, _signal in found(page)]
    assert "accessBorrowed" in states
    assert "answers" in states
    words = text(page)
    assert "of Helder Main" in words
    assert "Token" not in words
    assert access.client_id not in words


def test_failures_are_counted_by_kind_for_a_day(cast: Cast, morning: Morning) -> None:
    for trace in ("a", "a", "b"):
        failed(morning.of_ada, NssoCode.TIMEOUT.value, at=NOW - timedelta(hours=1), trace=trace)
    failed(morning.of_bea, NssoCode.NOT_JSON.value, at=NOW - timedelta(minutes=5), status=502)
    failed(morning.of_bea, "neverSeen", at=NOW - timedelta(minutes=9))
    failed(morning.of_ada, "created", at=NOW)
    failed(morning.of_ada, NssoCode.TLS.value, at=NOW - timedelta(hours=24, seconds=1))
    words = text(cast.browser(cast.office).get("/nsso/"))
    assert "No answer in time The NSSO did not answer in time." in words
    assert "2 calls last 05:02" in words
    assert words.index("Answer is no data") < words.index("NeverSeen") < words.index("No answer in time")
    assert "secure connection" not in words
    # The subcontractor's own, and a stranger's: none.
    assert "No answer in time" not in text(cast.browser(cast.sub_office).get("/nsso/"))
    assert "No call with your registrations failed" in text(cast.browser(cast.stranger_office).get("/nsso/"))


def test_more_failures_than_are_looked_through_shorten_the_time(
    cast: Cast, morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registrations.traffic.MOST_FAILURES", 2)
    for minutes in (5, 10, 15, 20):
        failed(
            morning.of_ada, NssoCode.TIMEOUT.value, at=NOW - timedelta(minutes=minutes), trace=f"{minutes}"
        )
    words = text(cast.browser(cast.office).get("/nsso/"))
    assert "Calls that failed since 05:47" in words
    assert "3 calls" in words


def test_an_outage_is_told(cast: Cast, morning: Morning) -> None:
    with company_scope(cast.main):
        Outage.objects.create(
            company=cast.main,
            origin=OutageOrigin.FOUND,
            started_at=NOW - timedelta(hours=1),
            recorded_at=NOW,
            told_at=NOW,
        )
    words = text(cast.browser(cast.office).get("/nsso/"))
    assert "Registrations have not all reached the NSSO since 05:02." in words
    assert "told by e-mail" in words
    assert "have not all reached" not in text(cast.browser(cast.sub_office).get("/nsso/"))


def test_a_ceiling_for_the_queries(cast: Cast, morning: Morning) -> None:
    line(give_access(cast.main), last_success_at=NOW)
    browser = cast.browser(cast.owner)
    browser.get("/nsso/")
    with at_most_queries(12):
        browser.get("/nsso/")


def test_the_dashboard_and_the_registrations_lead_here(cast: Cast, morning: Morning) -> None:
    assert links(cast.browser(cast.office).get("/"), "live-nsso") == ["/nsso/"]
    assert "Traffic with the NSSO" in text(cast.browser(cast.office).get("/registrations/"))


def test_an_owner_makes_replaces_and_revokes_the_address(cast: Cast) -> None:
    browser = cast.browser(cast.owner)
    secrets = [shown(browser.post("/nsso/status-address/")) for _time in range(2)]
    assert [cast.browser().get(f"/status/{secret}/").status_code for secret in secrets] == [404, 200]
    assert "An address works since" in text(browser.get("/nsso/"))
    assert secrets[1] not in text(browser.get("/nsso/"))
    browser.post("/nsso/status-address/revoke/")
    browser.post("/nsso/status-address/revoke/")
    assert cast.browser().get(f"/status/{secrets[1]}/").status_code == 404
    actions = AuditEvent.objects.filter(action__startswith="status_address").order_by("id")
    assert list(actions.values_list("action", "user")) == [
        ("status_address.made", cast.owner.pk),
        ("status_address.made", cast.owner.pk),
        ("status_address.revoked", cast.owner.pk),
    ]
    with unscoped(reason="tests look at everything"):
        kept = str(list(StatusAddress.objects.values()))
    assert not any(secret in kept for secret in secrets)


def test_only_owners_are_offered_it(cast: Cast) -> None:
    assert "Status line for your chain" in text(cast.browser(cast.owner).get("/nsso/"))
    assert "Status line for your chain" not in text(cast.browser(cast.office).get("/nsso/"))


def shown(page: Page) -> str:
    """The secret in the address that the page shows."""
    found = re.search(r"/status/([\w-]+)/", text(page))
    assert found is not None
    return found[1]
