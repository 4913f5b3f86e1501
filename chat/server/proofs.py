"""Proofs: what shows that somebody is who he says, or may come in.

A password is checked aside, because that takes long on purpose: until it is done
the session waits, and what else its line asked for.  So it may be done too late:
an operator removed meanwhile, or an account made anew, is not proven by what was
true before.

Nobody learns here which accounts there are.  A name that nobody has is answered in
the same words, and as late: there is a line to check for every name.  And nobody
learns anything once there were too many guesses, not even that one was right.
"""

import secrets
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Protocol

from chat import passwords, scram
from chat.dialects.dialect import Enrol, Heard, House, Prove, Scram
from chat.domain.claims import Identified, Register
from chat.domain.commands import Command
from chat.domain.hub import Hub
from chat.domain.names import fold
from chat.domain.records import Act
from chat.domain.refusals import (
    Busy,
    NotEncrypted,
    PasswordImpossible,
    Reason,
    TooManyAccounts,
    TooManyGuesses,
    WrongPassword,
)
from chat.scram import Conversation, Wrong
from chat.server.ceilings import Act as Following
from chat.server.door import is_counted, network
from chat.server.fanout import FanOut
from chat.server.guesses import HOUR, HOUSE, Claimed, Guesses, Of, origin
from chat.server.offload import Offload, Work
from chat.server.session import Session

# Checks that may be waiting for one address.
PROOFS_OF_ONE: Final = 16
# Wrong passwords after which somebody without a name has to connect anew.
TRIES: Final = 3

# What is drawn for one exchange, in bytes.
_NONCE: Final = 18
_BUSY: Final = Busy()

# Why the house's own password ends a conversation that has not begun.  A program
# does not ask again, but it does come back.
_FAREWELLS: Final[dict[type, str]] = {
    Busy: "Too many are coming in just now",
    TooManyGuesses: "Too many wrong passwords",
    WrongPassword: "Wrong password",
}


class Desk(Protocol):
    """What the exchange does for us."""

    fanout: FanOut
    # Wall time of this turn, in milliseconds.
    now: int

    def go_on(self, session: Session, heard: Heard) -> None:
        """Do what *session* asked for, in order."""

    def depart(self, session: Session, reason: str) -> None:
        """Have *session* leave."""

    def audit(self, session: Session, act: Act, who: str, about: str) -> None:
        """Have it written down what was tried, on *session*, and by whom."""


@dataclass(frozen=True, slots=True)
class Check:
    """A password, and the lines of which one must fit."""

    secret: str = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)

    def __call__(self) -> bool:
        """Whether one fits; all are tried, so that nobody can tell which did."""
        fits = [_fits(self.secret, line) for line in self.lines]
        return any(fits)


@dataclass(slots=True)
class Making:
    """A line that is made of a password."""

    secret: str = field(repr=False)
    rounds: int
    line: str = field(default="", repr=False)

    def __call__(self) -> bool:
        """Make it."""
        self.line = scram.derive(self.secret, self.rounds)
        return True


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be done once a password has been checked."""

    claimed: Claimed
    check: Check
    then: Command | Enrol
    rest: Heard


class Proofs:
    """Checks what sessions show, and lets them go on."""

    def __init__(
        self, desk: Desk, house: House, hub: Hub, offload: Offload, secret: bytes
    ) -> None:
        self._desk = desk
        self._house = house
        self._hub = hub
        self._offload = offload
        # What makes the lines of names that nobody has.
        self._secret = secret
        self._guesses = Guesses(house.guesses)
        # The accounts that were made.
        self._made = Guesses(house.enrolments or 0, HOUR)

    def configure(self, house: House) -> None:
        """Be this *house* from now on."""
        self._house = house
        self._guesses.most = house.guesses
        self._made.most = house.enrolments or 0

    def begin(
        self, session: Session, asked: Prove | Enrol | Scram, rest: Heard
    ) -> None:
        """Have it looked at; what it allows is done, and then the *rest*."""
        match asked:
            case Prove():
                self._prove(session, asked, rest)
            case Enrol():
                self._enrol(session, asked, rest)
            case Scram():
                self._scram(session, asked.message)
                self._desk.go_on(session, rest)

    def is_over(self, session: Session, claimed: Claimed) -> bool:
        """Whether there were too many guesses of that kind.

        Who is logged in already does not suffer from guesses made elsewhere: where
        he is, only those from there count.
        """
        host, now = session.connection.host, self._desk.now
        from_here, *at_it = claimed.keys(host)
        if self._guesses.are_over(from_here, now):
            return True
        if not any(self._guesses.are_over(key, now) for key in at_it):
            return False
        places = self._hub.addresses(claimed.name) if claimed.of is Of.ACCOUNT else ()
        return network(host) not in map(network, places)

    def tell_wrong(self, session: Session, claimed: Claimed, reason: Reason) -> None:
        """A guess was wrong, for that *reason*: it counts, and is written down."""
        session.missed += 1
        for key in claimed.keys(session.connection.host):
            self._guesses.count(key, self._desk.now)
        act = Act.FAILED_OFFICE if claimed.of is Of.OPERATOR else Act.FAILED
        self._desk.audit(session, act, claimed.name, claimed.of.value)
        self._decline(session, claimed, reason)

    def has_registered(self, session: Session) -> None:
        """An account was made on *session*, which counts."""
        if self._is_counted(session):
            self._made.count(origin(session.connection.host), self._desk.now)

    # A password that was sent.

    def _prove(self, session: Session, asked: Prove, rest: Heard) -> None:
        claimed = _claimed(asked)
        if claimed is HOUSE and not self._house.password:
            # It is asked for no longer.
            self._desk.go_on(session, [asked.then, *rest])
        elif reason := self._objection(session, claimed):
            self._decline(session, claimed, reason)
            self._desk.go_on(session, rest)
        else:
            check = Check(asked.secret, self._lines(claimed))
            waiting = Waiting(claimed, check, asked.then, rest)
            was_right = partial(self._was_right, waiting=waiting)
            was_wrong = partial(self._was_wrong, waiting=waiting)
            if not self._aside(session, check, was_right, was_wrong):
                self._decline(session, claimed, _BUSY)
                self._desk.go_on(session, rest)

    def _objection(self, session: Session, claimed: Claimed) -> Reason | None:
        if claimed is not HOUSE and not self._may_send(session):
            return NotEncrypted()
        return TooManyGuesses() if self.is_over(session, claimed) else None

    def _was_right(self, session: Session, waiting: Waiting) -> None:
        claimed = waiting.claimed
        if self._lines(claimed) != waiting.check.lines:
            self._was_wrong(session, waiting)
        elif self.is_over(session, claimed):
            # It was sent while others were being checked, which were wrong.
            self._decline(session, claimed, TooManyGuesses())
            self._desk.go_on(session, waiting.rest)
        else:
            self._desk.go_on(session, [waiting.then, *waiting.rest])

    def _was_wrong(self, session: Session, waiting: Waiting) -> None:
        claimed = waiting.claimed
        if self.is_over(session, claimed):
            self._decline(session, claimed, TooManyGuesses())
        else:
            self.tell_wrong(session, claimed, WrongPassword())
        self._desk.go_on(session, waiting.rest)

    # A password that is to be somebody's.

    def _enrol(self, session: Session, asked: Enrol, rest: Heard) -> None:
        making = Making(asked.secret, self._house.rounds)
        made = partial(self._was_made, making=making, asked=asked, rest=rest)
        not_made = partial(self._was_not_made, rest=rest)
        if reason := self._objection_to(session, asked):
            not_made(session, reason=reason)
        elif not self._aside(session, making, made, not_made):
            not_made(session)

    def _objection_to(self, session: Session, asked: Enrol) -> Reason | None:
        if not self._may_send(session):
            return NotEncrypted()
        if why := passwords.flaw(asked.secret):
            return PasswordImpossible(why, passwords.is_weak(asked.secret))
        return TooManyAccounts() if self._are_enough(session, asked) else None

    def _are_enough(self, session: Session, asked: Enrol) -> bool:
        """Whether as many accounts were made from there as may be, or more."""
        if not isinstance(asked.then, Register) or not self._is_counted(session):
            return False
        return self._made.are_over(origin(session.connection.host), self._desk.now)

    def _is_counted(self, session: Session) -> bool:
        house = self._house
        return house.enrolments is not None and is_counted(
            session.connection.host, exempts_loopback=house.exempts_loopback
        )

    def _was_made(
        self, session: Session, making: Making, asked: Enrol, rest: Heard
    ) -> None:
        if self._are_enough(session, asked):
            # Others were asked for meanwhile.
            self._was_not_made(session, rest, TooManyAccounts())
            return
        self._desk.go_on(session, [replace(asked.then, credential=making.line), *rest])

    def _was_not_made(
        self, session: Session, rest: Heard, reason: Reason = _BUSY
    ) -> None:
        self._tell(session, session.dialect.refuse(reason))
        self._desk.go_on(session, rest)

    # A password that is not sent.

    def _scram(self, session: Session, message: bytes | None) -> None:
        """Hear a message of SCRAM; we have nothing to count out, so it is cheap."""
        talk, session.scram = session.scram, None
        if message is None:
            return
        if talk is None:
            talk = Conversation(secrets.token_urlsafe(_NONCE), self._line_of_login)
        try:
            answer = talk.hear(message)
            if talk.line != self._line_of_login(talk.name):
                # He proved what was true when he began.
                raise Wrong
        except Wrong:
            answer = b""
        # On which device, ``bob@phone``, is no part of who one is.
        account, _, device = talk.name.partition("@")
        claimed = Claimed(Of.ACCOUNT, account)
        if self.is_over(session, claimed):
            self._decline(session, claimed, TooManyGuesses())
        elif not answer:
            self.tell_wrong(session, claimed, WrongPassword())
        else:
            self._tell(session, session.dialect.challenge(answer))
            if talk.is_proven:
                session.dialect.device = device
                self._desk.go_on(session, [Identified(account)])
            else:
                session.scram = talk

    def _line_of_login(self, name: str) -> str:
        return self._line(name.partition("@")[0])

    # What both need.

    def _aside(
        self, session: Session, work: Work, if_so: Following, if_not: Following
    ) -> bool:
        """Have *work* done while the session waits; False if too much is waiting."""
        host = session.connection.host
        has_room = self._offload.waiting_for(host) < PROOFS_OF_ONE
        session.is_waiting = has_room and self._offload.do(
            session, work, if_so=if_so, if_not=if_not
        )
        return session.is_waiting

    def _may_send(self, session: Session) -> bool:
        """Whether nobody else can read the password of a person on its way."""
        return session.connection.is_local or self._house.plaintext

    def _lines(self, claimed: Claimed) -> tuple[str, ...]:
        """What the password is to be checked against, as of now."""
        if claimed.of is Of.OPERATOR:
            return (self._house.operators.get(claimed.name, passwords.NOBODYS),)
        if claimed.of is Of.HOUSE:
            return (self._house.password,)
        account = self._hub.account(claimed.name)
        known = (account.credential, account.code) if account is not None else ()
        found = tuple(line for line in known if line)
        return found or (self._imagined(claimed.name),)

    def _imagined(self, name: str) -> str:
        return scram.imagined(self._secret, fold(name), self._house.rounds)

    def _line(self, account: str) -> str:
        return self._lines(Claimed(Of.ACCOUNT, account))[0]

    def _tell(self, session: Session, data: bytes) -> None:
        self._desk.fanout.put(session, data)

    def _decline(self, session: Session, claimed: Claimed, reason: Reason) -> None:
        """Say no; the way in is no place to try one password after the other."""
        self._tell(session, session.dialect.refuse(reason))
        if self._desk.fanout.is_named(session):
            return
        if claimed is HOUSE:
            self._desk.depart(session, _FAREWELLS[type(reason)])
        elif session.missed >= TRIES:
            self._desk.depart(session, _FAREWELLS[TooManyGuesses])


def _claimed(asked: Prove) -> Claimed:
    if asked.account is not None:
        return Claimed(Of.ACCOUNT, asked.account)
    return HOUSE if asked.operator is None else Claimed(Of.OPERATOR, asked.operator)


def _fits(secret: str, line: str) -> bool:
    if passwords.is_hashed(line):
        return passwords.verify(secret, line)
    return scram.verify(secret, line)
