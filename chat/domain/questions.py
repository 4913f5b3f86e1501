"""Questions: what somebody asks about what was said.

They are commands like any other, and have a module of their own because they are
many.  A history has two measures, ids and times, and both only grow: so any place in
it can be named by either, and pages that are asked for one after the other, by
whatever measure and in whatever direction, are the whole without gap or repeat.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

# Lines of a page, where nobody says how many he wants.
PAGE: Final = 100


class Point(NamedTuple):
    """A place in a history: an id, which need not be there; with 0 a time in ms."""

    id: int = 0
    at: int = 0


class Which(Enum):
    """Which page of a history.  The points themselves are never part of it.

    `BETWEEN` counts from the first point towards the second, be that forwards or
    backwards; `LATEST` may have one point, after which its lines are.  Only `AROUND`
    holds its point.
    """

    LATEST = "LATEST"
    BEFORE = "BEFORE"
    AFTER = "AFTER"
    AROUND = "AROUND"
    BETWEEN = "BETWEEN"


@dataclass(frozen=True, slots=True)
class Page:
    """So many lines of a history: only what was said, or all that happened."""

    which: Which = Which.LATEST
    points: tuple[Point, ...] = ()
    most: int = PAGE
    has_events: bool = False


@dataclass(frozen=True, slots=True)
class AskHistory:
    """Ask for a page of what was said in a room, or with somebody."""

    target: str
    page: Page = Page()


@dataclass(frozen=True, slots=True)
class AskTargets:
    """Ask in which rooms and with whom something was said last between two times.

    The times (ms) are as in `Which.BETWEEN`: neither is part of it.
    """

    first: int
    second: int
    most: int = PAGE


@dataclass(frozen=True, slots=True)
class Search:
    """Ask for what was said with these words, newest first; a page of it.

    By *speaker*, in *target* (a room, or somebody one talks with), at or *after* and at
    or *before* those times (ms, 0 for any), and only what is *below* that id.
    """

    text: str = ""
    speaker: str = ""
    target: str = ""
    after: int = 0
    before: int = 0
    below: int = 0
    most: int = PAGE


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Ask for what one has not read: in one room, with one person, or everywhere."""

    target: str = ""


@dataclass(frozen=True, slots=True)
class AskRead:
    """Ask how far one has read in a room, or with somebody."""

    target: str


@dataclass(frozen=True, slots=True)
class MarkRead:
    """Say that one has read so far (ms).  It only ever moves forwards."""

    target: str
    at: int


Question: TypeAlias = AskHistory | AskTargets | Search | CatchUp | AskRead | MarkRead
