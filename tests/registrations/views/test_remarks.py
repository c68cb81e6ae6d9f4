"""`/remarks/` and the page of one remark."""

import re
from datetime import date, timedelta

import pytest
from django.utils import translation

from ciao_portal.nsso.contract import RemarkCode
from ciao_portal.web.lists import PAGE_SIZE
from declarations.models import ChainView
from registrations.models import EarlierWording, Remark, Statement
from registrations.models.registrations import StatementKind
from registrations.remarks import MEANINGS, Request, meaning_of
from registrations.rules.presence import Kind
from registrations.views.remarks import asking
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.corrections.world import begin
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import Page, rows, text
from tests.registrations.views.scene import accepted, elsewhere, remark_on
from tests.works import declare, tap

RECORD = r'href="(/(?:declarations|workplaces|companies|workers)/[0-9a-f-]{36}/)"'
TODAY = date(2026, 11, 23)


def codes(page: Page) -> list[str]:
    return [str(row["data-code"]) for row in rows(page, "remarks")]


def test_rows_carry_their_deadline(cast: Cast, morning: Morning) -> None:
    remark = remark_on(accepted(morning.of_ada, nsso_id=1), "declarationUnknown")
    page = cast.browser(cast.auditor).get("/remarks/")
    (row,) = rows(page, "remarks")
    assert row["data-id"] == str(remark.pk)
    assert row["data-code"] == "declarationUnknown"
    assert row["data-deadline"] == "2026-12-23"
    assert row["data-days-left"] == "30"
    words = text(page)
    assert "30 days Wed 23 Dec Declaration number does not exist needs a request" in words


def test_who_sees_which_remark(cast: Cast, morning: Morning) -> None:
    of_ada = remark_on(accepted(morning.of_ada, nsso_id=1), "dimonaNotFound")
    of_bea = remark_on(accepted(morning.of_bea, nsso_id=2), "limosaNotFound")
    assert set(codes(cast.browser(cast.office).get("/remarks/"))) == {"dimonaNotFound", "limosaNotFound"}
    assert codes(cast.browser(cast.sub_office).get("/remarks/")) == ["limosaNotFound"]
    assert codes(cast.browser(cast.stranger_office).get("/remarks/")) == []
    assert cast.browser(cast.sub_office).get(f"/remarks/{of_bea.pk}/").status_code == 200
    assert cast.browser(cast.sub_office).get(f"/remarks/{of_ada.pk}/").status_code == 404
    assert cast.browser(cast.stranger_office).get(f"/remarks/{of_ada.pk}/").status_code == 404


def test_filters(cast: Cast, morning: Morning) -> None:
    ada, bea = accepted(morning.of_ada, nsso_id=1), accepted(morning.of_bea, nsso_id=2)
    remark_on(ada, "dimonaNotFound", happened_day=TODAY - timedelta(days=31))
    remark_on(ada, "missingOut", happened_day=TODAY - timedelta(days=30))
    remark_on(bea, "workerUnknown", happened_day=TODAY - timedelta(days=23))
    remark_on(bea, "missingIn", happened_day=TODAY - timedelta(days=22))
    remark_on(ada, "siteNotSubject", gone_at=NOW)
    remark_on(elsewhere(morning.of_bea, nsso_id=3), "neverSeen", happened_day=TODAY)
    remark_on(ada, "enterpriseUnknown", happened_day=TODAY)
    remark_on(ada, "declarationNotActive", happened_day=TODAY)
    browser = cast.browser(cast.office)
    late = ["neverSeen", "enterpriseUnknown", "declarationNotActive"]
    standing = ["dimonaNotFound", "missingOut", "workerUnknown", "missingIn", *late]
    for query, expected in [
        ("", standing),
        ("sort=-last_day", standing[::-1]),
        ("urgency=overdue", ["dimonaNotFound"]),
        ("urgency=today", ["missingOut"]),
        ("urgency=soon", ["workerUnknown"]),
        ("urgency=later", ["missingIn", *late]),
        ("urgency=within15", ["missingOut", "workerUnknown", "missingIn"]),
        ("request_needed=yes", ["enterpriseUnknown"]),
        ("request_needed=perhaps", ["declarationNotActive"]),
        ("request_needed=asked", ["enterpriseUnknown", "declarationNotActive"]),
        ("request_needed=no", standing[:4]),
        ("request_needed=unknown", ["neverSeen"]),
        ("origin=elsewhere", ["neverSeen"]),
        ("origin=here", [code for code in standing if code != "neverSeen"]),
        ("q=ada+voor", ["dimonaNotFound", "missingOut", "enterpriseUnknown", "declarationNotActive"]),
        # The subcontractor's people have no name here.
        ("q=onderaan", []),
        (f"workplace={morning.works.workplaces[1].pk}", ["workerUnknown", "missingIn"]),
        ("code=neverSeen", ["neverSeen"]),
        ("code=missingOut", ["missingOut"]),
        (f"employer={cast.sub.pk}", ["workerUnknown", "missingIn", "neverSeen"]),
        (f"declaration={morning.works.declaration.pk}", standing),
        ("standing=gone", ["siteNotSubject"]),
        ("standing=all", [*standing[:4], "siteNotSubject", *late]),
    ]:
        assert codes(browser.get(f"/remarks/?{query}")) == expected, query


def test_a_full_page_needs_no_more_queries_than_one(cast: Cast, morning: Morning) -> None:
    for index in range(55):
        registration = tap(
            morning.works, morning.ada.person, now=NOW - timedelta(hours=2 * index + 3)
        ).registration
        code = "missingOut" if index % 2 else "dimonaNotFound"
        remark_on(accepted(registration, nsso_id=100 + index), code)
    browser = cast.browser(cast.office)
    with at_most_queries(12):
        assert len(codes(browser.get("/remarks/"))) == PAGE_SIZE


def test_the_card_says_what_to_do_and_until_when(cast: Cast, morning: Morning) -> None:
    remark = remark_on(accepted(morning.of_ada, nsso_id=1, validity="invalid"), "enterpriseUnknown")
    page = cast.browser(cast.auditor).get(f"/remarks/{remark.pk}/")
    words = text(page)
    for expected in (
        "Enterprise number does not exist 30 days",
        "Ask the NSSO to correct the enterprise number",
        "Request needed",
        "Last day: Wed 23 Dec 2026",
        "questions 15 to 17",
        "Ada Voorbeeld",
        "Not valid",
    ):
        assert expected in words, expected
    assert f"/registrations/{morning.of_ada.pk}/" in page.content.decode()


def test_a_presence_registered_elsewhere_has_no_registration_of_ours(cast: Cast, morning: Morning) -> None:
    remark = remark_on(elsewhere(morning.of_bea, nsso_id=900))
    browser = cast.browser(cast.office)
    assert "registered elsewhere" in text(browser.get("/remarks/"))
    page = browser.get(f"/remarks/{remark.pk}/")
    assert "was registered elsewhere" in text(page)
    assert "Show the registration" not in text(page)


def test_a_remark_gone_asks_for_nothing(cast: Cast, morning: Morning) -> None:
    remark = remark_on(accepted(morning.of_ada, nsso_id=1), gone_at=NOW)
    words = text(cast.browser(cast.office).get(f"/remarks/{remark.pk}/"))
    assert "Nothing needs to be done." in words


@pytest.mark.parametrize(
    ("request_", "last_day", "words"),
    [
        (Request.NO, TODAY, "No request needed"),
        (Request.YES, TODAY, "Request needed"),
        (Request.PERHAPS, TODAY, "Request possible"),
        (Request.YES, TODAY - timedelta(days=1), "Too late for a request"),
        (Request.PERHAPS, TODAY - timedelta(days=1), "Too late for a request"),
        (Request.NO, TODAY - timedelta(days=1), "No request needed"),
        (Request.UNKNOWN, TODAY, "Find out whether a request is needed"),
    ],
)
def test_whether_the_nsso_can_be_asked(request_: Request, last_day: date, words: str) -> None:
    assert str(asking(request_, last_day=last_day, today=TODAY).words) == words


@pytest.mark.parametrize(
    ("language", "description", "words"),
    [
        ("fr", {"nl": "Nieuw", "fr": "Neuf"}, "Neuf"),
        ("de", {"nl": "Nieuw", "fr": "Neuf"}, "Nieuw"),
        ("en", {"fr": "Neuf"}, "Neuf"),
        ("nl", {}, "neverSeen"),
        ("nl", {"nl": ""}, "neverSeen"),
    ],
)
def test_an_unknown_remark_stands_as_it_came(language: str, description: dict[str, str], words: str) -> None:
    with translation.override(language):
        meaning = meaning_of(Remark(code="neverSeen", description=description))
    assert meaning.words == words
    assert meaning.request is Request.UNKNOWN


def test_only_wrong_enterprise_and_declaration_numbers_may_call_for_a_request() -> None:
    asked = {code for code, meaning in MEANINGS.items() if meaning.request is not Request.NO}
    assert asked == {
        "enterpriseUnknown",
        "enterpriseNotActive",
        "enterpriseNotOnDeclaration",
        "declarationMissing",
        "declarationUnknown",
        "declarationNotActive",
    }


def test_the_same_remark_on_other_registrations_is_counted(cast: Cast, morning: Morning) -> None:
    remark = remark_on(accepted(morning.of_ada, nsso_id=1, validity="validWithRemarks"))
    earlier = tap(morning.works, morning.ada.person, now=NOW - timedelta(days=2)).registration
    of_earlier = remark_on(accepted(earlier, nsso_id=2, validity="validWithRemarks"))
    remark_on(accepted(morning.of_bea, nsso_id=3, validity="validWithRemarks"))
    remark_on(accepted(morning.of_bea, nsso_id=4, validity="validWithRemarks"), "limosaNotFound")
    browser = cast.browser(cast.auditor)
    with at_most_queries(13):
        page = browser.get(f"/remarks/{remark.pk}/")
    words = text(page)
    assert "2 other open remarks of this kind" in words
    assert "The NSSO found no Dimona of this employer for this worker" in words
    assert "Day 0 of 30. Last day: Wed 23 Dec 2026" in words
    html = page.content.decode()
    assert f"/remarks/{of_earlier.pk}/" in html
    assert f'href="/workers/{morning.ada.pk}/"' in html
    assert f'href="/declarations/{morning.works.declaration.pk}/"' in html


def test_no_link_leads_where_one_is_not_let_in(cast: Cast, morning: Morning) -> None:
    # The stranger's worker registered on works in whose chain the stranger does not stand.
    outside = tap(morning.works, morning.ada.person, employer=cast.stranger).registration
    remark = remark_on(accepted(outside, nsso_id=9, validity="validWithRemarks"))
    for user in (cast.stranger_office, cast.office):
        browser = cast.browser(user)
        for here in (f"/remarks/{remark.pk}/", f"/registrations/{outside.pk}/"):
            page = browser.get(here)
            assert page.status_code == 200
            for link in re.findall(RECORD, page.content.decode()):
                assert browser.get(link).status_code == 200, (here, link)


def test_what_the_nsso_changed_in_a_remark_stands_in_its_history(cast: Cast, morning: Morning) -> None:
    remark = remark_on(accepted(morning.of_ada, nsso_id=7), seen_at=NOW - timedelta(hours=2))
    browser = cast.browser(cast.office)
    EarlierWording.objects.create(
        remark=remark, description={"nl": "Vroeger zo"}, dated=date(2026, 11, 23), until=NOW
    )
    page = text(browser.get(f"/remarks/{remark.pk}/"))
    assert "First seen" in page
    assert "Changed by the NSSO" in page
    assert "Before, the NSSO said, with the date Mon 23 Nov 2026: Vroeger zo" in page
    assert "Put right In the Dimona declaration" in page


def test_a_remark_that_went_with_its_presence_is_not_called_solved(cast: Cast, morning: Morning) -> None:
    presence = accepted(morning.of_ada, nsso_id=7)
    presence.missed_since = NOW - timedelta(days=1)
    presence.save()
    remark = remark_on(presence, gone_at=NOW)
    remark.gone_with_presence = True
    remark.save()
    page = text(cast.browser(cast.office).get(f"/remarks/{remark.pk}/"))
    assert "Nobody solved it" in page
    assert "The presence is no longer listed" in page
    assert "No longer listed by the NSSO since Sun 22 Nov" in page
    assert "Nothing needs to be done." not in page


def test_a_row_says_why_who_must_act_and_where(cast: Cast, morning: Morning) -> None:
    remark_on(accepted(morning.of_ada, nsso_id=1), "dimonaNotFound")
    of_bea = remark_on(accepted(morning.of_bea, nsso_id=2), "dimonaNotFound")
    browser = cast.browser(cast.office)
    page = browser.get("/remarks/")
    words, html = text(page), page.content.decode()
    assert "The worker's file has no Dimona number. Open the worker's file Your office Ada Voorbeeld" in words
    assert f'href="/workers/{morning.ada.pk}/"' in html
    # The file of the subcontractor's worker is not ours to look at: one reminds that company.
    assert "The worker's file is with the company the registration was made for" in words
    assert "The office of Zuiver Sub" in words
    assert f'href="/remarks/reminders/new/?remark={of_bea.pk}"' in html
    # Ticked is what one can do something about for several at once.
    assert re.findall(r'name="row" value="([0-9a-f-]+)"', html) == [str(of_bea.pk)]
    of_sub = text(cast.browser(cast.sub_office).get("/remarks/"))
    assert "The worker's file has no Dimona number." in of_sub
    assert "Bea Onderaan" in of_sub
    # Who only reads is led to pages, not to deeds.
    assert "/remarks/reminders/new/" not in cast.browser(cast.auditor).get("/remarks/").content.decode()


@pytest.mark.parametrize("code", list(RemarkCode))
def test_every_remark_leads_somewhere_for_whoever_sees_it(
    cast: Cast, morning: Morning, code: RemarkCode
) -> None:
    of_ada = remark_on(accepted(morning.of_ada, nsso_id=1), code.value)
    of_bea = remark_on(accepted(morning.of_bea, nsso_id=2), code.value)
    for user, remark in ((cast.office, of_ada), (cast.office, of_bea), (cast.sub_office, of_bea)):
        browser = cast.browser(user)
        page = browser.get(f"/remarks/{remark.pk}/")
        assert "Who must act:" in text(page)
        ways = page.context["ways"]
        assert any(way.url for way in ways), (user, remark.employer)
        for way in ways:
            if way.url and not way.is_outside:
                assert browser.get(way.url).status_code == 200, way.url


def test_causes_that_lie_in_the_registrations_around(cast: Cast, morning: Morning) -> None:
    browser, ada = cast.browser(cast.office), morning.ada.person
    other = declare(cast.main, declared_number="9B0ABCDEFGHJL", technical_reference="1Y1003SQ5VSSY")
    came = accepted(morning.of_ada, nsso_id=1)
    missing, twice, overlap = (
        remark_on(came, code) for code in ("missingOut", "duplicateRegistration", "overlappingRegistrations")
    )

    def cause(remark: Remark) -> str:
        return str(browser.get(f"/remarks/{remark.pk}/").context["cause"])

    assert cause(missing) == "There is no check-out here either, and the worker said nothing of it yet."
    assert cause(twice) == cause(overlap) == "Our own data do not tell why."
    Statement.objects.create(
        person=ada,
        registration=morning.of_ada,
        kind=StatementKind.STOPPED_AT,
        stopped_at=NOW - timedelta(minutes=30),
        given_at=NOW,
    )
    assert cause(missing).endswith("The worker said to have stopped at Mon 23 Nov 05:32.")
    tap(morning.works, ada, now=NOW - timedelta(minutes=55))
    assert cause(twice) == "The worker registered the same once more at Mon 23 Nov 05:07."
    tap(other, ada, now=NOW - timedelta(minutes=20))
    assert cause(overlap) == "The worker also registered on “Schoonmaak Voorbeeld” at Mon 23 Nov 05:42."
    # Made on these works, and not at the NSSO yet.
    tap(morning.works, ada, Kind.OUT, now=NOW - timedelta(minutes=5))
    assert cause(missing) == "The worker checked out at Mon 23 Nov 05:57, but that is not at the NSSO yet."


def test_the_wrong_enterprise_and_the_end_of_a_place_in_the_chain(cast: Cast, morning: Morning) -> None:
    remark = remark_on(accepted(morning.of_bea, nsso_id=2), "enterpriseNotOnDeclaration")
    here, browser = f"/remarks/{remark.pk}/", cast.browser(cast.office)
    assert "Here 0202.239.951 stands in the chain since" in browser.get(here).context["cause"]
    ChainView.objects.filter(viewer=cast.main, member=cast.sub).update(valid_to=TODAY - timedelta(days=53))
    page = browser.get(here)
    words = "The worker used 0202.239.951, whose place in the chain ended on Thu 1 Oct 2026."
    assert page.context["cause"] == words
    assert f'href="/declarations/{morning.works.declaration.pk}/chain/"' in page.content.decode()
    make_worker(cast.main, SSINS[1], "Bea", "Elders")
    page = browser.get(here)
    assert "is employed by you since" in page.context["cause"]
    assert f'href="/corrections/new/?remark={remark.pk}"' in page.content.decode()


def test_the_life_of_a_remark_and_of_its_request_stand_on_both_pages(cast: Cast, morning: Morning) -> None:
    seen_at = NOW - timedelta(hours=1)
    remark = remark_on(accepted(morning.of_ada, nsso_id=1), "enterpriseNotActive", seen_at=seen_at)
    correction = begin(cast.main, remark)
    Remark.objects.filter(pk=remark.pk).update(gone_at=NOW + timedelta(hours=1))
    auditor = cast.browser(cast.auditor)
    steps = auditor.get(f"/remarks/{remark.pk}/").context["history"]
    assert [str(one["title"]) for one in steps] == ["First seen", "Begun", "Gone"]
    page = auditor.get(f"/corrections/{correction.pk}/")
    assert [str(one["title"]) for one in page.context["steps"]] == ["First seen", "Begun", "Gone"]
    assert "Enterprise not active on this day · Mon 23 Nov 2026" in text(page)
