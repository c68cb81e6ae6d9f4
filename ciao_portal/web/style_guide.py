"""What the style guide shows, read from what the portal really uses.

Colours and sizes come from `tokens.css`, icons from the sprite, the words about each element from the
comment at its head. An example is a file in `templates/style_guide/<chapter>/`: the page shows the file and
what it renders to.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ciao_portal.web.colours import PAIRS, Themes, contrast, read_themes

CSS: Path = settings.BASE_DIR / "static" / "css"
SPRITE: Path = settings.BASE_DIR / "static" / "img" / "icons.svg"
TEMPLATES: Path = settings.BASE_DIR / "templates"
CHAPTERS = ("elements", "forms", "lists", "pictures")
HEAD = re.compile(r"{% comment %}(.*?){% endcomment %}\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour in both themes; the lowest contrast of the text it is used for, empty for a surface."""

    name: str
    light: str
    dark: str
    light_contrast: str
    dark_contrast: str


@dataclass(frozen=True, slots=True)
class Size:
    """A token that is a length, such as `--s4: 1rem`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An example as the page shows it."""

    title: str
    words: str
    snippet: str
    rendered: SafeString


def swatches() -> list[Swatch]:
    """Every colour in the order of the file."""
    themes = read_themes((CSS / "tokens.css").read_text())
    return [_swatch(name, themes) for name in themes.light]


def sizes(name: str) -> list[Size]:
    """The lengths whose names fit the pattern, in the order of the file; the first value is the desk's."""
    found = re.findall(rf"--({name}): ([\d.]+rem);", (CSS / "tokens.css").read_text())
    return [Size(*pair) for pair in found]


def icons() -> list[str]:
    """The names in the sprite, in its order."""
    return re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text())


def examples(request: HttpRequest) -> dict[str, list[Shown]]:
    """By chapter, in the order of the files' names; all with the same samples."""
    samples = _samples()
    return {
        chapter: [_shown(chapter, path, samples, request) for path in _files(chapter)] for chapter in CHAPTERS
    }


def elements_shown() -> set[str]:
    """The files of templates/elements that the examples include."""
    return {name for chapter in CHAPTERS for path in _files(chapter) for name in _included(path.read_text())}


def _swatch(name: str, themes: Themes) -> Swatch:
    lowest = [
        min((contrast(theme[name], theme[surface]) for text, surface in PAIRS if text == name), default=0.0)
        for theme in (themes.light, themes.dark)
    ]
    light, dark = (f"{ratio:.1f}" if ratio else "" for ratio in lowest)
    return Swatch(name, str(themes.light[name]), str(themes.dark[name]), light, dark)


def _files(chapter: str) -> list[Path]:
    return sorted((TEMPLATES / "style_guide" / chapter).glob("*.html"))


def _shown(chapter: str, path: Path, samples: dict[str, Any], request: HttpRequest) -> Shown:
    """The comment at the head holds the title and, after a colon, words; else those of the elements."""
    title, _colon, words = _comment(path).partition(": ")
    snippet = HEAD.sub("", path.read_text(), count=1).strip()
    rendered = render_to_string(f"style_guide/{chapter}/{path.name}", samples, request)
    about = [_comment(TEMPLATES / "elements" / name) for name in _included(snippet)]
    return Shown(title, words or " ".join(about), snippet, rendered)


def _comment(path: Path) -> str:
    found = HEAD.search(path.read_text())
    return " ".join(found[1].split()) if found else ""


def _included(snippet: str) -> Iterator[str]:
    return iter(dict.fromkeys(re.findall(r'"elements/([\w.]+)"', snippet)))


class SampleForm(forms.Form):
    """One field of each kind; sent empty, so that errors can be seen."""

    title = forms.CharField(label="Name of the works", help_text="As it stands in the contract.")
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    activity = forms.ChoiceField(label="Activity", choices=[("buildings", "Buildings"), ("other", "Other")])
    note = forms.CharField(label="Remark", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    by_year = forms.BooleanField(label="The amount is per year", required=False)
    way = forms.ChoiceField(
        label="Means", choices=[("phone", "Phone"), ("card", "Card")], widget=forms.RadioSelect
    )


def _samples() -> dict[str, Any]:
    fresh, refused = SampleForm(auto_id="fresh_%s"), SampleForm({"activity": "other"}, auto_id="refused_%s")
    return {
        "fresh_form": fresh,
        "refused_form": refused,
        "facts": [
            {"label": "Enterprise number", "value": "0206.731.645", "number": True},
            {"label": "Client", "value": "Stad Voorbeeld", "url": "#elements"},
            {"label": "Last day", "value": ""},
        ],
        "steps": [
            {"title": "Registered", "signal": "ok", "icon": "phone", "time": "Mon 23 Nov · 06:02:11"},
            {"title": "On its way", "signal": "wait", "icon": "clock", "detail": "Sent for the second time."},
            {"title": "Refused", "signal": "late", "icon": "error"},
        ],
        "tabs": [
            {"url": "#lists", "label": "Declarations", "current": True},
            {"url": "#lists", "label": "Workplaces", "current": False},
        ],
        "back": {"url": "#elements", "label": "Declarations"},
        "state": {"signal": "ok", "label": "Active"},
        "actions": [
            {"url": "#elements", "label": "Edit", "icon": "edit"},
            {"url": "#elements", "label": "Declare work", "icon": "plus", "primary": True},
        ],
        "empty": {
            "title": "No workers yet",
            "text": "They appear here with their first registration.",
            "icon": "worker",
            "action_url": "#elements",
            "action_label": "Add a worker",
        },
    }
