"""What has been kept long enough goes, a slice at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from chat.domain.records import Act, Audited, Deed, ForgottenAccount, KeptRoom, Line
from chat.store import retention
from chat.store.database import Database
from chat.store.reader import Reader


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path)) as opened:
        yield opened


@pytest.fixture
def reader(store: Database, tmp_path: Path) -> Iterator[Reader]:
    assert store.path.parent == tmp_path
    with closing(Reader(tmp_path)) as opened:
        yield opened


def line(number: int, account: int = 0, room: int = 1, peer: int = 0) -> Line:
    text = f"words {number}"
    return Line(
        number, number, room, Deed.SAY, "a!b@c", text, account=account, peer=peer
    )


def there(reader: Reader) -> list[int]:
    return [told.line.id for told in reader.lines()]


def test_what_was_audited_goes_when_it_is_old(store: Database, reader: Reader) -> None:
    store.write([Audited(n, n * 10, Act.KICKED, "alice") for n in range(1, 11)])
    assert store.trim_audit(65, most=4) == 4
    assert store.trim_audit(65, most=4) == 2
    assert store.trim_audit(65, most=4) == 0
    assert [each.id for each in reader.audit()] == [7, 8, 9, 10]


def test_a_slice_can_end_between_the_deeds_of_one_command(
    store: Database, reader: Reader
) -> None:
    store.write([Audited(1, 10, act, "alice") for act in (Act.KICKED, Act.KILLED)])
    assert store.trim_audit(65, most=1) == 1
    assert [each.act for each in reader.audit()] == [Act.KILLED]


def test_what_was_audited_while_the_clock_ran_ahead_stops_nothing(
    store: Database, reader: Reader
) -> None:
    store.write([Audited(n, 9999, Act.FAILED, "eve") for n in range(1, 5)])
    store.write([Audited(n, n, Act.FAILED, "eve") for n in range(5, 10)])
    assert store.trim_audit(9, most=3) == 3
    assert store.trim_audit(9, most=3) == 1
    assert [each.id for each in reader.audit()] == [1, 2, 3, 4, 9]


def test_history_goes_room_by_room(store: Database, reader: Reader) -> None:
    store.write([line(n, room=n % 2) for n in range(1, 21)])
    assert store.trim_history(1, 10, most=3) == 3
    assert there(reader)[:4] == [2, 4, 6, 7]
    assert store.trim_history(1, 10, most=3) == 2
    assert store.trim_history(1, 10, most=3) == 0
    assert there(reader) == [2, 4, 6, 8, 10, *range(11, 21)]


def test_a_sealed_room_goes_with_the_last_of_its_history(
    store: Database, reader: Reader
) -> None:
    store.write([line(n) for n in range(1, 5)])
    store.write([KeptRoom(1, "#ops", "#ops", {}, is_sealed=True)])
    store.write([KeptRoom(2, "#tea", "#tea", {})])
    left = []
    for _ in range(2):
        store.trim_history(1, 10, most=2)
        store.trim_history(2, 10, most=2)
        left.append([room.name for room in reader.rooms()])
    assert left == [["#ops", "#tea"], ["#tea"]]


def test_what_is_oldest_goes_wherever_it_was(store: Database, reader: Reader) -> None:
    store.write([line(n, room=n % 3, account=5) for n in range(1, 11)])
    store.write([line(11, account=5, peer=6, room=0), line(12, 5, 0, 7), line(13)])
    store.write([KeptRoom(2, "#ops", "#ops", {}, is_sealed=True)])
    assert store.trim_oldest(6, most=3) == 3
    assert there(reader) == [*range(4, 11), 13]
    assert store.trim_oldest(6, most=3) == 2
    assert store.trim_oldest(6, most=3) == 0
    assert store.trim_oldest(12, most=100) == 6
    # Nobody can tell any more that the two have talked.
    assert reader.counts().conversations == 1
    assert reader.rooms() == []
    assert there(reader) == [13]
    store.write([line(14, account=5, peer=6, room=0)])
    assert reader.counts().conversations == 2


def surplus(store: Database, lines: int, most: int = 100) -> list[int]:
    """How many each slice deletes."""
    deleted = []
    has_more = True
    while has_more:
        count, has_more = store.trim_surplus(lines, most)
        deleted.append(count)
    return deleted


def test_what_is_more_than_a_room_may_hold_goes(
    store: Database, reader: Reader
) -> None:
    in_ops = [line(n, room=1) for n in range(1, 11)]
    store.write([*in_ops, *(line(n, room=2) for n in range(11, 14))])
    joined = replace(line(14, room=1), deed=Deed.JOIN)
    alone = [line(n, account=5, peer=6, room=0) for n in range(20, 30)]
    store.write([joined, *alone])
    assert surplus(store, lines=4, most=5) == [5, 1, 5, 2, 0]
    assert there(reader) == [8, 9, 10, 11, 12, 13, 14]
    assert reader.counts().lines == 11
    assert surplus(store, lines=4) == [0]
    assert surplus(store, lines=3) == [1, 1, 0]
    assert there(reader) == [9, 10, 11, 12, 13, 14]


def test_counting_goes_on_in_the_next_slice(
    store: Database, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_COUNTED", 10)
    store.write([line(n, room=1) for n in range(1, 36)])
    store.write([line(n, room=2) for n in range(41, 51)])
    assert store.trim_surplus(25) == (0, True)
    # What is said meanwhile is not counted.
    store.write([line(51, room=1)])
    assert surplus(store, 25) == [0, 10, 0, 0, 0]
    assert there(reader) == [*range(11, 36), *range(41, 52)]
    assert sum(surplus(store, 25)) == 1


def test_another_number_of_lines_is_counted_anew(
    store: Database, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_COUNTED", 10)
    store.write([line(n, room=1) for n in range(1, 36)])
    assert store.trim_surplus(25) == (0, True)
    surplus(store, 5)
    assert there(reader) == [*range(31, 36)]


def test_the_file_gets_shorter(store: Database) -> None:
    store.write([line(n) for n in range(1, 40_000)])
    store.finish()
    before, used = store.path.stat().st_size, store.used_bytes()
    assert used == before
    assert not store.give_back()
    while store.trim_oldest(39_000, most=5000):
        pass
    slices = 0
    while store.give_back(100):
        slices += 1
    assert slices == 3
    store.finish()
    assert store.path.stat().st_size < before / 2
    assert store.used_bytes() < before / 10


def test_what_is_free_at_the_end_is_given_back(tmp_path: Path) -> None:
    store = Database(tmp_path)
    store.write([line(n) for n in range(1, 3_000)])
    while store.trim_oldest(10**9):
        pass
    assert not store.give_back()
    free = store.used_bytes()
    store.close()
    assert store.path.stat().st_size <= free
    with closing(sqlite3.connect(store.path)) as other:
        assert other.execute("PRAGMA freelist_count").fetchone() == (0,)
        assert other.execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_words_are_gone_at_once_and_deleted_later(
    store: Database, reader: Reader
) -> None:
    store.write([line(n, account=7 + n % 2) for n in range(1, 21)])
    store.write([line(n, account=8, peer=7, room=0) for n in range(30, 33)])
    store.write([line(n, account=8, peer=9, room=0) for n in range(40, 43)])
    store.write([ForgottenAccount(7, words=True)])
    assert there(reader) == list(range(1, 21, 2))
    assert reader.counts().lines == 26
    assert store.forgetting() == [7]
    deleted = []
    while store.forgetting():
        deleted.append(store.trim_words(7, most=4))
    # What was looked through is done with when a slice was not full.
    assert deleted == [4, 4, 4, 1, 0]
    assert there(reader) == list(range(1, 21, 2))
    counts = reader.counts()
    assert (counts.lines, counts.conversations, counts.forgetting) == (13, 1, 0)


def test_only_so_many_rows_are_looked_at(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_LOOKED_AT", 10)
    store.write([line(n, account=7 if n == 25 else 8) for n in range(1, 31)])
    store.write([ForgottenAccount(7, words=True)])
    assert [store.trim_words(7) for _ in range(4)] == [0, 0, 1, 0]
    assert store.forgetting() == []


def test_who_is_not_being_forgotten_loses_nothing(
    store: Database, reader: Reader
) -> None:
    store.write([line(1, account=7)])
    assert store.trim_words(7) == 0
    assert there(reader) == [1]


def test_two_who_talked_with_one_another_begin_again_after_one_is_gone(
    store: Database, reader: Reader
) -> None:
    store.write([line(1, account=7, peer=8, room=0)])
    store.write([line(2, account=8, peer=9, room=0)])
    store.write([ForgottenAccount(7, words=True)])
    while store.forgetting():
        store.trim_words(7)
    store.write([line(3, account=9, peer=8, room=0), line(4, 10, 0, 8)])
    counts = reader.counts()
    assert (counts.lines, counts.conversations) == (3, 2)


def test_whoever_else_talks_costs_nothing(store: Database) -> None:
    store.write([line(n, account=7) for n in range(1, 40)])
    store.write([ForgottenAccount(7, words=True)])
    asked: list[str] = []
    store._connection.set_trace_callback(asked.append)
    while store.forgetting():
        store.trim_words(7)
    store._connection.set_trace_callback(None)
    asked.append("SELECT * FROM readable")
    plans = [
        str(store._connection.execute(f"EXPLAIN QUERY PLAN {each}").fetchall())
        # What is deleted is taken out of `places`, which counts as asking again.
        for each in dict.fromkeys(asked)
        if "conversations" in each or "readable" in each
    ]
    assert len(plans) == 4
    assert [plan for plan in plans if "SCAN conversations" in plan] == []


def test_what_is_forgotten_is_gone_from_the_file(store: Database) -> None:
    store.write([line(n, account=7) for n in range(1, 500)])
    store.write([ForgottenAccount(7, words=True)])
    while store.forgetting():
        store.trim_words(7)
    store.close()
    assert b"words" not in store.path.read_bytes()
