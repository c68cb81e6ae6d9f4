"""The colours of `static/css/tokens.css`: read from the file, with the contrast they reach.

OKLCH: lightness 0 to 1, chroma, hue in degrees.
"""

import math
import re
from dataclasses import dataclass

DARK = "@media (prefers-color-scheme: dark)"
SIGNALS = ("ok", "wait", "late", "info")
SURFACES = ("paper", "surface", "sunken", "hover", "brand-soft")
# Which text is used on which surface.
PAIRS: tuple[tuple[str, str], ...] = (
    *((text, surface) for text in ("ink", "ink-soft", "brand") for surface in SURFACES),
    *((signal, surface) for signal in SIGNALS for surface in (f"{signal}-soft", "surface", "paper")),
    *(("ink", f"{signal}-soft") for signal in SIGNALS),
    ("on-brand", "brand"),
    ("on-brand", "brand-firm"),
    ("on-wait", "wait-solid"),
    ("on-signal", "late"),
)


@dataclass(frozen=True, slots=True)
class Colour:
    """One OKLCH colour."""

    light: float
    chroma: float
    hue: float

    def __str__(self) -> str:
        return f"oklch({self.light:g} {self.chroma:g} {self.hue:g})"


@dataclass(frozen=True, slots=True)
class Themes:
    """The colours by name, in light and in dark."""

    light: dict[str, Colour]
    dark: dict[str, Colour]


def read_themes(css: str) -> Themes:
    """From the text of the tokens; a colour not named for the dark theme keeps its light value."""
    bright, _mark, rest = css.partition(DARK)
    light = _read(bright)
    return Themes(light, light | _read(rest))


def contrast(one: Colour, other: Colour) -> float:
    """The ratio of WCAG 2, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _read(css: str) -> dict[str, Colour]:
    found = re.findall(r"--([\w-]+):\s*oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", css)
    return {name: Colour(float(light), float(chroma), float(hue)) for name, light, chroma, hue in found}


def _luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2); matrices from CSS Color 4, section 9."""
    a = colour.chroma * math.cos(math.radians(colour.hue))
    b = colour.chroma * math.sin(math.radians(colour.hue))
    long = (colour.light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(1.0, max(0.0, part)) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
