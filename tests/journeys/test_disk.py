"""Scenes with a disk: what is said is written first, and a full one stops nobody."""

from collections.abc import Sequence
from signal import SIGTERM

import pytest

from chat.domain.commands import Mark
from chat.domain.order import START
from chat.domain.records import Deed, Line, Record
from chat.domain.state import Stamp
from chat.net.log import Log
from chat.server import backlog
from tests.conftest import SetTable
from tests.fakes import FakeDisk
from tests.journeys.table import Person, Table

FULL = "the disk is full"
TROUBLE = "-- What is said here cannot be kept just now; it will be, once it can."


class WatchedDisk(FakeDisk):
    """A disk that looks at what somebody has read when something is written."""

    def __init__(self, reader: Person) -> None:
        super().__init__()
        self._reader = reader
        self.read: list[bytes] = []

    def write(self, records: Sequence[Record], reached: Stamp = START) -> None:
        super().write(records, reached)
        if records:
            self.read.append(self._reader.reads())


@pytest.fixture
def table(set_table: SetTable) -> Table:
    # With a log, as every server that is to survive its faults.
    return set_table(log=Log(-1))


def on(disk: FakeDisk, table: Table) -> FakeDisk:
    """Let the house at *table* stand on *disk* from now on."""
    table.server._keeper._store = disk
    return disk


def said(disk: FakeDisk) -> list[str]:
    """What people said, as it is on the disk."""
    lines = [each for each in disk.written if isinstance(each, Line)]
    return [each.text for each in lines if each.deed in (Deed.SAY, Deed.GAP)]


def test_nobody_reads_what_is_not_written(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    disk = WatchedDisk(bob)
    on(disk, table)
    alice.types("hello")
    assert (disk.read, said(disk)) == ([b""], ["hello"])
    assert bob.sees() == ["alice: hello"]


def test_people_go_on_talking_on_a_full_disk_and_all_of_it_is_kept(
    table: Table,
) -> None:
    alice, bob = table.seat("alice", "bob")
    disk = on(FakeDisk(), table)
    disk.trouble = FULL
    alice.types("hello")
    assert bob.sees() == ["alice: hello"]
    table.wait(2)
    assert bob.sees() == [TROUBLE]
    alice.types("is anybody here?")
    assert bob.sees() == ["alice: is anybody here?"]
    assert said(disk) == []
    disk.trouble = ""
    table.wait(1)
    assert said(disk) == ["hello", "is anybody here?"]
    assert bob.sees() == ["-- What is said here is kept again; nothing is lost."]
    alice.ignores_the_rest()


def test_a_lock_of_a_moment_is_nobodys_business(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    disk = on(FakeDisk(), table)
    disk.trouble = "another process is writing to it"
    alice.types("hello")
    disk.trouble = ""
    table.wait(2)
    assert bob.sees() == ["alice: hello"]
    assert said(disk) == ["hello"]


def test_what_was_too_much_is_marked(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "RECORDS", 2)
    alice, bob = table.seat("alice", "bob")
    disk = on(FakeDisk(), table)
    disk.trouble = FULL
    alice.types("one", "two", "three", "four")
    bob.reads()
    disk.trouble = ""
    table.wait(2)
    alice.types("five")
    assert said(disk) == ["one", "two", "2", "five"]
    assert bob.sees() == [
        "-- What is said here is kept again; 2 lines could not be kept.",
        "alice: five",
    ]
    alice.ignores_the_rest()


def test_who_runs_the_house_reads_of_it_once(table: Table) -> None:
    (olga,) = table.seat_irc("olga")
    table.server._exchange._hub._state.users["olga"].marks[Mark.OPERATOR] = None
    disk = on(FakeDisk(), table)
    disk.trouble = FULL
    olga.types("PRIVMSG #lobby :hello")
    table.wait(2)
    told = [line for line in olga.sees() if "kept" in line]
    assert len(told) == 2
    disk.trouble = ""
    table.wait(2)
    told = [line for line in olga.sees() if "kept" in line]
    assert len(told) == 2


class SlowDisk(FakeDisk):
    """A disk that takes nothing until it has been asked a few times."""

    def __init__(self, tries: int) -> None:
        super().__init__()
        self._tries = tries

    def write(self, records: Sequence[Record], reached: Stamp = START) -> None:
        self.trouble = FULL if len(self.tried) < self._tries else ""
        super().write(records, reached)


def test_a_house_that_closes_waits_for_its_disk(table: Table) -> None:
    alice, bob = table.seat("alice", "bob")
    disk = on(SlowDisk(tries=20), table)
    alice.types("hello")
    assert bob.sees() == ["alice: hello"]
    assert said(disk) == []
    table.server.wakeup.ring(SIGTERM)
    table.server.run()
    assert said(disk) == ["hello"]
    alice.ignores_the_rest()
    bob.ignores_the_rest()
