"""What every list can do, tried on registrations, workers and remarks."""

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.utils import translation

from ciao_portal.models import AuditEvent
from ciao_portal.tenancy import company_scope
from ciao_portal.web import lists
from registrations.models import Employment, Registration, Submission
from registrations.models.nsso import SubmissionState
from registrations.rules.presence import Kind
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import Page, rows, text, turn
from tests.works import declare, subcontract_to, tap

LIST = "/registrations/"


def ids(page: Page, list_name: str = "registrations") -> list[str]:
    return [str(row["data-id"]) for row in rows(page, list_name)]


def cells(response: Iterable[bytes]) -> list[list[str]]:
    body = b"".join(response).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body), delimiter=";"))


def hold(*registrations: Registration) -> None:
    found = Submission.objects.filter(registration__in=registrations)
    found.update(state=SubmissionState.HELD, due_at=None)


def test_pages_lead_on_and_back(cast: Cast, morning: Morning, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    for hours in range(3, 6):
        tap(morning.works, morning.ada.person, now=NOW - timedelta(hours=hours))
    browser = cast.browser(cast.office)
    first = browser.get(LIST)
    assert turn(first, "prev") == ""
    second = browser.get(LIST + turn(first, "next"))
    third = browser.get(LIST + turn(second, "next"))
    assert turn(third, "next") == ""
    shown = ids(first) + ids(second) + ids(third)
    assert len(shown) == len(set(shown)) == 5
    assert ids(browser.get(LIST + turn(third, "prev"))) == ids(second)
    assert ids(browser.get(LIST + turn(second, "prev"))) == ids(first)
    assert "Older" in text(first)
    assert "Newer" in text(second)


def test_a_broken_place_is_the_beginning(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    whole = ids(browser.get(LIST))
    assert whole
    for query in ("after=nonsense", "before=a:b:c", "at=2026-02-31", "at=0001-01-01&after=", "sort=flags"):
        assert ids(browser.get(f"{LIST}?{query}")) == whole, query


def test_the_order_is_turned_and_kept_by_the_pages(
    cast: Cast, morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = cast.browser(cast.office)
    whole = ids(browser.get(LIST))
    turned = browser.get(f"{LIST}?sort=happened_at")
    assert ids(turned) == whole[::-1]
    assert 'aria-sort="ascending"' in turned.content.decode()
    monkeypatch.setattr(lists, "PAGE_SIZE", 1)
    first = browser.get(f"{LIST}?sort=happened_at")
    assert ids(browser.get(LIST + turn(first, "next"))) == whole[::-1][1:2]


def test_a_jump_starts_at_the_end_of_the_day(cast: Cast, morning: Morning) -> None:
    early = tap(morning.works, morning.ada.person, now=NOW - timedelta(days=3)).registration
    browser = cast.browser(cast.office)
    assert ids(browser.get(f"{LIST}?at=2026-11-22")) == [str(early.pk)]
    assert str(early.pk) in ids(browser.get(f"{LIST}?at=2026-11-23"))
    late = browser.get(f"{LIST}?at=2026-11-01")
    assert ids(late) == []
    assert "Nothing from here on" in text(late)
    # Filters stay when one jumps.
    assert ids(browser.get(f"{LIST}?at=2026-11-22&kind=OUT")) == []


def test_what_stands_below_somebody_is_seen_once_however_many_ways_lead_to_it(cast: Cast) -> None:
    """The sub sees its own and its sub's on the main contractor's works, and its own works."""
    works, own = (
        declare(cast.main),
        declare(cast.sub, declared_number="9B0ABCDEFGHJL", technical_reference=""),
    )
    subcontract_to(works, cast.sub)
    worker = make_worker(cast.sub, SSINS[2])
    taps = [
        tap(works, worker.person, employer=cast.sub, now=NOW - timedelta(hours=2)),
        tap(own, worker.person, now=NOW - timedelta(hours=1)),
    ]
    found = ids(cast.browser(cast.sub_office).get(LIST))
    assert found == [str(receipt.registration.pk) for receipt in reversed(taps)]


def test_columns_are_chosen_and_carried_along(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    assert "Received" not in _heads(browser.get(LIST))
    page = browser.get(f"{LIST}?columns=kind&columns=received_at&kind=IN")
    assert _heads(page) == ["Time", "Registration", "Received"]
    assert _heads(browser.get(f"{LIST}?columns=nonsense")) == _heads(browser.get(LIST))
    html = page.content.decode()
    assert 'name="columns" form="filters" value="kind,received_at"' in html
    assert "columns=kind&amp;columns=received_at&amp;kind=IN&amp;sort=happened_at" in html


def _heads(page: Page) -> list[str]:
    table = page.content.decode().partition("<thead")[2].partition("</thead>")[0]
    return [text(_Part(part)) for part in table.split('<th role="columnheader" scope="col"')[1:] if part]


class _Part:
    def __init__(self, html: str) -> None:
        self.content = f"<i{html}".encode()


def test_the_csv_holds_what_is_shown_in_words(cast: Cast, morning: Morning) -> None:
    query = urlencode({"format": "csv", "columns": "worker,kind,number", "employer": str(cast.main.pk)})
    user = cast.office
    user.language = "nl"
    user.save()
    response = cast.browser(user).get(f"{LIST}?{query}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "registrations-" in response["Content-Disposition"]
    with translation.override("nl"):
        heads = [
            str(translation.gettext(word)) for word in ("Time", "Worker", "National number", "Registration")
        ]
    assert cells(response) == [
        heads,
        ["23/11/2026 05:02", str(morning.ada), "85.07.30-•••.••", "Start"],
    ]


def test_a_csv_is_never_cut_off_silently(
    cast: Cast, morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = cast.browser(cast.office)
    assert len(cells(browser.get(f"{LIST}?format=csv"))) == 3
    monkeypatch.setattr(lists, "CSV_ROWS", 1)
    answer = browser.get(f"{LIST}?format=csv&kind=IN", follow=True)
    assert answer.redirect_chain == [(f"{LIST}?kind=IN", 302)]
    assert "more than 1 rows" in text(answer)
    assert "make an export" in text(answer)


def test_a_csv_reaches_beyond_a_block(cast: Cast, morning: Morning, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "CSV_BLOCK", 1)
    browser = cast.browser(cast.office)
    found = cells(browser.get(f"{LIST}?format=csv&columns=worker"))
    assert len(found) == 3
    assert len(set(map(tuple, found))) == 3


def test_a_stranger_s_csv_is_empty(cast: Cast, morning: Morning) -> None:
    for path in (LIST, "/workers/", "/remarks/", "/declarations/", "/workplaces/", "/companies/"):
        assert len(cells(cast.browser(cast.stranger_office).get(f"{path}?format=csv"))) == 1, path


def test_what_is_held_is_released_together(cast: Cast, morning: Morning) -> None:
    also = tap(morning.works, morning.ada.person, Kind.OUT).registration
    hold(morning.of_ada, also)
    browser = cast.browser(cast.office)
    page = browser.get(LIST).content.decode()
    assert page.count("data-tick ") == 2
    assert "data-tick " not in cast.browser(cast.auditor).get(LIST).content.decode()
    ticked = [str(morning.of_ada.pk), str(also.pk), str(morning.of_bea.pk), str(uuid4()), "nonsense"]
    back = f"{LIST}?nsso=held"
    answer = browser.post(f"{LIST}release/", {"row": ticked, "next": back}, follow=True)
    assert answer.redirect_chain == [(back, 302)]
    assert "2 registrations are on their way to the NSSO." in text(answer)
    states = Submission.objects.filter(registration__in=[morning.of_ada, also]).values_list(
        "state", flat=True
    )
    assert set(states) == {SubmissionState.WAITING}
    assert AuditEvent.objects.filter(action="registration.released", user=cast.office).count() == 2
    again = browser.post(f"{LIST}release/", {"row": ticked, "next": "https://evil.example/"}, follow=True)
    assert again.redirect_chain == [(LIST, 302)]
    assert "None of the ticked registrations is held." in text(again)


def test_nobody_releases_what_is_somebody_else_s(cast: Cast, morning: Morning) -> None:
    hold(morning.of_ada)
    ticked = {"row": [str(morning.of_ada.pk)]}
    assert cast.browser(cast.auditor).post(f"{LIST}release/", ticked).status_code == 403
    for user in (cast.stranger_office, cast.sub_office):
        cast.browser(user).post(f"{LIST}release/", ticked)
    assert Submission.objects.get(registration=morning.of_ada).state == SubmissionState.HELD


def test_who_left_is_not_offered_a_code(cast: Cast, morning: Morning) -> None:
    with company_scope(cast.main):
        Employment.objects.filter(pk=morning.ada.pk).update(ends_on=date(2026, 11, 1))
    assert "data-tick " not in cast.browser(cast.office).get("/workers/").content.decode()


def test_a_part_and_a_page_share_an_address(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.office)
    part = browser.get(f"{LIST}?kind=IN", headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<section class="list" id="list"')
    assert "HX-Request" in part["Vary"]
    assert "Remove the filter Registration: Start" in part.content.decode()


def test_the_sub_with_many_works_asks_no_more(cast: Cast) -> None:
    worker = make_worker(cast.sub, SSINS[2])
    for index in range(3):
        works = declare(cast.main, declared_number=f"9B0ABCDEFGH{index}K", technical_reference="")
        subcontract_to(works, cast.sub)
        tap(works, worker.person, employer=cast.sub, now=NOW + timedelta(minutes=index))
    browser = cast.browser(cast.sub_office)
    with at_most_queries(12):
        assert len(ids(browser.get(LIST))) == 3
