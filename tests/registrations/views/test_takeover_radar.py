"""After a takeover: who still scans the old codes, what to send them, and who uses the former number."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest

from ciao_portal.models import Person
from registrations.models import NssoPresence
from registrations.rules.flags import Doubt
from registrations.rules.presence import Kind
from registrations.services.registering import register
from tests.cast import NOW, SSINS, Cast, make_worker
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning
from tests.registrations.views.pages import text
from tests.registrations.views.scene import set_clock
from tests.works import Works, had_by, renew, tap_at

HTMX = {"HX-Request": "true"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOW + 2 * HOUR


def here(works: Works) -> str:
    return f"/declarations/{works.declaration.pk}/takeover/radar/"


def scan(works: Works, person: Person, **values: object) -> None:
    """A start by the old code, as the phone's page stores it."""
    at = values.pop("now", LATER)
    employer = values.pop("employer", None)
    workplace = values.pop("workplace", 0)
    tap = tap_at(works, person, employer=employer, workplace=workplace)  # type: ignore[arg-type]
    register(replace(tap, flags=frozenset({Doubt.OLD_CODE.value})), now=at)  # type: ignore[arg-type]


@pytest.fixture
def renewed(morning: Morning, monkeypatch: pytest.MonkeyPatch) -> Works:
    new = renew(morning.works, at=NOW)
    Person.objects.filter(pk=morning.ada.person_id).update(language="pl")
    set_clock(monkeypatch, LATER)
    return new


def test_who_still_scans_the_old_codes(cast: Cast, morning: Morning, renewed: Works) -> None:
    scan(renewed, morning.ada.person)
    scan(renewed, morning.ada.person, now=LATER + HOUR)
    scan(renewed, morning.bea.person, employer=cast.sub, workplace=1)
    browser = cast.browser(cast.auditor)
    answer = browser.get(here(renewed))
    words = text(answer)
    assert "3 registrations by old codes." in words
    assert "Ada Voorbeeld Gebouw 1 2 23/11/2026 09:02" in words
    # The people of a subcontractor stay nameless.
    assert "17.07.30-•••.•• Zuiver Sub Gebouw 2 1 23/11/2026 08:02" in words
    assert "Bea" not in words
    # In the worker's own language, with the new code.
    html = answer.content.decode()
    assert 'lang="pl"' in html
    assert quote(renewed.point().url, safe="") in html
    assert quote(renewed.point(1, cast.sub).url, safe="") in html
    with at_most_queries(16):
        browser.get(here(renewed))


def test_where_an_old_poster_still_hangs(cast: Cast, morning: Morning, renewed: Works) -> None:
    scan(renewed, morning.ada.person)
    words = text(cast.browser(cast.office).get(here(renewed)))
    assert "Gebouw 1 1 last at 23/11/2026 08:02" in words
    assert "Gebouw 2 not scanned" in words


def test_nobody_is_said_to_be_nobody(cast: Cast, renewed: Works) -> None:
    words = text(cast.browser(cast.office).get(here(renewed)))
    assert "Nobody scans the old codes. This is watched until 07/12/2026 06:02." in words


def test_after_fourteen_days_nothing_is_added(
    cast: Cast, morning: Morning, renewed: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(renewed, morning.ada.person, now=NOW + 15 * DAY)
    set_clock(monkeypatch, NOW + 15 * DAY)
    assert "The 14 days are over. Nobody scanned" in text(cast.browser(cast.office).get(here(renewed)))


def test_a_takeover_to_come_is_announced(cast: Cast, morning: Morning) -> None:
    new = renew(morning.works, at=NOW + DAY)
    assert "The takeover is at 24/11/2026 06:02." in text(cast.browser(cast.office).get(here(new)))


def test_what_stayed_on_the_old_one_is_counted(cast: Cast, morning: Morning, renewed: Works) -> None:
    register(tap_at(morning.works, morning.ada.person, Kind.OUT), now=LATER)
    words = text(cast.browser(cast.office).get(here(renewed)))
    assert "1 registration stands under the old declaration after the takeover." in words


def test_the_subcontractor_sees_its_own_people_alone(cast: Cast, morning: Morning, renewed: Works) -> None:
    scan(renewed, morning.ada.person)
    scan(renewed, morning.bea.person, employer=cast.sub, workplace=1)
    words = text(cast.browser(cast.sub_office).get(here(renewed)))
    assert "Bea Onderaan" in words
    assert "Ada" not in words
    assert "85.07.30" not in words
    assert "1 registration by an old code." in words


def test_the_part_for_the_page_of_the_works(cast: Cast, morning: Morning, renewed: Works) -> None:
    scan(renewed, morning.ada.person)
    answer = cast.browser(cast.office).get(here(renewed), headers=HTMX)
    assert "<html" not in answer.content.decode()
    assert "1 registration by an old code." in text(answer)
    assert "HX-Request" in answer.headers["Vary"]
    # Works that take over nothing have no radar.
    assert cast.browser(cast.office).get(here(morning.works)).status_code == 404


@pytest.fixture
def won(morning: Morning, cast: Cast) -> Callable[[], str]:
    """Works that the subcontractor had before; what the page says of its number."""
    had_by(morning.works, cast.sub)
    return lambda: text(cast.browser(cast.office).get(here(morning.works)))


def test_the_former_number_becomes_a_task_with_its_text(
    cast: Cast, morning: Morning, won: Callable[[], str]
) -> None:
    cast.main.language = "en"
    cast.main.save(update_fields=["language"])
    register(tap_at(morning.works, morning.ada.person, employer=cast.sub), now=NOW)
    words = won()
    assert "23/11/2026 06:02 Ada Voorbeeld Gebouw 1 30 days" in words
    # At once on the first page, with the way there.
    first = cast.browser(cast.office).get("/")
    assert "1 declaration with the number of a former contractor" in text(first)
    assert f'href="{here(morning.works)}"' in first.content.decode()
    assert "the enterprise number 0202.239.951 of the contractor before us" in words
    assert "correct the enterprise number to 0206.731.645" in words
    # Bea works for it still, and nobody knows better.
    assert "17.07.30" not in words


def test_the_former_number_used_elsewhere(cast: Cast, morning: Morning, won: Callable[[], str]) -> None:
    for nsso_id, person in ((1, morning.ada.person), (2, morning.bea.person)):
        NssoPresence.objects.create(
            nsso_id=nsso_id,
            person=person,
            employer=cast.sub,
            declaration=morning.works.declaration,
            reference=morning.works.declaration.technical_reference,
            type="IN",
            registered_at=NOW,
            day=NOW.date(),
            validity="valid",
            first_seen_at=NOW,
            last_seen_at=NOW,
        )
    words = won()
    assert "23/11/2026 06:02 Ada Voorbeeld registered elsewhere 30 days" in words
    assert words.count("registered elsewhere") == 1


def test_nobody_used_the_former_number(won: Callable[[], str]) -> None:
    assert "Nobody used the number of the contractor before you" in won()


def test_somebody_else_s_worker_is_asked_for_by_its_employer(
    cast: Cast, morning: Morning, won: Callable[[], str]
) -> None:
    cleo = make_worker(cast.subsub, SSINS[2], "Cleo", "Onder")
    make_worker(cast.main, SSINS[3], "Dan", "Voorbeeld")
    register(tap_at(morning.works, cleo.person, employer=cast.sub), now=NOW)
    # Nobody of these works employs Cleo: the former contractor may be right.
    assert "Nobody used the number" in won()
