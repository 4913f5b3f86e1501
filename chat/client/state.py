"""State: who I am, which rooms I am in, and who is there with me.

It holds what the server has confirmed and never what was merely asked for: a
room appears when our own JOIN comes back.  Names are compared under the fold
that the server announces, and shown in the spelling it uses.

A full-screen client will draw its lists from here.

Next: chat/client/news.py
"""

import re
from dataclasses import dataclass, field
from typing import Final

from chat.dialects.irc.message import Message

# Who keeps the accounts, on most servers, and is told passwords.
NICKSERV: Final = "NickServ"
# What may stand in a nick, so that "alice_" is not alice.
_NICK: Final = r"[\w\[\]\\`^{}|-]"
_UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# RFC 1459 took these for the capitals of {, }, | and ~: a Swedish keyboard.
_FOLDS: Final = {
    "ascii": str.maketrans(_UPPER, _UPPER.lower()),
    "strict-rfc1459": str.maketrans(_UPPER + "[]\\", _UPPER.lower() + "{}|"),
    "rfc1459": str.maketrans(_UPPER + "[]\\~", _UPPER.lower() + "{}|^"),
}


@dataclass(slots=True)
class Room:
    """A room that we are in.  `members` holds spellings by their folds."""

    name: str
    topic: str = ""
    members: dict[str, str] = field(default_factory=dict)
    # The folds of those who have said something, the last one last.
    speakers: dict[str, None] = field(default_factory=dict)
    # Until the server has listed everyone for the first time.
    is_new: bool = True
    # How many lines were said while we were elsewhere, and whether one names us.
    unread: int = 0
    is_calling: bool = False

    def speak(self, key: str) -> None:
        """Whoever folds to *key* has said something."""
        self.speakers.pop(key, None)
        self.speakers[key] = None

    def lose(self, key: str) -> None:
        """Whoever folds to *key* is not here any more."""
        self.members.pop(key, None)
        self.speakers.pop(key, None)


@dataclass(slots=True)
class State:
    """What is true now, as far as the server has told us."""

    nick: str
    rooms: dict[str, Room] = field(default_factory=dict)
    # The fold of the room where a line without a command goes; "" for nowhere.
    current_key: str = ""
    # Names that a list in progress has brought so far, by the room's fold.
    listings: dict[str, list[str]] = field(default_factory=dict)
    # What the server announces about itself.
    casemapping: str = "rfc1459"
    room_marks: str = "#&"
    role_marks: str = "~&@%+"
    # How somebody is muted: the letter of a list, and the form of an entry.
    mute_letter: str = ""
    mute_form: str = "{}"
    # Who said something to us alone, most recently.
    last_whisperer: str = ""
    # The server sends our own lines back, so they are shown when they return.
    echoes: bool = False
    # It says which lines belong together, so it can play back what was missed.
    batches: bool = False
    # It can be asked what was said, for so many lines at a time (0: any number),
    # and it can search.
    keeps_history: bool = False
    most_history: int = 0
    searches: bool = False
    # The newest line of each room, by its fold, when the last connection broke.
    left_off: dict[str, str] = field(default_factory=dict)
    # What asks for the lines before those that were asked for last.
    older: Message | None = None
    # We have said goodbye: the end of the connection is no loss.
    leaving: bool = False

    def fold(self, name: str) -> str:
        """The form under which two spellings are one name."""
        return name.translate(_FOLDS.get(self.casemapping, _FOLDS["ascii"]))

    def is_me(self, nick: str) -> bool:
        """*nick* is ours."""
        return self.fold(nick) == self.fold(self.nick)

    def is_room(self, name: str) -> bool:
        """*name* names a room, perhaps only its operators (``@#lobby``)."""
        return name.lstrip(self.role_marks).startswith(
            tuple(self.room_marks)
        ) or name.startswith(tuple(self.room_marks))

    @property
    def recalls(self) -> bool:
        """It can be asked what was said, and we can tell its answer from news."""
        return self.keeps_history and self.batches

    @property
    def current(self) -> Room | None:
        """The room where a line without a command goes."""
        return self.rooms.get(self.current_key)

    def room(self, name: str) -> Room | None:
        """The room called *name*, if we are in it."""
        return self.rooms.get(self.fold(name))

    def rooms_like(self, name: str) -> list[Room]:
        """Our rooms that *name* may mean, without its mark too, the likeliest first."""
        key = self.fold(name)
        exact = [room for room in (self.room(name), self.room(f"#{name}")) if room]
        return exact + [
            room
            for folded, room in self.rooms.items()
            if folded.startswith(key) or folded[1:].startswith(key)
        ]

    def is_current(self, name: str) -> bool:
        """*name* is the room where we are now."""
        return bool(self.current_key) and self.fold(name) == self.current_key

    def enter(self, name: str) -> None:
        """We are in the room called *name* now, and it is the current one."""
        key = self.fold(name)
        self.rooms.setdefault(key, Room(name))
        self.current_key = key
        self._look_round()

    def leave(self, name: str) -> None:
        """We have left; the room entered last becomes the current one."""
        key = self.fold(name)
        self.rooms.pop(key, None)
        if key == self.current_key:
            self.current_key = next(reversed(self.rooms), "")
            self._look_round()

    def _look_round(self) -> None:
        if room := self.current:
            room.unread, room.is_calling = 0, False

    def unread(self) -> list[Room]:
        """The rooms where something was said since; first those that call us."""
        rooms = [room for room in self.rooms.values() if room.unread]
        return sorted(rooms, key=lambda room: not room.is_calling)

    def names_me(self, text: str) -> bool:
        """Our nick stands in *text* as a word of its own."""
        nick = re.escape(self.fold(self.nick))
        return bool(re.search(f"(?<!{_NICK}){nick}(?!{_NICK})", self.fold(text)))

    def forget(self, nick: str) -> None:
        """*nick* is in none of our rooms any more."""
        for room in self.rooms.values():
            room.lose(self.fold(nick))

    def rename(self, old: str, new: str) -> None:
        """*old* goes by *new* from now on."""
        if self.is_me(old):
            self.nick = new
        if self.fold(old) == self.fold(self.last_whisperer):
            self.last_whisperer = new
        for room in self.rooms.values():
            if room.members.pop(self.fold(old), None):
                room.members[self.fold(new)] = new
            if self.fold(old) in room.speakers:
                del room.speakers[self.fold(old)]
                room.speak(self.fold(new))

    def learn(self, token: str) -> None:
        """Take in one token of what the server announces (numeric 005)."""
        key, _, value = token.partition("=")
        if key == "CASEMAPPING":
            self.casemapping = value
        elif key == "CHANTYPES":
            self.room_marks = value
        elif key == "PREFIX":
            self.role_marks = value.partition(")")[2]
        elif key == "CHATHISTORY" and value.isdecimal():
            self.most_history = int(value)
        elif key == "EXTBAN" and "m" in value.partition(",")[2]:
            self.mute_letter, self.mute_form = "b", value.partition(",")[0] + "m:{}"
        elif key == "CHANMODES" and "q" in value.partition(",")[0]:
            self.mute_letter, self.mute_form = "q", "{}"
