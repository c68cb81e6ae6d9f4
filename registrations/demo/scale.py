"""A large tenant of synthetic data, to try how the portal behaves with very many registrations.

Everything else writes registrations through `register()`; here, and only here, the rows it would write go
straight into the tables, because a million of them should take minutes. What differs: the firms have no
access to the NSSO, so nothing of this ever leaves; attempts and remarks are written for one registration in
a hundred; what the NSSO did not take is refused, held or without credentials, never waiting.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from ciao_portal.days import brussels_day, each_day
from ciao_portal.tenancy import unscoped
from registrations.demo import scale_founding
from registrations.demo.scale_founding import Hand
from registrations.demo.scale_rows import Portion, Rows
from registrations.demo.scale_story import DAYS, Pace, pace_for, taps
from registrations.demo.writing import analyse, room_for_indexes
from registrations.rules.presence import Kind

REGISTRATIONS_PER_WORKER = 250
FEWEST_WORKERS = 10


def is_loaded() -> bool:
    """Whether a large tenant is in this database already, perhaps from a load that was interrupted."""
    return scale_founding.is_founded()


def load(*, registrations: int, now: datetime) -> int:
    """Found the large tenant and write about so many registrations over the last 100 days, until `now`.

    Answers how many were written. One transaction per day, so that memory and locks stay small: an
    interrupted load leaves a part behind. Raises ValueError outside the simulator's environment.
    """
    if settings.NSSO_ENVIRONMENT != "simulator":
        raise ValueError("Synthetic load belongs beside the simulator only.")
    today = brussels_day(now)
    days = list(each_day(today - timedelta(days=DAYS - 1), today))
    workers = max(FEWEST_WORKERS, registrations // REGISTRATIONS_PER_WORKER)
    pace = pace_for(registrations / workers, days)
    with unscoped(reason="the synthetic tenant's own rows, founded in this call"), room_for_indexes():
        with transaction.atomic():
            hands = scale_founding.found(workers, now=now)
        rows = Rows(now=now)
        for portion in _ahead(rows.prepared(_taps_of_all(hands, day, pace, now)) for day in days):
            with transaction.atomic():
                rows.write(portion)
        with transaction.atomic():
            rows.write_presences()
    analyse()
    return rows.count


def _ahead(portions: Iterator[Portion]) -> Iterator[Portion]:
    """The same portions, each prepared while the database is busy with the one before."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(next, portions, None)
        while (portion := coming.result()) is not None:
            coming = pool.submit(next, portions, None)
            yield portion


def _taps_of_all(
    hands: Sequence[Hand], day: date, pace: Pace, now: datetime
) -> Iterator[tuple[datetime, Kind, Hand]]:
    """Everything registered in the shifts of the day until `now`, in order of time."""
    found = (
        (at, hand.number, kind) for hand in hands for at, kind in taps(hand.number, day, pace) if at <= now
    )
    return ((at, kind, hands[number]) for at, number, kind in sorted(found))
