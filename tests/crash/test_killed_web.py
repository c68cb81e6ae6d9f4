"""A confirmed registration is committed: it survives a kill of any process at any point."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.db import connection

from tests.crash.taps import (
    Crowd,
    assert_each_tap_is_stored_once,
    assert_the_nsso_has_each_once,
    wait_until_all_accepted,
)
from tests.portal import Portal
from tests.services import Cluster, postgres_cluster

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

TAPS_BETWEEN_KILLS = 10
KILL_ROUNDS = 2


def test_taps_survive_kills_of_the_web(portal: Portal, code: str) -> None:
    portal.start_web()
    with Crowd(portal, code) as crowd:
        crowd.wait_for_more(TAPS_BETWEEN_KILLS)
        portal.web.kill()
        portal.start_web()
        crowd.wait_for_more(TAPS_BETWEEN_KILLS)
        crowd.end()

    assert_each_tap_is_stored_once(crowd.sent, crowd.confirmed)


def test_taps_survive_kills_in_the_middle_of_answers(portal: Portal, code: str) -> None:
    """Only those who answer are killed: the next ones stand there at once, so it can happen often."""
    portal.start_web()
    killed = 0
    with Crowd(portal, code) as crowd:
        for _kill in range(15):
            crowd.wait_for_more(2)
            killed += portal.web.kill_children()
        crowd.end()

    assert killed >= 15
    assert_each_tap_is_stored_once(crowd.sent, crowd.confirmed)


@dataclass
class Power:
    """What a power cut takes down: the database's processes, where it has any."""

    cluster: Cluster | None

    def cut(self, portal: Portal) -> None:
        if self.cluster is not None:
            self.cluster.kill()
        portal.web.kill()
        portal.sender.kill()

    def cut_database(self, portal: Portal) -> None:
        """The database alone; on SQLite it lives in web and sender, so these."""
        if self.cluster is not None:
            self.cluster.kill()
        else:
            self.cut(portal)

    def restore(self, portal: Portal) -> None:
        if self.cluster is not None and not self.cluster.is_running:
            self.cluster.start()
        if not portal.web.is_running:
            portal.start_web()
        if not portal.sender.is_running:
            portal.start_sender()


@pytest.fixture
def power(transactional_db: None) -> Iterator[Power]:
    """On PostgreSQL the test's connection is led to a server of its own, which may be killed."""
    if connection.vendor == "sqlite":
        yield Power(None)
        return
    known = dict(connection.settings_dict)
    with postgres_cluster() as cluster:
        connection.close()
        connection.settings_dict.update(
            NAME="postgres", USER="ciao", PASSWORD="", HOST="127.0.0.1", PORT=cluster.port
        )
        try:
            call_command("migrate", verbosity=0)
            yield Power(cluster)
        finally:
            connection.close()
            connection.settings_dict.update(known)


def test_taps_survive_kills_of_everything_in_turn(power: Power, portal: Portal, code: str) -> None:
    """What was acknowledged is stored, and in the end at the NSSO, once."""
    portal.start_web()
    portal.start_sender()
    victims = (
        portal.sender.kill,
        portal.web.kill,
        lambda: power.cut_database(portal),
        lambda: power.cut(portal),
    )
    with Crowd(portal, code) as crowd:
        for bring_down in victims * KILL_ROUNDS:
            crowd.wait_for_more(TAPS_BETWEEN_KILLS)
            bring_down()
            connection.close()
            power.restore(portal)
        crowd.wait_for_more(TAPS_BETWEEN_KILLS)
        crowd.end()

    assert_each_tap_is_stored_once(crowd.sent, crowd.confirmed)
    wait_until_all_accepted(len(crowd.sent), seconds=60)
    assert_the_nsso_has_each_once(portal)
