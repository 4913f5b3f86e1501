"""Under which number is kept what two accounts say to one another."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chat.domain.records import Deed, KeptRoom, Line
from chat.store import conversations, files
from chat.store.database import Database


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path)) as opened:
        yield opened


def whisper(number: int, account: int, peer: int, deed: Deed = Deed.SAY) -> Line:
    return Line(number, 1, 0, deed, "a!b@c", "psst", account=account, peer=peer)


def asked(store: Database, sql: str) -> list[tuple[int, ...]]:
    with closing(files.connect(store.path, "ro")) as connection:
        return connection.execute(sql).fetchall()


def test_conversations_have_ids_that_no_room_has(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversations, "_REMEMBERED", 2)
    pairs = [(7, 8), (8, 7), (7, 9), (9, 8), (7, 7), (8, 7)]
    for number, (account, peer) in enumerate(pairs, start=1):
        store.write([whisper(number, account, peer)])
    found = asked(store, "SELECT room FROM messages ORDER BY place")
    assert [room for (room,) in found] == [-1, -1, -2, -3, -4, -1]


def test_one_that_was_not_written_is_not_remembered(store: Database) -> None:
    said = [whisper(1, 7, 8)]
    with pytest.raises(UnicodeEncodeError):
        store.write([*said, KeptRoom(5, "#\ud800", "#x", {})])
    store.write([whisper(2, 9, 8)])
    last = "SELECT a, b, last FROM conversations ORDER BY id DESC"
    assert asked(store, last) == [(8, 9, 2)]
    store.write(said)
    assert asked(store, last) == [(8, 9, 2), (7, 8, 1)]


def test_what_was_said_last_is_known_of_each(store: Database) -> None:
    last = "SELECT a, b, last FROM conversations ORDER BY id DESC"
    sign = whisper(4, 8, 7, Deed.TAGS)
    store.write([whisper(1, 7, 8), whisper(2, 9, 8), whisper(3, 8, 7), sign])
    assert asked(store, last) == [(7, 8, 3), (8, 9, 2)]
    # Written again, as after a failure: it never goes back.
    store.write([whisper(1, 7, 8), whisper(5, 8, 9)])
    assert asked(store, last) == [(7, 8, 3), (8, 9, 5)]
