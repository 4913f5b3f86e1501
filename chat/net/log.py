"""The log: what an operator should know, in lines that never cost a turn.

Writing to a pipe that nobody empties waits for ever, and would stop the server
after 64 KiB of log.  So a line is only written if the descriptor takes it at
once (a pipe that is writable takes up to ``PIPE_BUF`` bytes whole), and what it
does not take is dropped and counted.  Nor can anybody outside fill the disk:
`BUDGET` bytes a second is all that is ever written.

A line is one line: what people wrote is made harmless on its way in.
"""

import os
import select
from typing import Final

from chat.wire.text import harmless

# POSIX promises 512; Linux and the BSDs take a whole page.
_LINE: Final = 500
BUDGET: Final = 10_000


class Log:
    """Lines to one descriptor, such as standard error's."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._second = 0
        self._spent = 0
        self.dropped = 0

    def write(self, wall: int, text: str) -> None:
        """Write *text* as one line at *wall* (ms), or drop and count it."""
        line = f"{wall // 1000} {harmless(text)}"
        data = line.encode(errors="replace")[: _LINE - 1] + b"\n"
        if self._may_write(wall // 1000, len(data)):
            os.write(self._descriptor, data)
        else:
            self.dropped += 1

    def _may_write(self, second: int, size: int) -> bool:
        if second != self._second:
            self._second, self._spent = second, 0
        self._spent += size
        if self._spent > BUDGET:
            return False
        return bool(select.select((), (self._descriptor,), (), 0)[1])
