"""A copy of the database as it is at one moment, while a server writes."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chat.domain.ports import Trouble
from chat.domain.records import Deed, ForgottenAccount, KeptRoom, Line
from chat.store import backup as backups
from chat.store import files
from chat.store.backup import backup, restore
from chat.store.database import Database
from chat.store.files import Damaged, InUse, TooNew

# Writes a line a turn to the folder that it is given, until its input ends.
WRITER = """
import select, sys
from pathlib import Path
from chat.domain.records import Deed, Line
from chat.store.database import Database
store = Database(Path(sys.argv[1]))
number = 10_000
while not select.select([sys.stdin], [], [], 0)[0]:
    number += 1
    store.write([Line(number, number, 1, Deed.SAY, "a!b@c", "x" * 100)])
    if number == 10_100:
        print("writing", flush=True)
store.close()
print(number)
"""

# Fills the folder that it is given, copies it, goes on, and ends as if it was killed:
# what it wrote last is in the log only.
KILLED = """
import os, sys
from pathlib import Path
from chat.domain.records import Deed, Line
from chat.store.backup import backup
from chat.store.database import Database
folder, copy = map(Path, sys.argv[1:])
store = Database(folder)
def say(begin, end):
    ids = range(begin, end)
    store.write([Line(n, n, 1, Deed.SAY, "a!b@c", f"line {n}") for n in ids])
say(1, 3000)
store.finish()
backup(folder, copy)
say(3000, 9000)
store.finish()
say(9000, 9050)
os._exit(9)
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "data").mkdir()
    with closing(Database(tmp_path / "data")) as opened:
        yield opened


def lines(count: int, account: int = 0) -> list[Line]:
    return [
        Line(n, n, 1, Deed.SAY, "a!b@c", f"words of {account}", account=account)
        for n in range(1, count + 1)
    ]


def ids(path: Path) -> list[int]:
    with closing(files.connect(path, "ro")) as connection:
        found = connection.execute("SELECT id FROM messages ORDER BY rowid")
        return [number for (number,) in found]


def test_the_copy_is_one_file_that_a_server_can_begin_with(
    store: Database, tmp_path: Path
) -> None:
    store.write([KeptRoom(1, "#ops", "#ops", {}), *lines(50)])
    before = os.umask(0)
    backup(tmp_path / "data", tmp_path / "copy.db")
    os.umask(before)
    assert {path.name for path in tmp_path.iterdir()} == {"data", "copy.db"}
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    secret = store.secret()
    restored = tmp_path / "restored"
    restored.mkdir()
    (tmp_path / "copy.db").rename(restored / "chat.db")
    with closing(Database(restored)) as again:
        assert again.load() == store.load()
        assert again.secret() == secret
    assert len(ids(restored / "chat.db")) == 50


def test_nothing_is_overwritten(store: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("dear")
    store.write(lines(1))
    with pytest.raises(Trouble, match=r"copy\.db: File exists"):
        backup(tmp_path / "data", target)
    assert target.read_text() == "dear"


def test_there_must_be_something_to_copy(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"chat\.db does not exist"):
        backup(tmp_path, tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_writes_does_not_make_it_begin_again(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "_STEP", 1)
    store.write(lines(5000))
    store.close()
    with subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", WRITER, str(tmp_path / "data")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        backup(tmp_path / "data", tmp_path / "copy.db")
        last = int(writer.communicate("\n")[0])
    copied = ids(tmp_path / "copy.db")
    # All up to one moment, and nothing after.
    assert copied == ids(tmp_path / "data" / "chat.db")[: len(copied)]
    assert 5100 <= len(copied) <= 5000 + last - 10_000


def test_what_is_being_forgotten_is_not_in_it(store: Database, tmp_path: Path) -> None:
    said = lines(300, account=7)
    alone = Line(400, 1, 0, Deed.SAY, "b!b@c", "words of 8", account=8, peer=7)
    others = Line(500, 1, 0, Deed.SAY, "b!b@c", "hello", account=8, peer=9)
    store.write([*said, alone, others, ForgottenAccount(7, words=True)])
    backup(tmp_path / "data", tmp_path / "copy.db")
    assert b"words of" not in (tmp_path / "copy.db").read_bytes()
    assert ids(tmp_path / "copy.db") == [500]
    assert store.forgetting() == [7]


def test_damage_is_told_and_the_copy_kept(store: Database, tmp_path: Path) -> None:
    store.write(lines(2000))
    store.close()
    broken = bytearray(store.path.read_bytes())
    start = len(broken) // 8192 * 4096
    broken[start : start + 4096] = b"\xff" * 4096
    store.path.write_bytes(broken)
    with pytest.raises(Damaged, match=r"chat\.db is damaged, and so is .*copy\.db"):
        backup(tmp_path / "data", tmp_path / "copy.db")
    assert (tmp_path / "copy.db").exists()


def test_what_is_no_database_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "chat.db").write_bytes(b"x" * 8192)
    with pytest.raises(Trouble, match=r"chat\.db: it is damaged"):
        backup(tmp_path, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_nothing_is_left_of_what_fails(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_folder: Path) -> None:
        raise OSError(28, "No space left on device")

    store.write(lines(10))
    monkeypatch.setattr(files, "settle", fail)
    with pytest.raises(Trouble, match=r"copy\.db: No space left"):
        backup(tmp_path / "data", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_database_that_is_locked_is_no_damage(
    store: Database, tmp_path: Path
) -> None:
    store.close()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("UPDATE meta SET last_id = 1")
        with pytest.raises(Trouble, match="another process"):
            backup(tmp_path / "data", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


# And back.


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """The folder of a server that was killed some time after the backup."""
    data = tmp_path / "killed"
    data.mkdir()
    command = [sys.executable, "-c", KILLED, str(data), str(tmp_path / "copy.db")]
    assert subprocess.run(command, check=False).returncode == 9  # noqa: S603 - ours
    return data


def test_the_log_of_the_old_database_does_not_ruin_the_backup(
    killed: Path, tmp_path: Path
) -> None:
    path = killed / "chat.db"
    aside = restore(killed, tmp_path / "copy.db")
    assert aside == killed / "chat.db.replaced-1"
    assert sorted(each.name for each in killed.iterdir()) == [
        *("chat.db", "chat.db.lock"),
        *(f"chat.db.replaced-1{end}" for end in ("", "-shm", "-wal")),
    ]
    assert path.stat().st_mode & 0o777 == 0o600
    with closing(Database(killed)):
        assert ids(path) == list(range(1, 3000))
    # Nothing of what was there is lost, and it can come back.
    assert restore(killed, aside) == killed / "chat.db.replaced-2"
    assert ids(path) == list(range(1, 9050))


def test_a_server_that_runs_is_not_robbed(store: Database, tmp_path: Path) -> None:
    store.write(lines(10))
    backup(tmp_path / "data", tmp_path / "copy.db")
    before = sorted((tmp_path / "data").iterdir())
    with pytest.raises(InUse, match=r"another process holds .*chat\.db"):
        restore(tmp_path / "data", tmp_path / "copy.db")
    assert sorted((tmp_path / "data").iterdir()) == before


def test_what_is_no_good_backup_replaces_nothing(
    store: Database, tmp_path: Path
) -> None:
    store.write(lines(2000))
    store.close()
    data, copy = tmp_path / "data", tmp_path / "copy.db"
    with pytest.raises(Trouble, match=r"copy\.db: No such file"):
        restore(data, copy)
    copy.write_text("dear")
    with pytest.raises(Damaged, match="not a database"):
        restore(data, copy)
    copy.unlink()
    backup(data, copy)
    before = sorted(data.iterdir())
    good = copy.read_bytes()
    start = len(good) // 8192 * 4096
    copy.write_bytes(good[:start] + b"\xff" * 4096 + good[start + 4096 :])
    with pytest.raises(Damaged, match=r"copy\.db is damaged"):
        restore(data, copy)
    copy.write_bytes(good)
    with closing(files.connect(copy, "rw")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(TooNew):
        restore(data, copy)
    assert sorted(data.iterdir()) == before
    with closing(Database(data)):
        assert len(ids(data / "chat.db")) == 2000


def test_damage_that_only_a_close_look_finds_replaces_nothing(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    backup(tmp_path / "data", tmp_path / "copy.db")
    before = sorted((tmp_path / "data").iterdir())
    monkeypatch.setattr(backups, "_copy", lambda *_: ["page 7 is torn"])
    with pytest.raises(Damaged, match=r"copy\.db is damaged: page 7 is torn"):
        restore(tmp_path / "data", tmp_path / "copy.db")
    assert sorted((tmp_path / "data").iterdir()) == before


def test_no_house_begins_while_a_backup_is_half_restored(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_from: Path, _to: Path) -> None:
        raise OSError(5, "Input/output error")

    data = tmp_path / "data"
    store.write(lines(10))
    store.close()
    backup(data, tmp_path / "copy.db")
    # Here the power went.
    files.remove(data / "chat.db")
    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(Trouble, match=r"chat\.db: Input/output error"):
        restore(data, tmp_path / "copy.db")
    monkeypatch.undo()
    with pytest.raises(Damaged, match=r"is missing, but chat\.db\.restoring is there"):
        Database(data)
    assert restore(data, tmp_path / "copy.db") is None
    with closing(Database(data)):
        assert len(ids(data / "chat.db")) == 10
