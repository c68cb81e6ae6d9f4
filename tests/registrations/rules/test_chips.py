"""Numbers of chips as readers say them."""

import pytest

from ciao_portal.errors import DomainError
from registrations.rules.chips import normal_chip


@pytest.mark.parametrize(
    ("said", "normal"),
    [
        ("04:a2:24:1b:5c:80:00", "04A2241B5C8000"),
        ("04 A2 24 1B", "04A2241B"),
        ("04-a2-24-1b\r\n", "04A2241B"),
        ("04-A2-24-1B", "04A2241B"),
        ("04:a2:24:1B", "04A2241B"),
        ("04a2241b", "04A2241B"),
        ("0077734939", "0077734939"),
    ],
)
def test_one_form(said: str, normal: str) -> None:
    assert normal_chip(said) == normal


@pytest.mark.parametrize("said", ["", "04A2", "04A2241G", "04" * 11])
def test_nonsense_is_refused(said: str) -> None:
    with pytest.raises(DomainError) as error:
        normal_chip(said)
    assert error.value.code == "chip.malformed"
