"""Records: what is written down, and outlives the process.

They are values like all others here, and the store that writes them knows nothing
of chat: a record says what it is, under which key, and whether it replaces what was
there.  Ids are those of the one order; times are milliseconds.

Next: chat/domain/ports.py
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from chat.domain.value import value


class Deed(Enum):
    """What a line of history tells; the number is what is stored."""

    # Enum's own is Python, and asked for at every line.
    __hash__ = object.__hash__

    SAY = 1
    ACTION = 2
    NOTICE = 3
    TAGS = 4
    JOIN = 5
    LEAVE = 6
    DEPART = 7
    KICK = 8
    RENAME = 9
    TOPIC = 10
    SETTINGS = 11
    # Lines that could not be kept; the text is how many.
    GAP = 12


@value
class Line:
    """Something that happened in a room, or between two accounts.

    `room` is the id of the room.  Between two it is 0, as the lobby's is, and then
    `peer` is the account of the one who was spoken to, which is never 0.  `account`
    is the speaker's, 0 for a guest.  `source` is who it was, ``nick!user@host``, and
    `target` the nick that it is about: who was put out, or the new nick.  `text` is
    what was said, or why.
    """

    id: int
    at: int
    room: int
    deed: Deed
    source: str
    text: str
    account: int = 0
    peer: int = 0
    target: str = ""
    tags: str = ""
    reply_to: int = 0


@value
class Lines:
    """What somebody said in a room in one breath: so many `Line`, without their price.

    `ids`, `times` and `texts` are those of each; all are `Deed.SAY`.
    """

    ids: Sequence[int]
    times: Sequence[int]
    texts: Sequence[str]
    room: int
    source: str
    account: int

    @property
    def id(self) -> int:
        """That of the last."""
        return self.ids[-1]

    def each(self) -> Iterator[Line]:
        """One line after the other."""
        each = zip(self.ids, self.times, self.texts, strict=True)
        for number, at, text in each:
            yield Line(number, at, self.room, Deed.SAY, self.source, text, self.account)


@dataclass(frozen=True, slots=True)
class KeptRoom:
    """A room as it is now.  `state` is what `snapshot` makes of it, but for people.

    Once it `is_sealed` nothing is added to its history, and its name is free.
    """

    id: int
    name: str
    fold: str
    state: dict[str, Any]
    is_sealed: bool = False


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """An account as it is now.  `rooms` are those that it stays in, by id."""

    id: int
    name: str
    fold: str
    since: int
    credential: str = field(repr=False)
    seen: int = 0
    is_suspended: bool = False
    is_always_on: bool = False
    # The credential of a one-time code, while one is out.
    code: str = field(default="", repr=False)
    rooms: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ForgottenAccount:
    """The account is gone.  With *words*, so is all that it said."""

    id: int
    words: bool = False


@dataclass(frozen=True, slots=True)
class KeptLink:
    """An invitation that is out.  `uses` are those left, -1 for any number."""

    id: int
    room: int
    # What the token is hashed to, and the account that made it.
    digest: str
    by: str
    until: int
    uses: int


@dataclass(frozen=True, slots=True)
class ForgottenLink:
    """The invitation is used up, run out, or taken back."""

    id: int


@dataclass(frozen=True, slots=True)
class KeptVisit:
    """What an account remembers of a room.  `id` is that of the last change.

    It came first at the id `since`, and has not lost since then what it may read; it
    was away between `left` and `back`, and has said that it `read` so far (ms).  With
    nothing but zeros the visit is forgotten.
    """

    id: int
    account: int
    room: int
    since: int
    left: int = 0
    back: int = 0
    read: int = 0


@dataclass(frozen=True, slots=True)
class KeptRead:
    """How far (ms) an account has read with another, by the fold of its name.

    At 0 that is forgotten.
    """

    id: int
    account: int
    peer: str
    at: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """All up to `id` was delivered to the account on that device; it never goes back.

    The device without a name is any that has not told one.
    """

    id: int
    account: int
    device: str = ""


class Act(Enum):
    """What the audit trail tells of."""

    LOGGED_IN = "logged in"
    LOGGED_OUT = "logged out"
    FAILED = "failed to log in"
    REGISTERED = "registered"
    ENDED = "ended a session of their own"
    PUT_OFF = "put somebody off their nick"
    PASSWORD = "changed the password"  # noqa: S105 - a deed
    DELETED = "deleted the account"
    SUSPENDED = "suspended"
    UNSUSPENDED = "let in again"
    RESET = "got a one-time code"
    KICKED = "put out of a room"
    CHANGED_ROOM = "changed a room"
    KILLED = "put out of the house"
    TOOK_OFFICE = "became an operator"
    FAILED_OFFICE = "failed to become an operator"
    INVITED = "made an invitation"
    REVOKED = "took an invitation back"
    REDEEMED = "came in on an invitation"


@dataclass(frozen=True, slots=True)
class Audited:
    """Who did what, to whom or what, and from which address."""

    id: int
    at: int
    act: Act
    who: str
    about: str = ""
    address: str = ""


# What is written down one by one.
Single: TypeAlias = (
    Line
    | KeptRoom
    | KeptAccount
    | ForgottenAccount
    | KeptLink
    | ForgottenLink
    | KeptVisit
    | KeptRead
    | Delivered
    | Audited
)
Record: TypeAlias = Single | Lines


def count(records: Iterable[Record]) -> int:
    """How many there are, each line by itself."""
    return sum(len(each.ids) if isinstance(each, Lines) else 1 for each in records)


def taken_apart(records: Iterable[Record]) -> Iterator[Single]:
    """*records*, each line by itself."""
    for record in records:
        if isinstance(record, Lines):
            yield from record.each()
        else:
            yield record


@dataclass(frozen=True, slots=True)
class Kept:
    """All that a house begins with: what was kept, but for history and audit."""

    # No id up to this one is free: it may have been anybody's.
    last_id: int = 0
    rooms: tuple[KeptRoom, ...] = ()
    accounts: tuple[KeptAccount, ...] = ()
    links: tuple[KeptLink, ...] = ()
    # And no time (ms) before this one: things have happened at it.
    last_at: int = 0
    visits: tuple[KeptVisit, ...] = ()
    reads: tuple[KeptRead, ...] = ()
