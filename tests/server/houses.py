"""Houses: a server that listens for real, on loopback, turned by hand."""

import socket
from contextlib import ExitStack, closing

from chat.config import Config, configured
from chat.net.address import Address
from chat.net.listener import Listener
from chat.server.loop import Server
from chat.server.machine import Machine
from tests.fakes import FakeClock, ImpatientPoller


class House:
    """A server with a real listener on loopback, and people before its door."""

    def __init__(self, *settings: str, seats: int = 1000, chance: float = 0.999):
        self.stack = ExitStack()
        self.listener = Listener(Address("127.0.0.1", 0))
        self.chance = chance
        self.clock = FakeClock()
        machine = Machine(
            self.clock, ImpatientPoller(), seats, chance=lambda: self.chance
        )
        config: Config = configured(settings)
        self.server = Server(config, [self.listener], machine)
        self.stack.enter_context(closing(self.server))

    def dial(self, source: str = "127.0.0.1", *, saying: bytes = b"") -> socket.socket:
        """Connect from *source*, say something at once, and let the server turn."""
        address = ("127.0.0.1", self.listener.address.port)
        peer = socket.create_connection(address, 5, source_address=(source, 0))
        self.stack.enter_context(peer)
        peer.sendall(saying)
        self.server.turn()
        self.server.turn()
        return peer

    def inside(self) -> int:
        return len(self.server._roster)
