"""The archivist: a log that does not grow for ever, and what goes in time."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from chat.config import configured
from chat.domain.records import (
    Act,
    Audited,
    Deed,
    ForgottenAccount,
    KeptAccount,
    Line,
    Record,
)
from chat.net.log import Log
from chat.sections import HistoryConfig
from chat.server import archivist as subject
from chat.server.archivist import NEXT_OF_HISTORY, NEXT_SLICE, ROUND, Archivist
from chat.server.logbook import Logbook
from chat.server.schedule import Schedule
from chat.store.database import Database
from chat.store.memory import MemoryStore
from chat.store.retention import SPARE
from tests.fakes import FakeClock, FakeOffload

DAY = 24 * 60 * 60 * 1000
KIB = 1024


class SlowOffload(FakeOffload):
    """A helper that does what it was given when it is told to."""

    def __init__(self) -> None:
        super().__init__(lambda: None)
        self.jobs = []  # type: ignore[var-annotated]

    def aside(self, work) -> None:  # type: ignore[no-untyped-def]
        self.jobs.append(work)

    def works(self) -> None:
        while self.jobs:
            self.jobs.pop()()


class Archive:
    """A database, and an archivist who looks after it."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.schedule = Schedule(self.clock)
        self.offload = SlowOffload()
        self.database = Database(folder)
        self.path = self.database.path
        self._file = folder / "log"
        self.log_ = Log.at(self._file)
        logbook = Logbook(self.log_, self.schedule)
        self.archivist = Archivist(self.database, self.offload, self.schedule, logbook)
        self._count = 0

    def turn(self, kib: int) -> None:
        """A turn in which so much is said."""
        self.schedule.begin_turn()
        self.schedule.run()
        lines = []
        for _ in range(kib):
            self._count += 1
            text = "x" * KIB
            lines.append(Line(self._count, 0, 7, Deed.SAY, "a!b@c", text))
        self.database.write(lines)
        self.archivist.look()

    def turn_while_the_helper_works(self, kib: int) -> None:
        """What is said in it is not moved: it came when that had begun."""
        with closing(sqlite3.connect(self.path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM messages").fetchone()
            self.turn(kib)
            self.offload.works()

    def wait(self, seconds: float) -> None:
        """Let *seconds* go by, with the turns that somebody has asked for."""
        end = self.clock.now().monotonic + seconds
        while (until := self.schedule.until_next()) is not None:
            if until > end - self.clock.now().monotonic:
                break
            self.clock.advance(until)
            self.schedule.begin_turn()
            self.schedule.run()

    def in_database(self, question: str) -> int:
        """The one number that answers *question*."""
        with closing(sqlite3.connect(self.path)) as connection:
            number: int = connection.execute(question).fetchone()[0]
            return number

    def log(self) -> list[str]:
        return [line.partition(" ")[2] for line in self._file.read_text().splitlines()]

    def close(self) -> None:
        self.database.close()
        os.close(self.log_._descriptor)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    monkeypatch.setattr(subject, "GROWTH", 500 * KIB)
    monkeypatch.setattr(subject, "TOO_LONG", 2000 * KIB)
    with closing(Archive(tmp_path)) as archive:
        yield archive


def checkpoints(archive: Archive) -> int:
    return archive.archivist.statistics()["checkpoints"]


def test_a_log_that_has_grown_is_moved_aside(archive: Archive) -> None:
    archive.turn(kib=100)
    assert archive.offload.jobs == []
    for _ in range(5):
        archive.turn(kib=100)
    # One at a time, however much is said meanwhile.
    assert len(archive.offload.jobs) == 1
    length = archive.database.log_bytes()
    archive.offload.works()
    # The first commit after it begins the log again.
    archive.turn(kib=1)
    assert (checkpoints(archive), archive.offload.jobs) == (1, [])
    assert archive.database.log_bytes() < length / 5
    for _ in range(6):
        archive.turn(kib=100)
    assert len(archive.offload.jobs) == 1


def test_what_is_said_meanwhile_is_moved_once_it_has_grown_again(
    archive: Archive,
) -> None:
    archive.turn(kib=500)
    archive.offload.works()
    archive.database.write([Line(9999, 0, 7, Deed.SAY, "a!b@c", "meanwhile")])
    archive.archivist.look()
    assert checkpoints(archive) == 1
    assert archive.offload.jobs == []


def test_a_log_that_never_rests_begins_again_all_the_same(archive: Archive) -> None:
    lengths = []
    for _ in range(100):
        archive.turn(kib=50)
        archive.turn_while_the_helper_works(kib=50)
        archive.turn(kib=50)
        lengths.append(archive.database.log_bytes())
    assert 2000 * KIB < max(lengths) < 4000 * KIB
    # It is overwritten, and cut off when it begins again by itself.
    assert lengths == sorted(lengths)
    for _ in range(3):
        archive.turn(kib=500)
        archive.offload.works()
    assert archive.database.log_bytes() < max(lengths) / 2
    assert archive.in_database("SELECT count(*) FROM messages") == 16_500


def test_one_that_is_in_need_need_not_wait(archive: Archive) -> None:
    archive.turn(kib=1)
    archive.archivist.look(in_need=True)
    assert len(archive.offload.jobs) == 1
    archive.archivist.look(in_need=True)
    assert len(archive.offload.jobs) == 1


def test_a_checkpoint_that_fails_is_told_and_tried_again(archive: Archive) -> None:
    archive.turn(kib=500)
    archive.database.checkpoints.close()
    archive.offload.works()
    archive.turn(kib=1)
    (line,) = archive.log()
    assert line.startswith(str(archive.path))
    archive.turn(kib=500)
    assert len(archive.offload.jobs) == 1


def test_a_last_step_that_fails_is_told(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "TOO_LONG", 0)
    archive.turn(kib=500)
    archive.offload.works()
    archive.database._connection.close()
    archive.archivist.look()
    (line,) = archive.log()
    assert line.startswith(str(archive.path))


# What goes in time.


def audited(count: int, at: int) -> list[Record]:
    return [Audited(at + n, at, Act.FAILED, f"bob{n}") for n in range(count)]


def test_the_audit_trail_goes_in_time_slice_by_slice(archive: Archive) -> None:
    now = archive.schedule.now.wall
    archive.archivist.days = 90
    archive.database.write(audited(5000, at=now - 91 * DAY))
    archive.database.write(audited(3, at=now - 89 * DAY))
    left = []
    for _ in range(6):
        archive.wait(NEXT_SLICE)
        left.append(archive.in_database("SELECT count(*) FROM audit"))
    assert left == [4003, 3003, 2003, 1003, 3, 3]
    archive.wait(2 * DAY / 1000)
    assert archive.in_database("SELECT count(*) FROM audit") == 0


def test_without_an_end_it_stays(archive: Archive) -> None:
    archive.database.write(audited(3, at=1))
    archive.wait(1000)
    assert archive.in_database("SELECT count(*) FROM audit") == 3


def test_what_somebody_said_who_is_forgotten_goes_slice_by_slice(
    archive: Archive,
) -> None:
    bob = KeptAccount(5, "bob", "bob", 0, "secret")
    line = Line(0, 0, 7, Deed.SAY, "bob!b@c", "hello", account=5)
    archive.database.write([bob, *(replace(line, id=n) for n in range(5000))])
    archive.database.write([replace(line, id=9000, account=6)])
    archive.database.write([ForgottenAccount(5, words=True)])
    archive.wait(ROUND)
    assert archive.in_database("SELECT count(*) FROM messages") == 1
    assert archive.in_database("SELECT count(*) FROM forgetting") == 0


def test_what_is_deleted_in_a_quiet_house_is_moved_too(archive: Archive) -> None:
    line = Line(0, 0, 7, Deed.SAY, "bob!b@c", "x" * KIB, account=5)
    archive.database.write([replace(line, id=n) for n in range(5000)])
    archive.database.write([ForgottenAccount(5, words=True)])
    archive.wait(NEXT_SLICE)
    archive.offload.works()
    archive.wait(NEXT_SLICE)
    assert checkpoints(archive) == 1


def test_what_cannot_go_now_goes_later(archive: Archive) -> None:
    archive.archivist.days = 1
    archive.database.write(audited(3, at=1))
    with closing(sqlite3.connect(archive.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        archive.wait(NEXT_SLICE)
        assert archive.log() == [f"{archive.path}: another process is writing to it"]
    archive.wait(ROUND)
    assert archive.in_database("SELECT count(*) FROM audit") == 0


def test_a_bug_in_deleting_is_told_and_tried_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.archivist.days = 1
    archive.database.write(audited(3, at=1))
    with monkeypatch.context() as patch:
        patch.setattr(Database, "trim_audit", lambda *_: 1 / 0)
        archive.wait(NEXT_SLICE)
    (line,) = archive.log()
    assert line.startswith("FAULT ZeroDivisionError")
    archive.wait(ROUND)
    assert archive.in_database("SELECT count(*) FROM audit") == 0


# What was said goes in time, too.


def said(archive: Archive, count: int, days: int = 0, room: int = 7) -> None:
    """So much is said in a room, so many *days* ago."""
    at = archive.schedule.now.wall - days * DAY
    first = archive.in_database("SELECT last_id FROM meta") + 1
    line = Line(0, at, room, Deed.SAY, "a!b@c", "x" * KIB)
    archive.database.write([replace(line, id=first + n) for n in range(count)])


def there(archive: Archive) -> int:
    return archive.in_database("SELECT count(*) FROM messages")


def test_what_was_said_is_kept_for_ever_if_nobody_says_otherwise(
    archive: Archive,
) -> None:
    said(archive, 1000, days=5000)
    archive.wait(10 * ROUND)
    assert there(archive) == 1000


def test_for_how_long_is_set(archive: Archive) -> None:
    said(archive, 10, days=8)
    archive.database.write(audited(3, at=1))
    archive.archivist.configure(configured(["history.keep=7", "audit.days=1"]))
    archive.wait(ROUND)
    assert there(archive) == 0
    assert archive.in_database("SELECT count(*) FROM audit") == 0


def left(archive: Archive, slices: int) -> list[int]:
    """How much is there after each slice of the next round."""
    found = []
    archive.wait(ROUND)
    for _ in range(slices):
        found.append(there(archive))
        archive.wait(NEXT_OF_HISTORY)
    return found


def test_what_was_said_goes_in_time_slice_by_slice(archive: Archive) -> None:
    archive.wait(NEXT_SLICE)
    archive.archivist.history = HistoryConfig(keep=7)
    said(archive, 800, days=8)
    said(archive, 30, days=8, room=8)
    said(archive, 70, days=6)
    assert left(archive, slices=4) == [500, 100, 70, 70]
    archive.wait(2 * DAY / 1000)
    assert there(archive) == 0


def test_a_room_keeps_only_so_many_lines(archive: Archive) -> None:
    archive.wait(NEXT_SLICE)
    archive.archivist.history = HistoryConfig(lines=100)
    said(archive, 300)
    said(archive, 99, room=8)
    assert left(archive, slices=3) == [249, 199, 199]
    said(archive, 2, room=8)
    archive.wait(ROUND)
    assert there(archive) == 200
    first = "SELECT id FROM messages WHERE room = 7 ORDER BY id"
    assert archive.in_database(first) == 201


def test_a_database_that_is_too_large_gets_smaller(archive: Archive) -> None:
    said(archive, 4000, room=7)
    said(archive, 4000, room=8)
    archive.database.checkpoints.checkpoint()
    large = archive.path.stat().st_size
    archive.archivist.history = HistoryConfig(bytes=3000 * KIB)
    for _ in range(2 * int(ROUND)):
        archive.wait(1.0)
        archive.offload.works()
    assert 1500 < there(archive) < 4000
    assert archive.in_database("SELECT count(*) FROM messages WHERE room = 7") == 0
    assert large > 8000 * KIB
    # Some is free for what is said next.
    assert archive.path.stat().st_size < 4100 * KIB
    assert archive.in_database("PRAGMA freelist_count") <= SPARE
    assert archive.database.used_bytes() <= 3000 * KIB


def test_one_that_holds_nothing_that_was_said_stays_as_large_as_it_is(
    archive: Archive,
) -> None:
    archive.archivist.history = HistoryConfig(bytes=1)
    said(archive, 5)
    archive.wait(2 * ROUND)
    assert there(archive) == 0
    assert archive.log() == []


def test_a_store_that_is_not_on_disk_needs_nothing() -> None:
    schedule = Schedule(FakeClock())
    offload = SlowOffload()
    archivist = Archivist(MemoryStore(), offload, schedule, Logbook(None, schedule))
    archivist.look(in_need=True)
    assert offload.jobs == []
    assert schedule.until_next() is None
    assert archivist.statistics() == {"log_bytes": 0, "checkpoints": 0}


def test_one_in_memory_is_told_for_how_long() -> None:
    schedule, store = Schedule(FakeClock()), MemoryStore()
    archivist = Archivist(store, SlowOffload(), schedule, Logbook(None, schedule))
    archivist.configure(configured(["history.keep=2"]))
    assert store.keep == 2 * DAY
