"""A conversation: what is remembered of one person on plain, and what a verb is.

A verb is a row in a table: what is typed, what it means, what it does.  It is given
the conversation and the rest of the line, and gives what came of it, or None if
that is not how it is used.  The tables stand where their subjects do.

Next: chat/dialects/talking.py
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, TypeAlias

from chat.dialects import words
from chat.dialects.dialect import Heard, House, Prove, Wish
from chat.dialects.excuses import ASK_NAME
from chat.dialects.reader import PlainKind
from chat.domain.commands import Command, Introduce, Manner, Say
from chat.domain.names import fold
from chat.wire.text import harmless

# Those of whom it is remembered that one knows them to be away.
_MOST_AWAY: Final = 100


class Conversation:
    """One person's nick, rooms, and the one talked in."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.kind = PlainKind()
        self.speaks_for = ""
        # By their fold, in the order in which they were entered.
        self.rooms: dict[str, str] = {}
        self.current = ""
        # Who whispered last, and may be answered.
        self.whisperer = ""
        # What is done with the next line, if that answers a question.
        self.question: Callable[[str], Heard] | None = None
        # The zone in which times were shown last.
        self.zone = "UTC"
        # Whom the present line puts out of wherever they may be.
        self.banned = ""
        self._told_away: dict[str, str] = {}

    def answer(self, *lines: str) -> bytes:
        """*lines* as this person reads them."""
        return self.kind.encoded("\n".join(lines))

    def introduce(self, nick: str) -> Heard:
        """Come in under *nick*, once the password is right if there is one."""
        introduce = Introduce(nick, "plain", nick, room=self.house.lobby)
        if not self.house.password:
            return [introduce]
        return self.ask_password(introduce)

    def ask_password(self, then: Command, operator: str = "") -> Heard:
        """Have the next line be the password of an *operator*, or of the house."""

        def prove(secret: str) -> Heard:
            if not secret.strip():
                return [Wish.SHOW_INPUT, self.answer(words.NEVER_MIND, *self.asked())]
            return [Wish.SHOW_INPUT, Prove(secret, then, operator=operator)]

        self.question = prove
        return [Wish.HIDE_INPUT, self.answer(words.ASK_PASSWORD)]

    def asked(self) -> tuple[str, ...]:
        """What is still to be answered: who has no name is asked again."""
        return () if self.speaks_for else (ASK_NAME,)

    def say(self, text: str, manner: Manner = Manner.SAY) -> Heard:
        """Say *text* to the room one talks in."""
        if not self.current:
            return [self.answer(words.IN_NO_ROOM)]
        return [Say(self.current, text, manner)]

    def room_first(self, rest: str) -> tuple[str, str]:
        """The room that *rest* is about, perhaps none, and what else it holds.

        It is the one talked in, unless another stands first with its ``#``.
        """
        first, _, others = rest.partition(" ")
        if first.startswith("#"):
            return self.rooms.get(fold(first), first), others.strip()
        return self.current, rest

    def entered(self, room: str) -> None:
        """One is in *room* now, and talks there."""
        self.rooms[fold(room)] = room
        self.move_to(room)

    def move_to(self, room: str) -> None:
        """Talk in *room* from now on."""
        self.current = room
        self.kind = replace(self.kind, shows_room=len(self.rooms) > 1)

    def left(self, room: str) -> str:
        """One is in *room* no more; where one talks now, in words."""
        self.rooms.pop(fold(room), None)
        remaining = list(self.rooms.values())
        if self.current not in remaining:
            self.current = remaining[-1] if remaining else ""
        self.move_to(self.current)
        if not self.current:
            return words.IN_NO_ROOM_NOW
        return words.TALKING_IN.format(room=harmless(self.current))

    def is_news(self, nick: str, away: str) -> bool:
        """Whether one was not told yet that *nick* is away with that word."""
        if self._told_away.get(fold(nick)) == away:
            return False
        if len(self._told_away) >= _MOST_AWAY:
            self._told_away.clear()
        self._told_away[fold(nick)] = away
        return True


Action: TypeAlias = Callable[[Conversation, str], Heard | None]


class Group(Enum):
    """Where /help lists a verb; the everyday ones have a row each."""

    EVERYDAY = ""
    ROOM = "In your own room:"
    MORE = "More:"
    OFFICE = "For those who run the house:"


@dataclass(frozen=True, slots=True)
class Verb:
    """A row of the table: `more` is what /help says of this one alone."""

    usage: str
    meaning: str
    action: Action
    more: str
    group: Group = Group.EVERYDAY
    aliases: tuple[str, ...] = ()
    works_without_name: bool = False

    @property
    def name(self) -> str:
        """What is typed after the slash."""
        return self.usage.split()[0].removeprefix("/")


def in_a_room(act: Callable[[str, str], Heard | None]) -> Action:
    """The action that does *act* with a room, the one talked in or the one named."""

    def action(talk: Conversation, rest: str) -> Heard | None:
        room, others = talk.room_first(rest)
        return act(room, others) if room else [talk.answer(words.IN_NO_ROOM)]

    return action
