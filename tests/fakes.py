"""Fakes: stand-ins that keep the promises of what they stand for."""

import os
import select
import socket
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from typing import Any, Final

from chat.domain.extracts import Scope
from chat.domain.order import START
from chat.domain.ports import Conversation, Extracted, Store, Trouble
from chat.domain.questions import Page
from chat.domain.records import Record, Single, taken_apart
from chat.domain.state import Stamp
from chat.net.clock import Moment
from chat.net.poller import EpollPoller, Ready, SelectPoller
from chat.server.archivist import Archivist
from chat.server.ceilings import Act
from chat.server.keeper import Keeper
from chat.server.librarian import Librarian
from chat.server.logbook import Logbook
from chat.server.offload import QUEUE, Offload, Work
from chat.server.schedule import Schedule
from chat.server.session import Session
from chat.store.memory import MemoryStore


class FakeClock:
    """A clock that stands still until it is advanced, or set."""

    def __init__(self, wall: int = 1_700_000_000_000) -> None:
        self._now = Moment(monotonic=1000.0, wall=wall)

    def now(self) -> Moment:
        return self._now

    def monotonic(self) -> float:
        return self._now.monotonic

    def advance(self, seconds: float) -> None:
        """Let *seconds* go by, on both of its faces."""
        wall = self._now.wall + round(seconds * 1000)
        self._now = Moment(self._now.monotonic + seconds, wall)

    def set_wall(self, wall: int) -> None:
        """Somebody changes the date; monotonic time does not care."""
        self._now = self._now._replace(wall=wall)


class StoppedClock:
    """A clock that always shows the same."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment

    def now(self) -> Moment:
        return self._moment

    def monotonic(self) -> float:
        return self._moment.monotonic


class ImpatientPoller(SelectPoller):
    """A poller that never waits, and remembers whether it found anything."""

    def __init__(self) -> None:
        super().__init__()
        self.found_something = False

    def wait(self, seconds: float | None) -> Ready:
        ready = super().wait(0)
        # Who asks for no wait at all has work left over from the last turn.
        self.found_something = bool(ready.readable or ready.writable) or seconds == 0
        return ready


class ImpatientEpoll(EpollPoller):
    """The same, with epoll."""

    def __init__(self) -> None:
        super().__init__()
        self.found_something = False

    def wait(self, seconds: float | None) -> Ready:
        ready = super().wait(0)
        self.found_something = bool(ready.readable or ready.writable) or seconds == 0
        return ready


# By the name of the one that does wait; those that this system has.
IMPATIENT: Final[dict[str, type[ImpatientPoller] | type[ImpatientEpoll]]] = {
    "select": ImpatientPoller,
    **({"epoll": ImpatientEpoll} if hasattr(select, "epoll") else {}),
}


class FakeSocket(socket.socket):
    """A real socket, whose kernel also does as it is told.

    Kernels take part of what is offered, say "not now", are interrupted, tell of
    the end, and fail in some forty ways.  Each of those can be asked for here, and
    comes true at the next call; every other call goes to the real socket, so its
    descriptor is one that ``select`` can watch.
    """

    def __init__(self, real: socket.socket) -> None:
        waits = real.gettimeout()
        super().__init__(real.family, real.type, real.proto, fileno=real.detach())
        self.settimeout(waits)
        self._failures: dict[str, deque[int]] = defaultdict(deque)
        self._mouthfuls: deque[int] = deque()
        # How much a send takes when nothing else was said; None is all that fits.
        self.mouthful: int | None = None

    def fails(self, call: str, *numbers: int) -> None:
        """Let the next calls of *call* fail, each with one of these errnos."""
        self._failures[call].extend(numbers)

    def takes(self, *counts: int) -> None:
        """Let the next sends take so many bytes each, and no more."""
        self._mouthfuls.extend(counts)

    def has_failed_as_told(self) -> bool:
        """Whether every failure that was asked for has come."""
        return not any(self._failures.values())

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        self._fail("recv")
        return super().recv(size, flags)

    def send(self, data: Any, flags: int = 0, /) -> int:
        self._fail("send")
        mouthful = self._mouthfuls.popleft() if self._mouthfuls else self.mouthful
        return super().send(data[:mouthful], flags)

    def accept(self) -> tuple[socket.socket, Any]:
        self._fail("accept")
        return super().accept()

    def setsockopt(self, *option: Any) -> None:
        self._fail("setsockopt")
        super().setsockopt(*option)

    def shutdown(self, how: int, /) -> None:
        self._fail("shutdown")
        super().shutdown(how)

    def close(self) -> None:
        # As on Linux: a close that fails has closed all the same.
        super().close()
        self._fail("close")

    def _fail(self, call: str) -> None:
        if self._failures[call]:
            number = self._failures[call].popleft()
            raise OSError(number, os.strerror(number))


class FakeOffload(Offload):
    """A helper that has finished as soon as one looks, without a thread."""

    def __init__(self, ring: Callable[[], None]) -> None:
        super().__init__(ring)
        self._asked: list[tuple[Session, Work, Act, Act]] = []

    def do(self, session: Session, work: Work, *, if_so: Act, if_not: Act) -> bool:
        if len(self._asked) >= QUEUE:
            return False
        self._asked.append((session, work, if_so, if_not))
        self._ring()
        return True

    def aside(self, work: Callable[[], None]) -> None:
        work()

    def finished(self) -> list[tuple[Session, Act]]:
        asked, self._asked = self._asked, []
        return [(s, if_so if work() else if_not) for s, work, if_so, if_not in asked]


class FakeDisk(MemoryStore):
    """A store that fails as it is told, and remembers in which order it wrote."""

    def __init__(self) -> None:
        super().__init__()
        # What it says as long as it cannot write.
        self.trouble = ""
        # And how often it can write before that.
        self.spare = 0
        # Whether what is there cannot be read either.
        self.is_unreadable = False
        # What it cannot write at all, which shows a fault of ours.
        self.poison: Single | None = None
        self.written: list[Record] = []
        # How many records it was given, each time.
        self.tried: list[int] = []
        self.is_closed = False

    def write(self, records: Sequence[Record], reached: Stamp = START) -> None:
        self.tried.append(len(records))
        if self.trouble and not self.spare:
            raise Trouble(self.trouble)
        self.spare = max(0, self.spare - 1)
        if any(each == self.poison for each in taken_apart(records)):
            raise ZeroDivisionError
        super().write(records, reached)
        self.written.extend(taken_apart(records))

    def page(self, scope: Scope, page: Page, until: int) -> Extracted:
        self._read()
        return super().page(scope, page, until)

    def conversations(self, account: int, until: int) -> list[Conversation]:
        self._read()
        return super().conversations(account, until)

    def delivered(self, account: int, device: str) -> int | None:
        self._read()
        return super().delivered(account, device)

    def close(self) -> None:
        super().close()
        self.is_closed = True

    def _read(self) -> None:
        if self.is_unreadable:
            raise Trouble("it cannot be read")


def a_keeper(store: Store | None = None) -> Keeper:
    """A keeper without a loop, whose clock stands still; it keeps things in mind."""
    clock = FakeClock()
    schedule = Schedule(clock)
    logbook = Logbook(None, schedule)
    store = store or MemoryStore()
    archivist = Archivist(store, FakeOffload(_nobody), schedule, logbook)
    return Keeper(store, schedule, logbook, archivist)


def a_librarian(store: Store | None = None) -> Librarian:
    """A librarian without a loop, who has found it as soon as one looks."""
    schedule = Schedule(FakeClock())
    offload = FakeOffload(_nobody)
    return Librarian(store or MemoryStore(), offload, schedule, Logbook(None, schedule))


def _nobody() -> None:
    """Nobody is rung."""
