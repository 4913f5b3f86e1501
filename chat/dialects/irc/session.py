"""An IRC session: registration, capabilities, and the commands.

A connection becomes a user once NICK and USER have come and capability
negotiation, if it was begun, has ended.  Every command is one row of a table:
who answers it, how many parameters it needs, and whether it may come before
that.  https://modern.ircdocs.horse/#client-messages

Next: chat/domain/commands.py
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chat.dialects.dialect import Heard, House, Told
from chat.dialects.irc import caps, talk
from chat.dialects.irc.message import Message, parse
from chat.dialects.irc.numerics import Numerics
from chat.dialects.irc.render import IrcKind, fitting
from chat.domain.answers import (
    HouseIs,
    MembersAre,
    PeopleAre,
    RoomIs,
    TopicIs,
)
from chat.domain.commands import (
    AskHouse,
    AskMembers,
    AskPeople,
    AskRoom,
    AskTopic,
    Depart,
    Introduce,
    Join,
    Leave,
    Manner,
    Rename,
    SetTopic,
)
from chat.domain.events import (
    Entered,
    Event,
    Joined,
    Renamed,
    Welcomed,
)
from chat.domain.names import fold
from chat.domain.refusals import NickImpossible, NickInUse, NotIntroduced, Reason
from chat.wire.lines import ENDLESS, Broken, Line
from chat.wire.text import for_irc

# The body of a line and, before it, the tags of one who may send them; both
# without what ends them.  https://ircv3.net/specs/extensions/message-tags
_BODY_LIMIT: Final = 510
_TAGS_LIMIT: Final = 4096
_USERNAME_LENGTH: Final = 10
_REALNAME_LENGTH: Final = 150


class Irc:
    """One IRC client's conversation."""

    line_limit = _TAGS_LIMIT + _BODY_LIMIT

    def __init__(self, house: House) -> None:
        self.kind = IrcKind()
        self._house = house
        self._numerics = Numerics(house)
        # The nick that is ours, and what a newcomer has told so far.
        self.speaks_for = ""
        self._wanted = ""
        self._username = ""
        self._realname = ""
        self._caps: frozenset[str] = frozenset()
        self._negotiating = False
        # RFC 2812, section 3.3.2: a NOTICE gets no automatic reply, ever.
        self._must_not_answer = False

    def greet(self) -> Heard:
        """Nothing: an IRC client speaks first."""
        return []

    def hear(self, line: Line) -> Heard:
        """One message, by the table below."""
        if isinstance(line, Broken):
            return self._hear_broken(line)
        if len(line) > _BODY_LIMIT and _is_too_long(line):
            return [self._numeric("417", "Input line was too long.")]
        try:
            # What is left of several CRs before the end is nobody's text.
            message = parse(line.decode().rstrip("\r"))
        except UnicodeDecodeError:
            # https://ircv3.net/specs/extensions/utf8-only
            return [self._server("FAIL * INVALID_UTF8 :Message is not valid UTF-8.")]
        return self._hear_message(message)

    def hear_last(self, _rest: bytes) -> Heard:
        """A command that was cut off is dangerous to guess; it is dropped."""
        return [Depart("Connection closed")]

    def tell(self, event: Event) -> Told:  # noqa: C901, PLR0911 - flat
        """*event* to this very client: its nick, and the answers it asked for."""
        numerics, me = self._numerics, self.speaks_for
        match event:
            case Welcomed():
                self.speaks_for = event.who.nick
                return b"".join(numerics.welcome(event))
            case Renamed():
                self.speaks_for = event.nick
                return self.kind.render(event)
            case Entered():
                return numerics.entered(self._own_join(event), me, event)
            case MembersAre():
                if event.in_detail:
                    return numerics.members_in_detail(me, event)
                return numerics.names(me, event.room, event.members)
            case PeopleAre():
                return numerics.people(me, event)
            case TopicIs():
                return numerics.topic(me, event)
            case RoomIs():
                return numerics.modes(me, event)
            case HouseIs():
                return numerics.present(me, event.users)
            case _:
                return self.kind.render(event)

    def refuse(self, reason: Reason) -> bytes:
        """No, with the number for it."""
        if isinstance(reason, (NickInUse, NickImpossible)):
            self._wanted = ""
        if self._must_not_answer:
            return b""
        return self._numerics.refusal(self.speaks_for or "*", reason)

    def are_you_there(self) -> bytes:
        """PING; any line at all will do as an answer."""
        return fitting(f"PING :{self._house.name}")

    def farewell(self, reason: str) -> bytes:
        """ERROR, the last message of every connection."""
        return fitting(f"ERROR :Closing link: {for_irc(reason)}")

    def resize(self, _columns: int) -> None:
        """Nothing: a client draws for itself."""

    def _hear_broken(self, line: Broken) -> Heard:
        if line is ENDLESS:
            return [Depart("a line without an end")]
        return [self._numeric("417", "Input line was too long.")]

    def _hear_message(self, message: Message) -> Heard:
        self._must_not_answer = False
        if not message.command:
            return []
        row = COMMANDS.get(message.command)
        if row is None:
            return [self._unknown(message.command)]
        if not self.speaks_for and not row.before_registration:
            return [self.refuse(NotIntroduced())]
        if len(message.params) < row.least:
            return [self._numeric("461", message.command, "Not enough parameters.")]
        try:
            return row.answer(self, message)
        except talk.Wrong as wrong:
            answer = self._numeric(wrong.number, *wrong.params)
            return [] if self._must_not_answer else [answer]

    def _own_join(self, event: Entered) -> bytes:
        return self.kind.render(Joined(event.id, event.at, event.who, event.room))

    def _numeric(self, number: str, *params: str) -> bytes:
        return self._numerics.line(number, self.speaks_for or "*", *params)

    def _unknown(self, command: str) -> bytes:
        return self._numeric("421", command[:50], "Unknown command.")

    def _server(self, text: str) -> bytes:
        return fitting(for_irc(f":{self._house.name} {text}"))

    # Registration.

    def cap(self, message: Message) -> Heard:
        """CAP: say what there is, and turn it on and off."""
        subcommand = message.params[0].upper()
        rest = message.params[1] if len(message.params) > 1 else ""
        match subcommand:
            case "LS":
                self._negotiating = not self.speaks_for
                with_values = caps.understands_values(rest)
                return [self._cap(f"LS :{caps.listed(with_values=with_values)}")]
            case "LIST":
                return [self._cap(f"LIST :{' '.join(sorted(self._caps))}")]
            case "REQ":
                self._negotiating = not self.speaks_for
                return [self._cap_request(rest)]
            case "END":
                self._negotiating = False
                return self._introduction()
            case _:
                return [self._numeric("410", subcommand, "Invalid CAP command.")]

    def _cap(self, text: str) -> bytes:
        return self._server(f"CAP {self.speaks_for or '*'} {text}")

    def _cap_request(self, request: str) -> bytes:
        after = caps.requested(request, self._caps)
        if after is None:
            return self._cap(f"NAK :{request}")
        self._caps = after
        self.kind = IrcKind(
            server_time="server-time" in after,
            message_tags="message-tags" in after,
            echoes="echo-message" in after,
        )
        return self._cap(f"ACK :{request}")

    def nick(self, message: Message) -> Heard:
        """NICK: the first, or another."""
        if not message.params or not message.params[0]:
            return [self._numeric("431", "No nickname given.")]
        if self.speaks_for:
            return [Rename(message.params[0])]
        self._wanted = message.params[0]
        return self._introduction()

    def user(self, message: Message) -> Heard:
        """USER: a user name, and a real name."""
        if self.speaks_for:
            return [self._numeric("462", "You may not reregister.")]
        kept = (
            c for c in message.params[0] if (c.isascii() and c.isalnum()) or c in "-_."
        )
        self._username = "".join(kept)[:_USERNAME_LENGTH] or "user"
        self._realname = message.params[3][:_REALNAME_LENGTH]
        return self._introduction()

    def _introduction(self) -> Heard:
        if (
            self.speaks_for
            or self._negotiating
            or not (self._wanted and self._username)
        ):
            return []
        return [Introduce(self._wanted, self._username, self._realname)]

    def passed(self, _message: Message) -> Heard:
        """PASS: no password is asked for here, so any will do."""
        if self.speaks_for:
            return [self._numeric("462", "You may not reregister.")]
        return []

    # Rooms.

    def join(self, message: Message) -> Heard:
        """JOIN: several rooms at once, if need be."""
        return [Join(room) for room in message.params[0].split(",") if room]

    def part(self, message: Message) -> Heard:
        """PART: with a reason for all of them."""
        reason = message.params[1] if len(message.params) > 1 else ""
        return [Leave(room, reason) for room in message.params[0].split(",") if room]

    def topic(self, message: Message) -> Heard:
        """TOPIC: read it, or change it."""
        room, *rest = message.params
        return [SetTopic(room, rest[0])] if rest else [AskTopic(room)]

    def names(self, message: Message) -> Heard:
        """NAMES of rooms; of all of them it tells nothing."""
        if not message.params:
            return [self._numeric("366", "*", "End of /NAMES list.")]
        rooms = talk.targets(message.params[0])
        return [AskMembers(room) for room in rooms]

    def who(self, message: Message) -> Heard:
        """WHO: of a room, of a nick, or of everyone."""
        mask = message.params[0] if message.params else "*"
        if mask.startswith("#"):
            return [AskMembers(mask, in_detail=True)]
        return [AskPeople("*" if mask == "0" else mask)]

    def mode(self, message: Message) -> Heard:
        """MODE: tell how a room is set up.  Nothing can be changed yet."""
        target, *rest = message.params
        if not target.startswith("#"):
            return [self._own_modes(target)]
        if not rest:
            return [AskRoom(target)]
        if rest[0].strip("+-") == "b":
            return [self._numeric("368", target, "End of channel ban list.")]
        return [
            self._numeric("472", rest[0][:20], "is no mode that can be changed here.")
        ]

    def _own_modes(self, nick: str) -> bytes:
        if fold(nick) != fold(self.speaks_for):
            return self._numeric("502", "Cannot change mode for other users.")
        return self._numeric("221", "+")

    # Talk.

    def privmsg(self, message: Message) -> Heard:
        """PRIVMSG: say it, or do it (CTCP ACTION)."""
        return talk.said(message, Manner.SAY, self._client_tags(message))

    def notice(self, message: Message) -> Heard:
        """NOTICE: say it in a way that no program answers, and nor do we."""
        self._must_not_answer = True
        return talk.said(message, Manner.NOTICE, self._client_tags(message))

    def tagmsg(self, message: Message) -> Heard:
        """TAGMSG: client-only tags without a text."""
        if "message-tags" not in self._caps:
            return [self._unknown("TAGMSG")]
        tags = self._client_tags(message)
        return talk.addressed(message.params[0], "", Manner.TAGS, tags) if tags else []

    def _client_tags(self, message: Message) -> str:
        if not message.tags or "message-tags" not in self._caps:
            return ""
        return talk.client_tags(message)

    # The house.

    def ping(self, message: Message) -> Heard:
        """PING: the same token comes back."""
        return [self._server(f"PONG {self._house.name} :{message.params[0]}")]

    def pong(self, _message: Message) -> Heard:
        """PONG: an answer needs none."""
        return []

    def motd(self, _message: Message) -> Heard:
        """MOTD: the message of the day."""
        return [b"".join(self._numerics.motd(self.speaks_for))]

    def lusers(self, _message: Message) -> Heard:
        """LUSERS: how many are here."""
        return [AskHouse()]

    def quit(self, message: Message) -> Heard:
        """QUIT: with a reason that others will read."""
        reason = message.params[0] if message.params else ""
        return [Depart(f"Quit: {reason}" if reason else "Quit")]


@dataclass(frozen=True, slots=True)
class Row:
    """A command: who answers it, the least parameters, and when it may come."""

    answer: Callable[[Irc, Message], Heard]
    least: int = 0
    before_registration: bool = False


COMMANDS: Final[dict[str, Row]] = {
    "CAP": Row(Irc.cap, 1, before_registration=True),
    "JOIN": Row(Irc.join, 1),
    "LUSERS": Row(Irc.lusers),
    "MODE": Row(Irc.mode, 1),
    "MOTD": Row(Irc.motd),
    "NAMES": Row(Irc.names),
    "NICK": Row(Irc.nick, before_registration=True),
    "NOTICE": Row(Irc.notice),
    "PART": Row(Irc.part, 1),
    "PASS": Row(Irc.passed, 1, before_registration=True),
    "PING": Row(Irc.ping, 1, before_registration=True),
    "PONG": Row(Irc.pong, before_registration=True),
    "PRIVMSG": Row(Irc.privmsg),
    "QUIT": Row(Irc.quit, before_registration=True),
    "TAGMSG": Row(Irc.tagmsg, 1),
    "TOPIC": Row(Irc.topic, 1),
    "USER": Row(Irc.user, 4, before_registration=True),
    "WHO": Row(Irc.who),
}


def _is_too_long(line: bytes) -> bool:
    """Whether its tags, or what follows them, are over their own limit."""
    tags, body = b"", line
    if line.startswith(b"@"):
        tags, _, body = line.partition(b" ")
    return len(body) > _BODY_LIMIT or len(tags) + 1 > _TAGS_LIMIT
