"""A server to talk to, and a screen to look at."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import wraps
from typing import ParamSpec, Self

import pyte

_P = ParamSpec("_P")
_PATIENCE_SECONDS = 10


def in_a_loop(
    scene: Callable[_P, Awaitable[None]],
) -> Callable[_P, None]:
    """Make a test of *scene*; one that gets stuck fails."""

    @wraps(scene)
    def test(*args: _P.args, **kwargs: _P.kwargs) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await scene(*args, **kwargs)

        asyncio.run(bounded())

    return test


class Caller:
    """The server's end of one connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._reader = reader
        self._writer = writer

    async def hears(self, expected: str) -> None:
        """Read the next line, which is *expected*; its end is CR LF."""
        assert (await self._reader.readuntil(b"\n")).decode() == expected + "\r\n"

    async def takes(self, line: str, number: int) -> None:
        """Hear *line*, and prove it to somebody who has no echo."""
        await self.hears(line)
        await self.hears(f"PING line-{number}")
        self.says(f":irc.x PONG irc.x line-{number}")

    async def hears_nothing_more(self) -> None:
        """Read up to the end, which is here."""
        assert await self._reader.read() == b""

    def says(self, *lines: str) -> None:
        """Send *lines*."""
        for line in lines:
            self.sends(line.encode() + b"\r\n")

    def sends(self, data: bytes) -> None:
        """Send exactly these bytes."""
        self._writer.write(data)

    async def is_greeted_by(self, nick: str) -> None:
        """Hear the first lines of *nick*."""
        for line in ("CAP LS 302", f"NICK {nick}", f"USER {nick} 0 * {nick}"):
            await self.hears(line)

    async def admits(self, nick: str, room: str) -> None:
        """Greet *nick* and let them into *room*, as a small old server would."""
        await self.is_greeted_by(nick)
        self.says(f":irc.x 001 {nick} :Welcome", f":irc.x 422 {nick} :No MOTD")
        await self.hears(f"JOIN {room}")
        await self.hears("PING join-1")
        self.says(
            f":{nick}!u@h JOIN {room}",
            f":irc.x 353 {nick} = {room} :{nick} bob",
            f":irc.x 366 {nick} {room} :End",
            ":irc.x PONG irc.x join-1",
        )

    async def hangs_up(self) -> None:
        """Close the connection."""
        self._writer.close()
        with suppress(OSError):  # it broke before
            await self._writer.wait_closed()

    def breaks(self) -> None:
        """Reset the connection."""
        connection = self._writer.get_extra_info("socket")
        # Lingering for no time makes the kernel send a reset.
        at_once = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self._writer.transport.abort()


class Server:
    """Something that listens on a loopback port of the system's choice."""

    def __init__(self) -> None:
        self._callers: asyncio.Queue[Caller] = asyncio.Queue()
        self._all: list[Caller] = []
        self.port = 0
        # Nobody can call any more; those who did may go on.
        self.stops_listening: Callable[[], None] = lambda: None

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Self]:
        """A server, until the end of the block."""
        server = cls()
        listening = await asyncio.start_server(server._called, "127.0.0.1", 0)
        server.stops_listening = listening.close
        server.port = listening.sockets[0].getsockname()[1]
        async with listening:
            try:
                yield server
            finally:
                for caller in server._all:
                    await caller.hangs_up()

    def _called(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        caller = Caller(reader, writer)
        self._all.append(caller)
        self._callers.put_nowait(caller)

    async def accepts(self) -> Caller:
        """The next one who calls."""
        return await self._callers.get()


class Screen:
    """What a person sees of what a program writes to its terminal."""

    def __init__(self, columns: int, rows: int) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._changed = asyncio.Event()

    def feed(self, data: bytes) -> None:
        """The program wrote *data*."""
        self._stream.feed(data)
        self._changed.set()

    @property
    def title(self) -> str:
        """What the window is called."""
        return str(self._screen.title)

    def lines(self) -> list[str]:
        """The lines on the screen that are not empty."""
        return [line.rstrip() for line in self._screen.display if line.strip()]

    async def shows(self, text: str) -> None:
        """Wait until *text* stands in a line of the screen."""
        while not any(text in line for line in self.lines()):
            await self._next(text)

    async def ends_with(self, text: str) -> None:
        """Wait until the last line of the screen is *text*."""
        while self.lines()[-1:] != [text]:
            await self._next(text)

    async def _next(self, text: str) -> None:
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), _PATIENCE_SECONDS / 2)
        except TimeoutError:
            raise AssertionError(f"no {text!r} in {self.lines()}") from None
