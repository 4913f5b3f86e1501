"""The database as a file: its lock, who may read it, and its words."""

import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chat.domain.ports import Trouble
from chat.store import files
from chat.store.files import Damaged, InUse

# Holds the lock on what it is given until it is spoken to.
HOLDER = """
import sys
from pathlib import Path
from chat.store import files
files.lock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Whoever starts us hides nothing."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def odd_umask() -> Iterator[None]:
    """Whoever starts us hides everything, from us too."""
    before = os.umask(0o777)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.usefixtures("open_umask")
def test_a_new_file_is_its_owners(tmp_path: Path) -> None:
    files.make(tmp_path / "a.db")
    assert mode(tmp_path / "a.db") == 0o600


@pytest.mark.usefixtures("odd_umask")
def test_a_new_file_can_be_read_by_its_owner(tmp_path: Path) -> None:
    files.make(tmp_path / "a.db")
    os.close(files.lock(tmp_path / "a.db"))
    assert mode(tmp_path / "a.db") == mode(tmp_path / "a.db.lock") == 0o600


def test_nothing_is_made_where_something_is(tmp_path: Path) -> None:
    files.make(tmp_path / "a.db")
    with pytest.raises(FileExistsError):
        files.make(tmp_path / "a.db")


def test_what_others_could_read_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    for each in [path, *files.beside(path)]:
        each.touch()
        each.chmod(0o664)
    files.make_private(path)
    assert {mode(each) for each in tmp_path.iterdir()} == {0o600}
    assert len(list(tmp_path.iterdir())) == 4


def test_all_of_it_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    for each in [path, path.with_name("a.db-wal")]:
        each.touch()
    files.remove(path)
    assert list(tmp_path.iterdir()) == []


def test_one_process_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InUse, match=r"another process holds .*a\.db"):
            files.lock(path)
        holder.communicate("\n")
    os.close(files.lock(path))


def test_a_lock_that_cannot_be_had_is_no_holder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        files.lock(tmp_path / "missing" / "a.db")


def test_a_connection_makes_no_file(tmp_path: Path) -> None:
    for kind in "ro", "rw":
        with pytest.raises(sqlite3.OperationalError) as error:
            files.connect(tmp_path / "a.db", kind)
        words = str(files.trouble(tmp_path / "a.db", error.value))
        assert words == f"{tmp_path}/a.db: it cannot be opened"


@pytest.mark.parametrize("name", ["a?mode=ro#x%20.db", "tee und mehr.db"])
def test_a_path_may_look_like_anything(tmp_path: Path, name: str) -> None:
    files.make(tmp_path / name)
    with closing(files.connect(tmp_path / name, "rw")) as connection:
        connection.execute("CREATE TABLE t (x)")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "the disk is full"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "it cannot be written to"),
        (sqlite3.SQLITE_IOERR_FSYNC, "the disk fails"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "another process is writing to it"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "it is damaged"),
        (sqlite3.SQLITE_ERROR, "no such table: t"),
    ],
)
def test_trouble_has_words(code: int, words: str) -> None:
    error = sqlite3.OperationalError("no such table: t")
    error.sqlite_errorcode = code
    assert str(files.trouble(Path("a.db"), error)) == f"a.db: {words}"


def test_trouble_of_the_system_has_its_words() -> None:
    error = PermissionError(13, "Permission denied", "a.db")
    assert str(files.trouble(Path("a.db"), error)) == "a.db: Permission denied"


def test_damage_is_told_from_trouble() -> None:
    assert not files.is_damage(sqlite3.ProgrammingError("closed"))
    error = sqlite3.DatabaseError("file is not a database")
    error.sqlite_errorcode = sqlite3.SQLITE_NOTADB
    assert files.is_damage(error)


def test_files_and_their_names_are_settled(tmp_path: Path) -> None:
    files.make(tmp_path / "a.db")
    files.settle(tmp_path / "a.db")
    files.settle(tmp_path)
    with pytest.raises(FileNotFoundError):
        files.settle(tmp_path / "b.db")


def test_a_lock_on_a_system_that_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int, _how: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(OSError, match="No locks"):
        files.lock(tmp_path / "a.db")


@pytest.mark.parametrize(
    ("sql", "sort"),
    [
        pytest.param("SELECT CAST(x'ff' AS TEXT)", Damaged, id="no text"),
        pytest.param("SELECT * FROM nowhere", Trouble, id="no table"),
    ],
)
def test_what_cannot_be_read(sql: str, sort: type[Exception]) -> None:
    path = Path("/a.db")
    with (
        closing(sqlite3.connect(":memory:")) as connection,
        pytest.raises(sort, match=r"^/a\.db"),
        files.reading(path),
    ):
        connection.execute(sql).fetchall()


def test_a_connection_that_is_closed_is_no_damage(tmp_path: Path) -> None:
    connection = sqlite3.connect(":memory:")
    connection.close()
    with pytest.raises(Trouble, match="closed"), files.reading(tmp_path):
        connection.execute("SELECT 1")


@pytest.mark.parametrize("error", [KeyError("x"), ValueError("x"), TypeError("x")])
def test_what_makes_no_sense_is_damage(error: Exception, tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="makes no sense"), files.reading(tmp_path):
        raise error
