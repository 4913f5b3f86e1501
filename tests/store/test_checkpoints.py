"""What was committed moves from the log to the database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from chat.domain.ports import Trouble
from chat.domain.records import Deed, Line
from chat.store import files
from chat.store.database import Database


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path)) as opened:
        yield opened


def say(store: Database, first: int, count: int = 100) -> None:
    line = "x" * 100
    ids = range(first, first + count)
    store.write([Line(each, each, 1, Deed.SAY, "a!b@c", line) for each in ids])


def rows_in_the_file_alone(store: Database) -> int:
    """What would be there if the log were lost."""
    uri = f"file:{store.path}?immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        found: int = connection.execute("SELECT count(*) FROM messages").fetchone()[0]
        return found


def test_everything_moves_when_nobody_writes(store: Database) -> None:
    say(store, 1)
    assert rows_in_the_file_alone(store) == 0
    frames, moved = store.checkpoints.checkpoint()
    assert frames == moved > 0
    assert rows_in_the_file_alone(store) == 100


def test_it_is_done_by_a_helper(store: Database) -> None:
    say(store, 1)
    helper = Thread(target=store.checkpoints.checkpoint)
    helper.start()
    helper.join()
    assert rows_in_the_file_alone(store) == 100


def test_the_log_begins_again_and_is_cut_off(store: Database) -> None:
    for turn in range(20):
        say(store, 1 + turn * 100)
    long = store.log_bytes()
    store.checkpoints.checkpoint()
    say(store, 10_001)
    assert store.log_bytes() < long / 2


def test_the_last_frames_are_moved_between_two_commits(store: Database) -> None:
    say(store, 1, count=2000)
    long = store.log_bytes()
    store.checkpoints.checkpoint()
    # A commit has come in between, as one always does in a busy house.
    say(store, 5000, count=1)
    assert store.log_bytes() < long
    say(store, 5001, count=1)
    frames, moved = store.finish()
    assert frames == moved
    say(store, 5002, count=1)
    assert store.log_bytes() < 10 * 4200


def test_a_log_can_be_used_again_and_be_cut_off_later(store: Database) -> None:
    say(store, 1, count=2000)
    long = store.log_bytes()
    store.reuse_log()
    store.finish()
    say(store, 5000, count=1)
    assert store.log_bytes() == long
    assert rows_in_the_file_alone(store) == 2000
    store.cut_log()
    store.finish()
    say(store, 5001, count=1)
    assert store.log_bytes() < 10 * 4200
    with closing(files.connect(store.path, "ro")) as other:
        assert other.execute("SELECT count(*) FROM messages").fetchone() == (2002,)


def test_how_much_was_committed_is_known_roughly(store: Database) -> None:
    begin, long = store.committed, store.log_bytes()
    for turn in range(100):
        say(store, 1 + turn * 100, count=1 + turn // 2)
    committed, written = store.committed - begin, store.log_bytes() - long
    assert written / 3 < committed < written * 3
    begin = store.committed
    store.trim_oldest(2**62)
    assert store.committed > begin


@pytest.mark.parametrize("length", [60, 1000])
@pytest.mark.parametrize("rooms", [1, 30, 100])
def test_so_it_is_of_a_busy_house(store: Database, rooms: int, length: int) -> None:
    begin, long = store.committed, store.log_bytes()
    # As long as those of the order are.
    first = 2**60
    for turn in range(50):
        ids = range(first + turn * 400, first + turn * 400 + 400)
        store.write(
            [
                Line(n, n, first - n % rooms, Deed.SAY, "a!b@c", "x" * length)
                for n in ids
            ]
        )
    committed, written = store.committed - begin, store.log_bytes() - long
    assert written / 2 < committed < written * 2


def test_what_is_given_back_is_committed(store: Database) -> None:
    say(store, 20_000, count=10_000)
    while store.trim_oldest(2**62):
        pass
    begin = store.committed
    assert store.give_back(100)
    assert store.committed > begin


def test_a_house_that_gives_nothing_back_has_committed_nothing(store: Database) -> None:
    begin = store.committed
    assert not store.give_back(100)
    assert store.committed == begin


def test_it_moves_what_nobody_reads_any_more(store: Database) -> None:
    say(store, 1)
    with closing(files.connect(store.path, "ro")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM messages").fetchone()
        say(store, 1000)
        frames, moved = store.checkpoints.checkpoint()
        assert moved < frames
        say(store, 2000)
        assert reader.execute("SELECT count(*) FROM messages").fetchone() == (100,)
    frames, moved = store.finish()
    assert frames == moved


def test_trouble_is_told(store: Database) -> None:
    store.checkpoints.close()
    with pytest.raises(Trouble, match="closed"):
        store.checkpoints.checkpoint()
