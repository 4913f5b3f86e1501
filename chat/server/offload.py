"""Offload: the little that takes longer than a turn may.

Checking a password takes a twentieth of a second on purpose, and in that time the
loop delivers a hundred thousand lines.  So one helper thread does it, from a queue
of bounded length, and rings when it has finished.  It never touches anything that
belongs to the loop: it is given a function that needs nothing, and what follows
from the result is done on the loop, in `Server.turn`.

Whoever comes when the queue is full is told that the house is busy.  A queue that
grew instead would make everybody wait for those who only want it to grow.
"""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, TypeAlias

from chat.server.ceilings import Act
from chat.server.session import Session

# At fourteen a second, nobody waits for more than about five seconds.
QUEUE: Final = 64

Work: TypeAlias = Callable[[], bool]
_Done: TypeAlias = tuple[Session, Act]
_Job: TypeAlias = tuple[Session, Work, Act, Act] | Callable[[], None]


class Offload:
    """Work for a helper thread, and what follows from it."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._finished: deque[_Done] = deque()
        self._waiting = 0
        # By address: how many of those.
        self._hosts: dict[str, int] = {}
        self._thread: Thread | None = None
        self._is_closed = False

    def do(self, session: Session, work: Work, *, if_so: Act, if_not: Act) -> bool:
        """Have *work* done, and what follows from it; False if there is too much.

        Or if it is too late, because this is closed.
        """
        if self._is_closed or self._waiting >= QUEUE:
            return False
        self._waiting += 1
        host = session.connection.host
        self._hosts[host] = self._hosts.get(host, 0) + 1
        self._begin()
        self._jobs.put((session, work, if_so, if_not))
        return True

    def aside(self, work: Callable[[], None]) -> None:
        """Have *work* done for which nobody waits; it never raises.

        Once this is closed nothing is done: what the work needs may be gone.
        """
        if self._is_closed:
            return
        self._begin()
        self._jobs.put(work)

    def finished(self) -> list[_Done]:
        """What has been done since the last look, for the loop to go on with."""
        found = [self._finished.popleft() for _ in range(len(self._finished))]
        self._waiting -= len(found)
        for session, _ in found:
            host = session.connection.host
            self._hosts[host] -= 1
            if not self._hosts[host]:
                del self._hosts[host]
        return found

    def waiting_for(self, host: str) -> int:
        """How much is waiting for sessions from one address."""
        return self._hosts.get(host, 0)

    def close(self) -> None:
        """Begin nothing more, and wait for what has been begun."""
        self._is_closed = True
        if self._thread is not None:
            with suppress(Empty):
                while True:
                    self._jobs.get_nowait()
            self._jobs.put(None)
            self._thread.join()

    def statistics(self) -> dict[str, int]:
        """How much is waiting."""
        return {"waiting": self._waiting, "room": QUEUE}

    def _begin(self) -> None:
        # Most servers never need it.
        if self._thread is None:
            self._thread = Thread(target=self._work, name="offload", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if callable(job):
                job()
                continue
            session, work, if_so, if_not = job
            try:
                if session.doom or session.is_closing:
                    # Nobody waits for it any more.
                    act = if_not
                else:
                    act = if_so if work() else if_not
            except Exception:  # noqa: BLE001 - what cannot be checked is not right
                act = if_not
            self._finished.append((session, act))
            self._ring()
