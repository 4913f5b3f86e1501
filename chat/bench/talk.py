"""Talk: people who keep the rooms busy, and how long each of their lines takes.

Everybody is in a few rooms and says something in one of them in turn, at an even
pace.  Each line has a number, and everybody else in the room who reads it tells how
long it took.
"""

from collections.abc import Sequence
from random import Random
from typing import Final

from chat.bench.crowd import Crowd, Gone, Person

# The rooms that each of them is in.
_ROOMS: Final = 5
_PATIENCE: Final = 30.0
_MARK: Final = b":line "
# Never more is made good at once after a pause, in seconds.
_BEHIND: Final = 0.1


class Talk:
    """So many *people* in *rooms*, who say *rate* lines a second in all."""

    def __init__(
        self, crowd: Crowd, rooms: Sequence[str], people: int, rate: float
    ) -> None:
        self._crowd = crowd
        self._interval = 1 / rate
        self._random = Random(2)  # noqa: S311 - for a choice that repeats
        self._seats: list[tuple[Person, list[str]]] = []
        self._members = dict.fromkeys(rooms, 0)
        self._sent: list[float] = []
        self._awaited = 0
        self._took: list[float] = []
        self._due = 0.0
        self._ends = 0.0
        self._missing = 0
        for number in range(people):
            mine = [rooms[(number + 7 * n) % len(rooms)] for n in range(_ROOMS)]
            self._seat(f"talker{number}", [*dict.fromkeys(mine)])
        if not crowd.until(lambda: not self._missing, _PATIENCE):
            raise Gone(f"{self._missing} rooms were not entered")
        # Who has come is told of to who is here: that is not what is measured.
        crowd.wait(0.2)

    def talk(self, seconds: float) -> list[float]:
        """Talk so long; what each line took to each of its readers."""
        self._took, self._awaited = [], 0
        self._due = self._crowd.now()
        self._ends = self._due + seconds
        self._strike()
        self._crowd.wait(seconds)
        if not self._crowd.until(lambda: len(self._took) >= self._awaited, _PATIENCE):
            missing = self._awaited - len(self._took)
            raise Gone(f"{missing} lines did not reach somebody")
        return self._took

    def _seat(self, nick: str, rooms: list[str]) -> None:
        person = self._crowd.comes()
        person.hears = self._enter
        self._missing += len(rooms)
        self._seats.append((person, rooms))
        for room in rooms:
            self._members[room] += 1
        person.says(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        person.says(*(f"JOIN {room}" for room in rooms))

    def _enter(self, line: bytes) -> None:
        if b" 366 " in line:
            self._missing -= 1
        else:
            self._hear(line)

    def _hear(self, line: bytes) -> None:
        _, mark, number = line.rpartition(_MARK)
        if mark:
            self._took.append(self._crowd.now() - self._sent[int(number)])

    def _strike(self) -> None:
        now = self._crowd.now()
        self._due = max(self._due, now - _BEHIND)
        while self._due <= now:
            self._due += self._interval
            self._say()
        if self._due < self._ends:
            self._crowd.after(self._due - now, self._strike)

    def _say(self) -> None:
        number = len(self._sent)
        person, rooms = self._seats[number % len(self._seats)]
        room = self._random.choice(rooms)
        self._awaited += self._members[room] - 1
        self._sent.append(self._crowd.now())
        person.says(f"PRIVMSG {room} :line {number}")
