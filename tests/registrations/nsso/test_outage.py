"""A week without the NSSO, by the clock: nothing is lost, nothing starves, and the tables stay small."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from registrations.models import Attempt, NssoLine, Submission
from registrations.rules.breaker import PROBE_ROWS
from registrations.rules.presence import Kind
from tests.registrations.nsso import world as world_module
from tests.registrations.nsso.world import World, person_number
from tests.services import free_port

HOURS = 7 * 24
HOUR_S = 3600.0


def test_a_week_long_outage(world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # The NSSO takes nothing from the future, by the real clock: the week lies behind us.
    monkeypatch.setattr(world_module, "T0", datetime.now(UTC) - timedelta(hours=HOURS + 3))
    world.store_credentials(world.cast.sub)
    world.simulator.put_faults({"kind": "serviceUnavailable", "times": 100_000})
    base, token = settings.NSSO_BASE_URL, settings.NSSO_TOKEN_URL
    # At first nobody even listens.
    nowhere = f"http://127.0.0.1:{free_port()}"
    settings.NSSO_BASE_URL, settings.NSSO_TOKEN_URL = f"{nowhere}/v1", f"{nowhere}/token"
    firms = (world.cast.main, world.cast.sub)
    for hour in range(HOURS):
        if hour == HOURS // 2:
            settings.NSSO_BASE_URL, settings.NSSO_TOKEN_URL = base, token
        kind = (Kind.IN, Kind.OUT)[hour // 20 % 2]
        world.tap(person_number(hour % 20), kind, seconds=hour * HOUR_S, employer=firms[hour % 2])
        # Here the sender wakes up once in an hour, when the service's rest of a minute is long over.
        world.send(hour * HOUR_S + 1)
    assert not Submission.objects.filter(state="accepted").exists()
    assert 0 < Attempt.objects.count() <= HOURS * PROBE_ROWS
    service = NssoLine.objects.get(credentials=None)
    assert service.failing_since is not None
    assert service.failing_since < world_module.at(HOUR_S)

    # The NSSO is back. What comes in now is not behind the week's backlog.
    world.simulator.put_faults()
    settings.NSSO_BATCH_SIZE = 10
    end_s = HOURS * HOUR_S
    fresh = world.tap(person_number(500), seconds=end_s)
    world.send(end_s + 120)
    world.send(end_s + 121)
    assert Submission.objects.get(registration=fresh).state == "accepted"
    assert Submission.objects.filter(state="waiting").count() > HOURS / 2
    moment = end_s + 122
    while Submission.objects.exclude(state="accepted").exists() and moment < end_s + HOUR_S:
        world.send(moment)
        moment += 1
    assert Counter(Submission.objects.values_list("state", flat=True)) == {"accepted": HOURS + 1}
    arrived = world.at_nsso()
    assert len(arrived) == len(set(arrived)) == HOURS + 1
    by_worker: dict[str, list[int]] = {}
    for ssin, _, seconds in arrived:
        by_worker.setdefault(ssin, []).append(seconds)
    assert all(moments == sorted(moments) for moments in by_worker.values())
