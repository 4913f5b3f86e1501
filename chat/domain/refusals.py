"""Refusals: understood, and no.

A verb that declines raises `Refused` with a reason.  The exception moves
control, the reason carries the facts, and each dialect has its own words for
it.  With a new reason in the union, mypy names every dialect that lacks them.

Next: chat/domain/talk.py
"""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class NickInUse:
    """Somebody else goes by that nick."""

    nick: str


@dataclass(frozen=True, slots=True)
class NickImpossible:
    """Nobody can go by that nick; `why` ends a sentence."""

    nick: str
    why: str


@dataclass(frozen=True, slots=True)
class NotIntroduced:
    """You have to say who you are before you do that."""


@dataclass(frozen=True, slots=True)
class AlreadyIntroduced:
    """You have said who you are."""


@dataclass(frozen=True, slots=True)
class NoSuchNick:
    """Nobody here goes by that nick."""

    nick: str


@dataclass(frozen=True, slots=True)
class NoSuchRoom:
    """There is no room of that name."""

    room: str


@dataclass(frozen=True, slots=True)
class RoomNameImpossible:
    """No room can be called that; `why` ends a sentence."""

    room: str
    why: str


@dataclass(frozen=True, slots=True)
class InTooManyRooms:
    """You have to leave a room before you enter another."""

    room: str


@dataclass(frozen=True, slots=True)
class NotAMember:
    """You have to be in the room to do that."""

    room: str


@dataclass(frozen=True, slots=True)
class CannotTalk:
    """What you say in that room is not heard; `why` ends a sentence."""

    room: str
    why: str = "you are not in it"


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """Only those who run the room may do that."""

    room: str


@dataclass(frozen=True, slots=True)
class Banned:
    """You are kept out of that room."""

    room: str


@dataclass(frozen=True, slots=True)
class InviteOnly:
    """Only who is invited comes in."""

    room: str


@dataclass(frozen=True, slots=True)
class WrongKey:
    """Who comes in has to know a word."""

    room: str


@dataclass(frozen=True, slots=True)
class RoomFull:
    """As many are in it as fit."""

    room: str


@dataclass(frozen=True, slots=True)
class NotThere:
    """That person is not in that room."""

    nick: str
    room: str


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    """That person is in that room already."""

    nick: str
    room: str


@dataclass(frozen=True, slots=True)
class NickHeld:
    """While you are banned or muted in a room you keep your nick."""

    nick: str
    room: str


@dataclass(frozen=True, slots=True)
class TooManyMasks:
    """The room's list is full."""

    room: str
    mask: str


@dataclass(frozen=True, slots=True)
class NoSuchMask:
    """The room's list does not hold that mask."""

    room: str
    mask: str


@dataclass(frozen=True, slots=True)
class TooManyWatched:
    """You cannot watch more than `limit` nicks."""

    limit: int
    nicks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueImpossible:
    """A room cannot be set so; `why` ends a sentence."""

    room: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class NotInOffice:
    """Only those who run the house may do that."""


@dataclass(frozen=True, slots=True)
class WrongPassword:
    """That is not the password."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Too many have asked for that just now."""


Reason: TypeAlias = (
    NickInUse
    | NickImpossible
    | NotIntroduced
    | AlreadyIntroduced
    | NoSuchNick
    | NoSuchRoom
    | RoomNameImpossible
    | InTooManyRooms
    | NotAMember
    | CannotTalk
    | NotAllowed
    | Banned
    | InviteOnly
    | WrongKey
    | RoomFull
    | NotThere
    | AlreadyThere
    | NickHeld
    | TooManyMasks
    | NoSuchMask
    | TooManyWatched
    | ValueImpossible
    | NotInOffice
    | WrongPassword
    | Busy
)


class Refused(Exception):
    """Raised by the domain when it understands a command and declines it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
