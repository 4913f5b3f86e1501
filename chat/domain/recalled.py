"""Recalled: what somebody is told who asks about what was said.

They are answers like any other.  A line of history is a `Line`, as it was kept, and
`retold` makes of it the event that it was.  Lines are always oldest first.
"""

from dataclasses import dataclass
from typing import TypeAlias

from chat.domain.questions import Page, Search
from chat.domain.records import Line


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of one room, or of what two people said to one another.

    `target` is what the room is called, or the other one's account.  `left_out` are
    those before them that were missed as well, and are too many to be shown; with
    `is_least` there may be more of these.
    """

    target: str
    lines: tuple[Line, ...]
    is_private: bool = False
    left_out: int = 0
    is_least: bool = False


@dataclass(frozen=True, slots=True)
class HistoryIs:
    """The answer to a page of history; with `is_end` the next one would be empty."""

    excerpt: Excerpt
    page: Page
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class MissedIs:
    """What one has missed in a room that one enters, or what was said to one alone.

    At a first visit it is what was said last.
    """

    excerpt: Excerpt
    is_first_visit: bool = False


@dataclass(frozen=True, slots=True)
class UnreadAre:
    """The answer to what one has not read, and whether that is all of it."""

    excerpts: tuple[Excerpt, ...]
    is_end: bool = True


@dataclass(frozen=True, slots=True)
class Unread:
    """How much one has not read in a room, or of one person, and since when (ms).

    `mentions` are those that name one.  With `is_least` there may be more.
    """

    target: str
    count: int
    since: int
    mentions: int = 0
    is_private: bool = False
    is_least: bool = False


@dataclass(frozen=True, slots=True)
class DigestIs:
    """What one is told on coming back: where there is something new."""

    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class TargetsAre:
    """The answer to where something was said: what it is called, and when last (ms)."""

    targets: tuple[tuple[str, int], ...]
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class FoundAre:
    """The answer to a search: each line with what its room, or the person, is called.

    With `is_cut` there was no time to look everywhere; with `is_end` there is no more.
    """

    asked: Search
    found: tuple[tuple[str, Line], ...]
    is_cut: bool = False
    is_end: bool = True


@dataclass(frozen=True, slots=True)
class ReadIs:
    """How far one has read in a room, or with somebody (ms); 0 for nobody knows."""

    target: str
    at: int


Recalled: TypeAlias = (
    HistoryIs | MissedIs | UnreadAre | DigestIs | TargetsAre | FoundAre | ReadIs
)
