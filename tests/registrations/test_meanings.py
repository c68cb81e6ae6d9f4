"""The table of meanings: loaded from a file, given out, and what pages make of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from ciao_portal.errors import DomainError
from registrations.meanings import forget_table
from registrations.models import NssoMeaning, Remark
from registrations.remarks import PATH_WORDS, Request, code_choices, known_codes, meaning_of
from registrations.remarks import Path as Way
from registrations.services.meanings import load_meanings, meanings_as_text
from registrations.wording import known_validities, validity_badge
from tests.cast import Cast
from tests.queries import at_most_queries
from tests.registrations.views.conftest import Morning, morning
from tests.registrations.views.pages import text
from tests.registrations.views.scene import accepted, remark_on

__all__ = ["morning"]

LANGUAGES = ("nl", "fr", "de", "en")


def words(of: str) -> dict[str, str]:
    return {language: f"{of} {language}" for language in LANGUAGES}


OWN = {"code": "R-99", "title": words("Titel"), "request": "yes", "path": "request"}
LIKE_DIMONA = {"code": "R-01", "knownAs": "dimonaNotFound"}
FILE: dict[str, list[dict[str, Any]]] = {
    "remarks": [LIKE_DIMONA, OWN],
    "validities": [
        {"code": "inOrder", "knownAs": "valid"},
        {"code": "checkedLater", "title": words("Later"), "signal": "wait"},
    ],
}


def load(document: object) -> int:
    return load_meanings(json.dumps(document))


def test_a_code_can_stand_for_one_the_portal_knows(db: None) -> None:
    assert load(FILE) == 4
    meaning = meaning_of(Remark(code="R-01"))
    assert meaning.words == "No Dimona declaration for this day"
    assert (meaning.request, meaning.path) == (Request.NO, Way.DIMONA)


def test_a_code_can_bring_its_own_words_in_every_language(db: None) -> None:
    load(FILE)
    meaning = meaning_of(Remark(code="R-99", description={"nl": "van de RSZ"}))
    assert (meaning.words, meaning.request, meaning.path) == ("Titel en", Request.YES, Way.REQUEST)
    with translation.override("fr"):
        assert meaning_of(Remark(code="R-99")).words == "Titel fr"
    assert ("R-99", "Titel en") in code_choices(known_codes())


def test_what_is_loaded_goes_before_what_is_delivered(db: None) -> None:
    load({"remarks": [{"code": "missingOut", "knownAs": "missingIn", "title": words("Vergeten")}]})
    meaning = meaning_of(Remark(code="missingOut"))
    assert (meaning.words, meaning.path) == ("Vergeten en", Way.WORKER)
    load({})
    assert meaning_of(Remark(code="missingOut")).words == "Check-out missing"


def test_a_validity_is_mapped_likewise(db: None) -> None:
    load(FILE)
    assert validity_badge("inOrder") == validity_badge("valid")
    badge = validity_badge("checkedLater")
    assert (badge.words, badge.signal, badge.icon) == ("Later en", "wait", "clock")
    assert validity_badge("neverSeen").words == "neverSeen"
    assert {"inOrder", "checkedLater", "valid"} <= known_validities()


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"remarks": [OWN, OWN]}, "remarks, entry 2 (R-99): the code stands here a second time"),
        ({"remarks": [{"code": "x"}]}, "remarks, entry 1 (x): without “knownAs” it needs “title”"),
        ({"remarks": [{"code": ""}]}, "entry 1: “code” must be a text of 1 to 60 characters"),
        ({"remarks": ["x"]}, "remarks, entry 1: it is not an object"),
        ({"remarks": [{"code": "x", "knownAs": "nothing"}]}, "“knownAs” must be one of"),
        ({"remarks": [OWN | {"title": {"nl": "x"}}]}, "a text for each of: nl, fr, de, en"),
        ({"remarks": [OWN | {"request": ["yes"]}]}, "“request” must be one of"),
        ({"remarks": [OWN | {"signal": "ok"}]}, "“signal” is not known here"),
        ({"validities": [{"code": "x", "title": words("x"), "signal": "red"}]}, "“signal” must be one of"),
        ({"remark": []}, "“remark” is neither"),
        ([], "one object"),
        ({"remarks": {}}, "one object"),
    ],
)
def test_a_faulty_file_names_its_entry_and_changes_nothing(db: None, document: object, fault: str) -> None:
    load(FILE)
    with pytest.raises(DomainError) as refused:
        load(document)
    assert fault in str(refused.value)
    assert NssoMeaning.objects.count() == 4


def test_every_fault_is_told_at_once(db: None) -> None:
    with pytest.raises(DomainError) as refused:
        load({"remarks": [{"code": "x"}, {"code": "y"}]})
    assert str(refused.value).count("\n") == 3


def test_what_is_no_json_is_told_by_its_line(db: None) -> None:
    with pytest.raises(DomainError) as refused:
        load_meanings('{"remarks": [\n  {"code" "x"}\n]}')
    assert "Line 2" in str(refused.value)


def test_the_command_gives_out_what_it_loads(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(json.dumps(FILE), encoding="utf-8")
    call_command("remark_meanings", "--load", str(source))
    call_command("remark_meanings", "--export", str(target))
    assert "Meanings loaded: 4." in capsys.readouterr().out
    given = json.loads(target.read_text(encoding="utf-8"))
    for name, entries in FILE.items():
        assert sorted(given[name], key=str) == sorted(entries, key=str)
    assert load_meanings(meanings_as_text()) == 4
    source.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("remark_meanings", "--load", str(source))
    with pytest.raises(CommandError, match="nowhere"):
        call_command("remark_meanings", "--load", str(tmp_path / "nowhere.json"))


def test_a_page_reads_the_table_once_and_shows_its_words(cast: Cast, morning: Morning) -> None:
    load(FILE)
    remarks = [
        remark_on(accepted(registration, nsso_id=number, validity="checkedLater"), "R-99")
        for number, registration in enumerate((morning.of_ada, morning.of_bea))
    ]
    forget_table()
    browser = cast.browser(cast.office)
    with at_most_queries(14):
        page = text(browser.get("/remarks/"))
    assert page.count("Titel en") >= 2
    assert "Later en" in text(browser.get(f"/remarks/{remarks[0].pk}/"))


def test_every_way_has_words() -> None:
    assert set(PATH_WORDS) == set(Way)
