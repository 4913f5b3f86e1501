"""Commands: what somebody on a session asks for.

Every dialect ends here: ``/join ops`` and ``JOIN #ops`` are one `Join`.  The
vocabulary is closed; the hub has one verb for each.

Next: chat/domain/hub.py
"""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from chat.domain.limits import Limits


class Manner(Enum):
    """How something is said."""

    SAY = "say"
    ACTION = "action"
    # For programs, which must never answer one (RFC 2812, section 3.3.2).
    NOTICE = "notice"
    # Only client tags, no text: "is typing", "reacts with".
    TAGS = "tags"


@dataclass(frozen=True, slots=True)
class Say:
    """Say *text* to everyone in a room.  *tags* are client-only, on the wire."""

    room: str
    text: str
    manner: Manner = Manner.SAY
    tags: str = ""


@dataclass(frozen=True, slots=True)
class Whisper:
    """Say *text* to one person."""

    nick: str
    text: str
    manner: Manner = Manner.SAY
    tags: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """A session begins; *host* is what others may see of its address."""

    host: str


@dataclass(frozen=True, slots=True)
class Introduce:
    """Become a user under a nick, and enter *room* at once if one is named."""

    nick: str
    username: str
    realname: str
    room: str = ""


@dataclass(frozen=True, slots=True)
class Rename:
    """Go by another nick."""

    nick: str


@dataclass(frozen=True, slots=True)
class Join:
    """Enter a room; whoever enters first creates it."""

    room: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave a room."""

    room: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SetTopic:
    """Change what a room is about."""

    room: str
    topic: str


@dataclass(frozen=True, slots=True)
class AskTopic:
    """Ask what a room is about."""

    room: str


@dataclass(frozen=True, slots=True)
class AskRoom:
    """Ask how a room is set up."""

    room: str


@dataclass(frozen=True, slots=True)
class AskMembers:
    """Ask who is in a room: their nicks, or everything *in_detail*."""

    room: str
    in_detail: bool = False


@dataclass(frozen=True, slots=True)
class AskPeople:
    """Ask who goes by a nick, or with ``*`` who is here at all."""

    mask: str


@dataclass(frozen=True, slots=True)
class AskHouse:
    """Ask how many are here, and who is in the lobby."""


@dataclass(frozen=True, slots=True)
class Depart:
    """The session ends, by wish or by loss."""

    reason: str


@dataclass(frozen=True, slots=True)
class Configure:
    """Hold everybody to other limits from now on.  No session asks for it."""

    limits: Limits


Command: TypeAlias = (
    Say
    | Whisper
    | Open
    | Introduce
    | Rename
    | Join
    | Leave
    | SetTopic
    | AskTopic
    | AskRoom
    | AskMembers
    | AskPeople
    | AskHouse
    | Depart
    | Configure
)
