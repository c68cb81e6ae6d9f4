"""Who is on site now and which remarks stand: for works, a workplace, a firm."""

import re
from datetime import timedelta

from registrations.rules.presence import Kind
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import text
from tests.registrations.views.scene import accepted, remark_on
from tests.works import declare, tap

HTMX = {"HX-Request": "true"}


def test_the_declarer_sees_everybody_of_the_works(cast: Cast, morning: Morning) -> None:
    remark_on(accepted(morning.of_bea, nsso_id=7, validity="validWithRemarks"))
    tap(morning.works, morning.ada.person, Kind.BREAK_START, now=NOW)
    here = f"/declarations/{morning.works.declaration.pk}/now/"
    browser = cast.browser(cast.auditor)
    words = text(browser.get(here))
    assert "On site now 2 3 registrations today" in words
    assert "Gebouw 1 Helder Main 1 Ada Voorbeeld Break since 05:02" in words
    # The people of a subcontractor stay nameless.
    assert "Gebouw 2 Zuiver Sub 1 17.07.30-•••.•• since 05:02" in words
    assert "30 days No Dimona declaration for this day 17.07.30-•••.•• · Zuiver Sub" in words
    assert "Bea" not in words
    with at_most_queries(12):
        browser.get(here, headers=HTMX)


def test_the_part_brings_the_figures_of_the_chain(cast: Cast, morning: Morning) -> None:
    here = f"/declarations/{morning.works.declaration.pk}/now/"
    answer = cast.browser(cast.auditor).get(here, headers=HTMX)
    html = answer.content.decode()
    assert "<html" not in html
    assert f"""hx-swap-oob="innerHTML:[data-company-now='{cast.sub.pk}']\"""" in html
    assert "1 on site, 1 registration today" in text(answer)
    assert "HX-Request" in answer.headers["Vary"]
    page = cast.browser(cast.auditor).get(f"/declarations/{morning.works.declaration.pk}/")
    assert f'data-company-now="{cast.sub.pk}"' in page.content.decode()
    assert f'hx-get="{here}"' in page.content.decode()


def test_whatever_figures_arrive_have_a_place_on_the_page(cast: Cast, morning: Morning) -> None:
    """Also on works without a chain, and in a chain of which a search shows a part."""
    alone = declare(cast.main, declared_number="9B0003SQ5VSS0", technical_reference="1Y1003SQ5VSS0")
    browser = cast.browser(cast.office)
    for works, pages in (
        (alone, ("", "chain/")),
        (morning.works, ("", "chain/", "chain/?q=zuiver", "chain/?q=nobody")),
    ):
        address = f"/declarations/{works.declaration.pk}/"
        part = browser.get(f"{address}now/", headers=HTMX).content.decode()
        arriving = set(re.findall(r"\[data-company-now='([^']+)'\]", part))
        assert str(cast.main.pk) in arriving
        for page in pages:
            html = browser.get(address + page).content.decode()
            assert arriving <= set(re.findall(r'data-company-now="([^"]+)"', html)), page


def test_a_silent_firm_of_the_chain_is_said_to_be_silent(cast: Cast, morning: Morning) -> None:
    tap(morning.works, morning.bea.person, Kind.OUT, now=NOW, employer=cast.sub, workplace=1)
    later = f"/declarations/{morning.works.declaration.pk}/now/"
    words = text(cast.browser(cast.auditor).get(later, headers=HTMX))
    assert "0 on site, 2 registrations today" in words


def test_the_subcontractor_sees_its_own_people_alone(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.sub_office)
    declaration, (first, second) = morning.works.declaration, morning.works.workplaces
    words = text(browser.get(f"/declarations/{declaration.pk}/now/"))
    assert "Bea Onderaan" in words
    assert "Helder Main" not in words.partition("On site now")[2]
    assert "Nobody is on site." in text(browser.get(f"/workplaces/{first.pk}/now/"))
    assert "Bea Onderaan" in text(browser.get(f"/workplaces/{second.pk}/now/"))


def test_a_firm_and_a_workplace(cast: Cast, morning: Morning) -> None:
    remark_on(accepted(morning.of_bea, nsso_id=7, validity="validWithRemarks"))
    browser = cast.browser(cast.office)
    for address in (f"/companies/{cast.sub.pk}/now/", f"/workplaces/{morning.works.workplaces[1].pk}/now/"):
        with at_most_queries(12):
            words = text(browser.get(address))
        assert "Gebouw 2 Zuiver Sub 1 17.07.30-•••.•• since 05:02" in words
        assert "No Dimona declaration for this day" in words
        assert "Ada" not in words


def test_strangers_find_nothing(cast: Cast, morning: Morning) -> None:
    browser = cast.browser(cast.stranger_office)
    for address in (
        f"/declarations/{morning.works.declaration.pk}/now/",
        f"/workplaces/{morning.works.workplaces[0].pk}/now/",
        f"/companies/{cast.sub.pk}/now/",
        f"/companies/{cast.main.pk}/now/",
    ):
        assert browser.get(address).status_code == 404, address


def test_many_people_need_no_more_queries(cast: Cast, morning: Morning) -> None:
    for ssin in SSINS[2:]:
        worker = make_worker(cast.main, ssin)
        tap(morning.works, worker.person, now=NOW - timedelta(minutes=30))
    browser = cast.browser(cast.office)
    with at_most_queries(12):
        assert "On site now 6" in text(browser.get(f"/declarations/{morning.works.declaration.pk}/now/"))


def test_people_who_register_without_a_number_are_told_of_to_the_declarer_alone(
    cast: Cast, morning: Morning
) -> None:
    here = f"/declarations/{morning.works.declaration.pk}/now/"
    words = "People have registered on these works already"
    assert words not in text(cast.browser(cast.auditor).get(here))
    morning.works.declaration.declared_number = morning.works.declaration.technical_reference = ""
    morning.works.declaration.save()
    assert words in text(cast.browser(cast.auditor).get(here))
    assert words not in text(cast.browser(cast.sub_office).get(here))
