"""On SQLite: connections are kept from request to request, but never beyond the file that is the database."""

from pathlib import Path

import pytest
from django.db import connection

from tests.crash.taps import Tap, assert_each_tap_is_stored_once, insist, numbers, send
from tests.portal import Portal

pytestmark = [
    pytest.mark.crash,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its own files"),
]

# More than there are workers, so that each has a connection before and is asked after.
TAPS = 8


def test_nothing_is_confirmed_into_a_file_that_was_moved_away(portal: Portal, code: str) -> None:
    portal.start_web()
    taps = [Tap(ssin) for ssin in numbers(2 * TAPS)]
    confirmed = {tap.key: insist(portal, code, tap) for tap in taps[:TAPS]}
    file = Path(connection.settings_dict["NAME"])
    away = file.with_suffix(".away")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    file.rename(away)

    assert [send(portal, code, tap) for tap in taps[TAPS:]] == [None] * TAPS

    for suffix in ("-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
    away.replace(file)
    confirmed |= {tap.key: insist(portal, code, tap) for tap in taps[TAPS:]}
    assert_each_tap_is_stored_once(taps, confirmed)
