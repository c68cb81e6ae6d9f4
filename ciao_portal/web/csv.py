"""The one dialect of every CSV file: what a Belgian Excel opens as it is (see the domain document, §11).

`;` between cells, UTF-8 with BOM, CRLF, a comma in decimals, days as `21/11/2026` in Brussels. Text is always
quoted, so that importers keep the zeros in front of identifiers; a text that a spreadsheet would take for a
formula gets an apostrophe before it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from django.http import StreamingHttpResponse
from django.utils import translation
from django.utils.translation import gettext

from ciao_portal.days import day_label, moment_label
from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope

BOM = b"\xef\xbb\xbf"
CONTENT_TYPE = "text/csv; charset=utf-8"
# What makes a spreadsheet read a cell as a formula (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
ROWS_PER_BLOCK = 500

Row = Sequence[object]


def csv_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    """One chunk of bytes per row, the byte order mark with the first; the header is simply the first row."""
    mark = BOM
    for row in rows:
        yield mark + (";".join(map(csv_cell, row)) + "\r\n").encode()
        mark = b""


def csv_response(rows: Iterable[Row], *, file_name: str, company: Company) -> StreamingHttpResponse:
    """The rows as a download, streamed in blocks.

    Each block is made inside the company's scope and in the language of now: both are gone by the time a
    streamed answer is read.
    """
    blocks = _in_scope(csv_lines(rows), company, translation.get_language())
    response = StreamingHttpResponse(blocks, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _in_scope(lines: Iterator[bytes], company: Company, language: str | None) -> Iterator[bytes]:
    while True:
        with company_scope(company), translation.override(language):
            block = b"".join(islice(lines, ROWS_PER_BLOCK))
        if not block:
            return
        yield block


def csv_cell(value: object) -> str:
    """One value as it stands between two `;`."""
    # Truth values are numbers in Python, and moments are days: the narrower type is asked first.
    if isinstance(value, bool):
        return _quoted(gettext("yes") if value else gettext("no"))
    if isinstance(value, int | float | Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, datetime):
        return _quoted(moment_label(value))
    if isinstance(value, date):
        return _quoted(day_label(value))
    return "" if value is None else _quoted(_harmless(str(value)))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _quoted(text: str) -> str:
    escaped = text.replace('"', '""')
    return f'"{escaped}"'
