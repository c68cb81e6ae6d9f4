"""What is asked once for a whole column, and what for each row."""

import re
from typing import Any, ClassVar

import django_tables2
import pytest
from django.utils.safestring import SafeString

from ciao_portal.models import Company
from ciao_portal.web.tables import PortalTable

ROWS = [Company(name=name) for name in ("Ada & Co", "Bea", "Ada & Co")]


class FirmTable(PortalTable):
    list_name = "firms"
    asked: ClassVar[list[Any]]

    name = django_tables2.Column("Name")
    number = django_tables2.Column("Number", accessor="enterprise_number")
    letters = django_tables2.Column("Letters", accessor="name")

    def render_name(self, value: str) -> str:
        self.asked.append(value)
        return f"<{value}>"

    def render_letters(self, record: Company) -> SafeString:
        self.asked.append(record)
        return SafeString(f"<b>{len(record.name)}</b>")


@pytest.fixture
def lines() -> list[str]:
    FirmTable.asked = []
    return re.findall(r"<tr [^>]*>(.*?)</tr>", FirmTable(ROWS).rows_as_html())


def test_a_cell_of_a_value_is_asked_once_and_one_of_a_record_every_time(lines: list[str]) -> None:
    assert [one for one in FirmTable.asked if isinstance(one, str)] == ["Ada & Co", "Bea"]
    assert [one for one in FirmTable.asked if isinstance(one, Company)] == ROWS
    assert lines[0] == lines[2] != lines[1]


def test_words_are_escaped_and_html_is_not(lines: list[str]) -> None:
    assert "&lt;Ada &amp; Co&gt;</td>" in lines[0]
    assert "<b>8</b></td>" in lines[0]


@pytest.mark.parametrize("label", ["Ada & Co", SafeString("Ada &amp; Co")])
def test_the_attributes_of_a_row_are_escaped_once(label: str) -> None:
    FirmTable.asked = []
    table = FirmTable(ROWS[:1], row_attrs={"data-label": label})
    assert 'data-label="Ada &amp; Co"' in table.rows_as_html()


def test_nothing_is_shown_as_a_dash(lines: list[str]) -> None:
    assert "—</td>" in lines[0]
