"""The page of the chain."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope
from declarations.models import ChainView, Declaration, Subcontract
from declarations.services.chain import rebuild_chain_view
from tests.cast import MAIN_NUMBER, NOW, STRANGER_NUMBER, SUB_NUMBER, SUBSUB_NUMBER, Cast
from tests.declarations.works import make_chain, make_subcontract, make_works
from tests.queries import at_most_queries


@pytest.fixture
def works(cast: Cast) -> Declaration:
    return make_works(cast.main)


@pytest.fixture
def office(cast: Cast) -> Browser:
    return cast.browser(cast.office)


def place_of(works: Declaration, company: Company, response: Any) -> Subcontract:
    """The place that the answer leads back to, in the tree."""
    with company_scope(works.company):
        place = Subcontract.objects.select_related("parent").get(declaration=works, company=company)
    assert response["Location"] == f"/declarations/{works.pk}/chain/?at={place.pk}#place-{place.pk}"
    return place


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
    newest = place_of(works, cast.stranger, office.post(url, typed))
    assert newest.parent == sub
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
    other = make_works(cast.main, declared_number="", technical_reference="")
    elsewhere = make_subcontract(other, STRANGER_NUMBER, "Vreemd")
    typed = {"number": SUBSUB_NUMBER, "name": "Klein", "parent": str(elsewhere.pk)}
    html = office.post(f"/declarations/{works.pk}/chain/", typed).content.decode()
    assert "Select a valid choice" in html


def test_a_subcontractor_reads_its_part(cast: Cast, works: Declaration) -> None:
    make_chain(cast, works)
    make_subcontract(works, STRANGER_NUMBER, "Vreemd")
    html = cast.browser(cast.sub_office).get(f"/declarations/{works.pk}/chain/").content.decode()
    assert "Zuiver Sub" in html
    assert "Klein Subsub" in html
    assert "Vreemd" not in html
    assert "Add a subcontractor" not in html


def test_a_foreign_company_by_its_vat_number(works: Declaration, office: Browser) -> None:
    typed = {"number": "nl 004495445 b01", "name": "Schoon", "parent": ""}
    assert office.post(f"/declarations/{works.pk}/chain/", typed).status_code == 302
    assert "NL004495445B01" in office.get(f"/declarations/{works.pk}/chain/").content.decode()


def test_a_subcontractor_that_makes_the_duty_apply_is_told_before(cast: Cast, office: Browser) -> None:
    small = make_works(cast.main, amount=Decimal("4000"))
    make_subcontract(small, SUB_NUMBER, "Zuiver")
    url = f"/declarations/{small.pk}/chain/"
    typed = {"number": STRANGER_NUMBER, "name": "Vreemd", "parent": ""}
    html = office.post(url, typed).content.decode()
    assert "Nothing was saved yet." in html
    assert not ChainView.objects.filter(declaration=small, member=cast.stranger).exists()
    key = re.search(r'name="foreseen" value="([^"]+)"', html)
    assert key is not None
    place_of(small, cast.stranger, office.post(url, typed | {"foreseen": key[1]}))


@pytest.fixture
def long_chain(works: Declaration) -> list[Subcontract]:
    """Ten firms below the declarer, five below the first of them; the last of the ten ended."""
    with company_scope(works.company):
        upper = rows_below(works, None, range(10))
        rows_below(works, upper[0], range(10, 15))
        Subcontract.objects.filter(pk=upper[9].pk).update(ends_on=date(2026, 1, 31))
        rebuild_chain_view(works)
    return upper


def rows_below(works: Declaration, parent: Subcontract | None, numbers: range) -> list[Subcontract]:
    """Places of made-up firms with foreign numbers, straight into the table: hundreds of them in a moment."""
    firms = [Company(foreign_vat_number=f"XX{number:09}", name=f"Firma {number}") for number in numbers]
    Company.objects.bulk_create(firms)
    return Subcontract.objects.bulk_create(
        Subcontract(declaration=works, company=firm, parent=parent, starts_on=works.starts_on, created_at=NOW)
        for firm in firms
    )


def shown(html: str) -> list[str]:
    """The firms of the tree in the order of the page."""
    tree = html[html.index('<ul class="tree ') : html.index("</section>", html.index('<ul class="tree '))]
    return re.findall(r"<strong>([^<]+)", tree)[1:]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=firma 12", ["Firma 0", "Firma 12"]),
        ("q=xx000000003", ["Firma 3"]),
        ("state=over", ["Firma 9"]),
        (
            "state=running&q=firma 1",
            ["Firma 0", *(f"Firma {number}" for number in (10, 11, 12, 13, 14)), "Firma 1"],
        ),
        ("state=clauseless&q=9", []),
        ("state=nonsense", None),
    ],
)
def test_a_chain_is_searched(
    works: Declaration, office: Browser, long_chain: list[Subcontract], query: str, found: list[str] | None
) -> None:
    html = office.get(f"/declarations/{works.pk}/chain/?{query}").content.decode()
    if found == []:
        assert "Nobody in this chain fits that." in html
    else:
        everybody = ["Firma 0", *(f"Firma {n}" for n in range(10, 15)), *(f"Firma {n}" for n in range(1, 10))]
        assert shown(html) == (everybody if found is None else found)


def test_counts_lead_to_exactly_their_places(
    works: Declaration, office: Browser, long_chain: list[Subcontract]
) -> None:
    url = f"/declarations/{works.pk}/chain/"
    html = office.get(url).content.decode()
    counts = dict(re.findall(r'<a href="[^"]+\?state=(\w+)">(\d+) ', html))
    assert counts == {"running": "14", "over": "1", "clauseless": "14"}
    for state, number in counts.items():
        assert f"<strong>{number} of 15 found" in office.get(f"{url}?state={state}").content.decode()


def test_a_large_chain_stays_usable(works: Declaration, office: Browser) -> None:
    with company_scope(works.company):
        upper = rows_below(works, None, range(100))
        for number in range(4):
            upper = rows_below(works, upper[0], range(100 + 100 * number, 200 + 100 * number))
        deepest = upper[0]
        rebuild_chain_view(works)
    url = f"/declarations/{works.pk}/chain/"
    office.get(url)
    with at_most_queries(12):
        html = office.get(url).content.decode()
    assert len(shown(html)) == 500
    # Branches are closed, but for the one with the place that was just looked at.
    assert '<details class="tree__below" open>' not in html
    html = office.get(f"{url}?at={deepest.pk}").content.decode()
    assert html.count('<details class="tree__below" open>') == 4
    with at_most_queries(12):
        office.get(f"{url}{deepest.pk}/")
