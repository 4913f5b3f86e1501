"""The exchange: from a line to what everybody is told of it.

Here a session's dialect, the hub and fan-out meet, and none of them knows the
others.  The dialect turns a line into commands, the hub turns a command into
effects, the clerk and fan-out carry the effects out; a refusal goes back to whoever
asked.

Next: chat/dialects/sniff.py
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from chat.dialects.admin import Admin, Statistics
from chat.dialects.dialect import (
    Dialect,
    Enrol,
    Heard,
    House,
    Label,
    Prove,
    Scram,
    Wish,
)
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
from chat.domain.claims import TOKEN, MakeLink, Redeem, Register
from chat.domain.commands import Command, Configure, Depart, Open
from chat.domain.hub import Hub
from chat.domain.order import Order
from chat.domain.ports import Store
from chat.domain.questions import Search
from chat.domain.records import Act, Audited, Kept
from chat.domain.refusals import (
    AccountSuspended,
    Reason,
    Refused,
    TooManyGuesses,
    WrongToken,
)
from chat.domain.state import Stamp
from chat.net.address import ADMIN
from chat.server.ceilings import Act as Following
from chat.server.clerk import Clerk
from chat.server.cloak import Cloak
from chat.server.fanout import FanOut
from chat.server.guesses import INVITATION
from chat.server.keeper import Keeper
from chat.server.librarian import Librarian
from chat.server.offload import Offload
from chat.server.proofs import Proofs
from chat.server.session import Session
from chat.wire.lines import Line

# What is checked aside.
_ASIDE: Final = (Prove, Enrol, Scram)
# What checking a password, and a search, count for among the things that a line asks
# for: what is done aside is dear, and a guess must be too.
PROOF: Final = 80
SEARCH: Final = 20
# What counts for more than one thing, or for none.
_COSTS: Final[dict[type, int]] = {
    Prove: 1 + PROOF,
    Enrol: 1 + PROOF,
    Search: SEARCH,
    Label: 0,
}
# What is drawn for an invitation, in bytes.
TOKEN_SIZE: Final = 12


class Exchange:
    """One hub, one order, one index of readers."""

    def __init__(
        self,
        house: House,
        store: Store,
        keeper: Keeper,
        offload: Offload,
        librarian: Librarian,
    ) -> None:
        self._keeper = keeper
        self.offload = offload
        self.fanout = FanOut()
        # Wall time of the present turn, in milliseconds: the loop sets it.
        self.now = house.since
        self._house = house
        self._hub = Hub(house.limits, house.lobby, house.since)
        self._order = Order(house.since)
        keeper.tell = self.see_to
        keeper.reached = self._order.reached
        clerk = self._clerk = Clerk(self, store, keeper, librarian)
        clerk.configure(house.limits.history_page)
        self._labels, self.bookmarks = clerk.labels, clerk.bookmarks
        self.dismiss, self.close = clerk.dismiss, clerk.close
        self.go_round = clerk.go_round
        self._cloak = Cloak()
        # What the house counts, for those who run it: the loop knows.
        self.statistics: Callable[[], Statistics] = dict
        # What is not simply handed to the hub.
        self._acts: dict[type, Callable[[Session, Any], object]] = {
            bytes: self.fanout.put,
            Wish: self._fulfil,
            Label: self._label,
            Redeem: self._redeem,
            MakeLink: self._make_link,
            Register: self._register,
        }
        self._proofs = Proofs(self, house, self._hub, offload, store.secret())

    def load(self, kept: Kept) -> None:
        """Begin with what was *kept*, before anybody is here."""
        self._order = Order(self.now, Stamp(kept.last_id, kept.last_at))
        self._keeper.reached = self._order.reached
        self._keeper.begin(kept.last_id)
        self._clerk.carry_out(self._hub.load(kept, self._order.stamp(self.now)))

    def configure(self, house: House) -> None:
        """Be this *house* from now on, to whoever begins a conversation."""
        self._house = house
        self._proofs.configure(house)
        self._clerk.configure(house.limits.history_page)
        self.see_to(Configure(house.limits))

    def see_to(self, command: Command) -> None:
        """Do what nobody has asked for but the house itself."""
        self._clerk.carry_out(self._hub.handle(0, command, self._order.stamp(self.now)))

    def open(self, session: Session) -> None:
        """A conversation begins, in a language that nobody knows yet."""
        self.fanout.open(session)
        address = session.connection.host
        is_console = session.door == ADMIN
        self._handle(session, Open(self._cloak.of(address), address, is_console))
        if is_console:
            # Only those who run the house can open that door.
            session.is_decided = session.was_greeted = True
            self._begin(session, Admin(self._house))
        if session.door == "telnet":
            self.fanout.put(session, session.pipeline.start_telnet())
        if session.door in FOR_PEOPLE:
            self.greet(session)

    def greet(self, session: Session) -> None:
        """The peer is silent, so it is a person: speak first, but only once."""
        if session.was_greeted or session.door in FOR_IRC:
            return
        session.was_greeted = True
        self._begin(session, self._person(session))

    def look_ahead(self, session: Session) -> None:
        """Something has come; perhaps it tells the language without a line's end.

        A TLS client sends no line and waits for our answer.
        """
        if session.lines:
            return
        begun = session.lines.partial
        if opening(begun) is not None:
            self.hear(session, begun)

    def hear(self, session: Session, line: Line) -> int:
        """Understand *line* and do what it asks for; how many things that was."""
        if not session.is_decided:
            if isinstance(line, bytes):
                line = line.removeprefix(BOM)
            self._decide(session, line)
        dialect = session.dialect
        kind = dialect.kind
        dialect.now = self.now
        heard = dialect.hear(line)
        self.go_on(session, heard)
        if session.dialect.kind is not kind:
            self.fanout.refile(session)
        if len(heard) == 1:
            return _COSTS.get(type(heard[0]), 1)
        return sum(_COSTS.get(type(item), 1) for item in heard)

    def hear_breath(self, session: Session, lines: list[Line]) -> int:
        """Do what the first of *lines* ask for, if they but talk to one room.

        How many those were: it is what `hear` does with each, for a third of the price.
        """
        breath = session.dialect.breath(lines)
        if breath is None:
            return 0
        room, texts = breath
        session.dialect.now = self.now
        stamps = self._order.stamps(self.now, len(texts))
        try:
            effects = self._hub.say_all(session.id, room, texts, stamps)
        except Refused as refused:
            for _ in texts:
                self._refuse(session, refused.reason)
        else:
            self._clerk.carry_out(effects)
        return len(texts)

    def hear_last(self, session: Session, rest: bytes) -> None:
        """The peer has finished talking; *rest* never got its end."""
        if rest and not session.is_decided:
            rest = rest.removeprefix(BOM)
            self._decide(session, rest)
        self.go_on(session, session.dialect.hear_last(rest))

    def go_on(self, session: Session, heard: Heard) -> None:
        """Do what *session* asked for, in order; what is checked aside, later."""
        try:
            for index, item in enumerate(heard):
                # Who has left is asked nothing and leaves only once, though his last
                # line was "/quit", or the greeting was due in that very turn.
                if session.is_closing:
                    self._labels.end(session)
                    return
                if isinstance(item, _ASIDE):
                    self._proofs.begin(session, item, heard[index + 1 :])
                    return
                self._acts.get(type(item), self._handle)(session, item)
            if following := session.dialect.follow_up():
                self.go_on(session, following)
        finally:
            if session.id in self._labels.held:
                self._labels.pause(session)

    def go_on_late(self, act: Following, session: Session) -> None:
        """*act* on what was done aside: that is part of the answer, with its label."""
        self._labels.resume(session)
        act(session)

    def _label(self, session: Session, label: Label) -> None:
        if label.text:
            self._labels.begin(session, label.text)
            return
        # What follows from the answer belongs to it.
        if following := session.dialect.follow_up():
            self.go_on(session, following)
        self._labels.end(session)

    def depart(self, session: Session, reason: str) -> None:
        """Have *session* leave, with a farewell, as if it had asked to."""
        self._handle(session, Depart(reason))

    def audit(self, session: Session, act: Act, who: str, about: str) -> None:
        """Have it written down what was tried, on *session*, and by whom."""
        who = self._known(act, who)
        stamp = self._order.stamp(self.now)
        host = session.connection.host
        self._keeper.keep(Audited(stamp.id, stamp.at, act, who, about, host))

    def _known(self, act: Act, who: str) -> str:
        """*who*, if that is a name here: what else stands there may be a password."""
        if act is Act.FAILED_OFFICE:
            return who if who in self._house.operators else ""
        account = self._hub.account(who)
        return account.name if account else ""

    def resize(self, session: Session, columns: int) -> None:
        """The peer's window is now so wide."""
        session.columns = columns
        session.dialect.resize(columns)
        self.fanout.refile(session)

    def end(self, session: Session) -> None:
        """The conversation is over, and the others are told of its doom."""
        self.bookmarks.lose(session)
        self._handle(session, Depart(session.doom))

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
                is_private = session.connection.is_local
                self._begin(session, Irc(self._house, is_private=is_private))
            case Language.HTTP:
                self._begin(session, Http(was_greeted=was_greeted))
            case Language.TLS:
                self._begin(session, Sealed(was_greeted=was_greeted))
            case Language.PLAIN:
                if not was_greeted:
                    self._begin(session, self._person(session))
            case Language.NONE:
                self._begin(session, Stranger())

    def _person(self, session: Session) -> Plain:
        # Whoever would be refused for sending a password is better not asked for it.
        return Plain(self._house, is_private=session.connection.is_local)

    def _begin(self, session: Session, dialect: Dialect) -> None:
        session.dialect = dialect
        session.lines.limit = dialect.line_limit
        if session.pipeline.columns is not None:
            dialect.resize(session.pipeline.columns)
        self.go_on(session, dialect.greet())

    def _fulfil(self, session: Session, wish: Wish) -> None:
        if wish is Wish.STATISTICS:
            # Nobody else has this wish.
            if isinstance(session.dialect, Admin):
                session.dialect.report(self.statistics())
            return
        if wish is Wish.TELNET:
            answers = session.pipeline.start_telnet()
        else:
            answers = session.pipeline.hide_input(on=wish is Wish.HIDE_INPUT)
        self.fanout.put(session, answers)

    def _redeem(self, session: Session, command: Redeem) -> None:
        if self._proofs.is_over(session, INVITATION):
            self._refuse(session, TooManyGuesses())
        else:
            self._handle(session, command)

    def _make_link(self, session: Session, command: MakeLink) -> None:
        token = TOKEN + secrets.token_urlsafe(TOKEN_SIZE)
        self._handle(session, replace(command, token=token))

    def _register(self, session: Session, command: Register) -> None:
        if self._handle(session, command):
            self._proofs.has_registered(session)

    def _refuse(self, session: Session, reason: Reason) -> None:
        if isinstance(reason, WrongToken):
            self._proofs.tell_wrong(session, INVITATION, reason)
            return
        if isinstance(reason, AccountSuspended):
            # Only who has proven that it is his is told so.
            self.audit(session, Act.FAILED, reason.account, "a closed account")
        self.fanout.put(session, session.dialect.refuse(reason))

    def _handle(self, session: Session, command: Command) -> bool:
        """Have the hub do it; whether it has."""
        stamp = self._order.stamp(self.now)
        try:
            effects = self._hub.handle(session.id, command, stamp)
        except Refused as refused:
            self._refuse(session, refused.reason)
            return False
        self._clerk.carry_out(effects)
        return True
