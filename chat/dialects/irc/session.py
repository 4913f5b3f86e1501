"""An IRC session: what a client says, by the table, and what it is told.

https://modern.ircdocs.horse/ is the protocol, as it is spoken today.

Next: chat/dialects/irc/commands.py
"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final, TypeAlias

from chat.dialects.dialect import NO_REPLAYS, Breath, Heard, Label, Replays, Told
from chat.dialects.irc import (
    answers,
    batches,
    enrolment,
    history,
    marks,
    nickserv,
    reasons,
    sasl,
    search,
    talk,
)
from chat.dialects.irc.caps import REGISTRATION
from chat.dialects.irc.client import Client, Failed, Newcomer, Wrong
from chat.dialects.irc.commands import COMMANDS
from chat.dialects.irc.message import Message, parse
from chat.dialects.irc.words import fitting
from chat.domain.commands import Depart, Mark
from chat.domain.events import (
    AccountChanged,
    Entered,
    Event,
    Happened,
    Invited,
    Joined,
    KeepingChanged,
    Kicked,
    Left,
    MarkChanged,
    ReadChanged,
    Renamed,
    Said,
    Speech,
    Welcomed,
    Whispered,
)
from chat.domain.names import fold
from chat.domain.refusals import (
    CannotRecall,
    GuestsStayOut,
    LooksLike,
    NickImpossible,
    NickInUse,
    NickReserved,
    NoSuchNick,
    NotIntroduced,
    Reason,
    WrongPassword,
    WrongToken,
)
from chat.domain.views import Who
from chat.wire.lines import ENDLESS, Broken, Line
from chat.wire.text import for_irc

# The body of a line and, before it, the tags of one who may send them; both
# without what ends them.  https://ircv3.net/specs/extensions/message-tags
_BODY_LIMIT: Final = 510
_TAGS_LIMIT: Final = 4096
# What has a password of its own, and not that of the house.
_ABOUT_ACCOUNTS: Final = frozenset({"AUTHENTICATE", "PASS", "REGISTER"})
_HasFailed: TypeAlias = Callable[[Client, Reason, str], bytes]
# What is refused with FAIL, and whose words those are.
_FAILED: Final[dict[str, _HasFailed]] = {
    history.NAME: history.failed,
    marks.NAME: marks.failed,
    "REGISTER": enrolment.failed,
    search.NAME: search.failed,
}
_LOOKING_UP: Final = frozenset({history.NAME, marks.NAME, search.NAME})
# At a first visit nothing: one has missed nothing.
_REPLAYS: Final = Replays(most=200)


class Irc(Client):
    """One IRC client's conversation."""

    line_limit = _TAGS_LIMIT + _BODY_LIMIT

    def greet(self) -> Heard:
        """Nothing: an IRC client speaks first."""
        return []

    def hear(self, line: Line) -> Heard:
        """One message, by the table of commands."""
        if self.newcomer.is_turned_away:
            return [Depart("Password incorrect")]
        # Asked so because line is mostly bytes, and of an Enum it takes thrice as long.
        if not isinstance(line, bytes):
            return self._hear_broken(line)
        if len(line) > _BODY_LIMIT and _is_too_long(line):
            too_long = self.numeric("417", "Input line was too long.")
            return self._to_what_is_none(line, too_long)
        try:
            text = line.decode()
        except UnicodeDecodeError:
            # https://ircv3.net/specs/extensions/utf8-only
            words = "FAIL * INVALID_UTF8 :Message is not valid UTF-8."
            return self._to_what_is_none(line, self.from_house(words))
        # What is left of several CRs before the end is nobody's text.
        message = parse(text.rstrip("\r"))
        label = batches.label_of(self, message)
        heard = self._hear_message(message)
        return [Label(label), *heard, Label()] if label else heard

    def breath(self, lines: list[Line]) -> Breath | None:
        """The first of *lines*, if they are plain talk: most of what anybody says.

        It would come to the same by the table, at four times the price.
        """
        if not self.speaks_for:
            return None
        breath = talk.breath(lines, _BODY_LIMIT)
        if breath is not None:
            self.doing = "PRIVMSG"
        return breath

    def _to_what_is_none(self, line: bytes, answer: bytes) -> Heard:
        """*answer* to a line that is no message, but whose tags may hold a label."""
        tags = line.partition(b" ")[0] if line.startswith(b"@") else b""
        if len(tags) >= _TAGS_LIMIT:
            return [answer]
        message = parse(f"{tags.decode(errors='replace')} ?")
        label = batches.label_of(self, message)
        return [Label(label), answer, Label()] if label else [answer]

    def hear_last(self, _rest: bytes) -> Heard:
        """A command that was cut off is dangerous to guess; it is dropped."""
        return [Depart("Connection closed")]

    def tell(self, event: Event) -> Told:
        """*event* to this very client: what happened, or what it asked for."""
        if isinstance(event, (Whispered, Said, Speech)):
            return self.kind.render(event)
        if isinstance(event, Happened):
            return self._tell_what_happened(event)
        return answers.told(self, event)

    def refuse(self, reason: Reason) -> bytes:
        """No, with the number for it."""
        *number, words = reasons.numbered(reason)
        # When an invitation has ended, what opens the house is its password.
        self.newcomer.is_invited &= not isinstance(reason, WrongToken)
        if (failed := self._failed(reason)) is not None:
            return failed(self, reason, words)
        if self.doing == nickserv.DOING:
            return nickserv.says(self, words)
        if not self.speaks_for and self.doing not in _ABOUT_ACCOUNTS:
            self._not_introduced(reason)
        if self.must_not_be_answered:
            return b""
        told = self.numeric(*number, words)
        if isinstance(reason, GuestsStayOut) and REGISTRATION in self.caps:
            # The same for programs that know what to do about it.
            told += self.from_house(f"FAIL * ACCOUNT_REQUIRED :{words}")
        if isinstance(reason, NoSuchNick) and self.doing == "WHOIS":
            # Clients wait for it.
            return told + answers.end_of_whois(self, reason.nick)
        return told

    def _failed(self, reason: Reason) -> _HasFailed | None:
        """What says *reason*, if that is not said by its number."""
        if isinstance(reason, CannotRecall):
            # What is kept is read late, when one may be doing something else.
            is_it = self.doing in _LOOKING_UP
            return _FAILED.get(self.doing if is_it else self.looks_up)
        if self.login.is_waiting:
            return sasl.failed
        return _FAILED.get(self.doing)

    def challenge(self, message: bytes) -> bytes:
        """AUTHENTICATE, with the next message of the exchange."""
        return sasl.challenged(self, message)

    @property
    def replays(self) -> Replays:
        """What was missed, unless the client asks for that itself."""
        return NO_REPLAYS if "draft/chathistory" in self.caps else _REPLAYS

    def labelled(self, label: str, told: list[Told]) -> Told:
        """All that was *told* as one answer, with its label."""
        return batches.labelled(self, label, told)

    def follow_up(self) -> Heard:
        """Nothing: a client asks for itself."""
        return []

    def are_you_there(self) -> bytes:
        """PING; any line at all will do as an answer."""
        return fitting(f"PING :{self.house.name}")

    def farewell(self, reason: str) -> bytes:
        """ERROR, the last message of every connection."""
        return fitting(f"ERROR :Closing link: {for_irc(reason)}")

    def resize(self, _columns: int) -> None:
        """Nothing: a client draws for itself."""

    def _not_introduced(self, reason: Reason) -> None:
        """Registration has failed: another nick may do, another password not."""
        if isinstance(reason, NickInUse | NickImpossible | NickReserved | LooksLike):
            self.newcomer.nick = ""
        if isinstance(reason, WrongPassword):
            self.newcomer.is_turned_away = True

    def _hear_broken(self, line: Broken) -> Heard:
        if line is ENDLESS:
            return [Depart("a line without an end")]
        return [self.numeric("417", "Input line was too long.")]

    def _hear_message(self, message: Message) -> Heard:
        self.doing = message.command
        if not message.command:
            return []
        row = COMMANDS.get(message.command)
        if row is None:
            return [self.numeric("421", message.command[:50], "Unknown command.")]
        if not self.speaks_for and not row.before_registration:
            return [self.numeric(*reasons.numbered(NotIntroduced()))]
        if len(message.params) < row.least:
            return [self.numeric("461", message.command, "Not enough parameters.")]
        try:
            return row.answer(self, message)
        except (Wrong, Failed) as wrong:
            return [] if self.must_not_be_answered else [self._wrong(wrong)]

    def _wrong(self, wrong: Wrong | Failed) -> bytes:
        if isinstance(wrong, Failed):
            return self.standard("FAIL", self.doing, wrong.code, *wrong.params)
        return self.numeric(wrong.number, *wrong.params)

    def _tell_what_happened(  # noqa: C901, PLR0911 - flat
        self, event: Happened
    ) -> Told:
        match event:
            case Welcomed():
                return self._welcomed(event)
            case Renamed():
                self.speaks_for = event.nick
            case Entered():
                self.rooms[fold(event.room)] = event.room
                joined = Joined(event.id, event.at, event.who, event.room)
                return self._entered(self.kind.render(joined), event)
            case Left() | Kicked():
                # It is one's own: of others one reads on the room's sheet.
                self.rooms.pop(fold(event.room), None)
            case Invited() if fold(event.nick) == fold(self.speaks_for):
                return self.kind.invited(event)
            case MarkChanged():
                return self._mark_changed(event)
            case AccountChanged():
                # One's own: of others one hears as their neighbour.
                return self._account_is(event.who, event.account)
            case ReadChanged():
                return marks.news(self, event.target, event.read)
            case KeepingChanged() if not event.room:
                return self.kind.keeping(event, self.me)
            case _:
                pass
        return self.kind.render(event)

    def _welcomed(self, event: Welcomed) -> bytes:
        """Come in, and know whose account it is."""
        self.speaks_for = event.who.nick
        # A secret that was told is best forgotten.
        self.newcomer = Newcomer()
        told = self._account_is(event.who, event.who.account)
        return told + self.numerics.welcome(event)

    def _account_is(self, who: Who, account: str) -> bytes:
        """900 or 901, unless that was told; and 903 if it was SASL that was right."""
        told = b""
        if account != self.account:
            self.account = account
            # What was true of the last one is not of this one.
            self.must_set_password = False
            told = self.numerics.account(self.me, who, account)
        if account and self.login.is_waiting:
            told += sasl.succeeded(self)
        return told

    def _entered(self, told: bytes, event: Entered) -> Iterator[bytes]:
        """One's own JOIN, the topic if there is one, and who is there."""
        if marks.CAP in self.caps:
            told += marks.line(self, event.room, event.read)
        if event.topic is not None:
            told += answers.topic(self, event.room, event.topic)
        return chain((told,), answers.names(self, event.room, event.members))

    def _mark_changed(self, event: MarkChanged) -> bytes:
        if event.on:
            self.marks |= {event.mark}
        else:
            self.marks -= {event.mark}
        mode = self.kind.render(event)
        if event.mark is Mark.OPERATOR and event.on:
            return self.numeric("381", "You are now an IRC operator.") + mode
        return mode


def _is_too_long(line: bytes) -> bool:
    """Whether its tags, or what follows them, are over their own limit."""
    tags, body = b"", line
    if line.startswith(b"@"):
        tags, _, body = line.partition(b" ")
    return len(body) > _BODY_LIMIT or len(tags) + 1 > _TAGS_LIMIT
