"""The export of 100 days as CSV, beside the database's own `COPY` of the same columns."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import psycopg
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from registrations.demo.scale_founding import SCALE
from registrations.exports.lines import Dialect, export_parts
from registrations.exports.rows import Selection
from tests.benchmarks.figures import Table, keep
from tests.benchmarks.lists import load

DAYS = 100
COPY = """
COPY (
    SELECT r.id, r.happened_at, r.received_at, r.kind, r.means, e.first_name, e.last_name,
        c.enterprise_number, d.declared_number, d.technical_reference, w.name, w.street, w.municipality,
        s.state, s.nsso_id, s.validity, r.flags
    FROM registrations_registration r
    JOIN declarations_declaration d ON d.id = r.declaration_id
    JOIN declarations_workplace w ON w.id = r.workplace_id
    JOIN ciao_portal_company c ON c.id = r.employer_id
    JOIN registrations_submission s ON s.registration_id = r.id
    LEFT JOIN registrations_employment e ON e.person_id = r.person_id AND e.company_id = r.employer_id
    WHERE r.declarer_id = %s
    ORDER BY r.happened_at, r.id
) TO STDOUT
"""


def portal_parts(company: Company) -> Iterator[bytes]:
    now = timezone.now()
    today = brussels_day(now)
    dialect = Dialect("nl", has_machine_keys=False, has_full_numbers=False)
    yield from export_parts(company, Selection(today - timedelta(days=DAYS - 1), today), dialect, now=now)


def copied_parts(company: Company) -> Iterator[bytes]:
    address = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://")
    with psycopg.connect(address) as own, own.cursor() as cursor, cursor.copy(COPY, (company.pk,)) as copy:
        for part in copy:
            yield bytes(part)


WAYS = {"portal's export": portal_parts, "bare COPY": copied_parts}


def measure(way: str) -> None:
    """One way, in a process of its own: seconds, its own processor's, to the first byte; rows; peak MB."""
    company = Company.objects.get(enterprise_number=SCALE.number)
    before = _peak()
    started, used = time.perf_counter(), time.process_time()
    first, lines = 0.0, 0
    for part in WAYS[way](company):
        first = first or time.perf_counter() - started
        lines += part.count(b"\n")
    seconds, used = time.perf_counter() - started, time.process_time() - used
    sys.stdout.write(f"{seconds} {used} {lines} {first} {_peak()} {before}\n")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    if way := os.environ.get("BENCH_WAY"):
        measure(way)
        return
    call_command("migrate", verbosity=0)
    load(int(os.environ["BENCH_REGISTRATIONS"]))
    connection.close()
    columns = ("way", "rows", "seconds", "rows/s", "processor s", "rows/processor s", "first byte s")
    table = Table(f"{DAYS} days as CSV", (*columns, "peak MB", "of it the program itself"))
    for way in WAYS:
        command = [sys.executable, "-m", "tests.benchmarks.part", "tests.benchmarks.export"]
        env = {**os.environ, "BENCH_WAY": way}
        answer = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
        seconds, used, lines, first, peak, before = map(float, answer.split()[-6:])
        table.add(way, int(lines), seconds, lines / seconds, used, lines / used, first, peak, before)
    keep([table])
