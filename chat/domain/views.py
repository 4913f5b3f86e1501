"""Views: somebody or something as others see it, at one moment.

An event is a value and holds values: who somebody was when it happened, not the
user, who may have another nick by the time the line is drawn.
"""

from dataclasses import dataclass

from chat.domain.commands import Mark
from chat.domain.roles import Role
from chat.domain.value import value


@value
class Who:
    """Somebody, as others see them."""

    nick: str
    username: str
    host: str
    realname: str
    # The account; empty for a guest.
    account: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, and what is true of them now."""

    who: Who
    is_away: bool = False
    marks: tuple[Mark, ...] = ()


@value
class Member:
    """Somebody in a room."""

    who: Who
    role: Role
    is_away: bool = False
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """What a room is about, who said so and when (milliseconds)."""

    text: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room as a list of rooms shows it."""

    room: str
    members: int
    topic: str


@dataclass(frozen=True, slots=True)
class Mask:
    """A mask in one of a room's lists, who put it there and when (ms)."""

    text: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One of one's sessions: its number, from where, and since when (ms)."""

    number: int
    address: str
    since: int
    is_this: bool


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as a list of accounts shows it; times in ms, 0 for never."""

    name: str
    since: int
    seen: int
    sessions: int
    is_suspended: bool = False
    is_always_on: bool = False


@dataclass(frozen=True, slots=True)
class LinkRow:
    """An invitation that is out: until when (ms), and how often, -1 for any number."""

    number: int
    by: str
    until: int
    uses: int
