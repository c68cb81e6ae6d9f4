"""The cleaner's page: any text on any surface reaches 7:1, in both themes, and no rule leaves the tokens."""

import re
from itertools import product
from pathlib import Path

import pytest
import tinycss2
from tinycss2.ast import Declaration, Node, QualifiedRule

ROOT = Path(__file__).parents[2]
CSS = ROOT / "static" / "css"
DARK = "(prefers-color-scheme: dark)"
# Anything may be written in one of these on any of those; a filled ground has a text colour of its own.
TEXTS = ("ink", "soft", "brand", "stop", "done", "waiting", "trouble", "info")
SURFACES = ("paper", "wash", "done-wash", "waiting-wash", "trouble-wash", "info-wash")
FILLS = {"brand": "on-brand", "done": "on-done", "stop": "on-stop"}
# Only hairlines between lines.
DECORATION = {"line"}


def linked_sheets() -> list[Path]:
    """The style sheets that pages of the phone ask for."""
    pages = (ROOT / "templates" / "phone").glob("*.html")
    names = {name for page in pages for name in re.findall(r'static "css/([\w-]+\.css)"', page.read_text())}
    return sorted(CSS / name for name in names)


def declarations(rule: QualifiedRule) -> list[Declaration]:
    return [one for one in tinycss2.parse_blocks_contents(rule.content) if one.type == "declaration"]


def rules(css: str) -> list[tuple[str, QualifiedRule]]:
    """Every rule with the condition it stands under."""
    found = []
    for node in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if node.type == "qualified-rule":
            found.append(("", node))
        elif node.type == "at-rule" and node.lower_at_keyword == "media":
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            condition = tinycss2.serialize(node.prelude).strip()
            found += [(condition, rule) for rule in inner if rule.type == "qualified-rule"]
    return found


def text_of(nodes: list[Node]) -> str:
    return str(tinycss2.serialize(nodes)).strip()


def themes() -> dict[str, dict[str, str]]:
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for condition, rule in rules((CSS / "phone.css").read_text()):
        if text_of(rule.prelude) == ":root":
            tokens = {
                one.name[2:]: text_of(one.value) for one in declarations(rule) if one.name.startswith("--")
            }
            (dark if condition == DARK else light).update(tokens)
    assert set(dark) == set(light), "every colour is named for both themes"
    return {"light": light, "dark": dark}


THEMES = themes()


def luminance(colour: str) -> float:
    """Relative luminance of `#rgb` or `#rrggbb` (WCAG 2.2)."""
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_scale_is_right() -> None:
    assert contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "surface"), [*product(TEXTS, SURFACES), *((on, of) for of, on in FILLS.items())]
)
def test_text_is_read_in_the_sun(theme: str, text: str, surface: str) -> None:
    colours = THEMES[theme]
    assert contrast(colours[text], colours[surface]) >= 7


def test_every_colour_has_its_place() -> None:
    assert set(THEMES["light"]) == {*TEXTS, *SURFACES, *FILLS.values(), *DECORATION}


@pytest.mark.parametrize("sheet", linked_sheets(), ids=lambda sheet: sheet.name)
def test_rules_keep_to_the_tokens(sheet: Path) -> None:
    """A text colour is one of the texts, or stands in the same rule as the ground it is made for."""
    strange = []
    for _condition, rule in rules(sheet.read_text()):
        given = {one.name: text_of(one.value) for one in declarations(rule) if not one.name.startswith("--")}
        ground = re.sub(
            r"var\(--([\w-]+)\)", r"\1", given.get("background", given.get("background-color", "none"))
        )
        text = re.sub(r"var\(--([\w-]+)\)", r"\1", given.get("color", "inherit"))
        is_fill = ground in FILLS and text == FILLS[ground]
        is_plain = ground in (*SURFACES, "none", "transparent") and text in (*TEXTS, "inherit")
        # A mark within a filled ground repeats its colour.
        is_mark = ground == "none" and text in FILLS.values()
        raw = [
            value
            for name, value in given.items()
            if re.search(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(", value)
        ]
        if raw or not (is_fill or is_plain or is_mark):
            strange.append((text_of(rule.prelude), ground, text, raw))
    assert strange == []


def test_the_phone_is_looked_at() -> None:
    assert CSS / "phone.css" in linked_sheets()
