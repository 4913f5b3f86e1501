"""People: hundreds of sockets in one loop, without threads and without waiting.

What a person does not read stays in the kernel and then at the server: this is how
most faults are brought about.  Everybody comes from an address of their own, unless
the scenario says otherwise: all of 127.0.0.0/8 is this machine.
"""

import errno
import re
import socket
import struct
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from types import TracebackType
from typing import Final, Protocol, Self, TypeAlias

Address: TypeAlias = tuple[str, int]

READ_SIZE: Final = 256 * 1024
# What the kernel may keep for a person who is meant to be slow.  The segments of
# an Ethernet go with it: those of the loopback are so large that the server's
# kernel alone would keep 2.6 MB for everybody.
SMALL: Final = 4096
_SEGMENT: Final = 1448

_PING: Final = re.compile(rb"(?:^|\n)PING ([^\r\n]*)")
_NOT_YET: Final = (BlockingIOError, InterruptedError)


class Beat(Protocol):
    """Something that wants to be done again and again."""

    due: float

    def beat(self, now: float) -> None:
        """Do what is due, and say in `due` when to come back."""


class Person:
    """One connection, and what has come through it."""

    def __init__(self, crowd: "Crowd", dialled: socket.socket) -> None:
        self.socket = dialled
        self.nick = ""
        self._crowd = crowd
        self.address: Address = ("", 0)
        self.outgoing = bytearray()
        self.is_connecting = True
        # Set to False to read no more, by `stop_reading`.
        self.reads = True
        # Whether what comes is kept; it is counted in any case.
        self.keeps = True
        # Whether a PING is answered.
        self.answers = True
        self.inbox = bytearray()
        self.received = 0
        self.sent = 0
        # What is waited for: see `Crowd.all_see`.
        self.wanted = b""
        # How it ended: "closed", "reset"..., and when.
        self.ended = ""
        self.ended_at = 0.0
        self.hears: Callable[[list[bytes]], None] | None = None

    def says(self, *lines: str) -> None:
        """Send *lines*, each with its end."""
        self.sends("".join(f"{line}\r\n" for line in lines).encode())

    def sends(self, data: bytes) -> None:
        """Send just these bytes, as soon as the kernel takes them."""
        if self.ended:
            return
        self.outgoing += data
        if not self.is_connecting:
            self._crowd.flush(self)

    def lines(self) -> list[bytes]:
        """The lines that have come since the last look, without their ends."""
        end = self.inbox.rfind(b"\n") + 1
        taken = bytes(self.inbox[:end])
        del self.inbox[:end]
        return taken.replace(b"\r\n", b"\n").split(b"\n")[:-1]

    def stop_reading(self) -> None:
        """From now on, let it pile up."""
        self.reads = False
        self._crowd.update(self)

    def go_on_reading(self) -> None:
        """Read what has piled up."""
        self.reads = True
        self._crowd.update(self)

    def finish_talking(self) -> None:
        """Half-close, once everything has been sent."""
        self.socket.shutdown(socket.SHUT_WR)

    def leave(self) -> None:
        """Close the connection."""
        self._crowd.end(self, "left")

    def reset(self) -> None:
        """Vanish with a RST instead of a FIN."""
        linger = struct.pack("ii", 1, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.leave()


class Crowd:
    """Everybody who talks to the server, and the one loop that serves them."""

    def __init__(self, server: Address) -> None:
        self._server = server
        self._selector = DefaultSelector()
        self._people: dict[Person, None] = {}
        self._awaited: dict[Person, None] = {}
        self._arrivals = 0
        self.beats: list[Beat] = []
        # Who is read before all others, because somebody measures with him.
        self.first: Person | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for person in list(self._people):
            self.end(person, "left")
        self._selector.close()

    def comes(self, *lines: str, source: str = "", buffer: int = 0) -> Person:
        """Somebody connects, and says *lines* as soon as that is possible."""
        dialled = socket.socket()
        dialled.setblocking(False)
        if buffer:
            dialled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            dialled.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENT)
        dialled.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._server[0].startswith("127."):
            dialled.bind((source or self._another_address(), 0))
        person = Person(self, dialled)
        self._people[person] = None
        self._selector.register(dialled, EVENT_READ | EVENT_WRITE, person)
        person.outgoing += "".join(f"{line}\r\n" for line in lines).encode()
        error = dialled.connect_ex(self._server)
        if error not in (0, errno.EINPROGRESS):
            self.end(person, errno.errorcode[error])
        else:
            person.address = dialled.getsockname()
        return person

    def arrives(self, nick: str, *lines: str, buffer: int = 0) -> Person:
        """Somebody connects who speaks IRC and introduces himself at once."""
        person = self.comes(*introduction(nick), *lines, buffer=buffer)
        person.nick = nick
        return person

    def seat(
        self, count: int, prefix: str = "p", room: str = "#lobby", at_once: int = 100
    ) -> list[Person]:
        """So many people on IRC, who are in *room* and have read all there was."""
        people: list[Person] = []
        for first in range(0, count, at_once):
            numbers = range(first, min(first + at_once, count))
            group = [self.arrives(f"{prefix}{n}", f"JOIN {room}") for n in numbers]
            if self.all_see(group, b" 366 ", within=20.0) is None:
                raise AssertionError(f"{len(self._awaited)} of {count} were not let in")
            people += group
        self.wait(0.2)
        self.clear(people)
        return people

    def clear(self, people: Iterable[Person]) -> None:
        """They have read what there was to read."""
        for person in people:
            person.inbox.clear()

    def all_see(
        self, people: Iterable[Person], wanted: bytes, *, within: float
    ) -> float | None:
        """The seconds until all of them have seen *wanted*; None if they do not."""
        begin = time.monotonic()
        self._awaited = {p: None for p in people if wanted not in p.inbox}
        for person in self._awaited:
            person.wanted = wanted
        if self.until(lambda: all(p.ended for p in self._awaited), within=within):
            return None if self._awaited else time.monotonic() - begin
        return None

    def all_end(self, people: Sequence[Person], *, within: float) -> bool:
        """Whether all of *people* have been cut off in time."""
        return self.until(lambda: all(p.ended for p in people), within=within)

    def until(self, done: Callable[[], bool], *, within: float) -> bool:
        """Go on until *done*; whether that was *within* so many seconds."""
        deadline = time.monotonic() + within
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self.turn(min(left, 0.05))
        return True

    def wait(self, seconds: float) -> None:
        """Let so much time go by."""
        self.until(lambda: False, within=seconds)

    def turn(self, most: float) -> None:
        """Do what is due, and serve whoever is ready within *most* seconds."""
        now = time.monotonic()
        for each in self.beats:
            if each.due <= now:
                each.beat(now)
        due = min((each.due for each in self.beats), default=now + most)
        ready = self._selector.select(max(0.0, min(most, due - now)))
        if self.first is not None:
            ready.sort(key=lambda item: item[0].data is not self.first)
        for key, events in ready:
            person: Person = key.data
            if events & EVENT_WRITE and not person.ended:
                self.flush(person)
            if events & EVENT_READ and not person.ended:
                self._read(person)

    def flush(self, person: Person) -> None:
        """Send what the kernel takes of what *person* has to say."""
        person.is_connecting = False
        if not person.ended and person.outgoing:
            try:
                count = person.socket.send(person.outgoing)
            except _NOT_YET:
                pass
            except OSError:
                # What the other side said before it closed can still be read.
                person.outgoing.clear()
            else:
                person.sent += count
                del person.outgoing[:count]
        self.update(person)

    def update(self, person: Person) -> None:
        """Be interested in what *person* needs."""
        if person.ended:
            return
        events = EVENT_READ if person.reads else 0
        if person.outgoing or person.is_connecting:
            events |= EVENT_WRITE
        key = self._selector.get_map().get(person.socket)
        if key is None and events:
            self._selector.register(person.socket, events, person)
        elif key is not None and not events:
            self._selector.unregister(person.socket)
        elif key is not None and key.events != events:
            self._selector.modify(person.socket, events, person)

    def end(self, person: Person, how: str) -> None:
        """The conversation is over."""
        if person.ended:
            return
        person.ended, person.ended_at = how, time.monotonic()
        with suppress(KeyError):
            self._selector.unregister(person.socket)
        del self._people[person]
        person.socket.close()

    def _read(self, person: Person) -> None:
        try:
            data = person.socket.recv(READ_SIZE)
        except _NOT_YET:
            return
        except OSError as error:
            self.end(person, _how(error))
            return
        if not data:
            self.end(person, "closed")
            return
        person.received += len(data)
        if b"PING " in data and person.answers:
            for token in _PING.findall(data):
                person.sends(b"PONG " + token + b"\r\n")
        if person.keeps:
            self._keep(person, data)

    def _keep(self, person: Person, data: bytes) -> None:
        person.inbox += data
        if person.wanted:
            tail = person.inbox[-len(data) - len(person.wanted) :]
            if person.wanted in tail:
                person.wanted = b""
                self._awaited.pop(person, None)
        if person.hears is not None:
            person.hears(person.lines())

    def _another_address(self) -> str:
        """127.1.0.1 and on; no two people share one."""
        self._arrivals += 1
        high, low = divmod(self._arrivals, 250)
        return f"127.{1 + high // 250}.{high % 250}.{low + 1}"


def introduction(nick: str) -> tuple[str, str]:
    """How an IRC client says who it is."""
    return f"NICK {nick}", f"USER {nick} 0 * :{nick}"


def _how(error: OSError) -> str:
    return "reset" if isinstance(error, ConnectionError) else str(error)
