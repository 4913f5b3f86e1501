"""Events: what happened, as those who are told may know it.

An event is a value and holds values: who somebody was at that moment, not the
user, who may have another nick by the time the line is drawn.  What happened in
the server's one order has an `id`, its place in that order: a 64-bit number that
never repeats, and that the events of one command share.  And it has `at`, its
wall time in milliseconds, which never runs backwards.  Answers to a question
have neither: they did not happen to anybody.

Next: chat/domain/effects.py
"""

from dataclasses import dataclass
from typing import TypeAlias

from chat.domain.commands import Manner
from chat.domain.roles import Role


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, as others see them."""

    nick: str
    username: str
    host: str
    realname: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a room."""

    who: Who
    role: Role


@dataclass(frozen=True, slots=True)
class Topic:
    """What a room is about, who said so and when (milliseconds)."""

    text: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody said something in a room."""

    id: int
    at: int
    who: Who
    room: str
    text: str
    manner: Manner
    tags: str


@dataclass(frozen=True, slots=True)
class Whispered:
    """Somebody said something to one person, who goes by `to`."""

    id: int
    at: int
    who: Who
    to: str
    text: str
    manner: Manner
    tags: str


@dataclass(frozen=True, slots=True)
class Welcomed:
    """The session has become a user's."""

    id: int
    at: int
    who: Who
    users: int


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody, who was `who`, goes by another nick."""

    id: int
    at: int
    who: Who
    nick: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody entered a room where you are."""

    id: int
    at: int
    who: Who
    room: str


@dataclass(frozen=True, slots=True)
class Entered:
    """You entered a room, and this is what you find."""

    id: int
    at: int
    who: Who
    room: str
    topic: Topic | None
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody left a room."""

    id: int
    at: int
    who: Who
    room: str
    reason: str


@dataclass(frozen=True, slots=True)
class Departed:
    """Somebody left altogether."""

    id: int
    at: int
    who: Who
    reason: str


@dataclass(frozen=True, slots=True)
class TopicChanged:
    """Somebody changed what a room is about."""

    id: int
    at: int
    who: Who
    room: str
    topic: str


@dataclass(frozen=True, slots=True)
class TopicIs:
    """The answer to what a room is about."""

    room: str
    topic: Topic | None


@dataclass(frozen=True, slots=True)
class RoomIs:
    """The answer to how a room is set up; it exists since `since`, in ms."""

    room: str
    guards_topic: bool
    since: int


@dataclass(frozen=True, slots=True)
class MembersAre:
    """The answer to who is in a room; nobody is in one that does not exist."""

    room: str
    members: tuple[Member, ...]
    in_detail: bool


@dataclass(frozen=True, slots=True)
class PeopleAre:
    """The answer to who goes by a nick, or who is here at all."""

    mask: str
    people: tuple[Who, ...]


@dataclass(frozen=True, slots=True)
class HouseIs:
    """The answer to how many are here, and who is in the lobby."""

    users: int
    rooms: int
    in_lobby: tuple[str, ...]


Event: TypeAlias = (
    Said
    | Whispered
    | Welcomed
    | Renamed
    | Joined
    | Entered
    | Left
    | Departed
    | TopicChanged
    | TopicIs
    | RoomIs
    | MembersAre
    | PeopleAre
    | HouseIs
)
