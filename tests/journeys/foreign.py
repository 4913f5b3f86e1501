"""Foreign: what libraries that others wrote make of what our server sends.

`ircstates` keeps the state of an IRC session: who is in which room, as what, and how
the room is set up.  It reads every byte that its person is sent, and what it believes
is held against what the hub knows.  `irctokens` takes lines apart for it, and
`irclib` does so again: on each line they must agree, and it must be the very line.
"""

from typing import Any, Final, TypeAlias

from irclib.parser import Message
from ircstates.channel import Channel
from ircstates.server import Server
from irctokens.line import Line

from tests.journeys.table import Person, Table

# What is known of a room, and of those in it.
View: TypeAlias = dict[str, Any]

# The letters of a room that are on or off, and of its lists.
_LETTERS: Final = {
    "INVITE_ONLY": "i",
    "MODERATED": "m",
    "NO_OUTSIDERS": "n",
    "SECRET": "s",
    "GUARDS_TOPIC": "t",
    "KEPT": "P",
    "OFF_RECORD": "X",
}
_LISTS: Final = {"BAN": "b", "EXEMPT": "e", "WELCOME": "I"}
_ROLES: Final = {"operator": "o", "voiced": "v", "member": ""}


class Library:
    """Somebody on IRC whose program is made with ircstates."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.server = Server("house")
        # All that it was told, line by line.
        self.lines: list[Line] = []
        self._known: dict[str, Channel] = {}

    def registers(self, *, wants_all: bool = True) -> None:
        """Ask for every capability that is offered, or for none, and come in."""
        if wants_all:
            self.types("CAP LS 302")
            self.types(f"CAP REQ :{' '.join(self.server.available_caps)}")
        name = self.person.name
        self.types(f"NICK {name}", f"USER {name} 0 * :{name.title()} Liddell")
        if wants_all:
            self.types("CAP END")

    def types(self, *lines: str) -> list[Line]:
        """Send *lines*; what comes back, as the library understands it."""
        self.person.types(*lines)
        return self.listens()

    def listens(self) -> list[Line]:
        """Let the library read what has come; in a new room it looks around."""
        data = self.person.reads()
        lines = self.server.recv(data) if data else []
        for line in lines:
            self.server.parse_tokens(line)
            self._hears_of_itself(line)
        for raw, line in zip(data.split(b"\r\n")[:-1], lines, strict=True):
            _agree(raw.decode(), line)
        self.lines += lines
        # Who has left a room and come back, all at once, is in another.
        known, self._known = self._known, dict(self.server.channels)
        for fold, room in sorted(self._known.items()):
            if known.get(fold) is not room:
                self._looks_around(room.name)
        return lines

    def _hears_of_itself(self, line: Line) -> None:
        """Some of it comes as numbers, which ircstates leaves to others."""
        me = self.server.users.get(self.server.nickname_lower)
        if me and line.command in {"305", "306"}:
            me.away = "" if line.command == "306" else None
        if me and line.command in {"900", "901"}:
            me.account = self.server.account

    def _looks_around(self, room: str) -> None:
        """Ask what clients ask for when they have come into *room*."""
        question = self.server.prepare_whox(room).format()
        self.types(f"MODE {room}", f"MODE {room} b", question)

    def believes(self, *, of_people: bool = True) -> dict[str, View]:
        """The rooms that it is in, as the library has them.

        How somebody is described, and whether they are here, it can only keep up
        with *of_people* whose changes it is told of.
        """
        view: dict[str, View] = {}
        for room in self.server.channels.values():
            view[room.name] = {
                "topic": room.topic or None,
                "modes": room.modes,
                "bans": sorted(room.list_modes["b"]),
                "people": {
                    self.server.users[fold].nickname: "".join(sorted(each.modes))
                    for fold, each in room.users.items()
                },
            }
            if of_people:
                view[room.name]["described"] = {
                    user.nickname: (
                        user.hostmask(),
                        user.realname,
                        user.away is None,
                        user.account or "",
                    )
                    for user in map(self.server.users.__getitem__, room.users)
                }
        return view


def truth(table: Table, nick: str, *, of_people: bool = True) -> dict[str, View]:
    """The rooms that *nick* is in, as the hub has them."""
    snapshot = table.server._exchange._hub.snapshot()
    users = {user["id"]: user for user in snapshot["users"]}
    (me,) = (user["id"] for user in users.values() if user["who"]["nick"] == nick)
    view: dict[str, View] = {}
    for room in snapshot["rooms"]:
        members = [(users[user], role) for user, role in room["members"]]
        if me not in dict(room["members"]):
            continue
        view[room["name"]] = {
            "topic": room["topic"]["text"] if room["topic"] else None,
            "modes": _modes(room),
            "bans": sorted(mask["text"] for mask in room["masks"].get("BAN", ())),
            "people": {user["who"]["nick"]: _ROLES[role] for user, role in members},
        }
        if of_people:
            view[room["name"]]["described"] = {
                user["who"]["nick"]: _described(user) for user, _ in members
            }
    return view


def exceptions(table: Table, room: str) -> dict[str, list[str]]:
    """The lists of *room*, as the hub has them, by their letters."""
    (found,) = (
        each
        for each in table.server._exchange._hub.snapshot()["rooms"]
        if each["name"] == room
    )
    return {
        letter: [mask["text"] for mask in found["masks"].get(kind, ())]
        for kind, letter in _LISTS.items()
    }


def _modes(room: dict[str, Any]) -> dict[str, str | None]:
    modes: dict[str, str | None] = {
        _LETTERS[name]: None for name in room["settings"] if name in _LETTERS
    }
    if room["key"]:
        modes["k"] = room["key"]
    if room["limit"] is not None:
        modes["l"] = str(room["limit"])
    return modes


def _described(user: dict[str, Any]) -> tuple[str, str, bool, str]:
    who = user["who"]
    mask = f"{who['nick']}!{who['username']}@{who['host']}"
    return mask, who["realname"], not user["away"], who["account"]


def _agree(raw: str, line: Line) -> None:
    """Whether both libraries read the same in *raw*, and it can be written so."""
    other = Message.parse(raw)
    tags = {name: tag.value for name, tag in (other.tags or {}).items()}
    source = str(other.prefix) if other.prefix else None
    understood = (tags, source, other.command, [*other.parameters])
    assert understood == (line.tags or {}, line.source, line.command, line.params)
    assert str(other) == raw
