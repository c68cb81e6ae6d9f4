"""Posters under bad treatment: small, tilted, blurred, stained; and full to the brim, in every script."""

import math
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter
from pypdf import PdfReader

from ciao_portal.web.pdf import pdf_from
from declarations.poster_words import FURTHER_CODES, INSTRUCTIONS, instructions_in
from declarations.posters import STICKERS_ON_SHEET, Paper, Poster, WayAround, drawn, name_size, posters_html
from declarations.rules.poster_versions import Version

ADDRESS = "https://portal.voorbeeld-29.be/r/7K3QX9M2B4/"
NSSO = "https://checkinout.socialsecurity.be/registration?reference=1Y1003SQ5VSSZ"
NAME = "Gebouw 12"
LONG_NAME = (
    "Verpleeghuis en dagcentrum De Onwaarschijnlijk Lange Naam aan het Voorbeeldplein, derde verdieping " * 2
)
POSTER = Poster(
    code="7K3QX-9M2B4",
    qr=drawn(ADDRESS),
    name=NAME,
    name_size=name_size(NAME),
    contractor="Helder Main",
    address="Voorbeeldstraat 12, 9000 Gent",
    works="Stad Voorbeeld · Schoonmaak",
    number="9B0 003SQ 5VSSZ",
    ends_on=date(2027, 12, 31),
    version=Version(2, date(2026, 11, 26), ""),
)
FULL = replace(
    POSTER,
    name=LONG_NAME,
    name_size=name_size(LONG_NAME),
    contractor=LONG_NAME,
    address=LONG_NAME,
    works=LONG_NAME,
    way_around=WayAround(NSSO.removeprefix("https://"), drawn(NSSO)),
)
# Printed so fine that a module has about nine pixels, as a phone sees it from a comfortable distance.
DPI = {Paper.A4: 100, Paper.A6: 110, Paper.STICKERS: 170}
WIDTHS_MM = {Paper.A4: 81, Paper.A6: 68, Paper.STICKERS: 42}
MODULES = 33
LOST = 0.12
# White, grey and black: torn away, faded, or ink.
STAINS = (255, 128, 0)


def printed(
    posters: list[Poster], paper: Paper, folder: Path, *, further: tuple[str, ...] = (), dpi: int = 0
) -> list[Image.Image]:
    """The pages as a printer would print them."""
    html = posters_html(
        posters, title="Posters", language="nl", paper=paper, instructions=instructions_in(further)
    )
    (folder / "poster.pdf").write_bytes(pdf_from(html))
    command = ["pdftoppm", "-gray", "-r", str(dpi or DPI[paper]), "-png", "poster.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True)
    return [Image.open(path).convert("L") for path in sorted(folder.glob("page-*.png"))]


def codes(image: Image.Image) -> list[zxingcpp.Barcode]:
    return list(zxingcpp.read_barcodes(image))


def texts(image: Image.Image) -> list[str]:
    return [one.text for one in codes(image)]


def box(found: zxingcpp.Barcode) -> tuple[float, float, float]:
    """Left, top and width of an upright code, in pixels."""
    corner = found.position.top_left
    return (
        corner.x,
        corner.y,
        (found.position.top_right.x - corner.x + found.position.bottom_left.y - corner.y) / 2,
    )


def first_code(page: Image.Image) -> Image.Image:
    """The first code of the page with its quiet zone, cut out so that it fills whole modules."""
    left, top, width = box(next(one for one in codes(page) if one.text == ADDRESS))
    quiet = 4 * width / MODULES
    return page.crop(
        (round(left - quiet), round(top - quiet), round(left + width + quiet), round(top + width + quiet))
    )


def stains(modules: int = MODULES, share: float = LOST) -> Iterator[tuple[float, float, float]]:
    """Middle and radius (in modules) of round blots of this share of the code, all over it.

    Left out are those that touch a finder or the white edge that belongs to it.
    """
    radius = math.sqrt(share / math.pi) * modules
    steps = 6
    way = (modules - 2 * radius) / steps
    finders = ((0, 0), (modules - 8, 0), (0, modules - 8))
    for row in range(steps + 1):
        for column in range(steps + 1):
            x, y = radius + column * way, radius + row * way
            near = [
                math.hypot(max(left - x, 0, x - left - 8), max(top - y, 0, y - top - 8))
                for left, top in finders
            ]
            if min(near) > radius:
                yield x, y, radius


def test_stains_cover_an_eighth_of_the_code_and_most_of_what_is_no_finder() -> None:
    places = list(stains())
    assert len(places) >= 20
    assert math.pi * places[0][2] ** 2 == pytest.approx(LOST * MODULES**2)
    finders = ((0, 0), (MODULES - 8, 0), (0, MODULES - 8))

    def free(x: int, y: int) -> bool:
        return not any(left <= x < left + 8 and top <= y < top + 8 for left, top in finders)

    squares = [(x, y) for x in range(MODULES) for y in range(MODULES) if free(x, y)]
    hit = [(x, y) for x, y in squares if any(math.hypot(x + 0.5 - a, y + 0.5 - b) <= r for a, b, r in places)]
    assert len(hit) / len(squares) > 0.8


@pytest.mark.parametrize("paper", list(Paper))
def test_a_stained_code_is_read_tilted_and_blurred(paper: Paper, tmp_path: Path) -> None:
    (page,) = printed([POSTER], paper, tmp_path)
    code = first_code(page)
    module = code.width / (MODULES + 8)
    unread = []
    for stain in STAINS:
        for x, y, radius in stains():
            treated = code.copy()
            left, top, right, bottom = (
                (one + 4) * module for one in (x - radius, y - radius, x + radius, y + radius)
            )
            ImageDraw.Draw(treated).ellipse((left, top, right, bottom), fill=stain)
            treated = treated.rotate(30, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)
            treated = treated.filter(ImageFilter.GaussianBlur(module / 4))
            if texts(treated) != [ADDRESS]:
                unread.append((stain, round(x, 1), round(y, 1)))
    assert unread == []


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("share", [1, 0.6, 0.4])
def test_a_whole_page_is_read_from_near_and_far_and_askew(paper: Paper, share: float, tmp_path: Path) -> None:
    (page,) = printed([POSTER] * (STICKERS_ON_SHEET if paper is Paper.STICKERS else 1), paper, tmp_path)
    far = page.resize((round(page.width * share), round(page.height * share)), Image.Resampling.LANCZOS)
    askew = far.rotate(30, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    each = {Paper.A4: 2, Paper.A6: 1, Paper.STICKERS: STICKERS_ON_SHEET}[paper]
    assert texts(far) == [ADDRESS] * each
    assert texts(askew) == [ADDRESS] * each


@pytest.mark.parametrize("paper", list(Paper))
def test_codes_are_large_of_level_q_and_white_all_around_however_full_the_paper(
    paper: Paper, tmp_path: Path
) -> None:
    (page,) = printed([FULL], paper, tmp_path, further=("uk", "ar", "ro", "sq"), dpi=DPI[paper] * 2)
    ours = [one for one in codes(page) if one.text == ADDRESS]
    assert len(ours) == (2 if paper is Paper.A4 else 1)
    for found in ours:
        left, top, width = box(found)
        assert width / (DPI[paper] * 2) * 25.4 > WIDTHS_MM[paper] - 0.5
        assert found.ec_level == "Q"
        quiet = 4 * width / MODULES
        # A pixel or two of the code's own edge bleed over.
        ring = page.crop(
            (
                round(left - quiet) + 2,
                round(top - quiet) + 2,
                round(left + width + quiet) - 2,
                round(top + width + quiet) - 2,
            )
        )
        ImageDraw.Draw(ring).rectangle((quiet - 5, quiet - 5, quiet + width + 2, quiet + width + 2), fill=255)
        assert min(ring.tobytes()) > 250


def test_two_codes_stand_in_opposite_corners(tmp_path: Path) -> None:
    (page,) = printed([POSTER], Paper.A4, tmp_path)
    (left, top, width), (other_left, other_top, _width) = sorted(
        (box(one) for one in codes(page)), key=lambda one: one[1]
    )
    assert left + width < page.width / 2 + 5 < other_left + 20
    assert top + width < page.height / 2 < other_top + 20


def test_the_address_of_the_nsso_is_a_third_code_on_a4(tmp_path: Path) -> None:
    (page,) = printed([FULL], Paper.A4, tmp_path, dpi=200)
    assert sorted(texts(page)) == sorted([ADDRESS, ADDRESS, NSSO])


@pytest.mark.parametrize("further", [FURTHER_CODES[:4], FURTHER_CODES[4:8], FURTHER_CODES[7:]])
def test_every_language_is_printed_with_letters_that_the_fonts_have(further: tuple[str, ...]) -> None:
    html = posters_html([POSTER], title="Posters", language="nl", instructions=instructions_in(further))
    text = PdfReader(BytesIO(pdf_from(html))).pages[0].extract_text()
    assert "\N{REPLACEMENT CHARACTER}" not in text
    assert "\0" not in text
    for one in INSTRUCTIONS:
        if one.language in further and one.direction == "ltr":
            assert one.heading in text


def test_what_stands_on_each_paper() -> None:
    def words(paper: Paper) -> str:
        html = posters_html([POSTER], title="Posters", language="nl", paper=paper)
        return PdfReader(BytesIO(pdf_from(html))).pages[0].extract_text()

    for paper in Paper:
        text = words(paper)
        assert NAME in text
        assert "7K3QX-9M2B4" in text
        assert "31/12/2027" in text
        assert "Versie 2" in text or "2 · 26/11/2026" in text
    for part in ("9B0 003SQ 5VSSZ", "Stad Voorbeeld · Schoonmaak", "Helder Main", "26/11/2026"):
        assert part in words(Paper.A4)
        assert part in words(Paper.A6)


def test_a_sheet_holds_twelve_stickers_and_goes_on_on_the_next(tmp_path: Path) -> None:
    first, second = printed([POSTER] * 13, Paper.STICKERS, tmp_path)
    assert [len(texts(sheet)) for sheet in (first, second)] == [12, 1]
