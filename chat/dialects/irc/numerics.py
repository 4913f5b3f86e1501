"""Numerics: the numbered answers, and the answers made of several of them.

The numbers and their parameters are those of https://modern.ircdocs.horse/#numerics.
Each function is one answer, given to the client called *me* (``*`` before it has
a nick).  Answers about everyone in a room may be long, so they are iterators
that an outbox draws from.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain

from chat.dialects.dialect import House
from chat.dialects.irc import isupport
from chat.dialects.irc.render import fitting, source
from chat.domain.answers import (
    MembersAre,
    PeopleAre,
    RoomIs,
    TopicIs,
)
from chat.domain.events import (
    Entered,
    Welcomed,
)
from chat.domain.refusals import (
    AlreadyIntroduced,
    CannotTalk,
    InTooManyRooms,
    NickImpossible,
    NickInUse,
    NoSuchNick,
    NoSuchRoom,
    NotAllowed,
    NotAMember,
    NotIntroduced,
    Reason,
    RoomNameImpossible,
)
from chat.domain.roles import Role
from chat.domain.views import (
    Member,
    Topic,
    Who,
)
from chat.wire.text import for_irc

_MARKS = {Role.OPERATOR: "@", Role.MEMBER: ""}
# How many bytes of nicks, or tokens, go into one line.
_ROW = 350
_TOKENS_A_LINE = 13


class Numerics:
    """The numbered answers that one house gives."""

    def __init__(self, house: House) -> None:
        self._house = house

    def line(self, number: str, me: str, *params: str) -> bytes:
        """One numeric; only the last of *params* may hold spaces, or nothing."""
        *middle, last = params
        words = " ".join((f":{self._house.name}", number, me, *map(_word, middle)))
        return fitting(f"{words} :{for_irc(last)}")

    def welcome(self, event: Welcomed) -> Iterator[bytes]:
        """Everything a client wants to read before it believes it is in."""
        house, me = self._house, event.who.nick
        since = datetime.fromtimestamp(house.since // 1000, UTC)
        whom = source(event.who)
        yield self.line("001", me, f"Welcome to {house.network}, {whom}")
        host = f"Your host is {house.name}, version {house.version}"
        yield self.line("002", me, host)
        yield self.line("003", me, f"This server began {since:%Y-%m-%d %H:%M} UTC")
        # No user modes; rooms have n, t and, with a parameter, o.
        yield fitting(f":{house.name} 004 {me} {house.name} {house.version} - not o")
        tokens = isupport.tokens(house)
        for start in range(0, len(tokens), _TOKENS_A_LINE):
            row = tokens[start : start + _TOKENS_A_LINE]
            yield self.line("005", me, *row, "are supported by this server")
        yield self.present(me, event.users)
        yield from self.motd(me)

    def motd(self, me: str) -> Iterator[bytes]:
        """The message of the day, or that there is none."""
        if not self._house.motd:
            yield self.line("422", me, "No message of the day")
            return
        yield self.line("375", me, f"- {self._house.name} Message of the day -")
        for text in self._house.motd:
            yield self.line("372", me, f"- {text}")
        yield self.line("376", me, "End of /MOTD command.")

    def entered(self, joined: bytes, me: str, event: Entered) -> Iterator[bytes]:
        """One's own JOIN, the topic if there is one, and who is there."""
        yield joined
        if event.topic is not None:
            yield self._topic(me, event.room, event.topic)
        yield from self.names(me, event.room, event.members)

    def names(self, me: str, room: str, members: Iterable[Member]) -> Iterator[bytes]:
        """NAMES: the nicks in a room, with the mark of what they may do."""
        marked = (_MARKS[member.role] + member.who.nick for member in members)
        for row in _rows(marked):
            yield self.line("353", me, "=", room, row)
        yield self.line("366", me, room, "End of /NAMES list.")

    def members_in_detail(self, me: str, event: MembersAre) -> Iterator[bytes]:
        """WHO of a room."""
        for member in event.members:
            yield self._who(me, event.room, member.who, _MARKS[member.role])
        yield self.line("315", me, event.room, "End of /WHO list.")

    def people(self, me: str, event: PeopleAre) -> Iterator[bytes]:
        """WHO of a nick or of everyone."""
        for who in event.people:
            yield self._who(me, "*", who, "")
        yield self.line("315", me, event.mask, "End of /WHO list.")

    def topic(self, me: str, event: TopicIs) -> bytes:
        """What a room is about, who said so and when; or that nobody did."""
        if event.topic is None:
            return self.line("331", me, event.room, "No topic is set.")
        return self._topic(me, event.room, event.topic)

    def modes(self, me: str, event: RoomIs) -> bytes:
        """MODE of a room: outsiders cannot talk (n), its topic is guarded (t)."""
        modes = "+nt" if event.guards_topic else "+n"
        since = str(event.since // 1000)
        return self.line("324", me, event.room, modes) + self.line(
            "329", me, event.room, since
        )

    def present(self, me: str, users: int) -> bytes:
        """LUSERS: how many are here."""
        text = f"There are {users} users and 0 invisible on 1 servers"
        here = f"I have {users} clients and 0 servers"
        return self.line("251", me, text) + self.line("255", me, here)

    def refusal(  # noqa: C901, PLR0911, PLR0912 - flat: a numeric for each reason
        self, me: str, reason: Reason
    ) -> bytes:
        """Why not, as IRC numbers it."""
        match reason:
            case NickInUse(nick):
                return self.line("433", me, nick, "Nickname is already in use.")
            case NickImpossible(nick, why):
                return self.line("432", me, nick, f"Erroneous nickname: {why}.")
            case NotIntroduced():
                return self.line("451", me, "You have not registered.")
            case AlreadyIntroduced():
                return self.line("462", me, "You may not reregister.")
            case NoSuchNick(nick):
                return self.line("401", me, nick, "No such nick.")
            case NoSuchRoom(room):
                return self.line("403", me, room, "No such channel.")
            case RoomNameImpossible(room, why):
                return self.line("476", me, room, f"Bad channel name: {why}.")
            case InTooManyRooms(room):
                return self.line("405", me, room, "You have joined too many channels.")
            case NotAMember(room):
                return self.line("442", me, room, "You're not on that channel.")
            case CannotTalk(room):
                return self.line("404", me, room, "Cannot send to channel: join it.")
            case NotAllowed(room):
                return self.line("482", me, room, "You're not channel operator.")

    def _topic(self, me: str, room: str, topic: Topic) -> bytes:
        text = self.line("332", me, room, topic.text)
        return text + self.line("333", me, room, topic.by, str(topic.at // 1000))

    def _who(self, me: str, room: str, who: Who, mark: str) -> bytes:
        where = (room, who.username, who.host, self._house.name, who.nick)
        return self.line("352", me, *where, f"H{mark}", f"0 {who.realname}")


def _word(text: str) -> str:
    """*text* where a numeric needs exactly one word: much of it is a client's."""
    return "".join(for_irc(text).split()).lstrip(":") or "*"


def _rows(words: Iterable[str]) -> Iterator[str]:
    """*words* in lines of about `_ROW` bytes."""
    row: list[str] = []
    size = 0
    for word in chain(words, [""]):
        if row and (not word or size + len(word.encode()) > _ROW):
            yield " ".join(row)
            row, size = [], 0
        row.append(word)
        size += len(word.encode()) + 1
