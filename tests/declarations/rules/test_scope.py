from collections import Counter

import pytest

from declarations.rules.scope import SERVICES, SERVICES_BY_CODE, Group, activity_choices, is_in_scope


def test_the_table_has_its_21_rows() -> None:
    assert Counter(service.group for service in SERVICES) == {
        Group.REGULAR: 6,
        Group.SPECIALISED: 7,
        Group.EMERGENCY: 3,
        Group.MAINTENANCE: 5,
    }
    assert len(SERVICES_BY_CODE) == 21


def test_what_the_nsso_leaves_out() -> None:
    assert {service.code for service in SERVICES if not service.in_scope} == {
        "serviceVouchers",
        "ownStaff",
        "movableProperty",
        "emergencyServices",
        "inspection",
        "snow",
        "oilTanks",
    }


@pytest.mark.parametrize(("code", "expected"), [("floors", True), ("snow", False), ("gardening", None)])
def test_is_in_scope(code: str, *, expected: bool | None) -> None:
    assert is_in_scope(code) is expected


def test_every_row_can_be_chosen_once() -> None:
    codes = [code for _group, rows in activity_choices() for code, _label in rows]
    assert codes == [service.code for service in SERVICES]


def test_the_disputed_row_says_so() -> None:
    assert "confirm with the NSSO" in str(SERVICES_BY_CODE["privatePurposes"].note)
