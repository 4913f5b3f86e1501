"""The loop: one thread, one wait, everybody served.

A chat server spends its life asking which sockets are ready, and a turn is what
it does with the answer.  Nothing in a turn waits: not a read, not a write, not
a neighbour who is slow.  So one thread is enough, and nothing needs a lock.

    wait       until something is readable or writable, or a timer is due
    welcome    whoever has connected
    listen     read what has arrived, and carry out each complete line; look once
               more, because others may have spoken meanwhile
    keep time  do what was to be done by now
    sweep      close the doomed, which the others will want to know
    remember   write down what was said, before anybody reads it
    speak      offer the kernel what each reader has waiting, once

While listening nothing is sent.  What is said is gathered, on the sheets of rooms
and in outboxes, and `_speak` sends it: whatever many people said in one turn leaves
in one ``send`` for each reader.  Who is lost just then is swept in the next turn.

Next: chat/server/roster.py
"""

from collections.abc import Callable, Iterable
from functools import partial
from signal import SIGINT, SIGTERM
from typing import Final

from chat.config import Config
from chat.domain.claims import Tidy
from chat.net.connection import Connection, Lost, Short, send_all
from chat.net.listener import Listener
from chat.net.timers import Timer
from chat.net.wakeup import Wakeup
from chat.server.archivist import Archivist
from chat.server.bookmarks import ROUND
from chat.server.ceilings import Act, Ceilings
from chat.server.door import Door
from chat.server.exchange import Exchange
from chat.server.hearing import Hearing
from chat.server.keeper import Keeper
from chat.server.librarian import Librarian
from chat.server.liveness import Liveness
from chat.server.logbook import Logbook
from chat.server.machine import Machine
from chat.server.roster import SWEEPING, Roster
from chat.server.schedule import Schedule
from chat.server.session import Session
from chat.server.throttle import Throttle
from chat.wire.outbox import Outbox

# How long the last words to a peer may take, in seconds.
LINGER: Final = 5.0
# And to one who has not even given a name: its seat is wanted.
BRIEFLY: Final = 0.5
# What one turn hears of all together, for it must be spoken in time; and when it has
# heard so much it does not look for more.
HEARD_A_TURN: Final = 500
ENOUGH: Final = 200
# More than that waits for somebody who has not even given a name, in bytes.
UNNAMED_SOFT: Final = 16 * 1024
# When a turn has taken so long, in seconds, the long answers of others have to wait.
READING: Final = 0.04
# As often, in seconds, what is due is done.  It wakes the idle: 1.2 ms with 900 people.
TIDY: Final = 2.0

LEAVING: Final = "The server is shutting down"


class Server:
    """Listeners, sessions, and the turn that serves them."""

    def __init__(
        self, config: Config, listeners: list[Listener], machine: Machine
    ) -> None:
        limits = self._limits = config.limits
        self._poller = machine.poller
        schedule = self._schedule = Schedule(machine.clock)
        self._roster = Roster(self._poller)
        self._doom = self._roster.doom
        self._logbook = Logbook(machine.log, schedule)
        self.note = self._logbook.note
        self._since = schedule.now.wall
        self.wakeup = Wakeup()
        offload = self._offload = machine.offload(self.wakeup.ring)
        self._archivist = Archivist(machine.store, offload, schedule, self._logbook)
        self._archivist.configure(config)
        self._keeper = Keeper(machine.store, schedule, self._logbook, self._archivist)
        house = config.house(since=self._since)
        librarian = self._librarian = Librarian(
            machine.store, machine.offload(self.wakeup.ring), schedule, self._logbook
        )
        exchange = self._exchange = Exchange(
            house, machine.store, self._keeper, offload, librarian
        )
        exchange.load(machine.store.load())
        schedule.every(TIDY, self._logbook.watched(partial(exchange.see_to, Tidy())))
        self._fanout, self._bookmarks = exchange.fanout, exchange.bookmarks
        schedule.every(ROUND, self._logbook.watched(exchange.go_round))
        exchange.statistics = self.statistics
        self._door = Door(listeners, machine, limits, schedule, self._logbook)
        throttle, later = Throttle(schedule, limits), self._later
        self._hearing = Hearing(exchange, self._roster, throttle, schedule, later)
        self._liveness = Liveness(config, exchange, schedule, later, machine)
        self._ceilings = Ceilings(limits.outbox_total, schedule, later, self._doom)
        self._poller.read(self.wakeup.descriptor)
        # What to do on which signal.
        self.on = dict.fromkeys((SIGTERM, SIGINT), self.leave)
        # The descriptor at which the last turn had to stop, if it had to.
        self._next: int | None = None
        self._has_read = self._is_leaving = False

    def run(self) -> None:
        """Turn until somebody has asked for the end and everybody has left."""
        while self._roster or not self._is_leaving or self._keeper.is_behind():
            self.turn()

    def turn(self) -> None:
        """Go round once: wait, welcome, listen, keep time, sweep, remember, speak."""
        ready = self._poller.wait(self._until_next())
        self._schedule.begin_turn()
        self._hearing.heard = 0
        self._exchange.now = self._schedule.now.wall

        self._serve([*self._roster.unfinished(), *ready.readable])
        if ready.readable and self._next is None and self._hearing.heard < ENOUGH:
            # The more is said in a turn, the more each send carries.
            self._serve(self._poller.look().readable)
        self._schedule.run()
        self._sweep()

        self._keeper.commit()
        self._librarian.begin(self._safely)
        self._speak(ready.writable)
        self._logbook.end_turn()

    def _serve(self, descriptors: list[int]) -> None:
        """Hear whoever has something to say, until it is time to speak."""
        for descriptor in self._from_the_next_on(descriptors):
            if self._hearing.heard >= HEARD_A_TURN or self._schedule.is_late():
                # The others lose nothing, and come first in the next turn.
                self._next = descriptor
                return
            if session := self._roster.find(descriptor):
                self._safely(self._listen, session)
            elif listener := self._door.listener(descriptor):
                if not self._roster.doomed:  # Those give their seats back first.
                    self._welcome(listener)
            elif descriptor == self.wakeup.descriptor:
                self._heed_signals()
                self._hearing.go_on_with_finished(self._safely)
                self._librarian.finish(self._safely)

    def _from_the_next_on(self, descriptors: list[int]) -> list[int]:
        """*descriptors*, from where the last turn had to stop: nobody starves."""
        start, self._next = self._next, None
        if start is None:
            return descriptors
        return sorted(descriptors, key=lambda each: (each < start, each))

    def close(self) -> None:
        """Give every descriptor back, at once and without a word."""
        for session in self._roster:
            self._close(session)
        self._door.shut()
        self._offload.close()
        self._librarian.close()
        self._keeper.close()
        self.wakeup.close()

    def statistics(self) -> dict[str, dict[str, int]]:
        """What an operator may want to know, room by room."""
        return {
            "loop": self._logbook.turns(),
            "faults": self._logbook.statistics(),
            "door": self._door.statistics(),
            "poller": self._poller.statistics(),
            "sessions": self._roster.statistics(),
            "offload": self._offload.statistics(),
            "librarian": self._librarian.statistics(),
            "keeper": self._keeper.statistics(),
            "outboxes": self._ceilings.statistics(),
            "fan-out": self._fanout.statistics(),
        }

    def configure(self, config: Config) -> None:
        """Let *config* hold from now on, for those who are here as well."""
        limits = self._limits = config.limits
        self._exchange.configure(config.house(since=self._since))
        self._door.limits = self._hearing.throttle.limits = limits
        self._liveness.config = config
        self._ceilings.total = limits.outbox_total
        self._archivist.configure(config)
        for session in self._roster:
            session.outbox.soft = limits.outbox_soft
            session.outbox.hard = limits.outbox_hard

    # Wait.

    def _until_next(self) -> float | None:
        """How long the poller may wait: not at all while something is left over."""
        return 0.0 if self._roster.is_due() else self._schedule.until_next()

    # Welcome.

    def _welcome(self, listener: Listener) -> None:
        try:
            for connection in self._door.let_in(listener):
                self.admit(connection, listener.address.scheme)
        except Exception as fault:  # noqa: BLE001 - nobody's in particular
            self._logbook.fault(listener, fault)

    def admit(self, connection: Connection, door: str = "auto") -> None:
        """Begin a session, and greet it unless it speaks first."""
        self._door.enter(connection.host)
        outbox = Outbox(self._limits.outbox_soft, self._limits.outbox_hard)
        session = Session(self._door.admitted, connection, outbox, door=door)
        self._roster.add(session)
        self._logbook.arrival(session)
        self._safely(self._begin, session)

    def _begin(self, session: Session) -> None:
        self._exchange.open(session)
        self._liveness.begin(session)

    # Listen.

    def _listen(self, session: Session) -> None:
        """Go on with the lines left over from the turn before, or read more."""
        if self._roster.resume(session):
            self._hearing.hear(session)
        else:
            self._hearing.listen(session)
        if session.is_closing and not session.doom:
            self._wind_up(session)

    # Speak.

    def _speak(self, writable: Iterable[int]) -> None:
        """Offer the kernel what there is to tell, once for each reader who has news.

        Most read what a room has said and nothing else, and are sent it together.  Who
        is blocked, since the kernel took less than it was offered last, has to wait for
        writability and is only weighed; and so has, when there is no time, who is to be
        told much: one is, in each turn.
        """
        self._has_read = False
        for data, connections in self._fanout.take_shared(self._roster.aside):
            for short in send_all(data, connections):
                self._fall_short(short, data)
        for session in self._fanout.take_dirty():
            if session.is_blocked or not self._flush(session):
                self._safely(self._take_stock, session)
        for descriptor in writable:
            if unblocked := self._roster.find(descriptor):
                # It reads, so somebody is there.
                unblocked.heard_at = self._schedule.now.monotonic
                self._flush(unblocked)
                self._safely(self._take_stock, unblocked)
        self._bookmarks.spoken(self._roster.doomed)

    def _fall_short(self, short: Short, data: bytes) -> None:
        """What is left of *data* waits, or is never read."""
        if session := self._roster.find(short.descriptor):
            self._fanout.put_back(session, data[short.taken :])
            if short.lost:
                self._doom(session, str(short.lost))

    def _flush(self, session: Session) -> bool:
        """Offer what is waiting; whether that leaves nothing to see to."""
        if session.doom:
            return True
        if session.outbox.cursors:
            if self._has_read and self._schedule.spent() > READING:
                return False
            self._has_read = True
        try:
            if session.is_edited:
                session.dress()
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
            self._roster.block(session)
            session.dress()
            self._ceilings.weigh(session)
            self._bookmarks.falls_behind(session)
        elif session.is_blocked:
            self._roster.unblock(session)
            self._ceilings.forget(session)
            self._bookmarks.catches_up(session)
        self._mute(session)
        if session.is_closing:
            self._wind_up(session)

    def _mute(self, session: Session) -> None:
        is_behind = session.outbox.is_behind() or (
            session.outbox.size() > UNNAMED_SOFT and not self._fanout.is_named(session)
        )
        if is_behind and not session.is_muted:
            self._roster.mute(session)
        elif session.is_muted and not is_behind:
            self._roster.unmute(session)

    # Sweep, and how a session ends.

    def _sweep(self) -> None:
        """Close the doomed, as many as one turn has time for."""
        for session in self._roster.take_doomed():
            if not session.is_closing:
                self._safely(self._exchange.end, session)
            self._close(session)
            if self._schedule.spent() > SWEEPING:
                return

    def _wind_up(self, session: Session) -> None:
        """The last words are in the outbox: close once they have gone.

        Closing a socket while there are unread bytes in it makes the kernel
        send a reset, which may overtake and destroy the last words.  So we
        finish talking and read on until the peer has finished too; but not for
        longer than `LINGER`, whatever it does.
        """
        if not session.is_lingering:
            session.is_lingering = True
            seconds = LINGER if session.dialect.speaks_for else BRIEFLY
            session.set_timer(self._later(seconds, self._doom, session))
        if session.outbox:
            return
        if self._is_leaving:
            # There is no time to wait, so take in what would cause a reset.
            session.connection.take_in_rest()
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
        self._ceilings.forget(session)
        self._liveness.forget(session)
        self._exchange.close(session)
        self._roster.remove(session)
        self._door.leave(session.connection.host)
        self._logbook.obituary(session)
        session.connection.close()

    # What is to be done later, and what must not go wrong.

    def _later(self, seconds: float, act: Act, session: Session) -> Timer:
        return self._schedule.later(seconds, self._safely, act, session)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do *act*, which is nobody's in particular, once *seconds* have gone by."""
        self._schedule.later(seconds, self._logbook.watched(act))

    def _safely(self, act: Act, session: Session) -> None:
        """Do it.  If that shows a fault of ours, it costs this session only."""
        try:
            act(session)
        except Exception as fault:  # noqa: BLE001 - so that nothing stops the loop
            self._blame_us(session, fault)

    def _blame_us(self, session: Session, fault: Exception) -> None:
        self._logbook.fault(session, fault)
        self._doom(session, "An error on our side")

    # Signals, and the end of it all.

    def _heed_signals(self) -> None:
        rung = self.wakeup.rung()
        for number, act in self.on.items():
            if number in rung:
                self._logbook.watched(act)()

    def leave(self) -> None:
        """Accept no more, say good-bye, and let everybody read it."""
        if self._is_leaving:
            return
        self._is_leaving = True
        self._logbook.note(f"leaving, with {len(self._roster)} to say good-bye to")
        self._door.shut()
        self._keeper.leave()
        for session in self._roster:
            if not session.is_closing:
                self._safely(partial(self._exchange.dismiss, reason=LEAVING), session)
