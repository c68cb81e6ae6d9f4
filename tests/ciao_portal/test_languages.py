import pytest

from ciao_portal.languages import best_language, direction


@pytest.mark.parametrize(
    ("header", "cookie", "language"),
    [
        ("fr-BE,fr;q=0.9,en;q=0.5", None, "fr"),
        ("en;q=0.5, de-DE;q=0.8", None, "de"),
        ("de;q=0.7,en;q=0.7", None, "de"),
        ("pl-PL,pl;q=0.9,en;q=0.2", None, "en"),
        ("fr;q=0,en;q=0.1", None, "en"),
        ("fr;q=nan,en;q=0.1", None, "en"),
        ("fr;q=x", None, "nl"),
        ("", None, "nl"),
        ("*", None, "nl"),
        ("a," * 10_000 + "fr", None, "nl"),
        ("fr", "de", "de"),
        ("fr", "../../etc", "fr"),
        ("fr", "", "fr"),
    ],
)
def test_best_language(header: str, cookie: str | None, language: str) -> None:
    assert best_language(header, cookie) == language


def test_the_default_is_the_callers() -> None:
    assert best_language("ro", None, default="en") == "en"


@pytest.mark.parametrize(
    ("language", "expected"), [("ar", "rtl"), ("fa-IR", "rtl"), ("nl", "ltr"), ("uk", "ltr")]
)
def test_direction(language: str, expected: str) -> None:
    assert direction(language) == expected
