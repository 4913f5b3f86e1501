"""Unsent: what was typed and is not known to have been heard.

A line is *waiting* until it is sent, *under way* until the server has proved
that it was heard, and then it is forgotten.  The proof is our own line coming
back (``echo-message``); where a server has no echo, it is the answer to a PING
sent right behind.  When a connection breaks, what was under way waits again, in
front, and nothing overtakes anything.

What that promises, on any server that works through one line after another:

* a line that never left is sent exactly once, in order, however often the
  connection breaks in between;
* a line whose proof did not come back is sent again.  Should the server have
  passed it on and died before it told us, others read it twice.  A Switchboard
  says a line to everybody and to us in one turn, so that takes a network that
  breaks between us and it; without the proof nobody can know.

A server that plays back what was said in the meantime proves it late, and then it
is not sent again.

A long line travels in parts; what has been proved of it is not sent again.
What the server refuses counts as answered and is not sent again either.

There is no clock and no file here: the time is passed in, and what has to outlive
this program goes into a `Drawer`.

Next: chat/client/nicks.py
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol

# Whoever typed a line longer ago may not mean it any more.
STALE_SECONDS: Final = 300
# Few enough that no server takes it for a flood, or is slow to answer a PING.
MOST_UNDER_WAY: Final = 10


@dataclass(slots=True, eq=False)
class Line:
    """One line that a person typed."""

    text: str
    # The room that it was meant for; "" for wherever we are when its turn comes.
    room: str = ""
    at: float = 0.0
    number: int = 0
    # What is on its way of it: the addressee and the text of each part.
    parts: deque[tuple[str, str]] = field(default_factory=deque)
    # What was on its way of it when the connection broke.
    doubtful: deque[tuple[str, str]] = field(default_factory=deque)
    # How many parts are known to have been heard.
    heard: int = 0
    was_sent: bool = False
    is_refused: bool = False

    @property
    def is_speech(self) -> bool:
        """It is said as it stands, and no command."""
        return not self.text.startswith("/") or self.text.startswith("//")

    @property
    def is_farewell(self) -> bool:
        """It ends the conversation, and is no reason to begin another one."""
        return self.text.partition(" ")[0].lower() == "/quit"


class Drawer(Protocol):
    """Where lines are kept, in case this program ends before they are sent."""

    def put(self, line: Line) -> None:
        """Keep *line* from now on."""

    def drop(self, line: Line, *, was_last: bool) -> None:
        """Keep it no longer; *was_last* says that nothing else is in here."""


class Unsent:
    """All lines of one person on their way to one server, oldest first."""

    def __init__(
        self, lines: Iterable[Line] = (), drawer: Drawer | None = None
    ) -> None:
        self._drawer = drawer
        self._numbered = 0
        self.waiting: deque[Line] = deque()
        self.under_way: deque[Line] = deque()
        # What will not be sent, because somebody said no.
        self.refused: list[str] = []
        # A question about the first of the waiting lines has not been answered.
        self.is_held = False
        # Those who should hear them may not be back yet.
        self.is_gathering = False
        for line in lines:
            self.waiting.append(line)
            self._numbered = max(self._numbered, line.number)

    def __iter__(self) -> Iterator[Line]:
        yield from self.under_way
        yield from self.waiting

    def __len__(self) -> int:
        return len(self.under_way) + len(self.waiting)

    def texts(self) -> str:
        """What somebody wanted to say, in one line."""
        return " / ".join(line.text for line in self if not line.is_farewell)

    def add(self, text: str, *, room: str, at: float) -> Line:
        """*text* was typed."""
        self._numbered += 1
        line = Line(text, room, at, self._numbered)
        self.waiting.append(line)
        if self._drawer and not line.is_farewell:
            self._drawer.put(line)
        return line

    @property
    def outlives_us(self) -> bool:
        """Whether what is in here will be here again the next time."""
        return self._drawer is not None

    def may_send(self) -> bool:
        """A line is waiting, and nothing speaks against sending it now."""
        is_full = len(self.under_way) >= MOST_UNDER_WAY
        may_not = is_full or self.is_held or self.is_gathering
        return bool(self.waiting) and not may_not

    def send(self) -> Line:
        """The first waiting line, which is under way from now on."""
        line = self.waiting.popleft()
        line.doubtful.clear()
        self.under_way.append(line)
        return line

    def settle(self, line: Line) -> None:
        """*line* was heard or refused: either way it is not sent any more."""
        (self.under_way if line in self.under_way else self.waiting).remove(line)
        if line.is_refused:
            self.refused.append(line.text)
        if self._drawer:
            self._drawer.drop(line, was_last=not len(self))

    def came_back(self, is_it: Callable[[str, str], bool]) -> None:
        """The server echoed a line of ours; the first one that *is_it* is proved."""
        for line in self.under_way:
            if line.parts and is_it(*line.parts[0]):
                line.heard += 1
                self._answered(line)
                return

    def was_said(self, is_it: Callable[[str, str], bool]) -> bool:
        """The server played back a line of ours: another connection brought it.

        The first one that *is_it* is proved; whether there is one.
        """
        for line in self.waiting:
            if line.doubtful and is_it(*line.doubtful[0]):
                line.doubtful.popleft()
                line.heard += 1
                if not line.doubtful:
                    self.settle(line)
                return True
        return False

    @property
    def is_in_doubt(self) -> bool:
        """Something that waits may have been heard before the connection broke."""
        return any(line.doubtful for line in self.waiting)

    def complained(self, *, echoes: bool, is_meant: Callable[[str], bool]) -> None:
        """The server refused something to an addressee who *is_meant*.

        It answers in order, so it is the first such line that has no answer yet.
        Where nothing is echoed, the answer to its PING settles it.
        """
        for line in self.under_way:
            if line.parts and is_meant(line.parts[0][0]):
                line.is_refused = True
                if echoes:
                    self._answered(line)
                return

    def _answered(self, line: Line) -> None:
        line.parts.popleft()
        if not line.parts:
            self.settle(line)

    def passed(self, number: int, *, echoes: bool) -> None:
        """The server has worked through all lines up to *number*.

        One that should have been echoed by now and was not has been swallowed.
        """
        for line in [line for line in self.under_way if line.number <= number]:
            line.is_refused |= echoes and bool(line.parts)
            self.settle(line)

    def lose(self) -> list[Line]:
        """The connection broke; the lines that will have to be sent again."""
        lost = list(self.under_way)
        for line in lost:
            line.doubtful, line.parts = line.parts, deque()
            # On another connection it may be welcome.
            line.is_refused = False
        self.waiting.extendleft(reversed(lost))
        self.under_way.clear()
        return lost

    def stale(self, now: float) -> list[Line]:
        """The waiting lines that were typed so long ago that one has to ask."""
        return [line for line in self.waiting if now - line.at > STALE_SECONDS]
