"""A table of people: the whole server in one process, turned by hand.

Everybody sits at one end of a real Unix socketpair, and the server holds the
other, whose kernel can be told to fail (`alice.kernel.fails`).  `types` writes
and then turns until a turn finds nothing to do, so that "carol sees nothing" is
a fact and no timeout.

    alice, bob = table.seat("alice", "bob")
    alice.types("hello")
    assert bob.sees() == ["alice: hello"]

A person who has unread lines at the end of the scene fails it, unless the scene
said `ignores_the_rest`: what nobody looked at may be wrong.
"""

import socket

from chat.config import Config, configured
from chat.domain.ports import Store
from chat.net.connection import Connection
from chat.net.log import Log
from chat.server.loop import Server
from chat.server.machine import Machine
from chat.store.memory import MemoryStore
from tests.fakes import IMPATIENT, FakeClock, FakeOffload, FakeSocket

# Far more turns than any scene needs.
_MOST_TURNS = 10_000


class Person:
    """Somebody at the other end of a connection, who types and reads."""

    def __init__(self, table: "Table", name: str) -> None:
        self.name = name
        self.socket, theirs = socket.socketpair()
        self.socket.setblocking(False)
        # The server's end of it.
        self.kernel = FakeSocket(theirs)
        self._table = table
        self._unread = b""
        self._ignores_the_rest = False

    def types(self, *lines: str) -> None:
        """Type *lines*, each with Enter, and let the server do what it does."""
        self.sends("".join(f"{line}\r\n" for line in lines).encode())

    def sends(self, data: bytes) -> None:
        """Send just these bytes."""
        self.socket.sendall(data)
        self._table.settle()

    def finishes_talking(self) -> None:
        """Send no more, and go on reading (``nc -N`` at the end of its input)."""
        self.socket.shutdown(socket.SHUT_WR)
        self._table.settle()

    def vanishes(self) -> None:
        """Be gone without a farewell."""
        self.socket.close()
        self._table.settle()

    def reads(self) -> bytes:
        """All the bytes that have come since the last look."""
        self._receive()
        unread, self._unread = self._unread, b""
        return unread

    def sees(self) -> list[str]:
        """The lines that have come since the last look."""
        text = self.reads().decode()
        assert text == "" or text.endswith("\r\n"), f"half a line: {text!r}"
        return text.split("\r\n")[:-1]

    def is_cut_off(self) -> bool:
        """Whether the server has finished talking, and all of it was read."""
        self._receive()
        try:
            return not self._unread and self.socket.recv(1) == b""
        except BlockingIOError:
            return False
        except ConnectionResetError:
            return True

    def ignores_the_rest(self) -> None:
        """Whatever else comes is not what the scene is about."""
        self._ignores_the_rest = True

    def leaves_the_table(self) -> bytes:
        """The end of the scene; what was not looked at and should have been."""
        if self.socket.fileno() < 0:
            return b""
        unread = b"" if self._ignores_the_rest else self.reads()
        self.socket.close()
        return unread

    def _receive(self) -> None:
        while True:
            try:
                data = self.socket.recv(1 << 20)
            except (BlockingIOError, ConnectionResetError):
                return
            if not data:
                return
            self._unread += data


class Table:
    """A server, a clock that stands still, and the people."""

    def __init__(
        self,
        *settings: str,
        log: Log | None = None,
        base: Config | None = None,
        store: Store | None = None,
    ) -> None:
        self.clock = FakeClock()
        # So that nobody waits for a password that he does not have to.
        config = configured(("accounts.kdf_iterations=4096", *settings), base)
        self._poller = IMPATIENT[config.server.poller]()
        machine = Machine(
            self.clock,
            self._poller,
            1000,
            log,
            offload=FakeOffload,
            store=store or MemoryStore(),
        )
        self.server = Server(config, [], machine)
        self._people: list[Person] = []
        self._is_closed = False

    def connect(
        self, name: str = "somebody", door: str = "auto", host: str = ""
    ) -> Person:
        """Somebody connects, and says nothing yet."""
        person = Person(self, name)
        self._people.append(person)
        host = host or f"host of {name}"
        self.server.admit(Connection(person.kernel, host), door)
        self.settle()
        return person

    def seat(self, *names: str) -> list[Person]:
        """People on plain, in the lobby, who have read all there was to read."""
        people = [self.connect(name) for name in names]
        for person in people:
            person.types(person.name)
        self.clear()
        return people

    def seat_irc(self, *names: str, caps: str = "") -> list[Person]:
        """People on IRC, in the lobby, who have read all there was to read."""
        people = [self.connect(name) for name in names]
        for person in people:
            if caps:
                person.types(f"CAP REQ :{caps}")
            person.types(
                f"NICK {person.name}", f"USER {person.name} 0 * :{person.name}"
            )
            if caps:
                person.types("CAP END")
            person.types("JOIN #lobby")
        self.clear()
        return people

    def clear(self) -> None:
        """Everybody has read all there was to read."""
        for person in self._people:
            if person.socket.fileno() >= 0:
                person.reads()

    def ignores_everybody(self) -> None:
        """Whatever else anybody reads is not what the scene is about."""
        for person in self._people:
            person.ignores_the_rest()

    def wait(self, seconds: float) -> None:
        """Let *seconds* go by."""
        self.clock.advance(seconds)
        self.settle()

    def settle(self) -> None:
        """Turn until a turn finds nothing to do."""
        for _ in range(_MOST_TURNS):
            self.server.turn()
            if not self._poller.found_something and self.server._until_next() != 0:
                return
        raise AssertionError("the server never comes to rest")

    def close(self) -> None:
        """The end of the scene, once: everybody must have read everything."""
        if self._is_closed:
            return
        self._is_closed = True
        unread = {person.name: person.leaves_the_table() for person in self._people}
        self.server.close()
        unread = {name: data for name, data in unread.items() if data}
        assert unread == {}, "nobody has looked at this"
