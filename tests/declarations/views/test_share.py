"""The share sheet of a registration point."""

import re
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

from declarations.models import RegistrationPoint
from tests.cast import Cast
from tests.queries import at_most_queries
from tests.works import Works, declare, subcontract_to


def address(works: Works, point: RegistrationPoint) -> str:
    return f"/declarations/{works.declaration.pk}/points/{point.pk}/share/"


def test_everything_of_one_point_stands_on_one_page(cast: Cast) -> None:
    works = declare(cast.main)
    point = works.point()
    browser = cast.browser(cast.auditor)
    with at_most_queries(9):
        html = browser.get(address(works, point)).content.decode()

    assert f'value="{point.url}" readonly' in html
    assert "NTAG213 or larger" in html
    assert f"poster.pdf?point={point.pk}" in html
    assert "qr.png?download" in html
    assert address(works, point) in browser.get(f"/declarations/{works.declaration.pk}/").content.decode()


def test_the_links_carry_the_texts_of_the_chosen_language(cast: Cast) -> None:
    works = declare(cast.main)
    point = works.point()
    html = cast.browser(cast.office).get(f"{address(works, point)}?language=en").content.decode()

    sms = unescape(re.findall(r'href="(sms:[^"]+)"', html)[0])
    mail = unescape(re.findall(r'href="(mailto:[^"]+)"', html)[0])
    assert unquote(sms.partition("body=")[2]) == f"Helder Main: register at Gebouw 1 here: {point.url}"
    fields = parse_qs(urlsplit(mail).query)
    assert fields["subject"] == ["Register at Gebouw 1"]
    assert point.url in fields["body"][0]
    assert 'lang="en" dir="ltr"' in html


def test_an_unknown_language_is_the_company_s(cast: Cast) -> None:
    works = declare(cast.main)
    html = cast.browser(cast.office).get(f"{address(works, works.point())}?language=xx").content.decode()
    assert '<option value="nl" lang="nl" selected' in html


def test_a_chain_member_shares_its_own_points_only(cast: Cast) -> None:
    works = declare(cast.main)
    subcontract_to(works, cast.sub)
    browser = cast.browser(cast.sub_office)

    own = browser.get(f"{address(works, works.point(0, cast.sub))}?language=en")
    assert own.status_code == 200
    assert "Zuiver Sub: register at" in own.content.decode()
    assert browser.get(address(works, works.point())).status_code == 404
    assert cast.browser(cast.stranger_office).get(address(works, works.point())).status_code == 404
