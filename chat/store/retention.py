"""Retention: what has been kept long enough goes, a slice at a time.

A slice is a transaction of its own and no longer than a turn may be: whoever wants
more to go asks again later.
"""

import sqlite3
from typing import Final

from chat.store import rows

# Rows that one slice deletes.
SLICE: Final = 1000
# Rows that it looks at, to find those of one account: there is no index for it.
_LOOKED_AT: Final = 10_000

# What was said and what happened are apart in the index, each in order.
_TRIM_HISTORY: Final = """
    DELETE FROM messages WHERE place IN (
        SELECT place FROM (
            SELECT * FROM (
                SELECT id, place FROM messages
                WHERE room = :room AND event = 0 AND id < :before
                ORDER BY id LIMIT :most
            )
            UNION ALL SELECT * FROM (
                SELECT id, place FROM messages
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
    rows.forget_empty(connection, room)
    return deleted


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
