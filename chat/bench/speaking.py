"""Speaking: who says something, and when.

In a closed loop a speaker has at most so many lines under way, and all that he may say
he says at once.  In an open one lines are due, and each carries the time at which it
was: a server that is late cannot hide it by making people wait.
"""

from typing import Final

from chat.bench.crowd import Crowd, Person
from chat.bench.speech import Speech, words

_MICROSECONDS: Final = 1_000_000


class Speaker:
    """A person of that *number* who speaks in a *room*."""

    def __init__(self, person: Person, number: int, room: int, speech: Speech) -> None:
        self.number = number
        self.room = room
        # How many lines he has said so far.
        self.said = 0
        self._person = person
        self._before = speech.before(room)

    def say(self, lines: int, at: float) -> None:
        """Say so many *lines*, *at* that time in seconds."""
        microseconds = int(at * _MICROSECONDS)
        said = range(self.said, self.said + lines)
        self.said += lines
        self._person.sends(
            b"".join(
                b"%b%b\r\n" % (self._before, words(self.number, n, microseconds))
                for n in said
            )
        )

    def fill(self, window: int, heard: int, at: float) -> None:
        """Say what a *window* allows, now that everybody has *heard* so many."""
        if (lines := window - (self.said - heard)) > 0:
            self.say(lines, at)


class Pace:
    """Speakers who say a line every *interval* in turn, whoever listens."""

    def __init__(self, crowd: Crowd, speakers: list[Speaker], interval: float) -> None:
        self._crowd = crowd
        self._speakers = speakers
        self._interval = interval
        self._begin = 0.0
        self._count = 0

    def begin(self, later: float) -> None:
        """Say the first line so much *later*, and the others when they are due."""
        self._begin = self._crowd.now() + later
        self._strike()

    def end(self) -> None:
        """Say nothing more."""
        self._speakers = []

    def _strike(self) -> None:
        if not self._speakers:
            return
        now = self._crowd.now()
        while (due := self._begin + self._count * self._interval) <= now:
            speaker = self._speakers[self._count % len(self._speakers)]
            speaker.say(1, due)
            self._count += 1
        self._crowd.after(due - now, self._strike)
