"""The reader: what is kept, for an operator who asks, while a server writes.

It has a connection that cannot write and needs no lock.  What is long is read page
by page: as long as somebody reads, the log cannot begin again, and whoever pages
through an export with ``less`` would make it grow without end.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from chat.domain import names, recall, snapshot
from chat.domain.limits import Limits
from chat.domain.ports import Trouble
from chat.domain.records import Audited, Kept, KeptAccount, KeptRoom, Line
from chat.domain.state import Room, State, User
from chat.domain.views import Who
from chat.store import files, places, rows, schema

_PAGE: Final = 1000
_LOBBY_ID: Final = 0
# Before all ids.
_START: Final = -1
# After all of them.
_NEVER: Final = 2**63
# Where they are in a row of lines.
_PLACE: Final = 0
_ID: Final = 3

_LINES: Final = """
    SELECT place, ifnull(rooms.name, ''), room, readable.id, at, kind,
        account, source, text, target, tags, reply_to
    FROM readable LEFT JOIN rooms ON rooms.id = room
    WHERE room >= 0 AND at >= ? AND place > ? ORDER BY place LIMIT ?
"""
# What was said and what happened are apart in `places`, each in order, and some of it
# may not be filed yet.
_LINES_OF_ROOM: Final = """
    SELECT place, rooms.name, room, line.id, at, kind,
        account, source, text, target, tags, reply_to
    FROM (
        SELECT * FROM (
            SELECT readable.* FROM places CROSS JOIN readable USING (place)
            WHERE places.room = ?1 AND places.event = 0 AND places.id > ?3
            AND at >= ?2 ORDER BY places.id LIMIT ?4
        )
        UNION ALL SELECT * FROM (
            SELECT readable.* FROM places CROSS JOIN readable USING (place)
            WHERE places.room = ?1 AND places.event = 1 AND places.id > ?3
            AND at >= ?2 ORDER BY places.id LIMIT ?4
        )
        UNION ALL SELECT * FROM readable
        WHERE place > (SELECT filed FROM meta)
        AND room = ?1 AND at >= ?2 AND id > ?3
        ORDER BY id LIMIT ?4
    ) AS line LEFT JOIN rooms ON rooms.id = room ORDER BY line.id
"""
_AUDIT: Final = """
    SELECT id, at, act, who, about, address FROM audit
    WHERE at >= ? AND (id, act, who, about) > (?, ?, ?, ?)
    ORDER BY id, act, who, about LIMIT ?
"""
_COUNTS: Final = """
    SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM conversations),
        (SELECT count(*) FROM rooms WHERE NOT sealed),
        (SELECT count(*) FROM rooms WHERE sealed),
        (SELECT count(*) FROM accounts), (SELECT count(*) FROM links),
        (SELECT count(*) FROM audit), (SELECT count(*) FROM forgetting),
        (SELECT last_id FROM meta)
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A line, and what its room is called, or was."""

    room: str
    line: Line


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is; `bytes` is what it takes on the disk, log and all."""

    lines: int
    conversations: int
    rooms: int
    sealed: int
    accounts: int
    links: int
    audited: int
    forgetting: int
    last_id: int
    bytes: int


class Reader:
    """Looks at the database in *folder*, and changes nothing."""

    def __init__(self, folder: Path, lobby: str = "#lobby") -> None:
        """Open it.  *lobby* is what the lobby is called, which always exists.

        Raises:
            Trouble: there is none, or it cannot be read.
        """
        self._path = folder / files.NAME
        self._lobby = lobby
        if not self._path.exists():
            raise Trouble(f"{self._path} does not exist")
        try:
            self._connection = files.connect(self._path, "ro")
        except sqlite3.Error as error:
            raise files.trouble(self._path, error) from error

    def lines(
        self,
        room: str | None = None,
        since: int = 0,
        floors: Mapping[int, int] | None = None,
    ) -> Iterator[Told]:
        """What happened in all rooms, or in those called *room*, *since* (ms).

        Oldest first.  A name may have been that of several rooms, one after the
        other.  What accounts said to one another alone is nobody else's.  If there
        are *floors*, only of those rooms, and from those ids on.
        """
        for told in self._lines(room, since):
            line = told.line
            if floors is None or floors.get(line.room, _NEVER) <= line.id:
                yield told

    def floors(self) -> dict[int, int]:
        """From which id on anybody may read what was said in a room, if anybody may."""
        with self._reading():
            found = {each.id: _floor(each) for each in self.rooms()}
        return {room: floor for room, floor in found.items() if floor is not None}

    def _lines(self, room: str | None, since: int) -> Iterator[Told]:
        if room is None:
            yield from self._told(_LINES, (since,), _PLACE)
            return
        fold = names.fold(room)
        called = {each.id for each in self.rooms() if each.fold == fold}
        if fold == names.fold(self._lobby):
            called.add(_LOBBY_ID)
        for number in sorted(called):
            yield from self._told(_LINES_OF_ROOM, (number, since), _ID)

    def audit(self, since: int = 0) -> Iterator[Audited]:
        """Who did what *since* (ms), oldest first."""
        after: tuple[Any, ...] = (_START, "", "", "")
        while found := self._all(_AUDIT, (since, *after, _PAGE)):
            with self._reading():
                page = [rows.audited(row) for row in found]
            yield from page
            number, _, act, who, about, _ = found[-1]
            after = (number, act, who, about)

    def rooms(self) -> list[KeptRoom]:
        """All rooms there are, and were."""
        with self._reading():
            return rows.rooms(self._connection)

    def kept(self) -> Kept:
        """What a house would begin with."""
        with self._reading():
            return rows.kept(self._connection)

    def accounts(self) -> list[KeptAccount]:
        """All accounts."""
        with self._reading():
            return rows.accounts(self._connection)

    def counts(self) -> Counts:
        """How much there is."""
        (found,) = self._all(_COUNTS, ())
        there = [self._path, *files.beside(self._path)]
        size = sum(each.stat().st_size for each in there if each.exists())
        values: list[int] = [*found, size]
        return Counts(*values)

    def integrity(self) -> list[str]:
        """What is wrong with the database: nothing, if all is well."""
        with self._reading():
            found = schema.faults(self._connection, "integrity_check")
            return found or places.faults(self._connection)

    def schema(self) -> tuple[int, int]:
        """The version of the database, and the one that this program writes."""
        with self._reading():
            return schema.version(self._connection), schema.newest()

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()

    def _told(self, sql: str, which: tuple[int, ...], key: int) -> Iterator[Told]:
        """All lines, page by page; the next page begins after the *key* of the last."""
        after = _START
        while found := self._all(sql, (*which, after, _PAGE)):
            with self._reading():
                page = [Told(self._name(row), rows.line(row[2:])) for row in found]
            yield from page
            after = found[-1][key]

    def _name(self, row: rows.Row) -> str:
        return row[1] or (self._lobby if row[2] == _LOBBY_ID else "")

    def _all(self, sql: str, values: tuple[Any, ...]) -> list[rows.Row]:
        with self._reading():
            return self._connection.execute(sql, values).fetchall()

    def _reading(self) -> AbstractContextManager[None]:
        return files.reading(self._path)


def _floor(kept: KeptRoom) -> int | None:
    """From which id on a stranger could read what was said in a room; or None.

    He is asked as anybody is; nobody can enter a room that is no more.
    """
    if kept.is_sealed:
        return None
    room = Room(kept.id, 0, kept.name, kept.fold)
    snapshot.set_up_again(room, kept.state)
    return recall.floor(State(Limits(), room), User(0, "", Who("", "", "", "")), room)
