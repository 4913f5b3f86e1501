"""The crowd: everybody who talks to the house that is measured, in one loop.

A person either is heard line by line (`hears`), or follows a *script*: a generator
that yields what it waits for, a pattern or a number of seconds, and goes on with the
line that has come.  Time is taken when the crowd has read something, so what it does
itself counts against the house and never for it.
"""

import re
import select
import socket
from collections.abc import Callable, Generator
from functools import partial
from typing import Final, TypeAlias

from chat.net.address import Address
from chat.net.clock import Clock
from chat.net.connection import Connection
from chat.net.poller import EpollPoller, Poller, SelectPoller
from chat.net.timers import Timers
from chat.wire.outbox import Outbox

Wanted: TypeAlias = "re.Pattern[bytes] | float"
Script: TypeAlias = "Generator[Wanted, re.Match[bytes], None]"

_PING: Final = b"PING "
# Turns end at least as often, in seconds, so that nobody waits for what is done.
_OFTEN: Final = 0.05
# What is read at once: all that a server says to somebody in a turn, mostly.
_READ: Final = 64 * 1024
# Linux has it; it lasts until the kernel thinks otherwise, so it is said often.
_QUICKACK: Final = (socket.IPPROTO_TCP, getattr(socket, "TCP_QUICKACK", 0), 1)


class Gone(Exception):
    """The house has closed a connection that it should not have closed."""


class Person:
    """One connection, and what is done with what comes through it."""

    def __init__(
        self,
        crowd: "Crowd",
        connection: Connection,
        acknowledge: Callable[[], None] | None = None,
    ) -> None:
        self.connection = connection
        # Done after each read, by who does not let the kernel wait with it.
        self.acknowledge = acknowledge
        self.outbox = Outbox(soft=0, hard=0)
        # What is done with bytes that have come, and with a line.
        self.receives: Callable[[bytes], None] = self._find_lines
        self.hears: Callable[[bytes], None] = self._nothing
        # Lines that have come so far.
        self.heard = 0
        self._crowd = crowd
        self._begun = b""
        self._wanted: re.Pattern[bytes] | None = None
        self._script: Script | None = None

    def says(self, *lines: str) -> None:
        """Send *lines*, each with its end."""
        self.sends("".join(f"{line}\r\n" for line in lines).encode())

    def sends(self, data: bytes) -> None:
        """Send *data* as it is."""
        self.outbox.append(data)
        self._crowd.flush(self)

    def follows(self, script: Script) -> None:
        """Do what *script* says, and leave at its end."""
        self._script = script
        self.hears = self._compare
        self._go_on(None)

    @property
    def is_busy(self) -> bool:
        """Whether a script is not at its end."""
        return self._script is not None

    def leaves(self) -> None:
        """Close the connection."""
        self._script = None
        self._crowd.forget(self)

    def _find_lines(self, data: bytes) -> None:
        *lines, self._begun = (self._begun + data).split(b"\n")
        self.heard += len(lines)
        for line in lines:
            if line.startswith(_PING):
                self.says(line.decode().replace("PING", "PONG", 1).rstrip())
            else:
                self.hears(line)

    def _nothing(self, _line: bytes) -> None:
        """Whatever comes is of no interest."""

    def _compare(self, line: bytes) -> None:
        if self._wanted is not None and (found := self._wanted.search(line)):
            self._wanted = None
            self._go_on(found)

    def _go_on(self, found: re.Match[bytes] | None) -> None:
        if self._script is None:
            return
        try:
            # The first step is sent nothing, and no pause brings anything.
            wanted = self._script.send(found)  # type: ignore[arg-type]
        except StopIteration:
            self.leaves()
            return
        if isinstance(wanted, float):
            self._crowd.after(wanted, lambda: self._go_on(None))
        else:
            self._wanted = wanted


class Crowd:
    """Everybody, and the one loop that serves them.

    A kernel waits up to 40 ms before it acknowledges what was received, and a server
    whose kernel waits for that (Nagle's algorithm) waits as long.  `quickack` takes
    that away, and shows what such a server could do.
    """

    def __init__(self, server: Address, *, quickack: bool = False) -> None:
        self._server = server
        self._quickack = quickack
        self._clock = Clock()
        self._poller: Poller = (
            EpollPoller() if hasattr(select, "epoll") else SelectPoller()
        )
        self._timers = Timers()
        self._people: dict[int, Person] = {}
        self._watched: dict[int, Callable[[], None]] = {}

    def now(self) -> float:
        """The present, in seconds."""
        return self._clock.now().monotonic

    def comes(self) -> Person:
        """Somebody connects; what he says before he is through waits for that."""
        dialled = _dial(self._server)
        person = Person(
            self,
            Connection(dialled, self._server.host),
            partial(dialled.setsockopt, *_QUICKACK) if self._quickack else None,
        )
        self._people[person.connection.descriptor] = person
        self._poller.read(person.connection.descriptor)
        return person

    def watch(self, descriptor: int, act: Callable[[], None]) -> None:
        """Do *act* whenever *descriptor*, which is nobody's, is readable."""
        self._watched[descriptor] = act
        self._poller.read(descriptor)

    def busy(self) -> int:
        """How many follow scripts that are not at their end."""
        return sum(person.is_busy for person in self._people.values())

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Do *act* later."""
        self._timers.at(self.now() + seconds, act)

    def until(self, done: Callable[[], bool], within: float) -> bool:
        """Go on until *done*; whether that was *within* so many seconds."""
        deadline = self.now() + within
        while not done():
            if self.now() >= deadline:
                return False
            self.turn(min(_OFTEN, deadline - self.now()))
        return True

    def wait(self, seconds: float) -> None:
        """Let so much time go by."""
        self.until(lambda: False, seconds)

    def turn(self, most: float) -> None:
        """Do what is due, and serve whoever is ready within *most* seconds.

        Raises:
            Gone: the house has closed somebody's connection.
            Lost: it is lost.
        """
        self._timers.run(self.now())
        due = self._timers.until_next(self.now())
        ready = self._poller.wait(max(0.0, most if due is None else min(most, due)))
        for descriptor in ready.writable:
            self.flush(self._people[descriptor])
        for descriptor in ready.readable:
            if person := self._people.get(descriptor):
                self._read(person)
            elif act := self._watched.get(descriptor):
                act()

    def flush(self, person: Person) -> None:
        """Offer the kernel what *person* has to say."""
        if person.connection.flush(person.outbox):
            self._poller.stop_writing(person.connection.descriptor)
        else:
            self._poller.write(person.connection.descriptor)

    def forget(self, person: Person) -> None:
        """*person* leaves; nothing if that has happened."""
        if self._people.pop(person.connection.descriptor, None) is person:
            self._poller.forget(person.connection.descriptor)
            person.connection.close()

    def close(self) -> None:
        """Everybody leaves."""
        for person in list(self._people.values()):
            person.leaves()

    def _read(self, person: Person) -> None:
        data = person.connection.receive(_READ)
        if data == b"":
            raise Gone("the house has closed a connection")
        if person.acknowledge is not None:
            person.acknowledge()
        if data is not None:
            person.receives(data)


def _dial(server: Address) -> socket.socket:
    """A connection that is being made: a server may let newcomers wait."""
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    dialled = socket.socket(family, socket.SOCK_STREAM)
    dialled.setblocking(False)  # noqa: FBT003 - the field's own word
    # Whatever comes of it is seen when it is written to.
    dialled.connect_ex((server.host, server.port))
    return dialled
