"""A declaration's page: who sees which part of it, and how many questions it asks."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ciao_portal.models import User
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import Declaration, RegistrationPoint
from tests.cast import STRANGER_NUMBER, Cast
from tests.declarations.works import make_chain, make_subcontract, make_works

CEILING = 15


def page(cast: Cast, user: User, works: Declaration, status: int = 200) -> str:
    response = cast.browser(user).get(f"/declarations/{works.pk}/")
    assert response.status_code == status
    return response.content.decode()


def points(html: str) -> set[str]:
    return set(re.findall(r'data-point="([^"]+)"', html))


def points_of(works: Declaration, *companies: object) -> set[str]:
    with unscoped(reason="The test compares the pages of several companies."):
        rows = RegistrationPoint.objects.filter(declaration=works)
        return {str(point.pk) for point in rows if point.company in companies}


def test_the_declarer_sees_facts_chain_and_every_code(cast: Cast) -> None:
    works = make_works(cast.main)
    make_chain(cast, works)
    html = page(cast, cast.office, works)
    for text in (
        "9B0 003SQ 5VSSZ",
        "1Y1003SQ5VSSZ",
        "€\N{NO-BREAK SPACE}48,000",
        "9,000.00",
        "Zuiver",
        "Klein",
        "In scope",
    ):
        assert text in html
    assert points(html) == points_of(works, None, cast.sub, cast.subsub)
    assert "/edit/" in html


def test_addresses_and_codes_stand_on_the_page_as_people_read_them(cast: Cast) -> None:
    works = make_works(cast.main, workplaces=1)
    html = page(cast, cast.office, works)
    with company_scope(cast.main):
        for point in RegistrationPoint.objects.filter(declaration=works):
            assert f"{point.code[:5]}-{point.code[5:]}" in html
            assert f"http://portal.test/r/{point.code}/" in html
            assert f"/declarations/{works.pk}/points/{point.pk}/qr.svg" in html


def test_a_subcontractor_sees_its_part_alone(cast: Cast) -> None:
    works = make_works(cast.main)
    make_chain(cast, works)
    make_subcontract(works, STRANGER_NUMBER, "Vreemd")
    html = page(cast, cast.sub_office, works)
    assert points(html) == points_of(works, cast.sub, cast.subsub)
    assert "Klein Subsub" in html  # its own card of that firm is empty: the firm's own name
    assert "1,234.00" in html
    assert "€\N{NO-BREAK SPACE}48,000" not in html
    assert "Vreemd" not in html
    assert "/edit/" not in html


def test_the_last_of_the_chain_sees_no_amount_above_it(cast: Cast) -> None:
    works = make_works(cast.main)
    _sub, subsub = make_chain(cast, works)
    office = User.objects.get(pk=cast.stranger_office.pk)
    membership = office.memberships.get()
    membership.company = subsub.company
    membership.save()
    html = page(cast, office, works)
    assert "1,234.00" in html
    assert "9,000.00" not in html
    assert "€\N{NO-BREAK SPACE}48,000" not in html
    assert points(html) == points_of(works, cast.subsub)


def test_a_stranger_finds_nothing(cast: Cast) -> None:
    works = make_works(cast.main)
    for path in ("", "edit/", "chain/", "workplaces/new/", "poster.pdf"):
        assert cast.browser(cast.stranger_office).get(f"/declarations/{works.pk}/{path}").status_code == 404


def test_the_auditor_reads_and_changes_nothing(cast: Cast) -> None:
    works = make_works(cast.main)
    sub, _subsub = make_chain(cast, works)
    browser = cast.browser(cast.auditor)
    html = browser.get(f"/declarations/{works.pk}/").content.decode()
    assert "/edit/" not in html
    assert browser.get(f"/declarations/{works.pk}/chain/").status_code == 200
    assert browser.post(f"/declarations/{works.pk}/chain/", {}).status_code == 403
    for path in (
        "new/",
        f"{works.pk}/edit/",
        f"{works.pk}/workplaces/new/",
        f"{works.pk}/chain/{sub.pk}/end/",
    ):
        assert browser.get(f"/declarations/{path}").status_code == 403
        assert browser.post(f"/declarations/{path}", {}).status_code == 403


def test_a_subcontractor_changes_nothing_of_the_declarer(cast: Cast) -> None:
    works = make_works(cast.main)
    sub, _subsub = make_chain(cast, works)
    browser = cast.browser(cast.sub_office)
    for path in ("edit/", "workplaces/new/", "chain/", f"chain/{sub.pk}/end/"):
        assert browser.post(f"/declarations/{works.pk}/{path}", {}).status_code == 403


def test_missing_numbers_are_said_with_the_way_to_enter_them(cast: Cast) -> None:
    works = make_works(cast.main, declared_number="", technical_reference="")
    html = page(cast, cast.office, works)
    assert "The works began on 01/01/2026, and the number of the NSSO is missing." in html
    assert f'href="/declarations/{works.pk}/edit/"' in html


def test_thirty_workplaces_ask_no_more_than_one(cast: Cast) -> None:
    counts = []
    for workplaces in (1, 30):
        works = make_works(cast.main, workplaces=workplaces, declared_number="")
        make_chain(cast, works)
        browser = cast.browser(cast.office)
        with CaptureQueriesContext(connection) as context:
            browser.get(f"/declarations/{works.pk}/")
        counts.append(len(context))
    assert counts[0] == counts[1] <= CEILING
