"""Hearing: what has arrived from one session, line by line.

Readiness promises one thing: that a single ``recv`` will not wait.  So a session
is read once a turn, however much it has sent, and its lines are heard for as long
as they may be: up to its share of the turn and its tokens.  What is left over
stays in its line buffer, and it is not read from until that is done: the kernel's
buffer fills, and TCP tells the sender to wait.

What arrives ends in three ways.  No bytes mean that the peer has *finished
talking*, which is not the same as gone: its lines are all heard, the answers go
out, and only then is it closed.  `Lost` means that nothing can be said any more.
And after good-bye everything is taken in and nothing is heard.

Next: chat/net/poller.py
"""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias

from chat.net.connection import Lost
from chat.server.ceilings import Act, Later
from chat.server.exchange import Exchange
from chat.server.roster import Roster
from chat.server.schedule import Schedule
from chat.server.session import Session
from chat.server.throttle import PATIENCE_SECONDS, Throttle
from chat.wire.lines import Line

# Long answers that one session may have waiting.
CURSORS: Final = 4
# Lines that are heard between two looks at the clock, if they are but talk; and how
# many times such lines are drawn meanwhile, where there are many kinds of readers.
BREATH: Final = 20
DRAWN: Final = 200

Safely: TypeAlias = Callable[[Act, Session], None]

FLOOD: Final = "Said more than can be heard (Excess flood)"


class Hearing:
    """Reads sessions, and has their lines carried out."""

    def __init__(
        self,
        exchange: Exchange,
        roster: Roster,
        throttle: Throttle,
        schedule: Schedule,
        later: Later,
    ) -> None:
        self._exchange = exchange
        self._roster = roster
        self.throttle = throttle
        self._schedule = schedule
        self._later = later
        # How much was heard in this turn, of all together.
        self.heard = 0

    def listen(self, session: Session) -> None:
        """Read what has arrived, once, and do what the complete lines ask."""
        if session.doom or session.heard_in == self._schedule.turn:
            return
        try:
            data = session.connection.receive(self.throttle.gulp(session))
        except Lost as lost:
            self._roster.doom(session, str(lost))
            return
        if data is None:
            return
        if not data:
            session.has_finished = True
            self._roster.stop_reading(session)
        elif not session.is_closing:
            self._take_in(session, data)
        self.hear(session)

    def hear(self, session: Session) -> None:
        """Do what the lines ask, as many as may be heard now."""
        session.heard_in = self._schedule.turn
        allowance = self.throttle.allowance(session)
        lines = session.lines.take(allowance)
        if lines:
            session.heard_at = self._schedule.now.monotonic
            self._exchange.bookmarks.heard(session)
            self._hear_all(session, lines, share=allowance)
        if session.is_closing:
            return
        if session.is_waiting:
            self._roster.stop_reading(session)
            return
        if session.lines:
            self._pause(session)
            return
        session.held_up_since = None
        if session.has_finished:
            self._exchange.hear_last(session, session.pipeline.rest())
        elif self.throttle.wait(session):
            self._pause(session)

    def _hear_all(self, session: Session, lines: list[Line], share: int) -> None:
        heard, breath, kinds = 0, BREATH, self._exchange.fanout.kinds()
        if kinds * BREATH > DRAWN:
            breath = max(1, DRAWN // kinds)
        while heard < len(lines):
            # After good-bye nothing counts, though it may still arrive.
            if session.is_closing:
                return
            if share <= 0 or session.is_waiting or self._must_stop(session):
                session.lines.put_back(lines[heard:])
                return
            next_ones = lines[heard : heard + min(share, breath)]
            if requests := self._exchange.hear_breath(session, next_ones):
                heard += requests
                self.throttle.charge_lines(session, requests)
            else:
                requests = self._hear_one(session, lines[heard])
                heard += 1
            # A hundred rooms to enter take a turn, however few lines ask for them.
            share -= requests
            self.heard += requests

    def _hear_one(self, session: Session, line: Line) -> int:
        """Do what *line* asks for, and have it paid: how many things that was."""
        was_decided = session.is_decided
        requests = self._exchange.hear(session, line)
        if was_decided and not (line or requests):
            # An answer may be empty, but mostly it means nothing.
            self.throttle.charge_empty_line(session)
            return 0
        self.throttle.charge_line(session, requests)
        return max(1, requests)

    def _must_stop(self, session: Session) -> bool:
        """Whether *session* asks too much, or the turn has lasted long enough.

        Long answers wait as cursors, which hold what they will yield.  And one line
        may take as long as a thousand others: to look everybody over, of three
        thousand people, takes nearly the whole turn.
        """
        return session.outbox.cursors > CURSORS or self._schedule.is_late()

    def go_on_with_finished(self, safely: Safely) -> None:
        """What was done aside is done: hear those again who waited for it."""
        for session, act in self._exchange.offload.finished():
            session.is_waiting = False
            if not (session.doom or session.is_closing):
                safely(partial(self._exchange.go_on_late, act), session)
                self._roster.put_off(session)

    def _take_in(self, session: Session, data: bytes) -> None:
        """Put *data* through the filters, which may have something to answer."""
        answers = session.pipeline.feed(data)
        self.throttle.charge_bytes(session, len(data))
        if not session.pipeline.is_bare:
            self._heed_terminal(session, answers)
        if not session.is_decided:
            self._exchange.look_ahead(session)

    def _heed_terminal(self, session: Session, answers: bytes) -> None:
        """Telnet may have told something, and has perhaps to be answered."""
        self._roster.edit(session, on=session.pipeline.is_editing)
        if (columns := session.pipeline.columns) and columns != session.columns:
            self._exchange.resize(session, columns)
        if answers or session.is_edited:
            self._exchange.fanout.put(session, answers)

    def _pause(self, session: Session) -> None:
        """Read nothing more until what is left over is done, and paid for."""
        self._roster.stop_reading(session)
        now = self._schedule.now.monotonic
        if session.held_up_since is None:
            session.held_up_since = now
        wait = self.throttle.wait(session)
        if now - session.held_up_since > PATIENCE_SECONDS:
            self._exchange.depart(session, FLOOD)
        elif not wait:
            self._roster.put_off(session)
        elif not session.is_throttled:
            session.is_throttled = True
            self._later(wait, self._go_on, session)

    def _go_on(self, session: Session) -> None:
        """The throttled may send another line, in the next turn."""
        session.is_throttled = False
        self._roster.put_off(session)
