"""The schedule: one moment for everything in a turn."""

from chat.net.clock import Moment
from chat.server.schedule import Schedule
from tests.fakes import FakeClock, StoppedClock


def test_what_is_due_is_done_once_it_is() -> None:
    schedule, done = Schedule(StoppedClock(Moment(100.0, 0))), []
    schedule.later(5, lambda: done.append("five"))
    schedule.later(2, lambda: done.append("two"))
    assert schedule.until_next() == 2
    schedule.now = Moment(103.0, 0)
    schedule.run()
    assert done == ["two"]
    assert schedule.until_next() == 2
    schedule.now = Moment(110.0, 0)
    assert schedule.until_next() == 0
    schedule.run()
    assert done == ["two", "five"]
    assert schedule.until_next() is None


def test_the_date_may_be_changed_meanwhile() -> None:
    schedule, done = Schedule(StoppedClock(Moment(100.0, 5_000_000))), []
    schedule.later(5, lambda: done.append("five"))
    schedule.now = Moment(104.0, 5_000_000 + 3_600_000)
    schedule.run()
    assert done == []
    schedule.now = Moment(105.0, 5_000_000 - 3_600_000)
    schedule.run()
    assert done == ["five"]


def test_what_is_done_again_and_again_comes_back() -> None:
    schedule, done = Schedule(StoppedClock(Moment(100.0, 0))), []
    schedule.every(2, lambda: done.append("again"))
    for second in range(101, 107):
        schedule.now = Moment(float(second), 0)
        schedule.run()
    assert done == ["again"] * 3


def test_a_stopwatch_goes_on_when_the_turn_does_not() -> None:
    clock = FakeClock()
    schedule = Schedule(clock)
    elapsed = schedule.stopwatch()
    clock.advance(1.5)
    assert elapsed() == 1.5
