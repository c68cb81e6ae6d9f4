"""The style guide: made from what is really used, and complete."""

from pathlib import Path

from ciao_portal.web import style_guide
from tests.cast import Cast
from tests.queries import at_most_queries
from tests.registrations.views.pages import text

TEMPLATES = Path(__file__).parents[3] / "templates"
# Seen on the style guide's own frame, as on every page.
FRAME = {
    "certificate_ending.html",
    "company_menu.html",
    "footer.html",
    "language_menu.html",
    "main_navigation.html",
    "person_menu.html",
    "search_field.html",
    "shortcuts.html",
    "simulation_strip.html",
    "toasts.html",
}
# Parts of other elements, seen with them; icons, drawn by a tag, have a chapter of their own.
PARTS = {"field.html", "field_notes.html", "form_errors.html", "icon.html", "pagination.html"}
# Reads itself from an address of its own.
LIVE = {"gaps.html", "now.html"}


def test_it_shows_every_element(cast: Cast) -> None:
    elements = {path.name for path in (TEMPLATES / "elements").glob("*.html")}
    assert elements - FRAME - PARTS - LIVE == style_guide.elements_shown()


def test_it_shows_tokens_icons_and_examples(cast: Cast) -> None:
    browser = cast.browser(cast.auditor)
    with at_most_queries(6):
        page = browser.get("/settings/style-guide/")
    words = text(page)
    assert page.status_code == 200
    for name in (*style_guide.icons(), "--brand", "--size-39", "--s16"):
        assert name in words
    assert "Nothing was saved yet" in words
    assert '{% include "elements/badge.html" with signal="ok"' in words
    # What the head of an element's file says of it.
    assert "label: the word" in words


def test_sizes_are_those_of_the_tokens() -> None:
    assert style_guide.sizes(r"size-\d+")[0] == style_guide.Size("size-12", "0.75rem")
    assert [size.name for size in style_guide.sizes(r"s\d+")][:3] == ["s1", "s2", "s3"]


def test_no_icon_is_listed_twice() -> None:
    assert len(style_guide.icons()) == len(set(style_guide.icons()))
