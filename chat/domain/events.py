"""Events: what happened, as those who are told may know it.

What happened in the server's one order has an `id`, its place in that order: a
64-bit number that never repeats, and that the events of one command share.  And
it has `at`, its wall time in milliseconds, which never runs backwards.

Next: chat/domain/effects.py
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from chat.domain.answers import Answer
from chat.domain.commands import Change, Manner, Mark, Setting
from chat.domain.value import value
from chat.domain.views import Member, Topic, Who


@value
class Said:
    """Somebody said something in a room."""

    id: int
    at: int
    who: Who
    room: str
    text: str
    manner: Manner
    tags: str
    # Said to those only who run the room, or have a voice in it.
    only: Setting | None = None
    is_bot: bool = False


@value
class Speech:
    """Somebody said several things in a room in one breath: so many `Said`."""

    # The id of each, when it was said, and what.
    ids: Sequence[int]
    times: Sequence[int]
    texts: Sequence[str]
    who: Who
    room: str
    is_bot: bool = False

    def each(self) -> Iterator[Said]:
        """One thing after the other."""
        each = zip(self.ids, self.times, self.texts, strict=True)
        for number, at, text in each:
            yield Said(
                number,
                at,
                self.who,
                self.room,
                text,
                Manner.SAY,
                "",
                is_bot=self.is_bot,
            )


@value
class Whispered:
    """Somebody said something to one person, who goes by `to`."""

    id: int
    at: int
    who: Who
    to: str
    text: str
    manner: Manner
    tags: str
    is_bot: bool = False


@value
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


@value
class Joined:
    """Somebody entered a room where you are."""

    id: int
    at: int
    who: Who
    room: str


@value
class Entered:
    """You entered a room, and this is what you find."""

    id: int
    at: int
    who: Who
    room: str
    topic: Topic | None
    members: tuple[Member, ...]
    # How far one has said that one has read there (ms), 0 for not at all.
    read: int = 0
    # Whether what is said there is kept.
    is_recorded: bool = True


@value
class Left:
    """Somebody left a room."""

    id: int
    at: int
    who: Who
    room: str
    reason: str


@value
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
class RoomChanged:
    """Somebody, or the house itself (None), changed how a room is set up."""

    id: int
    at: int
    who: Who | None
    room: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Kicked:
    """Somebody put somebody else, who is `nick`, out of a room."""

    id: int
    at: int
    who: Who
    room: str
    nick: str
    reason: str


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody invited `nick`, who may be you, into a room."""

    id: int
    at: int
    who: Who
    room: str
    nick: str


@dataclass(frozen=True, slots=True)
class AwayChanged:
    """Somebody is away, with a word for those who ask; with none, is back."""

    id: int
    at: int
    who: Who
    text: str


@dataclass(frozen=True, slots=True)
class Redescribed:
    """Somebody, who was `who`, is described otherwise."""

    id: int
    at: int
    who: Who
    realname: str


@dataclass(frozen=True, slots=True)
class MarkChanged:
    """Something is true of you now, or is not any more."""

    id: int
    at: int
    who: Who
    mark: Mark
    on: bool


@dataclass(frozen=True, slots=True)
class Walloped:
    """Somebody who runs the house told all others who do."""

    id: int
    at: int
    who: Who
    text: str


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """Somebody is logged in as `account` from now on, or with none is a guest."""

    id: int
    at: int
    who: Who
    account: str


@dataclass(frozen=True, slots=True)
class KeepingChanged:
    """What is said in a room cannot be kept just now, or can be again.

    Then `lost` lines are missing for good.  With no room it is the whole house,
    and told to those who run it.
    """

    id: int
    at: int
    room: str
    is_kept: bool
    lost: int = 0


@dataclass(frozen=True, slots=True)
class ReadChanged:
    """You have read so far (ms) in a room, or with somebody; on another device, say."""

    id: int
    at: int
    target: str
    read: int


Happened: TypeAlias = (
    Said
    | Whispered
    | Welcomed
    | Renamed
    | Joined
    | Entered
    | Left
    | Departed
    | TopicChanged
    | RoomChanged
    | Kicked
    | Invited
    | AwayChanged
    | Redescribed
    | MarkChanged
    | Walloped
    | AccountChanged
    | KeepingChanged
    | ReadChanged
)

Event: TypeAlias = Happened | Speech | Answer
