"""Which part of a history somebody means, as ids."""

from itertools import count

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat.domain import pages
from chat.domain.pages import TIES, Read, Window
from chat.domain.ports import Extracted, Tally
from chat.domain.questions import Page, Point, Which
from chat.domain.records import Deed, Line

# Ids and times of a history: both only grow, and times may be equal.
HISTORY = [(10, 100), (12, 110), (13, 120), (15, 120), (20, 130), (21, 140)]
FLOOR, UNTIL = 0, 1000


def a_line(number: int, at: int) -> Line:
    return Line(number, at, 1, Deed.SAY, "a!b@c", "hi")


def first_of(history: list[tuple[int, int]], until: int = UNTIL) -> pages.First:
    return lambda at: next((number for number, when in history if when >= at), until)


def reader(history: list[tuple[int, int]]) -> Read:
    def read(window: Window) -> list[Line]:
        there = [
            a_line(*each) for each in history if window.low <= each[0] < window.high
        ]
        return (there[::-1] if window.is_back else there)[: window.most]

    return read


def collected(
    page: Page,
    history: list[tuple[int, int]] = HISTORY,
    floor: int = FLOOR,
    until: int = UNTIL,
) -> Extracted:
    first = first_of(history, until)
    return pages.collect(page, floor, until, first, reader(history))


def ids(page: Page, floor: int = FLOOR, until: int = UNTIL) -> list[int]:
    return [line.id for line in collected(page, floor=floor, until=until).lines]


def id_(number: int) -> Point:
    return Point(id=number)


def at(when: int) -> Point:
    return Point(at=when)


@pytest.mark.parametrize(
    ("which", "points", "expected"),
    [
        (Which.LATEST, (), [20, 21]),
        (Which.LATEST, (id_(20),), [21]),
        (Which.LATEST, (at(130),), [21]),
        (Which.LATEST, (id_(1),), [20, 21]),
        (Which.BEFORE, (id_(13),), [10, 12]),
        (Which.BEFORE, (at(120),), [10, 12]),
        (Which.BEFORE, (id_(14),), [12, 13]),
        (Which.BEFORE, (at(100),), []),
        (Which.AFTER, (id_(12),), [13, 15]),
        (Which.AFTER, (at(100),), [12, 13, 15]),
        (Which.AFTER, (at(105),), [12, 13, 15]),
        (Which.AFTER, (id_(21),), []),
        (Which.AROUND, (id_(12),), [10, 12]),
        (Which.AROUND, (id_(11),), [10, 12]),
        (Which.AROUND, (at(120),), [12, 13, 15]),
        (Which.AROUND, (id_(5000),), [21]),
        (Which.BETWEEN, (id_(10), id_(20)), [12, 13, 15]),
        (Which.BETWEEN, (id_(21), id_(10)), [13, 15, 20]),
        (Which.BETWEEN, (at(110), at(140)), [13, 15]),
        (Which.BETWEEN, (at(140), at(100)), [13, 15, 20]),
        (Which.BETWEEN, (id_(12), at(140)), [13, 15]),
        (Which.BETWEEN, (at(140), id_(12)), [13, 15, 20]),
        (Which.BETWEEN, (at(110), id_(20)), [13, 15]),
        (Which.BETWEEN, (id_(20), at(100)), [13, 15]),
        (Which.BETWEEN, (id_(12), id_(13)), []),
        (Which.BETWEEN, (id_(13), id_(12)), []),
        (Which.BETWEEN, (id_(12), id_(12)), []),
        (Which.BETWEEN, (at(120), at(120)), []),
        (Which.BETWEEN, (id_(13), at(120)), []),
    ],
)
def test_a_page_of_two(
    which: Which, points: tuple[Point, ...], expected: list[int]
) -> None:
    assert ids(Page(which, points, 2)) == expected


def test_one_line_around_a_point_comes_with_all_of_its_time() -> None:
    assert ids(Page(Which.AROUND, (id_(15),), 1)) == [13, 15]
    assert ids(Page(Which.AROUND, (id_(12),), 1)) == [12]
    assert ids(Page(Which.AROUND, (id_(999),), 1)) == []


def test_nothing_is_before_the_floor_or_from_the_end_on() -> None:
    for which in (Which.LATEST, Which.BETWEEN, Which.AROUND, Which.AFTER):
        points = {Which.LATEST: (), Which.BETWEEN: (id_(1), id_(999))}.get(
            which, (id_(1),)
        )
        assert set(ids(Page(which, points, 100), floor=12, until=20)) <= {12, 13, 15}
    assert ids(Page(Which.BEFORE, (id_(999),)), floor=12, until=20) == [12, 13, 15]
    assert ids(Page(Which.AROUND, (id_(999),)), floor=12, until=20) == [12, 13, 15]


@pytest.mark.parametrize(
    ("page", "is_end"),
    [
        (Page(most=6), True),
        (Page(most=5), False),
        (Page(most=7), True),
        (Page(Which.BEFORE, (id_(15),), 3), True),
        (Page(Which.AFTER, (id_(15),), 1), False),
        (Page(Which.AFTER, (id_(15),), 2), True),
        # Longer than was asked for, and so all of it.
        (Page(Which.BETWEEN, (id_(12), id_(20)), 1), True),
        (Page(Which.AROUND, (id_(13),), 10), True),
        (Page(Which.AROUND, (id_(13),), 3), False),
        (Page(Which.AROUND, (id_(12),), 1), False),
        (Page(most=0), False),
        (Page(most=-5), False),
    ],
)
def test_it_is_told_whether_there_is_more(page: Page, is_end: bool) -> None:
    assert collected(page).is_end is is_end


def test_what_has_one_time_stays_together_if_it_is_not_too_much() -> None:
    many = [(number, 7) for number in range(1, TIES + 20)]
    found, is_end = collected(Page(most=10), many)
    assert len(found) == TIES + 10
    assert not is_end
    found, is_end = collected(Page(Which.AFTER, (id_(5),), 10), many)
    assert [line.id for line in found] == list(range(6, TIES + 16))
    assert not is_end
    found, is_end = collected(Page(Which.AFTER, (id_(5),), 15), many)
    assert is_end


def test_what_has_the_time_of_the_point_stays_with_it() -> None:
    assert ids(Page(Which.AROUND, (id_(15),), 1)) == [13, 15]
    assert ids(Page(Which.AROUND, (id_(13),), 1)) == [13, 15]


def test_a_page_without_the_points_it_needs_is_a_fault() -> None:
    with pytest.raises(ValueError, match="BETWEEN with 1 points"):
        collected(Page(Which.BETWEEN, (id_(1),)))


# Any history: steps of ids and of times, some of them none.
histories = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 2)), min_size=1, max_size=40
).map(
    lambda steps: [
        (sum(a for a, _ in steps[:n]), 100 + sum(b for _, b in steps[:n]))
        for n in range(1, len(steps) + 1)
    ]
)


@given(histories, st.integers(1, 7), st.lists(st.booleans(), min_size=1))
@example([(1, 100), (2, 100), (3, 100)], 1, [True])
def test_pages_one_after_the_other_are_the_whole(
    history: list[tuple[int, int]], most: int, measures: list[bool]
) -> None:
    """Forwards and backwards, by ids and times in any mixture."""
    whole = [number for number, _ in history]
    for which, start in ((Which.AFTER, id_(1)), (Which.BEFORE, at(10_000))):
        seen: list[int] = []
        point = Point(at=1) if which is Which.AFTER else start
        for turn in count():
            lines, is_end = collected(Page(which, (point,), most), history)
            numbers = [line.id for line in lines]
            seen = seen + numbers if which is Which.AFTER else numbers + seen
            if is_end:
                break
            far = lines[-1] if which is Which.AFTER else lines[0]
            point = id_(far.id) if measures[turn % len(measures)] else at(far.at)
        assert seen == whole


@pytest.mark.parametrize(
    ("when", "found"), [(0, 10), (101, 12), (120, 12), (121, 15), (150, 30)]
)
def test_a_time_is_that_of_the_first_line_at_or_after_it(when: int, found: int) -> None:
    history = [(10, 100), (12, 120), (13, 120), (15, 130)]

    def probe(number: int) -> Point | None:
        return next((Point(*each) for each in history if each[0] >= number), None)

    assert pages.find(when, 10, 30, probe) == found


@given(histories, st.integers(0, 130), st.integers(0, 120), st.integers(0, 130))
def test_a_time_is_found_among_the_ids(
    history: list[tuple[int, int]], when: int, low: int, high: int
) -> None:
    asked: list[int] = []

    def probe(number: int) -> Point | None:
        asked.append(number)
        return next((Point(*each) for each in history if each[0] >= number), None)

    there = [number for number, at in history if low <= number < high and at >= when]
    assert pages.find(when, low, high, probe) == min(there, default=high)
    assert len(asked) <= 8


@pytest.mark.parametrize(
    ("nick", "text", "is_named"),
    [
        ("bob", "bob: tea?", True),
        ("Bob", "ask BOB!", True),
        ("bob", "bobby is not bob_, nor -bob", False),
        ("bob", "bobby asked bob", True),
        ("bob", "", False),
        ("Ärne", "hallo ärne", True),
        ("", "hello", False),
        ("[x]", "who is [x]?", True),
    ],
)
def test_whom_a_text_names(nick: str, text: str, is_named: bool) -> None:
    assert pages.is_named(nick, text) is is_named


def test_what_is_new_is_what_others_said() -> None:
    said = [(1, 7, "bob?"), (2, 8, "yes, bob"), (3, 0, "a guest")]
    assert pages.counted(said, 7, "bob", is_least=False) == Tally(2, 1, 2, False)
    assert pages.counted(said, 0, "bob", is_least=True) == Tally(3, 2, 1, True)
    assert pages.counted([], 7, "bob", is_least=False) == Tally(0, 0, 0, False)
