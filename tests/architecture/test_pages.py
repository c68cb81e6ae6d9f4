"""What every template must keep to, read from the files themselves."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
PAGES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
SPRITE_IDS = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/img/icons.svg").read_text()))

# The content security policy forbids these; the browser would drop them silently.
INLINE = re.compile(
    r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\bsrc=)|javascript:", re.IGNORECASE
)
ICON = re.compile(r'{% icon "([^"]+)"')


@pytest.mark.parametrize("name", PAGES)
def test_template_compiles(name: str) -> None:
    assert get_template(name).template.name == name  # type: ignore[attr-defined]  # the engine's own wrapper


@pytest.mark.parametrize("name", PAGES)
def test_template_holds_nothing_inline(name: str) -> None:
    assert INLINE.findall((TEMPLATES / name).read_text()) == []


@pytest.mark.parametrize("name", PAGES)
def test_icons_exist_in_the_sprite(name: str) -> None:
    assert set(ICON.findall((TEMPLATES / name).read_text())) <= SPRITE_IDS
