"""Load the demo once, and go on with its story as time passes."""

import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from ciao_portal.people import lock_person
from ciao_portal.tenancy import unscoped
from registrations.demo import afterwards, story
from registrations.demo.cast import FIRMS, MAIN, SMALL_FIRMS, Worker
from registrations.demo.founding import found, founded_at
from registrations.demo.jobs import JOBS
from registrations.demo.story import Step
from registrations.demo.works import GENT, OFFICES
from registrations.demo.world import World
from registrations.demo.writing import analyse

REASON = "the demo looks after its own rows only, named by its fixed numbers"
# Nobody's shift is longer, so that whatever was not told yet began this long before at the earliest.
LONGEST_SHIFT = timedelta(days=1)


def is_loaded() -> bool:
    """Whether the demo's firms are in this database."""
    numbers = [firm.number for firm in (*FIRMS, *SMALL_FIRMS)]
    return Company.objects.filter(enterprise_number__in=numbers, is_demo=True).count() == len(numbers)


def load(*, now: datetime, seconds: float | None = None, history_days: int = story.HISTORY_DAYS) -> int:
    """Found everything and tell the story until `now`; answers how many registrations were made.

    With `seconds` it stops telling after about so long: `keep_alive` tells the rest.
    """
    with transaction.atomic():
        found(now=now)
    made = keep_alive(now=now, seconds=seconds, history_days=history_days)
    with unscoped(reason=REASON), transaction.atomic():
        afterwards.report(now=now)
    # What reads it back must not plan as if the tables were still empty.
    analyse()
    return made


def keep_alive(*, now: datetime, seconds: float | None = None, history_days: int = story.HISTORY_DAYS) -> int:
    """Let the demo's people register whatever the story says they did by now, each from where they stand.

    Nothing older than the history is told, however long nobody looked. Answers how many registrations were
    made: none when everything was told already. One transaction per
    person, so that an interrupted telling goes on next time and nobody waits long for the database.
    """
    begun = time.monotonic()
    with unscoped(reason=REASON):
        world = World(now=now)
        made = 0
        for worker, steps in _untold(world, now, history_days).items():
            made += _tell(world, worker, steps)
            if seconds is not None and time.monotonic() - begun > seconds:
                break
    return made


def example_address(*, now: datetime) -> str:
    """The address in the QR code of the first workplace."""
    with unscoped(reason=REASON):
        code = World(now=now).point(OFFICES, GENT, MAIN).code
    return f"{settings.PUBLIC_URL}/r/{code}/"


def _untold(world: World, now: datetime, history_days: int) -> dict[Worker, list[Step]]:
    """What is still to be registered, by worker, each in order of time."""
    told = world.last_moments()
    founded_on = brussels_day(founded_at())
    # In the order of the jobs: whoever works by turns comes first, so that today is alive early.
    untold: dict[Worker, list[Step]] = {job.worker: [] for job in JOBS}
    oldest = brussels_day(now) - timedelta(days=history_days - 1)
    for step in story.steps_until(now, since=_since(told, oldest), founded_on=founded_on):
        last = told.get(world.person(step.worker).pk)
        if last is None or step.at > last:
            untold[step.worker].append(step)
    return {worker: steps for worker, steps in untold.items() if steps}


def _since(told: dict[UUID, datetime], oldest: date) -> date:
    """The first day whose shifts may hold something untold, not before `oldest`."""
    if len(told) < len({job.worker for job in JOBS}):
        return oldest
    return max(oldest, brussels_day(min(told.values()) - LONGEST_SHIFT))


@transaction.atomic
def _tell(world: World, worker: Worker, steps: Sequence[Step]) -> int:
    """Register these steps, unless somebody else has told them meanwhile."""
    person = world.person(worker).pk
    lock_person(person)
    last = world.last_moments().get(person)
    fresh = [step for step in steps if last is None or step.at > last]
    for step in fresh:
        world.register(step)
    return len(fresh)
