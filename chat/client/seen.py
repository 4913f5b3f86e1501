"""Seen: which lines have come already, over several connections.

A server that plays back what was missed rather repeats a line than skips one.
So the last few thousand lines are remembered by what identifies them: the id
that the server gave them (``msgid``), or else their time, nick and text.  A line
that has neither an id nor a time is always a new one.

Of each room the newest line is remembered too, or else when we came in: what follows
was missed.
"""

from typing import Final

from chat.dialects.irc.message import Message

# More than any server plays back by itself, in all rooms of one person.
MOST: Final = 5000


class Seen:
    """What has come from one server."""

    def __init__(self) -> None:
        self._lines: dict[str, None] = {}
        # By the room's fold: the time and the id of its newest line.
        self._newest: dict[str, tuple[str, str]] = {}

    def take(self, message: Message, *, room: str = "") -> bool:
        """*message* has come, in the room that folds so; whether it is new."""
        key = identity(message)
        if not key:
            return True
        is_new = key not in self._lines
        self._lines.pop(key, None)
        self._lines[key] = None
        if len(self._lines) > MOST:
            del self._lines[next(iter(self._lines))]
        told = message.tags.get("time", ""), message.tags.get("msgid", "")
        if room and told >= self._newest.get(room, ("", "")):
            self._newest[room] = told
        return is_new

    def enter(self, room: str, time: str) -> None:
        """We came at that *time* into the room that folds so."""
        if time:
            self._newest.setdefault(room, (time, ""))

    def newest(self) -> dict[str, str]:
        """What CHATHISTORY calls the newest line of each room, by the room's fold."""
        return {room: reference(*told) for room, told in self._newest.items()}


def identity(message: Message) -> str:
    """What no other line has, as far as the server has told us; or ""."""
    tags = message.tags
    if msgid := tags.get("msgid"):
        return msgid
    if "time" not in tags:
        return ""
    return " ".join((tags["time"], message.nick, *message.params))


def reference(time: str, msgid: str) -> str:
    """What CHATHISTORY calls a line: by its id if it has one; or ""."""
    if msgid:
        return f"msgid={msgid}"
    return f"timestamp={time}" if time else ""
