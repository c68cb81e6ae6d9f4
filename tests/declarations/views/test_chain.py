"""The page of the chain."""

import re

import pytest
from django.test import Client as Browser

from ciao_portal.tenancy import company_scope
from declarations.models import ChainView, Declaration, Subcontract
from tests.cast import MAIN_NUMBER, STRANGER_NUMBER, SUBSUB_NUMBER, Cast
from tests.declarations.works import make_chain, make_subcontract, make_works


@pytest.fixture
def works(cast: Cast) -> Declaration:
    return make_works(cast.main)


@pytest.fixture
def office(cast: Cast) -> Browser:
    return cast.browser(cast.office)


def test_the_tree_nests_those_below(cast: Cast, works: Declaration, office: Browser) -> None:
    make_chain(cast, works)
    make_subcontract(works, STRANGER_NUMBER, "Vreemd")
    html = office.get(f"/declarations/{works.pk}/chain/").content.decode()
    tree = html[html.index('<ul class="tree ') : html.index("</section>")]
    shape = re.findall(r"</?ul|</?li|<strong>[^<]+", tree)
    depths, depth = {}, 0
    for token in shape:
        depth += {"<ul": 1, "</ul": -1}.get(token, 0)
        if token.startswith("<strong>"):
            depths[token.removeprefix("<strong>")] = depth
    assert depths == {"Helder Main": 1, "Zuiver": 2, "Klein": 3, "Vreemd": 2}
    assert depth == 0
    assert shape.count("<li") == shape.count("</li") == 4


def test_an_empty_chain_says_what_to_do(works: Declaration, office: Browser) -> None:
    html = office.get(f"/declarations/{works.pk}/chain/").content.decode()
    assert "Nobody works below you on this declaration yet." in html
    assert "Add a subcontractor before its people start" in html


def test_a_subcontractor_below_another(cast: Cast, works: Declaration, office: Browser) -> None:
    sub, _subsub = make_chain(cast, works)
    url = f"/declarations/{works.pk}/chain/"
    assert f'<option value="{sub.pk}" selected>' in office.get(f"{url}?below={sub.pk}").content.decode()
    typed = {"number": "0409.536.968", "name": "Vreemd", "parent": str(sub.pk), "amount": "1.000"}
    assert office.post(url, typed)["Location"] == url
    assert ChainView.objects.filter(declaration=works, viewer=cast.sub, member=cast.stranger).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": "0409.536.969"}, "97 minus the rest"),
        ({"number": MAIN_NUMBER}, "already stands higher up"),
        ({"starts_on": "2025-12-31"}, "must lie within the period of the company above"),
        ({"starts_on": "2026-05-01", "ends_on": "2026-04-30"}, "The last day is before the first day."),
        ({"parent": "0197f0c2-0000-7000-8000-000000000000"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    works: Declaration, office: Browser, changes: dict[str, str], words: str
) -> None:
    typed = {"number": SUBSUB_NUMBER, "name": "Klein & zonen", "parent": ""} | changes
    response = office.post(f"/declarations/{works.pk}/chain/", typed)
    html = response.content.decode()
    assert words in html
    assert 'value="Klein &amp; zonen"' in html
    assert not ChainView.objects.exclude(viewer=works.company).exists()


def test_a_place_of_another_declaration_is_no_choice(cast: Cast, works: Declaration, office: Browser) -> None:
    other = make_works(cast.main, declared_number="")
    elsewhere = make_subcontract(other, STRANGER_NUMBER, "Vreemd")
    typed = {"number": SUBSUB_NUMBER, "name": "Klein", "parent": str(elsewhere.pk)}
    html = office.post(f"/declarations/{works.pk}/chain/", typed).content.decode()
    assert "Select a valid choice" in html


def test_a_subcontract_is_ended(cast: Cast, works: Declaration, office: Browser) -> None:
    sub, _subsub = make_chain(cast, works)
    url = f"/declarations/{works.pk}/chain/{sub.pk}/end/"
    assert (
        "The last day is before the first day."
        in office.post(url, {"ends_on": "2025-01-01"}).content.decode()
    )
    assert office.post(url, {"ends_on": "2026-02-28"})["Location"] == f"/declarations/{works.pk}/chain/"
    with company_scope(cast.main):
        assert str(Subcontract.objects.get(pk=sub.pk).ends_on) == "2026-02-28"
    assert "Ended" in office.get(f"/declarations/{works.pk}/chain/").content.decode()


def test_a_subcontractor_reads_its_part(cast: Cast, works: Declaration) -> None:
    make_chain(cast, works)
    make_subcontract(works, STRANGER_NUMBER, "Vreemd")
    html = cast.browser(cast.sub_office).get(f"/declarations/{works.pk}/chain/").content.decode()
    assert "Zuiver Sub" in html
    assert "Klein Subsub" in html
    assert "Vreemd" not in html
    assert "Add a subcontractor" not in html
