"""Talk at full speed: twenty people who say numbers, and read those of the others."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from sqlite3 import connect
from typing import Final

from chat.store.reader import Reader
from tests.faults.people import Crowd, Person

# Nobody is slowed down, or dropped because this process is slower than the server.
SETTINGS: Final = (
    "limits.enabled=false",
    f"limits.outbox_soft={64 << 20}",
    f"limits.outbox_hard={64 << 20}",
    f"limits.outbox_total={512 << 20}",
)
TALKERS: Final = 20
# Bytes that a talker has always ready, so that it never pauses.
_READY: Final = 4096
# What is said: who it was, in which round, and the number of it.
_SAID: Final = re.compile(rb"\b\w+ said r\d+n\d+(?=\r?\n)")


@dataclass(frozen=True, slots=True)
class Found:
    """What the store holds of a round, and whether it is whole."""

    lines: list[str]
    is_whole: bool


class Talk:
    """Twenty people in the lobby: half on plain, half on IRC."""

    def __init__(self, crowd: Crowd, round_: int = 0) -> None:
        self._crowd = crowd
        self._round = round_
        self._count = 0
        half = TALKERS // 2
        plain = [crowd.comes(f"pat{n}") for n in range(half)]
        irc = [crowd.arrives(f"ira{n}", "JOIN #lobby") for n in range(half)]
        for number, person in enumerate(plain):
            person.nick = f"pat{number}"
        if crowd.all_see(plain, b"#lobby", within=20) is None:
            raise AssertionError("they are not let in")
        if crowd.all_see(irc, b" 366 ", within=20) is None:
            raise AssertionError("they are not let in")
        crowd.wait(0.2)
        self.people = [*plain, *irc]
        crowd.clear(self.people)
        self._irc = dict.fromkeys(irc)
        self._heard: dict[Person, list[bytes]] = {each: [] for each in self.people}
        for person in self.people:
            person.hears = partial(self._hear, person)
        self._most = 0
        self._then: Callable[[], None] = _nothing
        self.is_over = False

    def go_on(self, lines: int, within: float, then: Callable[[], None]) -> None:
        """Talk until somebody has read so many *lines*, and at once do *then*."""
        self._most, self._then = lines, then
        deadline = time.monotonic() + within
        while not self.is_over and time.monotonic() < deadline:
            for person in self.people:
                self._top_up(person)
            self._crowd.turn(0.05)

    def read(self) -> list[list[str]]:
        """What each of them has read of what was said, in order."""
        return [said_in(b"\n".join([*heard, b""])) for heard in self._heard.values()]

    def ends(self) -> None:
        """The server has died: they read what there is, and leave."""
        self._crowd.all_end(self.people, within=5.0)

    def _hear(self, person: Person, lines: list[bytes]) -> None:
        """*person* has read *lines*.

        If these are enough it must be over now: in a moment a server that writes too
        late has written them down.
        """
        heard = self._heard[person]
        heard += lines
        if lines and len(heard) >= self._most > 0 and not self.is_over:
            self.is_over = True
            self._then()

    def _top_up(self, person: Person) -> None:
        if len(person.outgoing) < _READY and not person.ended:
            start = "PRIVMSG #lobby :" if person in self._irc else ""
            person.says(*(start + line for line in self._lines(person.nick)))

    def _lines(self, nick: str) -> Iterator[str]:
        for _ in range(20):
            self._count += 1
            yield f"{nick} said r{self._round}n{self._count}"


def _nothing() -> None:
    """Nothing follows."""


def said_in(heard: bytes | bytearray) -> list[str]:
    """What was said, among all that somebody has read; a line without end is none."""
    return [found.decode() for found in _SAID.findall(heard)]


def kept_in(folder: Path, round_: int = 0) -> Found:
    """What the store in *folder* holds, as another program reads it."""
    uri = f"{(folder / 'chat.db').as_uri()}?mode=ro"
    with closing(connect(uri, uri=True)) as store:
        rows = store.execute(
            "SELECT text FROM messages WHERE text LIKE ? ORDER BY room, id",
            [f"% said r{round_}n%"],
        )
        lines = [text for (text,) in rows]
    with closing(Reader(folder)) as reader:
        return Found(lines, not reader.integrity())


def missing(found: Sequence[str], read: Sequence[Sequence[str]]) -> list[str]:
    """What is wrong: what was read must be kept, once, and in the order it was read.

    Of each kind one is enough.
    """
    places = {line: place for place, line in enumerate(found)}
    wrong = [] if len(places) == len(found) else ["something is there twice"]
    lost = dict.fromkeys(each for lines in read for each in lines if each not in places)
    wrong += [f"{len(lost)} are not there, such as {next(iter(lost))}"] if lost else []
    for lines in read:
        order = [places[line] for line in lines if line in places]
        if any(after <= before for before, after in pairwise(order)):
            return [*wrong, "the order is another"]
    return wrong
