"""The exchange: from a line to what everybody is told of it.

Here a session's dialect, the hub and fan-out meet, and none of them knows the
others.  The dialect turns a line into commands, the hub turns a command into
effects, fan-out carries the effects out; a refusal goes back to whoever asked.

Next: chat/dialects/sniff.py
"""

from functools import partial
from typing import Final

from chat.dialects.dialect import Dialect, Enrol, Heard, House, Prove, Scram, Wish
from chat.dialects.http import Http
from chat.dialects.irc.session import Irc
from chat.dialects.plain import Plain
from chat.dialects.sniff import (
    BOM,
    FOR_IRC,
    FOR_PEOPLE,
    Language,
    Sealed,
    Stranger,
    language,
    opening,
)
from chat.domain.commands import Command, Configure, Depart, Open
from chat.domain.effects import Close, Keep
from chat.domain.hub import Hub
from chat.domain.order import Order
from chat.domain.refusals import Busy, Refused, WrongPassword
from chat.passwords import NOBODYS, verify
from chat.server.cloak import Cloak
from chat.server.fanout import FanOut
from chat.server.keeper import Keeper
from chat.server.offload import Offload
from chat.server.session import Session
from chat.wire.lines import Line

# What checking a password counts for among the things that a line asks for.
PROOF: Final = 80
# Checks that may be waiting for one address.
PROOFS_OF_ONE: Final = 16


class Exchange:
    """One hub, one order, one index of readers."""

    def __init__(self, house: House, offload: Offload, keeper: Keeper) -> None:
        self._keeper = keeper
        self.offload = offload
        self.fanout = FanOut()
        # Wall time of the present turn, in milliseconds: the loop sets it.
        self.now = house.since
        self._house = house
        self._hub = Hub(house.limits, house.lobby, house.since)
        self._order = Order(house.since)
        self._cloak = Cloak()

    def configure(self, house: House) -> None:
        """Be this *house* from now on, to whoever begins a conversation."""
        self._house = house
        self._hub.handle(0, Configure(house.limits), self._order.stamp(self.now))

    def open(self, session: Session) -> None:
        """A conversation begins, in a language that nobody knows yet."""
        self.fanout.open(session)
        address = session.connection.host
        self._handle(session, Open(self._cloak.of(address), address))
        if session.door == "telnet":
            self.fanout.put(session, session.pipeline.start_telnet())
        if session.door in FOR_PEOPLE:
            self.greet(session)

    def greet(self, session: Session) -> None:
        """The peer is silent, so it is a person: speak first, but only once."""
        if session.was_greeted or session.door in FOR_IRC:
            return
        session.was_greeted = True
        self._begin(session, Plain(self._house))

    def look_ahead(self, session: Session) -> None:
        """Something has come; perhaps it tells the language without a line's end.

        A TLS client sends no line and waits for our answer.
        """
        begun = session.lines.partial
        if not session.lines and opening(begun) is not None:
            self.hear(session, begun)

    def hear(self, session: Session, line: Line) -> int:
        """Understand *line* and do what it asks for; how many things that was."""
        if not session.is_decided:
            if isinstance(line, bytes):
                line = line.removeprefix(BOM)
            self._decide(session, line)
        kind = session.dialect.kind
        heard = session.dialect.hear(line)
        self._do(session, heard)
        if session.dialect.kind is not kind:
            self.fanout.refile(session)
        # What is checked aside is dear, and a guess must be too.
        proofs = sum(isinstance(item, Prove) for item in heard)
        return len(heard) + proofs * PROOF

    def hear_last(self, session: Session, rest: bytes) -> None:
        """The peer has finished talking; *rest* never got its end."""
        if rest and not session.is_decided:
            rest = rest.removeprefix(BOM)
            self._decide(session, rest)
        self._do(session, session.dialect.hear_last(rest))

    def depart(self, session: Session, reason: str) -> None:
        """Have *session* leave, with a farewell, as if it had asked to."""
        self._handle(session, Depart(reason))

    def resize(self, session: Session, columns: int) -> None:
        """The peer's window is now so wide."""
        session.columns = columns
        session.dialect.resize(columns)
        self.fanout.refile(session)

    def end(self, session: Session) -> None:
        """The conversation is over, and the others are told of its doom."""
        self._handle(session, Depart(session.doom))

    def dismiss(self, session: Session, reason: str) -> None:
        """Say good-bye to *session*, and forget it.

        When the whole house closes this is all that is done, and to the hub
        everybody is still here: nine hundred departures, told to each of nine
        hundred people who are leaving as well, would be no news.
        """
        self.fanout.put(session, session.dialect.farewell(reason))
        self.fanout.close(session)
        # Whoever leaves in the turn in which he would be greeted is not.
        session.set_timer(None)
        session.is_closing = True
        session.reason = reason

    def _decide(self, session: Session, first: Line) -> None:
        """The first line tells the language, whatever was said before it."""
        spoken = language(first, session.door)
        if spoken is None:
            # Somebody pressed Enter: no need to wait with the greeting.
            self.greet(session)
            return
        session.is_decided = True
        was_greeted = session.was_greeted
        match spoken:
            case Language.IRC:
                session.pipeline.speaks_irc()
                self._begin(session, Irc(self._house))
            case Language.HTTP:
                self._begin(session, Http(was_greeted=was_greeted))
            case Language.TLS:
                self._begin(session, Sealed(was_greeted=was_greeted))
            case Language.PLAIN:
                if not was_greeted:
                    self._begin(session, Plain(self._house))
            case Language.NONE:
                self._begin(session, Stranger())

    def _begin(self, session: Session, dialect: Dialect) -> None:
        session.dialect = dialect
        session.lines.limit = dialect.line_limit
        if session.pipeline.columns is not None:
            dialect.resize(session.pipeline.columns)
        self._do(session, dialect.greet())

    def _do(self, session: Session, heard: Heard) -> None:
        for index, item in enumerate(heard):
            # Who has left is asked nothing and leaves only once, though his last
            # line was "/quit", or the greeting was due in that very turn.
            if session.is_closing:
                return
            if isinstance(item, bytes):
                self.fanout.put(session, item)
            elif isinstance(item, Wish):
                self._fulfil(session, item)
            elif isinstance(item, Prove):
                self._prove(session, item, heard[index + 1 :])
                return
            elif isinstance(item, Enrol | Scram):
                raise NotImplementedError
            else:
                self._handle(session, item)
        if following := session.dialect.follow_up():
            self._do(session, following)

    def _fulfil(self, session: Session, wish: Wish) -> None:
        if wish is Wish.TELNET:
            answers = session.pipeline.start_telnet()
        else:
            answers = session.pipeline.hide_input(on=wish is Wish.HIDE_INPUT)
        self.fanout.put(session, answers)

    def _prove(self, session: Session, asked: Prove, rest: Heard) -> None:
        """Have the secret checked aside; *rest*, and all that it says, waits."""
        host = session.connection.host
        stored = self._house.password
        if asked.operator:
            stored = self._house.operators.get(asked.operator, NOBODYS)
        work = partial(verify, asked.secret, stored)
        has_room = self.offload.waiting_for(host) < PROOFS_OF_ONE
        session.is_waiting = has_room and self.offload.do(
            session,
            work,
            if_so=partial(self._proven, then=asked.then, rest=rest),
            if_not=partial(self._not_proven, rest=rest),
        )
        if not session.is_waiting:
            self.fanout.put(session, session.dialect.refuse(Busy()))
            if isinstance(session.dialect, Irc) and not self.fanout.is_named(session):
                # A program does not ask again, but it does come back.
                self.depart(session, "Too many are coming in just now")
            self._do(session, rest)

    def _proven(self, session: Session, then: Command | Enrol, rest: Heard) -> None:
        self._do(session, [then, *rest])

    def _not_proven(self, session: Session, rest: Heard) -> None:
        self.fanout.put(session, session.dialect.refuse(WrongPassword()))
        if not self.fanout.is_named(session):
            # The way in is no place to try one password after the other.
            self.depart(session, "Wrong password")
        self._do(session, rest)

    def _handle(self, session: Session, command: Command) -> None:
        stamp = self._order.stamp(self.now)
        try:
            effects = self._hub.handle(session.id, command, stamp)
        except Refused as refused:
            self.fanout.put(session, session.dialect.refuse(refused.reason))
            return
        for effect in effects:
            if isinstance(effect, Close):
                self.dismiss(self.fanout.session(effect.session), effect.reason)
            elif isinstance(effect, Keep):
                self._keeper.keep(effect.record)
            else:
                self.fanout.carry_out(effect)
