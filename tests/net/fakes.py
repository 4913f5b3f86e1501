"""Streams: our end of a conversation, and what the peer at the other end can do.

Two are as the kernel makes them.  The third has a `FakeSocket` at our end, and
keeps its promises: whatever can be asked of a real stream is tested on all alike.
"""

import os
import resource
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from chat.net.connection import Connection
from chat.net.poller import SelectPoller
from tests.fakes import FakeSocket

# How long a kernel may take to carry a few bytes from one end to the other.
_PATIENCE_SECONDS: Final = 5.0


class Stream:
    """A connection over two sockets of this machine's, with little room in between."""

    def __init__(self, ours: socket.socket, theirs: socket.socket) -> None:
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.ours = ours
        self.connection = Connection(ours, "here")
        self._theirs = theirs
        self._theirs.setblocking(False)

    def says(self, data: bytes) -> None:
        """The peer sends *data*, and it arrives."""
        self._theirs.sendall(data)
        self._wait_until_readable(self.ours)

    def reads(self) -> bytes:
        """All that has reached the peer."""
        self._wait_until_readable(self._theirs)
        return self._theirs.recv(1024 * 1024)

    def finishes(self) -> None:
        """The peer says that nothing more will come."""
        self._theirs.shutdown(socket.SHUT_WR)
        self._wait_until_readable(self.ours)

    def breaks(self) -> None:
        """The peer is gone without a farewell."""
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


class FakeStream(Stream):
    """A stream whose kernel also does as it is told."""

    def __init__(self, ours: socket.socket, theirs: socket.socket) -> None:
        self.kernel = FakeSocket(ours)
        super().__init__(self.kernel, theirs)


def a_fake_stream() -> FakeStream:
    """A pair of Unix sockets, ours fake."""
    return FakeStream(*socket.socketpair())


def a_unix_stream() -> Stream:
    """A pair of Unix sockets."""
    return Stream(*socket.socketpair())


def a_tcp_stream() -> Stream:
    """A connection over loopback."""
    return Stream(*tcp_pair())


def tcp_pair() -> tuple[socket.socket, socket.socket]:
    """Both ends of a connection over loopback, the accepted one first."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        theirs = socket.create_connection(door.getsockname())
        ours, _ = door.accept()
    return ours, theirs


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


@contextmanager
def all_descriptors() -> Iterator[int]:
    """Inside, this process can open as many as it is allowed: so many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        hard = soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield hard
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
