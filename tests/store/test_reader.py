"""What is kept, for an operator who asks, while a server writes."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chat.domain import remembered
from chat.domain.commands import Setting
from chat.domain.ports import Trouble
from chat.domain.records import (
    Act,
    Audited,
    Deed,
    ForgottenAccount,
    KeptAccount,
    KeptLink,
    KeptRoom,
    Line,
)
from chat.domain.state import Room
from chat.domain.views import Mask
from chat.store import files, schema
from chat.store.database import Database
from chat.store.reader import Counts, Reader, Told

OPS = KeptRoom(100, "#Ops", "#ops", {"topic": None})
LINE = Line(200, 1000, 100, Deed.SAY, "a!b@c", "hi", account=7, tags="+x=y")
ALICE = KeptAccount(7, "Alice", "alice", since=1, credential="scram")
DEED = Audited(300, 1000, Act.KICKED, "alice", "bob", "192.0.2.1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path)) as opened:
        yield opened


@pytest.fixture
def reader(store: Database, tmp_path: Path) -> Iterator[Reader]:
    assert store.path.parent == tmp_path
    with closing(Reader(tmp_path)) as opened:
        yield opened


def told(reader: Reader, room: str | None = None, since: int = 0) -> list[str]:
    return [f"{each.room} {each.line.id}" for each in reader.lines(room, since)]


def test_a_line_comes_with_the_name_of_its_room(
    store: Database, reader: Reader
) -> None:
    store.write([OPS, LINE])
    assert list(reader.lines()) == [Told("#Ops", LINE)]


def test_all_rooms_are_in_the_order_of_time(store: Database, reader: Reader) -> None:
    store.write([OPS, LINE, replace(LINE, id=201, room=0), replace(LINE, id=202)])
    assert told(reader) == ["#Ops 200", "#lobby 201", "#Ops 202"]


def test_a_room_goes_by_any_spelling(store: Database, reader: Reader) -> None:
    store.write([OPS, LINE, replace(LINE, id=201, room=0)])
    assert told(reader, "#OPS") == ["#Ops 200"]
    assert told(reader, "#Lobby") == ["#lobby 201"]
    assert told(reader, "#nothing") == []


def test_the_lobby_is_called_as_it_is_set(store: Database, tmp_path: Path) -> None:
    store.write([replace(LINE, room=0)])
    with closing(Reader(tmp_path, lobby="#Café")) as reader:
        assert told(reader, "#café") == ["#Café 200"]


def test_a_room_that_was_not_kept_has_no_name(store: Database, reader: Reader) -> None:
    store.write([LINE])
    assert told(reader) == [" 200"]


def test_a_name_may_have_been_that_of_two_rooms(
    store: Database, reader: Reader
) -> None:
    later = replace(OPS, id=400, name="#ops")
    store.write([OPS, LINE, replace(OPS, is_sealed=True), later])
    store.write([replace(LINE, id=401, room=400)])
    assert told(reader, "#ops") == ["#Ops 200", "#ops 401"]
    assert [room.is_sealed for room in reader.rooms()] == [True, False]


@pytest.mark.parametrize("room", [None, "#ops"])
def test_many_lines_come_page_by_page(
    store: Database, reader: Reader, room: str | None
) -> None:
    lines = [replace(LINE, id=n, at=n) for n in range(1, 2501)]
    store.write([OPS, *lines])
    found = reader.lines(room)
    first = next(found)
    # Whoever reads slowly does not keep the log from beginning again.
    frames, moved = store.checkpoints.checkpoint()
    assert frames == moved
    assert [first.line, *(each.line for each in found)] == lines
    assert told(reader, room, since=2499) == ["#Ops 2499", "#Ops 2500"]


def test_what_two_say_alone_is_not_shown(store: Database, reader: Reader) -> None:
    store.write([OPS, replace(LINE, room=0, peer=8)])
    assert told(reader) == told(reader, "#lobby") == []
    assert reader.counts().conversations == 1


def test_what_is_being_forgotten_is_not_shown(store: Database, reader: Reader) -> None:
    store.write([OPS, LINE, ForgottenAccount(7, words=True)])
    assert told(reader) == told(reader, "#ops") == []


def a_room(*, is_sealed: bool = False, bans: str = "", **changed: Any) -> KeptRoom:
    room = Room(100, 1, "#ops", "#ops", **changed)
    if bans:
        room.masks[Setting.BAN][bans] = Mask(bans, "bob", 1)
    return replace(remembered.room(room), is_sealed=is_sealed)


@pytest.mark.parametrize(
    ("room", "floor"),
    [
        pytest.param(a_room(), 0, id="open"),
        pytest.param(a_room(opened=201), 201, id="opened"),
        pytest.param(a_room(key="tea"), None, id="keyed"),
        *(
            pytest.param(a_room(settings={setting: None}), None, id=setting.name)
            for setting in (Setting.INVITE_ONLY, Setting.OFF_RECORD, Setting.SECRET)
        ),
        pytest.param(a_room(is_sealed=True), None, id="no more"),
        pytest.param(a_room(bans="*!*@*"), None, id="nobody may enter"),
    ],
)
def test_anybody_reads_what_a_stranger_could(
    store: Database, reader: Reader, room: KeptRoom, floor: int | None
) -> None:
    store.write([room, *(replace(LINE, id=number) for number in range(200, 203))])
    lobby = remembered.room(Room(0, 1, "#lobby", "#lobby"))
    store.write([lobby, replace(LINE, id=300, room=0), replace(LINE, room=0, peer=8)])
    floors = reader.floors()
    assert floors == {0: 0} | ({} if floor is None else {100: floor})
    found = [each.line.id for each in reader.lines(floors=floors)]
    begin = 203 if floor is None else max(floor, 200)
    assert found == [*range(begin, 203), 300]
    of_ops = [each.line.id for each in reader.lines("#ops", floors=floors)]
    assert of_ops == [*range(begin, 203)]
    everything = [each.line.id for each in reader.lines()]
    assert everything == [*range(200, 203), 300]


def test_a_room_that_makes_no_sense_is_told_of(store: Database, reader: Reader) -> None:
    store.write([OPS])
    with pytest.raises(files.Damaged, match="a row of it makes no sense"):
        reader.floors()


def test_what_was_taken_back_is_not_shown(store: Database, reader: Reader) -> None:
    store.write([OPS, LINE, replace(LINE, id=201)])
    store._connection.execute("UPDATE messages SET redacted_by = 9 WHERE id = 200")
    assert told(reader) == told(reader, "#ops") == ["#Ops 201"]


def test_what_was_audited_comes_page_by_page(store: Database, reader: Reader) -> None:
    # Twos of one id, so that a page can end between them.
    deeds = [
        replace(DEED, id=1 + n // 2, at=n, about=f"{n % 2}") for n in range(1, 2502)
    ]
    store.write(deeds)
    assert list(reader.audit()) == deeds
    assert list(reader.audit(since=2500)) == deeds[-2:]


def test_it_counts(store: Database, reader: Reader) -> None:
    link = KeptLink(30, 100, "abc", "Alice", until=999, uses=-1)
    gone = replace(OPS, id=101, is_sealed=True)
    store.write([OPS, gone, LINE, replace(LINE, room=101), ALICE, link, DEED])
    counts = reader.counts()
    assert counts == Counts(2, 0, 1, 1, 1, 1, 1, 0, last_id=300, bytes=counts.bytes)
    size = store.path.stat().st_size
    assert counts.bytes > size > 0
    assert reader.accounts() == [ALICE]
    assert reader.schema() == (schema.newest(), schema.newest())
    assert reader.integrity() == []


def test_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"chat\.db does not exist"):
        Reader(tmp_path)


def test_it_says_what_is_damaged(tmp_path: Path) -> None:
    (tmp_path / files.NAME).write_bytes(b"x" * 8192)
    with closing(Reader(tmp_path)) as reader:
        assert reader.integrity() == ["file is not a database"]
        with pytest.raises(Trouble, match=r"chat\.db: it is damaged"):
            reader.counts()


def test_it_says_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / files.NAME).mkdir()
    with pytest.raises(Trouble, match=r"chat\.db: the disk fails"):
        Reader(tmp_path)


def test_it_cannot_write(store: Database, reader: Reader) -> None:
    store.write([OPS])
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._connection.execute("DELETE FROM rooms")


def test_it_hides_what_it_leaves_behind(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as store:
        store.write([OPS])
    before = os.umask(0)
    try:
        with closing(Reader(tmp_path)) as reader:
            assert reader.rooms() == [OPS]
    finally:
        os.umask(before)
    assert {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {0o600}
    with closing(Database(tmp_path)) as store:
        assert store.load().rooms == (OPS,)
