"""No page writes a class that no style sheet knows, and no sheet keeps one that nobody writes."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("ciao_portal", "declarations", "registrations")
# Letters carry their few styles with them.
PAGES = [path for path in (ROOT / "templates").rglob("*.html") if "mail" not in path.relative_to(ROOT).parts]
SCRIPTS = [*(ROOT / "static/js").glob("*.js"), *(path for app in APPS for path in (ROOT / app).rglob("*.py"))]
# Set by htmx while it asks.
LIBRARIES = {"htmx-request"}
# What the journeys click on.
HANDLES = {"again"}
# What a template fills in: `badge--{{ signal }}` may become any class that begins so.
HOLE = "\0"


def _style_classes() -> set[str]:
    sheets = "".join(path.read_text() for path in (ROOT / "static/css").glob("*.css"))
    bare = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", sheets, flags=re.DOTALL)
    return set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", bare))


def _page_classes(page: Path) -> set[str]:
    """The classes in the attributes of a template, with HOLE for what is filled in."""
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", page.read_text(), flags=re.DOTALL)
    text = re.sub(r"{%.*?%}", " ", re.sub(r"{{.*?}}", HOLE, text, flags=re.DOTALL), flags=re.DOTALL)
    values = re.findall(r'\bclass="([^"]*)"', text)
    # A condition may stand in the middle of a name: `badge--{% if … %}ok{% else %}wait{% endif %}`.
    return {name if not name.endswith("--") else name + HOLE for value in values for name in value.split()}


WRITTEN = {name for page in PAGES for name in _page_classes(page)}
WORDS = set(re.findall(r"[\w-]+", "".join(path.read_text() for path in [*PAGES, *SCRIPTS])))
BEGINNINGS = tuple(name.partition(HOLE)[0] for name in WRITTEN if HOLE in name and not name.startswith(HOLE))


def test_every_class_of_a_page_stands_in_a_style_sheet() -> None:
    known = _style_classes()
    unknown = {name for name in WRITTEN if HOLE not in name} - known - HANDLES
    # The halves of a name with a condition in its middle are no names.
    halves = {
        name for name in unknown if any(one in known for one in (f"{stem}{name}" for stem in BEGINNINGS))
    }
    assert sorted(unknown - halves) == []


def test_every_class_of_a_style_sheet_is_written_somewhere() -> None:
    unused = {name for name in _style_classes() - WORDS - LIBRARIES if not name.startswith(BEGINNINGS)}
    assert sorted(unused) == []
