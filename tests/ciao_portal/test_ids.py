from ciao_portal.ids import new_id


def test_ids_are_version_7_and_sort_by_age() -> None:
    ids = [new_id() for _turn in range(1000)]
    assert {one.version for one in ids} == {7}
    assert len(set(ids)) == 1000
    assert ids[0] < ids[-1]
