"""The throttle: who talks too much has to wait, and nobody waits with him.

Each session has a bucket of tokens, and a line costs one.  The bucket holds
`limits.burst` tokens, enough for an IRC client that introduces itself and joins
its rooms, and `limits.lines_per_second` more drip into it.  Whoever has none
left is not read from until the next one: his lines wait in the kernel's buffers
and then in his own, TCP slows him down, and nothing of what he said is lost.

(A *token bucket*: J. Turner, "New directions in communications", 1986.)
"""

from typing import Final

from chat.config import LimitsConfig
from chat.server.schedule import Schedule
from chat.server.session import Session

# One session's share of a turn in any case, so that a flood delays nobody.
LINES_A_TURN: Final = 100


class Throttle:
    """How many lines a session may send now, and when it may send more."""

    def __init__(self, schedule: Schedule, limits: LimitsConfig) -> None:
        self._schedule = schedule
        self.limits = limits

    def allowance(self, session: Session) -> int:
        """How many lines of *session* may be heard now."""
        if not self.limits.enabled:
            return LINES_A_TURN
        now = self._schedule.now.monotonic
        tokens = (
            session.tokens + (now - session.refilled_at) * self.limits.lines_per_second
        )
        session.tokens = min(tokens, self.limits.burst)
        session.refilled_at = now
        return min(int(session.tokens), LINES_A_TURN)

    def spend(self, session: Session, lines: int) -> None:
        """So many were heard."""
        if self.limits.enabled:
            session.tokens -= lines

    def wait(self, session: Session) -> float:
        """Seconds until the next line may be heard; 0 if it may be now."""
        if not self.limits.enabled:
            return 0.0
        return max(0.0, (1 - session.tokens) / self.limits.lines_per_second)
