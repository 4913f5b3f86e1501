"""Sleepers: people who do not read, and how much the server must hold for them.

That cannot be seen from outside, but it can be worked out: all that was said to the
room since they came, less what the kernel holds of it.
"""

import re
import time
from typing import Final

from tests.faults.chatd import MIB, Chatd
from tests.faults.people import SMALL, Crowd, Person
from tests.faults.probe import Pulse

KIB: Final = 1024
_CUT: Final = re.compile(rb":([^!]+)!\S+ QUIT :Reads too slowly")


class Sleepers(Pulse):
    """They are in the lobby, with a *witness* who is told the same and reads it."""

    def __init__(self, chatd: Chatd, crowd: Crowd, witness: Person) -> None:
        super().__init__(rate=20)
        # Who was cut, when the room was told, in that order.
        self.left: dict[str, float] = {}
        # Lines of `Talk` that the witness has read.
        self.witnessed = 0
        # What some were told beside what the room was told.
        self.extra: dict[Person, int] = {}
        self.most_total = 0
        self.most_one = 0
        self.over_hard_at = 0.0
        self._chatd, self._crowd, self._witness = chatd, crowd, witness
        self._since: dict[Person, int] = {}
        witness.hears = self._hear
        crowd.beats.append(self)

    def come(self, count: int, prefix: str, *lines: str) -> list[Person]:
        """*count* people come, and read no further than their welcome."""
        wanted = ("JOIN #lobby", *lines)
        people = [
            self._crowd.arrives(f"{prefix}{n}", *wanted, buffer=SMALL)
            for n in range(count)
        ]
        assert self._crowd.all_see(people, b" 366 ", within=10.0) is not None
        for person in people:
            person.stop_reading()
            self._since[person] = self._witness.received
        return people

    def strike(self) -> None:
        """Look how much is held."""
        held = self._held()
        self.most_total = max(self.most_total, sum(held))
        self.most_one = max(self.most_one, *held, 0)
        if self.most_one > MIB and not self.over_hard_at:
            self.over_hard_at = time.monotonic()

    def _held(self) -> list[int]:
        ledger = self._chatd.ledger()
        said = self._witness.received
        return [
            max(0, said - since + self.extra.get(each, 0) - ledger.to_person(each))
            for each, since in self._since.items()
            if each.reads is False and each.nick not in self.left
        ]

    def _hear(self, lines: list[bytes]) -> None:
        for line in lines:
            if b" PRIVMSG " in line:
                self.witnessed += b" :probe " not in line
            elif found := _CUT.match(line):
                self.left[found[1].decode()] = time.monotonic()
