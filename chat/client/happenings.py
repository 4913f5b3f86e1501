"""Happenings: everything that can happen, as values.

The session and the commands answer with these and with `Send`; what draws
them decides how they look.  A happening holds text as the server sent it:
hostile until ``words`` has made it harmless.

None of them knows the time.  Whoever draws them does, and a message from the
server may bring its own.

Next: chat/client/state.py
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from chat.dialects.irc.message import Message


class Manner(Enum):
    """How something is said."""

    PLAIN = "says"
    ACTION = "does"
    NOTICE = "announces"


class When(Enum):
    """How we come to hear of it."""

    NOW = "as it is said"
    EARLIER = "played back"
    FOUND = "by a search"


@dataclass(frozen=True, slots=True)
class Said:
    """*nick* said *text* to a room or to one person."""

    nick: str
    to: str
    text: str
    manner: Manner = Manner.PLAIN
    when: When = When.NOW


@dataclass(frozen=True, slots=True)
class Joined:
    """*nick* came into *room*."""

    nick: str
    room: str


@dataclass(frozen=True, slots=True)
class Parted:
    """*nick* left *room* but not the server."""

    nick: str
    room: str
    reason: str


@dataclass(frozen=True, slots=True)
class Kicked:
    """*by* threw *nick* out of *room*."""

    nick: str
    room: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Left:
    """*nick* left the server."""

    nick: str
    reason: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """*old* goes by *new* from now on."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Topic:
    """The topic of *room* is *text*; *by* has just set it, or nobody has."""

    room: str
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """Who is in *room*.  `entering` says that we have just come in."""

    room: str
    names: tuple[str, ...]
    entering: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """The client, or the server, tells us something in plain words."""

    text: str
    room: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where what was said earlier begins, or ends.  It has no time of its own."""

    text: str


Happening: TypeAlias = (
    Said | Joined | Parted | Kicked | Left | Renamed | Topic | Listed | Note | Mark
)


@dataclass(frozen=True, slots=True)
class Send:
    """The link must send *message*."""

    message: Message


@dataclass(frozen=True, slots=True)
class Ask:
    """The person must be asked for a password, and what is typed must not show.

    `answered` tells what follows; what was typed is kept nowhere.
    """

    words: str
    answered: Callable[[str], "list[Effect]"]


Effect: TypeAlias = Send | Happening | Ask
