"""The store on disk: what it holds open, and what it does when the disk fails.

What it promises like the store in memory is in test_contract.
"""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

from chat.domain.ports import Trouble
from chat.domain.records import Deed, KeptAccount, KeptRoom, Line
from chat.store import files, rows, schema
from chat.store.database import Database
from chat.store.files import Damaged, InUse, TooNew

# Holds a lock on the database that it is given, until it is spoken to.
LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.readline()
"""
# Writes turns of lines to the folder that it is given, and says what it has written.
WRITER = """
import sys
from pathlib import Path
from chat.domain.records import Deed, Line
from chat.store.database import Database
store = Database(Path(sys.argv[1]))
number = first = store.load().last_id + 1
while True:
    turn = range(number, number + 1 + number % 40)
    store.write([Line(n, n, n % 5, Deed.SAY, "a!b@c", "x" * 80) for n in turn])
    number = turn.stop
    print(number - 1, flush=True)
    if not number % 7:
        store.checkpoints.checkpoint()
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path)) as opened:
        yield opened


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or not mounted(
        mount, "-t", "tmpfs", "-o", "size=2m", "none", str(folder)
    ):
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    assert mounted(mount.replace("mount", "umount"), str(folder))


def mounted(*command: str) -> bool:
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    return done.returncode == 0


def lines(first: int, count: int = 1, text: str = "hi") -> list[Line]:
    ids = range(first, first + count)
    return [Line(each, each, 1, Deed.SAY, "a!b@c", text) for each in ids]


def write_until_it_fails(store: Database) -> int:
    """Write more and more; how many lines there were when it failed."""
    for turn in range(10_000):
        try:
            store.write(lines(turn * 20 + 1, 20, "x" * 500))
        except Trouble:
            return turn * 20
    raise AssertionError("it never failed")


def ids(path: Path) -> list[int]:
    with closing(files.connect(path, "ro")) as connection:
        found = connection.execute("SELECT id FROM messages ORDER BY rowid")
        return [number for (number,) in found]


def is_whole(path: Path) -> bool:
    with closing(files.connect(path, "ro")) as connection:
        return not schema.faults(connection, "integrity_check")


def descriptors() -> list[str]:
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("nobody tells here what is open")
    return sorted(
        str(path.readlink()) for path in folder.iterdir() if path.is_symlink()
    )


@contextmanager
def nothing_grows(limit: int) -> Iterator[None]:
    """No file can be longer than *limit* for a while."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_it_is_there_the_next_time(tmp_path: Path) -> None:
    room = KeptRoom(1, "#ops", "#ops", {"topic": "tea"})
    alice = KeptAccount(2, "alice", "alice", since=1, credential="scram")
    with closing(Database(tmp_path)) as store:
        store.write([room, alice, *lines(10)])
        secret = store.secret()
    with closing(Database(tmp_path)) as store:
        kept = store.load()
        assert (kept.last_id, kept.rooms, kept.accounts) == (10, (room,), (alice,))
        assert store.secret() == secret
    assert ids(tmp_path / "chat.db") == [10]


@pytest.mark.parametrize(
    ("durability", "number"), [("process", 1), ("power", 2)], ids=["normal", "full"]
)
def test_a_commit_waits_for_the_disk_only_if_asked(
    tmp_path: Path, durability: str, number: int
) -> None:
    with closing(Database(tmp_path, durability)) as store:
        store.write(lines(1))
        ask = store._connection.execute
        assert ask("PRAGMA synchronous").fetchone() == (number,)
        assert ask("PRAGMA journal_mode").fetchone() == ("wal",)
        assert ask("PRAGMA busy_timeout").fetchone() == (0,)
        assert ask("PRAGMA wal_autocheckpoint").fetchone() == (0,)


def test_only_its_owner_can_read_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with closing(Database(tmp_path)) as store:
            store.write(lines(1))
            found = {each.name: each.stat().st_mode for each in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert found.keys() == {"chat.db", "chat.db-wal", "chat.db-shm", "chat.db.lock"}
    assert {mode & 0o777 for mode in found.values()} == {0o600}


def test_it_opens_nothing_later(store: Database) -> None:
    before = descriptors()
    for turn in range(20):
        store.write([KeptRoom(turn, "#a", "#a", {}), *lines(1 + turn * 1000, 1000)])
        store.checkpoints.checkpoint()
        store.load()
    store.trim_history(1, 10_000)
    store.finish()
    assert descriptors() == before


def test_it_lets_go_of_everything(tmp_path: Path) -> None:
    before = descriptors()
    store = Database(tmp_path)
    store.write(lines(1))
    store.close()
    store.close()
    assert descriptors() == before
    assert {path.name for path in tmp_path.iterdir()} == {"chat.db", "chat.db.lock"}


def test_it_is_held_by_one(store: Database, tmp_path: Path) -> None:
    before = descriptors()
    with pytest.raises(InUse, match=r"another process holds .*chat\.db"):
        Database(tmp_path)
    assert descriptors() == before
    store.write(lines(1))


def test_what_cannot_be_used_is_not_held(tmp_path: Path) -> None:
    before = descriptors()
    path = tmp_path / "chat.db"
    path.write_text("x" * 5000)
    with pytest.raises(Damaged):
        Database(tmp_path)
    path.unlink()
    steps = schema.scripts()
    Database(tmp_path, steps=[*steps, "CREATE TABLE more (x);"]).close()
    with pytest.raises(TooNew):
        Database(tmp_path)
    with pytest.raises(Trouble, match="No such file or directory"):
        Database(tmp_path / "missing")
    assert descriptors() == before


def test_another_process_is_writing_to_it(store: Database) -> None:
    with subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", LOCKER, str(store.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        start = perf_counter()
        for _ in range(20):
            with pytest.raises(Trouble, match="another process is writing to it"):
                store.write(lines(1))
        assert perf_counter() - start < 1
        with pytest.raises(Trouble):
            store.trim_audit(1)
        assert store.load().last_id == 0
        other.communicate("\n")
    store.write(lines(1))
    assert ids(store.path) == [1]


def test_it_cannot_be_opened_while_another_process_writes(tmp_path: Path) -> None:
    Database(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "chat.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Trouble, match="another process is writing to it"):
            Database(tmp_path)
        other.execute("ROLLBACK")
    Database(tmp_path).close()


def test_a_disk_that_is_full(small: Path) -> None:
    with closing(Database(small)) as store:
        filler = small / "filler"
        filler.write_bytes(bytes(1_300_000))
        written = write_until_it_fails(store)
        for _ in range(5):
            with pytest.raises(Trouble, match="the disk is full"):
                store.write(lines(written + 1, 20, "x" * 500))
        assert ids(store.path) == list(range(1, written + 1))
        filler.unlink()
        store.write(lines(written + 1, 20, "x" * 500))
        assert ids(store.path) == list(range(1, written + 21))
    assert is_whole(small / "chat.db")


def test_a_new_one_does_not_fit_on_a_disk_that_is_full(small: Path) -> None:
    filler = small / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    with pytest.raises(Trouble, match=r"full|No space left"):
        Database(small)
    assert not (small / "chat.db").exists()
    filler.unlink()
    Database(small).close()


def test_a_disk_that_can_only_be_read(small: Path) -> None:
    Database(small).close()
    mount = shutil.which("mount") or ""
    assert mounted(mount, "-o", "remount,ro", str(small))
    with pytest.raises(Trouble, match=r"Read-only|cannot be written"):
        Database(small)
    assert mounted(mount, "-o", "remount,rw", str(small))
    Database(small).close()


def test_a_file_that_cannot_grow(store: Database) -> None:
    store.write(lines(1))
    with nothing_grows(store.log_bytes()):
        for _ in range(3):
            with pytest.raises(Trouble, match=r"chat\.db: the disk fails"):
                store.write(lines(2, 1000))
    store.write(lines(2, 1000))
    assert ids(store.path) == list(range(1, 1002))
    assert is_whole(store.path)


def test_a_file_that_can_only_be_read(store: Database) -> None:
    store._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(Trouble, match="it cannot be written to"):
        store.write(lines(1))
    store._connection.execute("PRAGMA query_only = OFF")
    store.write(lines(1))
    assert ids(store.path) == [1]


def test_a_fault_of_ours_leaves_nothing_half_done(store: Database) -> None:
    with pytest.raises(UnicodeEncodeError):
        store.write([*lines(1), KeptRoom(5, "#\ud800", "#x", {})])
    store.write(lines(2))
    assert ids(store.path) == [2]


def test_rooms_that_are_gone_cost_nothing_at_the_start(store: Database) -> None:
    store.write([*lines(1), KeptRoom(1, "#ops", "#ops", {}, is_sealed=True)])
    store._connection.execute("UPDATE rooms SET state = 'nobody parses this'")
    assert store.load().rooms == ()
    plan = store._connection.execute(f"EXPLAIN QUERY PLAN {rows.OPEN_ROOMS}")
    assert "open_rooms" in str(plan.fetchall())


def test_what_cannot_be_read_is_trouble(store: Database) -> None:
    store._connection.execute("DROP TABLE links")
    with pytest.raises(Trouble, match="no such table: links"):
        store.load()
    store.checkpoints.close()
    store.close()
    for act in store.secret, store.forgetting, store.finish:
        with pytest.raises(Trouble, match="closed"):
            act()
    assert store.log_bytes() == 0


def test_what_is_wrong_with_us_is_no_trouble_of_the_disks(store: Database) -> None:
    impossible = replace(lines(99)[0], text=None)  # type: ignore[arg-type]
    for many in [], lines(1, 19), lines(1, 50):
        with pytest.raises(sqlite3.IntegrityError):
            store.write([*many, impossible])
        assert ids(store.path) == []
    store.write(lines(1))


def test_a_large_database_is_examined_but_for_what_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_SOON", 0)
    with closing(Database(tmp_path)) as database:
        database.write(lines(100))
    with closing(Database(tmp_path)) as database:
        assert database.load().last_id == lines(100)[-1].id


@pytest.mark.slow
def test_whatever_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    for patience in 3, 20, 41, 90, 137:
        with subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, "-c", WRITER, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
        ) as writer:
            assert writer.stdout is not None
            for _ in range(patience):
                writer.stdout.readline()
            writer.kill()
            rest = writer.stdout.read()
        acknowledged = [int(line) for line in rest.split("\n")[:-1]]
        # Nobody but us reads it first, without a lock and without a server.
        found = ids(tmp_path / "chat.db")
        assert found == list(range(1, len(found) + 1))
        assert len(found) >= max(acknowledged, default=0)
        assert is_whole(tmp_path / "chat.db")
    with closing(Database(tmp_path)) as store:
        assert store.load().last_id == len(ids(store.path))
