"""Plain: chat for a person at a bare terminal, on nc or telnet.

Nothing has to be known beforehand.  Whoever connects and waits is greeted and
asked for a name; after that every line is said to the room, and a line that
begins with ``/`` is a command.  One table holds the commands, so that /help
cannot forget one.

The speaker's own terminal has already shown what he typed: there is no echo.

Where the width of the window is known, everything is wrapped to it.  A terminal
that wraps by itself goes on in the first column, and there ``bob: hi`` in the
midst of eve's line would look like a line of bob's.

Next: chat/dialects/irc/message.py
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from chat.dialects import words
from chat.dialects.dialect import Heard, House, Told, Wish
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
from chat.wire.text import harmless, wrap

# Longer than anybody types and shorter than anything that hurts.
LINE_LIMIT: Final = 4096
_BOM: Final = "\ufeff"
_CTRL_D: Final = "\x04"
# Where a line that was wrapped goes on; only speakers and the house stand left.
_INDENT: Final = 4


@dataclass(frozen=True, slots=True)
class PlainKind:
    """A reader on plain; with several rooms he must be told which is meant.

    While nobody knows how many columns his window has, nothing is wrapped.
    """

    shows_room: bool = False
    columns: int | None = None

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
            return self.encoded(text)
        match event:
            case Said(room=room) | Joined(room=room) | Left(room=room):
                return self.encoded(f"[{harmless(room)}] {text}")
            case _:
                return self.encoded(text)

    def encoded(self, text: str) -> bytes:
        """*text* as this terminal wants it: UTF-8, CR LF, and wrapped to fit."""
        if self.columns is not None:
            text = "\n".join(_rows(text, self.columns))
        return text.replace("\n", "\r\n").encode() + b"\r\n"


def _rows(text: str, columns: int) -> Iterator[str]:
    # A link is cut like any other word that is too long for a line.  Were it left
    # to the terminal, "bob:" at the link's end could come to stand in the first
    # column, with what follows indented below it: just as bob's own lines look.
    for line in text.split("\n"):
        yield from wrap(line, columns, indent=_INDENT, keep_links=False)


class Plain:
    """One person's conversation: the nick, the rooms, and the one talked in."""

    line_limit = LINE_LIMIT

    def __init__(self, house: House) -> None:
        self.kind = PlainKind()
        self._house = house
        self.speaks_for = ""
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
        if not self.speaks_for:
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
                return self.kind.encoded(words.greeting(self._house.network, event))
            case Welcomed():
                self.speaks_for = event.who.nick
            case Entered():
                self._rooms[fold(event.room)] = event.room
                self._move_to(event.room)
            case Left():
                self._forget(event.room)
                return self.kind.encoded(words.of_own_event(event)) + self._where_now()
            case MembersAre():
                return self._in_pieces(event)
            case _:
                pass
        return self.kind.encoded(text) if (text := words.of_own_event(event)) else b""

    def refuse(self, reason: Reason) -> bytes:
        """Why not; and who has no name yet is asked again."""
        text = f"-- {words.of_refusal(reason)}"
        if not self.speaks_for and words.ASK_NAME not in text:
            text += "\n" + words.ASK_NAME
        return self.kind.encoded(text)

    def are_you_there(self) -> bytes:
        """Nothing: a person is not to be asked every minute."""
        return b""

    def farewell(self, reason: str) -> bytes:
        """Good-bye, and why."""
        return self.kind.encoded(words.farewell(reason))

    def resize(self, columns: int) -> None:
        """From now on wrap what is sent to that width."""
        self.kind = replace(self.kind, columns=_step(columns))

    def _in_pieces(self, event: MembersAre) -> Iterator[bytes]:
        """A room may hold thousands: a cursor of a hundred names a line."""
        members = event.members
        for start in range(0, max(len(members), 1), 100):
            piece = replace(event, members=members[start : start + 100])
            yield self.kind.encoded(words.of_event(piece))

    def _hear_broken(self, line: Broken) -> Heard:
        if line is TOO_LONG:
            return [self.kind.encoded(words.TOO_LONG)]
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
        return [self.kind.encoded(words.NOT_UTF8)], text

    def _introduction(self, nick: str) -> Heard:
        return [Introduce(nick, "plain", nick, room=self._house.lobby)]

    def _talk(self, text: str, manner: Manner = Manner.SAY) -> Heard:
        if not self._current:
            return [self.kind.encoded(words.IN_NO_ROOM)]
        return [Say(self._current, text, manner)]

    def _command(self, text: str) -> Heard:
        name, _, rest = text.partition(" ")
        verb = VERBS.get(name.lower())
        if verb is None:
            safe = harmless(name)
            return [self.kind.encoded(words.NO_SUCH_COMMAND.format(name=safe))]
        if not self.speaks_for and not verb.works_without_name:
            return [self.kind.encoded(f"-- {words.NAME_FIRST}")]
        heard = verb.action(self, rest.strip())
        if heard is None:
            return [self.kind.encoded(words.USAGE.format(usage=verb.usage))]
        return heard

    def _move_to(self, room: str) -> None:
        self._current = room
        self.kind = replace(self.kind, shows_room=len(self._rooms) > 1)

    def _forget(self, room: str) -> None:
        self._rooms.pop(fold(room), None)
        remaining = list(self._rooms.values())
        if self._current not in remaining:
            self._current = remaining[-1] if remaining else ""
        self._move_to(self._current)

    def _where_now(self) -> bytes:
        if not self._current:
            return self.kind.encoded(words.IN_NO_ROOM_NOW)
        return self.kind.encoded(words.TALKING_IN.format(room=harmless(self._current)))

    # The commands.  Each takes what follows its name, and gives None when that
    # is not how it is used.

    def join(self, rest: str) -> Heard | None:
        """Enter a room, or talk in one where you are already."""
        if not rest or " " in rest:
            return None
        room = rest if rest.startswith("#") else f"#{rest}"
        if here := self._rooms.get(fold(room)):
            self._move_to(here)
            return [self.kind.encoded(words.TALKING_IN.format(room=harmless(here)))]
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
            return [self.kind.encoded(words.IN_NO_ROOM)]
        return [Leave(self._current, rest)]

    def who(self, rest: str) -> Heard | None:
        """List the people in a room."""
        room = rest or self._current
        if not room:
            return [self.kind.encoded(words.IN_NO_ROOM)]
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
        heard: Heard = [self.kind.encoded("\n".join((*words.HELP_FIRST, *rows)))]
        return heard if self.speaks_for else [*heard, self.kind.encoded(words.ASK_NAME)]

    def telnet(self, _rest: str) -> Heard | None:
        """Ask the terminal how wide it is, in a language that it may speak."""
        return [Wish.TELNET, self.kind.encoded(words.TELNET)]

    def quit(self, rest: str) -> Heard | None:
        """Leave altogether."""
        return [Depart(f"Quit: {rest}" if rest else "Quit")]


def _step(columns: int) -> int:
    """*columns* or a few less.

    What is said in a room is drawn anew for each width that somebody there has,
    and a crowd of widths would be a way to keep the server busy.
    """
    step = 4 if columns <= 80 else 40
    return columns // step * step


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
    "telnet": Verb(
        "/telnet",
        "speak telnet, for terminals that do",
        Plain.telnet,
        works_without_name=True,
    ),
    "help": Verb("/help", "this list", Plain.help, works_without_name=True),
    "quit": Verb("/quit [WHY]", "leave", Plain.quit, works_without_name=True),
}
