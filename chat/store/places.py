"""Places: where the messages of a room are, kept up behind the writing.

A message is added behind all others, which costs next to nothing.  To say in `places`
where it is costs as much again, and much more in a busy house: each room has pages of
its own there, and a turn has a few lines for each.  So while few lines are said each is
filed with its turn; while many are, they wait until they are three thousand, and then
a page takes ten of them instead of two.

Nobody notices: whoever asks, or deletes, has what waits filed before.  How far that is
done is written down with it (`meta.filed`), so that a crash changes nothing.
"""

import sqlite3
from typing import Final

# With fewer lines than that in a turn, all are filed at once.  Of forty, in as many
# rooms, it would be half of what the turn costs the disk.
FEW: Final = 16
# Once so many wait they are filed, which takes six milliseconds if they were said in a
# hundred rooms, and fifteen in a thousand.  A third as many at a time cost nearly twice
# as much each; twice as many save a quarter, and keep their turn twice as long.
MANY: Final = 3000

_LAST: Final = "SELECT ifnull(max(place), 0) FROM messages"
_WAITING: Final = f"SELECT ({_LAST}) - filed FROM meta"  # noqa: S608 - ours
# If two were one, which nobody writes, all the others would still be found.
_FILE: Final = """
    INSERT INTO places (room, event, id, place)
    SELECT room, event, id, place FROM messages
    WHERE place > (SELECT filed FROM meta)
    ON CONFLICT (room, event, id) DO NOTHING
"""
_FILED: Final = f"UPDATE meta SET filed = ({_LAST})"  # noqa: S608 - ours
# Each message in its place, and nothing else in any.
_WRONG: Final = """
    SELECT max(messages, places) - found FROM (
        SELECT (SELECT count(*) FROM places) AS places,
            (SELECT count(*) FROM messages WHERE place <= filed) AS messages,
            (SELECT count(*) FROM messages JOIN places USING (place, room, event, id)
            WHERE place <= filed) AS found
        FROM meta
    )
"""


class Places:
    """Files messages, in the transactions of whoever writes them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # Lines that were added, and rows that were changed here to file them.
        self.lines = self.filed = 0
        # How many may wait; None if it has to be looked up.
        self._waiting: int | None = None

    def waiting(self) -> int:
        """How many messages wait, or did before some of them were deleted."""
        if self._waiting is None:
            (waiting,) = self._connection.execute(_WAITING).fetchone()
            self._waiting = max(waiting, 0)
        return self._waiting

    def added(self, count: int) -> None:
        """So many messages were added: file them if they are few, or very many wait."""
        self.lines += count
        if self._waiting is not None:
            self._waiting += count
        if count < FEW or self.waiting() >= MANY:
            self.file()

    def file(self) -> None:
        """File all that waits."""
        if self.waiting():
            for statement in _FILE, _FILED:
                self.filed += self._connection.execute(statement).rowcount
            self._waiting = 0

    def lost_count(self) -> None:
        """A transaction has failed, and nobody knows how many wait now."""
        self._waiting = None


def faults(connection: sqlite3.Connection) -> list[str]:
    """What is wrong with what is filed: nothing, if all is well."""
    (wrong,) = connection.execute(_WRONG).fetchone()
    return [f"{wrong} messages are not where they are looked for"] if wrong else []
