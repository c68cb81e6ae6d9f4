from datetime import UTC, datetime, timedelta

from ciao_portal.ids import first_id_of, moment_of, new_id


def test_ids_are_version_7_and_sort_by_age() -> None:
    ids = [new_id() for _turn in range(1000)]
    assert {one.version for one in ids} == {7}
    assert len(set(ids)) == 1000
    assert ids[0] < ids[-1]


def test_the_first_id_of_a_moment_lies_between_what_was_made_before_and_since() -> None:
    made = new_id()
    now = datetime.now(UTC)
    assert first_id_of(now).version == 7
    assert first_id_of(now - timedelta(seconds=1)) < made < first_id_of(now + timedelta(milliseconds=1))


def test_an_id_tells_when_it_was_made() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    assert before <= moment_of(new_id()) <= datetime.now(UTC)
    assert moment_of(first_id_of(datetime(2026, 11, 23, 5, tzinfo=UTC))) == datetime(
        2026, 11, 23, 5, tzinfo=UTC
    )
