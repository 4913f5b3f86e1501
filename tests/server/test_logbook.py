"""The logbook: events and faults, and never too many of them."""

import os
import re
from collections.abc import Iterator

import pytest

from chat.net.clock import Moment
from chat.net.log import Level, Log
from chat.server.logbook import QUIET_SECONDS, SLOW_TURN, Logbook
from chat.server.schedule import Schedule
from tests.fakes import FakeClock, StoppedClock
from tests.server.test_session import a_session

BOB = a_session()


class Desk:
    """A logbook, and what has been written in it."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._reading, False)
        self.schedule = Schedule(StoppedClock(Moment(1000.0, 0)))
        self.log = Log(self._writing)
        self.logbook = Logbook(self.log, self.schedule)

    def reads(self) -> list[str]:
        """What was written since the last look, without its time."""
        try:
            text = os.read(self._reading, 1 << 16).decode()
        except BlockingIOError:
            return []
        return [line.partition(" ")[2] for line in text.splitlines()]

    def waits(self, seconds: float) -> None:
        now = self.schedule.now.monotonic + seconds
        self.schedule.now = Moment(now, round(now * 1000))

    def close(self) -> None:
        os.close(self._reading)
        os.close(self._writing)


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


def divide(desk: Desk, by: int = 0) -> None:
    try:
        _ = 1 / by
    except ZeroDivisionError as fault:
        desk.logbook.fault(BOB, fault)


def look_up(desk: Desk) -> None:
    try:
        _ = {"a": 1}["b"]
    except KeyError as fault:
        desk.logbook.fault(BOB, fault)


def test_an_event_is_a_line(desk: Desk) -> None:
    desk.logbook.note("the house is open")
    assert desk.reads() == ["the house is open"]


def test_who_left_is_told(desk: Desk) -> None:
    desk.logbook.obituary(BOB)
    assert [line.partition(" left ")[0] for line in desk.reads()] == [
        f"{BOB.connection.host} nobody (silent)"
    ]


def test_who_looked_after_the_house_is_no_news(desk: Desk) -> None:
    admin = a_session()
    admin.door = "admin"
    desk.logbook.obituary(admin)
    assert desk.reads() == []


def test_a_fault_is_told_with_its_place(desk: Desk) -> None:
    divide(desk)
    (line,) = desk.reads()
    assert re.fullmatch(
        r"FAULT ZeroDivisionError: division by zero at test_logbook.py:\d+ divide, for"
        r" <Session 3 silent .*>",
        line,
    )


def test_the_same_fault_is_told_once_a_minute_and_counted(desk: Desk) -> None:
    for _ in range(50):
        divide(desk)
    assert len(desk.reads()) == 1
    desk.waits(QUIET_SECONDS)
    divide(desk)
    (line,) = desk.reads()
    assert "division by zero (and 49 more) at test_logbook.py" in line
    assert desk.logbook.statistics() == {"faults": 51, "lines_dropped": 0}


def test_another_fault_is_told_at_once(desk: Desk) -> None:
    divide(desk)
    look_up(desk)
    assert [line.split(":")[0] for line in desk.reads()] == [
        "FAULT ZeroDivisionError",
        "FAULT KeyError",
    ]


def test_the_places_that_are_remembered_are_few(desk: Desk) -> None:
    for number in range(1000):
        code = "\n" * number + f"raise ValueError({number})"
        with pytest.raises(ValueError, match=str(number)) as raised:
            exec(code)  # noqa: S102 - each fault in a place of its own
        desk.logbook.fault(BOB, raised.value)
    assert len(desk.logbook._met) <= 100


def test_without_a_log_events_go_nowhere_and_faults_are_raised() -> None:
    logbook = Logbook(None, Schedule(StoppedClock(Moment(1000.0, 0))))
    logbook.note("nobody reads this")
    fault = ZeroDivisionError("a bug of ours")
    with pytest.raises(ZeroDivisionError):
        logbook.fault(BOB, fault)
    assert logbook.statistics() == {"faults": 0, "lines_dropped": 0}


def test_what_people_said_is_not_told_with_a_fault(desk: Desk) -> None:
    with pytest.raises(UnicodeDecodeError) as raised:
        b"my secret is swordfish \xff".decode()
    desk.logbook.fault(BOB, raised.value)
    (line,) = desk.reads()
    assert line.startswith("FAULT UnicodeDecodeError at test_logbook.py:")
    assert "swordfish" not in line


def test_a_flood_of_events_leaves_room_for_a_fault(desk: Desk) -> None:
    for _ in range(1000):
        desk.logbook.note("somebody has come and gone again, as often as they can")
    desk.reads()
    divide(desk)
    assert len(desk.reads()) == 1


def test_a_fault_that_could_not_be_told_is_told_the_next_time(desk: Desk) -> None:
    for _ in range(1000):
        desk.logbook.note("what an operator has asked for", Level.ERROR)
    desk.reads()
    divide(desk)
    assert desk.reads() == []
    desk.waits(1)
    divide(desk)
    (line,) = desk.reads()
    assert "(and 1 more)" in line


def test_what_is_nobodys_in_particular_stops_nothing(desk: Desk) -> None:
    done: list[str] = []

    def fails() -> None:
        done.append("tried")
        raise ZeroDivisionError

    desk.logbook.watched(fails)()
    desk.logbook.watched(lambda: done.append("done"))()
    assert done == ["tried", "done"]
    assert desk.logbook.faults == 1
    assert "FAULT ZeroDivisionError" in desk.reads()[0]


def test_a_slow_turn_is_told_of_and_the_longest_remembered(desk: Desk) -> None:
    clock = FakeClock()
    schedule = Schedule(clock)
    logbook = Logbook(Log(desk._writing), schedule)
    for milliseconds in (SLOW_TURN + 1, SLOW_TURN - 1):
        schedule.begin_turn()
        clock.advance(milliseconds / 1000)
        logbook.end_turn()
    assert desk.reads() == ["a turn took 51 ms"]
    assert logbook.turns() == {"turns": 2, "longest_turn_ms": 51}


def test_who_comes_is_told_where_all_is_wanted(desk: Desk) -> None:
    desk.logbook.arrival(BOB)
    assert desk.reads() == []
    desk.log.level = Level.DEBUG
    desk.logbook.arrival(BOB)
    assert [line.endswith("has come") for line in desk.reads()] == [True]


def test_who_comes_is_told_to_nobody_where_there_is_no_log() -> None:
    Logbook(None, Schedule(FakeClock())).arrival(BOB)
