"""From the tap to the NSSO in real time, and after an hour in which the NSSO was away.

Taps go through the one door at an even rate; a sender and the simulator run as processes of their own, as in
earnest. The time of a registration ends when the portal knows that the NSSO has it: later than when the
simulator has it.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import uuid4

from django.core.management import call_command
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ciao_portal.audit import Actor
from ciao_portal.companies import store_credentials
from ciao_portal.days import brussels_day
from ciao_portal.models import Company, Person
from ciao_portal.nsso.auth import generate_key_pair
from ciao_portal.people import people_with_ssins
from ciao_portal.tenancy import company_scope, unscoped
from declarations.models import RegistrationPoint
from registrations.models import Means, Registration, Submission
from registrations.models.nsso import SubmissionState
from registrations.rules.presence import Kind
from registrations.rules.taps import KeyOrigin
from registrations.services.registering import TapAtPoint, register
from tests.benchmarks.figures import Table, is_quick, keep, say
from tests.benchmarks.people import DOOR, Worker, found_site
from tests.benchmarks.programs import REPOSITORY, STOP_S, ending_with_us
from tests.cast import MAIN_NUMBER
from tests.simulator import SimulatorProcess

RATE = 50
ROWS_AT_ONCE = 2000
REAL_TIME_S = 10 if is_quick() else 60
OUTAGE_S = int(os.environ.get("BENCH_OUTAGE_S", "30" if is_quick() else "3600"))
LONGEST_DRAIN_S = 1800
# Who taps while the NSSO is there, and how often each of the others tapped while it was away.
LATE = 1000
TAPS_EACH = 2
SOON_S, LATE_S = 5.0, 30.0


class Taps:
    """Some of the people of a site, who start and stop in turn."""

    def __init__(self, workers: list[Worker], *, now: datetime) -> None:
        people = people_with_ssins([worker.ssin for worker in workers], now=now)
        with unscoped(reason=DOOR):
            rows = RegistrationPoint.objects.select_related("declaration__company", "workplace")
            points = {row.code: row for row in rows.filter(workplace__isnull=False)}
        self._company = Company.objects.get(enterprise_number=MAIN_NUMBER)
        self._turns = [(people[worker.ssin], points[worker.code]) for worker in workers]
        self._made = 0

    def _next(self) -> tuple[Person, RegistrationPoint, Kind]:
        round_, turn = divmod(self._made, len(self._turns))
        self._made += 1
        return *self._turns[turn], Kind.OUT if round_ % 2 else Kind.IN

    def make(self, now: datetime) -> None:
        """The next tap, received at `now`."""
        person, point, kind = self._next()
        assert point.workplace is not None
        tap = TapAtPoint(
            person=person,
            kind=kind,
            point=point,
            employer=self._company,
            workplace=point.workplace,
            means=Means.PAIRED,
            client_key=uuid4(),
            key_origin=KeyOrigin.TAP,
            flags=frozenset(),
        )
        with unscoped(reason=DOOR):
            register(tap, now=now)

    def make_at_once(self, count: int, *, until: datetime) -> None:
        """So many taps at `RATE` until that moment, with what a sender needs of each; not by the one door.

        Through it, the taps of an hour take a good part of another one, and it is measured elsewhere.
        """
        moments = (until - timedelta(seconds=(count - number) / RATE) for number in range(count))
        with unscoped(reason=DOOR):
            while some := [self._row(moment) for moment in islice(moments, ROWS_AT_ONCE)]:
                with transaction.atomic():
                    Registration.objects.bulk_create(some)
                    Submission.objects.bulk_create(
                        Submission.of(row, state=SubmissionState.WAITING, due_at=row.received_at)
                        for row in some
                    )

    def _row(self, moment: datetime) -> Registration:
        person, point, kind = self._next()
        return Registration(
            person=person,
            employer=self._company,
            declaration=point.declaration,
            declarer=point.declaration.company,
            workplace=point.workplace,
            point=point,
            kind=kind,
            means=Means.PAIRED,
            happened_at=moment,
            received_at=moment,
            happened_day=brussels_day(moment),
            client_key=uuid4(),
        )

    def make_evenly(self, seconds: float) -> int:
        """Taps at `RATE` for so long; answers how many. One that is late is made up for at once."""
        begun = time.monotonic()
        made = 0
        while (elapsed := time.monotonic() - begun) < seconds:
            if made < elapsed * RATE:
                self.make(timezone.now())
                made += 1
            else:
                time.sleep(0.002)
        return made


@contextlib.contextmanager
def sender(simulator: SimulatorProcess, log: Path) -> Iterator[None]:
    """A sender as an operator runs it."""
    env = {**os.environ, "NSSO_BASE_URL": simulator.base_url, "NSSO_TOKEN_URL": simulator.token_url}
    command = ending_with_us([sys.executable, "manage.py", "run_outbox"])
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=env, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def give_access(simulator: SimulatorProcess, *, now: datetime) -> None:
    """The company's own access, known to the simulator."""
    main = Company.objects.get(enterprise_number=MAIN_NUMBER)
    keys = generate_key_pair()
    known = simulator.credentials_for(MAIN_NUMBER, keys=keys)
    with company_scope(main):
        store_credentials(
            company=main,
            client_id=known.client_id,
            private_key_pem=keys.private_pem,
            public_key_pem=keys.public_pem,
            actor=Actor(main),
            now=now,
        )


def waiting_before(moment: datetime) -> QuerySet[Submission]:
    """Those of registrations received before then that the NSSO does not have yet."""
    open_ = Submission.objects.exclude(state=SubmissionState.ACCEPTED)
    return open_.filter(registration__received_at__lt=moment)


def wait_for_all(before: datetime, *, longest_s: float) -> float:
    """Seconds until the NSSO has everything received before that moment."""
    begun = time.monotonic()
    # Not counted: counting a long backlog over and over would take half a processor from the sender.
    while waiting_before(before).exists():
        if time.monotonic() - begun > longest_s:
            raise RuntimeError(f"{waiting_before(before).count()} still wait after {longest_s:.0f} s")
        time.sleep(0.5)
    return time.monotonic() - begun


def add_times(table: Table, what: str, first: datetime, last: datetime) -> None:
    """A line about the registrations received from `first` up to `last`."""
    rows = Submission.objects.filter(registration__received_at__gte=first, registration__received_at__lt=last)
    pairs = rows.values_list("accepted_at", "registration__received_at")
    seconds = sorted((accepted - received).total_seconds() for accepted, received in pairs if accepted)
    if len(seconds) != rows.count():
        raise RuntimeError("some registrations were not accepted")
    count = len(seconds)

    def within(limit: float) -> float:
        return 100 * sum(one <= limit for one in seconds) / count

    table.add(
        what,
        count,
        seconds[count // 2],
        seconds[min(count - 1, int(count * 0.99))],
        seconds[-1],
        within(SOON_S),
        within(LATE_S),
    )


def real_time(taps: Taps, table: Table) -> None:
    taps.make_evenly(2)  # The token is fetched, connections are open.
    wait_for_all(timezone.now(), longest_s=60)
    first = timezone.now()
    taps.make_evenly(REAL_TIME_S)
    last = timezone.now()
    wait_for_all(last, longest_s=120)
    add_times(table, f"{RATE} taps a second for {REAL_TIME_S} s", first, last)


def outage(early: Taps, late: Taps, simulator: SimulatorProcess, table: Table, drain: Table) -> None:
    """As many taps as come in during the outage are stored at once, then the NSSO is back."""
    simulator.kill()
    count = OUTAGE_S * RATE
    begun = time.monotonic()
    early.make_at_once(count, until=timezone.now())
    stored_s = time.monotonic() - begun
    say(f"{count:,} registrations of the outage were stored in {stored_s:.0f} s.")
    back = timezone.now()
    simulator.restart()
    begun = time.monotonic()
    while waiting_before(back).exists():
        late.make_evenly(1)
        if time.monotonic() - begun > LONGEST_DRAIN_S:
            raise RuntimeError(f"{waiting_before(back).count():,} still wait after {LONGEST_DRAIN_S} s")
    drained_s = time.monotonic() - begun
    last = timezone.now()
    wait_for_all(last, longest_s=120)
    drain.add(f"{OUTAGE_S / 60:.0f} minutes at {RATE} a second", count, drained_s, count / drained_s)
    add_times(table, "fresh ones while the backlog drains", back, last)


def main() -> None:
    call_command("migrate", verbosity=0)
    times = Table(
        "From the tap until the portal knows that the NSSO has it",
        ("what", "registrations", "p50 s", "p99 s", "worst s", "% in 5 s", "% in 30 s"),
    )
    drain = Table(
        "After the outage, with fresh taps going on", ("outage", "backlog", "drained in s", "a second")
    )
    with tempfile.TemporaryDirectory(prefix="ciao-bench-nsso-") as name:
        folder = Path(name)
        with SimulatorProcess(folder, delay_s=2.0) as simulator:
            now = timezone.now()
            # Whoever registered during the outage waits for that first: fresh ones are other people's.
            workers = found_site(now=now, workers=LATE + OUTAGE_S * RATE // TAPS_EACH)
            late, early = workers[:LATE], workers[LATE:]
            give_access(simulator, now=now)
            with sender(simulator, folder / "sender.log"):
                real_time(Taps(late, now=now), times)
                outage(Taps(early, now=now), Taps(late, now=timezone.now()), simulator, times, drain)
            taken = len(simulator.registrations())
    stored = Submission.objects.count()
    if taken != stored:
        raise RuntimeError(f"{stored} registrations are stored and {taken} are at the simulator")
    keep([times, drain])
    say(f"{stored:,} registrations are stored, and the simulator has each of them once.")
