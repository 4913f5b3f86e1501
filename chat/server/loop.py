"""The loop: one thread, one wait, everybody served.

A chat server spends its life asking which sockets are ready, and a turn is what
it does with the answer.  Nothing in a turn waits: not a read, not a write, not
a neighbour who is slow.  So one thread is enough, and nothing needs a lock.

    wait       until something is readable or writable, or a timer is due
    welcome    whoever has connected
    listen     read what has arrived, and carry out each complete line; look once
               more, because others may have spoken meanwhile
    keep time  do what was to be done by now
    speak      offer the kernel what each reader has waiting, once
    sweep      close the doomed, and tell the others

While listening nothing is sent.  What is said goes into outboxes, and `_speak`
empties them: whatever many people said in one turn leaves in one ``send`` for
each reader.

Next: chat/net/poller.py
"""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from signal import SIGINT, SIGTERM
from traceback import extract_tb
from typing import Final

from chat.config import Config
from chat.net.connection import Connection, Lost
from chat.net.listener import Exhausted, Listener
from chat.net.poller import ROOM
from chat.net.timers import Timer, Timers
from chat.net.wakeup import Wakeup
from chat.server.exchange import Exchange
from chat.server.liveness import Act, Liveness
from chat.server.machine import Machine
from chat.server.session import Session
from chat.wire.outbox import Outbox

# One session's share of a turn, so that a flood of lines delays nobody.
LINES_A_TURN: Final = 100
# Arrivals in one turn: enough for a crowd, few enough to keep the talk going.
ACCEPTS_A_TURN: Final = 64
# How long the last words to a peer may take, in seconds.
LINGER: Final = 5.0
# How long accepting rests when the machine has nothing left, in seconds.
REST: Final = 1.0

LEAVE_ON: Final = frozenset({SIGINT, SIGTERM})

FULL: Final = b"ERROR :Every seat here is taken. Please try again later.\r\n"
LEAVING: Final = "The server is shutting down"


class Server:
    """Listeners, sessions, and the turn that serves them."""

    def __init__(
        self, config: Config, listeners: list[Listener], machine: Machine
    ) -> None:
        self.wakeup = Wakeup()
        self._config = config
        self._clock = machine.clock
        self._poller = machine.poller
        self._capacity = machine.capacity
        self._log = machine.log
        self._now = self._clock.now()
        self._timers = Timers()
        self._exchange = Exchange(config.house(since=self._now.wall))
        self._fanout = self._exchange.fanout
        self._liveness = Liveness(self._later, self._doom)
        self._poller.read(self.wakeup.descriptor)
        self._listeners = {listener.descriptor: listener for listener in listeners}
        for descriptor in self._listeners:
            self._poller.read(descriptor)
        # By descriptor: everybody; and those who have lines left from last turn.
        self._sessions: dict[int, Session] = {}
        self._unfinished: dict[int, Session] = {}
        self._doomed: list[Session] = []
        self._opened = 0
        self._faults = 0
        self._turns = 0
        self._is_leaving = False

    def run(self) -> None:
        """Turn until somebody has asked for the end and everybody has left."""
        while self._sessions or not self._is_leaving:
            self.turn()

    def turn(self) -> None:
        """Go round once: wait, welcome, listen, keep time, speak, sweep."""
        ready = self._poller.wait(self._until_next())
        self._turns += 1
        self._now = self._clock.now()
        self._exchange.now = self._now.wall
        self._liveness.now = self._now.monotonic

        self._resume()
        self._serve(ready.readable)
        if ready.readable:
            # Whoever has spoken meanwhile is heard before we speak: the more is
            # said in a turn, the more each send carries.
            self._serve(self._poller.look().readable)
        self._timers.run(self._now.monotonic)

        self._speak(ready.writable)
        self._sweep()

    def _serve(self, readable: list[int]) -> None:
        for descriptor in readable:
            if session := self._sessions.get(descriptor):
                self._safely(self._listen, session)
            elif listener := self._listeners.get(descriptor):
                self._welcome(listener)
            elif descriptor == self.wakeup.descriptor:
                self._heed_signals()

    def close(self) -> None:
        """Give every descriptor back, at once and without a word."""
        for session in list(self._sessions.values()):
            self._close(session)
        self._stop_accepting()
        self.wakeup.close()

    # Wait.

    def _until_next(self) -> float | None:
        """How long the poller may wait: not at all while lines are left over."""
        if self._unfinished:
            return 0.0
        return self._timers.until_next(self._now.monotonic)

    # Welcome.

    def _welcome(self, listener: Listener) -> None:
        """Admit who has connected, a crowd at a time."""
        for _ in range(ACCEPTS_A_TURN):
            try:
                connection = listener.accept()
            except Exhausted:
                # Whoever waits keeps the listener readable.  Without a rest,
                # select would report it at once, again and again.
                self._rest(listener)
                return
            if connection is None:
                return
            if len(self._sessions) < self._capacity and connection.descriptor < ROOM:
                self.admit(connection)
            else:
                self._turn_away(connection)

    def admit(self, connection: Connection) -> None:
        """Begin a session, and greet it unless it speaks first."""
        self._opened += 1
        limits = self._config.limits
        session = Session(
            self._opened, connection, Outbox(limits.outbox_soft, limits.outbox_hard)
        )
        self._sessions[connection.descriptor] = session
        self._poller.read(connection.descriptor)
        self._exchange.open(session)
        if greet_after := self._config.greet_after:
            greet = self._later(greet_after, self._exchange.greet, session)
            session.set_timer(greet)

    def _turn_away(self, connection: Connection) -> None:
        """Say that the house is full, in words that both dialects read."""
        outbox = Outbox(soft=len(FULL), hard=len(FULL))
        outbox.append(FULL)
        with suppress(Lost):
            connection.flush(outbox)
        connection.close()

    def _rest(self, listener: Listener) -> None:
        """Accept nobody for a second: descriptors may come free meanwhile."""
        self._poller.stop_reading(listener.descriptor)
        deadline = self._now.monotonic + REST
        self._timers.at(deadline, partial(self._accept_again, listener))

    def _accept_again(self, listener: Listener) -> None:
        # Not if it was closed meanwhile: select refuses to wait at all when one
        # of its descriptors is closed.
        if listener.descriptor in self._listeners:
            self._poller.read(listener.descriptor)

    # Listen.

    def _listen(self, session: Session) -> None:
        """Read what has arrived, once, and do what the complete lines ask."""
        if session.doom or session.heard_in == self._turns:
            return
        try:
            data = session.connection.receive()
        except Lost as lost:
            self._doom(session, str(lost))
            return
        if data is None:
            return
        if not data:
            session.has_finished = True
            self._poller.stop_reading(session.connection.descriptor)
        elif not session.is_closing:
            self._take_in(session, data)
        self._do_lines(session)

    def _take_in(self, session: Session, data: bytes) -> None:
        """Put *data* through the filters, which may have something to answer."""
        answers = session.pipeline.feed(data)
        session.is_edited = session.pipeline.is_editing
        if (columns := session.pipeline.columns) and columns != session.columns:
            self._exchange.resize(session, columns)
        if answers or session.is_edited:
            self._fanout.put(session, answers)

    def _do_lines(self, session: Session) -> None:
        """Do what the lines ask, up to a turn's share of them."""
        session.heard_in = self._turns
        for line in session.lines.take(LINES_A_TURN):
            # After good-bye nothing counts, though it may still arrive.
            if not session.is_closing:
                self._exchange.hear(session, line)
        if session.is_closing:
            self._wind_up(session)
        elif session.lines:
            self._pause(session)
        elif session.has_finished:
            self._exchange.hear_last(session, session.pipeline.rest())

    def _pause(self, session: Session) -> None:
        """Lines are left over: read nothing more until they are done."""
        self._unfinished[session.connection.descriptor] = session
        self._poller.stop_reading(session.connection.descriptor)

    def _resume(self) -> None:
        """Go on with the lines that were left over from the turn before."""
        unfinished, self._unfinished = self._unfinished, {}
        for descriptor, session in unfinished.items():
            if not session.has_finished:
                self._poller.read(descriptor)
            self._safely(self._do_lines, session)

    # Speak.

    def _speak(self, writable: Iterable[int]) -> None:
        """Offer the kernel what is waiting, once for each reader who has news.

        Whoever is blocked, because the kernel took less than it was offered the
        last time, has to wait for writability and is only weighed.
        """
        for session in self._fanout.take_dirty():
            if session.is_blocked or not self._flush(session):
                self._take_stock(session)
        for descriptor in writable:
            unblocked = self._sessions.get(descriptor)
            if unblocked is not None:
                self._flush(unblocked)
                self._take_stock(unblocked)

    def _flush(self, session: Session) -> bool:
        """Offer what is waiting; whether that leaves nothing to see to."""
        if session.doom:
            return True
        if session.is_edited:
            session.dress()
        try:
            has_gone = session.connection.flush(session.outbox)
        except Lost as lost:
            self._doom(session, str(lost))
            return True
        except Exception as fault:  # noqa: BLE001 - a cursor's, see `_safely`
            self._blame_us(session, fault)
            return True
        return has_gone and not session.is_closing

    def _take_stock(self, session: Session) -> None:
        """See what is left in the outbox, and what that means for the session."""
        if session.doom:
            return
        if session.outbox:
            session.is_blocked = True
            self._poller.write(session.connection.descriptor)
            session.dress()
            self._liveness.weigh(session)
        elif session.is_blocked:
            session.is_blocked = False
            session.slow_until = None
            self._poller.stop_writing(session.connection.descriptor)
        self._mute(session)
        if session.is_closing:
            self._wind_up(session)

    def _mute(self, session: Session) -> None:
        """Hear nothing more from somebody who is behind with reading.

        Whoever does not read his answers could otherwise ask for them without
        end, and fill our memory with what he will never take.
        """
        was_muted, session.is_muted = session.is_muted, session.outbox.is_behind()
        if session.is_muted and not was_muted:
            self._poller.stop_reading(session.connection.descriptor)
            self._unfinished.pop(session.connection.descriptor, None)
        elif was_muted and not session.is_muted:
            # The next turn reads on, and first does the lines left over.
            self._unfinished[session.connection.descriptor] = session

    # Sweep, and how a session ends.

    def _sweep(self) -> None:
        """Close the doomed.  Their leaving is news, which may doom others."""
        while self._doomed:
            doomed, self._doomed = self._doomed, []
            for session in doomed:
                if not session.is_closing:
                    self._safely(self._exchange.end, session)
                self._close(session)
            self._speak(())

    def _doom(self, session: Session, reason: str = "closed") -> None:
        """Mark *session* to be closed by the sweep; others will see *reason*."""
        if not session.doom:
            session.doom = reason
            self._doomed.append(session)

    def _wind_up(self, session: Session) -> None:
        """The last words are in the outbox: close once they have gone.

        Closing a socket while there are unread bytes in it makes the kernel
        send a reset, which may overtake and destroy the last words.  So we
        finish talking and read on until the peer has finished too; but not for
        longer than `LINGER`, whatever it does.
        """
        if not session.is_lingering:
            session.is_lingering = True
            session.set_timer(self._later(LINGER, self._doom, session))
        if session.outbox:
            return
        if self._is_leaving:
            # There is no time to wait: take in what would cause a reset.
            with suppress(Lost):
                session.connection.receive()
        if session.has_finished or self._is_leaving:
            self._close(session)
        else:
            session.connection.finish_talking()

    def _close(self, session: Session) -> None:
        """Give the descriptor back.  Nothing is sent to *session* any more."""
        session.doom = session.doom or "closed"
        session.set_timer(None)
        if session.watch is not None:
            # The timer would keep the outbox in memory until it is due.
            session.watch.cancel()
        descriptor = session.connection.descriptor
        self._unfinished.pop(descriptor, None)
        del self._sessions[descriptor]
        self._poller.forget(descriptor)
        session.connection.close()

    # What is to be done later, and what must not go wrong.

    def _later(self, seconds: float, act: Act, session: Session) -> Timer:
        deadline = self._now.monotonic + seconds
        return self._timers.at(deadline, partial(self._safely, act, session))

    def _safely(self, act: Act, session: Session) -> None:
        """Do it.  If that shows a fault of ours, it costs this session only."""
        try:
            act(session)
        except Exception as fault:  # noqa: BLE001 - so that nothing stops the loop
            self._blame_us(session, fault)

    def _blame_us(self, session: Session, fault: Exception) -> None:
        if self._log is None:
            raise fault
        self._faults += 1
        where = " < ".join(map(str, reversed(extract_tb(fault.__traceback__))))
        self._log.write(self._now.wall, f"FAULT {fault!r} {session!r} {where}")
        self._doom(session, "An error on our side")

    # The end of it all.

    def _heed_signals(self) -> None:
        if any(number in LEAVE_ON for number in self.wakeup.rung()):
            self._leave()

    def _leave(self) -> None:
        """Accept no more, say good-bye, and let everybody read it."""
        if self._is_leaving:
            return
        self._is_leaving = True
        self._stop_accepting()
        for session in list(self._sessions.values()):
            if not session.is_closing:
                self._exchange.dismiss(session, LEAVING)

    def _stop_accepting(self) -> None:
        for listener in self._listeners.values():
            self._poller.forget(listener.descriptor)
            listener.close()
        self._listeners.clear()
