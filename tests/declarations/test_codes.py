"""QR codes and posters, read back by a decoder from what a printer would print."""

import subprocess
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from ciao_portal.models import Company
from ciao_portal.tenancy import company_scope, unscoped
from ciao_portal.web.pdf import PdfError, pdf_from
from declarations.models import Declaration, RegistrationPoint
from declarations.qr import QUIET_ZONE, qr_matrix, qr_png, qr_svg
from tests.cast import Cast
from tests.declarations.works import make_chain, make_works

LONGEST = "https://portal.twenty-nine-chars.be"[:32]
A4 = (595, 842)


def points_of(works: Declaration, company: Company | None = None) -> list[RegistrationPoint]:
    """The points with a workplace, in the order of the workplaces."""
    with unscoped(reason="The test reads the points of several companies."):
        rows = RegistrationPoint.objects.filter(declaration=works, company=company, workplace__isnull=False)
        return list(rows.select_related("workplace").order_by("workplace__name"))


def decoded(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


def pages(pdf: bytes, folder: Path, dpi: int) -> list[Image.Image]:
    (folder / "poster.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", "poster.pdf", f"at{dpi}"], cwd=folder, check=True)
    return [Image.open(path) for path in sorted(folder.glob(f"at{dpi}-*.png"))]


def poster(cast: Cast, works: Declaration, query: str = "", user: str = "office") -> bytes:
    response = cast.browser(getattr(cast, user)).get(f"/declarations/{works.pk}/poster.pdf{query}")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return response.content


def words(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


@pytest.mark.parametrize("url", ["http://localhost:8000/r/7K3QX9M2B4/", f"{LONGEST}/r/7K3QX9M2B4/"])
def test_a_code_stays_within_version_four_and_is_read_back(url: str) -> None:
    assert decoded(Image.open(BytesIO(qr_png(url)))) == [url]
    modules = len(qr_matrix(url, quiet_zone=0))
    assert modules <= 33  # version 4
    matrix = qr_matrix(url)
    assert len(matrix) == modules + 2 * QUIET_ZONE
    assert not any(any(row[:QUIET_ZONE] + row[-QUIET_ZONE:]) for row in matrix)
    assert not any(any(row) for row in matrix[:QUIET_ZONE] + matrix[-QUIET_ZONE:])


def test_the_svg_draws_exactly_the_modules() -> None:
    matrix = qr_matrix("http://localhost:8000/r/7K3QX9M2B4/")
    svg = qr_svg("http://localhost:8000/r/7K3QX9M2B4/")
    path = svg.rsplit('d="', 1)[1].partition('"')[0]
    drawn = set()
    for part in path.split("M")[1:]:
        start, y = part.partition("h")[0].split(" ")
        length = part.partition("h")[2].partition("v")[0]
        drawn |= {(int(start) + step, int(y)) for step in range(int(length))}
    assert drawn == {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
    assert "style" not in svg


def test_the_pictures_carry_the_points_address_and_are_named_by_the_code(cast: Cast) -> None:
    works = make_works(cast.main, workplaces=1)
    (point,) = points_of(works)
    address = f"/declarations/{works.pk}/points/{point.pk}/qr"
    browser = cast.browser(cast.auditor)
    picture = browser.get(f"{address}.png")
    assert decoded(Image.open(BytesIO(picture.content))) == [f"http://portal.test/r/{point.code}/"]
    assert picture["Content-Disposition"] == f'inline; filename="{point.code}.png"'
    vector = browser.get(f"{address}.svg?download")
    assert vector["Content-Type"] == "image/svg+xml"
    assert vector["Content-Disposition"] == f'attachment; filename="{point.code}.svg"'


def test_pictures_belong_to_whoever_may_see_the_point(cast: Cast) -> None:
    works, other = make_works(cast.main, workplaces=1), make_works(cast.main, declared_number="")
    make_chain(cast, works)
    general, subs = points_of(works)[0], points_of(works, cast.sub)[0]

    def status(user: str, declaration: Declaration, point: RegistrationPoint) -> int:
        url = f"/declarations/{declaration.pk}/points/{point.pk}/qr.svg"
        return cast.browser(getattr(cast, user)).get(url).status_code

    assert status("office", works, general) == status("office", works, subs) == 200
    assert status("sub_office", works, subs) == 200
    assert status("sub_office", works, general) == 404
    assert status("stranger_office", works, general) == 404
    assert status("office", other, general) == 404


@pytest.mark.parametrize("dpi", [100, 60])
def test_both_codes_of_every_page_are_read_from_the_printed_poster(
    cast: Cast, tmp_path: Path, dpi: int
) -> None:
    works = make_works(cast.main, workplaces=2)
    printed = pages(poster(cast, works), tmp_path, dpi)
    expected = [[f"http://portal.test/r/{point.code}/"] * 2 for point in points_of(works)]
    assert [decoded(page) for page in printed] == expected


def test_one_torn_half_leaves_the_other_code(cast: Cast, tmp_path: Path) -> None:
    works = make_works(cast.main, workplaces=1)
    (page,) = pages(poster(cast, works), tmp_path, 100)
    width, height = page.size
    for half in ((0, 0, width, height // 2), (0, height // 2, width, height)):
        assert len(decoded(page.crop(half))) == 1


def test_the_codes_are_at_least_eighty_millimetres(cast: Cast, tmp_path: Path) -> None:
    (page,) = pages(poster(cast, make_works(cast.main, workplaces=1)), tmp_path, 100)
    for found in zxingcpp.read_barcodes(page):
        corners = found.position
        assert (corners.top_right.x - corners.top_left.x) / 100 * 25.4 > 79.5
        assert (corners.bottom_left.y - corners.top_left.y) / 100 * 25.4 > 79.5


def test_a_poster_says_where_who_and_how_in_four_languages(cast: Cast) -> None:
    works = make_works(cast.main, workplaces=2)
    pdf = poster(cast, works)
    reader = PdfReader(BytesIO(pdf))
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages] == [A4, A4]
    assert reader.metadata is not None
    assert "Daily cleaning" in (reader.metadata.title or "")
    assert reader.metadata.author == "Helder Main"
    assert str(reader.root_object["/Lang"]) == "nl"
    for text, point in zip(words(pdf), points_of(works), strict=True):
        assert point.workplace is not None
        code = f"{point.code[:5]}-{point.code[5:]}"
        assert text.count(code) == 2
        assert text.count("portal.test/r/") == 2
        for part in (
            point.workplace.name,
            "Kouter 12, 9000 Gent",
            "Helder Main",
            "9B0 003SQ 5VSSZ",
            "31/12/2027",
        ):
            assert part in text
        for part in ("Geen signaal?", "Pas de réseau", "Kein Netz?", "No signal?"):
            assert part in text
        for part in ("Druk op de grote knop", "Appuyez sur", "Große Taste", "Press the big button"):
            assert part in text


def test_a_single_point_and_a_chain_companys_posters(cast: Cast) -> None:
    works = make_works(cast.main, workplaces=2)
    make_chain(cast, works)
    second = points_of(works)[1]
    (single,) = words(poster(cast, works, f"?point={second.pk}"))
    assert str(second) in single
    for query, user in ((f"?company={cast.sub.pk}", "office"), ("", "sub_office")):
        text = words(poster(cast, works, query, user))
        assert [str(point) in page for point, page in zip(points_of(works, cast.sub), text, strict=True)] == [
            True,
            True,
        ]
    with company_scope(cast.main):
        whole = RegistrationPoint.objects.get(declaration=works, workplace=None, company=None)
    (page,) = words(poster(cast, works, f"?point={whole.pk}"))
    assert "Daily cleaning" in page


def test_posters_of_others_do_not_exist(cast: Cast) -> None:
    works = make_works(cast.main)
    make_chain(cast, works)
    url = f"/declarations/{works.pk}/poster.pdf"
    sub = cast.browser(cast.sub_office)
    assert sub.get(f"{url}?point={points_of(works)[0].pk}").status_code == 404
    assert sub.get(f"{url}?company={cast.main.pk}").status_code == 404
    assert sub.get(f"{url}?company={cast.stranger.pk}").status_code == 404
    assert sub.get(f"{url}?company=nonsense").status_code == 404


def test_the_engine_fetches_nothing_but_our_static_files() -> None:
    for address in ("file:///etc/hostname", "http://127.0.0.1:9/", "portal-static:../manage.py"):
        with pytest.raises(PdfError, match="may not fetch"):
            pdf_from(f'<link rel="stylesheet" href="{address}"><p>x</p>')
