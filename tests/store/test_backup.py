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
from chat.store.backup import backup
from chat.store.database import Database
from chat.store.files import Damaged

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
