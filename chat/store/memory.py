"""Memory: a store that forgets everything when the process ends (``--no-store``).

It keeps the promises of the database.  What has no end there, history and audit,
has one here: the oldest make way.

People talk far more than they ask what was said, so a line that is written is only
put behind the others.  It is filed by its room, or by whom it is between, when the
next question comes; and the oldest go many at a time.
"""

import json
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter
from secrets import token_bytes
from typing import Any, Final, NamedTuple, TypeVar

from chat.domain import pages
from chat.domain.extracts import Scope, Seek
from chat.domain.order import START
from chat.domain.pages import COUNTED, SAID, Window, counted
from chat.domain.ports import Conversation, Extracted, Found, Taken, Tally
from chat.domain.questions import Page, Point
from chat.domain.records import (
    Audited,
    Delivered,
    ForgottenAccount,
    ForgottenLink,
    Kept,
    KeptAccount,
    KeptLink,
    KeptRead,
    KeptRoom,
    KeptVisit,
    Line,
    Record,
    Single,
    taken_apart,
)
from chat.domain.state import Stamp
from chat.store.scan import Scan

# Lines that are kept, and as many deeds; of lines that are too many a quarter goes.
MOST: Final = 10_000
# How often it is looked for what was kept long enough (ms).
ROUND: Final = 60_000

_ID: Final = attrgetter("id")
_AT: Final = attrgetter("at")

_K = TypeVar("_K", bound=Any)
_V = TypeVar("_V")


class MemoryStore:
    """Keeps the promises of `Store`, for as long as it lives."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        # For how long (ms) lines are kept; 0 as long as there is room.
        self.keep = 0
        self._secret = token_bytes(32)
        self._last_id = 0
        self._last_at = 0
        self._rooms: dict[int, KeptRoom] = {}
        self._accounts: dict[int, KeptAccount] = {}
        self._links: dict[int, KeptLink] = {}
        # By account, and room, fold or device.
        self._visits: dict[tuple[int, int], KeptVisit] = {}
        self._reads: dict[tuple[int, str], KeptRead] = {}
        self._delivered: dict[tuple[int, str], int] = {}
        # In the order of what makes them one: written twice, they are there once.
        self._lines: list[Line] = []
        # The first of them where questions look for them, as many as are filed: by
        # room, and by both accounts.
        self._filed = 0
        self._halls: dict[int, _Place] = {}
        self._talks: dict[int, dict[int, _Place]] = {}
        # When it was last looked for old ones.
        self._looked_at = 0
        self._audit: OrderedDict[tuple[object, ...], Audited] = OrderedDict()

    def load(self) -> Kept:
        """What a house begins with."""
        return Kept(
            self._last_id,
            tuple(_in_order(self._rooms)),
            tuple(_in_order(self._accounts)),
            tuple(_in_order(self._links)),
            self._last_at,
            tuple(_in_order(self._visits)),
            tuple(_in_order(self._reads)),
        )

    def secret(self) -> bytes:
        """The same as long as it lives."""
        return self._secret

    def write(self, records: Sequence[Record], reached: Stamp = START) -> None:
        """Keep them in mind."""
        last_id = self._lines[-1].id if self._lines else -1
        for record in taken_apart(records):
            if type(record) is Line and record.id > last_id:
                last_id = record.id
                self._lines.append(record)
            else:
                self._last_id = max(self._last_id, record.id)
                self._put(record)
        self._last_id = max(self._last_id, last_id, reached.id)
        self._last_at = max(self._last_at, reached.at)
        if len(self._lines) > self._most:
            self._drop(len(self._lines) - self._most + self._most // 4)
        if self.keep and self._last_at >= self._looked_at + ROUND:
            self._looked_at = self._last_at
            self._drop(bisect_left(self._lines, self._last_at - self.keep, key=_AT))

    def lines(self) -> list[Line]:
        """What happened, as far as it is kept."""
        return list(self._lines)

    def audit(self) -> list[Audited]:
        """Who did what, as far as it is kept."""
        return list(self._audit.values())

    # What can be read of what was said.

    def page(self, scope: Scope, page: Page, until: int) -> Extracted:
        """A page of what was said, or happened."""
        place = self._place(scope)
        lines = place.all if page.has_events else place.said
        first = partial(_first, lines, scope.floor, until)
        read = partial(_read, lines)
        return pages.collect(page, scope.floor, until, first, read)

    def tally(
        self, scope: Scope, after: Point, until: int, own: int, nick: str
    ) -> Tally:
        """How much others said after a point; so many lines are looked at, no more."""
        lines = self._place(scope).said
        low = pages.after(after, partial(_first, lines, scope.floor, until))
        window = Window(max(scope.floor, low), until, COUNTED + 1, is_back=False)
        said = [(line.at, line.account, line.text) for line in _read(lines, window)]
        return counted(said[:COUNTED], own, nick, is_least=len(said) > COUNTED)

    def last(self, scope: Scope, until: int) -> Point | None:
        """What was said last."""
        window = Window(scope.floor, until, 1, is_back=True)
        found = _read(self._place(scope).said, window)
        return Point(found[0].id, found[0].at) if found else None

    def conversations(self, account: int, until: int) -> list[Conversation]:
        """Those of an account."""
        self._file()
        window = Window(0, until, 1, is_back=True)
        found = [
            self._conversation(peer, line)
            for peer, place in self._talks.get(account, {}).items()
            for line in _read(place.said, window)
        ]
        return sorted(found, key=lambda each: -each.id)

    def delivered(self, account: int, device: str) -> int | None:
        """Up to which id that device has been told all."""
        return self._delivered.get((account, device))

    def seek(
        self, seek: Seek, until: int, is_late: Callable[[], bool]
    ) -> Callable[[], Found]:
        """What searches, in what there is now."""
        names = {number: each.name for number, each in self._accounts.items()}
        return Scan([*self._lines], names, seek, until, is_late).found

    def is_stale(self) -> bool:
        """There is never anything to prepare for searching."""
        return False

    def index(self) -> bool:
        """There is never anything to prepare for searching."""
        return False

    def close(self) -> None:
        """Nothing is held that has to be let go."""

    def _place(self, scope: Scope) -> "_Place":
        """What there is in a scope."""
        self._file()
        if scope.peer:
            found = self._talks.get(scope.account, {}).get(scope.peer)
        else:
            found = self._halls.get(scope.room)
        return found or _NOTHING

    def _file(self) -> None:
        """Have what is new where questions look for it."""
        for line in self._lines[self._filed :]:
            place = None if line.peer else self._halls.get(line.room)
            (place or self._opened(line)).add(line)
        self._filed = len(self._lines)

    def _opened(self, line: Line) -> "_Place":
        """The place of *line*, where each finds it who may ask for it."""
        if not line.peer:
            return self._halls.setdefault(line.room, _Place([], []))
        one, other = line.account, line.peer
        place = self._talks.setdefault(one, {}).setdefault(other, _Place([], []))
        return self._talks.setdefault(other, {}).setdefault(one, place)

    def _drop(self, count: int) -> None:
        """Let so many go, the oldest."""
        if count:
            del self._lines[:count]
            self._file_again()

    def _file_again(self) -> None:
        """Have all lines filed anew with the next question.

        To take one by one out of their places takes longer, and happens more often.
        """
        self._filed = 0
        self._halls.clear()
        self._talks.clear()

    def _conversation(self, peer: int, line: Line) -> Conversation:
        """That with the account *peer*, in which *line* was said last."""
        if peer in self._accounts:
            name, is_gone = self._accounts[peer].name, False
        else:
            called = line.source.partition("!")[0]
            name, is_gone = called if line.account == peer else line.target, True
        return Conversation(peer, name, line.id, line.at, is_gone)

    def _put(  # noqa: C901, PLR0912 - flat
        self, record: Single
    ) -> None:
        match record:
            case Line():
                self._put_line(record)
            case Audited(number, _, act, who, about):
                self._audit.setdefault((number, act, who, about), record)
                _cut(self._audit, self._most)
            case KeptRoom():
                self._put_room(record)
            case KeptAccount():
                self._accounts[record.id] = record
            case ForgottenAccount():
                self._forget(record)
            case KeptLink():
                self._links[record.id] = record
            case ForgottenLink(number):
                self._links.pop(number, None)
            case KeptVisit(_, account, room, since=0, left=0, back=0, read=0):
                self._visits.pop((account, room), None)
            case KeptRead(_, account, peer, at=0):
                self._reads.pop((account, peer), None)
            case KeptVisit(_, account, room):
                self._visits[account, room] = record
            case KeptRead(_, account, peer):
                self._reads[account, peer] = record
            case Delivered():
                self._put_delivered(record)

    def _put_line(self, line: Line) -> None:
        """Put *line* where it belongs, which is not behind all others."""
        found = bisect_left(self._lines, _key(line), key=_key)
        there = self._lines[found : found + 1]
        if there and _key(there[0]) == _key(line):
            if there[0] != line:
                raise Taken(f"there is a line {line.id} already")
            return
        self._lines.insert(found, line)
        if found < self._filed:
            self._file_again()

    def _put_room(self, room: KeptRoom) -> None:
        if room.is_sealed:
            # Only the database tells anybody what it was called.
            self._rooms.pop(room.id, None)
            self._visits = {
                key: visit for key, visit in self._visits.items() if key[1] != room.id
            }
            return
        # As it would be if it had been written: nobody else's to change.
        state = json.loads(json.dumps(room.state))
        self._rooms[room.id] = replace(room, state=state)

    def _put_delivered(self, delivered: Delivered) -> None:
        # A session may end after its account; of one that is gone nothing is kept.
        if delivered.account in self._accounts:
            key = delivered.account, delivered.device
            self._delivered[key] = max(delivered.id, self._delivered.get(key, 0))

    def _forget_reading(self, gone: int) -> None:
        """Forget what an account has read, and how far others have read of it."""
        name = self._accounts[gone].fold if gone in self._accounts else None
        self._visits = {
            key: visit for key, visit in self._visits.items() if key[0] != gone
        }
        self._reads = {
            key: read
            for key, read in self._reads.items()
            if key[0] != gone and key[1] != name
        }
        self._delivered = {
            key: number for key, number in self._delivered.items() if key[0] != gone
        }

    def _forget(self, forgotten: ForgottenAccount) -> None:
        self._forget_reading(forgotten.id)
        account = self._accounts.pop(forgotten.id, None)
        if forgotten.words and account is not None:
            self._audit = OrderedDict(
                (key, _without(account.name, each)) for key, each in self._audit.items()
            )
        if forgotten.words:
            self._lines = [
                line
                for line in self._lines
                if forgotten.id not in (line.account, line.peer)
            ]
            self._file_again()


class _Place(NamedTuple):
    """The lines of a room, or of two accounts, by their ids.

    `all` that happened, and what of it was `said`.
    """

    all: list[Line]
    said: list[Line]

    def add(self, line: Line) -> None:
        """Put *line* behind those that were there."""
        self.all.append(line)
        if line.deed in SAID:
            self.said.append(line)


_NOTHING: Final = _Place([], [])


def _key(line: Line) -> tuple[int, int, int]:
    return line.id, line.room, line.peer and line.account


def _first(lines: list[Line], floor: int, until: int, at: int) -> int:
    """The id of the first of *lines* at or after *at*, or *until*."""
    low, high = (bisect_left(lines, number, key=_ID) for number in (floor, until))
    found = bisect_left(lines, at, low, high, key=_AT)
    return lines[found].id if found < high else until


def _read(lines: list[Line], window: Window) -> list[Line]:
    """Those of *lines* that are in *window*, as `pages.Read` has it."""
    low, high = (bisect_left(lines, number, key=_ID) for number in window[:2])
    if window.is_back:
        return lines[max(low, high - window.most) : high][::-1]
    return lines[low : min(high, low + window.most)]


def _without(name: str, audited: Audited) -> Audited:
    """*audited*, of which stays that it was done, but not by or to *name*."""
    if audited.who == name:
        audited = replace(audited, who="", address="")
    return replace(audited, about="") if audited.about == name else audited


def _in_order(kept: dict[_K, _V]) -> list[_V]:
    return [kept[key] for key in sorted(kept)]


def _cut(kept: OrderedDict[_K, _V], most: int) -> None:
    """Let the oldest go that are too many.

    To find the first of a plain dict takes the longer the more went before it.
    """
    while len(kept) > most:
        kept.popitem(last=False)
