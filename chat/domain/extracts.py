"""Extracts: what the hub has the shell read in what is kept, for one session.

The hub says where one may read and from when (`Scope`), and never what is there: that
is the store's to know.  How far a session has read on which device is the shell's.
"""

from dataclasses import dataclass
from typing import TypeAlias

from chat.domain.questions import Page, Search
from chat.domain.value import value


@value
class Scope:
    """A room, or what two accounts say to one another, and what one may read of it.

    With a `peer` it is what `account` and that account say, and `room` is 0, as the
    lobby's is.  Nothing before the id `floor` may be read.

    One was away from the room between the ids `left` and `back`; with no `back` until
    now, and with no `left` not at all.  `is_new` is a room in which one never was
    before.  So far (ms) one has said that one `read`.
    """

    name: str
    room: int = 0
    peer: int = 0
    account: int = 0
    floor: int = 0
    left: int = 0
    back: int = 0
    is_new: bool = False
    read: int = 0

    @property
    def is_inside(self) -> bool:
        """Whether it is a room in which one is now."""
        return not (self.peer or self.is_new) and self.back >= self.left


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page, answered by `HistoryIs`."""

    scope: Scope
    page: Page


@value
class ReadMissed:
    """What this session was not delivered, answered by `MissedIs` or by nothing."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class ReadPrivate:
    """The same for all that was said to the account alone, one answer for each peer."""

    account: int


@dataclass(frozen=True, slots=True)
class ReadUnread:
    """What one has not read, answered by `UnreadAre`; of *account* what is private.

    With whom one has said that one has `read` so far: folds, and times (ms).
    """

    scopes: tuple[Scope, ...]
    account: int = 0
    read: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadDigest:
    """How much that is, for one called *nick*, answered by `DigestIs` or by nothing."""

    scopes: tuple[Scope, ...]
    account: int
    nick: str
    read: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadTargets:
    """Where something was said last between two times, answered by `TargetsAre`."""

    scopes: tuple[Scope, ...]
    account: int
    first: int
    second: int
    most: int


@dataclass(frozen=True, slots=True)
class Seek:
    """A search in *scopes*, and in what is private of *account*; see `FoundAre`.

    It takes long, so the shell has it done aside, one at a time for the account *by*
    which it is asked; 0 is a guest.
    """

    scopes: tuple[Scope, ...]
    account: int
    asked: Search
    by: int = 0


Extract: TypeAlias = (
    ReadPage | ReadMissed | ReadPrivate | ReadUnread | ReadDigest | ReadTargets | Seek
)
