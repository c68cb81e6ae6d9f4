"""The NSSO simulator by itself: items it takes in a second, and pages of a busy day.

Its store is on disk, every call is flushed, and its checks run meanwhile as they always do.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests

from ciao_portal.days import BRUSSELS
from ciao_portal.nsso.auth import Credentials, TokenSource, generate_key_pair
from ciao_portal.nsso.contract import COLLECTION, MAX_ITEMS, MAX_PAGE_SIZE, REGISTER_IN_BULK, JsonObject
from ciao_portal.nsso.environment import EnvironmentName, NssoEnvironment
from ciao_portal.nsso.transport import NssoTransport
from tests.benchmarks.figures import Table, is_quick, keep
from tests.benchmarks.programs import processor_s, running
from tests.services import free_port

MAIN, SUB = "0206731645", "0202239951"
REFERENCE = "1Y1003SQ5VSSZ"
PEOPLE = 4000
CALLS = 20 if is_quick() else 150
CLIENTS = (1, 2)
BUSY_DAY = 20_000
OTHER_DAYS = 5
PAGES = 10


class Peer:
    """A running simulator with one client of the main contractor."""

    def __init__(self, address: str, pid: int) -> None:
        self.pid = pid
        self.session = requests.Session()
        self.session.trust_env = False
        self._address = address
        self.base_url = f"{address}/REST/presenceRegistration/v1"
        keys = generate_key_pair()
        credentials = Credentials("self_service_chaman_0206731645_bench", keys.private_pem)
        client = {
            "clientId": credentials.client_id,
            "publicKeyPem": keys.public_pem,
            "enterpriseNumber": MAIN,
        }
        self.control("PUT", "/reference", reference_data() | {"clients": [client]})
        token_url = f"{address}/REST/oauth/v5/token"
        environment = NssoEnvironment(EnvironmentName.SIMULATOR, self.base_url, token_url, 60.0)
        transport = NssoTransport(environment, real_performance=False)
        self.headers = {"Authorization": f"Bearer {TokenSource(token_url, credentials).token(transport)}"}
        transport.close()

    def control(self, method: str, path: str, document: object) -> None:
        url = f"{self._address}/_simulator{path}"
        self.session.request(method, url, json=document, timeout=600).raise_for_status()

    def register(self, bodies: list[bytes]) -> int:
        """Send these calls over one connection; answers how many items were taken in."""
        taken = 0
        with requests.Session() as session:
            session.trust_env = False
            for body in bodies:
                answer = session.post(
                    self.base_url + REGISTER_IN_BULK,
                    data=body,
                    headers={**self.headers, "Content-Type": "application/json"},
                    timeout=60,
                )
                answer.raise_for_status()
                taken += answer.text.count('"createdPresenceRegistration"')
        return taken

    def page(self, day: datetime, number: int) -> float:
        """Milliseconds for one page of a day."""
        shown = day.astimezone(BRUSSELS).date().isoformat()
        query = f"startDate={shown}&endDate={shown}&page={number}&pageSize={MAX_PAGE_SIZE}"
        started = time.perf_counter()
        answer = self.session.get(f"{self.base_url}{COLLECTION}?{query}", headers=self.headers, timeout=600)
        took = time.perf_counter() - started
        if len(answer.json()["items"]) != MAX_PAGE_SIZE:
            raise RuntimeError(f"page {number} is not full: {answer.text[:300]}")
        return took * 1000


def ssin(index: int) -> str:
    """One of many different well-formed numbers."""
    nine = f"85{index // 900 + 1:02d}01{index % 900 + 1:03d}"
    return f"{nine}{97 - int(nine) % 97:02d}"


def reference_data() -> dict[str, list[JsonObject]]:
    people = [ssin(index) for index in range(PEOPLE)]
    return {
        "people": [{"ssin": one} for one in people],
        "dimona": [
            {"ssin": one, "enterpriseNumber": number, "startDate": "2020-01-01"}
            for one in people
            for number in (MAIN, SUB)
        ],
        "enterprises": [{"enterpriseNumber": MAIN}, {"enterpriseNumber": SUB}],
        "declarations": [
            {
                "contractualRelationshipReference": REFERENCE,
                "enterpriseNumber": MAIN,
                "chain": [{"enterpriseNumber": SUB}],
            }
        ],
    }


def items(day: datetime, count: int) -> Iterator[JsonObject]:
    """So many acts of one day: everybody comes and goes in turn."""
    for index in range(count):
        act = index // PEOPLE
        moment = day + timedelta(minutes=40 * act, seconds=index % PEOPLE % 1800)
        yield {
            "registrationDate": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ssin": ssin(index % PEOPLE),
            "type": "IN" if act % 2 == 0 else "OUT",
            "employer": {"enterpriseNumber": (MAIN, SUB)[index % PEOPLE % 2]},
            "placeOfWork": {"coordinates": {"longitude": 4.3517, "latitude": 50.8466}},
            "contractualRelationshipReference": REFERENCE,
        }


def calls(day: datetime, count: int) -> list[bytes]:
    made = list(items(day, count * MAX_ITEMS))
    return [
        json.dumps({"items": made[start : start + MAX_ITEMS]}).encode()
        for start in range(0, len(made), MAX_ITEMS)
    ]


def morning(days_ago: int) -> datetime:
    return datetime.now(UTC).replace(hour=5, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)


@contextmanager
def peer(folder: Path, name: str) -> Iterator[Peer]:
    port = free_port()
    store = folder / f"{name}.sqlite3"
    command = [sys.executable, "manage.py", "nsso_simulator", "--port", str(port), "--data", str(store)]
    with running(command, port=port, env=os.environ, log=folder / "simulator.log") as pid:
        yield Peer(f"http://127.0.0.1:{port}", pid)
    for one in folder.glob(f"{name}.sqlite3*"):
        one.unlink()


def intake(folder: Path) -> Table:
    columns = ("clients", "items", "seconds", "items/s", "its processor s", "items/processor s")
    table = Table(f"Intake, {MAX_ITEMS} items a call, checks running", columns)
    for clients in CLIENTS:
        with peer(folder, f"intake{clients}") as simulator:
            bodies = calls(morning(1), CALLS)
            shares = [bodies[first::clients] for first in range(clients)]
            started, used = time.perf_counter(), processor_s(simulator.pid)
            with ThreadPoolExecutor(clients) as pool:
                taken = sum(pool.map(simulator.register, shares))
            seconds, used = time.perf_counter() - started, processor_s(simulator.pid) - used
            if taken != CALLS * MAX_ITEMS:
                raise RuntimeError(f"{taken} of {CALLS * MAX_ITEMS} items were taken in")
            table.add(str(clients), taken, seconds, taken / seconds, used, taken / used)
    return table


def searches(folder: Path) -> Table:
    columns = ("search", "rows of the day", "rows in all", "median ms", "slowest ms", "processor ms")
    table = Table(f"A page of {MAX_PAGE_SIZE}, checks done", columns)
    days = 2 if is_quick() else OTHER_DAYS
    with peer(folder, "searches") as simulator:
        for days_ago in range(1, days + 2):
            simulator.register(calls(morning(days_ago), BUSY_DAY // MAX_ITEMS))
            # All checks are due at once, and asking for a day does those that are due there.
            simulator.control("POST", "/advance", {"seconds": 5})
            simulator.page(morning(days_ago), 1)
        last = BUSY_DAY // MAX_PAGE_SIZE
        for name, number in (("first page", 1), ("middle", last // 2), ("last page", last)):
            used = processor_s(simulator.pid)
            took = [simulator.page(morning(2), number) for _ in range(PAGES)]
            used = (processor_s(simulator.pid) - used) * 1000 / PAGES
            table.add(name, BUSY_DAY, BUSY_DAY * (days + 1), statistics.median(took), max(took), used)
    return table


def main() -> None:
    folder = Path(os.environ["VAR_DIR"])
    keep([intake(folder), searches(folder)])


if __name__ == "__main__":
    main()
