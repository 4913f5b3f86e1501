"""A stream whose kernel does as it is told, and real ones to compare it with.

Kernels do four things to whoever sends and receives: they take part of what is
offered, they say "not now", they tell of the end, and they tell of a reset.  A
`FakeSocket` does each of them on demand.  It keeps its promises: whatever can be
asked of a real stream is tested on all three kinds of `Stream` alike.
"""

import errno
import os
import resource
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol, cast

from chat.net.connection import Connection
from chat.net.poller import SelectPoller

# How long a kernel may take to carry a few bytes from one end to the other.
_PATIENCE_SECONDS: Final = 5.0


class Stream(Protocol):
    """A connection of ours, and what the peer at its other end can do."""

    connection: Connection

    def says(self, data: bytes) -> None:
        """The peer sends *data*, and it arrives."""

    def reads(self) -> bytes:
        """All that has reached the peer."""

    def finishes(self) -> None:
        """The peer says that nothing more will come."""

    def breaks(self) -> None:
        """The peer is gone without a farewell."""

    def close(self) -> None:
        """Give back what it took."""


class FakeSocket:
    """Our end of a stream; the kernel holds at most *room* bytes for the peer."""

    def __init__(self, room: int) -> None:
        self.family = socket.AF_UNIX
        self.room = room
        self.arrived = bytearray()
        self.sent = bytearray()
        self.peer_has_finished = False
        self.we_have_finished = False
        self.error: OSError | None = None

    def setblocking(self, blocking: bool) -> None:
        assert not blocking, "nothing in this house waits"

    def setsockopt(self, *_option: int) -> None:
        # Some systems refuse options on a socket whose peer has left.
        raise OSError(errno.EINVAL, "Invalid argument")

    def fileno(self) -> int:
        return 4000

    def recv(self, size: int) -> bytes:
        self._fail()
        if not self.arrived and not self.peer_has_finished:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        data = bytes(self.arrived[:size])
        del self.arrived[:size]
        return data

    def send(self, data: bytes | memoryview) -> int:
        self._fail()
        if self.we_have_finished:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        taken = data[: self.room - len(self.sent)]
        if not taken:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        self.sent += taken
        return len(taken)

    def shutdown(self, how: int) -> None:
        assert how == socket.SHUT_WR
        self._fail()
        self.we_have_finished = True

    def close(self) -> None:
        self.error = OSError(errno.EBADF, "Bad file descriptor")

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error


class FakeStream:
    """A stream over a `FakeSocket`."""

    def __init__(self, room: int = 3) -> None:
        self.socket = FakeSocket(room)
        self.connection = Connection(cast(socket.socket, self.socket), "fake")

    def says(self, data: bytes) -> None:
        self.socket.arrived += data

    def reads(self) -> bytes:
        data = bytes(self.socket.sent)
        self.socket.sent.clear()
        return data

    def finishes(self) -> None:
        self.socket.peer_has_finished = True

    def breaks(self) -> None:
        self.socket.error = ConnectionResetError(errno.ECONNRESET, "Connection reset")

    def close(self) -> None:
        self.connection.close()


class RealStream:
    """A stream over two sockets of this machine's, with little room in between."""

    def __init__(self, ours: socket.socket, theirs: socket.socket) -> None:
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.ours = ours
        self.connection = Connection(ours, "real")
        self._theirs = theirs
        self._theirs.setblocking(False)

    def says(self, data: bytes) -> None:
        self._theirs.sendall(data)
        self._wait_until_readable(self.ours)

    def reads(self) -> bytes:
        self._wait_until_readable(self._theirs)
        return self._theirs.recv(1024 * 1024)

    def finishes(self) -> None:
        self._theirs.shutdown(socket.SHUT_WR)
        self._wait_until_readable(self.ours)

    def breaks(self) -> None:
        # Lingering for no time, and leaving something unread, are the two ways to
        # make a kernel send a reset; TCP knows both, a Unix pair the second.
        self.ours.send(b"unread")
        self._wait_until_readable(self._theirs)
        at_once = struct.pack("ii", 1, 0)
        self._theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self._theirs.close()
        self._wait_until_readable(self.ours)

    def close(self) -> None:
        self.connection.close()
        self._theirs.close()

    def _wait_until_readable(self, end: socket.socket) -> None:
        poller = SelectPoller()
        poller.read(end.fileno())
        assert poller.wait(_PATIENCE_SECONDS).readable, "nothing has arrived"


def a_unix_stream() -> RealStream:
    """A pair of Unix sockets."""
    return RealStream(*socket.socketpair())


def a_tcp_stream() -> RealStream:
    """A connection over loopback."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        theirs = socket.create_connection(door.getsockname())
        ours, _ = door.accept()
    return RealStream(ours, theirs)


@contextmanager
def no_more_descriptors() -> Iterator[None]:
    """Inside, this process can open nothing."""
    # The limit is on the number of the next descriptor, so it is set to that one.
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
