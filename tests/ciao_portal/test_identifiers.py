from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciao_portal import identifiers
from ciao_portal.errors import DomainError

TODAY = date(2026, 11, 21)


def ssin(nine: str, *, since_2000: bool = False) -> str:
    number = int("2" + nine) if since_2000 else int(nine)
    return f"{nine}{97 - number % 97:02}"


def refusal(parse: Callable[[str], object], text: str) -> str:
    with pytest.raises(DomainError) as caught:
        parse(text)
    assert str(caught.value), "a refusal has words"
    return caught.value.code


def parse_ssin(text: str) -> str:
    return identifiers.parse_ssin(text, today=TODAY)


@pytest.mark.parametrize(
    "number",
    [
        "85073003328",
        "17073003384",
        "98472899765",  # BIS, sex known
        "01490700185",  # BIS, born in 2001
        "53480200724",
        "90201512302",  # BIS of unknown sex, month unknown, the day counting on
        "81050003552",  # day unknown
        "92200006963",  # BIS, month and day unknown
        ssin("850000001"),  # nothing but the year known
        ssin("000001001"),  # not even the year
        ssin("852915999"),  # the Belgif type refuses the counter 999 in national register numbers only
        ssin("000229001", since_2000=True),
        ssin("261121001", since_2000=True),  # born today
    ],
)
def test_valid_ssin(number: str) -> None:
    assert parse_ssin(number) == number
    assert parse_ssin(identifiers.format_ssin(number)) == number


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "ssin.length"),
        ("8507300332", "ssin.length"),
        ("850730033281", "ssin.length"),
        ("8507300332A", "ssin.length"),
        ("፩5073003328", "ssin.length"),  # an Ethiopic digit is no decimal
        ("05011512379", "ssin.check"),
        ("85073003329", "ssin.check"),
        ("85073003300", "ssin.check"),
        (ssin("850730000"), "ssin.counter"),
        (ssin("850730999"), "ssin.counter"),
        (ssin("851330001"), "ssin.month"),
        (ssin("853330001"), "ssin.month"),
        (ssin("855330001"), "ssin.month"),
        (ssin("856130001"), "ssin.month"),
        (ssin("850229001"), "ssin.date"),
        (ssin("000229001"), "ssin.date"),  # 1900 was no leap year
        (ssin("850432001"), "ssin.date"),
        (ssin("261122001", since_2000=True), "ssin.future"),
        (ssin("270000001", since_2000=True), "ssin.future"),
    ],
)
def test_refused_ssin(number: str, code: str) -> None:
    assert refusal(parse_ssin, number) == code


def test_check_digits_00_are_refused() -> None:
    nine = next(f"850730{counter:03}" for counter in range(1, 998) if int(f"850730{counter:03}") % 97 == 0)
    assert parse_ssin(nine + "97") == nine + "97"
    assert refusal(parse_ssin, nine + "00") == "ssin.check"


@pytest.mark.parametrize(
    "typed",
    [
        "85.07.30-033.28",
        " 85 07 30 033 28 ",
        "85\u00a007\u00a030\u201303328",
        "٨٥٠٧٣٠٠٣٣٢٨",
        "85/07/30-033.28\r\n",
    ],
)
def test_ssin_as_people_type_it(typed: str) -> None:
    assert parse_ssin(typed) == "85073003328"


@given(st.dates(date(1910, 1, 1), TODAY), st.integers(1, 998), st.sampled_from([0, 20, 40]))
def test_every_well_formed_ssin_is_read(born: date, counter: int, bis: int) -> None:
    number = ssin(f"{born:%y}{born.month + bis:02}{born:%d}{counter:03}", since_2000=born.year >= 2000)
    assert parse_ssin(number) == number
    assert identifiers.is_bis(number) == bool(bis)


@given(st.dates(date(1910, 1, 1), TODAY), st.integers(1, 998), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(born: date, counter: int, position: int, change: int) -> None:
    number = ssin(f"{born:%y%m%d}{counter:03}", since_2000=born.year >= 2000)
    wrong = str((int(number[position]) + change) % 10)
    altered = number[:position] + wrong + number[position + 1 :]
    try:
        parse_ssin(altered)
    except DomainError:
        return
    # Only the century can explain it: the other century's rule fits by chance.
    assert (int(altered[:9]) % 97 == 97 - int(altered[9:])) != (int(number[:9]) % 97 == 97 - int(number[9:]))


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (
        parse_ssin,
        identifiers.parse_enterprise_number,
        identifiers.parse_establishment_unit,
        identifiers.parse_employer_number,
        identifiers.parse_declaration_number,
        identifiers.split_contract_number,
        identifiers.parse_foreign_vat,
    ):
        with suppress(DomainError):
            assert parse(text)


def test_masking_leaves_the_birth_date_only() -> None:
    assert identifiers.mask_ssin("85073003328") == "85.07.30-•••.••"


@pytest.mark.parametrize("number", ["0206731645", "0202239951", "0409536968"])
def test_valid_enterprise_number(number: str) -> None:
    assert identifiers.parse_enterprise_number(number) == number
    assert identifiers.parse_enterprise_number(f"be {identifiers.format_enterprise_number(number)}") == number
    assert identifiers.parse_enterprise_number(number[1:]) == number


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("0200014000", "enterprise.check"),
        ("0206731646", "enterprise.check"),
        ("2144192522", "enterprise.start"),
        ("02067316", "enterprise.length"),
        ("FR0206731645", "enterprise.length"),
    ],
)
def test_refused_enterprise_number(number: str, code: str) -> None:
    assert refusal(identifiers.parse_enterprise_number, number) == code


@pytest.mark.parametrize("number", ["2144192522", "2000000042"])
def test_valid_establishment_unit(number: str) -> None:
    assert identifiers.parse_establishment_unit(identifiers.format_establishment_unit(number)) == number


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("2144192523", "establishment.check"),
        ("0206731645", "establishment.start"),
        ("9144192522", "establishment.start"),
        ("214419252", "establishment.length"),
    ],
)
def test_refused_establishment_unit(number: str, code: str) -> None:
    assert refusal(identifiers.parse_establishment_unit, number) == code


@pytest.mark.parametrize("number", ["93017373", "20620259", "100006", "499999982", "187995796"])
def test_valid_employer_number(number: str) -> None:
    assert identifiers.parse_employer_number(number) == number
    assert identifiers.parse_employer_number(identifiers.format_employer_number("00" + number)) == number


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("93017374", "employer.check"),
        ("196", "employer.length"),
        ("6000000000", "employer.length"),
        ("9" * 5000, "employer.length"),
        ("abc", "employer.length"),
    ],
)
def test_refused_employer_number(number: str, code: str) -> None:
    assert refusal(identifiers.parse_employer_number, number) == code


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1Y1003SQ5VSSZ", "1Y1003SQ5VSSZ"),
        ("9b0 003sq 5vssz", "9B0003SQ5VSSZ"),
        ("9BO003SQ5VSSZ", "9B0003SQ5VSSZ"),
        ("3I0-0000-000000", "3100000000000"),
    ],
)
def test_valid_declaration_number(typed: str, number: str) -> None:
    assert identifiers.parse_declaration_number(typed) == number
    assert identifiers.parse_technical_reference(typed) == number
    assert identifiers.parse_declaration_number(identifiers.format_declaration_number(number)) == number


def test_refused_declaration_number() -> None:
    assert refusal(identifiers.parse_declaration_number, "9B0003SQ5VSS") == "declaration.shape"
    assert refusal(identifiers.parse_technical_reference, "9B0003SQ5VSS*") == "reference.shape"


@pytest.mark.parametrize("suffix", ["1", "01", "A01"])
def test_a_contract_number_names_the_declaration_number_in_it(suffix: str) -> None:
    with pytest.raises(DomainError) as caught:
        identifiers.parse_declaration_number("9B0003SQ5VSSZ" + suffix)
    assert caught.value.code == "declaration.contract"
    assert "9B0003SQ5VSSZ" in str(caught.value)
    assert identifiers.split_contract_number("9B0003SQ5VSSZ" + suffix) == ("9B0003SQ5VSSZ", suffix)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("nl 0044.95.445.B01", "NL004495445B01"),
        ("FR 40 303 265 045", "FR40303265045"),
        ("EL094259216", "EL094259216"),
        ("XI980780684", "XI980780684"),
        ("CHE-107.787.577 IVA", "CHE107787577IVA"),
        ("ATU13585627", "ATU13585627"),
        ("UA12345678", "UA12345678"),  # a country without a known rule: shape only
    ],
)
def test_valid_foreign_vat(typed: str, number: str) -> None:
    assert identifiers.parse_foreign_vat(typed) == number
    assert identifiers.parse_foreign_vat(identifiers.format_foreign_vat(number)) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [("BE0206731645", "vat.belgian"), ("NL004495446B01", "vat.check"), ("12345678", "vat.shape")],
)
def test_refused_foreign_vat(typed: str, code: str) -> None:
    assert refusal(identifiers.parse_foreign_vat, typed) == code


def test_a_birth_date_is_future_until_its_day() -> None:
    number = ssin("261121001", since_2000=True)
    with pytest.raises(DomainError, match="future"):
        identifiers.parse_ssin(number, today=TODAY - timedelta(days=1))
    assert identifiers.parse_ssin(number, today=TODAY) == number
