"""Plain: chat for a person at a bare terminal, on nc or telnet.

Nothing has to be known beforehand.  Whoever connects and waits is greeted and
asked for a name; after that every line is said to the room, and a line that
begins with ``/`` is a command.  One table holds the commands, so that /help
cannot forget one.

The speaker's own terminal has already shown what he typed: there is no echo.

Next: chat/dialects/irc/message.py
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from chat.dialects import words
from chat.dialects.dialect import Heard, House, Told
from chat.domain.answers import (
    HouseIs,
    MembersAre,
)
from chat.domain.commands import (
    AskHouse,
    AskMembers,
    Depart,
    Introduce,
    Join,
    Leave,
    Manner,
    Rename,
    Say,
    Whisper,
)
from chat.domain.events import (
    Entered,
    Event,
    Joined,
    Left,
    Said,
    Welcomed,
)
from chat.domain.names import fold
from chat.domain.refusals import Reason
from chat.wire.lines import ENDLESS, TOO_LONG, Broken, Line
from chat.wire.text import harmless

# Longer than anybody types and shorter than anything that hurts.
LINE_LIMIT: Final = 4096
_BOM: Final = "\ufeff"
_CTRL_D: Final = "\x04"


@dataclass(frozen=True, slots=True)
class PlainKind:
    """A reader on plain; with several rooms he must be told which is meant."""

    shows_room: bool = False

    @property
    def echoes(self) -> bool:
        """Never: the terminal has shown the line already."""
        return False

    def render(self, event: Event) -> bytes:
        """*event* as a bystander reads it."""
        text = words.of_event(event)
        if not text:
            return b""
        if not self.shows_room:
            return encoded(text)
        match event:
            case Said(room=room) | Joined(room=room) | Left(room=room):
                return encoded(f"[{harmless(room)}] {text}")
            case _:
                return encoded(text)


def encoded(text: str) -> bytes:
    """*text* as a terminal wants it: UTF-8, and CR LF at each line's end."""
    return text.replace("\n", "\r\n").encode() + b"\r\n"


class Plain:
    """One person's conversation: the nick, the rooms, and the one talked in."""

    line_limit = LINE_LIMIT

    def __init__(self, house: House) -> None:
        self.kind = PlainKind()
        self._house = house
        self._nick = ""
        self._rooms: dict[str, str] = {}
        self._current = ""
        self._was_told_of_utf8 = False

    def greet(self) -> Heard:
        """Ask who is here; the answer becomes the greeting."""
        return [AskHouse()]

    def hear(self, line: Line) -> Heard:
        """A name, then talk and commands.  Empty lines mean nothing."""
        if isinstance(line, Broken):
            return self._hear_broken(line)
        if len(line) > LINE_LIMIT:
            # It came before it was known that this is a person.
            return self._hear_broken(TOO_LONG)
        hint, text = self._decoded(line)
        return hint + self._hear_text(text)

    def _hear_text(self, text: str) -> Heard:
        if text == _CTRL_D:
            return self.quit("") or []
        if not harmless(text).strip():
            return []
        if text.startswith("/") and not text.startswith("//"):
            return self._command(text[1:])
        if not self._nick:
            return self._introduction(text.strip())
        return self._talk(text.removeprefix("/"))

    def hear_last(self, rest: bytes) -> Heard:
        """A line without an end was still meant (``printf hi | nc -N``)."""
        heard = self.hear(rest) if rest else []
        return [*heard, Depart("Connection closed")]

    def tell(self, event: Event) -> Told:
        """*event* to this very person, who may have brought it about."""
        match event:
            case HouseIs():
                return encoded(words.greeting(self._house.network, event))
            case Welcomed():
                self._nick = event.who.nick
            case Entered():
                self._rooms[fold(event.room)] = event.room
                self._move_to(event.room)
            case Left():
                self._forget(event.room)
                return encoded(words.of_own_event(event)) + self._where_now()
            case MembersAre():
                return _in_pieces(event)
            case _:
                pass
        return encoded(text) if (text := words.of_own_event(event)) else b""

    def refuse(self, reason: Reason) -> bytes:
        """Why not; and who has no name yet is asked again."""
        text = f"-- {words.of_refusal(reason)}"
        if not self._nick and words.ASK_NAME not in text:
            text += "\n" + words.ASK_NAME
        return encoded(text)

    def are_you_there(self) -> bytes:
        """Nothing: a person is not to be asked every minute."""
        return b""

    def farewell(self, reason: str) -> bytes:
        """Good-bye, and why."""
        return encoded(words.farewell(reason))

    def _hear_broken(self, line: Broken) -> Heard:
        if line is TOO_LONG:
            return [encoded(words.TOO_LONG)]
        assert line is ENDLESS
        return [Depart(words.ENDLESS)]

    def _decoded(self, line: bytes) -> tuple[Heard, str]:
        try:
            return [], line.decode().removeprefix(_BOM)
        except UnicodeDecodeError:
            text = line.decode(errors="replace")
        if self._was_told_of_utf8:
            return [], text
        self._was_told_of_utf8 = True
        return [encoded(words.NOT_UTF8)], text

    def _introduction(self, nick: str) -> Heard:
        return [Introduce(nick, "plain", nick, room=self._house.lobby)]

    def _talk(self, text: str, manner: Manner = Manner.SAY) -> Heard:
        if not self._current:
            return [encoded(words.IN_NO_ROOM)]
        return [Say(self._current, text, manner)]

    def _command(self, text: str) -> Heard:
        name, _, rest = text.partition(" ")
        verb = VERBS.get(name.lower())
        if verb is None:
            safe = harmless(name)
            return [encoded(words.NO_SUCH_COMMAND.format(name=safe))]
        if not self._nick and not verb.works_without_name:
            return [encoded(f"-- {words.NAME_FIRST}")]
        heard = verb.action(self, rest.strip())
        if heard is None:
            return [encoded(words.USAGE.format(usage=verb.usage))]
        return heard

    def _move_to(self, room: str) -> None:
        self._current = room
        self.kind = PlainKind(shows_room=len(self._rooms) > 1)

    def _forget(self, room: str) -> None:
        self._rooms.pop(fold(room), None)
        remaining = list(self._rooms.values())
        if self._current not in remaining:
            self._current = remaining[-1] if remaining else ""
        self._move_to(self._current)

    def _where_now(self) -> bytes:
        if not self._current:
            return encoded(words.IN_NO_ROOM_NOW)
        return encoded(words.TALKING_IN.format(room=self._current))

    # The commands.  Each takes what follows its name, and gives None when that
    # is not how it is used.

    def join(self, rest: str) -> Heard | None:
        """Enter a room, or talk in one where you are already."""
        if not rest or " " in rest:
            return None
        room = rest if rest.startswith("#") else f"#{rest}"
        if here := self._rooms.get(fold(room)):
            self._move_to(here)
            return [encoded(words.TALKING_IN.format(room=here))]
        return [Join(room)]

    def leave(self, rest: str) -> Heard | None:
        """Leave the room you talk in, or the one you name first."""
        first, _, others = rest.partition(" ")
        named = first if first.startswith("#") else f"#{first}"
        if room := self._rooms.get(fold(named)):
            return [Leave(room, others.strip())]
        if first.startswith("#"):
            return [Leave(named)]
        if not self._current:
            return [encoded(words.IN_NO_ROOM)]
        return [Leave(self._current, rest)]

    def who(self, rest: str) -> Heard | None:
        """List the people in a room."""
        room = rest or self._current
        if not room:
            return [encoded(words.IN_NO_ROOM)]
        return [AskMembers(room if room.startswith("#") else f"#{room}")]

    def me(self, rest: str) -> Heard | None:
        """Do something rather than say it."""
        return self._talk(rest, Manner.ACTION) if rest else None

    def msg(self, rest: str) -> Heard | None:
        """Say something to one person, or into another room of yours."""
        to, _, text = rest.partition(" ")
        text = text.strip()
        if not to or not text:
            return None
        return [Say(to, text) if to.startswith("#") else Whisper(to, text)]

    def nick(self, rest: str) -> Heard | None:
        """Go by another name."""
        return [Rename(rest)] if rest else None

    def help(self, _rest: str) -> Heard | None:
        """Tell how it works."""
        rows = [
            words.HELP_ROW.format(usage=verb.usage, meaning=verb.meaning)
            for verb in VERBS.values()
        ]
        heard: Heard = [encoded("\n".join((*words.HELP_FIRST, *rows)))]
        return heard if self._nick else [*heard, encoded(words.ASK_NAME)]

    def quit(self, rest: str) -> Heard | None:
        """Leave altogether."""
        return [Depart(f"Quit: {rest}" if rest else "Quit")]


@dataclass(frozen=True, slots=True)
class Verb:
    """A row of the table of commands."""

    usage: str
    meaning: str
    action: Callable[[Plain, str], Heard | None]
    works_without_name: bool = False


VERBS: Final[dict[str, Verb]] = {
    "join": Verb("/join ROOM", "enter a room, or make a new one", Plain.join),
    "leave": Verb("/leave [ROOM]", "leave the room", Plain.leave),
    "who": Verb("/who [ROOM]", "who is in the room", Plain.who),
    "me": Verb("/me WAVES", "do something rather than say it", Plain.me),
    "msg": Verb("/msg NAME TEXT", "say it to one person only", Plain.msg),
    "nick": Verb("/nick NAME", "be called something else", Plain.nick),
    "help": Verb("/help", "this list", Plain.help, works_without_name=True),
    "quit": Verb("/quit [WHY]", "leave", Plain.quit, works_without_name=True),
}


def _in_pieces(event: MembersAre) -> Iterator[bytes]:
    """A room may hold thousands: a cursor of a hundred names a line."""
    members = event.members
    for start in range(0, max(len(members), 1), 100):
        piece = MembersAre(event.room, members[start : start + 100], in_detail=False)
        yield encoded(words.of_event(piece))
