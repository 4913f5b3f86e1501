"""Memory: a store that forgets everything when the process ends (``--no-store``).

It keeps the promises of the database.  What has no end there, history and audit,
has one here: the oldest make way.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from secrets import token_bytes
from typing import Final, TypeVar

from chat.domain.extracts import Scope, Seek
from chat.domain.order import START
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
)
from chat.domain.state import Stamp
from chat.store.scan import Scan

# Lines that are kept, and as many deeds.
MOST: Final = 10_000

_K = TypeVar("_K")
_V = TypeVar("_V")


class MemoryStore:
    """Keeps the promises of `Store`, for as long as it lives."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._secret = token_bytes(32)
        self._last_id = 0
        self._last_at = 0
        self._rooms: dict[int, KeptRoom] = {}
        self._accounts: dict[int, KeptAccount] = {}
        self._links: dict[int, KeptLink] = {}
        # By what makes them one: written twice, they are there once.
        self._lines: OrderedDict[tuple[int, int, int], Line] = OrderedDict()
        self._audit: OrderedDict[tuple[object, ...], Audited] = OrderedDict()

    def load(self) -> Kept:
        """What a house begins with."""
        return Kept(
            self._last_id,
            tuple(_in_order(self._rooms)),
            tuple(_in_order(self._accounts)),
            tuple(_in_order(self._links)),
            self._last_at,
        )

    def secret(self) -> bytes:
        """The same as long as it lives."""
        return self._secret

    def write(self, records: Sequence[Record], reached: Stamp = START) -> None:
        """Keep them in mind."""
        self._last_id = max(self._last_id, reached.id)
        self._last_at = max(self._last_at, reached.at)
        for record in records:
            self._last_id = max(self._last_id, record.id)
            self._put(record)

    def lines(self) -> list[Line]:
        """What happened, as far as it is kept."""
        return list(self._lines.values())

    def audit(self) -> list[Audited]:
        """Who did what, as far as it is kept."""
        return list(self._audit.values())

    # What can be read of what was said: to be built.

    def page(self, _scope: Scope, _page: Page, _until: int) -> Extracted:
        """A page of what was said, or happened."""
        return Extracted([], is_end=True)

    def tally(
        self, _scope: Scope, _after: Point, _until: int, _own: int, _nick: str
    ) -> Tally:
        """How much was said after a point."""
        return Tally(0, 0, 0, is_least=False)

    def last(self, _scope: Scope, _until: int) -> Point | None:
        """What was said last."""
        return None

    def conversations(self, _account: int, _until: int) -> list[Conversation]:
        """Those of an account."""
        return []

    def delivered(self, _account: int, _device: str) -> int | None:
        """Up to which id that device has been told all."""
        return None

    def seek(
        self, seek: Seek, until: int, is_late: Callable[[], bool]
    ) -> Callable[[], Found]:
        """What searches, in what there is now."""
        names = {number: each.name for number, each in self._accounts.items()}
        return Scan([*self._lines.values()], names, seek, until, is_late).found

    def is_stale(self) -> bool:
        """There is never anything to prepare for searching."""
        return False

    def index(self) -> bool:
        """There is never anything to prepare for searching."""
        return False

    def close(self) -> None:
        """Nothing is held that has to be let go."""

    def _put(self, record: Record) -> None:  # noqa: C901 - flat
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
            case KeptVisit() | KeptRead() | Delivered():
                # To be built.
                return

    def _put_line(self, line: Line) -> None:
        key = line.room, line.id, line.peer and line.account
        there = self._lines.setdefault(key, line)
        if there is not line and there != line:
            raise Taken(f"there is a line {line.id} already")
        _cut(self._lines, self._most)

    def _put_room(self, room: KeptRoom) -> None:
        if room.is_sealed:
            # Only the database tells anybody what it was called.
            self._rooms.pop(room.id, None)
            return
        # As it would be if it had been written: nobody else's to change.
        state = json.loads(json.dumps(room.state))
        self._rooms[room.id] = replace(room, state=state)

    def _forget(self, forgotten: ForgottenAccount) -> None:
        account = self._accounts.pop(forgotten.id, None)
        if forgotten.words and account is not None:
            self._audit = OrderedDict(
                (key, _without(account.name, each)) for key, each in self._audit.items()
            )
        if forgotten.words:
            self._lines = OrderedDict(
                (key, line)
                for key, line in self._lines.items()
                if forgotten.id not in (line.account, line.peer)
            )


def _without(name: str, audited: Audited) -> Audited:
    """*audited*, of which stays that it was done, but not by or to *name*."""
    if audited.who == name:
        audited = replace(audited, who="", address="")
    return replace(audited, about="") if audited.about == name else audited


def _in_order(kept: dict[int, _V]) -> list[_V]:
    return [kept[number] for number in sorted(kept)]


def _cut(kept: OrderedDict[_K, _V], most: int) -> None:
    """Let the oldest go that are too many.

    To find the first of a plain dict takes the longer the more went before it.
    """
    while len(kept) > most:
        kept.popitem(last=False)
