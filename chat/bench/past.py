"""The past: a data folder of a house in which much has been said.

A month of talk by two hundred guests, evenly over the rooms, in words that are as
common and as rare as in any language (Zipf's law).  The same seed gives the same
past.  There are accounts as well: *joiners*, each of whom was in every room until
some lines ago, and *returners*, who were cut off and have ten rooms to catch up with.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import accumulate, islice, product
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from chat import scram
from chat.domain import names, remembered
from chat.domain.records import (
    Deed,
    Delivered,
    KeptAccount,
    KeptVisit,
    Line,
    Record,
)
from chat.domain.state import Room, Stamp
from chat.store.database import Database

PASSWORD: Final = "as bench people do"  # noqa: S105 - nobody's
ROUNDS: Final = 4096
MONTH: Final = 30 * 24 * 3600 * 1000
# The rooms that a returner has to catch up with.
RETURNS_TO: Final = 10

_SPEAKERS: Final = 200
_WORDS: Final = 20_000
_WORDS_A_LINE: Final = (4, 6, 8, 9, 10, 12, 16)
_SYLLABLES: Final = tuple(
    "".join(parts) for parts in product("bdfglmnprstvz", ("a", "e", "i", "o", "u"))
)
# A joiner has missed so many lines of a room at least, and at most.
_MISSED: Final = (30, 190)
# And a returner about so many of each.
_UNREAD: Final = 30
_AT_ONCE: Final = 20_000
# Rooms and accounts come first in the order.
_FIRST_LINE: Final = 100_000


class Place(NamedTuple):
    """A line of the past: the room where it was said, its id and its time."""

    room: str
    id: int
    at: int


@dataclass(slots=True)
class Past:
    """What was said: *lines* in *count* rooms until *now* (ms)."""

    lines: int
    count: int
    now: int
    joiners: int
    returners: int
    random: Random = field(init=False)
    rooms: list[str] = field(init=False)
    speakers: list[str] = field(init=False)
    words: list[str] = field(init=False)
    _rooms_of: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(1)  # noqa: S311 - for a past that repeats
        self.rooms = [f"#room{number:02}" for number in range(self.count)]
        self.speakers = [f"speaker{number}" for number in range(_SPEAKERS)]
        # All different, and the first ones, which are common, no rarer than they look.
        drawn = self.random.sample(range(len(_SYLLABLES) ** 3), _WORDS)
        self.words = [*map(_word, drawn)]
        numbers = range(self.count)
        self._rooms_of = bytes(self.random.choices(numbers, k=self.lines))

    def place(self, number: int) -> Place:
        """Where the line with that *number* is."""
        at = self._began + number * MONTH // self.lines
        return Place(self.rooms[self._rooms_of[number]], self._id(number), at)

    def near(self, number: int, lines: int) -> Place:
        """A line of the same room, about so many *lines* later, or its last one."""
        room = self._rooms_of[number]
        found = self._rooms_of.find(room, number + lines * self.count)
        return self.place(found if found >= 0 else self._rooms_of.rfind(room))

    def write(self, folder: Path) -> None:
        """Write all of it into a *folder* that is there, ready to be searched."""
        last = Stamp(self._id(self.lines), self.now)
        with closing(Database(folder)) as database:
            database.write([*self._rooms(), *self._accounts()])
            said = self._lines()
            while lines := [*islice(said, _AT_ONCE)]:
                database.write(lines)
                # Or the log would be as long as the whole.
                database.finish()
            database.write([], last)
            while database.index():
                pass

    @property
    def _began(self) -> int:
        return self.now - MONTH

    def _id(self, number: int) -> int:
        return (self._began << 20) + _FIRST_LINE + number

    def _room_id(self, number: int) -> int:
        return (self._began << 20) + 1 + number

    def _rooms(self) -> Iterator[Record]:
        for number, name in enumerate(self.rooms):
            made = Room(self._room_id(number), self._began, name, names.fold(name))
            yield remembered.room(made)

    def _accounts(self) -> Iterator[Record]:
        credential = scram.derive(PASSWORD, ROUNDS)
        first = self._room_id(self.count)
        for number in range(self.joiners + self.returners):
            account = first + number
            name = joiner(number)
            if number >= self.joiners:
                name = returner(number - self.joiners)
            yield KeptAccount(account, name, names.fold(name), self._began, credential)
            if number < self.joiners:
                yield from self._left(account)
            else:
                yield from self._cut_off(account)

    def _left(self, account: int) -> Iterator[Record]:
        """Somebody has left every room, each at another time."""
        least, most = _MISSED
        for room in range(self.count):
            back = self.random.randint(least, most)
            left = self._id(self._last_but(back, room))
            yield self._visit(account, room, left)
        yield Delivered(self._id(0), account)

    def _cut_off(self, account: int) -> Iterator[Record]:
        """Somebody was in some rooms when the connection was lost."""
        for room in self.random.sample(range(self.count), min(RETURNS_TO, self.count)):
            yield self._visit(account, room)
        behind = min(_UNREAD * self.count, self.lines)
        yield Delivered(self._id(self.lines - behind), account)

    def _visit(self, account: int, room: int, left: int = 0) -> KeptVisit:
        since = self._id(0)
        return KeptVisit(max(since, left), account, self._room_id(room), since, left)

    def _last_but(self, lines: int, room: int) -> int:
        """The number of a line with so many *lines* of its room behind it, or of 0."""
        number = self.lines
        for _ in range(lines + 1):
            number = self._rooms_of.rfind(room, 0, number)
            if number < 0:
                return 0
        return number

    def _lines(self) -> Iterator[Line]:
        weights = [*accumulate(1 / rank for rank in range(1, _WORDS + 1))]
        first = self._room_id(0)
        for number, room in enumerate(self._rooms_of):
            length = self.random.choice(_WORDS_A_LINE)
            text = " ".join(
                self.random.choices(self.words, cum_weights=weights, k=length)
            )
            who = self.random.choice(self.speakers)
            _, id_, at = self.place(number)
            source = f"{who}!{who}@past.example"
            yield Line(id_, at, first + room, Deed.SAY, source, text)


def joiner(number: int) -> str:
    """What the account of a joiner is called."""
    return f"joiner{number}"


def returner(number: int) -> str:
    """What the account of a returner is called."""
    return f"returner{number}"


def _word(number: int) -> str:
    count = len(_SYLLABLES)
    parts = number % count, number // count % count, number // count**2
    return "".join(_SYLLABLES[part] for part in parts)
