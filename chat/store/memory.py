"""Memory: a store that forgets everything when the process ends (``--no-store``).

It keeps the promises of the database.  What has no end there, history and audit,
has one here: the oldest make way.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from secrets import token_bytes
from typing import Any, Final, TypeVar

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
)
from chat.domain.state import Stamp
from chat.store.scan import Scan

# Lines that are kept, and as many deeds.
MOST: Final = 10_000

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
            tuple(_in_order(self._visits)),
            tuple(_in_order(self._reads)),
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
        while self.keep and self._lines:
            line = next(iter(self._lines.values()))
            if line.at >= self._last_at - self.keep:
                break
            self._lines.popitem(last=False)

    def lines(self) -> list[Line]:
        """What happened, as far as it is kept."""
        return list(self._lines.values())

    def audit(self) -> list[Audited]:
        """Who did what, as far as it is kept."""
        return list(self._audit.values())

    # What can be read of what was said.

    def page(self, scope: Scope, page: Page, until: int) -> Extracted:
        """A page of what was said, or happened."""
        lines = self._lines_of(scope, until, has_events=page.has_events)
        first = partial(_first, lines, until)

        def read(window: Window) -> list[Line]:
            found = [line for line in lines if window.low <= line.id < window.high]
            return (found[::-1] if window.is_back else found)[: window.most]

        return pages.collect(page, scope.floor, until, first, read)

    def tally(
        self, scope: Scope, after: Point, until: int, own: int, nick: str
    ) -> Tally:
        """How much others said after a point; so many lines are looked at, no more."""
        lines = self._lines_of(scope, until)
        low = pages.after(after, partial(_first, lines, until))
        said = [(line.at, line.account, line.text) for line in lines if line.id >= low]
        return counted(said[:COUNTED], own, nick, is_least=len(said) > COUNTED)

    def last(self, scope: Scope, until: int) -> Point | None:
        """What was said last."""
        lines = self._lines_of(scope, until)
        return Point(lines[-1].id, lines[-1].at) if lines else None

    def conversations(self, account: int, until: int) -> list[Conversation]:
        """Those of an account."""
        latest: dict[int, Line] = {}
        for line in self._lines.values():
            if line.peer and account in (line.account, line.peer):
                if line.id >= until or line.deed not in SAID:
                    continue
                peer = line.peer if line.account == account else line.account
                latest[peer] = line
        return sorted(
            (self._conversation(peer, line) for peer, line in latest.items()),
            key=lambda each: -each.id,
        )

    def delivered(self, account: int, device: str) -> int | None:
        """Up to which id that device has been told all."""
        return self._delivered.get((account, device))

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

    def _lines_of(
        self, scope: Scope, until: int, *, has_events: bool = False
    ) -> list[Line]:
        """What was said, or happened, in a scope, oldest first."""
        ends = {scope.account, scope.peer} if scope.peer else set[int]()
        return sorted(
            (
                line
                for line in self._lines.values()
                if (has_events or line.deed in SAID)
                and scope.floor <= line.id < until
                and ({line.account, line.peer} if line.peer else set()) == ends
                and line.room == scope.room
            ),
            key=lambda line: line.id,
        )

    def _conversation(self, peer: int, line: Line) -> Conversation:
        """That with the account *peer*, in which *line* was said last."""
        if peer in self._accounts:
            name, is_gone = self._accounts[peer].name, False
        else:
            called = line.source.partition("!")[0]
            name, is_gone = called if line.account == peer else line.target, True
        return Conversation(peer, name, line.id, line.at, is_gone)

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
            case KeptVisit(_, account, room):
                self._visits[account, room] = record
            case KeptRead(_, account, peer):
                self._reads[account, peer] = record
            case Delivered():
                self._put_delivered(record)

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
            self._lines = OrderedDict(
                (key, line)
                for key, line in self._lines.items()
                if forgotten.id not in (line.account, line.peer)
            )


def _first(lines: list[Line], until: int, at: int) -> int:
    return next((line.id for line in lines if line.at >= at), until)


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
