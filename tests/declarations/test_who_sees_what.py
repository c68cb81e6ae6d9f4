"""Company by page by row: what each firm of a chain of four levels sees on every page that shows rows.

`tests/declarations/chain_of_four.py` draws the chain. The table is complete by construction: a page that
stands neither among those with rows nor among those without fails `test_every_page_is_in_the_table`.
"""

import re
from collections.abc import Iterable
from uuid import UUID

import pytest
from django.http import HttpResponseBase
from django.urls import reverse

from ciao_portal.tenancy import company_scope
from registrations.reports.gathering import gather
from tests.cast import NOW
from tests.declarations.chain_of_four import FIRMS, KEEPERS, TODAY, Chain, build_chain
from tests.registrations.views.scene import set_clock
from tests.urls_table import TABLE

Seen = dict[str, set[str]]

# Whose registrations, and the remarks on them. The declarer sees everything on its works, also what was
# registered after a link had ended; who stands between sees a link's days only. Late links open past rows.
REGISTRATIONS: Seen = {
    "A": {"A", "B", "C", "D", "E", "L", "N before", "N after"},
    "B": {"B", "C", "D", "L", "N before"},
    "C": {"C", "D"},
    "D": {"D"},
    "E": {"E", "D"},
    "L": {"L"},
    "N": {"N before", "N after"},
    "S": {"S"},
}
# By kind of row; a firm sees itself on no page of other firms.
SEES: dict[str, Seen] = {
    "registration": REGISTRATIONS,
    "remark": REGISTRATIONS,
    "worker": {letter: {letter} for letter in FIRMS},
    "works": {letter: {"own works of S"} if letter == "S" else {"works"} for letter in FIRMS},
    "workplace": {
        letter: {"own works of S 0", "own works of S 1"} if letter == "S" else {"works 0", "works 1"}
        for letter in FIRMS
    },
    "place": {
        "A": {"B", "C", "D below C", "E", "D below E", "L", "N"},
        "B": {"B", "C", "D below C", "L", "N"},
        "C": {"C", "D below C"},
        "D": {"D below C", "D below E"},
        "E": {"E", "D below E"},
        "L": {"L"},
        "N": {"N"},
        "S": set(),
    },
    "firm": {
        "A": {"B", "C", "D", "E", "L", "N"},
        "B": {"A", "C", "D", "L", "N"},
        "C": {"A", "D"},
        "D": {"A"},
        "E": {"A", "D"},
        "L": {"A"},
        "N": {"A"},
        "S": set(),
    },
} | {
    kind: {letter: {letter} & set(KEEPERS) for letter in FIRMS}
    for kind in (
        *("report", "export", "assessment", "outage", "tablet", "error"),
        *("correction", "reminder", "remark reminder"),
    )
}
# On site on the chain's works: who registered today; the row of yesterday's month is no presence.
ON_SITE = {letter: labels - {"N before", "S"} for letter, labels in REGISTRATIONS.items()}

LISTS = {
    "declarations:list": "works",
    "declarations:workplace-list": "workplace",
    "declarations:company-list": "firm",
    "declarations:assessment-list": "assessment",
    "registrations:registration-list": "registration",
    "registrations:remark-list": "remark",
    "registrations:worker-list": "worker",
    "registrations:report-list": "report",
    "registrations:export-list": "export",
    "registrations:outage-list": "outage",
    "registrations:tablet-list": "tablet",
    "registrations:error-list": "error",
    "registrations:correction-list": "correction",
}
WITHOUT_CSV = {"registrations:tablet-list"}
# Pages of one row: the kind, and what its address calls the key.
DETAILS = {
    "declarations:detail": ("works", "pk"),
    "declarations:chain": ("works", "pk"),
    "declarations:workplace-detail": ("workplace", "pk"),
    "declarations:company-detail": ("firm", "pk"),
    "declarations:assessment": ("assessment", "pk"),
    "declarations:subcontract": ("place", "place"),
    "registrations:declaration-now": ("works", "declaration"),
    "registrations:workplace-now": ("workplace", "workplace"),
    "registrations:company-now": ("firm", "subject"),
    "registrations:place-now": ("place", "place"),
    "registrations:worker-detail": ("worker", "worker"),
    "registrations:registration-detail": ("registration", "registration"),
    "registrations:remark-detail": ("remark", "remark"),
    "registrations:error-detail": ("error", "error"),
    "registrations:report-detail": ("report", "report"),
    "registrations:outage-detail": ("outage", "outage"),
    "registrations:tablet-edit": ("tablet", "tablet"),
    "registrations:correction-detail": ("correction", "correction"),
    "registrations:reminder": ("reminder", "reminder"),
    "registrations:remark-reminder": ("remark reminder", "reminder"),
    "registrations:declaration-gaps": ("works", "declaration"),
    "registrations:company-gaps": ("firm", "subject"),
    "declarations:declaration-posters": ("works", "pk"),
}
# Pages that gather: nothing on them may be another firm's. What they count is tested beside them.
GATHERING = {
    "dashboard": "",
    "chain-gaps": "",
    "search": "q=Achternaam",
    "settings-audit": "",
    "settings-people": "",
    "settings-retention": "",
    "declarations:new": "",
    "registrations:reconciliation-list": "",
    "registrations:nsso-traffic": "",
    "registrations:export-new": "",
    "registrations:report-new": "",
    "registrations:dossier-new": "",
    "registrations:tablet-new": "",
    "registrations:emergency": "",
    "registrations:preflight": "",
    "registrations:my-deadlines": "",
    "registrations:chain-paper-new": "",
}
# Files of rows; each has a test of its own below or beside its page.
FILES = {
    "registrations:export-file",
    "registrations:report-file",
    "registrations:reconciliation-day",
    "registrations:reconciliation-file",
    "registrations:outage-attempts",
    "registrations:emergency-sheet",
    "registrations:correction-evidence-file",
    "registrations:chain-days",
    "deadline-calendar",
    "declarations:assessment-pdf",
    "declarations:means-file",
    "declarations:paper",
    "declarations:poster",
    "declarations:share",
    "declarations:qr-svg",
    "declarations:qr-png",
}
# Forms about a row whose page is above: whoever does not see that gets 404, as the table of addresses says.
FORMS = {
    "declarations:edit",
    "declarations:move",
    "declarations:paper-new",
    "declarations:paper-withdraw",
    "declarations:workplace-new",
    "declarations:company-edit",
    "declarations:subcontract-edit",
    "declarations:subcontract-move",
    "declarations:subcontract-end",
    "declarations:means-new",
    "declarations:chain-invite",
    "declarations:nsso-address",
    "declarations:takeover",
    "declarations:takeover-steps",
    "registrations:takeover-radar",
    "declarations:former",
    "registrations:worker-edit",
    "registrations:worker-new",
    "registrations:card-revoke",
    "registrations:card-chip",
    "registrations:outage-new",
    "registrations:outage-end",
    "registrations:outage-add",
    "registrations:emergency-edit",
    "registrations:tablet-revoke",
    "registrations:expected-days",
    "registrations:reminder-new",
    "registrations:remark-reminder-new",
    "registrations:correction-new",
    "registrations:correction-edit",
    "registrations:correction-offer",
    "registrations:correction-outcome",
    "registrations:correction-sent",
    "registrations:correction-withdraw",
}
# No rows of works, people or registrations: settings, one's own account, texts, what is open to everybody.
WITHOUT_ROWS = {
    "no-company",
    "health",
    "settings",
    "settings-me",
    "settings-leave",
    "settings-company",
    "settings-company-edit",
    "settings-provider",
    "settings-invite",
    "settings-person",
    "settings-person-end",
    "invitation",
    "settings-nsso",
    "settings-nsso-public-key",
    "settings-nsso-certificate",
    "settings-nsso-guide",
    "settings-nsso-spare-certificate",
    "settings-outbox",
    "settings-letter",
    "settings-style-guide",
    "status-line",
    "declarations:advisor",
    "declarations:clause",
    "declarations:clause-pdf",
    "declarations:guides",
    "declarations:guide",
    "registrations:correction-settings",
    "registrations:correction-settings-edit",
    "registrations:practice",
    "registrations:practice-poster",
}
# Sign-in, and the pages of cleaners and tablets: no company looks at them.
OUTSIDE_THE_OFFICE = ("account_", "phone:", "kiosk:")


@pytest.fixture
def chain(db: None, monkeypatch: pytest.MonkeyPatch) -> Chain:
    set_clock(monkeypatch, NOW)
    return build_chain()


def address_of(name: str, argument: str, key: UUID, chain: Chain) -> str:
    arguments = {argument: key}
    if argument == "place":
        works = chain.rows["works"]["works"]
        arguments["pk" if name.startswith("declarations") else "declaration"] = works
    return reverse(name, kwargs=arguments)


def text_of(answer: HttpResponseBase) -> str:
    parts = answer.streaming_content if answer.streaming else [answer.content]  # type: ignore[attr-defined]
    return b"".join(parts).decode()


def rows_in(html: str, rows: dict[str, UUID]) -> set[str]:
    """The labels of the rows that the table or tree of a page holds."""
    shown = set(re.findall(r'data-id="([^"]+)"', html))
    return {label for label, key in rows.items() if str(key) in shown}


def strange_things(letter: str, body: str, chain: Chain) -> Iterable[str]:
    """Whatever the firm may not know, anywhere in a page: keys of rows, names, cards, people of an office."""
    for kind, rows in chain.rows.items():
        may = SEES[kind][letter] | ({letter} if kind == "firm" else set())
        yield from (f"{kind} {label}" for label, key in rows.items() if label not in may and str(key) in body)
    for other, words in chain.words.items():
        yield from (word for word in words if other != letter and word in body)


def test_every_page_is_in_the_table() -> None:
    pages = {
        name for name, row in TABLE.items() if row.method == "GET" and not name.startswith(OUTSIDE_THE_OFFICE)
    }
    parts = (set(LISTS), set(DETAILS), set(GATHERING), FILES, FORMS, WITHOUT_ROWS)
    assert set().union(*parts) == pages
    assert sum(len(part) for part in parts) == len(pages)


def test_every_kind_says_of_every_row_who_sees_it(chain: Chain) -> None:
    assert set(chain.rows) == set(SEES)
    for kind, rows in chain.rows.items():
        assert set(SEES[kind]) == set(FIRMS)
        seen = set().union(*SEES[kind].values())
        assert seen == set(rows) - ({"S"} if kind == "firm" else set())


def test_lists_and_their_csv(chain: Chain) -> None:
    for letter, browser in chain.browsers.items():
        for name, kind in LISTS.items():
            html = text_of(browser.get(reverse(name)))
            expected = SEES[kind][letter]
            assert (name, letter, rows_in(html, chain.rows[kind])) == (name, letter, expected)
            assert (name, letter, list(strange_things(letter, html, chain))) == (name, letter, [])
            if name in WITHOUT_CSV:
                continue
            csv = text_of(browser.get(reverse(name), {"format": "csv"}))
            assert (name, letter, len(csv.split("\r\n")) - 2) == (name, letter, len(expected))
            assert (name, letter, list(strange_things(letter, csv, chain))) == (name, letter, [])


def test_pages_of_one_row(chain: Chain) -> None:
    for name, (kind, argument) in DETAILS.items():
        for letter, browser in chain.browsers.items():
            opened = set()
            for label, key in chain.rows[kind].items():
                answer = browser.get(address_of(name, argument, key, chain))
                if answer.status_code == 404:
                    continue
                opened.add(label)
                found = list(strange_things(letter, text_of(answer), chain))
                assert (name, letter, label, found) == (name, letter, label, [])
            assert (name, letter, opened) == (name, letter, SEES[kind][letter])


def test_the_tree_and_who_is_on_site(chain: Chain) -> None:
    works = chain.rows["works"]["works"]
    for letter in FIRMS.replace("S", ""):
        browser = chain.browsers[letter]
        tree = text_of(browser.get(reverse("declarations:chain", args=[works])))
        assert (letter, rows_in(tree, chain.rows["place"])) == (letter, SEES["place"][letter])
        now = text_of(browser.get(reverse("registrations:declaration-now", args=[works])))
        present = {
            label
            for label, key in chain.rows["registration"].items()
            if reverse("registrations:registration-detail", args=[key]) in now
        }
        assert (letter, present) == (letter, ON_SITE[letter])


def test_pages_that_gather_hold_nothing_strange(chain: Chain) -> None:
    for letter, browser in chain.browsers.items():
        for name, query in GATHERING.items():
            answer = browser.get(f"{reverse(name)}?{query}", follow=True)
            assert answer.status_code == 200
            found = list(strange_things(letter, text_of(answer), chain))
            assert (name, letter, found) == (name, letter, [])


def test_a_search_finds_what_one_may_see(chain: Chain) -> None:
    numbers = [chain.firms[letter].enterprise_number or "" for letter in "BS"]
    for letter, browser in chain.browsers.items():
        for words in ("Schoonmaak", "Kaart", "Firma", *numbers):
            answer = browser.get(reverse("search"), {"q": words}, follow=True)
            found = list(strange_things(letter, text_of(answer), chain))
            assert (words, letter, found) == (words, letter, [])
        html = text_of(browser.get(reverse("search"), {"q": "Achternaam"}, follow=True))
        workers = {label for label, key in chain.rows["worker"].items() if str(key) in html}
        assert (letter, workers) == (letter, {letter})


def test_the_file_of_an_export_and_the_rows_of_a_report(chain: Chain) -> None:
    for letter, browser in chain.browsers.items():
        for label, key in chain.rows["export"].items():
            answer = browser.get(reverse("registrations:export-file", args=[key]))
            assert (letter, label, answer.status_code) == (letter, label, 200 if label == letter else 404)
            if label == letter:
                lines = text_of(answer)
                found = {one for one, row in chain.rows["registration"].items() if str(row) in lines}
                assert (letter, found) == (letter, REGISTRATIONS[letter])
        firm = chain.firms[letter]
        for works in chain.works.values():
            with company_scope(firm):
                told = gather(firm, works.declaration, TODAY.replace(month=10, day=1), TODAY, now=NOW)
            rows = {str(row.id) for row in told.rows}
            labels = {one for one, row in chain.rows["registration"].items() if str(row) in rows}
            declared_by_s = works is chain.works["own works of S"]
            expected = REGISTRATIONS[letter] & {"S"} if declared_by_s else REGISTRATIONS[letter] - {"S"}
            assert (letter, labels) == (letter, expected)


def test_a_day_of_the_comparison(chain: Chain) -> None:
    for letter, browser in chain.browsers.items():
        for name in ("registrations:reconciliation-day", "registrations:reconciliation-file"):
            answer = browser.get(reverse(name, kwargs={"day": TODAY.isoformat()}))
            found = list(strange_things(letter, text_of(answer), chain))
            assert (name, letter, found) == (name, letter, [])
