"""The catalogues of fifteen languages: what is complained about, and where cleaners' strings come from."""

import runpy
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from ciao_portal.languages import CODES, WORKER_CODES

ROOT = Path(__file__).parents[2]
CHECK = runpy.run_path(str(ROOT / ".dev" / "catalogues.py"))


def test_every_language_of_cleaners_has_a_catalogue_and_its_dates() -> None:
    further = [code for code in WORKER_CODES if code not in CODES]

    assert list(CHECK["CLEANERS_LANGUAGES"]) == further
    assert [code for code in further if not (ROOT / f"ciao_portal/formats/{code}/formats.py").exists()] == []
    assert [code for code in further if not CHECK["catalogue_path"](ROOT, code).exists()] == []


def test_the_sources_of_cleaners_strings_exist(tmp_path: Path) -> None:
    CHECK["copy_cleaners_sources"](tmp_path)

    copied = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert {"templates/phone/point.html", "registrations/phone/views.py"} <= copied
    identifiers = (tmp_path / "ciao_portal/identifiers.py").read_text()
    assert "11 digits" in identifiers
    assert "enterprise number" not in identifiers
    named = {source for source in CHECK["CLEANERS_SOURCES"] if "*" not in source}
    assert named <= copied


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        (Message("Go on", "Weiter"), None),
        (Message("Go on", ""), "not translated"),
        (Message("Go on", "Weiter", flags=["fuzzy"]), "fuzzy"),
        (Message("Hello %(name)s", "Hallo"), "is lost"),
        (Message("Hello %(name)s", "Hallo %(nom)s"), "is not in the original"),
        (Message(("%(n)s day", "%(n)s days"), ("%(n)s Tag", "")), "not translated"),
    ],
)
def test_gaps_are_found(message: Message, complaint: str | None) -> None:
    found = " ".join(CHECK["complaints"](message))

    assert (complaint in found) if complaint else found == ""
