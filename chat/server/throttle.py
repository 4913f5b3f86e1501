"""The throttle: who talks too much has to wait, and nobody waits with him.

Each session has a bucket of tokens.  A line costs one, and more if it asks for
many things at once.  The bucket holds `limits.burst` tokens, enough for an IRC
client that introduces itself and joins its rooms, and `limits.lines_per_second`
more drip into it.  Whoever has none left is not read from until the next one:
what he says waits in the kernel's buffers, and TCP slows him down.

Bytes of which no line comes cost something, too, because they have to be looked
at: keys and telnet's commands, each looked at by itself, far more than text.

The pause is bounded.  Who is held up for `PATIENCE_SECONDS` without a break sends
lines so small, or so many, that nobody is left who would read them, and perhaps
nobody who sent them: while we do not read, we do not see him go.

(A *token bucket*: J. Turner, "New directions in communications", 1986.)
"""

import math
from typing import Final

from chat.sections import LimitsConfig
from chat.server.schedule import Schedule
from chat.server.session import Session

# One session's share of a turn in any case, so that a flood delays nobody.
LINES_A_TURN: Final = 100
# What a token buys of plain bytes, and of those that are looked at one by one.
BYTES: Final = 4096
KEYS: Final = 256
# And so many lines with nothing in them.
EMPTY: Final = 64
# Of the things that one line asks for, the first is paid as a line, and so many
# others together cost another token.
REQUESTS: Final = 8
# How much is read at once, and how much from somebody who has no burst left.
READ: Final = 16 * 1024
SIP: Final = 1024

PATIENCE_SECONDS: Final = 150.0


class Throttle:
    """How much a session may say now, and when it may say more."""

    def __init__(self, schedule: Schedule, limits: LimitsConfig) -> None:
        self._schedule = schedule
        self.limits = limits

    def allowance(self, session: Session) -> int:
        """How many lines of *session* may be heard now."""
        if not self.limits.enabled:
            # Should they be enabled later, nothing will be owed.
            session.tokens = math.inf
            return LINES_A_TURN
        now = self._schedule.now.monotonic
        dripped = (now - session.refilled_at) * self.limits.lines_per_second
        session.tokens = min(session.tokens + dripped, self.limits.burst)
        session.refilled_at = now
        return max(0, min(int(session.tokens), LINES_A_TURN))

    def gulp(self, session: Session) -> int:
        """How many bytes may be read at once."""
        return (
            READ
            if session.tokens * 2 >= self.limits.burst or not self.limits.enabled
            else SIP
        )

    def charge_bytes(self, session: Session, count: int) -> None:
        """So many bytes have come, and have been put through the filters."""
        if session.pipeline.is_filtering:
            session.tokens -= count / KEYS
        elif not session.lines:
            session.tokens -= count / BYTES

    def charge_empty_line(self, session: Session) -> None:
        """A line came that means nothing in any language."""
        session.tokens -= 1 / EMPTY

    def charge_line(self, session: Session, requests: int) -> None:
        """A line was heard that asked for so many things."""
        session.tokens -= 1 if requests <= 1 else 1 + (requests - 1) // REQUESTS

    def charge_lines(self, session: Session, count: int) -> None:
        """So many lines were heard that asked for one thing each."""
        session.tokens -= count

    def wait(self, session: Session) -> float:
        """Seconds until the next line may be heard; 0 if it may be now."""
        if not self.limits.enabled or session.tokens >= 1:
            return 0.0
        return (1 - session.tokens) / self.limits.lines_per_second
