"""Retold: a line of history as the event that it was.

So whoever draws what happens can draw what happened.  A line holds less than the
event did: who somebody was is known by nick, user name and host, and not by what he
called himself.
"""

from typing import Final

from chat.domain.commands import Change, Manner, Setting
from chat.domain.events import (
    Departed,
    Happened,
    Joined,
    KeepingChanged,
    Kicked,
    Left,
    Renamed,
    RoomChanged,
    Said,
    TopicChanged,
    Whispered,
)
from chat.domain.records import Deed, Line
from chat.domain.views import Who

_MANNERS: Final = {
    Deed.SAY: Manner.SAY,
    Deed.ACTION: Manner.ACTION,
    Deed.NOTICE: Manner.NOTICE,
    Deed.TAGS: Manner.TAGS,
}


def retold(line: Line, room: str) -> Happened:
    """The event that *line* was, in the *room* of that name.

    What was said between two accounts was a whisper, and *room* is nothing to it.
    """
    manner = _MANNERS.get(line.deed)
    if manner is None:
        return _done(line, room)
    id_, at, who = line.id, line.at, teller(line)
    if line.peer:
        return Whispered(id_, at, who, line.target, line.text, manner, line.tags)
    return Said(id_, at, who, room, line.text, manner, line.tags)


def teller(line: Line) -> Who:
    """Who it was, as far as *line* tells."""
    nick, _, rest = line.source.partition("!")
    username, _, host = rest.rpartition("@")
    return Who(nick, username, host, "")


def _done(line: Line, room: str) -> Happened:  # noqa: PLR0911 - flat
    id_, at, who = line.id, line.at, teller(line)
    match line.deed:
        case Deed.JOIN:
            return Joined(id_, at, who, room)
        case Deed.LEAVE:
            return Left(id_, at, who, room, line.text)
        case Deed.DEPART:
            return Departed(id_, at, who, line.text)
        case Deed.KICK:
            return Kicked(id_, at, who, room, line.target, line.text)
        case Deed.RENAME:
            return Renamed(id_, at, who, line.target)
        case Deed.TOPIC:
            return TopicChanged(id_, at, who, room, line.text)
        case Deed.SETTINGS:
            return RoomChanged(id_, at, who, room, changes(line.text))
        case _:
            return KeepingChanged(id_, at, room, is_kept=True, lost=_number(line.text))


def changes(written: str) -> tuple[Change, ...]:
    """The changes of which `lines.written` made that.

    A setting that there is no more is passed over.
    """
    parsed = map(_change, written.split())
    return tuple(change for change in parsed if change is not None)


def _change(word: str) -> Change | None:
    name, _, value = word[1:].partition("=")
    setting = Setting.__members__.get(name)
    return None if setting is None else Change(setting, word[0] == "+", value)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0
