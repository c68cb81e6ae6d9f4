"""Server time and queries of the office's pages over very many registrations.

In this process, through Django's test client: what the server does, without a network and without a browser.

Beside the wall clock stand the processor time of this process (Python and the driver, not the database's own
processes), which stays honest on a busy machine, and the wall time within `execute`: the database's share,
the way there and back included.
"""

import os
import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from ciao_portal.audit import Actor
from ciao_portal.companies import add_member
from ciao_portal.days import brussels_day
from ciao_portal.models import Company, Role, User
from registrations.demo import scale
from registrations.demo.scale_founding import OWNER_EMAIL, SCALE, SUBS
from tests.benchmarks.figures import Table, is_quick, keep, say

REQUESTS = 4 if is_quick() else 10
# The goal: no list beyond either; the first page and a page about one thing, which answer everything at once,
# have three queries more.
GOAL_MS, GOAL_QUERIES = 100.0, 12
FIRST_PAGE, RICH_PAGE_QUERIES = "/", 15
ONE_OF = "one of"
LISTS = (
    FIRST_PAGE,
    "/registrations/",
    "/remarks/",
    "/workers/",
    "/declarations/",
    "/workplaces/",
    "/companies/",
    "/exports/",
    "/reports/",
    "/settings/audit/",
)
DETAILS = ("/registrations/", "/workers/", "/declarations/", "/workplaces/", "/companies/", "/remarks/")
SEARCHES = ("/search/?q=Kato+Voorbeeld", "/search/?q=Works+1")
ROW = re.compile(r'data-id="([0-9a-f-]{36})"')
OLDER = re.compile(r'href="(\?[^"]*after=[^"]+)"')


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in."""

    name: str
    browser: Browser


def load(registrations: int) -> None:
    if scale.is_loaded():
        return
    started = time.perf_counter()
    call_command("load_demo", scale=registrations, verbosity=0)
    seconds = time.perf_counter() - started
    say(f"{registrations:,} registrations were written in {seconds:.0f} s.")


def visitors() -> list[Visitor]:
    """The owner, an auditor of the same company, and the office of a company in the middle of the chain."""
    main = Company.objects.get(enterprise_number=SCALE.number)
    sub = Company.objects.get(enterprise_number=SUBS[0].number)
    owner = User.objects.get(email=OWNER_EMAIL)
    return [
        _signed_in("owner", owner),
        _signed_in("auditor", _member(main, Role.AUDITOR)),
        _signed_in("subcontractor's office", _member(sub, Role.OFFICE)),
    ]


def _member(company: Company, role: Role) -> User:
    email = f"bench-{role}@demo.example"
    known = User.objects.filter(email=email).first()
    if known is None:
        known = User.objects.create_user(email, None, name="Bench", language="nl")
        add_member(company=company, user=known, role=role, actor=Actor(company), now=timezone.now())
    return known


def _signed_in(name: str, user: User) -> Visitor:
    browser = Browser()
    browser.force_login(user)
    return Visitor(name, browser)


def pages(browser: Browser) -> Iterator[tuple[str, str]]:
    """What is looked at, with its address: every list, its costly filters, its details."""
    for address in LISTS:
        yield address, address
    yield "registrations, deep page", _deep(browser)
    today = brussels_day(timezone.now())
    yield "registrations, jump to a day", f"/registrations/?at={today - timedelta(days=60)}"
    filters = {
        "by worker's name": "q=kato",
        "by kind": "kind=BREAK_START",
        "refused": "nsso=refused",
        "not at the NSSO yet": "nsso=open",
        "on site now": "presence=now",
        "check-out missing": "presence=missing",
        "one day": f"from_day={today - timedelta(days=30)}&to_day={today - timedelta(days=30)}",
    }
    if workplace := _first_row(browser, "/workplaces/"):
        filters["by workplace"] = f"workplace={workplace}"
    for name, query in filters.items():
        yield f"registrations, {name}", f"/registrations/?{query}"
    for address in DETAILS:
        if row := _first_row(browser, address):
            yield f"{ONE_OF} {address}", f"{address}{row}/"
    for address in SEARCHES:
        yield address, address


def _first_row(browser: Browser, address: str) -> str | None:
    found = ROW.search(browser.get(address).content.decode())
    return found[1] if found else None


def _deep(browser: Browser) -> str:
    """The page in the order of the list that lies twenty pages on."""
    query = ""
    for _page in range(20):
        page = browser.get(f"/registrations/{query}").content.decode()
        links = OLDER.findall(page)
        if not links:
            break
        query = links[-1].replace("&amp;", "&")
    return f"/registrations/{query}"


@dataclass(slots=True)
class Spent:
    """What one request took, in milliseconds, and how many queries."""

    wall: float = 0.0
    processor: float = 0.0
    database: float = 0.0
    queries: int = 0

    def execute(self, execute: Callable[..., Any], *given: Any) -> Any:
        """Around each query; the prepared ones pass here, too."""
        started = time.perf_counter()
        try:
            return execute(*given)
        finally:
            self.database += (time.perf_counter() - started) * 1000
            self.queries += 1


def look(browser: Browser, address: str) -> tuple[int, list[Spent]]:
    """The status, and what each of several requests took; the first one warms everything up."""
    status, _first = measured(browser, address)
    return status, [measured(browser, address)[1] for _ in range(REQUESTS)]


def measured(browser: Browser, address: str) -> tuple[int, Spent]:
    spent = Spent()
    with connection.execute_wrapper(spent.execute):
        started, processor = time.perf_counter(), time.process_time()
        status = _answer(browser.get(address))
        spent.processor = (time.process_time() - processor) * 1000
        spent.wall = (time.perf_counter() - started) * 1000
    return status, spent


def _answer(response: Any) -> int:
    if response.streaming:
        for _part in response.streaming_content:
            pass
    status: int = response.status_code
    return status


def main() -> None:
    # As a web process begins.
    import_module("ciao_portal.wsgi")
    call_command("migrate", verbosity=0)
    load(int(os.environ["BENCH_REGISTRATIONS"]))
    tables = []
    beyond = 0
    for visitor in visitors():
        table = Table(
            f"Pages as the {visitor.name} sees them",
            (
                "page",
                "status",
                "queries",
                "median ms",
                "worst ms",
                "processor ms",
                "database ms",
                "beyond the goal",
            ),
        )
        for name, address in pages(visitor.browser):
            status, requests = look(visitor.browser, address)
            queries = max(one.queries for one in requests)
            median = statistics.median(one.wall for one in requests)
            is_rich = address == FIRST_PAGE or name.startswith(ONE_OF)
            most = RICH_PAGE_QUERIES if is_rich else GOAL_QUERIES
            is_beyond = median > GOAL_MS or queries > most
            beyond += is_beyond
            table.add(
                name,
                status,
                queries,
                median,
                max(one.wall for one in requests),
                statistics.median(one.processor for one in requests),
                statistics.median(one.database for one in requests),
                "beyond" if is_beyond else "",
            )
            if is_beyond:
                say(f"Beyond the goal, {visitor.name}: {name}: {queries} queries, {median:.0f} ms")
        tables.append(table)
    csv = Table(
        "The list of registrations of one day as CSV",
        ("visitor", "status", "queries", "ms", "processor ms", "database ms"),
    )
    day = brussels_day(timezone.now()) - timedelta(days=7)
    for visitor in visitors():
        address = f"/registrations/?format=csv&from_day={day}&to_day={day}"
        status, spent = measured(visitor.browser, address)
        csv.add(visitor.name, status, spent.queries, spent.wall, spent.processor, spent.database)
    keep([*tables, csv])
    say(
        f"{beyond} pages are beyond {GOAL_MS:.0f} ms (median) or {GOAL_QUERIES} queries "
        f"(first page and pages about one thing: {RICH_PAGE_QUERIES})."
    )
