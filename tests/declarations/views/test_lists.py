"""The list of declarations: whose rows, what they say, filters, and how many questions it asks."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ciao_portal.tenancy import company_scope
from tests.cast import SUB_NUMBER, Cast
from tests.declarations.works import NUMBER, make_chain, make_client, make_subcontract, make_works

URL = "/declarations/"
CEILING = 12


def page(cast: Cast, user: str, query: str = "") -> str:
    response = cast.browser(getattr(cast, user)).get(URL + query)
    assert response.status_code == 200
    return response.content.decode()


def rows(html: str) -> int:
    return html.count("data-id=")


def test_the_declarer_sees_its_works_with_number_and_counts(cast: Cast) -> None:
    works = make_works(cast.main, workplaces=3)
    make_chain(cast, works)
    html = page(cast, "office")
    assert 'data-list="declarations"' in html
    assert f'data-id="{works.pk}"' in html
    for text in ("Daily cleaning", "Stad Gent", "9B0 003SQ 5VSSZ", "01/01/2026", "Active", "Declarer"):
        assert text in html


def test_a_subcontractor_sees_the_works_and_for_whom_it_works(cast: Cast) -> None:
    make_chain(cast, make_works(cast.main))
    html = page(cast, "sub_office")
    assert rows(html) == 1
    assert "Subcontractor of Helder Main" in html


def test_a_stranger_sees_nothing_and_is_told_what_to_do(cast: Cast) -> None:
    make_chain(cast, make_works(cast.main))
    html = page(cast, "stranger_office")
    assert rows(html) == 0
    assert "No declarations of works yet" in html
    assert 'href="/declarations/new/"' in html


def test_the_auditor_is_not_offered_to_declare(cast: Cast) -> None:
    make_works(cast.main)
    assert 'href="/declarations/new/"' not in page(cast, "auditor")
    assert 'href="/declarations/new/"' in page(cast, "office")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=daily", 1),
        ("?q=9b0+003sq+5vssz", 1),
        ("?q=003SQ", 1),
        ("?q=gent+daily", 1),
        ("?q=parking+2", 1),
        ("?q=daily+nowhere", 0),
    ],
)
def test_search_finds_words_and_numbers(cast: Cast, query: str, found: int) -> None:
    make_works(cast.main)
    make_works(cast.main, title="Windows", workplaces=1, declared_number="", technical_reference="")
    assert rows(page(cast, "office", query)) == found


@pytest.mark.parametrize(
    ("state", "title"), [("draft", "D"), ("planned", "P"), ("active", "A"), ("ended", "E")]
)
def test_the_states_part_all_declarations(cast: Cast, state: str, title: str) -> None:
    def works(title: str, number: str, starts_on: date, ends_on: date | None) -> None:
        values: dict[str, Any] = {"declared_number": number, "technical_reference": ""}
        make_works(cast.main, title=f"Works {title}", starts_on=starts_on, ends_on=ends_on, **values)

    works("D", "", date(2020, 1, 1), None)
    works("P", NUMBER, date(2120, 1, 1), None)
    works("A", "9B0003SQ5VSS0", date(2020, 1, 1), None)
    works("E", "", date(2020, 1, 1), date(2020, 12, 31))
    html = page(cast, "office", f"?state={state}")
    assert rows(html) == 1
    assert f"Works {title}" in html


def test_only_own_clients_are_offered_and_accepted(cast: Cast) -> None:
    works = make_works(cast.main)
    with company_scope(cast.stranger):
        theirs = make_client(cast.stranger, "Client of a rival")
    html = page(cast, "office")
    assert str(works.client_id) in html
    assert "Client of a rival" not in html
    assert rows(page(cast, "office", f"?client={works.client_id}")) == 1
    assert rows(page(cast, "office", f"?client={theirs.pk}")) == 0


def test_a_stranger_to_the_portal_is_sent_to_sign_in(cast: Cast) -> None:
    response = cast.browser().get(URL)
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/declarations/")


def _questions(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as context:
        call()
    return len(context)


def test_thirty_declarations_ask_no_more_than_one(cast: Cast) -> None:
    browser = cast.browser(cast.office)
    works = make_works(cast.main, declared_number="")
    make_subcontract(works, SUB_NUMBER, "Zuiver")
    one = _questions(lambda: browser.get(URL))
    for _index in range(29):
        works = make_works(cast.main, declared_number="")
        make_subcontract(works, SUB_NUMBER, "Zuiver")
    thirty = _questions(lambda: browser.get(URL))
    assert one == thirty <= CEILING
