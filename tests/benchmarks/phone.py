"""The phone page at 1, 16 and 64 clients, beside an ordinary Django POST and the bare database.

Every tap is a real one: another worker, another key, start and stop in turn. The number of registrations in
the database afterwards must be the number of taps that were confirmed.
"""

import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from ciao_portal.tenancy import unscoped
from registrations.models import Registration
from tests.benchmarks import programs
from tests.benchmarks.figures import Table, is_quick, keep, say
from tests.benchmarks.people import Worker, found_site
from tests.benchmarks.traffic import Traffic, drive
from tests.services import postgres_programs

CLIENTS = (1, 16, 64)
# Many short rounds rather than few long ones: the machine changes its speed within seconds.
ROUNDS, ROUND_S = (1, 1.0) if is_quick() else (7, 1.5)
WARM_UP_S = 0.5
# Registrations that are there already.
HISTORY = 20_000
SHARES = (0.5, 0.95, 0.99)
THREADS = {"sqlite": 1, "postgresql": 2}
TOKEN = "a" * 32
CONFIRMED = re.compile(rb"\r\nlocation: /r/[^/]+/([0-9a-f-]{36})/\r\n", re.IGNORECASE)
COLUMNS = ("what", "clients", "requests/s", "p50 ms", "p95 ms", "p99 ms", "errors")

PGBENCH_TABLES = """
CREATE TABLE bench_fact (id uuid PRIMARY KEY, person int, at timestamptz, kind text, key uuid UNIQUE);
CREATE INDEX ON bench_fact (person, at);
CREATE TABLE bench_outbox (id uuid PRIMARY KEY, fact uuid REFERENCES bench_fact, due_at timestamptz);
CREATE INDEX ON bench_outbox (due_at) WHERE due_at IS NOT NULL;
"""
PGBENCH_SCRIPT = r"""
\set person random(1, 2000)
BEGIN;
WITH fact AS (
    INSERT INTO bench_fact VALUES (gen_random_uuid(), :person, now(), 'IN', gen_random_uuid()) RETURNING id
) INSERT INTO bench_outbox SELECT gen_random_uuid(), id, now() FROM fact;
COMMIT;
"""


def http(method: str, path: str, *, headers: str = "", body: str = "") -> bytes:
    """A request as a browser in Belgium sends it."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n"
        f"Accept-Language: nl-BE,nl;q=0.9,en;q=0.8\r\n{headers}"
    )
    if method == "POST":
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n{body}".encode()


class Phones:
    """Requests of workers in turn, and the registrations that were confirmed to them."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self._turns = cycle(range(len(workers)))
        self._workers = workers
        self._kinds = ["OUT"] * len(workers)
        self.confirmed: set[bytes] = set()

    def paired_tap(self) -> bytes:
        worker, kind = self._next()
        return self._post(worker, kind, headers=f"Cookie: phone={worker.secret}\r\n")

    def typed_tap(self) -> bytes:
        worker, kind = self._next()
        return self._post(worker, kind, more=f"&ssin={worker.ssin}")

    def look(self) -> bytes:
        worker = self._workers[next(self._turns)]
        return http("GET", f"/r/{worker.code}/", headers=f"Cookie: phone={worker.secret}\r\n")

    def is_confirmed(self, answer: bytes) -> bool:
        found = CONFIRMED.search(answer)
        if not answer.startswith(b"HTTP/1.1 303") or not found:
            return False
        self.confirmed.add(found[1])
        return True

    def _next(self) -> tuple[Worker, str]:
        turn = next(self._turns)
        self._kinds[turn] = "OUT" if self._kinds[turn] == "IN" else "IN"
        return self._workers[turn], self._kinds[turn]

    @staticmethod
    def _post(worker: Worker, kind: str, *, headers: str = "", more: str = "") -> bytes:
        body = f"action={kind}&client_key={uuid4()}&key_origin=tap&claimed_at={int(time.time() * 1000)}{more}"
        own_page = f"Sec-Fetch-Site: same-origin\r\n{headers}"
        return http("POST", f"/r/{worker.code}/", headers=own_page, body=body)


def ordinary_post() -> bytes:
    body = (
        f"csrfmiddlewaretoken={TOKEN}&name=Ada+Voorbeeld&email=ada%40example.com&kind=arrival"
        "&happened_at=2026-11-22+06%3A00%3A00&note=Third+floor"
    )
    return http("POST", "/places/1/", headers=f"Cookie: csrftoken={TOKEN}\r\n", body=body)


def is_stored(answer: bytes) -> bool:
    return answer.startswith(b"HTTP/1.1 200") and b"Stored." in answer


def is_page(answer: bytes) -> bool:
    return answer.startswith(b"HTTP/1.1 200")


@dataclass
class Kind:
    """One thing to measure: where, what is sent, and when an answer is good."""

    name: str
    port: int
    request: Callable[[], bytes]
    is_good: Callable[[bytes], bool]
    rounds: list[Traffic] = field(default_factory=list)

    def run(self, clients: int, seconds: float) -> Traffic:
        return drive(self.port, clients=clients, seconds=seconds, request=self.request, is_good=self.is_good)


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "ALLOWED_HOSTS": "127.0.0.1", "VAR_DIR": str(folder)}


def prepare_ordinary(folder: Path) -> Mapping[str, str]:
    """The ordinary application's own database, beside the portal's."""
    if connection.vendor == "sqlite":
        return {**environment(folder), "ORDINARY_DATABASE_URL": f"sqlite:///{folder / 'ordinary.sqlite3'}"}
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE ordinary")
    beside = urlsplit(os.environ["DATABASE_URL"])._replace(path="/ordinary").geturl()
    return {**environment(folder), "ORDINARY_DATABASE_URL": beside}


def measure(kinds: Sequence[Kind], clients: int) -> tuple[list[list[str | int | float]], dict[str, float]]:
    """Rounds in turn, so that what else the machine does meets all alike.

    Answers a line per kind and, by kind, the median over the rounds of its ratio to the first kind.
    """
    for kind in kinds:
        kind.rounds = []
        kind.run(clients, WARM_UP_S)
    for _round in range(ROUNDS):
        for kind in kinds:
            kind.rounds.append(kind.run(clients, ROUND_S))
    lines: list[list[str | int | float]] = [
        [
            kind.name,
            clients,
            statistics.median(one.per_second for one in kind.rounds),
            *(statistics.median(one.milliseconds(share) for one in kind.rounds) for share in SHARES),
            sum(one.errors for one in kind.rounds),
        ]
        for kind in kinds
    ]
    return lines, {kind.name: _ratio(kind, kinds[0]) for kind in kinds[1:]}


def _ratio(kind: Kind, base: Kind) -> float:
    pairs = zip(kind.rounds, base.rounds, strict=True)
    return statistics.median(one.per_second / (measure.per_second or 1) for one, measure in pairs)


def pgbench(clients: int, folder: Path) -> list[str | int | float]:
    """One fact and one outbox row per transaction, durable, without Python."""
    script = folder / "pgbench.sql"
    script.write_text(PGBENCH_SCRIPT, encoding="ascii")
    result = subprocess.run(
        [
            *(str(postgres_programs() / "pgbench"), "--no-vacuum", f"--client={clients}"),
            *(f"--jobs={min(clients, 2)}", f"--time={max(1, int(ROUND_S))}", f"--file={script}"),
            os.environ["DATABASE_URL"].replace("postgres://", "postgresql://"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    per_second = float(re.search(r"tps = ([\d.]+)", result.stdout)[1])  # type: ignore[index]  # or we fail
    latency = float(re.search(r"latency average = ([\d.]+)", result.stdout)[1])  # type: ignore[index]
    return ["bare database: two inserts (mean, not p50)", clients, per_second, latency, None, None, 0]  # type: ignore[list-item]


def _stored() -> int:
    with unscoped(reason="a measurement counts everything"):
        return Registration.objects.count()


def main() -> None:
    call_command("migrate", verbosity=0)
    now = timezone.now()
    # A portal in use: with a history, and statistics of its tables, by which PostgreSQL chooses its plans.
    call_command("load_demo", scale=HISTORY)
    workers = found_site(now=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    already = _stored()
    on = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    answers = Table(f"Phone page on {on}", COLUMNS)
    ratios = Table(f"Ratio to the ordinary POST of the same rounds, on {on}", ("what", "clients", "ratio"))
    with tempfile.TemporaryDirectory(prefix="ciao-bench-") as name:
        folder = Path(name)
        own = prepare_ordinary(folder)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(PGBENCH_TABLES)
        phones = Phones(workers)
        threads = THREADS[connection.vendor]
        with (
            programs.portal(folder, env=environment(folder)) as portal,
            programs.ordinary(folder, env=own, threads=threads) as ordinary,
        ):
            kinds = [
                Kind("ordinary POST", ordinary, ordinary_post, is_stored),
                Kind("phone POST, paired", portal, phones.paired_tap, phones.is_confirmed),
                Kind("phone POST, number typed", portal, phones.typed_tap, phones.is_confirmed),
                Kind(
                    "phone GET, paired",
                    portal,
                    phones.look,
                    is_page,
                ),
            ]
            for clients in CLIENTS:
                lines, found = measure(kinds, clients)
                for line in lines:
                    answers.add(*line)
                for what, ratio in found.items():
                    ratios.add(what, clients, ratio)
                if connection.vendor == "postgresql":
                    answers.add(*pgbench(clients, folder))
        keep([answers, ratios])
    stored = _stored() - already
    if stored != len(phones.confirmed):
        raise SystemExit(f"{len(phones.confirmed)} taps were confirmed, {stored} registrations are stored.")
    say(f"{stored} taps were confirmed, and as many registrations are stored.")
    connections.close_all()
