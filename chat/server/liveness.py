"""Liveness: which readers are too far behind, and for how long.

A reader whose connection is slower than the talk is no fault of anybody's, and
may catch up.  So there are two ceilings: above the soft one he may stay for
`PATIENCE_SECONDS`, and whoever reaches the hard one is let go at once.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from chat.net.timers import Timer
from chat.server.session import Session

PATIENCE_SECONDS: Final = 30.0
TOO_SLOW: Final = "Reads too slowly (SendQ exceeded)"

Act: TypeAlias = Callable[[Session], None]
Later: TypeAlias = Callable[[float, Act, Session], Timer]


class Liveness:
    """Weighs outboxes, now and later; *doom* marks a session to be closed."""

    def __init__(self, later: Later, doom: Callable[[Session, str], None]) -> None:
        self._later = later
        self._doom = doom
        # The present moment (monotonic): the loop sets it, once a turn.
        self.now = 0.0

    def weigh(self, session: Session) -> None:
        """Doom a reader who is too far behind, or has been for too long."""
        if session.outbox.is_over_hard():
            self._doom(session, TOO_SLOW)
        elif not session.outbox.is_over_soft():
            session.slow_until = None
        elif session.slow_until is None:
            session.slow_until = self.now + PATIENCE_SECONDS
            self._watch(session)
        elif self.now >= session.slow_until:
            self._doom(session, TOO_SLOW)

    def _watch(self, session: Session) -> None:
        """Weigh again when patience ends: silence in the room saves nobody.

        There is one such timer for a session at most, however often it falls
        behind and catches up.
        """
        if session.watch is None and session.slow_until is not None:
            seconds = session.slow_until - self.now
            session.watch = self._later(seconds, self._look_again, session)

    def _look_again(self, session: Session) -> None:
        session.watch = None
        self.weigh(session)
        if not session.doom:
            self._watch(session)
