"""History: what was said, as the database tells it.

All of it is asked on the loop, so nothing here may take longer than a page of lines
does: every question goes by `places` or an index, to as many rows as will be told,
however long the history is.  A time is found among the ids by halving, since both only
grow.  Whoever asks has had everything filed before (see `store.places`).
"""

import sqlite3
from functools import partial
from typing import Any, Final

from chat.domain import pages
from chat.domain.extracts import Scope
from chat.domain.pages import COUNTED, Window
from chat.domain.ports import Conversation, Extracted, Tally
from chat.domain.questions import Page, Point
from chat.domain.records import Line
from chat.store import rows

# Conversations of one account that are looked at, those in which was spoken last.
CONVERSATIONS: Final = 1000

_COLUMNS: Final = """
    room, id, at, kind, account, source, text, target, tags, reply_to
"""
# What was said (event = 0) and what happened are apart in `places`, each in order.
_ORDERED: Final = """
    SELECT {columns} FROM places CROSS JOIN readable USING (place, room, id)
    WHERE room = :room AND places.event = {event} AND id >= :low AND id < :high
    ORDER BY id {way} LIMIT :most
"""
_BOTH: Final = """
    SELECT * FROM ({said}) UNION ALL SELECT * FROM ({happened})
    ORDER BY id {way} LIMIT :most
"""
_NEXT: Final = """
    SELECT id, at FROM places CROSS JOIN messages USING (place, room, id)
    WHERE room = ? AND places.event = {event} AND id >= ? ORDER BY id LIMIT 1
"""
_CONVERSATION: Final = "SELECT id FROM conversations WHERE (a, b) = (?, ?)"
# Each with what was said last in it, unless that is not to be told.
_CONVERSATIONS: Final = """
    SELECT mine.id, peer, name, line.id, line.at, line.account, source, target FROM (
        SELECT * FROM (
            SELECT id, b AS peer, last FROM conversations
            WHERE a = :account AND b NOT IN (SELECT account FROM forgetting)
            ORDER BY last DESC LIMIT :most
        )
        UNION ALL SELECT * FROM (
            SELECT id, a AS peer, last FROM conversations
            WHERE b = :account AND a <> b
            AND a NOT IN (SELECT account FROM forgetting)
            ORDER BY last DESC LIMIT :most
        )
        ORDER BY last DESC LIMIT :most
    ) AS mine LEFT JOIN accounts ON accounts.id = peer
    LEFT JOIN places ON places.room = mine.id AND places.event = 0
    AND places.id = mine.last AND places.id < :until
    LEFT JOIN messages AS line ON line.place = places.place AND redacted_by = 0
"""
_DELIVERED: Final = "SELECT id FROM delivered WHERE (account, device) = (?, ?)"


def _ordered(way: str, *, has_events: bool, columns: str = _COLUMNS) -> str:
    said, happened = (
        _ORDERED.format(columns=columns, event=event, way=way) for event in (0, 1)
    )
    return _BOTH.format(said=said, happened=happened, way=way) if has_events else said


# By whether events are told as well, and whether it is read backwards.
_WINDOW: Final = {
    (has_events, is_back): _ordered("DESC" if is_back else "ASC", has_events=has_events)
    for has_events in (False, True)
    for is_back in (False, True)
}
_LAST: Final = _ordered("DESC", has_events=False, columns="id, at")
_TALLIED: Final = _ordered("ASC", has_events=False, columns="at, account, text")
_LAST_SAID: Final = _ordered(
    "DESC", has_events=False, columns="id, at, account, source, target"
)


def page(
    connection: sqlite3.Connection, scope: Scope, page: Page, until: int
) -> Extracted:
    """A page of what was said, or happened."""
    room = _room(connection, scope)
    if room is None:
        return Extracted([], is_end=True)
    has_events = page.has_events

    def read(window: Window) -> list[Line]:
        sql = _WINDOW[has_events, window.is_back]
        values = _values(room, window.low, window.high, window.most)
        return [_line(row, scope) for row in connection.execute(sql, values)]

    kinds = (0, 1) if has_events else (0,)
    first = partial(_first, connection, room, kinds, scope.floor, until)
    return pages.collect(page, scope.floor, until, first, read)


def tally(  # noqa: PLR0913, PLR0917 - all but the first are the question
    connection: sqlite3.Connection,
    scope: Scope,
    after: Point,
    until: int,
    own: int,
    nick: str,
) -> Tally:
    """How much others than *own* said after a point, and how much of it names *nick*.

    Of `COUNTED` lines at most, the oldest.
    """
    room = _room(connection, scope)
    if room is None:
        return Tally(0, 0, 0, is_least=False)
    first = partial(_first, connection, room, (0,), scope.floor, until)
    low = min(max(scope.floor, pages.after(after, first)), until)
    values = _values(room, low, until, COUNTED + 1)
    found = connection.execute(_TALLIED, values).fetchall()
    return pages.counted(found[:COUNTED], own, nick, is_least=len(found) > COUNTED)


def last(connection: sqlite3.Connection, scope: Scope, until: int) -> Point | None:
    """What was said last."""
    room = _room(connection, scope)
    if room is None:
        return None
    values = _values(room, scope.floor, until, 1)
    found = connection.execute(_LAST, values).fetchone()
    return Point(*found) if found else None


def conversations(
    connection: sqlite3.Connection, account: int, until: int
) -> list[Conversation]:
    """Those of *account* in which anything was said, the latest first."""
    values = {"account": account, "most": CONVERSATIONS, "until": until}
    found = []
    told = connection.execute(_CONVERSATIONS, values).fetchall()
    for room, peer, name, *line in told:
        latest = line
        if line[0] is None:
            before = _values(room, 0, until, 1)
            latest = connection.execute(_LAST_SAID, before).fetchone()
        if latest is not None:
            number, at, speaker, source, target = latest
            called = source.partition("!")[0] if speaker == peer else target
            is_gone = name is None
            found.append(Conversation(peer, name or called, number, at, is_gone))
    return sorted(found, key=lambda each: -each.id)


def delivered(connection: sqlite3.Connection, account: int, device: str) -> int | None:
    """Up to which id that device has been told all."""
    found = connection.execute(_DELIVERED, (account, device)).fetchone()
    return int(found[0]) if found else None


def _room(connection: sqlite3.Connection, scope: Scope) -> int | None:
    """The number under which messages of *scope* are; None if there are none."""
    if not scope.peer:
        return scope.room
    between = min(scope.account, scope.peer), max(scope.account, scope.peer)
    found = connection.execute(_CONVERSATION, between).fetchone()
    return int(found[0]) if found else None


def _line(row: rows.Row, scope: Scope) -> Line:
    """What *row* says; of two, to whom."""
    if not scope.peer:
        return rows.line(row)
    return rows.line(row, scope.peer if row[4] == scope.account else scope.account)


def _first(  # noqa: PLR0913, PLR0917 - all but the last is where
    connection: sqlite3.Connection,
    room: int,
    kinds: tuple[int, ...],
    low: int,
    high: int,
    at: int,
) -> int:
    """The id of the first line of those *kinds* at or after *at*, or *high*."""
    asks = [_NEXT.format(event=kind) for kind in kinds]

    def probe(number: int) -> Point | None:
        found = [connection.execute(ask, (room, number)).fetchone() for ask in asks]
        return min((Point(*each) for each in found if each), default=None)

    return pages.find(at, low, high, probe)


def _values(room: int, low: int, high: int, most: int) -> dict[str, Any]:
    return {"room": room, "low": low, "high": high, "most": most}
