"""Words: a happening as a line that a person reads.

    10:14 bob  hello               said in the room where we are
    10:14 [#python] bob  hello     said in another one
    10:14 [whisper] bob  psst      said to us alone
    10:14 * bob waves              done
    10:14 -- bob is here           everything that nobody said
    -- now --                      what stands between then and now

A line comes in parts, and what draws it may give each part a look of its own.
All text from other people becomes harmless here, in every part.  The marks
stand before the nick, where nobody's text can get: whatever somebody says, it
cannot look like a line of another kind.

Next: chat/client/terminal.py
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Final, TypeAlias

from chat.client.happenings import (
    Happening,
    Joined,
    Kicked,
    Left,
    Listed,
    Manner,
    Mark,
    Note,
    Parted,
    Renamed,
    Said,
    Topic,
    When,
)
from chat.client.state import State
from chat.dialects.irc.message import Message
from chat.wire.text import harmless

_Unsaid: TypeAlias = Joined | Parted | Kicked | Left | Renamed | Topic | Listed | Note

# Coming into a big room must not push everything off the screen.
_NAMES_ON_ENTERING: Final = 20
# The prompt must leave room for typing.
_UNREAD_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Move:
    """*nick* has come, or gone."""

    nick: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line in its parts.  Each but the text brings the space behind it."""

    time: str
    where: str
    who: str
    text: str
    # The fold of whoever said it; "" for what nobody said.
    speaker: str = ""
    day: date | None = None
    # What can share a line with the moves of others.
    move: Move | None = None


def line(state: State, happening: Happening, at: datetime) -> Line:
    """*happening*, *at* that moment, as it reads in the room where we are."""
    if isinstance(happening, Mark):
        # Without a time in front, nobody else's line can look like it.
        return Line("", "", "-- ", f"{harmless(happening.text)} --")
    return replace(_told(state, happening, f"{at:%H:%M}"), day=at.date())


def _told(state: State, happening: Said | _Unsaid, at: str) -> Line:
    if isinstance(happening, Said):
        said = _line(at, _where_said(state, happening), _who(happening), happening.text)
        return replace(said, speaker=state.fold(happening.nick))
    where = "" if isinstance(happening, Left | Renamed) else happening.room
    shown = "" if state.is_current(where) else where
    told = _line(at, shown, "-- ", _sentence(state, happening))
    return replace(told, move=_move(state, happening))


def _move(state: State, happening: _Unsaid) -> Move | None:
    match happening:
        case Joined(nick, _) | Parted(nick, _, _) | Left(nick, _):
            # Where we are ourselves must not drown among the others.
            is_other = not state.is_me(nick)
            is_here = isinstance(happening, Joined)
            return Move(harmless(nick), is_here) if is_other else None
        case _:
            return None


def _line(at: str, where: str, who: str, text: str) -> Line:
    bracketed = f"[{harmless(where)}] " if where else ""
    return Line(f"{at} ", bracketed, harmless(who), harmless(text))


def _where_said(state: State, said: Said) -> str:
    if state.is_room(said.to):
        is_here = state.is_current(said.to) and said.when is not When.FOUND
        return "" if is_here else said.to
    # At the time we may have gone by another nick.
    is_other = said.when is not When.NOW and not state.is_me(said.to)
    return f"to {said.to}" if is_other or state.is_me(said.nick) else "whisper"


def _who(said: Said) -> str:
    match said.manner:
        case Manner.PLAIN:
            return f"{said.nick}  "
        case Manner.ACTION:
            return f"* {said.nick} "
        case Manner.NOTICE:
            return f"-{said.nick}-  "


def where_we_are(state: State) -> str:
    """The room's name for the prompt, and the others where something was said."""
    name = harmless(state.current.name) if state.current else ""
    unread = state.unread()
    if not unread:
        return name
    others = [harmless(room.name) + "!" * room.is_calling for room in unread]
    more = [f"{len(others) - _UNREAD_NAMED} more"] if others[_UNREAD_NAMED:] else []
    return f"{name} ({', '.join(others[:_UNREAD_NAMED] + more)})"


def _sentence(state: State, happening: _Unsaid) -> str:
    match happening:
        case Joined() | Parted() | Kicked():
            return _coming_and_going(state, happening)
        case Left(nick, reason):
            return f"{nick} left" + _because(reason)
        case Renamed(old, new):
            return f"{old} is now {new}"
        case Topic() | Listed():
            return _about_a_room(happening)
        case Note(text):
            return text


def _coming_and_going(state: State, happening: Joined | Parted | Kicked) -> str:
    is_me = state.is_me(happening.nick)
    match happening:
        case Joined(nick, room):
            return f"You are in {room}." if is_me else f"{nick} is here"
        case Parted(nick, room, reason):
            whose = "You" if is_me else nick
            return f"{whose} left {room}" + _because(reason)
        case Kicked(nick, room, by, reason):
            whom = "you" if is_me else nick
            return f"{by} threw {whom} out of {room}" + _because(reason)


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _about_a_room(happening: Topic | Listed) -> str:
    match happening:
        case Topic(room, "", ""):
            return f"{room} has no topic."
        case Topic(_, text, ""):
            return f"Topic: {text}"
        case Topic(_, "", by):
            return f"{by} cleared the topic"
        case Topic(_, text, by):
            return f"{by} set the topic: {text}"
        case Listed(room, names, True) if len(names) > _NAMES_ON_ENTERING:
            return f"{len(names)} people are in {room}; /names lists them."
        case Listed(room, names):
            return f"In {room}: {', '.join(names) or 'nobody'}"


def moment(message: Message, now: datetime, zone: tzinfo | None = None) -> datetime:
    """When *message* was said: as the server says, or else *now*, in *zone*.

    Without a zone it is the machine's own.
    """
    return server_time(message.tags.get("time", ""), zone) or now.astimezone(zone)


def server_time(text: str, zone: tzinfo | None) -> datetime | None:
    """When the server says it was, in *zone*; nothing if it does not say.

    https://ircv3.net/specs/extensions/server-time
    """
    try:
        said = datetime.fromisoformat(text)
        # A zone left out means UTC: the extension knows no other.
        return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(zone)
    except (ValueError, OverflowError):
        return None
