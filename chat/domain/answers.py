"""Answers: what somebody is told who has asked.

They are events of a kind, and go the same way to their reader.  But they did not
happen to anybody, so they have no place in the one order and no time.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from chat.domain.commands import Setting
from chat.domain.recalled import Recalled
from chat.domain.refusals import Reason
from chat.domain.roles import Role
from chat.domain.views import (
    AccountRow,
    LinkRow,
    Mask,
    Member,
    Person,
    RoomRow,
    SessionRow,
    Topic,
    Who,
)


@dataclass(frozen=True, slots=True)
class Inviting:
    """The answer to an invitation: it has gone out."""

    room: str
    nick: str


@dataclass(frozen=True, slots=True)
class AwayIs:
    """You are away yourself, or not any more."""

    is_away: bool


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What you asked for is so already."""


@dataclass(frozen=True, slots=True)
class NotHere:
    """You spoke to somebody who is away, and has left a word."""

    nick: str
    text: str


@dataclass(frozen=True, slots=True)
class WatchedAre:
    """Those of whom you watch who are here, and those who are not.

    `is_list` answers which nicks you watch rather than who of them is here.
    """

    here: tuple[Who, ...]
    not_here: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class RoomsAre:
    """The answer to which rooms there are."""

    rooms: tuple[RoomRow, ...]


@dataclass(frozen=True, slots=True)
class MasksAre:
    """The answer to which masks a room has of one kind."""

    room: str
    kind: Setting
    masks: tuple[Mask, ...]


@dataclass(frozen=True, slots=True)
class PersonIs:
    """The answer to all about somebody.

    `rooms` are those that you may know of, and what they are in each; `since`
    and `spoke` are when they came and last said something (ms); `address` is
    told to themselves and to who runs the house, and empty for others.
    """

    person: Person
    rooms: tuple[tuple[str, Role], ...]
    away: str
    since: int
    spoke: int
    now: int
    address: str


@dataclass(frozen=True, slots=True)
class PastIs:
    """The answer to who went by a nick, with when they left it (ms)."""

    nick: str
    people: tuple[tuple[Who, int], ...]


@dataclass(frozen=True, slots=True)
class PresentAre:
    """The answer to who of some nicks is here."""

    people: tuple[Person, ...]
    in_detail: bool


@dataclass(frozen=True, slots=True)
class TimeIs:
    """The answer to what time it is here, in milliseconds."""

    at: int


@dataclass(frozen=True, slots=True)
class TopicIs:
    """The answer to what a room is about."""

    room: str
    topic: Topic | None


@dataclass(frozen=True, slots=True)
class RoomIs:
    """The answer to how a room is set up; it exists since `since`, in ms.

    `settings` are those that are on; the `key` itself only insiders are told.
    """

    room: str
    settings: tuple[Setting, ...]
    key: str
    limit: int | None
    since: int


@dataclass(frozen=True, slots=True)
class MembersAre:
    """The answer to who is in a room; nobody is in one that does not exist."""

    room: str
    members: tuple[Member, ...]
    in_detail: bool
    note: str = ""
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class PeopleAre:
    """The answer to who goes by a nick, or who is here at all."""

    mask: str
    people: tuple[Person, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class HouseIs:
    """The answer to how many are here, and who is in the lobby."""

    users: int
    rooms: int
    in_lobby: tuple[str, ...]
    invisible: int = 0
    operators: int = 0
    most_users: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Declined:
    """Part of what you asked for was refused, and the rest was done."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Registered:
    """The account is made; that one is logged in comes as an event of its own."""

    account: str


@dataclass(frozen=True, slots=True)
class CredentialSet:
    """The account has another password."""

    account: str


@dataclass(frozen=True, slots=True)
class CredentialWanted:
    """One has come in on a one-time code: now a new password has to be set."""

    account: str


@dataclass(frozen=True, slots=True)
class AccountGone:
    """The account is no more."""

    account: str


@dataclass(frozen=True, slots=True)
class AlwaysOnIs:
    """One stays in one's rooms while no session is left, or not."""

    on: bool


@dataclass(frozen=True, slots=True)
class NickWanted:
    """The nick is an account's: log in, or choose another within so many seconds."""

    nick: str
    seconds: int


@dataclass(frozen=True, slots=True)
class SessionsAre:
    """The answer to from where one is logged in."""

    account: str
    sessions: tuple[SessionRow, ...]


@dataclass(frozen=True, slots=True)
class AccountsAre:
    """The answer to which accounts there are, or about one of them."""

    accounts: tuple[AccountRow, ...]
    is_list: bool = True


@dataclass(frozen=True, slots=True)
class LinkIs:
    """The invitation is made.  The token is told this once."""

    room: str
    token: str = field(repr=False)
    row: LinkRow


@dataclass(frozen=True, slots=True)
class LinksAre:
    """The answer to which invitations to a room are out, or still are."""

    room: str
    links: tuple[LinkRow, ...]


@dataclass(frozen=True, slots=True)
class Redeemed:
    """The invitation is good: one may come in, and into that room."""

    room: str


# How one stands here: about accounts, and invitations.
Standing: TypeAlias = (
    Registered
    | CredentialSet
    | CredentialWanted
    | AccountGone
    | AlwaysOnIs
    | NickWanted
    | SessionsAre
    | AccountsAre
    | LinkIs
    | LinksAre
    | Redeemed
)

Answer: TypeAlias = (
    Declined
    | Inviting
    | AwayIs
    | Unchanged
    | NotHere
    | WatchedAre
    | RoomsAre
    | MasksAre
    | PersonIs
    | PastIs
    | PresentAre
    | TimeIs
    | TopicIs
    | RoomIs
    | MembersAre
    | PeopleAre
    | HouseIs
    | Standing
    | Recalled
)
