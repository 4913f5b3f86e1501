"""The outbox: bytes waiting for one reader who may be slow.

Most of a chat server's memory is spent here.  What is said in a room is queued
for everyone present, and a reader slower than the talk grows a queue without
end.  So each outbox is counted and has two ceilings, which operators know as
the SendQ: nobody may stay above the soft one for long, and whoever reaches the
hard one is disconnected while the room goes on.

The rules:

* bytes leave in the order in which they were queued, each exactly once;
* bytes leave the queue only once the kernel has said how many it took;
* the size is a running count.  What was queued since the last look is counted
  at the next one, all at once: `append` is the plain ``list.append``, because
  one line to nine hundred readers calls it nine hundred times;
* a long answer is a *cursor*, an iterator that is drawn only when the kernel has
  taken what was offered before.  However long the answer, little more than
  `OFFER` bytes of it wait here, so asking a big question can never get its asker
  disconnected.

Nothing here touches a socket.  ``net.connection`` asks what to offer the
kernel and reports what the kernel accepted.

Next: chat/client/link.py
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

# What is drawn from a cursor before the kernel is asked again: enough to keep a
# fast reader's pipe full, little enough to cost nothing while a slow one waits.
OFFER: Final = 64 * 1024
# What a cursor yields when it has worked for a while: the rest is for another turn, so
# that nobody waits for one who asks for much.
PAUSE: Final = b""


class Outbox:
    """A bounded queue of bytes, emptied from the front."""

    __slots__ = (
        "_fresh",
        "_head",
        "_queue",
        "_size",
        "append",
        "cursors",
        "hard",
        "soft",
    )

    def __init__(self, soft: int, hard: int) -> None:
        self.soft = soft
        self.hard = hard
        self._fresh: list[bytes] = []
        # Queue some bytes.  Whoever appends looks at the ceilings once a turn.
        self.append = self._fresh.append
        # None for most readers, who take all that they are offered: a deque keeps 760
        # bytes even when it is empty.
        self._queue: deque[bytes | Iterator[bytes]] | None = None
        self._head: bytes | memoryview = b""
        self._size = 0
        self.cursors = 0

    def __repr__(self) -> str:
        # What was counted at the last look: a log must not change what it sees.
        return f"<Outbox {self._size}/{self.hard}>"

    def __bool__(self) -> bool:
        """Whether anything is waiting, be it a cursor with nothing to say."""
        return bool(self._head or self._fresh or self._queue)

    def dress(self, dressed: Callable[[bytes], bytes]) -> None:
        """Put *dressed* bytes in the place of what was appended last."""
        data = dressed(b"".join(self._fresh))
        self._fresh.clear()
        if data:
            self._fresh.append(data)

    def draw_from(self, cursor: Iterator[bytes]) -> None:
        """Queue everything that *cursor* will yield, without drawing it yet."""
        self._settle()
        self._enqueue(cursor)
        self.cursors += 1

    def offer(self, send: Callable[[bytes | memoryview], int]) -> bool:
        """Offer *send* what is waiting, once; whether nothing is waiting any more.

        It says how many bytes it took.  If it raises, all of them stay.
        """
        if self._head or self._queue:
            waiting = self.peek()
            return self.taken(send(waiting)) if waiting else not self
        # The common case: all that is waiting was said in this turn, and goes at once.
        # If it does not, it is first in line, and is not dressed again.
        self._head = data = b"".join(self._fresh)
        self._fresh.clear()
        if not data:
            return True
        self._size += len(data)
        return self.taken(send(data))

    def peek(self) -> bytes | memoryview:
        """The bytes to offer the kernel next; empty when none are waiting."""
        if not self._head:
            if self._queue:
                self._settle()
                self._head = self._drawn(self._queue)
            elif self._fresh:
                self._head = b"".join(self._fresh)
                self._fresh.clear()
                self._size += len(self._head)
        return self._head

    def taken(self, count: int) -> bool:
        """Forget the first *count* bytes of `peek`: the kernel has them now.

        Whether nothing is waiting any more.
        """
        self._size -= count
        if count == len(self._head):
            self._head = b""
            return not self._queue and not self._fresh
        # A full socket buffer takes part of what was offered.  The rest must
        # stay first in line, or two people's words would be spliced together; a
        # view of it costs no copy.
        self._head = memoryview(self._head)[count:]
        return False

    def size(self) -> int:
        """How many bytes are waiting; what cursors will yield is not counted."""
        self._settle()
        return self._size

    def is_over_soft(self) -> bool:
        """More is waiting than should be for long."""
        return self.size() > self.soft

    def is_behind(self) -> bool:
        """So much is waiting that its reader should not ask for more.

        A cursor always is: what it will yield is not counted.
        """
        return self.cursors > 0 or self.size() > self.soft // 4

    def is_over_hard(self) -> bool:
        """More is waiting than we keep for anybody."""
        return self.size() > self.hard

    def _settle(self) -> None:
        """Count what was appended since the last look, and put it in the queue."""
        if self._fresh:
            data = b"".join(self._fresh)
            self._fresh.clear()
            self._size += len(data)
            self._enqueue(data)

    def _enqueue(self, what: bytes | Iterator[bytes]) -> None:
        if self._queue is None:
            self._queue = deque()
        self._queue.append(what)

    def _drawn(self, queue: deque[bytes | Iterator[bytes]]) -> bytes:
        """`OFFER` bytes from the queue, or a little more, or all there is."""
        parts: list[bytes] = []
        wanted = OFFER
        while wanted > 0 and queue:
            first = queue[0]
            if isinstance(first, bytes):
                queue.popleft()
                part = first
            elif (drawn := next(first, None)) is not None:
                if drawn == PAUSE:
                    break
                self._size += len(drawn)
                part = drawn
            else:
                queue.popleft()
                self.cursors -= 1
                continue
            parts.append(part)
            wanted -= len(part)
        self._queue = queue or None
        return b"".join(parts)
