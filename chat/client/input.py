"""The input: lines from a descriptor, as they come, without a thread.

A pipe is waited for.  A file is always ready, so the loop refuses to wait for
it, and it is simply read.
"""

import asyncio
import contextlib
import os
from collections import deque
from typing import Final

_CHUNK: Final = 65536
# Nobody says more than that in one line: it is cut.
_LONGEST_LINE: Final = 65536
# What there is left to read when nobody is there any more who could say it.
_REST_SECONDS: Final = 1


class Input:
    """What can be read from one descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: deque[str] = deque()
        self._cut = b""
        self._is_read = False

    @property
    def has_ended(self) -> bool:
        """Nothing is left."""
        return self._is_read and not self._lines

    async def next(self) -> str | None:
        """The next line that says something, or None at the end."""
        while not self._lines and not self._is_read:
            await self._read()
        return self._lines.popleft() if self._lines else None

    async def rest(self) -> list[str]:
        """All that is left, as far as it is there already."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_REST_SECONDS):
                while not self._is_read:
                    await self._read()
        lines = list(self._lines)
        self._lines.clear()
        return lines

    async def _read(self) -> None:
        await _ready(self._descriptor)
        try:
            data = os.read(self._descriptor, _CHUNK)
        except OSError:
            # A descriptor that cannot be read has nothing to say.
            data = b""
        self._is_read = not data
        *whole, self._cut = (self._cut + data).split(b"\n")
        if self._is_read or len(self._cut) > _LONGEST_LINE:
            whole.append(self._cut)
            self._cut = b""
        self._lines.extend(filter(str.strip, map(_text, whole)))


def _text(line: bytes) -> str:
    """*line* as it can be said: no CR, which ends a line elsewhere, and no tab."""
    text = line.decode("utf-8", "replace").removesuffix("\r")
    return text.replace("\r", " ").expandtabs()


async def _ready(descriptor: int) -> None:
    """Wait until there is something to read; a file is ready at any time."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[None] = loop.create_future()

    def _is_ready() -> None:
        loop.remove_reader(descriptor)
        future.set_result(None)

    try:
        loop.add_reader(descriptor, _is_ready)
    except (PermissionError, NotImplementedError):
        await asyncio.sleep(0)
        return
    try:
        await future
    finally:
        loop.remove_reader(descriptor)
