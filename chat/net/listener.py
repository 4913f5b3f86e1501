"""The listener: the socket that accepts.

The kernel completes connections on its own and keeps them in the backlog until
they are accepted.  A short backlog turns a classroom that arrives at once into
a minute of retries, so ours is long.

Next: chat/server/door.py
"""

import errno
import socket
from contextlib import suppress
from typing import Final

from chat.net.address import Address
from chat.net.connection import Connection

# 500 people who reconnect at the same moment must all fit.
BACKLOG: Final = 1024

_EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class CannotListen(Exception):
    """The address is taken or not ours; the message is for the operator."""


class Exhausted(Exception):
    """The machine has no more descriptors or buffers to accept with."""


class Listener:
    """A bound socket, and the connections that arrive on it."""

    def __init__(self, address: Address) -> None:
        family = socket.AF_INET6 if address.is_v6 else socket.AF_INET
        try:
            # A kernel without IPv6 refuses already here.
            self._socket = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:
            raise CannotListen(f"cannot listen on {address}: {_why(error)}") from None
        try:
            # Without it a restart must wait until the last conversation's
            # TIME_WAIT has run out, up to a minute.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if address.is_v6:
                # One listener, one family: [::] must not take 0.0.0.0 as well.
                self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            self._socket.bind((address.host, address.port))
            self._socket.listen(BACKLOG)
        except OSError as error:
            self._socket.close()
            raise CannotListen(f"cannot listen on {address}: {_why(error)}") from None
        self._socket.setblocking(False)
        self.descriptor = self._socket.fileno()
        # Port 0 asks for any free one: this is which.
        self.address = Address(
            address.host, self._socket.getsockname()[1], address.scheme
        )

    def __repr__(self) -> str:
        return f"<Listener {self.descriptor} {self.address}>"

    def accept(self) -> Connection | None:
        """The next connection, or None when nobody is waiting.

        Raises:
            Exhausted: somebody is waiting and cannot be let in now.
        """
        try:
            accepted, peer = self._socket.accept()
        except OSError as error:
            if error.errno in _EXHAUSTED:
                raise Exhausted(_why(error)) from None
            # Nobody is waiting (EAGAIN), or that one left meanwhile
            # (ECONNABORTED): the poller will tell of the next.
            return None
        return Connection(accepted, host=str(peer[0]))

    def close(self) -> None:
        """Accept no more; the address is free for the next server."""
        with suppress(OSError):
            self._socket.close()


def open_all(addresses: list[Address]) -> list[Listener]:
    """A listener for each address that exists.

    Raises:
        CannotListen: and then none is left open.
    """
    listeners: list[Listener] = []
    for address in addresses:
        try:
            listeners.append(Listener(address))
        except CannotListen:
            if address.may_fail:
                continue
            for listener in listeners:
                listener.close()
            raise
    return listeners


def _why(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "the port is in use"
    return (error.strerror or str(error)).lower()
