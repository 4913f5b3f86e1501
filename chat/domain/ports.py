"""Ports: what the house needs of something that remembers.

Two rooms of the store keep these promises, one on disk and one in memory, and the
same tests hold both to them.

Next: chat/server/clerk.py
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from chat.domain.extracts import Scope, Seek
from chat.domain.order import START
from chat.domain.questions import Page, Point
from chat.domain.records import Kept, Line, Record
from chat.domain.state import Stamp


class Trouble(Exception):
    """It could not be written down now, or not be read: the disk is full, say.

    The words are for an operator.  Nothing of it was written; it may be later.
    """


class Taken(Exception):
    """Another line has this one's place: two things have one id, a fault of ours."""


class Extracted(NamedTuple):
    """A page, oldest first, and whether the next one would be empty."""

    lines: list[Line]
    is_end: bool


class Tally(NamedTuple):
    """How many lines others said, how many of them name one, and when the first (ms).

    With `is_least` there may be more: counting has an end.
    """

    lines: int
    mentions: int
    since: int
    is_least: bool


class Conversation(NamedTuple):
    """With whom an account has talked, and what was said last: its id and time.

    Who has no account any more `is_gone`, and is called as he was then: by now that may
    be somebody else's name.
    """

    peer: int
    name: str
    id: int
    at: int
    is_gone: bool = False


class Found(NamedTuple):
    """What a search has found, oldest first, each with the name of its scope."""

    found: list[tuple[str, Line]]
    is_cut: bool
    is_end: bool


class Archive(Protocol):
    """What can be read of what was said.

    What was taken back is never there, nor what was said by an account that is being
    forgotten.  Nothing is told from the id *until* on, nor before a scope's floor.
    All of it may raise `Trouble`.
    """

    def page(self, scope: Scope, page: Page, until: int) -> Extracted:
        """A page of what was said, or happened.

        Where two lines have one time, a page may be longer than was asked for, so
        that it does not end between them: the next may be asked for by that time.
        """

    def tally(
        self, scope: Scope, after: Point, until: int, own: int, nick: str
    ) -> Tally:
        """How much was said *after* a point, but for what the account *own* said."""

    def last(self, scope: Scope, until: int) -> Point | None:
        """The id and the time of what was said last."""

    def conversations(self, account: int, until: int) -> list[Conversation]:
        """Those of *account*, the latest first; there is an end to how many."""

    def delivered(self, account: int, device: str) -> int | None:
        """Up to which id that device has been told all; None if it never was here."""

    def seek(
        self, seek: Seek, until: int, is_late: Callable[[], bool]
    ) -> Callable[[], Found]:
        """What searches: for a helper thread, where it may take its time.

        It stops as soon as it *is_late*, with what it has by then.
        """

    def is_stale(self) -> bool:
        """Whether there may be something for `index` to do, which costs nothing."""

    def index(self) -> bool:
        """Prepare a little of what is new for searching; whether there is more.

        For a helper thread, the same that searches.
        """


class Store(Archive, Protocol):
    """What remembers."""

    def load(self) -> Kept:
        """What a house begins with, rooms and accounts in order of their ids.

        Raises:
            Trouble: it cannot be read.
        """

    def secret(self) -> bytes:
        """32 bytes that were drawn once, and that nobody else knows."""

    def write(self, records: Sequence[Record], reached: Stamp = START) -> None:
        """Write all of *records*, in their order, in one transaction.

        And how far the order has *reached*: not all that happens is written down,
        but it has its id and its time all the same.

        A record with an id that is there replaces it, but a `Line` or `Audited`
        that is there stays as it is: writing twice does no harm.

        Raises:
            Trouble: and none is written.
            Taken: a `Line` that is there is another one.
        """

    def close(self) -> None:
        """Let go of it."""
