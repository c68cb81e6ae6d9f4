"""The presence report as PDF: seconds and peak memory by the number of its lines."""

import os
import resource
import subprocess
import sys
import time
from datetime import date, timedelta

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from ciao_portal.days import brussels_day
from ciao_portal.models import Company, User
from ciao_portal.tenancy import company_scope
from declarations.models import Declaration
from registrations.demo.scale_founding import OWNER_EMAIL, SCALE
from registrations.models import Report
from registrations.reports.gathering import expected_lines, gather
from registrations.reports.rendering import render
from tests.benchmarks.figures import Table, keep
from tests.benchmarks.lists import load

DAYS = 100
# About so many lines: a month of a usual works, and the most that is worth waiting for.
LINES = (620, 2000)


def longest_declaration(company: Company, first: date, last: date) -> tuple[Declaration, int]:
    """The declaration with the most lines in these days."""
    counted = [
        (one, expected_lines(company, one, first, last))
        for one in Declaration.objects.filter(company=company)[:40]
    ]
    return max(counted, key=lambda pair: pair[1])


def measure(wanted: int) -> None:
    """One report, in a process of its own: lines, bytes, seconds to gather, to render, peak memory in MB."""
    now = timezone.now()
    company = Company.objects.get(enterprise_number=SCALE.number)
    last = brussels_day(now)
    first = last - timedelta(days=DAYS - 1)
    with company_scope(company):
        declaration, most = longest_declaration(company, first, last)
        days = min(DAYS, max(1, round(DAYS * wanted / max(most, 1))))
        first = last - timedelta(days=days - 1)
        # Not stored: only the document is measured.
        report = Report(
            company=company,
            declaration=declaration,
            requested_by=User.objects.get(email=OWNER_EMAIL),
            requested_at=now,
            first_day=first,
            last_day=last,
            language="nl",
            expires_at=now,
        )
        started = time.perf_counter()
        gathered = gather(company, declaration, first, last, now=now)
        rendering = time.perf_counter()
        document = render(report, gathered, now=now)
        done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = (document.line_count, len(document.content), rendering - started, done - rendering, peak)
    sys.stdout.write(" ".join(map(str, figures)) + "\n")


def main() -> None:
    if asked := os.environ.get("BENCH_LINES"):
        measure(int(asked))
        return
    call_command("migrate", verbosity=0)
    load(int(os.environ["BENCH_REGISTRATIONS"]))
    connection.close()
    columns = ("wanted", "lines", "kB", "gather s", "render s", "lines/s", "peak MB")
    table = Table("Presence report as PDF", columns)
    for wanted in LINES:
        command = [sys.executable, "-m", "tests.benchmarks.part", "tests.benchmarks.report"]
        env = {**os.environ, "BENCH_LINES": str(wanted)}
        answer = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
        lines, size, gathering, rendering, peak = map(float, answer.split()[-5:])
        table.add(
            str(wanted), int(lines), size / 1024, gathering, rendering, lines / (gathering + rendering), peak
        )
    keep([table])
