"""The Belgian dialect of CSV files."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext

from ciao_portal.web.csv import csv_lines, csv_response
from registrations.models import Employment
from tests.cast import SSINS, Cast, make_worker


def text_of(*rows: Sequence[object]) -> str:
    return b"".join(csv_lines(rows)).decode()


def test_a_file_starts_with_the_mark_and_ends_its_lines_as_excel_does() -> None:
    assert text_of(["Naam", "Nummer"], ["Ada", 7]) == '\ufeff"Naam";"Nummer"\r\n"Ada";7\r\n'


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("0206731645", '"0206731645"'),
        (Decimal("1234.50"), "1234,50"),
        (-3, "-3"),
        (2.5, "2,5"),
        (None, ""),
        (True, '"yes"'),
        (date(2026, 11, 23), '"23/11/2026"'),
        (datetime(2026, 11, 23, 5, 2, 11, tzinfo=UTC), '"23/11/2026 06:02"'),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), '"25/10/2026 02:30 +02:00"'),
        ('The "blue" door; left', '"The ""blue"" door; left"'),
    ],
)
def test_a_cell(value: object, cell: str) -> None:
    assert text_of([value]) == f"\ufeff{cell}\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_taken_for_a_formula(start: str) -> None:
    assert text_of([f"{start}1+1"]) == f'\ufeff"\'{start}1+1"\r\n'


def test_what_people_type_comes_back_whole() -> None:
    rows = [["a;b", 'c"d', "e\nf", "é €"]]
    assert list(csv.reader(io.StringIO(text_of(*rows).removeprefix("\ufeff")), delimiter=";")) == rows


def test_an_answer_is_made_in_the_scope_and_the_language_of_its_request(cast: Cast) -> None:
    for number, ssin in enumerate(SSINS):
        make_worker(cast.main if number else cast.sub, ssin, f"Ada {number}")
    with translation.override("nl"):
        response = csv_response(_workers(), file_name="workers.csv", company=cast.main)
    body = b"".join(response).decode()
    assert body.count("Ada") == 5
    assert "Ada 0" not in body
    assert body.count('"Taal"') == 5
    assert response["Content-Disposition"] == 'attachment; filename="workers.csv"'


def _workers() -> Iterator[list[object]]:
    for employment in Employment.objects.all():
        yield [employment.first_name, gettext("Language")]
