"""What was held before a tablet or typed there."""

import pytest

from registrations.rules.presented import Presented, Shown, read

SECRET = "q7Zk-3fXw_PzB0aLm9RtYc2VnEoHs8Uj"


@pytest.mark.parametrize(
    ("text", "shown", "rest"),
    [
        (f"https://portal.example/c/{SECRET}/", Shown.CARD, SECRET),
        (f"  http://192.168.1.4:8000/c/{SECRET}\r\n", Shown.CARD, SECRET),
        (SECRET, Shown.CARD, SECRET),
        (SECRET[:22], Shown.CARD, SECRET[:22]),
        ("04:a2:24:5b", Shown.CHIP, "04A2245B"),
        ("04A2245BC96F80", Shown.CHIP, "04A2245BC96F80"),
        ("0008734529", Shown.CHIP, "0008734529"),
        ("85073003328", Shown.NUMBER, "85073003328"),
        ("85.07.30-033.28", Shown.NUMBER, "85.07.30-033.28"),
        ("8507-", Shown.NUMBER, "8507-"),
        # The code of a poster, another website: nothing a tablet knows.
        ("https://portal.example/r/7K3QX9M2B4/", Shown.NUMBER, "https://portal.example/r/7K3QX9M2B4/"),
        ("", Shown.NUMBER, ""),
    ],
)
def test_it_is_told_by_its_form(text: str, shown: Shown, rest: str) -> None:
    assert read(text) == Presented(shown, rest)
