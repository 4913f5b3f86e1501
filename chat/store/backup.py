"""Backups: a copy of the database as it is at one moment, while a server writes.

The copy is one file that can be put in the place of the database.  What somebody
has asked to be forgotten is not in it, even if it is still being deleted here.
"""

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from chat.domain.ports import Trouble
from chat.store import files, retention, schema
from chat.store.files import Damaged

# Pages that are copied before others may have the processor.
_STEP: Final = 1000

_FORGET: Final = """
    PRAGMA secure_delete = ON;
    BEGIN;
    DELETE FROM messages WHERE rowid NOT IN (SELECT place FROM readable);
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
