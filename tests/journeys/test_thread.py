"""The thread: one registration from the poster on the wall to the office's screen, by hand in a browser."""

import csv
import io
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from ciao_portal.days import brussels_day
from ciao_portal.identifiers import format_declaration_number
from tests.cast import MAIN_NUMBER, SUB_NUMBER, Cast, make_worker
from tests.journeys.windows import PHONE, Window, sign_in, window
from tests.portal import Portal, wait_for
from tests.works import DECLARED_NUMBER, REFERENCE, all_registrations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SSIN, TYPED, MASKED = "85073003328", "85.07.30-033.28", "85.07.30-•••.••"
DAY = ("IN", "BREAK_START", "BREAK_END", "OUT")
WIRE = ["IN", "OUT", "IN", "OUT"]
# From the tap to the NSSO.
PROMISED_S = 5.0
POSTER_DPI = 150


def declare_by_hand(page: Page, portal: Portal) -> None:
    """Works for a new client with two workplaces and a subcontractor; ends on the declaration's page."""
    page.goto(f"{portal.url}/declarations/new/")
    page.fill("input[name=client_name]", "Stad Voorbeeld")
    page.fill("input[name=title]", "Dagelijkse schoonmaak")
    page.select_option("select[name=activity]", "buildings")
    page.fill("input[name=starts_on]", "2026-01-01")
    page.fill("input[name=amount]", "48.000,00")
    page.fill("input[name=declared_number]", "9b0 abcd efghjk")
    page.fill("input[name=technical_reference]", REFERENCE)
    for row, (name, number) in enumerate((("Stadhuis", "1"), ("Bibliotheek", "12"))):
        workplace = {
            "name": name,
            "street": "Botermarkt",
            "house_number": number,
            "post_code": "9000",
            "municipality": "Gent",
        }
        for field, value in workplace.items():
            page.fill(f"input[name=workplaces-{row}-{field}]", value)
    page.click("summary:has-text('First subcontractor')")
    page.fill("input[name=subcontract-number]", "0202.239.951")
    page.fill("input[name=subcontract-name]", "Zuiver Sub")
    page.locator("main form .form__actions button").click()
    expect(page.locator("h1")).to_contain_text("Dagelijkse schoonmaak")


def read_poster(page: Page, folder: Path) -> list[str]:
    """The address in the codes of each page of the printed poster."""
    pdf = page.request.get(f"{page.url}poster.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    (folder / "poster.pdf").write_bytes(pdf.body())
    subprocess.run(
        ["pdftoppm", "-r", str(POSTER_DPI), "-png", "poster.pdf", "poster"], cwd=folder, check=True
    )
    found = []
    for picture in sorted(folder.glob("poster-*.png")):
        with Image.open(picture) as image:
            # A page may show its code more than once, but never two different ones.
            [address] = {code.text for code in zxingcpp.read_barcodes(image)}
            found.append(address)
    return found


def tap(page: Page, portal: Portal, action: str, *, already: int) -> str:
    """Press the button; the id on the confirmation. The NSSO must have it within the promised time."""
    tapped = time.monotonic()
    page.click(f"[data-action={action}]")
    receipt = page.locator("[data-registration]")
    expect(receipt).to_have_attribute("data-state", "confirmed")
    left_s = PROMISED_S - (time.monotonic() - tapped)
    wait_for(
        lambda: len(portal.simulator.registrations()) > already,
        seconds=max(left_s, 0.1),
        what=f"the {action} at the NSSO within {PROMISED_S} s of the tap",
    )
    confirmed_at = receipt.get_attribute("data-confirmed-at") or ""
    assert confirmed_at[-6:] in ("+01:00", "+02:00")
    return receipt.get_attribute("data-registration") or ""


def work_a_day(page: Page, portal: Portal, address: str) -> list[str]:
    """IN, break, back, OUT with a typed number and no script; the ids of the confirmations."""
    page.goto(address)
    page.fill("input[name=ssin]", TYPED)
    confirmed = []
    for already, action in enumerate(DAY):
        confirmed.append(tap(page, portal, action, already=already))
        number = portal.simulator.registrations()[already]["id"]
        # Without script the page fetches itself again until the NSSO's number is there.
        expect(page.locator("#journey-text")).to_contain_text(str(number))
        if action != DAY[-1]:
            page.click("a.again")
    return confirmed


def nothing_known_about_the_worker(portal: Portal) -> None:
    """The NSSO knows everything but a Dimona: each registration earns that one remark."""
    portal.simulator.put_reference(
        people=[{"ssin": SSIN}],
        enterprises=[{"enterpriseNumber": MAIN_NUMBER}, {"enterpriseNumber": SUB_NUMBER}],
        declarations=[
            {
                "contractualRelationshipReference": REFERENCE,
                "enterpriseNumber": MAIN_NUMBER,
                "chain": [{"enterpriseNumber": SUB_NUMBER, "parentEnterpriseNumber": MAIN_NUMBER}],
            }
        ],
    )


def assert_the_office_sees_the_remarks(office: Window, portal: Portal) -> None:
    """Each registration stands on the list with its last day, and the dashboard leads there."""
    rows = office.page.locator("table[data-list=remarks] tbody tr")

    def all_there() -> bool:
        office.page.goto(f"{portal.url}/remarks/")
        return rows.count() == len(DAY)

    wait_for(all_there, seconds=30, what="four remarks on the office's list", every=0.5)
    last_day = brussels_day(timezone.now()) + timedelta(days=30)
    for index in range(len(DAY)):
        expect(rows.nth(index)).to_have_attribute("data-code", "dimonaNotFound")
        expect(rows.nth(index)).to_have_attribute("data-deadline", last_day.isoformat())
        expect(rows.nth(index)).to_have_attribute("data-days-left", "30")
    office.page.goto(f"{portal.url}/")
    expect(office.page.locator("a[href^='/remarks/']").first).to_be_visible()
    expect(office.page.locator("main")).to_contain_text("30 days")


def fetch_the_month(page: Page, portal: Portal) -> list[dict[str, str]]:
    """The rows of this month's export, as a spreadsheet reads them."""
    page.goto(f"{portal.url}/exports/")
    page.locator("main a[href='/exports/new/']").first.click()
    page.check("input[name=has_machine_keys]")
    with page.expect_download() as download:
        page.locator("main form .form__actions button").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def read_the_report(page: Page, portal: Portal) -> str:
    """The text of a presence report on the works, asked for and waited for by hand."""
    page.goto(f"{portal.url}/reports/new/")
    page.select_option("select[name=declaration]", label="Dagelijkse schoonmaak")
    page.select_option("select[name=language]", "nl")
    page.locator("main form .form__actions button").click()
    # The page exchanges itself until the report is there.
    link = page.locator("a[href$='.pdf']")
    expect(link).to_be_visible(timeout=60_000)
    document = page.request.get(f"{portal.url}{link.get_attribute('href')}")
    assert document.headers["content-type"] == "application/pdf"
    return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(document.body())).pages)


def test_from_the_poster_to_the_office(
    chromium: Browser, portal: Portal, people: Cast, tmp_path: Path
) -> None:
    make_worker(people.main, SSIN, "Ada", "Voorbeeld", now=timezone.now())
    portal.give_access(people.main)
    nothing_known_about_the_worker(portal)
    portal.start_sender()
    portal.start_worker()
    with window(chromium) as office, window(chromium, size=PHONE, has_script=False) as phone:
        sign_in(office.page, portal, people.office.email)
        declare_by_hand(office.page, portal)
        expect(office.page.locator("main")).to_contain_text(format_declaration_number(DECLARED_NUMBER))
        codes = read_poster(office.page, tmp_path)
        assert len(set(codes)) == 2
        assert all(code.startswith(f"{portal.url}/r/") for code in codes)

        confirmed = work_a_day(phone.page, portal, codes[0])

        assert confirmed == [str(row.pk) for row in all_registrations()]
        assert {row.workplace.name for row in all_registrations()} == {"Stadhuis"}
        sent = portal.simulator.registrations()
        assert [(row["ssin"], row["type"]) for row in sent] == [(SSIN, kind) for kind in WIRE]
        assert_the_office_sees_the_remarks(office, portal)
        office.page.goto(f"{portal.url}/registrations/")
        rows = office.page.locator("table[data-list=registrations] tbody tr")
        expect(rows).to_have_count(len(DAY))
        assert sorted(row.get_attribute("data-id") or "" for row in rows.all()) == sorted(confirmed)

        exported = fetch_the_month(office.page, portal)
        assert [row["registrationId"] for row in exported] == confirmed
        assert [row["nssoType"] for row in exported] == WIRE
        assert {row["workerName"] for row in exported} == {"Ada Voorbeeld"}
        assert {row["ssin"] for row in exported} == {MASKED}
        assert {row["remarks"] for row in exported} == {"dimonaNotFound"}
        report = read_the_report(office.page, portal)
        assert "Ada Voorbeeld" in report
        assert format_declaration_number(DECLARED_NUMBER) in report
        assert office.complaints == []
        assert {address for address in office.addresses if not address.startswith(portal.url)} == set()
