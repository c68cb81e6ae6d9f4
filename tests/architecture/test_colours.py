"""Text reaches 4.5:1 on every surface it is used on, and no style file but the tokens names a colour."""

import math
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.rules

CSS = Path(__file__).parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
DARK = "@media (prefers-color-scheme: dark)"
SIGNALS = ("ok", "wait", "late", "info")
SURFACES = ("paper", "surface", "sunken", "hover", "brand-soft")
PAIRS = [
    *((text, surface) for text in ("ink", "ink-soft", "brand") for surface in SURFACES),
    *((signal, surface) for signal in SIGNALS for surface in (f"{signal}-soft", "surface", "paper")),
    *(("ink", f"{signal}-soft") for signal in SIGNALS),
    ("on-brand", "brand"),
    ("on-brand", "brand-firm"),
    ("on-wait", "wait-solid"),
    ("on-signal", "late"),
]


def _colours(css: str) -> dict[str, tuple[float, float, float]]:
    found = re.findall(r"--([\w-]+):\s*oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", css)
    return {name: (float(light), float(chroma), float(hue)) for name, light, chroma, hue in found}


LIGHT_COLOURS = _colours(TOKENS.partition(DARK)[0])
DARK_COLOURS = LIGHT_COLOURS | _colours(TOKENS.partition(DARK)[2])


def _luminance(colour: tuple[float, float, float]) -> float:
    """Relative luminance (WCAG 2) of an OKLCH colour; matrices from CSS Color 4, section 9."""
    light, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(1.0, max(0.0, part)) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT_COLOURS, DARK_COLOURS], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), PAIRS)
def test_text_is_readable(theme: dict[str, tuple[float, float, float]], text: str, surface: str) -> None:
    assert _contrast(theme[text], theme[surface]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT_COLOURS, DARK_COLOURS], ids=["light", "dark"])
@pytest.mark.parametrize("edge", ["line-firm", "focus"])
def test_edges_of_controls_are_visible(theme: dict[str, tuple[float, float, float]], edge: str) -> None:
    assert _contrast(theme[edge], theme["surface"]) >= 3


OFFICE_SHEETS = ("base.css", "components.css", "lists.css", "pictures.css", "pages.css", "declarations.css")


@pytest.mark.parametrize("name", OFFICE_SHEETS)
def test_only_tokens_name_colours(name: str) -> None:
    css = re.sub(r"/\*.*?\*/", "", (CSS / name).read_text(), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-f]{3,8}\b(?=\s*[;,)])|oklch\(|rgba?\(|hsla?\(", css) == []
