"""The link: bytes to and from one IRC server.

Everything above this module speaks in whole messages; everything below is
asyncio's streams.  What arrives is read in large chunks and given out as one
batch of messages per chunk: reading line by line never yields while data is
buffered, and a busy room would then starve the keyboard.

The rules:

* bytes are decoded here and nowhere else; what is not UTF-8 is replaced;
* no CR, LF or NUL gets into a line that is sent, so nobody can be tricked into
  sending two commands in one;
* sending never waits.  The reader answers PING, and a server may stop reading
  us until we have read it: each would wait for the other.  Whoever types waits
  in `flushed` instead.

The network's failures become `Lost`, which says in words what happened.

Next: chat/client/call.py
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterable
from typing import Final, Self

from chat.dialects.irc.message import Message, formatted, parse
from chat.wire.lines import ENDLESS, Line, LineBuffer

# What IRCv3 lets a server send in one line: tags, and then the message.
_LINE_LIMIT: Final = 8191 + 512
_CHUNK: Final = 65536
# A packet filter that answers nothing would keep us for two minutes.
_CONNECT_SECONDS: Final = 15
_ALIVE: Final = Message("PING", ("alive",))
_FORBIDDEN: Final = dict.fromkeys(map(ord, "\r\n\0"), " ")


class Lost(Exception):
    """There is no server at the other end, or none any more."""


class Unreachable(Lost):
    """There was none in the first place."""


class Link:
    """One connection, from the first byte to the last."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        silence_seconds: float,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._socket = writer.get_extra_info("socket").dup()
        self._silence_seconds = silence_seconds

    @classmethod
    async def to(cls, host: str, port: int, silence_seconds: float = 30) -> Self:
        """Connect to the server at *host* and *port*, or raise `Unreachable`.

        Silence of *silence_seconds*, twice in a row, is a loss.
        """
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                ends = await asyncio.open_connection(host, port)
        except OSError as error:
            raise Unreachable(_unreachable(host, port, error)) from error
        return cls(*ends, silence_seconds)

    async def batches(self) -> AsyncIterator[list[Message]]:
        """What the server says, chunk by chunk, until it has finished."""
        buffer = LineBuffer(_LINE_LIMIT)
        while chunk := await self._next():
            buffer.feed(chunk)
            lines: list[Line] = []
            while buffer:
                lines += buffer.take(len(buffer))
            yield [
                parse(line.decode("utf-8", "replace"))
                for line in lines
                if isinstance(line, bytes)
            ]
            if ENDLESS in lines:
                raise Lost("What answers there does not speak IRC.")
            # Data that is already here would keep the keyboard waiting.
            await asyncio.sleep(0)

    async def _next(self) -> bytes:
        """What comes next.  Who is silent for long is asked for a sign of life."""
        for _ in range(2):
            try:
                async with asyncio.timeout(self._silence_seconds):
                    return await self._read()
            except TimeoutError:
                self.send([_ALIVE])
        raise Lost("The server does not answer any more.")

    async def _read(self) -> bytes:
        try:
            return await self._reader.read(_CHUNK)
        except OSError as error:
            # When writing fails the stream forgets what has come.  It may be why.
            if rest := self._rest():
                return rest
            raise Lost(_broken(error)) from error

    def _rest(self) -> bytes:
        with contextlib.suppress(OSError):
            rest: bytes = self._socket.recv(_CHUNK)
            return rest
        return b""

    def send(self, messages: Iterable[Message]) -> None:
        """Put *messages* on their way, in order, each in a line of its own."""
        for message in messages:
            line = formatted(message).translate(_FORBIDDEN)
            self._writer.write(line.encode("utf-8", "replace") + b"\r\n")

    async def flushed(self) -> None:
        """Wait until the network takes more, or raise `Lost`."""
        try:
            await self._writer.drain()
        except OSError as error:
            raise Lost(_broken(error)) from error

    async def close(self) -> None:
        """Hang up.  It does not matter any more what the network thinks of it."""
        self._socket.close()
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


def _unreachable(host: str, port: int, error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return f"There is no host called {host}."
    if isinstance(error, TimeoutError):
        return f"{host} port {port} does not answer."
    if isinstance(error, ConnectionRefusedError):
        return f"No server is listening on {host} port {port}."
    # Where a name has several addresses the error lists what each one said.
    return f"Cannot reach {host} port {port}: {error.strerror or error}."


def _broken(error: OSError) -> str:
    return f"The connection broke: {error.strerror or error}."
