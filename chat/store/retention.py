"""Retention: what has been kept long enough goes, a slice at a time.

A slice is a transaction of its own and no longer than a turn may be: whoever wants
more to go asks again later.  What was said has been filed before, and is taken out of
`places` as it goes.
"""

import sqlite3
from typing import Final

from chat.store import rows

# Rows that one slice deletes.
SLICE: Final = 1000
# Of what was said it is less, for that is in `places` as well; and those of one room
# are each on a page of their own, if people talk elsewhere, too.
OLDEST: Final = 400
SURPLUS: Final = 150
# Rows that it looks at, to find those of one account: there is no index for it.
_LOOKED_AT: Final = 10_000

# Those that it counts, and what it costs to begin with another room.
_COUNTED: Final = 8_000
_ROOM: Final = 20
# Pages that may be free: what is said next goes there.
SPARE: Final = 250
# Pages that one slice gives back.
PAGES: Final = 250
# And that are given back at the end: some tens of milliseconds.
LAST_PAGES: Final = 1000

_LAST: Final = 2**63 - 1
_NEXT_ROOM: Final = """
    SELECT min(room) FROM places WHERE room > ifnull(?, -9223372036854775808)
"""
_OLDEST: Final = "SELECT place, room, at FROM messages ORDER BY place LIMIT ?"
_COUNT: Final = """
    SELECT count(*), min(id) FROM (
        SELECT * FROM (
            SELECT id FROM places WHERE room = :room AND event = 0 AND id < :below
            ORDER BY id DESC LIMIT :most
        )
        UNION ALL SELECT * FROM (
            SELECT id FROM places WHERE room = :room AND event = 1 AND id < :below
            ORDER BY id DESC LIMIT :most
        )
        ORDER BY id DESC LIMIT :most
    )
"""
_FORGET_EMPTY_CONVERSATION: Final = """
    DELETE FROM conversations WHERE id = ?
    AND NOT EXISTS (SELECT 1 FROM places WHERE room = conversations.id)
"""
# What was said and what happened are apart in `places`, each in order.
_TRIM_HISTORY: Final = """
    DELETE FROM messages WHERE place IN (
        SELECT place FROM (
            SELECT * FROM (
                SELECT id, place FROM places
                WHERE room = :room AND event = 0 AND id < :before
                ORDER BY id LIMIT :most
            )
            UNION ALL SELECT * FROM (
                SELECT id, place FROM places
                WHERE room = :room AND event = 1 AND id < :before
                ORDER BY id LIMIT :most
            )
        ) ORDER BY id LIMIT :most
    )
"""


def forgetting(connection: sqlite3.Connection) -> list[int]:
    """The accounts whose words are being deleted."""
    found = connection.execute("SELECT account FROM forgetting ORDER BY account")
    return [account for (account,) in found]


def trim_audit(connection: sqlite3.Connection, before: int, most: int) -> int:
    """Delete what was audited before *before* (ms), the oldest first."""
    return connection.execute(
        """
        DELETE FROM audit WHERE (id, act, who, about) IN (
            SELECT id, act, who, about FROM audit WHERE at < ? ORDER BY at, id LIMIT ?
        )
        """,
        (before, most),
    ).rowcount


def trim_history(
    connection: sqlite3.Connection, room: int, before: int, most: int
) -> int:
    """Delete what happened in *room* before the message *before*, oldest first.

    A sealed room of which nothing is left goes with it.
    """
    values = {"room": room, "before": before, "most": most}
    deleted = connection.execute(_TRIM_HISTORY, values).rowcount
    _forget_empty(connection, room)
    return deleted


def trim_oldest(connection: sqlite3.Connection, before: int, most: int) -> int:
    """Delete what happened before *before* (ms), wherever it was, oldest first.

    Rows are where they are in the order in which they were written, so only the
    first are looked at.
    """
    found = connection.execute(_OLDEST, [most]).fetchall()
    gone = [(place, room) for place, room, at in found if at < before]
    if gone:
        connection.executemany(
            "DELETE FROM messages WHERE place = ?", [(place,) for place, _ in gone]
        )
    for room in dict.fromkeys(room for _, room in gone):
        _forget_empty(connection, room)
    return len(gone)


def used_bytes(connection: sqlite3.Connection) -> int:
    """How much of the database is in use: what is free could be given back."""
    return (_pragma(connection, "page_count") - free_pages(connection)) * _pragma(
        connection, "page_size"
    )


def free_pages(connection: sqlite3.Connection) -> int:
    """Pages of which nothing is in use."""
    return _pragma(connection, "freelist_count")


def give_back(connection: sqlite3.Connection, most: int, spare: int = SPARE) -> bool:
    """Give pages back that are free, but for some: whether there was any.

    The file is shorter after the next checkpoint.
    """
    if free_pages(connection) <= spare:
        return False
    # As a script: it gives one page back each time that it is stepped.
    connection.executescript(f"PRAGMA incremental_vacuum({most})")
    return True


class Surplus:
    """Goes from room to room, and deletes what is more than so many lines.

    To count the lines of a room may take longer than a slice, so it remembers where
    it was.
    """

    def __init__(self) -> None:
        self._lines = 0
        # The room that is counted, or was last; how many of its lines were, and the
        # lowest id of those.
        self._room: int | None = None
        self._counted = 0
        self._below = _LAST
        self._is_counting = False

    def trim(
        self, connection: sqlite3.Connection, lines: int, most: int
    ) -> tuple[int, bool]:
        """Do a slice: how many were deleted, and whether to go on."""
        if lines != self._lines:
            self._lines = lines
            self._begin(None)
        looked = 0
        while looked < _COUNTED:
            if not self._is_counting and not self._next_room(connection):
                return 0, False
            looked += _ROOM + self._count(connection)
            if self._is_counting and self._counted == lines:
                deleted = trim_history(connection, self._room or 0, self._below, most)
                self._is_counting = deleted == most
                if deleted:
                    return deleted, True
        return 0, True

    def _begin(self, room: int | None) -> None:
        self._room, self._counted, self._below = room, 0, _LAST
        self._is_counting = room is not None

    def _next_room(self, connection: sqlite3.Connection) -> bool:
        """Begin with the next room in which anything happened; False after the last."""
        (room,) = connection.execute(_NEXT_ROOM, [self._room]).fetchone()
        self._begin(room)
        return room is not None

    def _count(self, connection: sqlite3.Connection) -> int:
        """Count on in this room, if there is more: how many were."""
        wanted = min(self._lines - self._counted, _COUNTED)
        if not wanted:
            return 0
        values = {"room": self._room, "below": self._below, "most": wanted}
        found, lowest = connection.execute(_COUNT, values).fetchone()
        self._counted += found
        self._below = lowest or 0
        self._is_counting = found == wanted
        return int(found)


def trim_words(connection: sqlite3.Connection, account: int, most: int) -> int:
    """Delete what *account* said, and both sides of its conversations.

    A slice may find few, or none: there is more to do for as long as the account is
    among those in `forgetting`.
    """
    found = connection.execute(
        "SELECT reached FROM forgetting WHERE account = ?", [account]
    ).fetchone()
    if found is None:
        return 0
    start = found[0]
    (end,) = connection.execute(
        """
        SELECT max(place) FROM (
            SELECT place FROM messages WHERE place > ? ORDER BY place LIMIT ?
        )
        """,
        (start, _LOOKED_AT),
    ).fetchone()
    if end is None:
        _finish(connection, account)
        return 0
    deleted = connection.execute(
        """
        DELETE FROM messages WHERE place IN (
            SELECT place FROM messages WHERE place > ? AND place <= ? AND (
                account = ?
                OR room IN (
                    SELECT id FROM conversations WHERE a = ?
                    UNION ALL SELECT id FROM conversations WHERE b = ?
                )
            ) LIMIT ?
        )
        """,
        (start, end, account, account, account, most),
    ).rowcount
    if deleted < most:
        connection.execute(
            "UPDATE forgetting SET reached = ? WHERE account = ?", (end, account)
        )
    return deleted


def _finish(connection: sqlite3.Connection, account: int) -> None:
    connection.execute("DELETE FROM conversations WHERE a = ?", [account])
    connection.execute("DELETE FROM conversations WHERE b = ?", [account])
    connection.execute("DELETE FROM forgetting WHERE account = ?", [account])


def _forget_empty(connection: sqlite3.Connection, room: int) -> None:
    """Forget that there was a *room* or a conversation, of which nothing is left."""
    if room < 0:
        connection.execute(_FORGET_EMPTY_CONVERSATION, [room])
    else:
        rows.forget_empty(connection, room)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    found: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return found
