"""The listener: the socket that accepts.

The kernel completes connections on its own and keeps them in the backlog until
they are accepted.  A short backlog turns a classroom that arrives at once into
a minute of retries, so ours is long.

A Unix socket is a file as well, and the file outlives whoever listened on it.
So before binding we look who is there: a dead server's file is in the way and
goes, a living one's stays, and what is no socket is none of our business.

Next: chat/server/door.py
"""

import errno
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from chat.net.address import ADMIN, Address
from chat.net.connection import LOCAL, Connection, is_set_up, set_up

# 3,000 people who reconnect at the same moment must all fit; a kernel that is set to
# less (somaxconn) takes what it can.
BACKLOG: Final = 4096
# Take from a new socket's file what is not for its owner and group: 0660; and from
# the one of those who run the house what is not for its owner.
_FOR_OTHERS: Final = 0o117
_FOR_ANYBODY_ELSE: Final = 0o177

_EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class CannotListen(Exception):
    """The address is taken or not ours; the message is for the operator."""


class Exhausted(Exception):
    """The machine has no more descriptors or buffers to accept with."""


class Listener:
    """A bound socket, and the connections that arrive on it."""

    # Whether what it accepts is set up as it is itself, as on Linux, which saves seven
    # calls for each who comes; None before anybody has come.
    _hands_on: bool | None = None

    def __init__(self, address: Address) -> None:
        try:
            # A kernel without IPv6 refuses already here.
            self._socket = socket.socket(_family(address), socket.SOCK_STREAM)
        except OSError as error:
            raise CannotListen(f"cannot listen on {address}: {_why(error)}") from None
        try:
            self._file = _bind(self._socket, address)
            if not set_up(self._socket):
                self._hands_on = False
            self._socket.listen(BACKLOG)
        except OSError as error:
            self._socket.close()
            raise CannotListen(f"cannot listen on {address}: {_why(error)}") from None
        self._socket.setblocking(False)
        self.descriptor = self._socket.fileno()
        self.address = address
        if not address.path:
            # Port 0 asks for any free one: this is which.
            port = self._socket.getsockname()[1]
            self.address = Address(address.host, port, address.scheme)

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
        if self._hands_on is None:
            self._hands_on = is_set_up(accepted, like=self._socket)
        host = LOCAL if self.address.path else str(peer[0])
        return Connection(accepted, host, has_options=self._hands_on)

    def close(self) -> None:
        """Accept no more; the address is free for the next server."""
        if self._file is not None:
            # While the socket is open, nobody else's file can have our number.
            self._file.remove()
        with suppress(OSError):
            self._socket.close()


class Spare:
    """A descriptor kept free for the moment when there is no other.

    Lent out, it lets one more connection be accepted, told no, and closed.
    """

    def __init__(self) -> None:
        self._descriptor = -1
        self.take_back()

    def lend(self) -> None:
        """Let somebody else have it; nothing if it is not there."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def take_back(self) -> None:
        """Have one again, if there is one to be had."""
        with suppress(OSError):
            self._descriptor = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)


def open_all(addresses: list[Address]) -> list[Listener]:
    """A listener for each address that exists, and at least one.

    Raises:
        CannotListen: and then none is left open.
    """
    listeners: list[Listener] = []
    failed: CannotListen | None = None
    for address in addresses:
        try:
            listeners.append(Listener(address))
        except CannotListen as error:
            failed = error
            if address.may_fail:
                continue
            for listener in listeners:
                listener.close()
            raise
    if failed is not None and not listeners:
        raise failed
    return listeners


class _File:
    """The file that a Unix socket is, for as long as it is ours."""

    def __init__(self, path: str) -> None:
        # The server may have changed its folder when it is time to clear away.
        self._path = Path(path).absolute()
        self._number = self._look()

    def remove(self) -> None:
        """Take it away, unless somebody has put another one in its place."""
        with suppress(OSError):
            if self._look() == self._number:
                self._path.unlink()

    def _look(self) -> tuple[int, int]:
        found = self._path.lstat()
        return found.st_dev, found.st_ino


def _family(address: Address) -> socket.AddressFamily:
    if address.path:
        return socket.AF_UNIX
    return socket.AF_INET6 if address.is_v6 else socket.AF_INET


def _bind(listening: socket.socket, address: Address) -> _File | None:
    """Give *listening* its *address*; the file that it is now, if it is one."""
    if address.path:
        _clear_the_way(Path(address.path))
        mask = _FOR_ANYBODY_ELSE if address.scheme == ADMIN else _FOR_OTHERS
        return _bind_file(listening, address.path, mask)
    # Without it a restart must wait until the last conversation's
    # TIME_WAIT has run out, up to a minute.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if address.is_v6:
        # One listener, one family: [::] must not take 0.0.0.0 as well.
        listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listening.bind((address.host, address.port))
    return None


def _bind_file(listening: socket.socket, path: str, mask: int) -> _File:
    # Under this mask the file has its mode from its first moment.  `chmod` would
    # look the path up again, and find what somebody else has put there meanwhile.
    others = os.umask(mask)
    try:
        listening.bind(path)
    finally:
        os.umask(others)
    return _File(path)


def _clear_the_way(path: Path) -> None:
    """Remove the socket of a dead server from *path*, and nothing else."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise FileExistsError(errno.EEXIST, "a file that is no socket is in the way")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        # A server that is too busy to answer lives, and must not hold us up.
        caller.setblocking(False)
        try:
            caller.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
        except BlockingIOError:
            pass
    raise FileExistsError(errno.EEXIST, "the socket is in use")


def _why(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "the port is in use"
    return (error.strerror or str(error)).lower()
