"""The log: what an operator should know, in lines that never cost a turn.

Writing to a pipe that nobody empties waits for ever, and would stop the server
after 64 KiB of log.  So a line is only written if the descriptor takes it at
once (a pipe that is writable takes up to ``PIPE_BUF`` bytes whole), and what it
does not take is dropped and counted.  So is what meets a full disk, a reader who
has gone, or a descriptor that was closed: a log that cannot be written is no
reason to stop talking.  Nor can anybody outside fill the disk: `BUDGET` bytes a
second is all that is ever written.

A line is one line: what people wrote is made harmless on its way in.
"""

import os
import select
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import Final, TextIO

from chat.wire.text import harmless

# POSIX promises 512; Linux and the BSDs take a whole page.
_LINE: Final = 500
BUDGET: Final = 10_000
# What anybody can bring about, by connecting and leaving, has less: a fault, and
# what an operator asks for, must still find room while that goes on.
BUDGET_OF_EVENTS: Final = 8_000
# The descriptor of what is not open: every line is dropped.
_NOWHERE: Final = -1


class Level(IntEnum):
    """How much an operator wants to know of it."""

    # Who has come.
    DEBUG = 0
    # Who was turned away or has gone, what was changed: the life of the house.
    INFO = 1
    # What somebody should look at some day.
    WARNING = 2
    # A bug of ours.
    ERROR = 3


class Log:
    """Lines to one descriptor, such as standard error's.

    Lines below `level` are not written.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._file: Path | None = None
        self.level = Level.INFO
        self._second = -1
        # The second as people read it: made once, for all the lines in it.
        self._stamp = ""
        self._spent = 0
        self.dropped = 0

    @classmethod
    def on(cls, stream: TextIO | None) -> "Log":
        """A log on *stream*, which may be closed, or None as it is for a daemon."""
        try:
            return cls(_NOWHERE if stream is None else _opened(stream.fileno()))
        except (OSError, ValueError):
            return cls(_NOWHERE)

    @classmethod
    def at(cls, file: Path) -> "Log":
        """A log at the end of *file*, which only its owner may read.

        Raises:
            OSError: it cannot be opened.
        """
        log = cls(_open(file))
        log._file = file
        return log

    def reopen(self) -> None:
        """Go on in the file of that name, which may be another one by now.

        Raises:
            OSError: there is none to be had; it goes on in the old one.
        """
        if self._file is not None:
            # One call puts the new file in the old one's place: no line is
            # between them.
            opened = _open(self._file)
            os.dup2(opened, self._descriptor, inheritable=False)
            os.close(opened)

    def write(self, wall: int, text: str, level: Level = Level.INFO) -> bool:
        """Write *text* as one line at *wall* (ms), or drop and count it.

        Whether it was written.
        """
        if level < self.level:
            return False
        self._begin(wall // 1000)
        line = f"{self._stamp} {harmless(text)}"
        data = line.encode(errors="replace")[: _LINE - 1] + b"\n"
        budget = BUDGET if level > Level.INFO else BUDGET_OF_EVENTS
        if self._spent + len(data) > budget or not self._takes(data):
            self.dropped += 1
            return False
        self._spent += len(data)
        return True

    def _begin(self, second: int) -> None:
        """Another second, another stamp and budget."""
        if second != self._second:
            self._second, self._spent = second, 0
            self._stamp = f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%SZ}"

    def _takes(self, data: bytes) -> bool:
        """Write *data* if the descriptor takes it at once; whether it did."""
        try:
            if not select.select((), (self._descriptor,), (), 0)[1]:
                return False
            # A terminal may take less than all of it; the rest is lost.
            return os.write(self._descriptor, data) == len(data)
        except (OSError, ValueError):
            # ValueError is how select calls a descriptor that it cannot watch.
            return False


def _opened(descriptor: int) -> int:
    """*descriptor*, or a terminal of its own where it is one.

    A terminal that takes one byte is called writable, and a longer line waits
    until somebody reads it.  Ours must not wait, but the shell's own must: the two
    share one open file unless we open it again.
    """
    if not os.isatty(descriptor):
        return descriptor
    flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
    return os.open(os.ttyname(descriptor), flags)


def _open(file: Path) -> int:
    # Without O_NONBLOCK a FIFO would keep us until somebody reads it.
    how = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_NOCTTY
    return os.open(file, how, 0o600)
