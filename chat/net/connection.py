"""The connection: one accepted socket, and the only ``recv`` and ``send``.

A socket here never waits (it is non-blocking), and never tells a story that is
longer than one call:

* ``recv`` gives what has arrived, from one byte to 16 KiB; it says nothing about
  where the sender's lines begin and end;
* ``recv`` gives no bytes when the peer has *finished talking* (it sent FIN).
  That is not the same as gone: it may still be reading our answers;
* ``send`` takes as much as fits into the kernel's buffer, which may be half of
  what it was offered, or nothing;
* an `OSError` is the network's, and means that the peer is *lost*.  It is caught
  here and nowhere else.  That goes for a kernel without memory too (ENOBUFS,
  ENOMEM): it calls the socket writable all the while, so trying again would spin.

Next: chat/wire/pipeline.py
"""

import socket
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address
from typing import Final, NamedTuple

from chat.net.address import Address
from chat.wire.outbox import Outbox

# What stands for the address of a peer on a Unix socket, which has none.
LOCAL: Final = "unix"

# One read's worth.  It is what a flooder can make us keep in a turn, and what is
# allocated for each read, however little has come.
READ_SIZE: Final = 16 * 1024
# What is read of it in haste: 256 KiB, for a flooder must not keep us.
READS_AT_THE_END: Final = 16

# A peer whose cable is pulled says nothing, and over plain there is no ping that
# a person would not see.  So the kernel asks for us: after a while of silence,
# which is sooner than most routers forget a silent connection, and three times,
# because wireless links fail for a while and come back.
KEEPALIVE_IDLE_SECONDS: Final = 45
KEEPALIVE_INTERVAL_SECONDS: Final = 10
KEEPALIVE_TRIES: Final = 3
# What was sent and never acknowledged stops those questions, and is sent again
# for a quarter of an hour.  This gives it as long as they have.  Something may be
# said just before they end, so it can take twice as long: 150 seconds.  (It also
# ends with a peer who is there and takes nothing, once all buffers are full.)
USER_TIMEOUT_MILLISECONDS: Final = 75_000

# By name, because no system has them all.  macOS calls TCP_KEEPIDLE otherwise.
_BY_NAME: Final = (
    # One send holds all that a reader gets in a turn.  Nagle's algorithm would
    # hold it back until the last one is acknowledged, and with a receiver that
    # delays its acknowledgements that is 40 ms.
    (socket.IPPROTO_TCP, "TCP_NODELAY", 1),
    # Telnet marks Ctrl-C as urgent.  Urgent bytes stay in the stream, where they
    # belong, instead of vanishing from it.
    (socket.SOL_SOCKET, "SO_OOBINLINE", 1),
    (socket.SOL_SOCKET, "SO_KEEPALIVE", 1),
    (socket.IPPROTO_TCP, "TCP_KEEPIDLE", KEEPALIVE_IDLE_SECONDS),
    (socket.IPPROTO_TCP, "TCP_KEEPALIVE", KEEPALIVE_IDLE_SECONDS),
    (socket.IPPROTO_TCP, "TCP_KEEPINTVL", KEEPALIVE_INTERVAL_SECONDS),
    (socket.IPPROTO_TCP, "TCP_KEEPCNT", KEEPALIVE_TRIES),
    (socket.IPPROTO_TCP, "TCP_USER_TIMEOUT", USER_TIMEOUT_MILLISECONDS),
)
_OPTIONS: Final = tuple(
    (level, getattr(socket, name), value)
    for level, name, value in _BY_NAME
    if hasattr(socket, name)
)

# What is one and the same to the people who are left behind.
_CUT: Final = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)


class Lost(Exception):
    """The peer has gone without a farewell; the message says how."""


class Connection:
    """One peer's end of a conversation, in bytes."""

    __slots__ = ("_socket", "descriptor", "host", "send")

    def __init__(
        self, accepted: socket.socket, host: str, *, has_options: bool = False
    ) -> None:
        accepted.setblocking(False)
        if not has_options:
            set_up(accepted)
        self._socket = accepted
        # As it is, for `send_all`: it raises what the kernel says.
        self.send = accepted.send
        self.descriptor = accepted.fileno()
        self.host = host

    def __repr__(self) -> str:
        return f"<Connection {self.descriptor} {self.host}>"

    @property
    def is_local(self) -> bool:
        """Whether it never leaves this machine, so that nobody reads along."""
        return _is_local(self.host)

    def receive(self, most: int = READ_SIZE) -> bytes | None:
        """What has arrived; no bytes at the end; None if nothing is there now.

        At most *most* bytes; the rest stays in the kernel's buffer.

        Raises:
            Lost: the peer is gone.
        """
        try:
            return self._socket.recv(most)
        except (BlockingIOError, InterruptedError):
            # Readiness is a hint: the kernel may have dropped a bad segment.
            return None
        except OSError as error:
            raise Lost(_in_words(error)) from None

    def flush(self, outbox: Outbox) -> bool:
        """Offer the kernel what is waiting, once; the rest stays in line.

        Whether nothing is waiting any more.

        Raises:
            Lost: the peer is gone.
        """
        try:
            return outbox.offer(self.send)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError as error:
            raise Lost(_in_words(error)) from None

    def finish_talking(self) -> None:
        """Say that nothing more will come from us, and go on reading."""
        # If the peer was quicker, there is nobody left to be told.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def take_in_rest(self) -> None:
        """Read what has arrived, within reason, though nobody will hear it."""
        with suppress(Lost):
            for _ in range(READS_AT_THE_END):
                if not self.receive():
                    return

    def close(self) -> None:
        """Give the descriptor back."""
        # It is ours no longer even if the kernel complains, for example of words
        # that it could not deliver: nobody could do anything about them now.
        with suppress(OSError):
            self._socket.close()


class Short(NamedTuple):
    """Who has not taken all that was sent: how many bytes, and whether it is lost."""

    descriptor: int
    taken: int
    lost: Lost | None = None


def send_all(data: bytes, connections: Iterable[Connection]) -> list[Short]:
    """Offer the kernel *data* for each of *connections*, which have nothing waiting.

    In a room of hundreds this loop is most of what a line costs.
    """
    size = len(data)
    short: list[Short] = []
    for each in connections:
        # Looked up by itself, a slot costs half of what it does as part of a call.
        send = each.send
        try:
            if (count := send(data)) != size:
                short.append(Short(each.descriptor, count))
        except (BlockingIOError, InterruptedError):
            short.append(Short(each.descriptor, 0))
        except OSError as error:
            short.append(Short(each.descriptor, 0, Lost(_in_words(error))))
    return short


def set_up(ours: socket.socket) -> bool:
    """Have the kernel treat *ours* as a conversation wants it; whether it does."""
    taken = True
    for option in _OPTIONS if ours.family != socket.AF_UNIX else ():
        try:
            ours.setsockopt(*option)
        except OSError:
            # Some systems refuse options on a socket whose peer has left.
            taken = False
    return taken


def is_set_up(accepted: socket.socket, like: socket.socket) -> bool:
    """Whether *accepted* was born *like* the one that listens, which was set up."""
    if accepted.family == socket.AF_UNIX:
        return True
    try:
        return all(
            accepted.getsockopt(level, name) == like.getsockopt(level, name) != 0
            for level, name, _ in _OPTIONS
        )
    except OSError:
        return False


def connect(address: Address) -> Connection:
    """A connection to whoever listens on *address*; this one call may wait.

    Raises:
        Lost: nobody does.
    """
    try:
        if address.path:
            return Connection(_dialled(address.path), LOCAL)
        dialled = socket.create_connection((address.host, address.port))
    except OSError as error:
        raise Lost(_in_words(error)) from None
    return Connection(dialled, address.host)


def pair() -> tuple[Connection, Connection]:
    """Both ends of a conversation within this process."""
    one, other = socket.socketpair()
    return Connection(one, LOCAL), Connection(other, LOCAL)


def _dialled(path: str) -> socket.socket:
    dialled = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        dialled.connect(path)
    except OSError:
        dialled.close()
        raise
    return dialled


# A thousand people may come through one address.
@lru_cache(maxsize=1024)
def _is_local(host: str) -> bool:
    is_address = ":" in host or "." in host
    return not is_address or ip_address(host).is_loopback


def _in_words(error: OSError) -> str:
    if isinstance(error, _CUT):
        return "Connection reset"
    if isinstance(error, TimeoutError):
        return "Connection timed out"
    return (error.strerror or "Connection lost").capitalize()
