"""A database that is there, whole, ours, and up to date."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from chat.domain.ports import Trouble
from chat.domain.records import KeptRoom
from chat.store import files, schema
from chat.store.database import Database
from chat.store.files import Damaged, TooNew

MORE = "CREATE TABLE more (x); INSERT INTO more VALUES (1);"
WRONG = "CREATE TABLE more (x); INSERT INTO nowhere VALUES (1);"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A database with a hundred rooms."""
    with closing(Database(tmp_path)) as store:
        state = {"topic": "x" * 1000}
        store.write([KeptRoom(n, f"#{n}", f"#{n}", state) for n in range(100)])
    return tmp_path / files.NAME


def contents(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.parent.iterdir()}


def tables(path: Path) -> set[str]:
    with closing(files.connect(path, "ro")) as connection:
        found = connection.execute("SELECT name FROM sqlite_master")
        return {name for (name,) in found}


def prepare(path: Path, *more: str) -> None:
    schema.prepare(path, [*schema.scripts(), *more])


def test_the_files_are_numbered_without_a_gap() -> None:
    numbers = [
        int(re.match(r"\d{4}(?=_\w+\.sql$)", path.name)[0])  # type: ignore[index]
        for path in sorted(Path(schema.__file__).parent.glob("*.sql"))
    ]
    assert numbers == list(range(1, schema.newest() + 1))


def test_a_new_one_has_all_that_later_features_need(tmp_path: Path) -> None:
    prepare(tmp_path / "chat.db")
    with closing(files.connect(tmp_path / "chat.db", "ro")) as connection:
        assert schema.version(connection) == schema.newest()
        described = connection.execute("PRAGMA table_info(messages)")
        columns = {row[1] for row in described}
    assert {"room", "id", "at", "kind", "account", "text"} <= columns
    assert {"tags", "reply_to", "redacted_by"} <= columns
    # And nothing else is left lying about.
    assert {path.name for path in tmp_path.iterdir()} <= {
        "chat.db",
        "chat.db-wal",
        "chat.db-shm",
    }


def test_a_half_made_one_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "chat.db.new").write_bytes(b"half")
    (tmp_path / "chat.db.new-journal").write_bytes(b"half")
    prepare(tmp_path / "chat.db")
    assert not (tmp_path / "chat.db.new").exists()


def test_what_was_said_is_not_lost_with_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "chat.db-wal").write_bytes(b"words")
    with pytest.raises(Damaged, match=r"chat\.db is missing, but chat\.db-wal is"):
        prepare(tmp_path / "chat.db")
    assert contents(tmp_path / "chat.db") == {"chat.db-wal": b"words"}


def test_nothing_is_done_to_what_is_up_to_date(kept: Path) -> None:
    before = kept.read_bytes()
    prepare(kept)
    assert kept.read_bytes() == before
    assert not kept.with_name("chat.db.before-0001").exists()


def test_a_step_is_taken_after_a_copy_was_made(kept: Path) -> None:
    prepare(kept, MORE)
    assert "more" in tables(kept)
    copy = kept.with_name("chat.db.before-0002")
    assert "more" not in tables(copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(files.connect(copy, "ro")) as connection:
        assert schema.version(connection) == 1
        assert connection.execute("SELECT count(*) FROM rooms").fetchone() == (100,)


def test_several_steps_need_one_copy(kept: Path) -> None:
    prepare(kept, MORE, "DROP TABLE more;")
    assert "more" not in tables(kept)
    assert [path.name for path in kept.parent.glob("*before*")] == [
        "chat.db.before-0002"
    ]


def test_a_step_that_fails_leaves_nothing(kept: Path) -> None:
    with pytest.raises(Trouble, match="no such table: nowhere"):
        prepare(kept, WRONG)
    assert "more" not in tables(kept)
    # The copy of that try is no hindrance for the next.
    prepare(kept, MORE)
    assert "more" in tables(kept)


@pytest.mark.parametrize("steps", [[WRONG], ["CREATE"]])
def test_a_first_step_that_fails_leaves_no_database(
    tmp_path: Path, steps: Sequence[str]
) -> None:
    with pytest.raises(Trouble):
        schema.prepare(tmp_path / "chat.db", steps)
    assert not (tmp_path / "chat.db").exists()


def test_what_a_later_version_wrote_is_left_alone(kept: Path) -> None:
    prepare(kept, MORE)
    before = kept.read_bytes()
    with pytest.raises(TooNew, match="its schema is 2, and ours 1"):
        prepare(kept)
    assert kept.read_bytes() == before


@pytest.mark.parametrize("garbage", [b"", b"chat", b"x" * 10_000])
def test_what_is_no_database_is_left_alone(tmp_path: Path, garbage: bytes) -> None:
    path = tmp_path / "chat.db"
    path.write_bytes(garbage)
    with pytest.raises(Damaged, match=r"chat\.db is not a database"):
        prepare(path)
    assert contents(path) == {"chat.db": garbage}


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "chat.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (x)")
    before = path.read_bytes()
    with pytest.raises(Damaged, match=r"chat\.db is the database of another program"):
        prepare(path)
    assert contents(path) == {"chat.db": before}


@pytest.mark.parametrize("page", [1, 2, 5, 20])
def test_a_broken_page_is_found_and_nothing_is_changed(kept: Path, page: int) -> None:
    broken = bytearray(kept.read_bytes())
    # The first page begins with what says that it is a database.
    start = max(100, (page - 1) * 4096)
    broken[start : start + 3000] = bytes(255 - byte for byte in broken[start:][:3000])
    kept.write_bytes(broken)
    with pytest.raises(Damaged, match=r"chat\.db is damaged: "):
        prepare(kept)
    assert kept.read_bytes() == broken


def test_a_database_that_was_cut_off_is_found(kept: Path) -> None:
    cut = kept.read_bytes()[: 10 * 4096]
    kept.write_bytes(cut)
    with pytest.raises(Damaged, match="is damaged"):
        prepare(kept)
    assert kept.read_bytes() == cut


def test_what_cannot_be_checked_is_trouble_and_no_damage(kept: Path) -> None:
    with (
        closing(sqlite3.connect(kept, isolation_level=None)) as other,
        closing(files.connect(kept, "ro")) as connection,
    ):
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE meta SET last_id = 1")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            schema.faults(connection, "quick_check")


def test_a_whole_one_has_no_faults(kept: Path) -> None:
    with closing(files.connect(kept, "ro")) as connection:
        assert schema.faults(connection, "integrity_check") == []
