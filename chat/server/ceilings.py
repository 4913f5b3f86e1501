"""Ceilings: which readers are too far behind, and for how long.

A reader whose connection is slower than the talk is no fault of anybody's, and
may catch up.  So there are two ceilings for each: above the soft one he may stay
for `PATIENCE_SECONDS`, and whoever reaches the hard one is let go at once.  A
third is for all outboxes together: when the machine's memory is what runs out,
whoever holds the most of it goes first.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from chat.net.timers import Timer
from chat.server.schedule import Schedule
from chat.server.session import Session

PATIENCE_SECONDS: Final = 30.0
TOO_SLOW: Final = "Reads too slowly (SendQ exceeded)"

Act: TypeAlias = Callable[[Session], None]
Later: TypeAlias = Callable[[float, Act, Session], Timer]


class Ceilings:
    """Weighs outboxes, now and later; *doom* marks a session to be closed."""

    def __init__(
        self,
        total: int,
        schedule: Schedule,
        later: Later,
        doom: Callable[[Session, str], None],
    ) -> None:
        self.total = total
        self._schedule = schedule
        self._later = later
        self._doom = doom
        # Who is behind, and by how many bytes when weighed last; and all of them.
        self._weights: dict[Session, int] = {}
        self.weight = 0

    def weigh(self, session: Session) -> None:
        """Doom a reader who is too far behind, or has been for too long."""
        self._put_on_the_scales(session)
        if session.outbox.is_over_hard():
            self._let_go(session)
        elif not session.outbox.is_over_soft():
            session.slow_until = None
        elif session.slow_until is None:
            session.slow_until = self._schedule.now.monotonic + PATIENCE_SECONDS
            self._watch(session)
        elif self._schedule.now.monotonic >= session.slow_until:
            self._let_go(session)
        while self.weight > self.total:
            self._let_go(max(self._weights, key=self._weights.__getitem__))

    def forget(self, session: Session) -> None:
        """He has caught up, or is gone."""
        session.slow_until = None
        self.weight -= self._weights.pop(session, 0)

    def statistics(self) -> dict[str, int]:
        """What is waiting for those who are behind."""
        heaviest = max(self._weights.values(), default=0)
        return {
            "blocked": len(self._weights),
            "bytes": self.weight,
            "largest": heaviest,
            "ceiling": self.total,
        }

    def _put_on_the_scales(self, session: Session) -> None:
        size = session.outbox.size()
        self.weight += size - self._weights.get(session, 0)
        self._weights[session] = size

    def _let_go(self, session: Session) -> None:
        self._doom(session, TOO_SLOW)
        self.forget(session)

    def _watch(self, session: Session) -> None:
        """Weigh again when patience ends: silence in the room saves nobody.

        There is one such timer for a session at most, however often it falls
        behind and catches up.
        """
        if session.watch is None and session.slow_until is not None:
            seconds = session.slow_until - self._schedule.now.monotonic
            session.watch = self._later(seconds, self._look_again, session)

    def _look_again(self, session: Session) -> None:
        session.watch = None
        if session.slow_until is None:
            return
        self.weigh(session)
        if not session.doom:
            self._watch(session)
