import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciao_portal.errors import DomainError
from declarations.rules.codes import (
    ALPHABET,
    check_character,
    format_point_code,
    new_point_code,
    parse_point_code,
)

BODIES = st.text(ALPHABET, min_size=9, max_size=9)


def code_of(text: str) -> str:
    with pytest.raises(DomainError) as caught:
        parse_point_code(text)
    assert str(caught.value)
    return caught.value.code


def test_new_codes_are_valid_and_differ() -> None:
    codes = {new_point_code() for _turn in range(500)}
    assert len(codes) == 500
    assert all(parse_point_code(code) == code for code in codes)
    assert not set("".join(codes)) & set("ILOU")


@given(BODIES)
def test_what_is_printed_is_read(body: str) -> None:
    code = body + check_character(body)
    assert parse_point_code(format_point_code(code)) == code
    assert parse_point_code(code.lower().replace("0", "o").replace("1", "l")) == code
    assert parse_point_code(f" {code[:3]} {code[3:]}\t") == code
    assert parse_point_code(code.replace("1", "I")) == code


@given(BODIES, st.integers(0, 9), st.integers(1, 31))
def test_one_wrong_character_is_always_found(body: str, position: int, change: int) -> None:
    code = body + check_character(body)
    wrong = ALPHABET[(ALPHABET.index(code[position]) + change) % 32]
    assert code_of(code[:position] + wrong + code[position + 1 :]) == "code.check"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "code.length"),
        ("ABC", "code.length"),
        ("7K3QX-9M2B4-0", "code.length"),
        ("UUUUUUUUUU", "code.characters"),
    ],
)
def test_refused_codes(text: str, code: str) -> None:
    assert code_of(text) == code


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert len(parse_point_code(text)) == 10
    except DomainError:
        return
