"""Ports: what the house needs of something that remembers.

Two rooms of the store keep these promises, one on disk and one in memory, and the
same tests hold both to them.

Next: chat/server/keeper.py
"""

from collections.abc import Sequence
from typing import Protocol

from chat.domain.order import START
from chat.domain.records import Kept, Record
from chat.domain.state import Stamp


class Trouble(Exception):
    """It could not be written down now, or not be read: the disk is full, say.

    The words are for an operator.  Nothing of it was written; it may be later.
    """


class Taken(Exception):
    """Another line has this one's place: two things have one id, a fault of ours."""


class Store(Protocol):
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
