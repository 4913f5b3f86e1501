"""Order: one place for everything that happens, and a time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.domain.order import AHEAD, Order, began
from chat.domain.state import Stamp

# Wall times, in milliseconds, of this century.
WALLS = st.integers(946_684_800_000, 4_102_444_800_000)


def test_ids_begin_above_the_start() -> None:
    assert Order(start=1).stamp(1) == Stamp(id=1_048_577, at=1)


@given(WALLS)
def test_an_id_tells_when_its_order_began(wall: int) -> None:
    assert began(Order(wall).stamp(wall).id) == wall


@pytest.mark.parametrize(
    ("last", "first"),
    [
        pytest.param(5, 1_048_577, id="an earlier start"),
        pytest.param(2_000_000, 2_000_001, id="a clock set back between starts"),
    ],
)
def test_no_id_is_given_twice_though_the_clock_was_set_back(
    last: int, first: int
) -> None:
    assert Order(1, Stamp(last, 0)).stamp(1) == Stamp(id=first, at=1)


def test_a_later_start_goes_on_where_an_earlier_one_was() -> None:
    before = Order(start=1000)
    said = [before.stamp(wall) for wall in (1000, 5000)]
    assert before.reached() == said[-1]
    after = Order(10, before.reached())
    assert after.reached() >= said[-1]
    assert [after.stamp(wall).at for wall in (20, 4999, 5001)] == [5001, 5002, 5003]
    assert after.stamp(0).id > said[-1].id


@pytest.mark.parametrize(
    ("walls", "told"),
    [
        pytest.param([5, 6, 9], [5, 6, 9], id="time goes on"),
        pytest.param([7, 7, 7], [7, 8, 9], id="much at once"),
        pytest.param([7, 7, 8, 9, 20], [7, 8, 9, 10, 20], id="and time goes on"),
        pytest.param([9, 5, 6, 20], [9, 10, 11, 20], id="a clock set back"),
        pytest.param([2, 3, 9], [5, 6, 9], id="set back before the start"),
        pytest.param(
            [9000, 10, 10, 11, 11, 9005],
            [9000, 9001, 9002, 9003, 9004, 9005],
            id="a clock set back by much",
        ),
    ],
)
def test_time_goes_on_slowly_rather_than_run_backwards(
    walls: list[int], told: list[int]
) -> None:
    order = Order(start=5)
    assert [order.stamp(wall).at for wall in walls] == told


def test_so_much_at_once_has_times_of_its_own_and_no_more() -> None:
    order = Order(start=5)
    times = [order.stamp(5).at for _ in range(AHEAD + 3)]
    assert times[: AHEAD + 1] == list(range(5, 5 + AHEAD + 1))
    assert times[AHEAD:] == [5 + AHEAD] * 3


@settings(deadline=None)
@given(WALLS, st.lists(st.integers(-10_000_000, 10_000_000), min_size=1))
def test_what_happens_in_one_turn_is_told_apart_whatever_the_clock_does(
    start: int, steps: list[int]
) -> None:
    order, wall, times = Order(start), start, []
    for step in steps:
        # A clock that is set back goes on afterwards.
        wall += step
        for turn in range(3):
            times += [order.stamp(wall + 50 * turn).at for _ in range(50)]
    assert times == sorted(set(times))


@settings(deadline=None)
@given(WALLS, st.lists(st.integers(-1500, 1500), min_size=2))
def test_what_happens_later_is_never_told_to_be_earlier(
    start: int, steps: list[int]
) -> None:
    order, wall, before = Order(start), start, 0
    for step in steps:
        wall += step
        stamped = order.stamp(wall)
        assert stamped.at >= before
        assert stamped.at >= wall
        before = stamped.at


@settings(deadline=None)
@given(WALLS, st.lists(WALLS, min_size=2))
def test_what_happens_later_has_a_later_place(start: int, walls: list[int]) -> None:
    order = Order(start)
    ids = [order.stamp(wall).id for wall in walls]
    assert ids == sorted(set(ids))


BREATHS = st.tuples(st.integers(-1500, 1500), st.integers(1, 3000))


@settings(deadline=None)
@given(WALLS, st.lists(BREATHS, min_size=1, max_size=5))
def test_several_places_are_those_that_one_after_the_other_would_be(
    start: int, breaths: list[tuple[int, int]]
) -> None:
    one, other, wall = Order(start), Order(start), start
    for step, count in breaths:
        wall += step
        ids, times = one.stamps(wall, count)
        assert [*zip(ids, times, strict=True)] == [
            other.stamp(wall) for _ in range(count)
        ]
        assert one.reached() == other.reached()


@settings(deadline=None)
@given(WALLS, st.integers(1, 1000), st.integers(1, 10))
def test_a_later_start_begins_higher(start: int, stamps: int, pause: int) -> None:
    before = Order(start)
    ids = [before.stamp(start).id for _ in range(stamps)]
    assert Order(start + pause).stamp(start).id > max(ids)


@settings(deadline=None)
@given(WALLS)
def test_an_id_fits_into_64_bits_with_a_sign(start: int) -> None:
    assert Order(start).stamp(start).id < 2**63
