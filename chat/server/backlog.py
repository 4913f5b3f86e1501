"""The backlog: what could not be written down yet, and waits for its turn.

A disk may stay full for a day, so this is bounded: beyond `RECORDS` or `TEXT` the
newest lines are lost, and each room where that happened gets a mark in its history
that says how many.  The mark has the id of the first that was lost, so it stands
exactly where they would have stood.

What says how something *is* now, a room or an account, is never lost.  It takes the
place of what was said of the same thing before, so there is only one of each.  But
what is forgotten comes last: words that still wait here must be gone with it.
"""

from collections.abc import Callable, Sequence
from itertools import count, islice
from typing import Final, TypeAlias

from chat.domain.records import (
    Audited,
    Deed,
    ForgottenAccount,
    ForgottenLink,
    KeptAccount,
    KeptLink,
    KeptRoom,
    Line,
    Record,
)

RECORDS: Final = 10_000
# Bytes of what people wrote.
TEXT: Final = 8 * 1024 * 1024

# What a record is about: "room", "account" or "link" with an id; the others are
# numbered as they come.
_Key: TypeAlias = tuple[str, int]
# Where a line was said: a room, or between which two accounts.
_Place: TypeAlias = tuple[int, int, int]


class Backlog:
    """Records in the order in which they will be written."""

    def __init__(self) -> None:
        self._waiting: dict[_Key, Record] = {}
        self._numbers = count()
        self._text = 0
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
            case Audited():
                if self._is_full():
                    self.lost += 1
                else:
                    self._append(record)
            case ForgottenAccount():
                self._waiting.pop(("account", record.id), None)
                self._append(record)
            case ForgottenLink():
                self._waiting.pop(("link", record.id), None)
                self._append(record)
            case KeptRoom() | KeptAccount() | KeptLink():
                self._waiting[_key(record)] = record

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

    def _add_line(self, line: Line) -> None:
        place = _place(line)
        if not line.peer:
            self.rooms.setdefault(line.room, 0)
        if self._is_full(_size(line)):
            first, lines = self._gaps.get(place, (line, 0))
            self._gaps[place] = (first, lines + 1)
            self.lost += 1
            if not line.peer:
                self.rooms[line.room] += 1
            return
        self._mark(place)
        self._append(line)

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


def _key(record: KeptRoom | KeptAccount | KeptLink) -> _Key:
    match record:
        case KeptRoom():
            return "room", record.id
        case KeptAccount():
            return "account", record.id
        case KeptLink():
            return "link", record.id


def _place(line: Line) -> _Place:
    if line.peer:
        one, other = sorted((line.account, line.peer))
        return 0, one, other
    return line.room, 0, 0


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
