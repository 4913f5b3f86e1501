"""The backlog: what could not be written down yet, and waits for its turn.

A disk may stay full for a day, so this is bounded: beyond `RECORDS` or `TEXT` the
newest lines are lost, and each room where that happened gets a mark in its history
that says how many.  The mark has the id of the first that was lost, so it stands
exactly where they would have stood.

What says how something *is* now, a room or an account, takes the place of what was
said of the same thing before, so there is only one of each; of what came and went
meanwhile nothing is left.  Beyond `THINGS` of them the next is lost too.  What is
forgotten, or over, comes last: words that still wait here must be gone with it.
"""

import sys
from collections.abc import Callable, Sequence
from itertools import count, islice
from typing import Final, TypeAlias

from chat.domain.records import (
    Audited,
    Deed,
    Delivered,
    ForgottenAccount,
    ForgottenLink,
    KeptAccount,
    KeptLink,
    KeptRead,
    KeptRoom,
    KeptVisit,
    Line,
    Lines,
    Record,
)

RECORDS: Final = 10_000
# Rooms, accounts and links that have changed, or are no more.
THINGS: Final = 10_000
# Bytes of what people wrote.
TEXT: Final = 8 * 1024 * 1024

# What a record is about: "room", "account" or "link" with an id, whether that is, or
# is "no" more; or an account and its "visit" to a room, what it has "read" of
# somebody, or was "delivered" on a device.  The others are numbered as they come.
_Key: TypeAlias = tuple[str, int] | tuple[str, int, int | str]
_End: TypeAlias = ForgottenAccount | ForgottenLink | KeptRoom
_Thing: TypeAlias = _End | KeptAccount | KeptLink
_Reading: TypeAlias = KeptVisit | KeptRead | Delivered
_KINDS: Final = {
    KeptRoom: "room",
    KeptAccount: "account",
    ForgottenAccount: "account",
    KeptLink: "link",
    ForgottenLink: "link",
}
_READ: Final = frozenset({"visit", "read", "delivered"})
# Where a line was said: a room, or between which two accounts.
_Place: TypeAlias = tuple[int, int, int]


class Backlog:
    """Records in the order in which they will be written.

    *written* tells beyond which id the store has never heard of anything.
    """

    def __init__(self, written: Callable[[], int] = lambda: sys.maxsize) -> None:
        self._written = written
        self._waiting: dict[_Key, Record] = {}
        self._numbers = count()
        self._text = 0
        # How many of those are not numbered.
        self._things = 0
        # The first line that was lost in a place since its last mark, and how many.
        self._gaps: dict[_Place, tuple[Line, int]] = {}
        # The rooms of which something has waited here, and how many lines each lost.
        self.rooms: dict[int, int] = {}
        # Everything that was lost.
        self.lost = 0

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting) + len(self._gaps)

    def add(self, record: Record) -> None:
        """Have *record* wait, unless it is one too many."""
        match record:
            case Line():
                self._add_line(record)
            case Lines():
                for line in record.each():
                    self._add_line(line)
            case Audited():
                if self._is_full():
                    self.lost += 1
                else:
                    self._append(record)
            case KeptVisit() | KeptRead() | Delivered():
                self._put(_key(record), record)
            case _:
                self._add_thing(_KINDS[type(record)], record)

    def shift(self, most: int, write: Callable[[Sequence[Record]], None]) -> None:
        """Have *write* take up to *most* of the oldest; all stay if it raises."""
        if len(self._waiting) < most:
            for place in list(self._gaps):
                self._mark(place)
        oldest = list(islice(self._waiting.items(), most))
        write([record for _, record in oldest])
        for key, record in oldest:
            del self._waiting[key]
            self._text -= _size(record)
            self._things -= key[0] != ""

    def _add_thing(self, kind: str, record: _Thing) -> None:
        match record:
            case ForgottenAccount(words=True):
                # With its name, which the audit trail is to forget as well.
                self._drop_reading(record)
                self._put((f"no {kind}", record.id), record)
            case ForgottenAccount() | ForgottenLink() | KeptRoom(is_sealed=True):
                self._end(kind, record)
            case _:
                self._put((kind, record.id), record)

    def _put(self, key: _Key, record: Record) -> None:
        """Have *record* stand where the last one of the same thing stood."""
        if key not in self._waiting:
            if self._things >= THINGS:
                self.lost += 1
                return
            self._things += 1
        self._waiting[key] = record

    def _end(self, kind: str, record: _End) -> None:
        """Have *record* come last, unless the store has never heard of the thing."""
        if isinstance(record, KeptRoom):
            self._mark((record.id, 0, 0))
        self._drop_reading(record)
        waited = self._waiting.pop((kind, record.id), None)
        self._things -= waited is not None
        if waited is None or record.id <= self._written() or self._has_lines(record):
            self._put((f"no {kind}", record.id), record)

    def _drop_reading(self, record: _End) -> None:
        """Nobody will ask who had read how far of what is no more."""
        gone: list[_Key] = []
        if isinstance(record, ForgottenAccount):
            mine = [key for key in self._waiting if key[0] in _READ]
            gone = [key for key in mine if key[1] == record.id]
        if isinstance(record, KeptRoom):
            visits = [key for key in self._waiting if key[0] == "visit"]
            gone = [key for key in visits if key[-1] == record.id]
        for key in gone:
            del self._waiting[key]
            self._things -= 1

    def _has_lines(self, record: _End) -> bool:
        """Whether there may be lines here of a room."""
        if not isinstance(record, KeptRoom):
            return False
        return record.id in self.rooms or len(self.rooms) >= RECORDS

    def _add_line(self, line: Line) -> None:
        if not line.peer and len(self.rooms) < RECORDS:
            self.rooms.setdefault(line.room, 0)
        if self._is_full(_size(line)):
            self._lose(line)
            return
        self._mark(_place(line))
        self._append(line)

    def _lose(self, line: Line) -> None:
        self.lost += 1
        if not line.peer and line.room in self.rooms:
            self.rooms[line.room] += 1
        place = _place(line)
        if place in self._gaps or len(self._gaps) < RECORDS:
            first, lines = self._gaps.get(place, (line, 0))
            self._gaps[place] = (first, lines + 1)

    def _mark(self, place: _Place) -> None:
        """Say how many are missing here, if any are."""
        if place in self._gaps:
            first, lines = self._gaps.pop(place)
            self._append(
                Line(
                    id=first.id,
                    at=first.at,
                    room=first.room,
                    deed=Deed.GAP,
                    source="",
                    text=str(lines),
                    account=first.account if first.peer else 0,
                    peer=first.peer,
                )
            )

    def _append(self, record: Record) -> None:
        self._waiting["", next(self._numbers)] = record
        self._text += _size(record)

    def _is_full(self, more: int = 0) -> bool:
        return len(self) >= RECORDS or self._text + more > TEXT


def _place(line: Line) -> _Place:
    if line.peer:
        one, other = sorted((line.account, line.peer))
        return 0, one, other
    return line.room, 0, 0


def _key(record: _Reading) -> _Key:
    match record:
        case KeptVisit(_, account, room):
            return "visit", account, room
        case KeptRead(_, account, peer):
            return "read", account, peer
        case Delivered(_, account, device):
            return "delivered", account, device


def _size(record: Record) -> int:
    """Bytes of what people wrote in it."""
    match record:
        case Line():
            written = record.text + record.tags + record.source
        case Audited():
            written = record.about
        case _:
            return 0
    return len(written.encode(errors="replace"))
