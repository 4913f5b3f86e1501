"""Backups: a copy of the database as it is at one moment, while a server writes.

The copy is one file.  What somebody has asked to be forgotten is not in it, even if
it is still being deleted here.

To put it in the place of the database is not to copy a file: the log of the old
database may still be there, and would be taken for the new one's and ruin it.
"""

import os
import sqlite3
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path
from typing import Final

from chat.domain.ports import Trouble
from chat.store import files, index, retention, schema
from chat.store.files import Damaged

# Pages that are copied before others may have the processor.
_STEP: Final = 1000

_FORGET: Final = """
    PRAGMA secure_delete = ON;
    BEGIN;
    DELETE FROM messages WHERE account IN (SELECT account FROM forgetting)
    OR room IN (
        SELECT id FROM conversations JOIN forgetting ON account IN (a, b)
    );
    DELETE FROM conversations
    WHERE EXISTS (SELECT 1 FROM forgetting WHERE account IN (a, b));
    DELETE FROM forgetting;
    COMMIT;
"""


def backup(folder: Path, target: Path) -> None:
    """Copy the database in *folder* to *target*, which must not be there.

    Raises:
        Trouble: it cannot be read, or not be written there; nothing is left there.
        Damaged: it was copied, and neither it nor the copy is whole.
    """
    source = folder / files.NAME
    if not source.exists():
        raise Trouble(f"{source} does not exist")
    try:
        files.make(target)
    except OSError as error:
        raise files.trouble(target, error) from error
    with ExitStack() as failed:
        failed.callback(files.remove, target)
        try:
            found = _copy(source, target)
            files.settle(target.absolute().parent)
        except (sqlite3.Error, OSError) as error:
            where = (
                source
                if isinstance(error, sqlite3.Error) and files.is_damage(error)
                else target
            )
            raise files.trouble(where, error) from error
        failed.pop_all()
    if found:
        raise Damaged(f"{source} is damaged, and so is {target}: {found[0]}")


def restore(folder: Path, source: Path) -> Path | None:
    """Put the backup at *source* in the place of the database in *folder*.

    What was there is kept beside it, log and all; where, is returned, unless there
    was nothing.

    Raises:
        Unusable: a server holds the database, or the backup is no whole one of ours.
        Trouble: it cannot be read or written.
    """
    path = folder / files.NAME
    with ExitStack() as end:
        try:
            end.callback(os.close, files.lock(path))
            new = _checked_copy(source, path)
            # From here on no server begins until it is done (see `schema`).
            aside = _put_aside(path)
            # It is the other one's, and is made anew.
            files.remove(path.with_name(index.NAME))
            new.rename(path)
            files.settle(folder)
        except OSError as error:
            raise files.trouble(path, error) from error
    return aside


def _checked_copy(source: Path, path: Path) -> Path:
    """A copy of *source*, if it is good, that is about to be the database at *path*."""
    new = files.restoring(path)
    with ExitStack() as failed:
        try:
            schema.examine(source, schema.newest())
            files.remove(new)
            failed.callback(files.remove, new)
            files.make(new)
            found = _copy(source, new)
            files.settle(new)
        except (sqlite3.Error, OSError) as error:
            raise files.trouble(source, error) from error
        if found:
            raise Damaged(f"{source} is damaged: {found[0]}")
        failed.pop_all()
    return new


def _put_aside(path: Path) -> Path | None:
    """Give the database at *path* another name, and what is beside it, and say which.

    The names fit each other: it can be opened there, or be restored in its turn.
    """
    there = [each for each in [path, *files.beside(path)] if each.exists()]
    if not there:
        return None
    names = (path.with_name(f"{path.name}.replaced-{n}") for n in count(1))
    aside = next(
        name
        for name in names
        if not any(each.exists() for each in [name, *files.beside(name)])
    )
    for each in there:
        each.rename(aside.with_name(aside.name + each.name.removeprefix(path.name)))
    return aside


def _copy(source: Path, target: Path) -> list[str]:
    """Copy it, and say what is wrong with the copy."""
    with (
        closing(files.connect(source, "ro")) as here,
        closing(files.connect(target, "rw")) as there,
    ):
        # While it is read from here it stays as it is for us: otherwise every
        # commit of the server would make the copy begin again.
        here.execute("BEGIN")
        here.execute("SELECT last_id FROM meta").fetchone()
        here.backup(there, pages=_STEP)
        here.execute("ROLLBACK")
        # All of it in one file.
        there.execute("PRAGMA journal_mode = DELETE")
        found = schema.faults(there, "integrity_check")
        if not found and retention.forgetting(there):
            there.executescript(_FORGET)
        return found
