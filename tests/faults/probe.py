"""The probe: how long a line takes from one person to another, while things happen.

Time is taken in our own loop, from the moment a line is handed to the kernel to the
moment it has been read, so what we do ourselves in between counts against the server
and never for it.
"""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from tests.faults.people import Crowd, Person

RATE: Final = 200.0
_PROBE: Final = re.compile(rb":probe (\d+)$")


@dataclass(frozen=True, slots=True)
class Latency:
    """What the lines of a while took, in milliseconds."""

    p99: float
    worst: float
    lost: int


class Pulse:
    """Something done at an even pace, by a `Crowd`."""

    def __init__(self, rate: float) -> None:
        self.due = time.monotonic()
        self._interval = 1 / rate

    def beat(self, now: float) -> None:
        """Catch up with the pace, but not with more than a tenth of a second."""
        self.due = max(self.due, now - 0.1)
        while self.due <= now:
            self.due += self._interval
            self.strike()

    def strike(self) -> None:
        """Once."""
        raise NotImplementedError


class Talk(Pulse):
    """Some people who keep a room busy, in turn; their lines are numbered."""

    def __init__(
        self, talkers: Sequence[Person], rate: float, size: int, room: str = "#lobby"
    ) -> None:
        super().__init__(rate)
        self._talkers = talkers
        self._room = room
        self._size = size
        self.said = 0

    def strike(self) -> None:
        """The next of them says the next number, and a lot of noise."""
        line = f"PRIVMSG {self._room} :{self.said} ".ljust(self._size - 2, "z")
        self._talkers[self.said % len(self._talkers)].says(line)
        self.said += 1


class Probe(Pulse):
    """Lines from *speakers*, in turn, to *hearer*."""

    def __init__(
        self,
        speakers: Sequence[Person],
        hearer: Person,
        rate: float = RATE,
        room: str = "#lobby",
    ) -> None:
        super().__init__(rate)
        self._speakers = speakers
        self._room = room
        self._sent: list[float] = []
        self._took: dict[int, float] = {}
        hearer.hears = self._hear

    def strike(self) -> None:
        """The next line."""
        number = len(self._sent)
        self._sent.append(time.monotonic())
        line = f"PRIVMSG {self._room} :probe {number}"
        self._speakers[number % len(self._speakers)].says(line)

    def _hear(self, lines: list[bytes]) -> None:
        now = time.monotonic()
        for line in lines:
            if found := _PROBE.search(line):
                number = int(found[1])
                self._took[number] = now - self._sent[number]

    def is_complete(self) -> bool:
        """Whether everything that was sent has been heard."""
        return len(self._took) == len(self._sent)

    def latency(self, since: int = 0) -> Latency:
        """Of the lines from number *since* on; what never came took until now."""
        now = time.monotonic()
        numbers = range(since, len(self._sent))
        took = sorted(self._took.get(n, now - self._sent[n]) for n in numbers)
        lost = sum(n not in self._took for n in numbers)
        p99 = took[min(len(took) - 1, int(len(took) * 0.99))]
        return Latency(p99 * 1000, took[-1] * 1000, lost)


@dataclass(slots=True)
class Measured:
    """Filled in when the while is over."""

    latency: Latency


@contextmanager
def measuring(crowd: Crowd, probe: Probe) -> Iterator[Measured]:
    """Probe during the block, and wait for the last line after it."""
    measured = Measured(Latency(0.0, 0.0, 0))
    since = len(probe._sent)
    probe.due = time.monotonic()
    crowd.beats.append(probe)
    try:
        yield measured
    finally:
        crowd.beats.remove(probe)
    crowd.until(probe.is_complete, within=3.0)
    measured.latency = probe.latency(since)


def pair(
    crowd: Crowd, room: str = "#lobby", rate: float = RATE, speakers: int = 1
) -> Probe:
    """Two people in *room*, or more speakers, whose lines are timed."""
    hearer, *others = crowd.seat(1 + speakers, "probe", room)
    crowd.first = hearer
    probe = Probe(others, hearer, rate, room)
    with measuring(crowd, probe):
        # The first lines are slower: nobody's caches know them.
        crowd.wait(0.3)
    return probe
