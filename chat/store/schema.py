"""Schema: a database that is there, whole, ours, and up to date.

What tables there are is in the numbered files beside this one.  Each is applied in
one transaction, which also says so (``user_version``); before that a copy is made
of what was there.  A database that is damaged is only ever read here, and one that
is missing is made under another name, so that a half-made one is never found.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from secrets import token_bytes
from typing import Final

from chat.store import files
from chat.store.files import Damaged, TooNew

# What ours say that they are: PRAGMA application_id in the first file.
_OURS: Final = 0x53776264
_MAGIC: Final = b"SQLite format 3\0"
# Bytes that are examined in the blink of an eye.
_SOON: Final = 16 * 1024 * 1024
# What was said, and where it is.
_SAID: Final = "messages", "places"


def scripts() -> list[str]:
    """The schema's files, in the order of their numbers."""
    found = sorted(Path(__file__).parent.glob("[0-9]*.sql"))
    return [path.read_text() for path in found]


def newest() -> int:
    """The version of the schema that this program writes."""
    return len(scripts())


def version(connection: sqlite3.Connection) -> int:
    """The version of the schema that a database has."""
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found


def prepare(path: Path, steps: Sequence[str]) -> None:
    """Have a database at *path* that is as *steps*, the schema's files, make it.

    Nobody else may have a connection to it.

    Raises:
        Damaged: it is no whole database of ours, and nothing was changed.
        TooNew: it has seen more steps than there are.
        Trouble: it cannot be read or written.
    """
    try:
        if path.exists():
            files.make_private(path)
            examine(path, len(steps))
            _update(path, steps)
        else:
            _create(path, steps)
    except (sqlite3.Error, OSError) as error:
        raise files.trouble(path, error) from error


def faults(connection: sqlite3.Connection, check: str) -> list[str]:
    """What ``quick_check`` or ``integrity_check`` finds; nothing, if all is well."""
    try:
        found = [str(row[0]) for row in connection.execute(f"PRAGMA {check}")]
    except sqlite3.DatabaseError as error:
        if not files.is_damage(error):
            raise
        return [str(error)]
    return [] if found == ["ok"] else found


def _create(path: Path, steps: Sequence[str]) -> None:
    others = [*files.beside(path), files.restoring(path)]
    if left := [each.name for each in others if each.exists()]:
        # SQLite would delete a log, and what was said with it; and a backup that is
        # being restored must not find that a new house has begun meanwhile.
        raise Damaged(f"{path} is missing, but {' and '.join(left)} is there")
    new = path.with_name(path.name + ".new")
    files.remove(new)
    files.make(new)
    with closing(files.connect(new, "rw")) as connection:
        # Nobody misses it until it has its name: the disk may wait until then.
        connection.execute("PRAGMA synchronous = OFF")
        # What is deleted can be given back to the disk; only an empty file can be
        # told so.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        _apply(connection, steps)
        connection.execute("INSERT INTO meta VALUES (0, 0, ?, 0)", [token_bytes(32)])
        # Last, so that all of it is in this one file when it gets its name.
        connection.execute("PRAGMA journal_mode = WAL")
    files.settle(new)
    new.rename(path)
    files.settle(path.parent)


def examine(path: Path, known: int) -> None:
    """Read the database at *path* without changing it, to see whether it is for us.

    Raises:
        Damaged: it is no whole database of ours.
        TooNew: it has seen more than the steps that are *known*.
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise Damaged(f"{path} is not a database")
    # A connection that can write would tidy up behind itself.
    with closing(files.connect(path, "ro")) as connection:
        for check in _checks(path, connection):
            if found := faults(connection, check):
                raise Damaged(f"{path} is damaged: {found[0]}")
        if connection.execute("PRAGMA application_id").fetchone() != (_OURS,):
            raise Damaged(f"{path} is the database of another program")
        if (there := version(connection)) > known:
            raise TooNew(
                f"{path} is from a later version of this program: its schema is"
                f" {there}, and ours {known}"
            )


def _checks(path: Path, connection: sqlite3.Connection) -> list[str]:
    """What to look at before people are let in: all of it, if that is soon done.

    Of a large database all but what was said, for that is read without being trusted
    and takes seconds; ``chatd doctor`` looks at the rest.
    """
    if path.stat().st_size <= _SOON:
        return ["quick_check"]
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    names = [name for (name,) in tables if name not in _SAID]
    return [f"quick_check({name})" for name in names]


def _update(path: Path, steps: Sequence[str]) -> None:
    with closing(files.connect(path, "rw")) as connection:
        seen = version(connection)
        if seen < len(steps):
            _copy(connection, path.with_name(f"{path.name}.before-{seen + 1:04}"))
            _apply(connection, steps)


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    """What is there now, at *target*; one that an earlier try left is replaced."""
    new = target.with_name(target.name + ".new")
    files.remove(new)
    files.make(new)
    with closing(files.connect(new, "rw")) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    new.replace(target)
    files.settle(target.parent)


def _apply(connection: sqlite3.Connection, steps: Sequence[str]) -> None:
    for number in range(version(connection) + 1, len(steps) + 1):
        step = steps[number - 1]
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE;\n{step}\nPRAGMA user_version = {number};\nCOMMIT;"
            )
        except sqlite3.Error:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
