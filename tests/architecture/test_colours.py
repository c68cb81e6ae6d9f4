"""Text reaches 4.5:1 on every surface it is used on, and no style file but the tokens names a colour."""

import re
from pathlib import Path

import pytest

from ciao_portal.web.colours import PAIRS, Colour, contrast, read_themes

CSS = Path(__file__).parents[2] / "static" / "css"
THEMES = read_themes((CSS / "tokens.css").read_text())
# The phone, the posters and the documents have colours of their own.
OWN_COLOURS = {
    "chain-report.css",
    "emergency.css",
    "guide.css",
    "means_papers.css",
    "own-file.css",
    "phone.css",
    "poster.css",
    "print.css",
    "report.css",
    "tokens.css",
}
OFFICE_SHEETS = sorted({sheet.name for sheet in CSS.glob("*.css")} - OWN_COLOURS)


def test_the_tokens_are_read() -> None:
    assert str(THEMES.light["brand"]).startswith("oklch(")
    assert THEMES.light["ink"] != THEMES.dark["ink"]
    assert contrast(Colour(1, 0, 0), Colour(0, 0, 0)) == pytest.approx(21, rel=0.001)


@pytest.mark.parametrize("theme", [THEMES.light, THEMES.dark], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), PAIRS)
def test_text_is_readable(theme: dict[str, Colour], text: str, surface: str) -> None:
    assert contrast(theme[text], theme[surface]) >= 4.5


@pytest.mark.parametrize("theme", [THEMES.light, THEMES.dark], ids=["light", "dark"])
@pytest.mark.parametrize("edge", ["line-firm", "focus"])
def test_edges_of_controls_are_visible(theme: dict[str, Colour], edge: str) -> None:
    assert contrast(theme[edge], theme["surface"]) >= 3


@pytest.mark.parametrize("name", OFFICE_SHEETS)
def test_only_tokens_name_colours(name: str) -> None:
    css = re.sub(r"/\*.*?\*/", "", (CSS / name).read_text(), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-f]{3,8}\b(?=\s*[;,)])|oklch\(|rgba?\(|hsla?\(", css) == []
