"""The plan of places from coordinates."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.rules.plan import (
    HEIGHT,
    LETTER,
    LINE,
    METRES_PER_DEGREE,
    WIDTH,
    Label,
    Plan,
    Spot,
    plan_of,
)

GENT, LIEGE = Spot("Gent", 9, 51.05, 3.72), Spot("Liège", 4, 50.63, 5.57)
spots = st.lists(
    st.builds(
        Spot,
        st.text("abcdefgh ", min_size=1, max_size=40),
        st.integers(1, 500),
        st.floats(49.5, 51.5),
        st.floats(2.5, 6.4),
    ),
    min_size=1,
    max_size=40,
)


def drawn(*places: Spot) -> Plan:
    plan = plan_of(places)
    assert plan is not None
    return plan


def test_nothing_to_draw() -> None:
    assert plan_of([]) is None


def test_one_place_lies_in_the_middle_with_its_name() -> None:
    plan = drawn(GENT)
    (dot,) = plan.dots
    assert dot.x == WIDTH / 2
    assert [label.text for label in plan.labels] == ["Gent"]


def test_north_is_up_and_east_is_right() -> None:
    gent, liege = drawn(GENT, LIEGE).dots
    assert gent.x < liege.x
    assert gent.y < liege.y


def test_the_scale_measures_the_plan() -> None:
    plan = drawn(GENT, LIEGE)
    gent, liege = plan.dots
    units = math.hypot(gent.x - liege.x, gent.y - liege.y)
    middle = math.cos(math.radians((51.05 + 50.63) / 2))
    metres = METRES_PER_DEGREE * math.hypot(51.05 - 50.63, (5.57 - 3.72) * middle)
    assert units * plan.metres / plan.length == pytest.approx(metres, rel=0.01)
    assert plan.metres == 20_000


def test_buildings_of_one_site_are_not_torn_apart() -> None:
    plan = drawn(GENT, Spot("Next door", 1, 51.0501, 3.72))
    one, other = plan.dots
    assert abs(one.y - other.y) < 10


def test_the_same_coordinates_twice() -> None:
    plan = drawn(GENT, Spot("Gent, first floor", 1, 51.05, 3.72))
    assert len(plan.dots) == 2
    assert plan.dots[0].radius > plan.dots[1].radius


def test_areas_tell_the_people() -> None:
    large, small = drawn(Spot("a", 100, 51, 4), Spot("b", 25, 50, 5)).dots
    assert large.radius == pytest.approx(2 * small.radius)


def test_a_long_name_is_cut() -> None:
    (label,) = drawn(Spot("A" * 60, 1, 51, 4)).labels
    assert label.text.endswith("…")
    assert len(label.text) == 28


def box(label: Label) -> tuple[float, float, float, float]:
    width = len(label.text) * LETTER
    left = label.x - {"start": 0, "middle": width / 2, "end": width}[label.anchor]
    return left, label.y - LINE + 4, left + width, label.y + 4


@given(spots)
def test_everything_is_inside_and_no_name_covers_another(places: list[Spot]) -> None:
    plan = drawn(*places)
    assert len(plan.dots) == len(places)
    for dot in plan.dots:
        assert dot.x - dot.radius >= 0
        assert dot.x + dot.radius <= WIDTH
        assert dot.y - dot.radius >= 0
        assert dot.y + dot.radius <= HEIGHT
    boxes = [box(label) for label in plan.labels]
    for number, (left, top, right, bottom) in enumerate(boxes):
        assert left >= -0.1
        assert right <= WIDTH + 0.1
        for other_left, other_top, other_right, other_bottom in boxes[number + 1 :]:
            apart_across = right <= other_left + 0.2 or other_right <= left + 0.2
            apart_down = bottom <= other_top + 0.2 or other_bottom <= top + 0.2
            assert apart_across or apart_down
