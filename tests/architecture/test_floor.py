"""The style sheets and scripts of phones are understood by the oldest browser they are promised to."""

import re
from pathlib import Path

import pytest

from tests.architecture.floor import newer_css, newer_js

ROOT = Path(__file__).parents[2]
PAGES = [page for folder in ("phone", "kiosk") for page in (ROOT / "templates" / folder).glob("*.html")]
SHEETS = sorted(
    {
        ROOT / "static" / name
        for page in PAGES
        for name in re.findall(r'"(css/[\w-]+\.css)"', page.read_text())
    }
)
# All of them: which of them a phone loads may be decided by another script.
SCRIPTS = sorted([*(ROOT / "static").rglob("*.js"), *(ROOT / "templates").rglob("*.js")])


def name_of(path: Path) -> str:
    return path.name


def test_there_is_something_to_read() -> None:
    assert ROOT / "static/css/phone.css" in SHEETS
    assert ROOT / "static/js/phone.js" in SCRIPTS


@pytest.mark.parametrize("sheet", SHEETS, ids=name_of)
def test_style_sheets_are_understood(sheet: Path) -> None:
    assert list(newer_css(sheet.read_text())) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of)
def test_scripts_are_understood(script: Path) -> None:
    assert list(newer_js(script.read_text())) == []


@pytest.mark.parametrize(
    "css",
    [
        "@property --x { syntax: '*'; inherits: false }",
        "@scope (a) { b { color: red } }",
        "@media (width >= 30rem) { a { color: red } }",
        "a { &:hover { color: red } }",
        "a { b { color: red } }",
        "a { @media print { color: red } }",
        ":dir(rtl) a { margin: 0 }",
        "input:user-invalid { color: red }",
        "a:is(b:popover-open) { color: red }",
        "dialog::details-content { color: red }",
        "a { color: light-dark(red, blue) }",
        "a { color: color-mix(in oklch, red, blue) }",
        "a { height: calc(2lh + 4px) }",
        "a { field-sizing: content }",
        "} a { color: red }",
    ],
)
def test_newer_styles_are_found(css: str) -> None:
    assert list(newer_css(css)) != []


@pytest.mark.parametrize(
    "script",
    [
        "class A { static { x(); } }",
        "/(?<=a)b/.test(x);",
        "/(?<!a)b/.test(x);",
        "/[a--b]/v.test(x);",
        "/(?i:a)b/.test(x);",
        "import x from './x.json' with { type: 'json' };",
        "let x = ;",
        "function a( { ",
        "new BarcodeDetector();",
        "navigator.storage.estimate().then(f);",
        "Object.groupBy(a, b);",
    ],
)
def test_newer_scripts_are_found(script: str) -> None:
    assert list(newer_js(script)) != []


@pytest.mark.parametrize(
    "script",
    [
        "class A { #x = 1; static y = 2; has(o) { return #x in o; } }",
        "a ??= b?.c ?? 1_000; await Promise.any(p);",
        "/(?<year>\\d+)/u.exec(x);",
        "if ('BarcodeDetector' in window) new BarcodeDetector();",
        "if (typeof OffscreenCanvas !== 'undefined') new OffscreenCanvas(1, 1);",
        "if (!navigator.wakeLock) return; navigator.wakeLock.request('screen');",
        "navigator.storage && navigator.storage.estimate && navigator.storage.estimate();",
        "if (navigator.storage && navigator.storage.estimate) navigator.storage.estimate();",
        "navigator.wakeLock?.request('screen');",
    ],
)
def test_what_the_floor_knows_is_let_through(script: str) -> None:
    assert list(newer_js(script)) == []
