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
    """What you say in that room is not heard: you are not in it."""

    room: str


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """Only those who run the room may do that."""

    room: str


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
)


class Refused(Exception):
    """Raised by the domain when it understands a command and declines it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
