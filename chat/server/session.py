"""The session: all that the shell keeps of one conversation.

A connection carries bytes, a pipeline makes lines of them, a dialect understands
the lines, an outbox holds what the peer has yet to read.  A session is where the
four meet, and the few facts about it that the loop needs to know.

How it ends is the delicate part, and there are three ways:

* the peer has *finished talking* (half-close): every line is handled, the
  answers are flushed for as long as lingering lasts, and only then do we close;
* the hub has said farewell (`is_closing`): the last words are flushed, and we
  finish talking and wait a little for the peer to do the same, because closing
  a socket with unread bytes in it would destroy words still under way;
* it is *doomed*: lost, too slow to keep, met by a fault of ours, or done with
  lingering.  Nothing is flushed; a sweep closes it, in this turn or the next, and
  tells the others unless they know.

Next: chat/server/exchange.py
"""

import math
from collections.abc import Iterator

from chat.dialects.dialect import Dialect, Silent
from chat.net.connection import Connection
from chat.net.timers import Timer
from chat.scram import Conversation
from chat.wire.outbox import Outbox
from chat.wire.pipeline import Pipeline


class Session:
    """One conversation, in whatever dialect it turns out to be."""

    __slots__ = (
        "columns",
        "connection",
        "dialect",
        "doom",
        "door",
        "has_finished",
        "heard_at",
        "heard_in",
        "held_up_since",
        "id",
        "is_blocked",
        "is_closing",
        "is_decided",
        "is_edited",
        "is_lingering",
        "is_muted",
        "is_throttled",
        "is_waiting",
        "lines",
        "missed",
        "opened_at",
        "outbox",
        "pinged_at",
        "pipeline",
        "reason",
        "refilled_at",
        "scram",
        "slow_until",
        "timer",
        "tokens",
        "was_greeted",
        "watch",
    )

    def __init__(
        self, number: int, connection: Connection, outbox: Outbox, *, door: str = "auto"
    ) -> None:
        self.id = number
        self.connection = connection
        self.outbox = outbox
        # The scheme of the listener it came through: what is spoken there.
        self.door = door
        # Nobody knows the language before the first line; a peer who is silent
        # for long is spoken to in plain, and may still turn out otherwise.
        self.dialect: Dialect = Silent()
        self.is_decided = self.was_greeted = False
        self.pipeline = Pipeline(self.dialect.line_limit)
        self.lines = self.pipeline.lines
        # The width of the peer's window that the dialect was told last.
        self.columns: int | None = None
        # What is to happen if nothing else does: a greeting, a ping, or an end.
        self.timer: Timer | None = None
        # When it came, when a line of its was heard last, and when it was asked
        # whether it is there: all monotonic, and kept by the loop and liveness.
        self.opened_at = 0.0
        self.heard_at = 0.0
        self.pinged_at = -math.inf
        # The throttle's bucket, and whether its next line has to wait.
        self.tokens = math.inf
        self.refilled_at = 0.0
        self.is_throttled = False
        # Since when there has always been something left to hear (monotonic).
        self.held_up_since: float | None = None
        # Whether something that it asked for is being done aside (`offload`).
        self.is_waiting = False
        # How many passwords of its were wrong, and the proof that it is giving.
        self.missed = 0
        self.scram: Conversation | None = None
        # The kernel took less than it was offered: wait for writability.
        self.is_blocked = False
        # Too much of that is waiting: nothing is read until he has caught up.
        self.is_muted = False
        # The turn in which it was heard last: nobody is heard twice in one.
        self.heard_in = 0
        # The terminal shows only what we send, so we draw the line being typed.
        self.is_edited = False
        self.has_finished = False
        self.is_closing = False
        self.is_lingering = False
        # Until when (monotonic) the outbox may stay over its soft ceiling, and
        # the timer that looks then.
        self.slow_until: float | None = None
        self.watch: Timer | None = None
        # Why it was told good-bye, and why nothing is sent to it any more.
        self.reason = self.doom = ""

    def __repr__(self) -> str:
        language = type(self.dialect).__name__.lower()
        facts = [
            name
            for name in ("has_finished", "is_blocked", "is_closing", "is_lingering")
            if getattr(self, name)
        ]
        doomed = [f"doomed: {self.doom}"] if self.doom else []
        state = " ".join([f"{self.connection!r} {self.outbox!r}", *facts, *doomed])
        return f"<Session {self.id} {language} {state}>"

    def obituary(self, now: float) -> str:
        """Who it was and why it ended, in one line for the operator."""
        who = self.dialect.speaks_for or "nobody"
        language = type(self.dialect).__name__.lower()
        stayed = f"after {now - self.opened_at:.0f} s"
        why = self.reason or self.doom
        if why.startswith("Quit"):
            # What people say on leaving is theirs.
            why = "Quit"
        return f"{self.connection.host} {who} ({language}) left {stayed}: {why}"

    def draw_from(self, cursor: Iterator[bytes]) -> None:
        """Queue a long answer; the echo of what asked for it comes first."""
        self.dress()
        self.outbox.draw_from(cursor)

    def dress(self) -> None:
        """Draw what was said last above the line being typed, if we draw it."""
        if self.is_edited:
            self.outbox.dress(self.pipeline.dressed)

    def set_timer(self, timer: Timer | None) -> None:
        """Wait for *timer* instead of what was waited for before."""
        if self.timer is not None:
            self.timer.cancel()
        self.timer = timer
