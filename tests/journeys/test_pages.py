"""Every page on a small phone: nothing sticks out, nothing complains, nothing comes from elsewhere."""

import pytest
from playwright.sync_api import Browser

from tests.cast import Cast
from tests.journeys.windows import PHONE, SMALL_PHONE, sign_in, window
from tests.portal import Portal
from tests.scene import one_of_everything
from tests.urls_table import TABLE, VISITORS, address_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OWNER, NOBODY = VISITORS.index("owner"), VISITORS.index("anonymous")
# Not pages: pictures, documents, answers to scripts and monitors.
NO_PAGES = {
    "deadline-calendar",
    "declarations:assessment-pdf",
    "declarations:clause-pdf",
    "declarations:guide",
    "declarations:means-file",
    "declarations:paper",
    "declarations:poster",
    "declarations:qr-png",
    "declarations:qr-svg",
    "health",
    "phone:kit",
    "phone:state",
    "phone:worker",
    "kiosk:worker",
    "registrations:emergency-sheet",
    "registrations:correction-evidence-file",
    "registrations:practice-poster",
    "registrations:export-file",
    "registrations:outage-attempts",
    "registrations:reconciliation-file",
    "registrations:report-file",
    "settings-nsso-certificate",
    "settings-nsso-public-key",
    "settings-nsso-spare-certificate",
}


def pages_of(visitor: int) -> list[str]:
    """The names of all pages that this visitor is shown, by the table of all addresses."""
    return [
        name
        for name, row in TABLE.items()
        if row.answers[visitor] == 200 and row.method == "GET" and name not in NO_PAGES
    ]


@pytest.mark.parametrize("visitor", [NOBODY, OWNER], ids=["signed-out", "owner"])
def test_pages_fit_small_phones(chromium: Browser, portal: Portal, people: Cast, visitor: int) -> None:
    arguments = one_of_everything(people)
    too_wide = []
    with window(chromium) as opened:
        if visitor == OWNER:
            sign_in(opened.page, portal, people.owner.email)
        names = pages_of(visitor)
        assert len(names) >= 10
        for name in names:
            opened.page.goto(portal.url + address_of(name, arguments))
            for size in (PHONE, SMALL_PHONE):
                opened.resize(size)
                if opened.scrolls_sideways():
                    too_wide.append(f"{name} at {size[0]}")
        assert too_wide == []
        assert opened.complaints == []
        assert {address for address in opened.addresses if not address.startswith(portal.url)} == set()
