"""The index: made from the database, and as good as new whatever happens to it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from chat.domain.extracts import Scope, Seek
from chat.domain.ports import Found, Trouble
from chat.domain.questions import Search
from chat.domain.records import Deed, ForgottenAccount, KeptAccount, Line, Record
from chat.store import index as subject
from chat.store.backup import backup, restore
from chat.store.database import Database
from chat.store.retention import SPARE

WORD = "xyzzy"
ALICE = KeptAccount(7, "Alice", "alice", 0, "scram...")
LINE = Line(10, 10, 0, Deed.SAY, "alice!a@host", f"the {WORD} tea", account=7)


class House:
    """A database that is opened and closed, and its index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / subject.NAME
        self.database = Database(folder)

    def says(self, *records: Record) -> None:
        self.database.write(records)

    def finds(self, text: str = WORD) -> list[int]:
        found = self.seeks(text)
        assert not found.is_cut
        return [line.id for _, line in found.found]

    def seeks(self, text: str = WORD) -> Found:
        sought = Seek((Scope("#lobby"),), 0, Search(text))
        return self.database.seek(sought, 10**9, lambda: False)()

    def works(self) -> int:
        """Do all that is to be done; in how many slices."""
        count = 0
        while self.database.index():
            count += 1
            assert count < 1000, "there is no end to it"
        return count

    def restarts(self) -> None:
        self.database.close()
        self.database = Database(self.folder)

    def bytes(self) -> bytes:
        """What is on disk of the index, its log included."""
        return b"".join(
            each.read_bytes() for each in sorted(self.folder.glob(f"{subject.NAME}*"))
        )

    def tell(self, question: str) -> list[tuple[int, ...]]:
        with closing(sqlite3.connect(self.path)) as other:
            return other.execute(question).fetchall()

    def close(self) -> None:
        self.database.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with closing(House(tmp_path)) as house:
        yield house


def many(count: int, first: int = 100) -> list[Line]:
    lines = range(first, first + count)
    return [replace(LINE, id=n, at=n, text=f"tea {n}", account=8) for n in lines]


def test_nothing_is_opened_before_something_is_asked(house: House) -> None:
    house.says(LINE)
    assert not house.path.exists()
    assert house.database.is_stale()
    assert house.finds() == [10]
    assert house.path.stat().st_mode & 0o777 == 0o600


def test_who_searches_is_told_what_was_just_said_though_it_is_behind(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "SLICE", 10)
    house.says(*many(10 * subject.CAUGHT_UP - 1))
    found = house.seeks("tea")
    assert (found.is_cut, len(found.found)) == (False, 10 * subject.CAUGHT_UP - 1)


def test_what_is_new_is_taken_in_slice_by_slice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "SLICE", 10)
    monkeypatch.setattr(subject, "CAUGHT_UP", 1)
    house.says(*many(25), replace(LINE, deed=Deed.JOIN, id=1000))
    found = house.seeks("tea")
    assert (found.is_cut, len(found.found)) == (True, 10)
    assert house.database.is_stale()
    assert house.works() > 0
    assert not house.database.is_stale()
    assert len(house.finds("tea")) == 25
    house.says(LINE)
    assert house.database.is_stale()
    assert house.finds() == [10]


def test_it_goes_on_where_it_was(house: House) -> None:
    house.says(LINE)
    house.works()
    first = house.path.stat().st_ino
    house.restarts()
    house.says(*many(3))
    assert house.finds() == [10]
    assert house.finds("tea") == [10, 100, 101, 102]
    assert house.path.stat().st_ino == first


def test_what_is_deleted_goes_from_the_file(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "SWEPT", 10)
    monkeypatch.setattr(subject, "PRESSED", 1)
    house.says(ALICE, LINE, *many(50))
    house.works()
    assert WORD.encode() in house.bytes()
    house.says(ForgottenAccount(ALICE.id, words=True))
    assert house.finds() == []
    assert house.works() > 6
    house.database.close()
    assert WORD.encode() not in house.bytes()
    assert house.tell("SELECT count(*) FROM entries") == [(50,)]
    house.database = Database(house.folder)
    assert len(house.finds("tea")) == 50


def test_what_is_only_old_is_pressed_out_when_it_is_worth_it(house: House) -> None:
    house.says(*many(100))
    house.works()
    house.database.trim_history(0, 102)
    assert house.works() == 2
    assert house.tell("SELECT deleted FROM made") == [(2,)]
    house.database.trim_history(0, 102)
    assert not house.database.is_stale()
    house.database.trim_history(0, 110)
    assert house.works() > 2
    assert house.tell("SELECT deleted, pressing FROM made") == [(0, 0)]
    assert len(house.finds("tea")) == 90


def test_what_was_deleted_while_nobody_looked_goes_after_a_start(house: House) -> None:
    house.says(ALICE, LINE, *many(50))
    house.works()
    house.says(ForgottenAccount(ALICE.id, words=True))
    house.restarts()
    house.works()
    house.database.close()
    assert WORD.encode() not in house.bytes()
    house.database = Database(house.folder)


def test_what_was_taken_back_is_found_no_more(house: House) -> None:
    house.says(LINE, replace(LINE, id=11))
    assert house.finds() == [10, 11]
    house.database._connection.execute("UPDATE messages SET redacted_by = 5")
    assert house.finds() == []


def test_it_may_be_deleted_at_any_time(house: House) -> None:
    house.says(LINE)
    house.works()
    house.database.close()
    house.path.unlink()
    house.database = Database(house.folder)
    assert house.finds() == [10]


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE made SET identity = 'of another house'",
        "UPDATE made SET reached = 99",
        "UPDATE entries SET at = 5",
        "PRAGMA user_version = 0",
        "DROP TABLE made",
    ],
)
def test_one_that_does_not_fit_is_made_anew(house: House, spoil: str) -> None:
    house.says(LINE)
    house.works()
    house.database.close()
    with closing(sqlite3.connect(house.path)) as other:
        other.execute(spoil)
        other.commit()
    house.database = Database(house.folder)
    assert house.finds() == [10]
    house.works()
    assert house.tell("SELECT reached, at FROM made, entries") == [(1, 10)]


@pytest.mark.parametrize("size", [0, 10, 5000])
def test_one_that_is_no_database_is_made_anew(house: House, size: int) -> None:
    house.says(LINE)
    house.database.close()
    house.path.write_bytes(b"x" * size)
    house.database = Database(house.folder)
    assert house.finds() == [10]


def spoil(house: House) -> None:
    """Let a part of it make no sense, so that who reads it finds out."""
    with closing(sqlite3.connect(house.path)) as other:
        other.execute("DELETE FROM words_data")
        other.commit()


def test_one_that_is_found_damaged_is_made_anew_once(house: House) -> None:
    house.says(LINE)
    house.works()
    for is_mended in (True, False):
        spoil(house)
        with pytest.raises(Trouble, match=r"search\.db: it is damaged"):
            house.seeks()
        assert house.database.is_stale()
        if is_mended:
            assert house.finds() == [10]
    with pytest.raises(Trouble):
        house.seeks()


def test_nobody_else_is_held_up(house: House) -> None:
    house.says(LINE, *many(10))
    house.works()
    assert house.finds() == [10]
    frames, moved = house.database.finish()
    assert frames == moved


def test_one_that_cannot_be_written_tells_what_it_has(house: House) -> None:
    house.says(LINE)
    house.works()
    with closing(sqlite3.connect(house.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        house.says(*many(2))
        with pytest.raises(Trouble, match="another process is writing to it"):
            house.database.index()
        found = house.seeks("tea")
        assert (found.is_cut, len(found.found)) == (True, 1)
    assert len(house.finds("tea")) == 3


def test_where_it_cannot_be_made_nothing_is_found(house: House) -> None:
    house.says(LINE)
    house.path.mkdir()
    with pytest.raises(Trouble):
        house.seeks()
    with pytest.raises(Trouble):
        house.database.index()
    house.path.rmdir()
    assert house.finds() == [10]


def test_a_backup_that_is_restored_has_an_index_of_its_own(house: House) -> None:
    house.says(LINE)
    copy = house.folder / "copy"
    backup(house.folder, copy)
    house.says(replace(LINE, id=11))
    assert house.finds() == [10, 11]
    house.database.close()
    restore(house.folder, copy)
    assert not house.path.exists()
    house.database = Database(house.folder)
    assert house.finds() == [10]


@pytest.mark.parametrize("others", [[], [replace(LINE, at=9), replace(LINE, id=11)]])
def test_an_older_database_that_somebody_put_there_has_another_index(
    house: House, others: list[Line]
) -> None:
    older = house.folder / "older"
    backup(house.folder, older)
    house.says(LINE, replace(LINE, id=11))
    house.works()
    house.database.close()
    older.replace(house.database.path)
    house.database = Database(house.folder)
    house.says(*others)
    house.works()
    assert house.finds() == sorted(line.id for line in others)


def test_the_file_gets_shorter_when_much_is_deleted(house: House) -> None:
    texts = {n: " ".join(str(n * k * 7919) for k in range(9)) for n in range(1, 9000)}
    house.says(*(replace(LINE, id=n, text=text) for n, text in texts.items()))
    house.works()
    house.database._index.close()
    before = house.path.stat().st_size
    while house.database.trim_oldest(10**9, most=5000):
        pass
    house.works()
    assert house.path.stat().st_size < before / 2
    assert house.tell("PRAGMA freelist_count")[0][0] <= SPARE
    house.restarts()
    assert house.tell("PRAGMA freelist_count") == [(0,)]
    assert house.finds() == []
