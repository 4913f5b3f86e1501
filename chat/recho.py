"""The remote echo: the smallest service on these floors.  Start reading here.

    python -m chat.recho serve 7777            a server, for any number of peers
    python -m chat.recho 127.0.0.1 7777 hi     a client: says hi, prints the echo

Everything that makes sockets hard is here, and nothing else: an echo that is
read in pieces, written in pieces, and owed to many peers at once.  Two rules
keep it honest:

* a peer is either heard or answered, never both.  While one has not taken his
  echo nothing more is read from him, so nobody can make the server's memory grow;
* the client reads while it writes.  If both ends only wrote, the buffers between
  them would fill up, and each would wait for the other for ever.

The chat server is this with lines, languages and people: chat/server/loop.py.
"""

import sys
from contextlib import closing

from chat.net import address
from chat.net.connection import Connection, Lost, connect
from chat.net.listener import CannotListen, Exhausted, Listener
from chat.net.poller import SelectPoller
from chat.wire.outbox import Outbox

# select reaches 1024 descriptors, and a machine may allow a program fewer.
SEATS = 512


class Echo:
    """A listener, and everybody who is connected to it."""

    def __init__(self, listener: Listener) -> None:
        self._poller = SelectPoller()
        self._listener = listener
        self._poller.read(listener.descriptor)
        self._peers: dict[int, tuple[Connection, Outbox]] = {}

    def turn(self, seconds: float | None = None) -> None:
        """Wait until something is ready, and serve just that."""
        ready = self._poller.wait(seconds)
        for descriptor in ready.readable + ready.writable:
            if descriptor == self._listener.descriptor:
                self._welcome()
                continue
            try:
                self._serve(descriptor)
            except Lost:
                self._close(descriptor)

    def close(self) -> None:
        """Give every descriptor back, at once."""
        for descriptor in list(self._peers):
            self._close(descriptor)
        self._listener.close()

    def _welcome(self) -> None:
        try:
            connection = self._listener.accept()
        except Exhausted:
            if not self._peers:
                raise  # Nobody here will ever leave and make room.
            connection = None
            self._poller.stop_reading(self._listener.descriptor)
        if connection is not None:
            self._peers[connection.descriptor] = connection, Outbox(0, 0)
            self._poller.read(connection.descriptor)
        if len(self._peers) == SEATS:
            # Whoever comes now waits in the backlog until somebody leaves.
            self._poller.stop_reading(self._listener.descriptor)

    def _serve(self, descriptor: int) -> None:
        connection, outbox = self._peers[descriptor]
        if not outbox:
            data = connection.receive()
            if data == b"":
                # He has finished talking, and everything has been answered.
                self._close(descriptor)
                return
            outbox.append(data or b"")
        connection.flush(outbox)
        if outbox:
            # The kernel took a part of it, or nothing: answer before hearing.
            self._poller.stop_reading(descriptor)
            self._poller.write(descriptor)
        else:
            self._poller.stop_writing(descriptor)
            self._poller.read(descriptor)

    def _close(self, descriptor: int) -> None:
        self._poller.forget(descriptor)
        connection, _ = self._peers.pop(descriptor)
        connection.close()
        self._poller.read(self._listener.descriptor)


def ask(connection: Connection, text: bytes) -> bytes:
    """Say *text* and finish talking; then all that comes until the peer does."""
    poller = SelectPoller()
    outbox = Outbox(0, 0)
    outbox.append(text)
    poller.read(connection.descriptor)
    poller.write(connection.descriptor)
    heard: list[bytes] = []
    while True:
        ready = poller.wait(None)
        if ready.writable:
            connection.flush(outbox)
            if not outbox:
                poller.stop_writing(connection.descriptor)
                connection.finish_talking()
        if ready.readable:
            data = connection.receive()
            if data == b"":
                return b"".join(heard)
            heard.append(data or b"")


def main(arguments: list[str]) -> int:
    """Serve for ever, or ask once."""
    match arguments:
        case ["serve", port]:
            listener = Listener(address.parse(f"127.0.0.1:{port}")[0])
            with closing(Echo(listener)) as echo:
                while True:
                    echo.turn()
        case [host, port, text]:
            with closing(connect(address.parse(f"{host}:{port}")[0])) as connection:
                sys.stdout.write(ask(connection, text.encode() + b"\n").decode())
            return 0
        case _:
            raise ValueError("give serve PORT, or HOST PORT TEXT")


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except (ValueError, CannotListen, Exhausted, Lost) as error:
        raise SystemExit(f"recho: {error}") from None
    except KeyboardInterrupt:
        raise SystemExit(0) from None
