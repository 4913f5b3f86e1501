"""The keeper: what is written when, what waits, and who is told of it."""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from chat.domain.claims import TellTrouble
from chat.domain.order import START
from chat.domain.records import Act, Audited, Deed, KeptRoom, Line, Lines, Record
from chat.domain.state import Stamp
from chat.net.log import Log
from chat.server import backlog
from chat.server.archivist import Archivist
from chat.server.keeper import LAST_TRIES, PROBE, QUIET, SLICE, Keeper
from chat.server.logbook import Logbook
from chat.server.schedule import Schedule
from tests.fakes import FakeClock, FakeDisk, FakeOffload

FULL = "the disk is full"


def a_line(number: int, room: int = 7) -> Line:
    return Line(number, 1000 + number, room, Deed.SAY, "a!b@c", "hello")


class House:
    """A keeper, its disk, its log, and the turns in which it commits."""

    def __init__(self, log: Path) -> None:
        self.clock = FakeClock()
        self.disk = FakeDisk()
        self._file = log
        self.log_ = Log.at(log)
        self.schedule = Schedule(self.clock)
        logbook = Logbook(self.log_, self.schedule)
        offload = FakeOffload(lambda: None)
        archivist = Archivist(self.disk, offload, self.schedule, logbook)
        self.keeper = Keeper(self.disk, self.schedule, logbook, archivist)
        self.told: list[TellTrouble] = []
        self.keeper.tell = self.told.append

    def turn(self, *records: Record) -> None:
        """One turn, in which *records* come up."""
        self.schedule.begin_turn()
        for record in records:
            self.keeper.keep(record)
        self.schedule.run()
        self.keeper.commit()

    def wait(self, seconds: float) -> None:
        """Let *seconds* go by, with the turns that somebody has asked for."""
        end = self.clock.now().monotonic + seconds
        while True:
            left = end - self.clock.now().monotonic
            until = self.schedule.until_next()
            if until is None or until > left:
                break
            self.clock.advance(until)
            self.turn()
        self.clock.advance(left)
        self.turn()

    def log(self) -> list[str]:
        return [line.partition(" ")[2] for line in self._file.read_text().splitlines()]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "log")
    yield house
    os.close(house.log_._descriptor)


def a_breath(*numbers: int) -> Lines:
    """The same lines, said in one breath."""
    times = [1000 + number for number in numbers]
    return Lines(numbers, times, ["hello"] * len(numbers), 7, "a!b@c", 0)


def lines(*numbers: int, room: int = 7) -> list[Record]:
    return [a_line(number, room) for number in numbers]


def test_what_happens_in_a_turn_is_one_transaction(house: House) -> None:
    house.turn(*lines(1, 2, 3))
    house.turn(*lines(4))
    assert (house.disk.tried, house.disk.written) == ([3, 1], lines(1, 2, 3, 4))


def test_a_turn_without_news_writes_nothing(house: House) -> None:
    house.turn()
    assert house.disk.tried == []


def test_what_cannot_be_written_is_written_later_once_and_in_order(
    house: House,
) -> None:
    house.disk.trouble = FULL
    house.turn(*lines(1, 2))
    house.turn(*lines(3))
    house.wait(60)
    house.turn(*lines(4))
    house.disk.trouble = ""
    house.wait(1)
    house.turn(*lines(5))
    assert house.disk.written == lines(1, 2, 3, 4, 5)


def test_at_first_each_turn_tries_again_and_then_each_second(house: House) -> None:
    house.disk.trouble = FULL
    house.turn(*lines(1))
    for _ in range(9):
        house.clock.advance(0.01)
        house.turn()
    assert len(house.disk.tried) == 10
    house.wait(0.01)
    tried = len(house.disk.tried)
    for _ in range(500):
        house.clock.advance(0.01)
        house.turn()
    assert len(house.disk.tried) - tried == 5


def test_a_try_costs_little_however_much_waits(house: House) -> None:
    house.disk.trouble = FULL
    house.turn(*lines(*range(5000)))
    house.wait(10)
    assert max(house.disk.tried[1:]) == PROBE


def test_what_has_piled_up_is_written_in_slices(house: House) -> None:
    house.disk.trouble = FULL
    house.turn(*lines(*range(2500)))
    house.wait(5)
    del house.disk.tried[:]
    house.disk.trouble = ""
    house.wait(1)
    rest = 2500 - PROBE - 2 * SLICE
    assert house.disk.tried == [PROBE, SLICE, SLICE, rest]
    assert house.disk.written == lines(*range(2500))


def test_what_is_said_meanwhile_comes_after_what_waits(house: House) -> None:
    house.disk.trouble = FULL
    house.turn(*lines(*range(PROBE)))
    house.disk.trouble = ""
    house.turn(*lines(*range(PROBE, 200)))
    assert house.disk.written == lines(*range(PROBE))
    assert house.schedule.until_next() == 0.0
    house.turn(a_line(200))
    assert house.disk.written == lines(*range(201))


def test_what_is_short_is_told_to_nobody(house: House) -> None:
    house.disk.trouble = "it is locked"
    house.turn(*lines(1))
    house.wait(0.05)
    house.disk.trouble = ""
    house.wait(1)
    assert (house.disk.written, house.told, house.log()) == (lines(1), [], [])


def test_what_lasts_is_told_once_and_so_is_its_end(house: House) -> None:
    house.disk.trouble = FULL
    house.turn(*lines(1), *lines(2, room=0))
    house.wait(30)
    assert house.told == [TellTrouble(()), TellTrouble((0, 7))]
    house.turn(*lines(3, room=9), *lines(4))
    assert house.told[2:] == [TellTrouble((9,))]
    house.disk.trouble = ""
    house.wait(10)
    assert house.told[3:] == [
        TellTrouble((), is_over=True),
        TellTrouble((7, 0, 9), is_over=True),
    ]
    assert house.log() == [
        f"the store keeps nothing just now: {FULL}",
        "after 30 s the store keeps records again",
    ]


def test_what_comes_and_goes_is_told_once_a_minute(house: House) -> None:
    for _ in range(10):
        house.disk.trouble = FULL
        house.turn(*lines(1))
        house.wait(3)
        house.disk.trouble = ""
        house.wait(3)
    begins = [each for each in house.told if not each.is_over]
    assert begins == [TellTrouble(()), TellTrouble((7,))]
    assert len(house.log()) == 2
    house.disk.trouble = FULL
    house.turn(*lines(2))
    house.wait(QUIET)
    assert len(house.log()) == 3


def test_each_room_is_told_how_much_it_lost(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "RECORDS", 3)
    house.disk.trouble = FULL
    house.turn(*lines(1, 2, 3, 4, 5), *lines(6, room=8))
    house.turn(*lines(7, room=9))
    house.wait(5)
    del house.told[:]
    house.disk.trouble = ""
    house.wait(1)
    assert house.told == [
        TellTrouble((), is_over=True, lost=4),
        TellTrouble((7,), is_over=True, lost=2),
        TellTrouble((8, 9), is_over=True, lost=1),
    ]
    assert house.log()[-1] == "after 5 s the store keeps records again, but 4 are lost"
    assert house.keeper.statistics()["lost"] == 4
    marks = [each for each in house.disk.written if isinstance(each, Line)][3:]
    assert [(each.id, each.deed, each.room, each.text) for each in marks] == [
        (4, Deed.GAP, 7, "2"),
        (6, Deed.GAP, 8, "1"),
        (7, Deed.GAP, 9, "1"),
    ]


def test_a_loss_is_told_however_short_it_was(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "RECORDS", 2)
    house.disk.trouble = FULL
    house.turn(*lines(1, 2, 3), *lines(4, room=8))
    house.disk.trouble = ""
    house.turn()
    assert house.told == [
        TellTrouble((), is_over=True, lost=2),
        TellTrouble((7, 8), is_over=True, lost=1),
    ]


def test_rooms_are_not_told_of_what_is_only_catching_up(house: House) -> None:
    house.disk.trouble = FULL
    house.turn(*lines(*range(2000)))
    house.wait(2)
    del house.told[:]
    house.disk.trouble = ""
    house.clock.advance(1)
    house.turn()
    house.turn(*lines(3000, room=9))
    house.wait(1)
    assert house.told == [
        TellTrouble((), is_over=True),
        TellTrouble((7,), is_over=True),
    ]


def test_what_ends_too_early_begins_again(house: House) -> None:
    house.disk.trouble = FULL
    house.turn(*lines(*range(200)))
    house.wait(2)
    house.disk.trouble = ""
    house.clock.advance(1)
    house.turn()
    house.disk.trouble = FULL
    house.wait(5)
    assert house.disk.written == lines(*range(PROBE))
    house.disk.trouble = ""
    house.wait(2)
    assert house.disk.written == lines(*range(200))
    assert len(house.log()) == 2


def test_a_fault_costs_only_what_shows_it(house: House) -> None:
    house.disk.poison = a_line(3)
    house.turn(*lines(1, 2, 3, 4, 5))
    assert house.disk.written == lines(1, 2, 4, 5)
    assert house.log()[0].startswith("FAULT ZeroDivisionError")
    assert house.log()[0].endswith("for 'Line'")
    assert house.keeper.statistics()["lost"] == 1


def test_a_fault_in_a_breath_costs_only_the_line_that_shows_it(house: House) -> None:
    house.disk.poison = a_line(3)
    house.turn(a_line(1), a_breath(2, 3, 4), a_line(5))
    assert house.disk.written == lines(1, 2, 4, 5)
    assert house.keeper.statistics()["lost"] == 1


def test_it_counts(house: House) -> None:
    house.turn(a_line(1), a_breath(2, 3, 4))
    house.disk.trouble = FULL
    house.turn(Audited(3, 0, Act.FAILED, "bob"), KeptRoom(7, "#a", "#a", {}))
    assert house.keeper.statistics() == {
        "written": 4,
        "waiting": 2,
        "lost": 0,
        "longest_commit_us": 0,
        "log_bytes": 0,
        "checkpoints": 0,
    }


# The end.


def test_at_the_end_everything_is_written_and_the_store_closed(house: House) -> None:
    house.disk.trouble = FULL
    house.turn(*lines(*range(2000)))
    house.wait(3)
    house.disk.trouble = ""
    house.keeper.keep(a_line(2000))
    house.keeper.close()
    assert house.disk.written == lines(*range(2001))
    assert house.disk.is_closed


def test_a_house_that_closes_waits_a_little_for_its_disk(house: House) -> None:
    assert not house.keeper.is_behind()
    house.disk.trouble = FULL
    house.turn(*lines(1))
    house.keeper.leave()
    assert house.keeper.is_behind()
    house.wait(LAST_TRIES - 1)
    assert house.keeper.is_behind()
    house.wait(1)
    assert not house.keeper.is_behind()
    house.keeper.close()
    assert house.log()[-1] == f"records that were never written: 1 ({FULL})"
    assert house.disk.is_closed


def test_a_bug_in_telling_people_stops_nothing(house: House) -> None:
    def tell(_trouble: TellTrouble) -> None:
        raise ZeroDivisionError

    house.keeper.tell = tell
    house.disk.trouble = FULL
    house.turn(*lines(1))
    house.wait(10)
    house.disk.trouble = ""
    house.wait(10)
    assert house.disk.written == lines(1)
    assert house.keeper.statistics()["waiting"] == 0
    assert any(line.startswith("FAULT ZeroDivisionError") for line in house.log())


def test_how_far_the_order_has_come_is_kept_and_at_the_end_once_more(
    house: House,
) -> None:
    places = iter([Stamp(7, 70), Stamp(9, 90)])
    house.keeper.reached = lambda: next(places)
    house.turn(*lines(1))
    assert (house.disk.load().last_id, house.disk.load().last_at) == (7, 70)
    house.keeper.close()
    assert (house.disk.load().last_id, house.disk.load().last_at) == (9, 90)


def test_a_house_closes_though_that_cannot_be_written(house: House) -> None:
    house.turn(*lines(1))
    house.disk.trouble = FULL
    house.keeper.close()
    assert house.log() == [f"if the clock is set back, ids may be given again: {FULL}"]
    assert house.disk.is_closed


def test_a_line_for_which_there_is_no_place_is_told_of_and_the_others_are_kept(
    house: House,
) -> None:
    other = replace(a_line(2), text="something else")
    house.turn(a_line(1), a_line(2), other, a_line(3))
    assert house.disk.lines() == lines(1, 2, 3)
    assert house.keeper.statistics()["lost"] == 1
    (line,) = house.log()
    assert line.startswith("FAULT Taken: there is a line 2 already")


def test_all_is_written_down_but_while_something_waits(house: House) -> None:
    house.keeper.reached = lambda: Stamp(5, 1000)
    house.turn(a_line(5))
    assert house.keeper.durable() == sys.maxsize
    house.disk.trouble = FULL
    house.keeper.reached = lambda: Stamp(6, 1000)
    house.turn(a_line(6))
    assert house.keeper.durable() == 5
    house.disk.trouble = ""
    house.turn()
    assert house.keeper.durable() == sys.maxsize


def test_what_the_store_had_at_first_is_written_down(house: House) -> None:
    house.keeper.begin(4)
    house.disk.trouble = FULL
    house.turn(a_line(5))
    assert house.keeper.durable() == 4


def test_while_older_lines_wait_nothing_later_counts_as_written(house: House) -> None:
    house.keeper.begin(4)
    house.disk.trouble = FULL
    house.keeper.reached = lambda: Stamp(200, 1000)
    house.turn(*lines(*range(5, 201)))
    house.disk.trouble = ""
    house.turn()
    assert house.disk.written == lines(*range(5, 5 + PROBE))
    assert house.keeper.durable() == 4
    house.wait(1)
    assert house.keeper.durable() == sys.maxsize
    house.disk.trouble = FULL
    house.turn(a_line(201))
    assert house.keeper.durable() == 200


def test_half_of_a_turn_does_not_count_as_written(house: House) -> None:
    class Half(FakeDisk):
        """A disk that has room for the first half, which shows no fault."""

        def write(self, records: Sequence[Record], reached: Stamp = START) -> None:
            self.trouble = FULL if records == lines(7, 8) else ""
            super().write(records, reached)

    disk = Half()
    disk.poison = a_line(8)
    house.keeper._store = disk
    house.keeper.begin(4)
    house.keeper.reached = lambda: Stamp(8, 1000)
    house.turn(*lines(5, 6, 7, 8))
    assert disk.written == lines(5, 6)
    assert house.keeper.durable() == 4
