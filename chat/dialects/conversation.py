"""A conversation: what is remembered of one person on plain, and what a verb is.

A password is asked for and is the next line, whatever that begins with: it stands
in no command, so it is in nobody's history, and nothing here remembers it.

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
from chat.domain.claims import Identified
from chat.domain.commands import Command, Introduce, Manner, Say
from chat.domain.names import fold, unmarked
from chat.wire.text import harmless

# Those of whom it is remembered that one knows them to be away.
_MOST_AWAY: Final = 100
# And those places of which it is remembered what was shown.
_MOST_PLACES: Final = 100


class Conversation:
    """One person's nick, rooms, and the one talked in."""

    def __init__(self, house: House, *, is_private: bool = True) -> None:
        self.house = house
        # Whether nobody on the way can read what is typed, or nobody minds.
        self.may_send_passwords = is_private or house.plaintext
        self.kind = PlainKind()
        self.speaks_for = ""
        # A terminal tells nothing of where it stands.
        self.device = ""
        self.now = 0
        # Who one is logged in as; and whether it was with a code instead of a
        # password, so that there is none yet.
        self.account = ""
        self.lacks_password = False
        # Whether the house's own password is known, or need not be; and whether
        # that is what the present line answers.
        self.is_let_in = not house.password
        self.is_at_the_door = False
        # Whether one came on an invitation, which opens the house as that does
        # while it lasts.
        self.is_invited = False
        # The account whose password the present line is said to be.
        self.claimed = ""
        # What follows from what was told last.
        self.following: Heard = []
        # By their fold, in the order in which they were entered.
        self.rooms: dict[str, str] = {}
        self.current = ""
        # Who whispered last, and may be answered.
        self.whisperer = ""
        # What is done with the next line, if that answers a question.
        self.question: Callable[[str], Heard] | None = None
        # What the next page of what was asked last would be asked with.
        self.more: list[Command] = []
        # The same for each place, by the fold of what it is called.
        self.more_of: dict[str, list[Command]] = {}
        # The zone in which times were shown last.
        self.zone = "UTC"
        # Whom the present line puts out of wherever they may be.
        self.banned = ""
        self._told_away: dict[str, str] = {}

    @property
    def own_name(self) -> str:
        """How an account of one's own is called, or would be."""
        return unmarked(self.speaks_for, self.house.limits.guests)

    def answer(self, *lines: str) -> bytes:
        """*lines* as this person reads them."""
        return self.kind.encoded("\n".join(lines))

    def introduce(self, nick: str) -> Heard:
        """Come in under *nick*, once the house's password is right if it has one."""
        introduce = Introduce(
            nick,
            "plain",
            nick,
            room=self.house.lobby,
            may_be_held=False,
            is_invited=self.needs_invitation,
        )
        if self.is_let_in or self.is_invited:
            return [introduce]
        return self.ask_password(introduce)

    @property
    def needs_invitation(self) -> bool:
        """Whether nothing but the invitation opens the house."""
        return self.is_invited and not self.is_let_in

    def ask_password(self, then: Command, operator: str | None = None) -> Heard:
        """Have the next line be the password of an *operator*, or of the house."""

        def prove(secret: str) -> Heard:
            self.is_at_the_door = operator is None
            return [Prove(secret, then, operator=operator)]

        return self.ask(words.ASK_PASSWORD, prove)

    def ask(self, question: str, then: Callable[[str], Heard]) -> Heard:
        """Ask for a password, and do *then* with it; an empty line is no answer."""

        def answered(secret: str) -> Heard:
            if not secret.strip():
                return [Wish.SHOW_INPUT, self.answer(words.NEVER_MIND, *self.asked())]
            heard = then(secret)
            # Another question says itself what is to be shown.
            return heard if isinstance(heard[0], Wish) else [Wish.SHOW_INPUT, *heard]

        self.question = answered
        return [Wish.HIDE_INPUT, self.answer(question + self._shows())]

    def ask_openly(self, question: str, then: Callable[[str], Heard]) -> Heard:
        """Ask for something that may be shown, and do *then* with it."""
        self.question = then
        return [Wish.SHOW_INPUT, self.answer(question)]

    def ask_new(self, then: Callable[[str], Heard]) -> Heard:
        """Ask which password one wants from now on: twice, if it is not shown."""

        def once_more(first: str) -> Heard:
            def compare(second: str) -> Heard:
                if first == second:
                    return then(first)
                return [self.answer(words.NOT_THE_SAME, *self.asked())]

            return self.ask(words.ONCE_MORE, compare)

        is_hidden = self.kind.columns is not None
        return self.ask(words.ASK_NEW, once_more if is_hidden else then)

    def ask_account(self, name: str) -> Heard:
        """Have the next line be the password of the account *name*."""
        return self.ask(
            words.ASK_ACCOUNT.format(name=harmless(name)), self._login(name)
        )

    @property
    def may_claim(self) -> bool:
        """Whether one who is asked for a name can be asked for a password as well."""
        return self.may_send_passwords and not self.speaks_for

    def claim(self, name: str) -> str:
        """Ask who wants to come in as *name*, which is an account's; the question."""
        question, login = words.ASK_OWNER, self._login(name)

        def answered(secret: str) -> Heard:
            heard = login(secret) if secret.strip() else [self.answer(*self.asked())]
            return [Wish.SHOW_INPUT, *heard]

        self.question = answered
        self.following = [Wish.HIDE_INPUT]
        return question.format(name=harmless(name)) + self._shows()

    def _login(self, name: str) -> Callable[[str], Heard]:
        def prove(secret: str) -> Heard:
            self.claimed = name
            return [Prove(secret, Identified(name), account=name)]

        return prove

    def _shows(self) -> str:
        # A terminal that has told how wide it is speaks telnet, and hides it.
        return words.SHOWS if self.kind.columns is None else ""

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

    def goes_on(self, more_of: dict[str, list[Command]]) -> None:
        """Know what has to be asked for the next page of each of these places."""
        for place, asked in more_of.items():
            self.more_of.pop(place, None)
            self.more_of[place] = asked
        while len(self.more_of) > _MOST_PLACES:
            del self.more_of[next(iter(self.more_of))]

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
    ACCOUNT = "Your account:"
    EARLIER = "What is said is kept{span}:"
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
