"""Lines: finding the ends in a stream of bytes.

TCP carries bytes, not messages.  One ``recv`` may bring half a line, or three
lines and the first letter of a fourth; where it is cut depends on the network
and never on the sender.  The line buffer keeps what is not finished yet and
gives out lines one by one, without their ends.

The rules:

* a line ends at LF; one CR before it belongs to the end.  A lone CR ends
  nothing: treating it as an end would let one person forge a second line;
* only the bytes that have just arrived are searched, so a megabyte without an
  end costs linear time;
* a line over the limit is told once, as `TOO_LONG` in its place, and swallowed
  up to its end.  So at most `limit` bytes of it are ever kept, and perhaps a CR;
* of many short lines that come at once only the next few are taken apart: as
  lines they would need twenty times the memory;
* whoever sends more than `PATIENCE` bytes without an end is not speaking in
  lines at all.  `ENDLESS` says so, and nothing follows it.

Next: chat/server/session.py
"""

from enum import Enum
from typing import Final, TypeAlias

# What a peer may send without ending a line before we stop listening.  It is
# far above any honest line and far below what would hurt to swallow.
PATIENCE: Final = 64 * 1024
# So many lines are taken apart ahead of time.
AHEAD: Final = 100


class Broken(Enum):
    """What stands in the place of a line that cannot be given out."""

    TOO_LONG = "a line over the limit"
    ENDLESS = "no end of line in sight"


TOO_LONG: Final = Broken.TOO_LONG
ENDLESS: Final = Broken.ENDLESS

Line: TypeAlias = bytes | Broken


class LineBuffer:
    """Bytes in as they arrive, lines out as they were meant."""

    __slots__ = ("_backlog", "_lines", "_partial", "_swallowed", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        # A list, and no deque, which keeps 760 bytes even for a peer who is silent.
        self._lines: list[Line] = []
        self._partial = bytearray()
        # What has come behind the lines that have been taken apart.
        self._backlog = b""
        # How much of an over-long line has been thrown away; 0 when none is.
        self._swallowed = 0

    def __len__(self) -> int:
        """How many lines can be taken at once; 0 only if none is complete."""
        return len(self._lines)

    def feed(self, data: bytes) -> None:
        """Take in *data* and find the lines that it completes."""
        if self._backlog:
            self._backlog += data
        elif len(data) > AHEAD and data.count(b"\n") > AHEAD:
            *_, behind = data.split(b"\n", AHEAD)
            self._split(data[: len(data) - len(behind)])
            self._backlog = behind
        else:
            self._split(data)

    def _split(self, data: bytes) -> None:
        if not self._partial and not self._swallowed:
            # The common case, and most of what a busy server reads.
            *lines, rest = data.replace(b"\r\n", b"\n").split(b"\n")
            if max(map(len, lines), default=0) <= self.limit:
                self._lines += lines
                if rest:
                    self._keep(rest)
                return
        *lines, rest = data.split(b"\n")
        for line in lines:
            self._finish(line)
        if rest:
            self._keep(rest)

    def take(self, most: int) -> list[Line]:
        """At most *most* complete lines, oldest first."""
        taken = self._take(most)
        while self._backlog and not self._lines:
            data, self._backlog = self._backlog, b""
            self.feed(data)
            taken += self._take(most - len(taken))
        return taken

    def _take(self, most: int) -> list[Line]:
        if len(self._lines) <= most:
            taken, self._lines = self._lines, []
        else:
            taken, self._lines = self._lines[:most], self._lines[most:]
        return taken

    def put_back(self, lines: list[Line]) -> None:
        """Give *lines* back that were taken last and cannot be heard yet."""
        self._lines[:0] = lines

    def rest(self) -> bytes:
        """Give out what never got its end: the peer has finished talking.

        Nothing is given for a line that was too long: it has been refused.
        """
        partial = bytes(self._partial)
        self._partial.clear()
        return partial.removesuffix(b"\r")

    @property
    def partial(self) -> bytes:
        """What has come of a line that has not ended, unless it is too long."""
        if self._backlog:
            return self._backlog.rpartition(b"\n")[2]
        return bytes(self._partial)

    @property
    def has_partial(self) -> bool:
        """Whether a line has begun that has not ended."""
        return bool(self.partial or self._swallowed)

    def forget_partial(self) -> None:
        """The line that has begun was not meant (Ctrl-C)."""
        self._backlog = self._backlog[: self._backlog.rfind(b"\n") + 1]
        if not self._backlog:
            self._partial.clear()
            self._forgive()

    def rub_out(self) -> None:
        """Take the last character, in UTF-8, off the line that has begun."""
        if self._backlog:
            whole, end, begun = self._backlog.rpartition(b"\n")
            self._backlog = whole + end + begun.decode(errors="replace")[:-1].encode()
            return
        while self._partial and self._partial.pop() & 0xC0 == 0x80:
            # A continuation byte: its character begins further to the front.
            continue

    def _finish(self, data: bytes) -> None:
        """*data* is followed by the end of the line that was pending."""
        if self._swallowed:
            self._swallow(len(data))
            self._forgive()
        elif self._partial:
            self._partial += data
            line = bytes(self._partial)
            self._partial.clear()
            self._put(line)
        else:
            self._put(data)

    def _put(self, line: bytes) -> None:
        kept = line[:-1] if line.endswith(b"\r") else line
        if len(kept) <= self.limit:
            self._lines.append(kept)
            return
        self._lines.append(TOO_LONG)
        self._swallow(len(line))
        self._forgive()

    def _keep(self, data: bytes) -> None:
        """*data* is more of a line whose end has not come yet."""
        if self._swallowed:
            self._swallow(len(data))
            return
        self._partial += data
        # A CR is not counted yet: it may belong to the end of a line that just fits.
        if len(self._partial) > self.limit + self._partial.endswith(b"\r"):
            self._lines.append(TOO_LONG)
            self._swallow(len(self._partial))
            self._partial.clear()

    def _swallow(self, count: int) -> None:
        before, self._swallowed = self._swallowed, self._swallowed + count
        if before <= PATIENCE < self._swallowed:
            self._lines.append(ENDLESS)

    def _forgive(self) -> None:
        """The over-long line has its end, unless we have stopped listening."""
        if self._swallowed <= PATIENCE:
            self._swallowed = 0
