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
from typing import TypeAlias

from chat.net.connection import Lost
from chat.server.ceilings import Act, Later
from chat.server.exchange import Exchange
from chat.server.roster import Roster
from chat.server.schedule import Schedule
from chat.server.session import Session
from chat.server.throttle import Throttle
from chat.wire.lines import Line

Safely: TypeAlias = Callable[[Act, Session], None]


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
        self._throttle = throttle
        self._schedule = schedule
        self._later = later

    def listen(self, session: Session) -> None:
        """Read what has arrived, once, and do what the complete lines ask."""
        if session.doom or session.heard_in == self._schedule.turn:
            return
        try:
            data = session.connection.receive()
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
        lines = session.lines.take(self._throttle.allowance(session))
        if lines:
            session.heard_at = self._schedule.now.monotonic
            self._throttle.spend(session, len(lines))
            self._hear_all(session, lines)
        if session.is_closing:
            return
        if session.is_waiting:
            self._roster.stop_reading(session)
        elif session.lines:
            self._pause(session)
        elif session.has_finished:
            self._exchange.hear_last(session, session.pipeline.rest())

    def _hear_all(self, session: Session, lines: list[Line]) -> None:
        for index, line in enumerate(lines):
            if session.is_waiting:
                session.lines.put_back(lines[index:])
                return
            # After good-bye nothing counts, though it may still arrive.
            if not session.is_closing:
                self._exchange.hear(session, line)

    def go_on_with_finished(self, safely: Safely) -> None:
        """What was done aside is done: hear those again who waited for it."""
        for session, act in self._exchange.offload.finished():
            session.is_waiting = False
            if not (session.doom or session.is_closing):
                safely(act, session)
                self._roster.put_off(session)

    def _take_in(self, session: Session, data: bytes) -> None:
        """Put *data* through the filters, which may have something to answer."""
        answers = session.pipeline.feed(data)
        session.is_edited = session.pipeline.is_editing
        if (columns := session.pipeline.columns) and columns != session.columns:
            self._exchange.resize(session, columns)
        if answers or session.is_edited:
            self._exchange.fanout.put(session, answers)
        if not session.is_decided:
            self._exchange.look_ahead(session)

    def _pause(self, session: Session) -> None:
        """Lines are left over: read nothing more until they are done."""
        self._roster.stop_reading(session)
        wait = self._throttle.wait(session)
        if not wait:
            self._roster.put_off(session)
        elif not session.is_throttled:
            session.is_throttled = True
            self._later(wait, self._go_on, session)

    def _go_on(self, session: Session) -> None:
        """The throttled may send another line, in the next turn."""
        session.is_throttled = False
        self._roster.put_off(session)
