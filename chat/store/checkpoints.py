"""Checkpoints: what was committed moves from the log to the database itself.

A commit only appends to the log (``-wal``); moving costs more than committing did,
and waits for the disk.  So a helper thread does it on a connection of its own,
while the loop goes on committing, and neither waits for the other.

The log begins again from its start with the first commit that finds all of it
moved, and nobody reading what is older.  While every turn commits, there is always
one more commit in it than the helper has moved; then `Database.finish` moves the
last few frames on the connection that writes, between two commits, and the next
commit begins the log again.  Blocking kinds of checkpoint would do it from here, and
make commits fail meanwhile.

A log that begins again is cut off, unless it was said that it is to be used again
(`Database.reuse_log`): then what was in it is overwritten bit by bit.
"""

import sqlite3
from pathlib import Path

from chat.store import files


class Checkpoints:
    """A connection that only moves what was committed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = files.connect(path, "rw", threads=True)
        # Opens what it needs, so that nothing is opened later.
        passive(self._connection)

    def checkpoint(self) -> tuple[int, int]:
        """Move what can be moved now: frames in the log, and frames moved.

        For a helper thread, one call at a time.

        Raises:
            Trouble: the disk does not take it.
        """
        try:
            return passive(self._connection)
        except sqlite3.Error as error:
            raise files.trouble(self._path, error) from error

    def close(self) -> None:
        """Let go of it, when no checkpoint is under way."""
        self._connection.close()


def passive(connection: sqlite3.Connection) -> tuple[int, int]:
    """Move what is in nobody's way: frames in the log, and frames moved."""
    _, frames, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return frames, moved
