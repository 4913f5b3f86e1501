"""Timers: what is due, in order, and nothing else.  Times are arguments."""

from collections.abc import Callable
from weakref import ref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.net.timers import Timers


class Diary:
    """What was done, in order."""

    def __init__(self) -> None:
        self.entries: list[str] = []

    def note(self, entry: str) -> Callable[[], None]:
        """An action that writes *entry*."""
        return lambda: self.entries.append(entry)

    def clear(self) -> None:
        """Begin anew."""
        self.entries.clear()


@pytest.fixture
def timers() -> Timers:
    return Timers()


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.mark.parametrize(
    ("now", "done"),
    [
        pytest.param(0.9, [], id="nothing is early"),
        pytest.param(1.0, ["one"], id="on the dot"),
        pytest.param(2.5, ["one", "two"], id="late, but in order"),
        pytest.param(9.0, ["one", "two", "three"], id="all of them"),
    ],
)
def test_what_is_due_is_done(
    timers: Timers, diary: Diary, now: float, done: list[str]
) -> None:
    timers.at(3.0, diary.note("three"))
    timers.at(1.0, diary.note("one"))
    timers.at(2.0, diary.note("two"))
    timers.run(now)
    assert diary.entries == done


def test_what_is_to_be_done_can_be_said_apart(timers: Timers, diary: Diary) -> None:
    timers.at(1.0, diary.entries.insert, 0, "one")
    timers.at(2.0, diary.entries.insert, 0, "two").cancel()
    timers.run(3.0)
    assert diary.entries == ["one"]


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_a_timer_that_is_over_keeps_nothing_in_memory(
    timers: Timers, is_cancelled: bool
) -> None:
    diary = Diary()
    there = ref(diary)
    timer = timers.at(1.0, Diary.clear, diary)
    if is_cancelled:
        timer.cancel()
    else:
        timers.run(1.0)
    del diary
    assert (timer.action, there()) == (None, None)


def test_what_is_done_is_done_once(timers: Timers, diary: Diary) -> None:
    timers.at(1.0, diary.note("one"))
    timers.run(1.0)
    timers.run(2.0)
    assert diary.entries == ["one"]


def test_equal_deadlines_keep_the_order_of_arrival(
    timers: Timers, diary: Diary
) -> None:
    for entry in "abcde":
        timers.at(1.0, diary.note(entry))
    timers.run(1.0)
    assert diary.entries == ["a", "b", "c", "d", "e"]


@given(st.lists(st.integers(0, 5), max_size=30))
@settings(deadline=None, max_examples=50)
def test_any_deadlines_come_in_order(deadlines: list[int]) -> None:
    timers, diary = Timers(), Diary()
    for deadline in deadlines:
        timers.at(deadline, diary.note(str(deadline)))
    timers.run(5)
    assert diary.entries == [str(deadline) for deadline in sorted(deadlines)]


def test_a_cancelled_timer_is_never_done(timers: Timers, diary: Diary) -> None:
    timers.at(1.0, diary.note("one")).cancel()
    timers.run(2.0)
    assert diary.entries == []


def test_cancelling_again_or_too_late_does_nothing(
    timers: Timers, diary: Diary
) -> None:
    timer = timers.at(1.0, diary.note("one"))
    timers.run(1.0)
    timer.cancel()
    timer.cancel()
    timers.run(2.0)
    assert diary.entries == ["one"]


def test_an_action_can_cancel_another_that_is_due_with_it(
    timers: Timers, diary: Diary
) -> None:
    def cancel_the_second() -> None:
        second.cancel()

    timers.at(1.0, cancel_the_second)
    second = timers.at(1.0, diary.note("second"))
    timers.run(1.0)
    assert diary.entries == []


def test_what_an_action_schedules_for_now_waits_for_the_next_run(
    timers: Timers, diary: Diary
) -> None:
    def again() -> None:
        timers.at(1.0, diary.note("again"))

    timers.at(1.0, again)
    timers.run(1.0)
    assert diary.entries == []
    assert timers.until_next(1.0) == 0.0
    timers.run(1.0)
    assert diary.entries == ["again"]


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        pytest.param(0.0, 2.0, id="in a while"),
        pytest.param(2.0, 0.0, id="now"),
        pytest.param(7.0, 0.0, id="never less than nothing"),
    ],
)
def test_until_next_is_how_long_one_may_sleep(
    timers: Timers, diary: Diary, now: float, seconds: float
) -> None:
    timers.at(5.0, diary.note("later"))
    timers.at(2.0, diary.note("next"))
    assert timers.until_next(now) == seconds


def test_with_nothing_to_do_one_may_sleep_for_ever(timers: Timers) -> None:
    assert timers.until_next(0.0) is None


def test_nobody_wakes_for_what_was_cancelled(timers: Timers, diary: Diary) -> None:
    timers.at(1.0, diary.note("never")).cancel()
    assert timers.until_next(0.0) is None
    timers.at(4.0, diary.note("later"))
    timers.at(1.0, diary.note("never")).cancel()
    assert timers.until_next(0.0) == 4.0
