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
    """You have to leave a room before you enter another.

    Or so many are kept for you that no other can be.
    """

    room: str
    are_kept: bool = False


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


@dataclass(frozen=True, slots=True)
class NickReserved:
    """That nick is an account's; only its owner may go by it."""

    nick: str


@dataclass(frozen=True, slots=True)
class LooksLike:
    """That nick can be taken for `other`, which is an account's."""

    nick: str
    other: str


@dataclass(frozen=True, slots=True)
class AccountTaken:
    """There is an account of that name."""

    name: str


@dataclass(frozen=True, slots=True)
class NoSuchAccount:
    """There is no account of that name."""

    name: str


@dataclass(frozen=True, slots=True)
class NotLoggedIn:
    """You have to log in to do that."""


@dataclass(frozen=True, slots=True)
class AlreadyLoggedIn:
    """You are logged in."""

    account: str


@dataclass(frozen=True, slots=True)
class NameFixed:
    """Who is logged in goes by the account's name."""

    account: str


@dataclass(frozen=True, slots=True)
class RegistrationClosed:
    """Accounts are not for everybody to make here."""


@dataclass(frozen=True, slots=True)
class GuestsStayOut:
    """Only who has an account, or an invitation, comes in."""


@dataclass(frozen=True, slots=True)
class Unproven:
    """You go by a nick that is an account's, and have not logged in."""

    nick: str


@dataclass(frozen=True, slots=True)
class PasswordImpossible:
    """That cannot be a password; `why` ends a sentence.

    It `is_weak` if it is only too easily guessed.
    """

    why: str
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class NotEncrypted:
    """A password is not to be sent where others can read it."""


@dataclass(frozen=True, slots=True)
class TooManyGuesses:
    """There were too many wrong passwords; that takes a minute."""


@dataclass(frozen=True, slots=True)
class TooManyAccounts:
    """As many were made from there as may be in an hour."""


@dataclass(frozen=True, slots=True)
class AccountSuspended:
    """The account is closed for now."""

    account: str


@dataclass(frozen=True, slots=True)
class NoSuchSession:
    """You have no session of that number."""

    number: int


@dataclass(frozen=True, slots=True)
class NoSuchLink:
    """The room has no invitation of that number out."""

    room: str
    number: int


@dataclass(frozen=True, slots=True)
class LinkImpossible:
    """There can be no such invitation; `why` ends a sentence."""

    room: str
    why: str


@dataclass(frozen=True, slots=True)
class WrongToken:
    """That is no invitation, or it is one no longer."""


@dataclass(frozen=True, slots=True)
class MayNotRead:
    """There is no such history, or none that one may read; which is not told."""

    target: str


@dataclass(frozen=True, slots=True)
class CannotRecall:
    """What is kept cannot be read now; nobody has done anything wrong."""

    target: str = ""


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
    | NickReserved
    | LooksLike
    | AccountTaken
    | NoSuchAccount
    | NotLoggedIn
    | AlreadyLoggedIn
    | NameFixed
    | RegistrationClosed
    | GuestsStayOut
    | Unproven
    | PasswordImpossible
    | NotEncrypted
    | TooManyGuesses
    | TooManyAccounts
    | AccountSuspended
    | NoSuchSession
    | NoSuchLink
    | LinkImpossible
    | WrongToken
    | MayNotRead
    | CannotRecall
)


class Refused(Exception):
    """Raised by the domain when it understands a command and declines it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
