"""Finding: one search in the index, from the newest line to the oldest.

The index proposes lines, the newest first, by their places; each is compared with
what was asked, and read in the database.  Ids and times grow with the places, so what
is asked about these says between which places to look.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Final, NamedTuple

from chat.domain.extracts import Scope, Seek
from chat.domain.names import fold
from chat.domain.ports import Found
from chat.domain.records import Line
from chat.store import rows
from chat.store.query import LONG, Query, has_parts, signs, small, tokens, understood

# Steps of SQLite's machine between two looks at the clock: a few milliseconds.
_STEPS: Final = 50_000
# Lines that are compared between two such looks.
_COMPARED: Final = 200
# With more rooms and conversations than that, nobody is helped by naming them all.
_MARKED: Final = 200
# Of a long part so many threes are looked up: with these it is rare enough.
_THREES: Final = 8

_BETWEEN: Final = "SELECT id FROM chat.conversations WHERE (a, b) = (?, ?)"
# If there is none it is not filed yet, and comes after all that is; or is nowhere.
_FIRST: Final = """
    SELECT ifnull((
        SELECT place FROM chat.places
        WHERE room = ? AND event = 0 AND id >= ? ORDER BY id LIMIT 1
    ), filed + 1) FROM chat.meta
"""
_CANDIDATES: Final = """
    SELECT entries.* FROM {table} CROSS JOIN entries ON place = {table}.rowid
    WHERE {table} MATCH ? AND {table}.rowid >= ? AND {table}.rowid < ? {more}
    ORDER BY {table}.rowid DESC
"""
# Each by itself: both at once would be looked for in all of them.
_ENDS: Final = """
    SELECT ifnull((SELECT min(place) FROM entries), 0),
        ifnull((SELECT max(place) + 1 FROM entries), 0)
"""
# The plus has it made up once, instead of asking `parts` for each of them.
_ALSO: Final = "AND +parts.rowid IN (SELECT rowid FROM words WHERE words MATCH ?)"
_ALL: Final = """
    SELECT entries.* FROM entries WHERE place >= ? AND place < ? {more}
    ORDER BY place DESC
"""
# Not with those whose accounts are gone: their names may be somebody else's now.
_OF_ACCOUNT: Final = """
    SELECT talk.id, accounts.name, talk.peer FROM (
        SELECT id, b AS peer FROM chat.conversations WHERE a = ?
        UNION SELECT id, a AS peer FROM chat.conversations WHERE b = ?
    ) AS talk CROSS JOIN chat.accounts ON accounts.id = talk.peer
"""
_READ: Final = """
    SELECT room, id, at, kind, account, source, text, target, tags, reply_to
    FROM chat.readable WHERE place = ?
"""


class _Place(NamedTuple):
    """A room in which may be searched from an id on, or a conversation of two."""

    name: str
    floor: int = 0
    both: int = 0


class _Entry(NamedTuple):
    """What the index has of a line."""

    place: int
    id: int
    at: int
    room: int
    nick: str
    text: str


class Finding:
    """A search that is under way."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        seek: Seek,
        until: int,
        is_late: Callable[[], bool],
    ) -> None:
        self._connection = connection
        self._seek = seek
        self._asked = seek.asked
        self._until = until
        self._is_late = is_late
        self._speaker = fold(seek.asked.speaker)
        self._where: dict[int, _Place] = {}
        self._found: list[tuple[str, Line]] = []
        self._is_cut = False

    def found(self) -> Found:
        """What there is, the oldest first."""
        self._connection.set_progress_handler(self._is_late, _STEPS)
        try:
            self._find(understood(self._asked.text))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            self._is_cut = True
        finally:
            self._connection.set_progress_handler(None, 0)
        most = self._asked.most
        is_end = not self._is_cut and len(self._found) <= most
        return Found(self._found[:most][::-1], self._is_cut, is_end)

    def _find(self, query: Query) -> None:
        self._look_where()
        until = min(self._until, self._asked.below or self._until)
        self._gather(query, until, self._asked.most + 1)
        wider = query.widened()
        if self._found or self._is_cut or wider is None:
            return
        # Which of the two is searched for, the newest page decides for all others.
        if self._asked.below and next(self._matching(query, self._until), None):
            return
        self._gather(wider, until, self._asked.most + 1)

    def _gather(self, query: Query, until: int, most: int) -> None:
        for each in self._matching(query, until):
            self._found.append(each)
            if len(self._found) == most:
                return

    def _look_where(self) -> None:
        """Find out in which rooms and conversations to look."""
        for scope in self._seek.scopes:
            self._add(scope)
        account = self._seek.account
        if account:
            found = self._connection.execute(_OF_ACCOUNT, (account, account))
            for room, name, peer in found.fetchall():
                self._where.setdefault(room, _Place(name, both=account + peer))

    def _add(self, scope: Scope) -> None:
        if not scope.peer:
            self._where[scope.room] = _Place(scope.name, scope.floor)
            return
        pair = sorted((scope.account, scope.peer))
        for (room,) in self._connection.execute(_BETWEEN, pair).fetchall():
            self._where[room] = _Place(scope.name, scope.floor, sum(pair))

    # Between which places to look.

    def _limits(self, until: int) -> tuple[int, int]:
        """The first place to look at, and the one at which to stop."""
        if not self._where:
            return 0, 0
        first = min(
            self._one(_FIRST, room, place.floor)[0]
            for room, place in self._where.items()
        )
        end = self._place_of("id", until)
        if self._asked.after:
            first = max(first, self._place_of("at", self._asked.after))
        if self._asked.before:
            end = min(end, self._place_of("at", self._asked.before + 1))
        return first, end

    def _place_of(self, what: str, least: int) -> int:
        """The first place at which there is *least* or more, be it in use or not."""
        low, high = self._one(_ENDS)
        look = f"SELECT place, {what} FROM entries WHERE place >= ? LIMIT 1"  # noqa: S608
        while low < high:
            middle = (low + high) // 2
            place, there = self._one(look, middle)
            if there >= least:
                high = middle
            else:
                low = place + 1
        return low

    def _one(self, question: str, *about: int) -> tuple[int, ...]:
        """The only row that answers *question*; an empty one if there is none."""
        found = self._connection.execute(question, about).fetchall()
        return found[0] if found else ()

    # What the index proposes, and what of it is right.

    def _matching(self, query: Query, until: int) -> Iterator[tuple[str, Line]]:
        """What fits *query* below the id *until*, the newest first."""
        first, end = self._limits(until)
        if first >= end:
            return
        question, about = self._question(query, first, end)
        with closing(self._connection.execute(question, about)) as candidates:
            for count, row in enumerate(candidates, 1):
                if count % _COMPARED == 0 and self._is_late():
                    self._is_cut = True
                    return
                entry = _Entry(*row)
                if self._fits(query, until, entry) and (line := self._read(entry)):
                    yield self._where[entry.room].name, line

    def _question(
        self, query: Query, first: int, end: int
    ) -> tuple[str, list[str | int]]:
        """What to ask of the index, and the values in it."""
        more, about = "", list[str | int]()
        words = self._in_words(query)
        if threes := _threes(part for part in query.parts if not signs(part)):
            table, match = "parts", self._in_parts(threes)
            if words:
                more, about = _ALSO, [" AND ".join(words)]
        else:
            table, match = "words", " AND ".join([*words, *self._who_and_where()])
        for part in query.parts:
            # Where there is no case, SQLite compares as we do, and faster.
            if len(part) < LONG and part == part.upper():
                more += " AND instr(entries.text, ?)"
                about.append(part)
        if not match:
            return _ALL.format(more=more), [first, end, *about]
        return _CANDIDATES.format(table=table, more=more), [match, first, end, *about]

    def _in_words(self, query: Query) -> list[str]:
        """What `words` is asked about the text."""
        terms = [f"text : {_quoted(word)}" for word in query.words]
        found = filter(None, map(signs, query.parts))
        return terms + [f"signs : {_quoted(each)}" for each in found]

    def _who_and_where(self) -> list[str]:
        """And about who has said it, and where."""
        terms = []
        if tokens(self._speaker):
            terms.append(f"nick : {_quoted(self._asked.speaker)}")
        if marks := self._marks():
            terms.append(f"mark : ({marks})")
        return terms

    def _in_parts(self, threes: list[str]) -> str:
        # Columns cannot be told apart here; whoever is right is among them.
        terms = [*threes, *_threes((small(self._asked.speaker),))]
        if marks := self._marks():
            terms.append(f"({marks})")
        return " AND ".join(terms)

    def _marks(self) -> str:
        """Any of the rooms, unless they are too many."""
        if len(self._where) > _MARKED:
            return ""
        return " OR ".join(_quoted(mark(room)) for room in self._where)

    def _fits(self, query: Query, until: int, entry: "_Entry") -> bool:
        """Whether a candidate is what was asked for, but for its words."""
        asked, place = self._asked, self._where.get(entry.room)
        return (
            place is not None
            and place.floor <= entry.id < until
            and asked.after <= entry.at
            and (not asked.before or entry.at <= asked.before)
            and (not self._speaker or fold(entry.nick) == self._speaker)
            and has_parts(entry.text, query.parts)
        )

    def _read(self, entry: "_Entry") -> Line | None:
        """The line itself, if it may still be read."""
        found = self._connection.execute(_READ, [entry.place]).fetchall()
        if not found or found[0][:3] != (entry.room, entry.id, entry.at):
            return None
        (row,) = found
        both = self._where[entry.room].both
        return rows.line(row, both - row[4] if both else 0)


def mark(room: int) -> str:
    """What stands for *room* in the index: three characters for private use.

    They are one word to both kinds of search.  Of very many rooms two may have the
    same, which does no harm: what is found is compared.
    """
    number = abs(room) * 2 + (room < 0)
    digits = number, number // 6000, number // 6000**2
    return "".join(chr(0xE000 + digit % 6000) for digit in digits)


def _threes(parts: Iterable[str]) -> list[str]:
    """The threes of characters in all long *parts*, each once."""
    found = dict.fromkeys(
        part[start : start + LONG]
        for part in parts
        for start in [*range(0, len(part) - LONG, LONG), len(part) - LONG][-_THREES:]
        if start >= 0
    )
    return [_quoted(three) for three in found]


def _quoted(text: str) -> str:
    """*text* as the index is asked for it, in which nothing is a command."""
    return '"' + text.replace('"', '""') + '"'
