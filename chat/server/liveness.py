"""Liveness: who has gone quiet, and whether anybody is still there.

A network that fails says nothing.  A laptop that is shut, a cable that is
pulled, a router that forgets: the connection stays as it was, and nothing ever
arrives on it again.  So silence has deadlines, and they depend on who is silent:

* a newcomer who says nothing at first is a person, and is greeted;
* one who has not given a name in time makes room for somebody else; a person,
  who has to read and think and type, gets three times as long as a program;
* while many have none, more than half of the seats, somebody among them goes at
  random, more and more often up to three quarters, where each who comes too many
  costs somebody the seat.  Silent connections cost nothing and are what a house is
  most easily filled with, but a crowd that reconnects gives its names at once.
  (*Random early drop*, as in sshd's ``MaxStartups``; there the newcomer goes, and
  whoever came first could shut everybody else out);
* an IRC client can be asked: it gets a PING and has to answer;
* a person cannot, and may read for days without a word.  The kernel asks in our
  place (see `net.connection`);
* but who knew what to say before being greeted is a script, and one that has
  forgotten to hang up (``printf ... | nc HOST PORT``) leaves after ten minutes.

A session has one timer for all this.  What it hears meanwhile only changes
`heard_at`; the timer, when it is due, looks at that and is set again.  Those of IRC
clients are due when a second is full: the house is woken once for all of them.
"""

from math import ceil
from typing import Final

from chat.config import Config
from chat.dialects.plain import Plain
from chat.net.address import ADMIN
from chat.server.ceilings import Act, Later
from chat.server.exchange import Exchange
from chat.server.machine import Machine
from chat.server.schedule import Schedule
from chat.server.session import Session

# A script that has said what it had to say, in seconds.
SCRIPT_SECONDS: Final = 600.0
# People read, think and type; programs do not.
PERSON_FACTOR: Final = 3

NO_NAME: Final = "No name was given in time"
NO_PONG: Final = "Ping timeout"
CROWDED: Final = "Too many are here without a name; please try again"
FORGOTTEN: Final = "Nothing was said for ten minutes"


class Liveness:
    """The deadlines of everybody's silence."""

    def __init__(
        self,
        config: Config,
        exchange: Exchange,
        schedule: Schedule,
        later: Later,
        machine: Machine,
    ) -> None:
        self.config = config
        self._exchange = exchange
        self._fanout = exchange.fanout
        self._schedule = schedule
        self._later = later
        # Who has had the time to give a name and has not, and room for how many.
        self._loiterers: dict[Session, None] = {}
        self._seats = machine.capacity
        self._chance = machine.chance

    def begin(self, session: Session) -> None:
        """*session* has just been opened."""
        session.opened_at = session.heard_at = self._schedule.now.monotonic
        if session.door == ADMIN:
            # From there nobody ever gives a name, and nobody takes a seat.
            return
        if self.config.greet_after and not session.was_greeted:
            seconds = min(
                self.config.greet_after, self.config.limits.registration_timeout
            )
            self._again(session, seconds, self._greet)
        else:
            self._loiter(session)
            self._watch(session)

    def forget(self, session: Session) -> None:
        """It is over."""
        self._loiterers.pop(session, None)

    def _greet(self, session: Session) -> None:
        # Whoever has begun a line is no longer silent.
        if not (session.is_decided or session.lines.has_partial):
            self._exchange.greet(session)
        self._loiter(session)
        self._watch(session)

    def _loiter(self, session: Session) -> None:
        """*session* has no name by now; if too many have none, somebody goes."""
        if session.is_closing or self._fanout.is_named(session):
            return
        self._loiterers[session] = None
        if self._chance() < self._crowding():
            crowd = list(self._loiterers)
            unlucky = crowd[int(self._chance() * len(crowd))]
            self.forget(unlucky)
            self._exchange.depart(unlucky, CROWDED)

    def _crowding(self) -> float:
        """How likely somebody has to go: 0 at half the seats, 1 at three quarters."""
        if len(self._loiterers) <= self._seats / 2:
            # Most of the time; nobody need be looked at.
            return 0.0
        for session in list(self._loiterers):
            if session.is_closing or self._fanout.is_named(session):
                self.forget(session)
        return (len(self._loiterers) - self._seats / 2) / (self._seats / 4)

    def _watch(self, session: Session) -> None:
        """See how long *session* has been silent, and look again when due."""
        if session.is_closing:
            return
        if not self._fanout.is_named(session):
            self._await_name(session)
        elif session.lines:
            # It is we who do not listen: what it says has to wait.
            self._again(session, self.config.limits.ping_interval, self._watch)
        elif ping := session.dialect.are_you_there():
            self._await_pong(session, ping)
        elif not session.was_greeted:
            self._await_word(session)

    def _await_name(self, session: Session) -> None:
        patience = self.config.limits.registration_timeout
        if isinstance(session.dialect, Plain):
            patience *= PERSON_FACTOR
        left = session.opened_at + patience - self._schedule.now.monotonic
        if left <= 0:
            self._exchange.depart(session, NO_NAME)
        else:
            self._again(session, left, self._watch)

    def _await_pong(self, session: Session, ping: bytes) -> None:
        now = self._schedule.now.monotonic
        silent = now - session.heard_at
        left = self.config.limits.ping_interval - silent
        if left > 0:
            self._again(session, ceil(now + left) - now, self._watch)
        elif session.pinged_at <= session.heard_at:
            session.pinged_at = now
            self._fanout.put(session, ping)
            self._again(session, self.config.limits.ping_timeout, self._watch)
        else:
            self._exchange.bookmarks.lose(session)
            self._exchange.depart(session, f"{NO_PONG}: {silent:.0f} seconds")

    def _await_word(self, session: Session) -> None:
        left = session.heard_at + SCRIPT_SECONDS - self._schedule.now.monotonic
        if left <= 0:
            self._exchange.depart(session, FORGOTTEN)
        else:
            self._again(session, left, self._watch)

    def _again(self, session: Session, seconds: float, act: Act) -> None:
        session.set_timer(self._later(seconds, act, session))
