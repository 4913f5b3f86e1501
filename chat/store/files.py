"""Files: the database as a file: its name, its lock, who may read it, and its words.

The kernel's locks that SQLite relies on have a trap: a process that opens the file
by other means, and closes it, loses all of them.  So nothing here opens a database
in which this process may have a connection.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from chat.domain.ports import Trouble

NAME: Final = "chat.db"

_OWNER_ONLY: Final = 0o600
# Where an error of SQLite's has its number, if it has one.
_NUMBER: Final = "sqlite_errorcode"
# What SQLite keeps beside a database, with its mode.
_BESIDE: Final = "-wal", "-shm", "-journal"


class Unusable(Exception):
    """The store cannot be used as it is.  The words are for an operator."""


class Damaged(Unusable):
    """It is no database of ours, or not a whole one.  It is left as it is."""


class TooNew(Unusable):
    """A later version of this program has written it."""


class InUse(Unusable):
    """Another process holds it."""


def connect(path: Path, mode: str, *, threads: bool = False) -> sqlite3.Connection:
    """A connection to the database at *path* that never waits for anybody.

    *mode* is ``ro`` or ``rw``: neither makes a file.  With *threads* it may be used
    by another thread than this.
    """
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=0,
        check_same_thread=not threads,
    )


def trouble(path: Path, error: sqlite3.Error | OSError) -> Trouble:
    """What went wrong with the database at *path*, in words."""
    if isinstance(error, OSError):
        return Trouble(f"{path}: {error.strerror}")
    # The lower byte of SQLite's number is the kind of error.
    code = getattr(error, _NUMBER, sqlite3.SQLITE_ERROR)
    return Trouble(f"{path}: {_WORDS.get(code & 0xFF, error)}")


_WORDS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it cannot be written to",
    sqlite3.SQLITE_IOERR: "the disk fails",
    sqlite3.SQLITE_BUSY: "another process is writing to it",
    sqlite3.SQLITE_LOCKED: "another process is writing to it",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_NOTADB: "it is damaged",
}


def is_damage(error: sqlite3.Error) -> bool:
    """Whether *error* says that the file is no database, or a broken one."""
    code = getattr(error, _NUMBER, sqlite3.SQLITE_ERROR) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Read from the database at *path*, and make something of what is in its rows.

    Raises:
        Trouble: it cannot be read.
        Damaged: what is in a row makes no sense, though the database may be whole.
    """
    try:
        yield
    except sqlite3.Error as error:
        # Of text that is none SQLite's module says so without a number.
        if type(error) is sqlite3.OperationalError and not hasattr(error, _NUMBER):
            raise _senseless(path, error) from error
        raise trouble(path, error) from error
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise _senseless(path, error) from error


def _senseless(path: Path, error: Exception) -> Damaged:
    what = f"{type(error).__name__}: {error}"
    return Damaged(f"{path} is damaged: a row of it makes no sense ({what})")


def make(path: Path) -> None:
    """An empty file at *path*, where none is, which only its owner can read.

    Whatever the umask: SQLite gives the files beside it the same mode.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        os.fchmod(descriptor, _OWNER_ONLY)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Take away the database at *path*, with what is beside it."""
    for each in [path, *beside(path)]:
        each.unlink(missing_ok=True)


def beside(path: Path) -> list[Path]:
    """The files that SQLite may keep beside the database at *path*."""
    return [path.with_name(path.name + end) for end in _BESIDE]


def restoring(path: Path) -> Path:
    """The file that is about to be the database at *path*."""
    return path.with_name(path.name + ".restoring")


def make_private(path: Path) -> None:
    """Let only its owner read the database at *path*, and what is beside it."""
    for each in [path, *beside(path)]:
        if each.exists() and each.stat().st_mode & 0o777 != _OWNER_ONLY:
            each.chmod(_OWNER_ONLY)


def settle(path: Path) -> None:
    """Have a file, or the names in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lock(path: Path) -> int:
    """Hold the database at *path* for as long as the descriptor is open.

    The lock is on a file beside it, which stays: SQLite has its own on the database.

    Raises:
        InUse: another process holds it.
    """
    beside = path.with_name(path.name + ".lock")
    descriptor = os.open(beside, os.O_RDWR | os.O_CREAT, _OWNER_ONLY)
    try:
        os.fchmod(descriptor, _OWNER_ONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise InUse(f"another process holds {path}") from None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
