"""Who is answered what, for every address there is (`tests/urls_table.py`)."""

import pytest
from django.db import transaction
from django.test import Client as Browser

from tests.architecture.addresses import all_patterns
from tests.cast import Cast
from tests.scene import Arguments, one_of_everything
from tests.urls_table import TABLE, VISITORS, Row, address_of


@pytest.fixture
def arguments(cast: Cast) -> Arguments:
    return one_of_everything(cast)


@pytest.fixture
def browsers(cast: Cast) -> dict[str, Browser]:
    people = (None, cast.stranger_office, cast.auditor, cast.office, cast.owner, cast.sub_office)
    return {visitor: cast.browser(user) for visitor, user in zip(VISITORS, people, strict=True)}


def answer(browser: Browser, name: str, row: Row, arguments: Arguments) -> int:
    """The status of one visit; whatever it changed is undone."""
    address = address_of(name, arguments)
    with transaction.atomic():
        response = browser.post(address, row.form) if row.method == "POST" else browser.get(address)
        transaction.set_rollback(True)
    return response.status_code


def test_every_address_stands_in_the_table() -> None:
    assert {name for name, _route, _view in all_patterns()} == set(TABLE)


@pytest.mark.django_db
def test_everybody_is_answered_as_the_table_says(arguments: Arguments, browsers: dict[str, Browser]) -> None:
    found = {
        name: tuple(answer(browsers[visitor], name, row, arguments) for visitor in VISITORS)
        for name, row in TABLE.items()
    }
    assert found == {name: row.answers for name, row in TABLE.items()}


@pytest.mark.django_db
def test_what_acts_cannot_be_fetched(arguments: Arguments, browsers: dict[str, Browser]) -> None:
    found = {
        name: answer(browsers["owner"], name, Row(row.answers, row.arguments), arguments)
        for name, row in TABLE.items()
        if row.method == "POST"
    }
    assert found == dict.fromkeys(found, 405)
    assert len(found) >= 7
