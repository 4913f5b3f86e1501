"""Where what was said is: nobody notices that some of it is filed later."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.domain.extracts import Scope, Seek
from chat.domain.ports import Taken, Trouble
from chat.domain.questions import Page, Point, Search
from chat.domain.records import (
    Deed,
    ForgottenAccount,
    KeptAccount,
    KeptRoom,
    Line,
    Lines,
)
from chat.domain.state import Stamp
from chat.store import places
from chat.store.backup import backup
from chat.store.database import Database
from chat.store.places import FEW, MANY
from chat.store.reader import Reader

EVER = 10**9
ROOM = Scope("#ops", room=1)
ALL = Page(most=10**6, has_events=True)
OPS = KeptRoom(1, "#ops", "#ops", {})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path)) as opened:
        yield opened


def said(first: int, count: int = FEW, room: int = 1, account: int = 0) -> list[Line]:
    """Many lines of one turn."""
    ids = range(first, first + count)
    return [
        Line(n, n, room, Deed.SAY, "a!b@c", f"tea {n}", account=account) for n in ids
    ]


def filed(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as other:
        return [number for (number,) in other.execute("SELECT id FROM places")]


def is_right(path: Path) -> bool:
    """Whether each message that should be filed is, and nothing else."""
    with closing(sqlite3.connect(path)) as other:
        return not places.faults(other)


def ids(store: Database, scope: Scope = ROOM) -> list[int]:
    return [line.id for line in store.page(scope, ALL, EVER).lines]


def test_a_few_lines_are_filed_at_once(store: Database) -> None:
    store.write(said(1, FEW - 1))
    assert filed(store.path) == [*range(1, FEW)]
    store.write(said(FEW, 1))
    assert filed(store.path) == [*range(1, FEW + 1)]


def test_many_wait_until_they_are_very_many(store: Database) -> None:
    turns = -(-MANY // FEW)
    for turn in range(turns):
        assert filed(store.path) == []
        store.write(said(turn * FEW + 1))
    assert filed(store.path) == [*range(1, turns * FEW + 1)]
    store.write(said(turns * FEW + 1))
    assert len(filed(store.path)) == turns * FEW
    # A few after them take them along.
    store.write(said(turns * FEW + FEW + 1, 1))
    assert len(filed(store.path)) == turns * FEW + FEW + 1
    assert is_right(store.path)


def test_places_grow_with_the_ids_of_a_turn(store: Database) -> None:
    breath = Lines([1, 2, 6], [1, 1, 1], ["a", "b", "c"], 1, "a!b@c", 0)
    store.write([*said(3, 2), breath, *said(5, 1, room=2)])
    found = store._connection.execute("SELECT id FROM messages ORDER BY place")
    assert [number for (number,) in found] == [1, 2, 3, 4, 5, 6]
    assert ids(store) == [1, 2, 3, 4, 6]


def test_very_many_at_once_do_not_wait(store: Database) -> None:
    store.write(said(1, MANY))
    assert len(filed(store.path)) == MANY


def test_whoever_asks_is_told_of_what_was_just_said(store: Database) -> None:
    number = 1
    alone = Scope("bob", account=7, peer=8)

    def more() -> int:
        nonlocal number
        store.write([replace(each, peer=8) for each in said(number, account=7)])
        store.write(said(number + FEW))
        number += 2 * FEW
        assert filed(store.path)[-1:] != [number - 1]
        return number - 1

    last = more()
    assert store.last(ROOM, EVER) == Point(last, last)
    last = more()
    assert ids(store)[-1] == last
    last = more()
    assert store.tally(ROOM, Point(id=last - 3), EVER, 9, "bob").lines == 3
    last = more()
    (found,) = store.conversations(7, EVER)
    assert (found.peer, found.id) == (8, last - FEW)
    last = more()
    assert ids(store, alone)[-1] == last - FEW
    assert is_right(store.path)


def test_who_searches_finds_what_waits(store: Database) -> None:
    seek = Seek((ROOM,), 0, Search("tea", most=10**6))
    store.write(said(1, 2, room=2))
    store.write(said(3))
    for _ in range(2):
        found = store.seek(seek, EVER, lambda: False)()
        assert [line.id for _, line in found.found] == [*range(3, FEW + 3)]
        assert filed(store.path) == [1, 2]
    store.write(said(FEW + 3))
    later = store.seek(replace(seek, scopes=(replace(ROOM, floor=70),)), EVER, bool)()
    assert [line.id for _, line in later.found] == [*range(70, 2 * FEW + 3)]
    assert filed(store.path) == [1, 2]


def test_an_export_has_what_waits(store: Database) -> None:
    joined = Line(100, 100, 1, Deed.JOIN, "a!b@c", "")
    store.write([OPS, *said(1, 3), joined])
    store.write([*said(200), *said(300, room=2), replace(joined, id=400, at=400)])
    with closing(Reader(store.path.parent)) as reader:
        found = [told.line.id for told in reader.lines("#ops")]
        assert found == [1, 2, 3, 100, *range(200, 200 + FEW), 400]
        late = [told.line.id for told in reader.lines("#ops", since=250)]
        assert late == [*range(250, 200 + FEW), 400]
        assert reader.counts().lines == 5 + 2 * FEW
        assert reader.integrity() == []
    assert filed(store.path) == [1, 2, 3, 100]


def test_a_crash_changes_nothing(store: Database, tmp_path: Path) -> None:
    store.write(said(1, 10))
    store.write(said(11))
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for each in tmp_path.glob("chat.db*"):
        shutil.copy(each, crashed)
    with closing(Database(crashed)) as again:
        assert filed(again.path) == [*range(1, FEW + 11)]
        again.write(said(FEW + 11))
        assert ids(again) == [*range(1, 2 * FEW + 11)]
    assert is_right(crashed / "chat.db")


def test_what_waits_at_the_end_is_filed(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as store:
        store.write(said(1))
        path = store.path
    assert len(filed(path)) == FEW


def test_what_cannot_be_filed_is_trouble_for_who_asks(store: Database) -> None:
    store.write(said(1))
    store._connection.execute("PRAGMA query_only = ON")
    for _ in range(2):
        with pytest.raises(Trouble, match="it cannot be written to"):
            store.page(ROOM, ALL, EVER)
        # What is not found by its place is told all the same.
        assert store.delivered(1, "phone") is None
    store._connection.execute("PRAGMA query_only = OFF")
    assert ids(store) == [*range(1, FEW + 1)]
    # Where nothing waits nothing has to be written, whatever has failed before.
    store._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(Trouble, match="it cannot be written to"):
        store.write(said(1000))
    assert ids(store) == [*range(1, FEW + 1)]


def test_what_cannot_be_filed_at_the_end_is_at_the_next_beginning(
    tmp_path: Path,
) -> None:
    store = Database(tmp_path)
    store.write(said(1))
    store._connection.execute("PRAGMA query_only = ON")
    store.close()
    assert filed(store.path) == []
    Database(tmp_path).close()
    assert len(filed(store.path)) == FEW


def test_a_turn_that_fails_waits_for_nothing(store: Database) -> None:
    store.write(said(1))
    for count in FEW, MANY, 1:
        turn = said(FEW + 1, count)
        with pytest.raises(UnicodeEncodeError):
            store.write([*turn, KeptRoom(5, "#\ud800", "#x", {})])
        assert filed(store.path) == []
    store.write(said(FEW + 1))
    assert ids(store) == [*range(1, 2 * FEW + 1)]
    assert is_right(store.path)


def test_a_turn_may_be_tried_again_though_it_was_written(store: Database) -> None:
    turn = said(1)
    deeds = [replace(said(900)[0], id=900 + deed.value, deed=deed) for deed in Deed]
    for more in [], said(FEW + 1), said(2 * FEW + 1, 1), deeds:
        store.write([*turn, *more])
        turn += more
        store.write(turn)
    with pytest.raises(Taken, match="there is a line 9 already"):
        store.write([*turn, *said(1000), replace(turn[8], text="forged")])
    assert ids(store) == [line.id for line in turn]
    assert is_right(store.path)


def test_what_is_written_late_is_where_it_belongs(store: Database) -> None:
    """The backlog is written when the order has come much further."""
    store.write(said(1), Stamp(1000, 1000))
    store.write(said(200), Stamp(1000, 1000))
    store.write(said(101), Stamp(1000, 1000))
    store.write([*said(101), *said(180, 2), *said(1001)])
    first = [*range(1, FEW + 1), *range(101, 101 + FEW), 180, 181]
    assert ids(store) == [*first, *range(200, 200 + FEW), *range(1001, 1001 + FEW)]
    with pytest.raises(Taken, match="there is a line 180 already"):
        store.write([replace(said(180)[0], text="forged")])
    assert is_right(store.path)


def test_one_happening_in_many_rooms_is_no_line_twice(store: Database) -> None:
    left = [Line(5, 5, room, Deed.DEPART, "a!b@c", "bye") for room in range(100)]
    store.write([*left, left[7]])
    for room in 0, 7, 99:
        assert ids(store, Scope("#x", room=room)) == [5]
    with pytest.raises(Taken, match="there is a line 6 already"):
        store.write([replace(left[1], id=6), replace(left[1], id=6, text="ciao")])


def test_what_is_deleted_is_filed_no_longer(store: Database) -> None:
    store.write([*said(1, 5), *said(6, 5, room=2), *said(11)])
    assert store.trim_oldest(3) == 2
    store.write(said(100))
    assert store.trim_history(1, 10) == 3
    store.write(said(200))
    assert store.trim_surplus(FEW + 1) == (2 * FEW - 1, True)
    left = [99 + FEW, *range(200, 200 + FEW), *range(6, 11)]
    assert filed(store.path) == left
    store.write(said(300, account=7))
    store.write([*said(400), ForgottenAccount(7, words=True)])
    store.trim_words(7)
    assert ids(store)[-FEW:] == [*range(400, 400 + FEW)]
    assert len(ids(store)) == 2 * FEW + 1
    assert is_right(store.path)


def test_to_file_is_not_to_delete(store: Database) -> None:
    while store.index():
        pass
    store.write(said(1))
    while store.index():
        pass
    assert store.trim_oldest(0) == 0
    assert filed(store.path) == [*range(1, FEW + 1)]
    assert not store.is_stale()


def test_a_room_is_not_empty_because_its_lines_wait(store: Database) -> None:
    with closing(Reader(store.path.parent)) as reader:
        store.write([OPS, *said(2)])
        store.write([replace(OPS, is_sealed=True)])
        store.write([replace(OPS, id=500), *said(501, room=500)])
        store.write([*said(600, room=500), replace(OPS, id=500, is_sealed=True)])
        assert [room.id for room in reader.rooms()] == [1, 500]
        store.trim_oldest(EVER)
        assert reader.rooms() == []


def test_who_is_forgotten_is_in_no_backup_though_his_words_wait(
    store: Database, tmp_path: Path
) -> None:
    store.write([KeptAccount(7, "Eve", "eve", since=1, credential="scram")])
    store.write([*said(10, account=7), *said(100)])
    store.write([ForgottenAccount(7, words=True), *said(200, FEW, account=7)])
    copied = tmp_path / "copied"
    copied.mkdir()
    backup(store.path.parent, copied / "chat.db")
    assert is_right(copied / "chat.db")
    with closing(Database(copied)) as again:
        assert ids(again) == [*range(100, 100 + FEW)]


def test_if_two_were_one_the_others_would_still_be_found(store: Database) -> None:
    store.write(said(1))
    store._connection.execute("UPDATE messages SET id = 1 WHERE id = 2")
    assert ids(store) == [1, *range(3, FEW + 1)]
    with closing(Reader(store.path.parent)) as reader:
        assert reader.integrity() == ["1 messages are not where they are looked for"]


def test_nobody_goes_through_all_that_was_said(store: Database) -> None:
    store.write([OPS, *said(1, 500)])
    asked: list[str] = []
    store._connection.set_trace_callback(asked.append)
    store.write(said(400, 200))
    store.write([*said(700), replace(OPS, is_sealed=True)])
    store.write(said(900))
    ids(store)
    store.write(said(1100))
    store.trim_history(1, 50)
    store.trim_surplus(300)
    store.trim_oldest(60)
    store._connection.set_trace_callback(None)
    with closing(Reader(store.path.parent)) as reader:
        reader._connection.set_trace_callback(asked.append)
        assert len([*reader.lines("#ops")]) > 300
    plans = [
        str(row[3])
        for each in dict.fromkeys(asked)
        # The first of all, wherever they are.
        if each != "SELECT place, room, at FROM messages ORDER BY place LIMIT 400"
        for row in store._connection.execute(f"EXPLAIN QUERY PLAN {each}")
    ]
    assert len(plans) > 100
    scans = {plan for plan in plans if plan.startswith("SCAN")}
    assert not [plan for plan in scans if "messages" in plan or "places" in plan]


@pytest.mark.parametrize(
    ("damage", "wrong"),
    [
        ("DELETE FROM places WHERE id < 4", 3),
        ("DELETE FROM places", FEW - 1),
        ("INSERT INTO places VALUES (1, 1, 5, 5), (2, 0, 99, 99)", 2),
        ("UPDATE places SET place = 6 - place WHERE place < 6", 4),
        ("UPDATE places SET room = 2 WHERE place = 7", 1),
    ],
)
def test_what_is_not_where_it_belongs_is_a_fault(
    store: Database, damage: str, wrong: int
) -> None:
    store.write(said(1, FEW - 1))
    store.write(said(FEW))
    store._connection.execute(damage)
    with closing(Reader(store.path.parent)) as reader:
        (fault,) = reader.integrity()
    assert fault == f"{wrong} messages are not where they are looked for"


class House:
    """A database of rooms, and what should be in it."""

    def __init__(self, folder: Path, chance: Random) -> None:
        self.folder = folder
        self.chance = chance
        self.store = Database(folder)
        self.lines: list[Line] = []
        self.last: list[Line] = []
        self.id = 0
        self.crashes = 0

    def writes(self) -> None:
        self.last = [self._line() for _ in range(self.chance.randint(0, 9))]
        self.store.write(self.last, Stamp(self.id, 0))
        self.lines += self.last

    def writes_late(self) -> None:
        known = {(line.room, line.id) for line in self.lines}
        room = self.chance.randint(1, 3)
        free = [n for n in range(1, self.id) if (room, n) not in known]
        late = [self._line(n, room) for n in free[: self.chance.randint(0, 9)]]
        self.store.write([*late, *self.last])
        self.lines += late

    def fails(self) -> None:
        lines = [self._line(self.id + n) for n in range(1, self.chance.randint(2, 9))]
        with pytest.raises(UnicodeEncodeError):
            self.store.write([*lines, KeptRoom(9, "#\ud800", "", {})])

    def trims(self) -> None:
        room, before = self.chance.randint(1, 3), self.chance.randint(0, self.id)
        self.store.trim_history(room, before, 10**6)
        self.lines = [
            line for line in self.lines if line.room != room or line.id >= before
        ]
        self.last = [line for line in self.last if line in self.lines]

    def crashes_and_begins_again(self) -> None:
        self.crashes += 1
        crashed = self.folder / f"{self.crashes}"
        crashed.mkdir()
        for each in self.store.path.parent.glob("chat.db*"):
            shutil.copy(each, crashed)
        self.store.close()
        self.store = Database(crashed)

    def asks(self) -> None:
        room = self.chance.randint(1, 3)
        lines = sorted(
            (line for line in self.lines if line.room == room), key=lambda each: each.id
        )
        scope = Scope("#x", room=room)
        assert self.store.page(scope, ALL, EVER).lines == lines
        half = lines[len(lines) // 2 :]
        late = replace(scope, floor=half[0].id if half else 0)
        assert self.store.page(late, ALL, EVER).lines == half

    def _line(self, number: int = 0, room: int = 0) -> Line:
        if not number:
            self.id += self.chance.choice((1, 1, 2))
        return Line(
            number or self.id,
            0,
            room or self.chance.randint(1, 3),
            self.chance.choice((Deed.SAY, Deed.SAY, Deed.JOIN)),
            "a!b@c",
            "tea",
        )


Step: TypeAlias = Callable[[House], None]
STEPS: Final[tuple[Step, ...]] = (
    House.writes,
    House.writes,
    House.writes_late,
    House.fails,
    House.trims,
    House.crashes_and_begins_again,
    House.asks,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(STEPS), max_size=25), st.randoms())
def test_whatever_happens_all_of_it_is_told(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step], chance: Random
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(places, "FEW", 3)
        patched.setattr(places, "MANY", 20)
        house = House(tmp_path_factory.mktemp("house"), chance)
        for step in steps:
            step(house)
            assert is_right(house.store.path)
        for _ in range(3):
            house.asks()
        house.store.close()
        assert len(filed(house.store.path)) == len(house.lines)
