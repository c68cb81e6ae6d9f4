"""Load the demo once, and go on with its story on later days."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from ciao_portal.days import brussels_day
from ciao_portal.models import Company
from ciao_portal.tenancy import unscoped
from registrations.demo import story
from registrations.demo.cast import FIRMS, GENT, MAIN, OFFICES
from registrations.demo.founding import found
from registrations.demo.story import Shift
from registrations.demo.world import LastStep, World
from registrations.rules.presence import is_present

REASON = "the demo looks after its own rows only, named by its fixed numbers"


def is_loaded() -> bool:
    """Whether the demo's firms are in this database."""
    numbers = [firm.number for firm in FIRMS]
    return Company.objects.filter(enterprise_number__in=numbers, is_demo=True).count() == len(FIRMS)


@transaction.atomic
def load(*, now: datetime) -> int:
    """Found everything and tell the story until `now`; answers how many registrations were made.

    All or nothing: an interrupted load leaves no half a demo behind.
    """
    found(now=now)
    with unscoped(reason=REASON):
        world = World(now=now)
        return _play(world, [*story.with_deadlines(now), *story.history(now)]) + _go_on(world, now)


@transaction.atomic
def keep_alive(*, now: datetime) -> int:
    """Whatever makes today a day like any other: presences, deadlines, a forgotten check-out.

    Answers how many registrations were made: none when today has them already.
    """
    with unscoped(reason=REASON):
        world = World(now=now)
        return _play(world, story.with_deadlines(now)) + _go_on(world, now)


def example_address(*, now: datetime) -> str:
    """The address in the QR code of the first workplace."""
    with unscoped(reason=REASON):
        code = World(now=now).point(OFFICES, GENT, MAIN).code
    return f"{settings.PUBLIC_URL}/r/{code}/"


def _go_on(world: World, now: datetime) -> int:
    made = _play(world, story.forgotten(now))
    shifts = story.today(now)
    last_steps = [world.last_step(shift.worker, shift.works) for shift in shifts]
    if any(last is not None and _is_there_today(last, now) for last in last_steps):
        return made
    for shift, last in zip(shifts, last_steps, strict=True):
        if last is not None and is_present(last.kind, last.at, last.at):
            for step in story.ending(last.kind, last.at, before=shift.begins):
                world.register(shift, step)
                made += 1
    return made + _play(world, shifts)


def _is_there_today(last: LastStep, now: datetime) -> bool:
    return is_present(last.kind, last.at, now) and brussels_day(last.at) == brussels_day(now)


def _play(world: World, shifts: Iterable[Shift]) -> int:
    """Register the shifts in order of time, except those that were told already."""
    made = 0
    for shift in sorted(shifts, key=lambda one: one.begins):
        last = world.last_step(shift.worker, shift.works)
        if last is not None and last.at >= shift.begins:
            continue
        for step in shift.steps:
            world.register(shift, step)
            made += 1
    return made
