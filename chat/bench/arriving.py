"""Arriving: newcomers, so many at a time, and how long each of them took.

What comes to somebody who is in his room is not looked at, except for a PING: in a
full room nearly all of it is about others who arrive.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from chat.bench.crowd import Crowd, Gone, Person
from chat.bench.speech import Speech, Step

# How long all of them may take, in seconds.
PATIENCE: Final = 120.0
# It is quiet when nothing has come for so long, in seconds.
QUIET: Final = 0.3

_PING: Final = re.compile(rb"^PING ([^\r\n]*)\r?\n", re.MULTILINE)
# What is kept of a line that is not whole: more than what is waited for.
_KEPT: Final = 400


class Arrival:
    """One person on the way in."""

    def __init__(
        self, person: Person, steps: Sequence[Step], done: Callable[[], None]
    ) -> None:
        self._person = person
        self._steps = iter(steps)
        self._done = done
        self._tail = b""
        self._wanted = b""
        self.heard = 0
        person.receives = self.receives
        self._go_on()

    def receives(self, data: bytes) -> None:
        """Look for what is waited for."""
        self.heard += len(data)
        recent = self._tail + data
        if b"PING " in recent:
            for ping in _PING.finditer(recent):
                self._person.sends(b"PONG %b\r\n" % ping[1])
        self._tail = recent[max(recent.rfind(b"\n") + 1, len(recent) - _KEPT) :]
        if self._wanted and self._wanted in recent:
            self._go_on()

    def _go_on(self) -> None:
        lines, self._wanted = next(self._steps, ((), b""))
        if self._wanted:
            self._person.says(*lines)
        else:
            self._done()


class Arrivals:
    """Everybody of some *people*, each by number and room, who comes to a *crowd*."""

    def __init__(self, crowd: Crowd, speech: Speech) -> None:
        self.people: dict[int, Person] = {}
        # How long each took, in seconds, and when the last one was in.
        self.took: list[float] = []
        self._crowd = crowd
        self._speech = speech
        self._arrivals: list[Arrival] = []
        self._left: Iterator[tuple[int, int]] = iter(())

    def arrive(self, people: Sequence[tuple[int, int]], at_once: int) -> None:
        """Have all of them come, so many *at_once*.

        Raises:
            Gone: not all of them were let in.
        """
        self._left = iter(people)
        for _ in range(at_once):
            self._next()
        if not self._crowd.until(lambda: len(self.took) == len(people), PATIENCE):
            missing = len(people) - len(self.took)
            raise Gone(f"{missing} of {len(people)} were not let in")

    def settle(self) -> None:
        """Wait until nothing comes any more.

        Raises:
            Gone: something does all the time.
        """
        heard, since = -1, self._crowd.now()
        deadline = since + PATIENCE
        while self._crowd.now() - since < QUIET:
            if self._crowd.now() > deadline:
                raise Gone("there is no quiet")
            if (now_heard := sum(each.heard for each in self._arrivals)) != heard:
                heard, since = now_heard, self._crowd.now()
            self._crowd.turn(QUIET / 3)

    def _next(self) -> None:
        number, room = next(self._left, (None, 0))
        if number is None:
            return
        begin = self._crowd.now()

        def done() -> None:
            self.took.append(self._crowd.now() - begin)
            self._next()

        person = self.people[number] = self._crowd.comes()
        self._arrivals.append(Arrival(person, self._speech.arrival(number, room), done))
