"""The connection: one accepted socket, and the only ``recv`` and ``send``.

A socket here never waits (it is non-blocking), and never tells a story that is
longer than one call:

* ``recv`` gives what has arrived, from one byte to 64 KiB; it says nothing about
  where the sender's lines begin and end;
* ``recv`` gives no bytes when the peer has *finished talking* (it sent FIN).
  That is not the same as gone: it may still be reading our answers;
* ``send`` takes as much as fits into the kernel's buffer, which may be half of
  what it was offered, or nothing;
* an `OSError` is the network's, and means that the peer is *lost*.  It is caught
  here and nowhere else.

Next: chat/wire/pipeline.py
"""

import socket
from contextlib import suppress
from typing import Final

from chat.net.address import Address
from chat.wire.outbox import Outbox

# One read's worth: what a socket's receive buffer commonly holds.
READ_SIZE: Final = 64 * 1024


class Lost(Exception):
    """The peer has gone without a farewell; the message says how."""


class Connection:
    """One peer's end of a conversation, in bytes."""

    __slots__ = ("_socket", "descriptor", "host")

    def __init__(self, accepted: socket.socket, host: str) -> None:
        accepted.setblocking(False)
        if accepted.family != socket.AF_UNIX:
            # One send holds all that a reader gets in a turn.  Nagle's algorithm
            # would hold it back until the last one is acknowledged, and with a
            # receiver that delays its acknowledgements that is 40 ms.
            # (Some systems refuse options on a socket whose peer has left.)
            with suppress(OSError):
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                # Telnet marks Ctrl-C as urgent.  Urgent bytes stay in the stream,
                # where they belong, instead of vanishing from it.
                accepted.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
        self._socket = accepted
        self.descriptor = accepted.fileno()
        self.host = host

    def __repr__(self) -> str:
        return f"<Connection {self.descriptor} {self.host}>"

    def receive(self) -> bytes | None:
        """What has arrived; no bytes at the end; None if nothing is there now.

        Raises:
            Lost: the peer is gone.
        """
        try:
            return self._socket.recv(READ_SIZE)
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
        offer = outbox.peek()
        if not offer:
            return not outbox
        try:
            return outbox.taken(self._socket.send(offer))
        except (BlockingIOError, InterruptedError):
            return False
        except OSError as error:
            raise Lost(_in_words(error)) from None

    def finish_talking(self) -> None:
        """Say that nothing more will come from us, and go on reading."""
        # If the peer was quicker, there is nobody left to be told.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Give the descriptor back."""
        self._socket.close()


def connect(address: Address) -> Connection:
    """A connection to whoever listens on *address*; this one call may wait.

    Raises:
        Lost: nobody does.
    """
    try:
        dialled = socket.create_connection((address.host, address.port))
    except OSError as error:
        raise Lost(_in_words(error)) from None
    return Connection(dialled, address.host)


def _in_words(error: OSError) -> str:
    if isinstance(error, (ConnectionResetError, BrokenPipeError)):
        return "Connection reset"
    if isinstance(error, TimeoutError):
        return "Connection timed out"
    return (error.strerror or "Connection lost").capitalize()
